"""ECDSA: signatures with elliptic curves, with nonces that need no random number generator, or with random ones.

Standard     FIPS 186-5 §6.4; its steps as numbered in RFC 6979 §2.4 (signing) and SEC 1 v2.0 §4.1.4 (verifying);
             RFC 6979 §3.2 (the nonce k), FIPS 186-5 §A.3.1 (a random one); RFC 3279 §2.2.3 (signatures in DER).
Left out     Recovering the public key from a signature.
Timing       kG in `primitives.curves.jacobian`, whose head says what leaks; 1/k by a power that gmpy2 computes
             in constant time. The product x·r is Python's, which skips leading zeros. Verifying handles nothing secret.

>>> from primitives.ec import P256, ECPrivateKey
>>> from primitives.sha2 import sha256
>>> key = ECPrivateKey(P256, 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)     # RFC 6979 §A.2.5
>>> ecdsa_sign_p1363(key, b"sample", hash=sha256).hex()[:32]
'efd48b2aacb6a8fd1140dd9cd45e81d6'
>>> ecdsa_verify(key.public_key, b"sample", ecdsa_sign(key, b"sample", hash=sha256), hash=sha256)     # returns: valid
"""

from __future__ import annotations

from collections.abc import Iterator

from explain.trace import algorithm, note, steps, tracing
from primitives.curves import jacobian, weierstrass
from primitives.curves.weierstrass import Curve, Point
from primitives.ec import ECPrivateKey, ECPublicKey, multiply
from primitives.errors import InvalidSignature
from primitives.hashes import HashFunction
from primitives.hmac import HMAC
from primitives.integers import RandomBytes, i2osp, mod_exp_secret, mod_inverse, os2ip
from primitives.octets import require_bytes

EXTRA = 8  # bytes: FIPS 186-5 §A.3.1 wants 64 bits more than n has, or the remainder would favour small numbers


def ecdsa_sign(
    key: ECPrivateKey, message: bytes, *, hash: HashFunction, random_bytes: RandomBytes | None = None
) -> bytes:
    """Return the signature of `message` in DER: an Ecdsa-Sig-Value (RFC 3279 §2.2.3).

    message: any length. hash: hashes the message and makes the nonce; of what is longer than n, the left part counts.
    random_bytes: where the nonce is drawn from (FIPS 186-5 §A.3.1), which takes less time; without it, the nonce comes
    from key and message (RFC 6979). Two signatures with one nonce give the key away, and so do many with nonces of
    which a few bits can be guessed: so this has to be a good source.
    """
    return _encode_der(*_sign(key, message, hash, random_bytes))


def ecdsa_verify(key: ECPublicKey, message: bytes, signature: bytes, *, hash: HashFunction) -> None:
    """Return if `signature`, in DER, is that of `message`; raise `InvalidSignature` if not.

    An encoding other than the one that DER allows for its numbers is refused as well.
    """
    signature = require_bytes(signature, "ECDSA: the signature")
    _verify(key, message, *_decode_der(signature), hash)


def ecdsa_sign_p1363(key: ECPrivateKey, message: bytes, *, hash: HashFunction) -> bytes:
    """Return the signature of `message` as r ‖ s, two times `scalar_size` bytes: the format of IEEE P1363."""
    size = key.curve.scalar_size
    return b"".join(i2osp(number, size) for number in _sign(key, message, hash))


def ecdsa_verify_p1363(key: ECPublicKey, message: bytes, signature: bytes, *, hash: HashFunction) -> None:
    """Return if `signature`, as r ‖ s, is that of `message`; raise `InvalidSignature` if not."""
    signature = require_bytes(signature, "ECDSA: the signature")
    size = key.curve.scalar_size
    if len(signature) != 2 * size:
        raise InvalidSignature(f"ECDSA: the signature has {len(signature)} bytes, expected {2 * size}")
    _verify(key, message, os2ip(signature[:size]), os2ip(signature[size:]), hash)


@algorithm("RFC 6979 §2.4", "ECDSA sign", "nobody without the private key can make it", parts=(("r", 1), ("s", 1)))
def _sign(
    key: ECPrivateKey, message: bytes, hash: HashFunction, random_bytes: RandomBytes | None = None
) -> tuple[int, int]:
    """Return the signature (r, s) of `message` (RFC 6979 §2.4, and §3.2 for k)."""
    if not isinstance(key, ECPrivateKey):
        raise TypeError(f"ECDSA: the key is a {type(key).__name__}, expected an ECPrivateKey")
    message = require_bytes(message, "ECDSA: the message")
    curve, n = key.curve, key.curve.n
    h1 = hash(message).digest()
    h = note("1", "h", bits2int(h1, n) % n, "stands for the message, as a number that can be added to others modulo n")
    for k in _nonces(key, h1, hash) if random_bytes is None else _random_nonces(n, random_bytes):  # step 2
        R = note("3", "R = kG", multiply(curve, k, curve.G), "nobody knows how to find k from R", form="point")
        r = note(
            "3", "r", 0 if R is None else R[0] % n, "stands for R, which the verifier will compute again from it and s"
        )
        # Fermat: k^(n−2) = 1/k, as n is prime. An inversion by Euclid's algorithm would run in a time that tells
        # about k, and a few bits of many nonces are enough to compute the key.
        inverse = note(
            "4",
            "1/k = {k}^({n} − 2) mod {n}",
            mod_exp_secret(k, n - 2, n),
            "to divide modulo n is to multiply by the inverse",
        )
        s = (h + key.d * r) * inverse % n
        note("4", "s = ({h} + {key.d}·{r})·{1/k} mod {n}", s, "anyone who learns k learns the private key d from it")
        if r and s:  # zero, by a chance of one to n, would not depend on the key or could not be verified
            break
    return r, s


@algorithm("SEC 1 §4.1.4", "ECDSA verify", "anybody with the public key can check it", show=lambda _: True)
def _verify(key: ECPublicKey, message: bytes, r: int, s: int, hash: HashFunction) -> None:
    """Return if (r, s) is the signature of `message`; raise `InvalidSignature` if not (SEC 1 §4.1.4)."""
    if not isinstance(key, ECPublicKey):
        raise TypeError(f"ECDSA: the key is a {type(key).__name__}, expected an ECPublicKey")
    message = require_bytes(message, "ECDSA: the message")
    n = key.curve.n
    if not (1 <= r < n and 1 <= s < n):  # without this, r = s = 0 would verify wherever infinity is mishandled
        note("1", "r, s", (r, s), "out of [1, n − 1]: no signature has such numbers")
        raise InvalidSignature("ECDSA: the signature does not belong to this message and public key")
    note("1", "r, s", (r, s), "both are in [1, n − 1], as those of all signatures")
    e = note("3", "e", bits2int(hash(message).digest(), n), "the message as a number")
    w = mod_inverse(s, n)
    u1, u2 = e * w % n, r * w % n
    note("4", "u₁, u₂ = {e}/{s}, {r}/{s} mod {n}", (u1, u2), "so that u₁ + u₂·d = (e + r·d)/s, which is k")
    R = _multiply_and_add(key.curve, u1, u2, key.Q)
    note("5", "R = u₁G + u₂Q", R, "kG once more, this time without knowing k", form="point")
    # Infinity is refused by step 8, as r is not 0.
    v = note("7", "v", 0 if R is None else R[0] % n, "stands for R, as the signature's r does")
    if not note("8", "v = r", v == r, "so the signer knew k and the private key"):
        raise InvalidSignature("ECDSA: the signature does not belong to this message and public key")


def _multiply_and_add(curve: Curve, u1: int, u2: int, Q: Point) -> Point:
    """Return u₁G + u₂Q: fast, or step by step while recording."""
    if not tracing():
        return jacobian.multiply_and_add(curve, u1, u2, Q)
    return weierstrass.add(curve, multiply(curve, u1, curve.G), multiply(curve, u2, Q))


def bits2int(bits: bytes, n: int) -> int:
    """Return the leftmost bits of an octet string, as many as n has, as a number (RFC 6979 §2.3.2)."""
    return os2ip(bits) >> max(8 * len(bits) - n.bit_length(), 0)


def _nonces(key: ECPrivateKey, h1: bytes, hash: HashFunction) -> Iterator[int]:
    """Return the nonces k for a message with the digest h1: the first of them, as a rule, is the one (RFC 6979 §3.2).

    Derived from the key and the message, k repeats only if the whole signature does. Two messages under one random
    k give away the key, and so did many a random number generator.

    This is the generator of `hmac_drbg.py`, except that its state moves on only if another number is needed.
    """
    n, size = key.curve.n, key.curve.scalar_size
    x = i2osp(key.d, size)  # int2octets, RFC 6979 §2.3.3
    h = i2osp(bits2int(h1, n) % n, size)  # bits2octets, RFC 6979 §2.3.4
    with steps(
        "RFC 6979 §3.2",
        "HMAC_DRBG",
        "a nonce that is secret and differs for each message, without a source of randomness",
    ):
        V = note("b", "V", b"\1" * hash.digest_size, "any start will do: all that is secret comes in below")
        K = HMAC(bytes(hash.digest_size), hash=hash) if tracing() else _first_K(hash)
        note("c", "K", bytes(hash.digest_size), "any start will do, as for V")
        # The seed goes in twice, each time marked by another byte, as SP 800-90A §10.1.2.2 has it for HMAC_DRBG.
        for separator, (first, second) in (b"\0", "de"), (b"\1", "fg"):
            K = _rekey(K, V + separator + x + h, hash, first, "takes in the private key and the message")
            V = note(second, "V", _mac(K, V), "moves on under the new key")
    while True:  # step h
        with steps("RFC 6979 §3.2 step h", "candidate", "every number from 1 to n − 1 is as likely") as candidate:
            T = b""  # step h.1
            while 8 * len(T) < n.bit_length():
                V = _mac(K, V)
                T = note("h.2", "T", T + V, "as many bits as n has are needed")
            k = candidate.gives(bits2int(T, n))
        if 1 <= k < n:
            yield note("RFC 6979 §3.2 step h.3", "k", k, "in [1, n − 1]: this is the nonce")
        K = _rekey(K, V + b"\0", hash, "RFC 6979 §3.2 step h.3", "the next candidate has to be another number")
        V = _mac(K, V)


def _random_nonces(n: int, random_bytes: RandomBytes) -> Iterator[int]:
    """Return nonces that are drawn: the first of them, as a rule, is the one (FIPS 186-5 §A.3.1)."""
    size = -(-n.bit_length() // 8) + EXTRA
    while True:
        c = note("FIPS 186-5 §A.3.1", "c", os2ip(random_bytes(size)), "64 bits more than n has: see the next step")
        k = c % (n - 1) + 1
        yield note("FIPS 186-5 §A.3.1", "k = c mod (n − 1) + 1", k, "in [1, n − 1], and none is noticeably likelier")


def _first_K(hash: HashFunction) -> HMAC:
    """Return K of step c, which is the same for every key and message, and absorbed once."""
    if hash.name not in _FIRST_K:
        _FIRST_K[hash.name] = HMAC(bytes(hash.digest_size), hash=hash)
    return _FIRST_K[hash.name]


_FIRST_K: dict[str, HMAC] = {}


def _mac(K: HMAC, message: bytes) -> bytes:
    """Return HMAC_K(message); K, an HMAC of nothing yet, stays as it is."""
    mac = K.copy()
    mac.update(message)
    return mac.digest()


def _rekey(K: HMAC, message: bytes, hash: HashFunction, section: str, why: str) -> HMAC:
    """Return the next K: HMAC_K(message), as a key."""
    return HMAC(note(section, "K", _mac(K, message), why), hash=hash)


def _encode_der(r: int, s: int) -> bytes:
    """Return Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } in DER (X.690 §8.3, §8.9, §10.1)."""
    body = b""
    for number in r, s:
        integer = i2osp(number, number.bit_length() // 8 + 1)  # one bit more, the sign's, which is 0
        body += bytes([0x02, len(integer)]) + integer
    length = bytes([len(body)]) if len(body) < 0x80 else bytes([0x81, len(body)])
    return b"\x30" + length + body


def _decode_der(signature: bytes) -> tuple[int, int]:
    """Return r and s of an Ecdsa-Sig-Value; raise `InvalidSignature` if it is not exactly one in DER."""
    body, after = _read(signature, 0x30)
    first, rest = _read(body, 0x02)
    second, end = _read(rest, 0x02)
    for integer in first, second:
        # X.690 §8.3.2: as short as can be, so a first byte of zero only keeps the next one from looking negative.
        # Negative numbers, which begin with a 1 bit, are not an r or an s.
        if not integer or integer[0] >= 0x80 or (integer[0] == 0 and integer[1:2] < b"\x80" and len(integer) > 1):
            raise InvalidSignature("ECDSA: the signature is not in DER")
    if end or after:
        raise InvalidSignature("ECDSA: the signature is not in DER")
    return os2ip(first), os2ip(second)


def _read(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the contents of the DER value at the beginning of `data`, of up to 255 bytes, and what follows it."""
    start = 3 if data[1:2] == b"\x81" else 2
    if len(data) < start or data[0] != tag:
        raise InvalidSignature("ECDSA: the signature is not in DER")
    length = data[start - 1]
    # X.690 §10.1: 81 is for the lengths that one byte alone cannot give, 80 and above, and those need it.
    if (start == 3) != (length >= 0x80) or len(data) < start + length:
        raise InvalidSignature("ECDSA: the signature is not in DER")
    return data[start : start + length], data[start + length :]
