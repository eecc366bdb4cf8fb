"""ECDSA against RFC 6979, against cryptography, and against itself in the steps of its recordings."""

from itertools import islice

import pytest
from cryptography.exceptions import InvalidSignature as OracleInvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec as oracle
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves.weierstrass import Curve
from primitives.ec import P224, P256, P384, P521, SECP256K1, ECPrivateKey, multiply
from primitives.ecdsa import _nonces, bits2int, ecdsa_sign, ecdsa_sign_p1363, ecdsa_verify, ecdsa_verify_p1363
from primitives.errors import InvalidSignature
from primitives.hashes import HashFunction
from primitives.hmac_drbg import HMAC_DRBG
from primitives.sha1 import sha1
from primitives.sha2 import sha224, sha256, sha384, sha512

CURVES = {curve.name: curve for curve in (P224, P256, P384, P521, SECP256K1)}
ORACLES: dict[str, oracle.EllipticCurve] = {
    "P-224": oracle.SECP224R1(),
    "P-256": oracle.SECP256R1(),
    "P-384": oracle.SECP384R1(),
    "P-521": oracle.SECP521R1(),
    "secp256k1": oracle.SECP256K1(),
}
HASHES: dict[str, HashFunction] = {"sha1": sha1, "sha224": sha224, "sha256": sha256, "sha384": sha384, "sha512": sha512}
ORACLE_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

# RFC 6979 §A.2.4 to §A.2.7: a curve and the private key x; then hash, message, r, s. A hyphen joins lines.
RFC_6979 = """
P-224 F220266E1105BFE3083E03EC7A3A654651F45E37167E88600BF257C1
sha1 sample
  22226F9D40A96E19C4A301CE5B74B115303C0F3A4FD30FC257FB57AC
  66D1CDD83E3AF75605DD6E2FEFF196D30AA7ED7A2EDF7AF475403D69
sha224 sample
  1CDFE6662DDE1E4A1EC4CDEDF6A1F5A2FB7FBD9145C12113E6ABFD3E
  A6694FD7718A21053F225D3F46197CA699D45006C06F871808F43EBC
sha256 sample
  61AA3DA010E8E8406C656BC477A7A7189895E7E840CDFE8FF42307BA
  BC814050DAB5D23770879494F9E0A680DC1AF7161991BDE692B10101
sha384 sample
  B115E5E36F0F9EC81F1325A5952878D745E19D7BB3EABFABA77E953
  830F34CCDFE826CCFDC81EB4129772E20E122348A2BBD889A1B1AF1D
sha512 sample
  74BD1D979D5F32BF958DDC61E4FB4872ADCAFEB2256497CDAC30397
  A4CECA196C3D5A1FF31027B33185DC8EE43F288B21AB342E5D8EB084
sha1 test
  DEAA646EC2AF2EA8AD53ED66B2E2DDAA49A12EFD8356561451F3E21C
  95987796F6CF2062AB8135271DE56AE55366C045F6D9593F53787BD2
sha224 test
  C441CE8E261DED634E4CF84910E4C5D1D22C5CF3B732BB204DBEF019
  902F42847A63BDC5F6046ADA114953120F99442D76510150F372A3F4
sha256 test
  AD04DDE87B84747A243A631EA47A1BA6D1FAA059149AD2440DE6FBA6
  178D49B1AE90E3D8B629BE3DB5683915F4E8C99FDF6E666CF37ADCFD
sha384 test
  389B92682E399B26518A95506B52C03BC9379A9DADF3391A21FB0EA4
  414A718ED3249FF6DBC5B50C27F71F01F070944DA22AB1F78F559AAB
sha512 test
  49F050477C5ADD858CAC56208394B5A55BAEBBE887FDF765047C17C
  77EB13E7005929CEFA3CD0403C7CDCC077ADF4E44F3C41B2F60ECFF

P-256 C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
sha1 sample
  61340C88C3AAEBEB4F6D667F672CA9759A6CCAA9FA8811313039EE4A35471D32
  6D7F147DAC089441BB2E2FE8F7A3FA264B9C475098FDCF6E00D7C996E1B8B7EB
sha224 sample
  53B2FFF5D1752B2C689DF257C04C40A587FABABB3F6FC2702F1343AF7CA9AA3F
  B9AFB64FDC03DC1A131C7D2386D11E349F070AA432A4ACC918BEA988BF75C74C
sha256 sample
  EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
  F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8
sha384 sample
  EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719
  4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954
sha512 sample
  8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00
  2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE
sha1 test
  CBCC86FD6ABD1D99E703E1EC50069EE5C0B4BA4B9AC60E409E8EC5910D81A89
  1B9D7B73DFAA60D5651EC4591A0136F87653E0FD780C3B1BC872FFDEAE479B1
sha224 test
  C37EDB6F0AE79D47C3C27E962FA269BB4F441770357E114EE511F662EC34A692
  C820053A05791E521FCAAD6042D40AEA1D6B1A540138558F47D0719800E18F2D
sha256 test
  F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367
  19F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083
sha384 test
  83910E8B48BB0C74244EBDF7F07A1C5413D61472BD941EF3920E623FBCCEBEB6
  8DDBEC54CF8CD5874883841D712142A56A8D0F218F5003CB0296B6B509619F2C
sha512 test
  461D93F31B6540894788FD206C07CFA0CC35F46FA3C91816FFF1040AD1581A04
  39AF9F15DE0DB8D97E72719C74820D304CE5226E32DEDAE67519E840D1194E55

P-384 6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5
sha1 sample
  EC748D839243D6FBEF4FC5C4859A7DFFD7F3ABDDF72014540C16D73309834FA37B9BA002899F6FDA3A4A9386790D4EB2
  A3BCFA947BEEF4732BF247AC17F71676CB31A847B9FF0CBC9C9ED4C1A5B3FACF26F49CA031D4857570CCB5CA4424A443
sha224 sample
  42356E76B55A6D9B4631C865445DBE54E056D3B3431766D0509244793C3F9366450F76EE3DE43F5A125333A6BE060122
  9DA0C81787064021E78DF658F2FBB0B042BF304665DB721F077A4298B095E4834C082C03D83028EFBF93A3C23940CA8D
sha256 sample
  21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3C36D8FB2CD
  F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB8668A4FA0AB0
sha384 sample
  94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46
  99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8
sha512 sample
  ED0959D5880AB2D869AE7F6C2915C6D60F96507F9CB3E047C0046861DA4A799CFE30F35CC900056D7C99CD7882433709
  512C8CCEEE3890A84058CE1E22DBC2198F42323CE8ACA9135329F03C068E5112DC7CC3EF3446DEFCEB01A45C2667FDD5
sha1 test
  4BC35D3A50EF4E30576F58CD96CE6BF638025EE624004A1F7789A8B8E43D0678ACD9D29876DAF46638645F7F404B11C7
  D5A6326C494ED3FF614703878961C0FDE7B2C278F9A65FD8C4B7186201A2991695BA1C84541327E966FA7B50F7382282
sha224 test
  E8C9D0B6EA72A0E7837FEA1D14A1A9557F29FAA45D3E7EE888FC5BF954B5E62464A9A817C47FF78B8C11066B24080E72
  7041D4A7A0379AC7232FF72E6F77B6DDB8F09B16CCE0EC3286B2BD43FA8C6141C53EA5ABEF0D8231077A04540A96B66
sha256 test
  6D6DEFAC9AB64DABAFE36C6BF510352A4CC27001263638E5B16D9BB51D451559F918EEDAF2293BE5B475CC8F0188636B
  2D46F3BECBCC523D5F1A1256BF0C9B024D879BA9E838144C8BA6BAEB4B53B47D51AB373F9845C0514EEFB14024787265
sha384 test
  8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB0542A7F0812998DA8F1DD3CA3CF023DB
  DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E06A739F040649A667BF3B828246BAA5A5
sha512 test
  A0D5D090C9980FAF3C2CE57B7AE951D31977DD11C775D314AF55F76C676447D06FB6495CD21B4B6E340FC236584FB277
  976984E59B4C77B0E8E4460DCA3D9F20E07B9BB1F63BEEFAF576F6B2E8B224634A2092CD3792E0159AD9CEE37659C736

P-521 FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CA-
  A896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538
sha1 sample
  343B6EC45728975EA5CBA6659BBB6062A5FF89EEA58BE3C80B619F322C87910FE0-
  92F7D45BB0F8EEE01ED3F20BABEC079D202AE677B243AB40B5431D497C55D75D
  E7B0E675A9B24413D448B8CC119D2BF7B2D2DF032741C096634D6D65D0DBE3D569-
  4625FB9E8104D3B842C1B0E2D0B98BEA19341E8676AEF66AE4EBA3D5475D5D16
sha224 sample
  1776331CFCDF927D666E032E00CF776187BC9FDD8E69D0DABB4109FFE1B5E2A307-
  15F4CC923A4A5E94D2503E9ACFED92857B7F31D7152E0F8C00C15FF3D87E2ED2E
  50CB5265417FE2320BBB5A122B8E1A32BD699089851128E360E620A30C7E17BA41-
  A666AF126CE100E5799B153B60528D5300D08489CA9178FB610A2006C254B41F
sha256 sample
  1511BB4D675114FE266FC4372B87682BAECC01D3CC62CF2303C92B3526012659D1-
  6876E25C7C1E57648F23B73564D67F61C6F14D527D54972810421E7D87589E1A7
  4A171143A83163D6DF460AAF61522695F207A58B95C0644D87E52AA1A347916E4F-
  7A72930B1BC06DBE22CE3F58264AFD23704CBB63B29B931F7DE6C9D949A7ECFC
sha384 sample
  1EA842A0E17D2DE4F92C15315C63DDF72685C18195C2BB95E572B9C5136CA4B4B5-
  76AD712A52BE9730627D16054BA40CC0B8D3FF035B12AE75168397F5D50C67451
  1F21A3CEE066E1961025FB048BD5FE2B7924D0CD797BABE0A83B66F1E35EEAF5FD-
  E143FA85DC394A7DEE766523393784484BDF3E00114A1C857CDE1AA203DB65D61
sha512 sample
  C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E-
  25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA
  617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF2826-
  23EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A
sha1 test
  13BAD9F29ABE20DE37EBEB823C252CA0F63361284015A3BF430A46AAA80B87B069-
  3F0694BD88AFE4E661FC33B094CD3B7963BED5A727ED8BD6A3A202ABE009D0367
  1E9BB81FF7944CA409AD138DBBEE228E1AFCC0C890FC78EC8604639CB0DBDC90F7-
  17A99EAD9D272855D00162EE9527567DD6A92CBD629805C0445282BBC916797FF
sha224 test
  1C7ED902E123E6815546065A2C4AF977B22AA8EADDB68B2C1110E7EA44D42086BF-
  E4A34B67DDC0E17E96536E358219B23A706C6A6E16BA77B65E1C595D43CAE17FB
  177336676304FCB343CE028B38E7B4FBA76C1C1B277DA18CAD2A8478B2A9A9F5BE-
  C0F3BA04F35DB3E4263569EC6AADE8C92746E4C82F8299AE1B8F1739F8FD519A4
sha256 test
  E871C4A14F993C6C7369501900C4BC1E9C7B0B4BA44E04868B30B41D8071042EB2-
  8C4C250411D0CE08CD197E4188EA4876F279F90B3D8D74A3C76E6F1E4656AA8
  CD52DBAA33B063C3A6CD8058A1FB0A46A4754B034FCC644766CA14DA8CA5CA9FDE-
  00E88C1AD60CCBA759025299079D7A427EC3CC5B619BFBC828E7769BCD694E86
sha384 test
  14BEE21A18B6D8B3C93FAB08D43E739707953244FDBE924FA926D76669E7AC8C89-
  DF62ED8975C2D8397A65A49DCC09F6B0AC62272741924D479354D74FF6075578C
  133330865C067A0EAF72362A65E2D7BC4E461E8C8995C3B6226A21BD1AA78F0ED9-
  4FE536A0DCA35534F0CD1510C41525D163FE9D74D134881E35141ED5E8E95B979
sha512 test
  13E99020ABF5CEE7525D16B69B229652AB6BDF2AFFCAEF38773B4B7D08725F10CD-
  B93482FDCC54EDCEE91ECA4166B2A7C6265EF0CE2BD7051B7CEF945BABD47EE6D
  1FBD0013C674AA79CB39849527916CE301C66EA7CE8B80682786AD60F98F7E78A1-
  9CA69EFF5C57400E3B3A0AD66CE0978214D13BAF4E9AC60752F7B155E2DE4DCE3
"""

TINY = [  # in the first, some x-coordinates are larger than n
    Curve("tiny-23", p=31, a=2, b=14, G=(0, 13), n=23),
    Curve("tiny-29", p=23, a=1, b=4, G=(0, 2), n=29),
]

KEY = ECPrivateKey(P256, 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)
SIGNATURE = ecdsa_sign(KEY, b"sample", hash=sha256)


def rfc_6979() -> list[tuple[ECPrivateKey, str, bytes, int, int]]:
    vectors = []
    for section in RFC_6979.replace("-\n  ", "").strip().split("\n\n"):
        curve, x, *words = section.split()
        key = ECPrivateKey(CURVES[curve], int(x, 16))
        for i in range(0, len(words), 4):
            hash, message, r, s = words[i : i + 4]
            vectors.append((key, hash, message.encode(), int(r, 16), int(s, 16)))
    return vectors


def test_rfc_6979() -> None:
    vectors = rfc_6979()
    assert len(vectors) == 40
    for key, hash, message, r, s in vectors:
        signature = ecdsa_sign(key, message, hash=HASHES[hash])
        assert signature == encode_dss_signature(r, s)
        ecdsa_verify(key.public_key, message, signature, hash=HASHES[hash])


@pytest.mark.parametrize("curve", CURVES.values(), ids=lambda c: c.name)
@pytest.mark.parametrize("hash", HASHES)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_both_ways_with_cryptography(curve: Curve, hash: str, data: st.DataObject) -> None:
    d = data.draw(st.integers(1, curve.n - 1))
    message = data.draw(st.binary(max_size=200))
    ours, theirs = ECPrivateKey(curve, d), oracle.derive_private_key(d, ORACLES[curve.name])
    algorithm = oracle.ECDSA(ORACLE_HASHES[hash], deterministic_signing=False)
    ecdsa_verify(ours.public_key, message, theirs.sign(message, algorithm), hash=HASHES[hash])
    signature = ecdsa_sign(ours, message, hash=HASHES[hash])
    theirs.public_key().verify(signature, message, algorithm)
    other = message + b"."
    with pytest.raises(InvalidSignature):
        ecdsa_verify(ours.public_key, other, signature, hash=HASHES[hash])
    with pytest.raises(OracleInvalidSignature):
        theirs.public_key().verify(signature, other, algorithm)


@pytest.mark.parametrize("curve", CURVES.values(), ids=lambda c: c.name)
def test_p1363_holds_the_same_numbers(curve: Curve) -> None:
    key = ECPrivateKey(curve, 12345)
    signature = ecdsa_sign_p1363(key, b"message", hash=sha384)
    size = curve.scalar_size
    assert len(signature) == 2 * size
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    assert ecdsa_sign(key, b"message", hash=sha384) == encode_dss_signature(r, s)
    ecdsa_verify_p1363(key.public_key, b"message", signature, hash=sha384)
    for bad in (signature[:-1], signature + b"\0", b"\0" + signature, b"", signature[size:] + signature[:size]):
        with pytest.raises(InvalidSignature):
            ecdsa_verify_p1363(key.public_key, b"message", bad, hash=sha384)
    for i in range(0, 2 * size, 7):
        spoiled = bytearray(signature)
        spoiled[i] ^= 1
        with pytest.raises(InvalidSignature):
            ecdsa_verify_p1363(key.public_key, b"message", bytes(spoiled), hash=sha384)


def test_r_and_s_out_of_range_are_refused() -> None:
    n, size = P256.n, 32
    good = ecdsa_sign_p1363(KEY, b"sample", hash=sha256)
    r, s = int.from_bytes(good[:size], "big"), int.from_bytes(good[size:], "big")
    for bad_r, bad_s in [
        (0, s),
        (r, 0),
        (0, 0),
        (n, s),
        (r, n),
        (n, n),
        (1, 0),
        (0, 1),
        (2**256 - 1, s),
        (r, 2**256 - 1),
    ]:
        with pytest.raises(InvalidSignature):
            ecdsa_verify_p1363(
                KEY.public_key, b"sample", bad_r.to_bytes(size, "big") + bad_s.to_bytes(size, "big"), hash=sha256
            )
    for bad_r, bad_s in [(0, s), (r, 0), (0, 0), (n, s), (r, n), (r + n, s), (r, s + n)]:
        with pytest.raises(InvalidSignature):
            ecdsa_verify(KEY.public_key, b"sample", encode_dss_signature(bad_r, bad_s), hash=sha256)
    # As every ECDSA: the mirrored nonce gives a second valid signature of the same message.
    ecdsa_verify(KEY.public_key, b"sample", encode_dss_signature(r, n - s), hash=sha256)


@pytest.mark.parametrize("curve", TINY, ids=lambda c: c.name)
def test_on_a_tiny_curve_every_pair_is_judged_by_the_definition(curve: Curve) -> None:
    """All (r, s), so infinity, u₁ = 0 and equal points are met; the definition is spelled out with plain multiples."""
    key = ECPrivateKey(curve, curve.n - 2)
    x_of = [0] + [(k_G.public_key.Q[0]) for k_G in (ECPrivateKey(curve, k) for k in range(1, curve.n))]
    for message in (b"a", b"b", b"c"):
        e = bits2int(sha256(message).digest(), curve.n)
        accepted = 0
        for r in range(32):
            for s in range(32):
                valid = False
                if 0 < r < curve.n and 0 < s < curve.n:
                    k = (e + r * key.d) * pow(s, -1, curve.n) % curve.n
                    valid = k != 0 and x_of[k] % curve.n == r
                accepted += valid
                signature = bytes([r, s])
                if valid:
                    ecdsa_verify_p1363(key.public_key, message, signature, hash=sha256)
                else:
                    with pytest.raises(InvalidSignature):
                        ecdsa_verify_p1363(key.public_key, message, signature, hash=sha256)
        assert accepted


def test_nonces_are_those_of_hmac_drbg_after_refused_ones_too() -> None:
    """RFC 6979 §3.3: the construction is HMAC_DRBG. On this curve every other candidate is out of range."""
    curve = Curve("small-547", p=523, a=-3, b=38, G=(1, 6), n=547)
    drawn = 0
    for i in range(10):
        key, h1 = ECPrivateKey(curve, 3 + i), sha256(bytes([i])).digest()
        h = bits2int(h1, curve.n) % curve.n
        generator = HMAC_DRBG(entropy_input=key.d.to_bytes(2, "big"), nonce=h.to_bytes(2, "big"), hash=sha256)
        for k in islice(_nonces(key, h1, sha256), 5):
            while True:
                candidate = bits2int(generator.generate(2), curve.n)
                drawn += 1
                if 1 <= candidate < curve.n:
                    break
            assert k == candidate
    assert 70 < drawn < 140  # for 50 nonces


def test_a_nonce_that_gives_zero_is_passed_over() -> None:
    """On a tiny curve r = 0 and s = 0 do happen: (0, 2) itself has x = 0."""
    curve = TINY[1]
    passed_over = set()
    for d in range(1, 29, 3):
        key = ECPrivateKey(curve, d)
        for i in range(8):
            message = bytes([i])
            h1 = sha256(message).digest()
            for k in _nonces(key, h1, sha256):
                r = ECPrivateKey(curve, k).public_key.Q[0] % curve.n
                s = pow(k, -1, curve.n) * (bits2int(h1, curve.n) + r * d) % curve.n
                if r and s:
                    break
                passed_over.add("r" if r == 0 else "s")
            assert ecdsa_sign_p1363(key, message, hash=sha256) == bytes([r, s])
            ecdsa_verify_p1363(key.public_key, message, bytes([r, s]), hash=sha256)
    assert passed_over == {"r", "s"}


def test_der_is_read_whole_and_nothing_else_is() -> None:
    for end in range(len(SIGNATURE)):
        with pytest.raises(InvalidSignature):
            ecdsa_verify(KEY.public_key, b"sample", SIGNATURE[:end], hash=sha256)
    with pytest.raises(InvalidSignature, match="not in DER"):
        ecdsa_verify(KEY.public_key, b"sample", SIGNATURE + b"\0", hash=sha256)
    for i in range(len(SIGNATURE)):
        for value in {0, 1, 2, 0x30, 0x80, 0x81, 0xFF, SIGNATURE[i] ^ 1, SIGNATURE[i] ^ 0x80} - {SIGNATURE[i]}:
            with pytest.raises(InvalidSignature):
                ecdsa_verify(
                    KEY.public_key, b"sample", SIGNATURE[:i] + bytes([value]) + SIGNATURE[i + 1 :], hash=sha256
                )


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=20) | st.binary(max_size=300).map(lambda b: b"\x30" + b))
def test_any_bytes_are_refused_as_a_signature(data: bytes) -> None:
    with pytest.raises(InvalidSignature):
        ecdsa_verify(KEY.public_key, b"sample", data, hash=sha256)


def test_malleated_der_is_refused() -> None:
    def tlv(tag: int, contents: bytes) -> bytes:
        assert len(contents) < 0x80
        return bytes([tag, len(contents)]) + contents

    def integer(number: int) -> bytes:
        return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))

    raw = ecdsa_sign_p1363(KEY, b"sample", hash=sha256)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    R, S = integer(r), integer(s)
    body = R + S
    assert tlv(0x30, body) == SIGNATURE
    padded = tlv(2, b"\0" + R[2:])
    malleated = {
        "a long form for a short length": bytes([0x30, 0x81, len(body)]) + body,
        "two length bytes": bytes([0x30, 0x82, 0, len(body)]) + body,
        "the indefinite form": b"\x30\x80" + body + b"\0\0",
        "a zero before r": tlv(0x30, padded + S),
        "a zero before s": tlv(0x30, R + tlv(2, b"\0" + S[2:])),
        "r in a long form": tlv(0x30, bytes([2, 0x81, len(R) - 2]) + R[2:] + S),
        "r without its sign byte, so negative": tlv(0x30, tlv(2, raw[:32]) + S),
        "s without its sign byte, so negative": tlv(0x30, R + tlv(2, raw[32:])),
        "an empty r": tlv(0x30, tlv(2, b"") + S),
        "an empty s": tlv(0x30, R + tlv(2, b"")),
        "a third integer": tlv(0x30, body + integer(0)),
        "a NULL inside": tlv(0x30, body + b"\5\0"),
        "a NULL behind": tlv(0x30, body) + b"\5\0",
        "one integer": tlv(0x30, R),
        "no integer": tlv(0x30, b""),
        "a SET": tlv(0x31, body),
        "a primitive SEQUENCE": tlv(0x10, body),
        "an OCTET STRING for r": tlv(0x30, tlv(4, R[2:]) + S),
        "no SEQUENCE": body,
        "r ‖ s": raw,
        "nothing": b"",
    }
    for what, bad in malleated.items():
        with pytest.raises(InvalidSignature, match="not in DER"):
            ecdsa_verify(KEY.public_key, b"sample", bad, hash=sha256)
        assert bad != SIGNATURE, what


def test_long_lengths_are_der_where_they_are_needed() -> None:
    """A signature of P-521 takes more than 127 bytes, and its length byte an 81 before it."""
    key = ECPrivateKey(P521, 3)
    message = b"message"
    signature = ecdsa_sign(key, message, hash=sha512)
    assert signature[:2] == b"\x30\x81"
    ecdsa_verify(key.public_key, message, signature, hash=sha512)
    with pytest.raises(InvalidSignature, match="not in DER"):
        ecdsa_verify(key.public_key, message, b"\x30" + signature[2:], hash=sha512)
    with pytest.raises(InvalidSignature):  # a well-formed pair of numbers far too large for any curve
        ecdsa_verify(key.public_key, message, b"\x30\x81\xfe" + 2 * (b"\2\x7d" + b"\x7f" * 125), hash=sha512)
    with pytest.raises(InvalidSignature):
        ecdsa_verify(key.public_key, message, b"\x30\x81\xff" + b"\2\x81\xf9" + b"\x7f" * 249 + b"\2\1\1", hash=sha512)


def test_the_wrong_key_hash_or_curve_is_refused() -> None:
    with pytest.raises(InvalidSignature):
        ecdsa_verify(ECPrivateKey(P256, KEY.d - 1).public_key, b"sample", SIGNATURE, hash=sha256)
    with pytest.raises(InvalidSignature):
        ecdsa_verify(ECPrivateKey(P384, KEY.d).public_key, b"sample", SIGNATURE, hash=sha256)
    with pytest.raises(InvalidSignature):
        ecdsa_verify(KEY.public_key, b"sample", SIGNATURE, hash=sha512)


def test_str_is_no_message_and_no_signature() -> None:
    with pytest.raises(TypeError, match="message: expected bytes"):
        ecdsa_sign(KEY, "sample", hash=sha256)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="message: expected bytes"):
        ecdsa_verify(KEY.public_key, "sample", SIGNATURE, hash=sha256)  # type: ignore[arg-type]  # the mistake under test
    for verify in ecdsa_verify, ecdsa_verify_p1363:
        with pytest.raises(TypeError, match="signature: expected bytes"):
            verify(KEY.public_key, b"sample", "3006", hash=sha256)  # type: ignore[arg-type]  # the mistake under test


def test_a_recording_derives_the_nonce_and_the_signature_and_verifies_it() -> None:
    """RFC 6979 §A.2.5 prints k too."""
    with trace.recording() as steps:
        assert ecdsa_sign(KEY, b"sample", hash=sha256) == SIGNATURE
    (whole,) = steps
    values = {step.name: step.value for step in whole.steps}
    assert values["k"] == 0xA6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60
    assert whole.value == (values["r"], values["s"])
    names = [step.name for step in whole.steps]
    assert [n for n in names if n in ("h", "HMAC_DRBG", "candidate", "k", "kP", "R = kG", "r", "1/k", "s")] == [
        "h", "HMAC_DRBG", "candidate", "k", "kP", "R = kG", "r", "1/k", "s",
    ]  # fmt: skip
    generator = next(step for step in whole.steps if step.name == "HMAC_DRBG")
    assert [s.section[-1] for s in generator.steps if s.name in "KV"] == list("bcdefg")
    with trace.recording() as steps:
        ecdsa_verify(KEY.public_key, b"sample", SIGNATURE, hash=sha256)
    (whole,) = steps
    assert whole.value is True
    assert [step.name for step in whole.steps if step.section.startswith("SEC 1 §4")] == [
        "r, s", "e", "u₁, u₂", "R = u₁G + u₂Q", "v", "v = r",
    ]  # fmt: skip
    for step in whole.walk():
        assert step.section
        assert step.why


def test_bits2int_takes_the_leftmost_bits() -> None:
    assert bits2int(b"\xff\x00", 2**8 - 1) == 0xFF
    assert bits2int(b"\xff\x00", 2**16 - 1) == 0xFF00
    assert bits2int(b"\xff\x00", 2**20 - 1) == 0xFF00
    assert bits2int(b"\x01\x7f", 2**9 - 1) == 0b10


def test_each_operation_wants_its_own_kind_of_key() -> None:
    key = ECPrivateKey(P256, 7)
    with pytest.raises(TypeError, match="the key is a ECPublicKey, expected an ECPrivateKey"):
        ecdsa_sign(key.public_key, b"message", hash=sha256)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(TypeError, match="the key is a ECPrivateKey, expected an ECPublicKey"):
        ecdsa_verify(key, b"message", ecdsa_sign(key, b"message", hash=sha256), hash=sha256)  # type: ignore[arg-type]  # so


@pytest.mark.parametrize("curve", [P256, P384, P521], ids=str)
def test_drawn_nonces(curve: Curve) -> None:
    """FIPS 186-5 §A.3.1: 64 bits more than n has, modulo n − 1, and one more. The first nonce is 2."""
    key = ECPrivateKey(curve, 12345)
    size = curve.scalar_size + 8
    drawn: list[int] = []

    def source(length: int) -> bytes:
        drawn.append(length)
        return len(drawn).to_bytes(length, "big")

    first, second = (ecdsa_sign(key, b"message", hash=sha256, random_bytes=source) for _ in range(2))
    assert drawn == [size, size]
    assert first != second
    for signature in (first, second):
        ecdsa_verify(key.public_key, b"message", signature, hash=sha256)
    # r is the x of 2G.
    x = multiply(curve, 2, curve.G)
    assert x is not None
    assert first == ecdsa_sign(key, b"message", hash=sha256, random_bytes=lambda length: (1).to_bytes(length, "big"))
    assert (x[0] % curve.n).to_bytes(curve.scalar_size, "big").lstrip(b"\0") in first


def test_a_nonce_that_repeats_gives_the_key_away() -> None:
    key = ECPrivateKey(P256, 987654321)
    same = lambda length: bytes(length - 1) + b"\7"  # noqa: E731
    (r, s1), (_, s2) = (
        (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        for signature in (_p1363(ecdsa_sign(key, text, hash=sha256, random_bytes=same)) for text in (b"one", b"two"))
    )
    h1, h2 = (int.from_bytes(sha256(text).digest(), "big") for text in (b"one", b"two"))
    k = (h1 - h2) * pow(s1 - s2, -1, P256.n) % P256.n
    assert k == 8
    assert (s1 * k - h1) * pow(r, -1, P256.n) % P256.n == key.d


def _p1363(der: bytes) -> bytes:
    r = der[4 : 4 + der[3]]
    s = der[6 + der[3] :]
    return b"".join(int.from_bytes(part, "big").to_bytes(32, "big") for part in (r, s))
