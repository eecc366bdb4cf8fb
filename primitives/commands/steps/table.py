"""The table of single steps: for each algorithm the sub-functions that can be tried one by one.

Standard     That of each step, in its row.
Left out     What the columns mean: `running.SingleStep`.
Timing       Nothing here computes.

A row: the function's name, its section, the notations of what it takes and gives, where it is, what such steps are
called in a trace, if otherwise, and arguments that show it. Where it is stands as text, because the list of commands
names every step and calls none: to import them all would make it start three times as slowly. A test runs each row.
"""

from __future__ import annotations

from primitives.commands.steps.hash_based import SLH_DSA
from primitives.commands.steps.hashes import KECCAK, MD5, SHA1, SHA2_32, SHA2_64
from primitives.commands.steps.lattices import ML_DSA, ML_KEM

_STATE = "d42711aee0bf98f1b8b45de51e415230"  # FIPS 197 appendix B, round 1, after SubBytes
_CHACHA = (
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 1 000000090000004a00000000"  # RFC 8439 §2.3.2
)
_MATRIX = (
    "'879531e0 c5ecf37d 516461b1 c9a62f8a 44c20ef3 3390af7f d9fc690b 2a5f714c "
    "53372767 b00a5631 974c541a 359e9963 5c971061 3d631689 2098d9d6 91dbd320'"  # RFC 8439 §2.2.1
)
_TINY = "p=23,a=1,b=4"

_AES = (
    ("xtime", "FIPS 197 §4.2", "byte -> byte", "aes:xtime", "", "ae"),
    ("multiply", "FIPS 197 §4.2", "byte byte -> byte", "aes:multiply", "", "57 13"),
    ("inverse", "FIPS 197 §4.4", "byte -> byte", "aes:inverse", "", "53"),
    ("affine", "FIPS 197 §5.1.1 (5.2)", "byte -> byte", "aes:affine", "", "ca"),
    ("sub_byte", "FIPS 197 §5.1.1", "byte -> byte", "aes:sub_byte", "s_box", "53"),
    ("sub_bytes", "FIPS 197 §5.1.1", "state -> state", "aes:sub_bytes", "s_box", "193de3bea0f4e22b9ac68d2ae9f84808"),
    ("shift_rows", "FIPS 197 §5.1.2", "state -> state", "aes:shift_rows", "s_row", _STATE),
    (
        "mix_columns",
        "FIPS 197 §5.1.3",
        "state -> state",
        "aes:mix_columns",
        "m_col",
        "d4bf5d30e0b452aeb84111f11e2798e5",
    ),
    (
        "add_round_key",
        "FIPS 197 §5.1.4",
        "state round_key -> state",
        "aes:add_round_key",
        "k_sch",
        "046681e5e0cb199a48f8d37a2806264c a0fafe1788542cb123a339392a6c7605",
    ),
    ("inv_sub_bytes", "FIPS 197 §5.3.2", "state -> state", "aes:inv_sub_bytes", "is_box", _STATE),
    (
        "inv_shift_rows",
        "FIPS 197 §5.3.1",
        "state -> state",
        "aes:inv_shift_rows",
        "is_row",
        "d4bf5d30e0b452aeb84111f11e2798e5",
    ),
    (
        "inv_mix_columns",
        "FIPS 197 §5.3.3",
        "state -> state",
        "aes:inv_mix_columns",
        "",
        "046681e5e0cb199a48f8d37a2806264c",
    ),
    ("rot_word", "FIPS 197 §5.2", "column -> column", "aes:rot_word", "After ROTWORD()", "09cf4f3c"),
    ("sub_word", "FIPS 197 §5.2", "column -> column", "aes:sub_word", "After SUBWORD()", "cf4f3c09"),
    (
        "key_expansion",
        "FIPS 197 §5.2",
        "octets -> key_words",
        "commands.steps.functions:key_expansion",
        "key expansion",
        "2b7e151628aed2a6abf7158809cf4f3c",
    ),
)
_DES = (
    (
        "IP",
        "SP 800-67 §2.1",
        "word64 -> word64",
        "commands.steps.functions:initial_permutation",
        "IP",
        "0123456789abcdef",
    ),
    (
        "IP_inverse",
        "SP 800-67 §2.1",
        "word64 -> word64",
        "commands.steps.functions:final_permutation",
        "IP⁻¹",
        "0a4cd99543423234",
    ),
    ("E", "SP 800-67 §2.3", "word32 -> word48", "commands.steps.functions:expansion", "E(R)", "f0aaf0aa"),
    ("P", "SP 800-67 §2.3", "word32 -> word32", "commands.steps.functions:permutation", "P", "5c82b597"),
    (
        "PC1",
        "SP 800-67 appendix A",
        "word64 -> word56",
        "commands.steps.functions:permuted_choice_1",
        "",
        "133457799bbcdff1",
    ),
    (
        "PC2",
        "SP 800-67 appendix A",
        "word56 -> word48",
        "commands.steps.functions:permuted_choice_2",
        "",
        "e19955faaccf1e",
    ),
    ("rotate_left", "SP 800-67 appendix A", "word28 number -> word28", "des:rotate_left", "", "f0ccaaf 1"),
    ("key_schedule", "SP 800-67 appendix A", "octets8 -> words48", "des:key_schedule", "KS", "133457799bbcdff1"),
    (
        "substitute",
        "SP 800-67 appendix A",
        "number word6 -> word4",
        "commands.steps.functions:sbox",
        "S?(B?)",
        "1 011000",
    ),
    ("f", "SP 800-67 §2.3", "word32 word48 -> word32", "des:f", "", "f0aaf0aa 1b02effc7072"),
)
_SDES = (
    ("P10", "Stallings §G.2", "word10 -> word10", "commands.steps.functions:sdes_P10", "P10", "1010000010"),
    ("P8", "Stallings §G.2", "word10 -> word8", "commands.steps.functions:sdes_P8", "", "0000111000"),
    ("IP", "Stallings §G.3", "word8 -> word8", "commands.steps.functions:sdes_IP", "IP", "10111101"),
    ("EP", "Stallings §G.3", "word4 -> word8", "commands.steps.functions:sdes_EP", "E/P", "1101"),
    ("P4", "Stallings §G.3", "word4 -> word4", "commands.steps.functions:sdes_P4", "P4", "1101"),
    ("S0", "Stallings §G.3", "word4 -> word2", "commands.steps.functions:sdes_S0", "S0", "1101"),
    ("S1", "Stallings §G.3", "word4 -> word2", "commands.steps.functions:sdes_S1", "S1", "1101"),
    ("F", "Stallings §G.3", "word4 word8 -> word4", "sdes:F", "", "1101 10100100"),
    ("fK", "Stallings §G.3", "word8 word8 -> word8", "sdes:fK", "fK", "10111101 10100100"),
    ("SW", "Stallings §G.3", "word8 -> word8", "sdes:SW", "SW", "10111101"),
    ("key_schedule", "Stallings §G.2", "word10 -> words8", "sdes:key_schedule", "key generation", "1010000010"),
)
_GCM = (
    (
        "multiply",
        "SP 800-38D §6.3",
        "octets16 octets16 -> octets",
        "gcm:multiply",
        "X • Y",
        "0388dace60b6a392f328c2b971b2fe78 66e94bd4ef8a2c3b884cfa59ca342b2e",
    ),
    (
        "ghash",
        "SP 800-38D §6.4",
        "octets16 octets -> octets",
        "gcm:ghash",
        "GHASH",
        "66e94bd4ef8a2c3b884cfa59ca342b2e 0388dace60b6a392f328c2b971b2fe7800000000000000000000000000000080",
    ),
    ("inc_32", "SP 800-38D §6.2", "octets16 -> octets", "gcm:inc_32", "", "000000000000000000000000ffffffff"),
)
_ENCODINGS = (
    ("left_encode", "SP 800-185 §2.3.1", "number -> octets", "cshake:left_encode", "", "256"),
    ("right_encode", "SP 800-185 §2.3.1", "number -> octets", "cshake:right_encode", "right_encode*", "256"),
    ("encode_string", "SP 800-185 §2.3.2", "octets -> octets", "cshake:encode_string", "encode_string*", "4b4d4143"),
    (
        "bytepad",
        "SP 800-185 §2.3.3",
        "octets number -> octets",
        "commands.steps.functions:bytepad",
        "bytepad*",
        "01200100 8",
    ),
)
_CMAC = (
    ("double", "SP 800-38B §6.1", "octets16 -> octets", "cmac:double", "", "fbeed618357133667c85e08f7236a8de"),
    (
        "subkeys",
        "SP 800-38B §6.1",
        "octets -> blocks",
        "commands.steps.functions:cmac_subkeys",
        "SUBK",
        "2b7e151628aed2a6abf7158809cf4f3c",
    ),
)
_CCM = (
    (
        "format_control",
        "SP 800-38C appendix A.2.1",
        "octets number number number -> octets",
        "commands.steps.functions:ccm_control",
        "B_0",
        "10111213141516 8 4 4",
    ),
    (
        "format_associated_data",
        "SP 800-38C appendix A.2.2",
        "octets -> octets",
        "ccm:format_associated_data",
        "a, A",
        "0001020304050607",
    ),
    (
        "counter_block",
        "SP 800-38C appendix A.3",
        "octets number -> octets",
        "commands.steps.functions:ccm_counter",
        "Ctr_*",
        "10111213141516 1",
    ),
)
_SCRYPT = (
    ("R", "RFC 7914 §3", "word32 number -> word32", "scrypt:R", "", "cc5fed3c 7"),
    (
        "salsa20_8",
        "RFC 7914 §3",
        "octets64 -> octets",
        "scrypt:salsa20_8",
        "Salsa20/8",
        "7e879a214f3ec9867ca940e641718f26baee555b8c61c1b50df846116dcd3b1d"  # RFC 7914 §8
        "ee24f319df9b3d8514121e4b5ac5aa3276021d2909c74829edebc68db8b8c25e",
    ),
    (
        "scryptBlockMix",
        "RFC 7914 §4",
        "octets128 -> octets",
        "scrypt:scryptBlockMix",
        "scryptBlockMix",
        "f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad"  # RFC 7914 §9, where r = 1
        "89f68f4811d1e87bcc3bd7400a9ffd29094f0184639574f39ae5a1315217bcd7"
        "894991447213bb226c25b54da86370fbcd984380374666bb8ffcb5bf40c254b0"
        "67d27c51ce4ad5fed829c90b505a571b7f4d1cad6a523cda770e67bceaaf7e89",
    ),
)
_CHACHA20 = (
    ("rotate", "RFC 8439 §2.1", "word32 number -> word32", "chacha20:rotate", "", "cc5fed3c 7"),
    (
        "quarter_round",
        "RFC 8439 §2.1",
        "word32 word32 word32 word32 -> words32",
        "chacha20:quarter_round",
        "QUARTERROUND*",
        "11111111 01020304 9b8d6f43 01234567",
    ),
    ("inner_block", "RFC 8439 §2.3.1", "matrix -> matrix", "commands.steps.functions:inner_block", "rounds *", _MATRIX),
    (
        "initial_state",
        "RFC 8439 §2.3",
        "octets32 word32 octets12 -> matrix",
        "chacha20:initial_state",
        "state",
        _CHACHA,
    ),
    ("block", "RFC 8439 §2.3.1", "octets32 word32 octets12 -> octets", "chacha20:chacha20_block", "block *", _CHACHA),
)
_POLY1305 = (
    (
        "le_bytes_to_num",
        "RFC 8439 §2.5.1",
        "octets -> number",
        "poly1305:le_bytes_to_num",
        "",
        "43727970746f6772617068696320466f01",
    ),
    (
        "clamp",
        "RFC 8439 §2.5.1",
        "octets16 -> number",
        "commands.steps.functions:clamp",
        "r",
        "85d6be7857556d337f4452fe42d506a8",
    ),
)
_RSA = (
    ("RSAEP", "RFC 8017 §5.1.1", "rsa_public number -> number", "rsa:RSAEP", "RSAEP", "p=61,q=53,e=17 65"),
    ("RSADP", "RFC 8017 §5.1.2", "rsa_private number -> number", "rsa:RSADP", "RSADP", "p=61,q=53,e=17 2790"),
    ("RSASP1", "RFC 8017 §5.2.1", "rsa_private number -> number", "rsa:RSASP1", "RSASP1", "p=61,q=53,e=17 65"),
    ("RSAVP1", "RFC 8017 §5.2.2", "rsa_public number -> number", "rsa:RSAVP1", "RSAVP1", "p=61,q=53,e=17 588"),
    ("i2osp", "RFC 8017 §4.1", "number number -> octets", "integers:i2osp", "", "65537 4"),
    ("os2ip", "RFC 8017 §4.2", "octets -> number", "integers:os2ip", "", "010001"),
)
_EC = (
    (
        "is_on_curve",
        "SEC 1 §2.2.1",
        "curve number number -> truth",
        "commands.steps.functions:is_on_curve",
        "",
        f"{_TINY} 0 2",
    ),
    ("add", "SEC 1 §2.2.1", "curve point point -> point", "curves.weierstrass:add", "P + Q", f"{_TINY} 0,2 13,12"),
    ("negate", "SEC 1 §2.2.1 rule 3", "curve point -> point", "curves.weierstrass:negate", "", f"{_TINY} 0,2"),
    ("multiply", "SEC 1 §2.2.1", "curve number point -> point", "curves.weierstrass:multiply", "kP", f"{_TINY} 3 0,2"),
    ("encode_point", "SEC 1 §2.3.3", "curve point -> octets", "curves.weierstrass:encode_point", "", "P-256 G"),
    (
        "decode_point",
        "SEC 1 §2.3.4",
        "curve octets -> point",
        "curves.weierstrass:decode_point",
        "x, y",
        "P-256 036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    ),
)
_X25519 = (
    (
        "decodeScalar25519",
        "RFC 7748 §5",
        "octets32 -> number",
        "x25519:decodeScalar25519",
        "k",
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    ),
    (
        "decodeUCoordinate",
        "RFC 7748 §5",
        "octets32 -> number",
        "x25519:decodeUCoordinate",
        "u",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    ),
    ("encodeUCoordinate", "RFC 7748 §5", "number -> octets", "x25519:encodeUCoordinate", "", "9"),
)
_ED25519 = (
    ("add", "RFC 8032 §5.1.4", "edwards edwards -> edwards", "curves.edwards25519:add", "P + Q", "B B"),
    ("double", "RFC 8032 §5.1.4", "edwards -> edwards", "curves.edwards25519:double", "2P", "B"),
    ("multiply", "RFC 8032 §5.1.4", "number edwards -> edwards", "curves.edwards25519:multiply", "kP", "5 B"),
    ("encode", "RFC 8032 §5.1.2", "edwards -> octets", "curves.edwards25519:encode", "", "B"),
    (
        "decode",
        "RFC 8032 §5.1.3",
        "octets32 -> edwards",
        "curves.edwards25519:decode",
        "",
        "5866666666666666666666666666666666666666666666666666666666666666",
    ),
    (
        "public_key",
        "RFC 8032 §5.1.5",
        "octets32 -> octets",
        "ed25519:ed25519_public_key",
        "key",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    ),
)

_X448 = (
    (
        "decodeScalar448",
        "RFC 7748 §5",
        "octets56 -> number",
        "x448:decodeScalar448",
        "k",
        "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3",
    ),
    ("encodeUCoordinate", "RFC 7748 §5", "number -> octets", "x448:encodeUCoordinate", "", "5"),
)
_ED448 = (
    ("add", "RFC 8032 §5.2.4", "edwards448 edwards448 -> edwards448", "curves.edwards448:add", "P + Q", "B B"),
    ("double", "RFC 8032 §5.2.4", "edwards448 -> edwards448", "curves.edwards448:double", "2P", "B"),
    ("multiply", "RFC 8032 §5.2.4", "number edwards448 -> edwards448", "curves.edwards448:multiply", "kP", "5 B"),
    ("encode", "RFC 8032 §5.2.2", "edwards448 -> octets", "curves.edwards448:encode", "", "B"),
    (
        "decode",
        "RFC 8032 §5.2.3",
        "octets57 -> edwards448",
        "curves.edwards448:decode",
        "",
        "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
    ),
)

TABLE = (
    (("sha224", "sha256"), SHA2_32),
    (("sha384", "sha512", "sha512-224", "sha512-256"), SHA2_64),
    (("sha1",), SHA1),
    (("md5",), MD5),
    (("sha3-224", "sha3-256", "sha3-384", "sha3-512", "shake128", "shake256"), KECCAK),
    (("aes",), _AES),
    (("des", "3des"), _DES),
    (("sdes",), _SDES),
    (("cshake128", "cshake256", "kmac128", "kmac256"), _ENCODINGS),
    (("aes-cmac",), _CMAC),
    (("aes-ccm",), _CCM),
    (("aes-gcm",), _GCM),
    (("chacha20",), _CHACHA20),
    (("poly1305",), _POLY1305),
    (("rsa",), _RSA),
    (("ec",), _EC),
    (("x25519",), _X25519),
    (("ed25519",), _ED25519),
    (("x448",), _X448),
    (("ed448",), _ED448),
    (("ml-kem",), ML_KEM),
    (("ml-dsa",), ML_DSA),
    (("slh-dsa",), SLH_DSA),
    (("scrypt",), _SCRYPT),
    (("hkdf",), (
        ("extract", "RFC 5869 §2.2", "octets octets hash -> octets", "hkdf:hkdf_extract", "HKDF-Extract",
         "000102030405060708090a0b0c 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b sha256"),
        ("expand", "RFC 5869 §2.3", "octets octets number hash -> octets", "hkdf:hkdf_expand", "HKDF-Expand",
         "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5 f0f1f2f3f4f5f6f7f8f9 42 sha256"),
    )),
    (("tls12-prf",), (
        ("P_hash", "RFC 5246 §5", "octets octets number hash -> octets", "tls12_prf:P_hash", "P_*",
         "9bbe436ba940f017b17652849a71db35 a0ba9f936cda311827a6f796ffd5198c 16 sha256"),
    )),
    (("tls13-hkdf",), (
        ("label", "RFC 9846 §7.1", "octets octets number -> octets", "tls13_hkdf:hkdf_label", "HkdfLabel",
         "64657269766564 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 32"),
    )),
    (("hotp",), (
        ("truncate", "RFC 4226 §5.3 steps 2 and 3", "octets -> number", "hotp:truncate", "Snum",
         "1f8698690e02ca16618550ef7f19da8e945b555a"),
    )),
    (("pss",), (
        ("encode", "RFC 8017 §9.1.1", "message number octets hash -> octets", "commands.steps.functions:pss_encode",
         "EM", "abc 1023 e3b5d5d002c1bce50c2b65ef88a188d83bce7e61 sha1"),
    )),
    (("pkcs1v15-sign",), (
        ("encode", "RFC 8017 §9.2", "message number hash -> octets", "pkcs1v15:EMSA_PKCS1_v1_5_ENCODE", "EM",
         "abc 128 sha256"),
        ("digest_info_prefix", "RFC 8017 §9.2 note 1", "text -> octets", "pkcs1v15:digest_info_prefix", "",
         "sha256"),
    )),
    (("ecdsa",), (
        ("bits2int", "RFC 6979 §2.3.2", "octets number -> number", "ecdsa:bits2int", "h", "af2bdbe1aa9b6ec1 65537"),
    )),
    (("dh",), (
        ("e_bits", "RFC 7919 appendix A", "number -> number", "dh:e_bits", "", "64"),
        ("pi_bits", "RFC 3526 §3", "number -> number", "dh:pi_bits", "", "64"),
    )),
    (("primes",), (
        ("miller_rabin", "FIPS 186-5 §B.3.1", "number number -> truth", "commands.steps.functions:miller_rabin",
         "Miller–Rabin", "561 5"),
        ("has_small_factor", "FIPS 186-5 §B.7", "number -> truth", "commands.steps.functions:has_small_factor",
         "no small factor", "1000001"),
        ("rounds_for_random", "FIPS 186-5 appendix B Table B.1", "number -> number",
         "primes:rounds_for_random", "", "1024"),
    )),
)  # fmt: skip
