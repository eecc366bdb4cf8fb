"""The table of all algorithms that `python -m primitives` runs.

Standard     That of each algorithm, in its row.
Left out     How each is run: a function of a module of `primitives.commands.families`, imported only when it is needed.
Timing       Nothing here computes.

>>> find("SHA3_256").title
'SHA3-256'
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Algorithm:
    """A row of the table.

    name: what the user types. title: what it is. standard: the one that defines it.
    command: the function that makes the command, as module and name in `primitives.commands.families`.
    example: the words after the name, in a command that shows it. `@` names files that earlier examples wrote.
    """

    name: str
    title: str
    standard: str
    command: str
    example: str


_AES_KEY = "--key hex:2b7e151628aed2a6abf7158809cf4f3c"  # SP 800-38A appendix F
_AES_IV = "--iv hex:000102030405060708090a0b0c0d0e0f"
_DES_KEY, _DES_IV = "--key hex:133457799bbcdff1", "--iv hex:0001020304050607"
_TDES_KEY = "--key hex:0123456789abcdef23456789abcdef01456789abcdef0123"  # SP 800-67 appendix B
_CHACHA_KEY = "--key hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"  # RFC 8439 §2.4.2
_NONCE = "--nonce hex:000000000000004a00000000"
_SECRET = "12345678901234567890"  # noqa: S105 - RFC 4226 appendix D

GROUPS = {
    "Hash functions": (
        Algorithm("sha224", "SHA-224", "FIPS 180-4 §6.3", "hashes.fixed", "abc"),
        Algorithm("sha256", "SHA-256", "FIPS 180-4 §6.2", "hashes.fixed", "abc"),
        Algorithm("sha384", "SHA-384", "FIPS 180-4 §6.5", "hashes.fixed", "abc"),
        Algorithm("sha512", "SHA-512", "FIPS 180-4 §6.4", "hashes.fixed", "abc"),
        Algorithm("sha512-224", "SHA-512/224", "FIPS 180-4 §6.6", "hashes.fixed", "abc"),
        Algorithm("sha512-256", "SHA-512/256", "FIPS 180-4 §6.7", "hashes.fixed", "abc"),
        Algorithm("sha3-224", "SHA3-224", "FIPS 202 §6.1", "hashes.fixed", "abc"),
        Algorithm("sha3-256", "SHA3-256", "FIPS 202 §6.1", "hashes.fixed", "abc"),
        Algorithm("sha3-384", "SHA3-384", "FIPS 202 §6.1", "hashes.fixed", "abc"),
        Algorithm("sha3-512", "SHA3-512", "FIPS 202 §6.1", "hashes.fixed", "abc"),
        Algorithm("shake128", "SHAKE128, output of any length", "FIPS 202 §6.2", "hashes.extendable", "abc"),
        Algorithm("shake256", "SHAKE256, output of any length", "FIPS 202 §6.2", "hashes.extendable", "abc"),
        Algorithm("cshake128", "cSHAKE128, SHAKE128 with names", "SP 800-185 §3", "hashes.cshake",
                  "--customization 'Email Signature' hex:00010203"),
        Algorithm("cshake256", "cSHAKE256, SHAKE256 with names", "SP 800-185 §3", "hashes.cshake",
                  "--customization 'Email Signature' --length 64 hex:00010203"),
        Algorithm("sha1", "SHA-1: broken", "FIPS 180-4 §6.1", "hashes.fixed", "abc"),
        Algorithm("md5", "MD5: broken", "RFC 1321", "hashes.fixed", "abc"),
    ),
    "Authentication, key derivation and passwords": (
        Algorithm(
            "hmac", "HMAC with any hash function", "RFC 2104", "derivation.hmac",
            "--key Jefe 'what do ya want for nothing?'",
        ),
        Algorithm(
            "kmac128", "KMAC128, a tag of any length", "SP 800-185 §4", "derivation.kmac",
            "--key hex:404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f hex:00010203",
        ),
        Algorithm(
            "kmac256", "KMAC256, a tag of any length", "SP 800-185 §4", "derivation.kmac",
            "--key hex:404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f "
            "--customization 'My Tagged Application' --length 64 hex:00010203",
        ),
        Algorithm(
            "aes-cmac", "CMAC, a tag by a block cipher", "SP 800-38B", "derivation.cmac",
            f"{_AES_KEY} hex:6bc1bee22e409f96e93d7e117393172a",
        ),
        Algorithm(
            "poly1305", "Poly1305, for one message per key", "RFC 8439 §2.5", "derivation.poly1305",
            "--key hex:85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b "
            "'Cryptographic Forum Research Group'",
        ),
        Algorithm(
            "hkdf", "HKDF, a key out of a secret", "RFC 5869", "derivation.hkdf",
            "--salt hex:000102030405060708090a0b0c --info hex:f0f1f2f3f4f5f6f7f8f9 --length 42 "
            "hex:0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        ),
        Algorithm(
            "pbkdf2", "PBKDF2, a key out of a password", "RFC 8018 §5.2", "derivation.pbkdf2",
            "--salt salt --iterations 1 --length 64 passwd",
        ),
        Algorithm(
            "scrypt", "scrypt, a key that costs memory", "RFC 7914 §6", "derivation.scrypt",
            "--salt '' --n 16 --r 1 --p 1 --length 64 ''",
        ),
        Algorithm(
            "pkcs12-kdf", "the key derivation of PKCS #12", "RFC 7292 §B.2", "derivation.pkcs12_kdf",
            "--salt hex:0a58cf64530d823f --iterations 1 --length 24 --hash sha1 smeg",
        ),
        Algorithm(
            "tls12-prf", "the PRF of TLS 1.2", "RFC 5246 §5", "derivation.tls12_prf",
            "--label 'test label' --seed hex:a0ba9f936cda311827a6f796ffd5198c --length 100 "
            "hex:9bbe436ba940f017b17652849a71db35",
        ),
        Algorithm(
            "tls13-hkdf", "HKDF-Expand-Label, TLS 1.3's keys", "RFC 9846 §7.1", "derivation.tls13_hkdf",
            "--label derived --context hex:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 "
            "hex:33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a",
        ),
        Algorithm("hotp", "HOTP, a password from a counter", "RFC 4226", "derivation.hotp", f"--counter 0 {_SECRET}"),
        Algorithm(
            "totp", "TOTP, a password from the clock", "RFC 6238", "derivation.totp", f"--at 59 --digits 8 {_SECRET}"
        ),
        Algorithm(
            "hmac-drbg", "HMAC_DRBG, random bits from a seed", "SP 800-90A §10.1.2", "derivation.hmac_drbg",
            "--nonce hex:659ba96c601dc69fc902940805ec0ca8 --length 16 "
            "hex:ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
        ),
        Algorithm(
            "mgf1", "MGF1, a mask of any length", "RFC 8017 §B.2.1", "derivation.mgf1",
            "--hash sha1 --length 16 hex:aafd12f659cae63489b479e5076ddec2f06cb58f",
        ),
    ),
    "Ciphers": (
        Algorithm(
            "aes", "AES, one block", "FIPS 197", "ciphers.block",
            "--key hex:000102030405060708090a0b0c0d0e0f hex:00112233445566778899aabbccddeeff",
        ),
        Algorithm(
            "aes-ecb", "AES, each block on its own: leaks", "SP 800-38A §6.1", "ciphers.ecb",
            f"{_AES_KEY} --no-padding hex:6bc1bee22e409f96e93d7e117393172a",
        ),
        Algorithm(
            "aes-cbc", "AES, blocks in a chain", "SP 800-38A §6.2", "ciphers.cbc",
            f"{_AES_KEY} {_AES_IV} --no-padding hex:6bc1bee22e409f96e93d7e117393172a",
        ),
        Algorithm(
            "aes-cfb", "AES, masks from the ciphertext", "SP 800-38A §6.3", "ciphers.cfb",
            f"{_AES_KEY} {_AES_IV} hex:6bc1bee22e409f96e93d7e117393172a",
        ),
        Algorithm(
            "aes-ctr", "AES, masks from a counter", "SP 800-38A §6.5", "ciphers.ctr",
            f"{_AES_KEY} --iv hex:f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff hex:6bc1bee22e409f96e93d7e117393172a",
        ),
        Algorithm(
            "aes-gcm", "AES-GCM, authenticated", "SP 800-38D", "ciphers.aead",
            "--key hex:00000000000000000000000000000000 --nonce hex:000000000000000000000000 "
            "hex:00000000000000000000000000000000",
        ),
        Algorithm(
            "aes-ccm", "AES-CCM, authenticated", "SP 800-38C", "ciphers.ccm",
            "--key hex:404142434445464748494a4b4c4d4e4f --nonce hex:10111213141516 --aad hex:0001020304050607 "
            "--tag-length 4 hex:20212223",
        ),
        Algorithm(
            "aes-keywrap", "AES key wrap", "RFC 3394", "ciphers.keywrap",
            "--key hex:000102030405060708090a0b0c0d0e0f hex:00112233445566778899aabbccddeeff",
        ),
        Algorithm(
            "aes-kwp", "AES key wrap, keys of any length", "RFC 5649", "ciphers.keywrap",
            "--key hex:5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8 hex:466f7250617369",
        ),
        Algorithm(
            "chacha20", "ChaCha20", "RFC 8439 §2.4", "ciphers.chacha20", f"{_CHACHA_KEY} {_NONCE} 'Ladies and Gentl'"
        ),
        Algorithm(
            "chacha20-poly1305", "ChaCha20-Poly1305, authenticated", "RFC 8439 §2.8", "ciphers.aead",
            "--key hex:808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f "
            "--nonce hex:070000004041424344454647 --aad hex:50515253c0c1c2c3c4c5c6c7 'Ladies and Gentl'",
        ),
        Algorithm("des", "DES, one block: broken", "SP 800-67 §2", "ciphers.block",
                  f"{_DES_KEY} hex:0123456789abcdef"),
        Algorithm("des-ecb", "DES, each block on its own", "SP 800-38A §6.1", "ciphers.ecb", f"{_DES_KEY} abc"),
        Algorithm("des-cbc", "DES, blocks in a chain", "SP 800-38A §6.2", "ciphers.cbc", f"{_DES_KEY} {_DES_IV} abc"),
        Algorithm("des-cfb", "DES, masks from the ciphertext", "SP 800-38A §6.3", "ciphers.cfb",
                  f"{_DES_KEY} {_DES_IV} abc"),
        Algorithm("des-ctr", "DES, masks from a counter", "SP 800-38A §6.5", "ciphers.ctr",
                  f"{_DES_KEY} {_DES_IV} abc"),
        Algorithm("3des", "Triple DES, one block: legacy", "SP 800-67 §3", "ciphers.block",
                  f"{_TDES_KEY} 'The qufc'"),
        Algorithm(
            "3des-ecb", "Triple DES, each block on its own", "SP 800-38A §6.1", "ciphers.ecb",
            f"{_TDES_KEY} --no-padding 'The qufck brown fox jump'",
        ),
        Algorithm("3des-cbc", "Triple DES, blocks in a chain", "SP 800-38A §6.2", "ciphers.cbc",
                  f"{_TDES_KEY} {_DES_IV} abc"),
        Algorithm("3des-cfb", "Triple DES, masks from the ciphertext", "SP 800-38A §6.3", "ciphers.cfb",
                  f"{_TDES_KEY} {_DES_IV} abc"),
        Algorithm("3des-ctr", "Triple DES, masks from a counter", "SP 800-38A §6.5", "ciphers.ctr",
                  f"{_TDES_KEY} {_DES_IV} abc"),
        Algorithm("sdes", "Simplified DES, a lesson", "Stallings §G", "ciphers.sdes", "--key 1010000010 10111101"),
        Algorithm("pkcs7", "PKCS#7 padding", "RFC 5652 §6.3", "ciphers.pkcs7", "--block-size 8 hex:0123456789"),
    ),
    "RSA": (
        Algorithm("rsa-keygen", "makes an RSA key", "FIPS 186-5 §A.1.3", "rsa.keygen",
                  "--bits 1024 --out rsa.json"),
        Algorithm("rsa", "the bare operation, on any numbers", "RFC 8017 §5", "rsa.textbook",
                  "--key p=61,q=53,e=17 65"),
        Algorithm("oaep", "OAEP, encryption", "RFC 8017 §7.1", "rsa.oaep", "--key @rsa.json abc"),
        Algorithm("pss", "PSS, signatures", "RFC 8017 §8.1", "rsa.pss", "--key @rsa.json abc"),
        Algorithm("pkcs1v15-sign", "PKCS #1 v1.5, signatures: older", "RFC 8017 §8.2", "rsa.pkcs1v15_sign",
                  "--key @rsa.json abc"),
        Algorithm("pkcs1v15-encrypt", "PKCS #1 v1.5, encryption: older", "RFC 8017 §7.2",
                  "rsa.pkcs1v15_encrypt", "--key @rsa.json abc"),
    ),
    "Elliptic curves and Diffie–Hellman": (
        Algorithm("ec-keygen", "makes a key on a curve", "FIPS 186-5 §A.2.2", "curves.keygen", "--out ec.json"),
        Algorithm("ec", "kP, a point added to itself k times", "SEC 1 §2.2.1", "curves.multiply", "2"),
        Algorithm("ecdsa", "ECDSA, signatures", "FIPS 186-5 §6.4", "curves.ecdsa", "--key @ec.json abc"),
        Algorithm("ecdh", "ECDH, a shared secret", "SP 800-56A §5.7.1.2", "curves.ecdh",
                  "--key @ec.json --peer curve=P-256,d=2"),
        Algorithm(
            "x25519", "X25519, a shared secret", "RFC 7748", "curves.x25519",
            "--key hex:a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4 "
            "--peer hex:e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        ),
        Algorithm(
            "ed25519", "Ed25519, signatures", "RFC 8032", "curves.ed25519",
            "--key hex:9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 text:",
        ),
        Algorithm(
            "x448", "X448, a shared secret", "RFC 7748", "curves.x448",
            "--key hex:3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121"
            "700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3 "
            "--peer hex:06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9"
            "814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086",
        ),
        Algorithm(
            "ed448", "Ed448, signatures", "RFC 8032", "curves.ed448",
            "--key hex:6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960e"
            "f6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b text:",
        ),
        Algorithm("dh-keygen", "makes a Diffie–Hellman key", "SP 800-56A §5.6.1.1.4", "curves.dh_keygen",
                  "--out dh.json"),
        Algorithm("dh", "Diffie–Hellman, a shared secret", "SP 800-56A §5.7.1.1", "curves.dh",
                  "--key @dh.json --peer group=ffdhe2048,y=4"),
    ),
    "Lattices": (
        Algorithm(
            "ml-kem", "ML-KEM, a secret for the owner of a key", "FIPS 203", "lattices.ml_kem",
            "keygen --parameters ML-KEM-512 --seed "  # NIST's ACVP samples, keyGen, tcId 1
            "hex:47b893474672ba92e4b12ee44fb32953af8e8503b5fb471d1614fb8a021a660a"
            "1f8cb39e9e30bc458a0dc5408884b1187fb217018df760fa57317703b844a0a9",
        ),
        Algorithm(
            "ml-dsa", "ML-DSA, signatures", "FIPS 204", "lattice_signatures.ml_dsa",
            "keygen --parameters ML-DSA-44 --seed "  # NIST's ACVP samples, keyGen, tcId 1
            "hex:7194b13c95231010afd2c909992bd2003ba6f437c3886bdbe3f6b867a14ba161",
        ),
    ),
    "Hash-based signatures": (
        Algorithm(
            "slh-dsa", "SLH-DSA, signatures", "FIPS 205", "hash_signatures.slh_dsa",
            "keygen --parameters SLH-DSA-SHA2-128f --seed "  # NIST's ACVP samples, keyGen, tcId 21
            "hex:c42bcb3b5a6f331f5cce899253c6d9e29ff2b7ead7a04bab1794db8cc659c3b4"
            "a868f1bd5debc12d4c9fad66aabd0a94",
        ),
    ),
    "Numbers": (
        Algorithm("primes", "is a number prime?", "FIPS 186-5 §B.3", "numbers.primes",
                  "170141183460469231731687303715884105727"),
        Algorithm("prime", "finds a prime", "FIPS 186-5 §B.3", "numbers.prime", "--bits 64"),
        Algorithm("gcd", "the greatest common divisor", "Elements VII.2", "numbers.gcd", "3120 17"),
        Algorithm("inverse", "the inverse modulo a number", "FIPS 186-5 §B.1", "numbers.inverse", "17 3120"),
        Algorithm("power", "a power modulo a number", "Knuth TAOCP 2 §4.6.3", "numbers.power", "65 17 3233"),
    ),
}  # fmt: skip

ALGORITHMS = {algorithm.name: algorithm for group in GROUPS.values() for algorithm in group}


def find(name: str) -> Algorithm | None:
    """Return the algorithm of that name, in any spelling with capitals or underscores, or None."""
    spelling = name.lower().replace("_", "-").replace("/", "-")
    return ALGORITHMS.get(spelling) or ALGORITHMS.get(spelling.replace("sha-", "sha"))
