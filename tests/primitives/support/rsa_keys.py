"""The keys that the tests of RSA share. All of them are published or repeatable: none protects anything."""

from random import Random

from primitives.integers import os2ip
from primitives.primes import generate_prime
from primitives.rsa import OtherPrimeInfo, RSAPrivateKey, generate_private_key


def number(text: str) -> int:
    """The integer that hexadecimal digits spell, with spaces and line ends anywhere between them."""
    return os2ip(bytes.fromhex(text))


def r_is_one(length: int) -> bytes:
    """A source of randomness that turns blinding off, so that a private operation shows published values."""
    return (1).to_bytes(length, "big")


# RSA Laboratories, PKCS #1 v2.1 test vectors, oaep-int.txt
OAEP_INT = RSAPrivateKey(
    n=number(
        """bb f8 2f 09 06 82 ce 9c 23 38 ac 2b 9d a8 71 f7 36 8d 07 ee d4 10 43 a4
        40 d6 b6 f0 74 54 f5 1f b8 df ba af 03 5c 02 ab 61 ea 48 ce eb 6f cd 48
        76 ed 52 0d 60 e1 ec 46 19 71 9d 8a 5b 8b 80 7f af b8 e0 a3 df c7 37 72
        3e e6 b4 b7 d9 3a 25 84 ee 6a 64 9d 06 09 53 74 88 34 b2 45 45 98 39 4e
        e0 aa b1 2d 7b 61 a5 1f 52 7a 9a 41 f6 c1 68 7f e2 53 72 98 ca 2a 8f 59
        46 f8 e5 fd 09 1d bd cb"""
    ),
    e=0x11,
    d=number(
        """a5 da fc 53 41 fa f2 89 c4 b9 88 db 30 c1 cd f8 3f 31 25 1e 06 68 b4 27
        84 81 38 01 57 96 41 b2 94 10 b3 c7 99 8d 6b c4 65 74 5e 5c 39 26 69 d6
        87 0d a2 c0 82 a9 39 e3 7f dc b8 2e c9 3e da c9 7f f3 ad 59 50 ac cf bc
        11 1c 76 f1 a9 52 94 44 e5 6a af 68 c5 6c 09 2c d3 8d c3 be f5 d2 0a 93
        99 26 ed 4f 74 a1 3e dd fb e1 a1 ce cc 48 94 af 94 28 c2 b7 b8 88 3f e4
        46 3a 4b c8 5b 1c b3 c1"""
    ),
    p=number(
        """ee cf ae 81 b1 b9 b3 c9 08 81 0b 10 a1 b5 60 01 99 eb 9f 44 ae f4 fd a4
        93 b8 1a 9e 3d 84 f6 32 12 4e f0 23 6e 5d 1e 3b 7e 28 fa e7 aa 04 0a 2d
        5b 25 21 76 45 9d 1f 39 75 41 ba 2a 58 fb 65 99"""
    ),
    q=number(
        """c9 7f b1 f0 27 f4 53 f6 34 12 33 ea aa d1 d9 35 3f 6c 42 d0 88 66 b1 d0
        5a 0f 20 35 02 8b 9d 86 98 40 b4 16 66 b4 2e 92 ea 0d a3 b4 32 04 b5 cf
        ce 33 52 52 4d 04 16 a5 a4 41 e7 00 af 46 15 03"""
    ),
    dP=number(
        """54 49 4c a6 3e ba 03 37 e4 e2 40 23 fc d6 9a 5a eb 07 dd dc 01 83 a4 d0
        ac 9b 54 b0 51 f2 b1 3e d9 49 09 75 ea b7 74 14 ff 59 c1 f7 69 2e 9a 2e
        20 2b 38 fc 91 0a 47 41 74 ad c9 3c 1f 67 c9 81"""
    ),
    dQ=number(
        """47 1e 02 90 ff 0a f0 75 03 51 b7 f8 78 86 4c a9 61 ad bd 3a 8a 7e 99 1c
        5c 05 56 a9 4c 31 46 a7 f9 80 3f 8f 6f 8a e3 42 e9 31 fd 8a e4 7a 22 0d
        1b 99 a4 95 84 98 07 fe 39 f9 24 5a 98 36 da 3d"""
    ),
    qInv=number(
        """b0 6c 4f da bb 63 01 19 8d 26 5b db ae 94 23 b3 80 f2 71 f7 34 53 88 50
        93 07 7f cd 39 e2 11 9f c9 86 32 15 4f 58 83 b1 67 a9 67 bf 40 2b 4e 9e
        2e 0f 96 56 e6 98 ea 36 66 ed fb 25 79 80 39 f7"""
    ),
    random_bytes=r_is_one,
)

# RSA Laboratories, PKCS #1 v2.1 test vectors, pss-int.txt
PSS_INT = RSAPrivateKey.from_primes(
    p=number(
        """d1 7f 65 5b f2 7c 8b 16 d3 54 62 c9 05 cc 04 a2 6f 37 e2 a6 7f a9 c0 ce
        0d ce d4 72 39 4a 0d f7 43 fe 7f 92 9e 37 8e fd b3 68 ed df f4 53 cf 00
        7a f6 d9 48 e0 ad e7 57 37 1f 8a 71 1e 27 8f 6b"""
    ),
    q=number(
        """c6 d9 2b 6f ee 74 14 d1 35 8c e1 54 6f b6 29 87 53 0b 90 bd 15 e0 f1 49
        63 a5 e2 63 5a db 69 34 7e c0 c0 1b 2a b1 76 3f d8 ac 1a 59 2f b2 27 57
        46 3a 98 24 25 bb 97 a3 a4 37 c5 bf 86 d0 3f 2f"""
    ),
    e=65537,
)

KEY_1024 = generate_private_key(1024, for_tests_only=True, random_bytes=Random(1024).randbytes)
KEY_2048 = generate_private_key(2048, random_bytes=Random(2048).randbytes)


def key_of(bits: int, *, e: int = 65537) -> RSAPrivateKey:
    """A key of any length, so that the lengths at which an encoding gains a byte can be tested."""
    source = Random(bits).randbytes
    while True:
        p = generate_prime(bits // 2, random_bytes=source)
        q = generate_prime(bits - bits // 2, random_bytes=source)
        if (p * q).bit_length() == bits and (p - 1) % e and (q - 1) % e:
            return RSAPrivateKey.from_primes(p, q, e=e)


def multi_prime_key(primes: list[int], *, e: int = 65537) -> RSAPrivateKey:
    """A key of three or more primes, computed as RFC 8017 §3.2 defines it."""
    two = RSAPrivateKey.from_primes(primes[0], primes[1], e=e)
    n, phi = two.n, (two.p - 1) * (two.q - 1)
    others = []
    for r in primes[2:]:
        others.append(OtherPrimeInfo(r, pow(e, -1, r - 1), pow(n, -1, r)))
        n, phi = n * r, phi * (r - 1)
    return RSAPrivateKey(n, e, pow(e, -1, phi), two.p, two.q, two.dP, two.dQ, two.qInv, tuple(others))
