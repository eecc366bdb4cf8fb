"""Ed448: deterministic signatures with an Edwards curve, for a strength of 224 bits.

Standard     RFC 8032 §5.2.5 to §5.2.7; FIPS 186-5 §7.
Left out     Nothing: Ed448ph is the same with `prehash=True`.
Timing       rB and sB in `primitives.curves.edwards448_tables`, whose head says what leaks. The product k·s is
             Python's, which skips leading zeros. Verifying handles nothing secret.

The equation that is checked is [S]B = R + [k]A, which the RFC calls sufficient, not the same times the cofactor 4. They
differ only on signatures that were made to differ on purpose; and what passes this one passes the other.

>>> seed = bytes.fromhex(     # RFC 8032 §7.4, the first test
...     "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3"
...     "528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b")
>>> ed448_public_key(seed).hex()[:58]
'5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80'
>>> ed448_sign(seed, b"").hex()[:58]
'533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d4'
>>> ed448_verify(ed448_public_key(seed), b"", ed448_sign(seed, b""))     # it returns: the signature is valid
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, tracing
from primitives.curves import edwards448, edwards448_tables
from primitives.curves.edwards448 import L, Point, decode, encode
from primitives.errors import InvalidSignature
from primitives.octets import require_bytes
from primitives.sha3 import shake_256


def ed448_public_key(key: bytes) -> bytes:
    """Return the public key, 57 bytes, that belongs to a private key (§5.2.5).

    key: the private key, 57 random bytes: what the RFC calls the private key, and others the seed.
    """
    return _expand(key)[2]


@algorithm("RFC 8032 §5.2.6", "Ed448 sign", "nobody without the key can make it", parts=(("R", 57), ("S", 57)))
def ed448_sign(key: bytes, message: bytes, *, context: bytes = b"", prehash: bool = False) -> bytes:
    """Return the signature of `message`, 114 bytes (§5.2.6).

    key: the private key, 57 bytes, as for `ed448_public_key`. message: any length.
    context: what the signature is for, at most 255 bytes. prehash: sign the message's SHAKE256, as Ed448ph.
    """
    dom, M = _formatted(message, context, prehash)
    s, prefix, A = _expand(key)  # step 1
    r = _number(dom + prefix + M)
    note("2", "r", r, "the nonce: secret and new for every message, without a random number")
    R = note("3", "R", encode(_multiply_base(r)), "rB: nobody knows how to find r from it")
    k = note("4", "k", _number(dom + R + A + M), "the challenge, which depends on R, so r cannot be made to fit it")
    S = note("5", "S = ({r} + {k}·{s}) mod {L}", (r + k * s) % L, "anyone who learns r learns s, which is the key")
    return R + S.to_bytes(57, "little")  # step 6


@algorithm("RFC 8032 §5.2.7", "Ed448 verify", "anyone with the public key can check it", show=lambda _: True)
def ed448_verify(key: bytes, message: bytes, signature: bytes, *, context: bytes = b"", prehash: bool = False) -> None:
    """Return if `signature` is that of `message`; raise `InvalidSignature` if not (§5.2.7).

    key: the public key, 57 bytes; one that is not a point of the curve has no valid signatures. message: any length.
    signature: refused unless it is 114 bytes with R and S in the one spelling that each has.
    context, prehash: those that it was signed with.
    """
    key, signature = require_bytes(key, "Ed448: the public key"), require_bytes(signature, "Ed448: the signature")
    dom, M = _formatted(message, context, prehash)
    if len(key) != 57:
        raise ValueError(f"Ed448: the public key has {len(key)} bytes, expected 57")
    if len(signature) != 114:
        raise InvalidSignature(f"Ed448: the signature has {len(signature)} bytes, expected 114")
    S = note("1", "S", int.from_bytes(signature[57:], "little"), "the second half of the signature")
    if not note("1", "S < L", S < L, "S + L would give a second signature of the same message"):
        raise InvalidSignature("Ed448: the signature does not belong to this message and public key")
    try:
        R, A = decode(signature[:57]), decode(key)
    except ValueError:
        note("1", "R, A are points", False, "no signer makes a signature that spells no point of the curve")
        raise InvalidSignature("Ed448: the signature does not belong to this message and public key") from None
    note("1", "R, A", (R, A), "the first half of the signature, and the key, as points", form="point")
    k = note("2", "k", _number(dom + signature[:57] + key + M), "the signer's challenge, computed again")
    left = note("3", "[S]B", encode(_multiply_base(S)), "S = r + k·s")
    right = encode(edwards448.add(R, _multiply(k, A)))
    note("3", "R + [k]A", right, "rB + k·sB: the same point, if S was made with s")
    if not note("3", "[S]B = R + [k]A", left == right, "so the signer knew r and the secret scalar"):
        raise InvalidSignature("Ed448: the signature does not belong to this message and public key")


def _formatted(message: bytes, context: bytes, prehash: bool) -> tuple[bytes, bytes]:
    """Return dom4(F, C), and PH(M): the message itself, or its digest (§2, §5.2)."""
    M, C = require_bytes(message, "Ed448: the message"), require_bytes(context, "Ed448: the context")
    if len(C) > 255:
        raise ValueError(f"Ed448: the context has {len(C)} bytes, expected at most 255")
    dom = b"SigEd448" + bytes([prehash, len(C)]) + C
    note("RFC 8032 §2", "dom4(F, C)", dom, "no signature is valid in another context, nor with another algorithm")
    return dom, shake_256(M).digest(64) if prehash else M


def _number(data: bytes) -> int:
    """Return the first 114 bytes of SHAKE256 of `data`, as a number modulo L."""
    return int.from_bytes(shake_256(data).digest(114), "little") % L


def _expand(key: bytes) -> tuple[int, bytes, bytes]:
    """Return the secret scalar s, the prefix and the public key A of a private key (§5.2.5)."""
    key = require_bytes(key, "Ed448: the private key")
    if len(key) != 57:
        raise ValueError(f"Ed448: the private key has {len(key)} bytes, expected 57")
    with steps("RFC 8032 §5.2.5", "key", "57 bytes become a scalar and a secret to make nonces with") as whole:
        h = bytearray(shake_256(key).digest(114))
        note("1", "h", bytes(h), "114 bytes: the first half for the scalar, the second for nonces")
        h[0] &= 0b1111_1100  # a multiple of the cofactor 4
        h[56] = 0
        h[55] |= 0b1000_0000  # bit 447 is set in all keys: no implementation can leak where the topmost 1 is
        note("2", "h[:57]", bytes(h[:57]), "a multiple of 4, so points of small order tell nothing of it")
        s = note("3", "s", int.from_bytes(h[:57], "little"), "anyone who has this number can sign")
        A = whole.gives(note("4", "A", encode(_multiply_base(s % L)), "sB, the public key: s cannot be found from it"))
    return s, bytes(h[57:]), A


def _multiply_base(k: int) -> Point:
    """Return kB for 0 ≤ k < L: fast, or step by step while recording."""
    if tracing():
        return edwards448.multiply(k, edwards448.B)
    return edwards448_tables.multiply_base(k)


def _multiply(k: int, P: Point) -> Point:
    """Return kP for a public k: fast, or step by step while recording."""
    if tracing():
        return edwards448.multiply(k, P)
    return edwards448_tables.multiply(k, P)
