"""Ed25519: deterministic signatures with a twisted Edwards curve.

Standard     RFC 8032 §5.1.5 to §5.1.7; FIPS 186-5 §7.
Left out     Ed25519ctx and Ed25519ph (§5.1 with a context or a prehash); Ed448 is in `ed448.py`.
Timing       rB and sB in `primitives.curves.edwards25519_tables`, whose head says what leaks. The product k·s is
             Python's, which skips leading zeros. Verifying handles nothing secret.

The equation that is checked is [S]B = R + [k]A, which the RFC calls sufficient, not the same times the cofactor 8. They
differ only on signatures that were made to differ on purpose; and what passes this one passes the other.

>>> seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")     # RFC 8032 §7.1 TEST 1
>>> ed25519_public_key(seed).hex()
'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
>>> ed25519_sign(seed, b"").hex()[:64]
'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155'
>>> ed25519_verify(ed25519_public_key(seed), b"", ed25519_sign(seed, b""))     # it returns: the signature is valid
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, tracing
from primitives.curves import edwards25519, edwards25519_tables
from primitives.curves.edwards25519 import L, Point, decode, encode
from primitives.errors import InvalidSignature
from primitives.octets import require_bytes
from primitives.sha2 import sha512


def ed25519_public_key(key: bytes) -> bytes:
    """Return the public key, 32 bytes, that belongs to a private key (§5.1.5).

    key: the private key, 32 random bytes: what the RFC calls the private key, and others the seed.
    """
    return _expand(key)[2]


@algorithm("RFC 8032 §5.1.6", "Ed25519 sign", "nobody without the key can make it", parts=(("R", 32), ("S", 32)))
def ed25519_sign(key: bytes, message: bytes) -> bytes:
    """Return the signature of `message`, 64 bytes (§5.1.6).

    key: the private key, 32 bytes, as for `ed25519_public_key`. message: any length.
    """
    message = require_bytes(message, "Ed25519: the message")
    s, prefix, A = _expand(key)  # step 1
    r = int.from_bytes(sha512(prefix + message).digest(), "little") % L
    note("2", "r", r, "the nonce: secret and new for every message, without a random number")
    R = note("3", "R", encode(_multiply_base(r)), "rB: nobody knows how to find r from it")
    k = int.from_bytes(sha512(R + A + message).digest(), "little") % L
    note("4", "k", k, "the challenge, which depends on R, so r cannot be made to fit it")
    S = note("5", "S = ({r} + {k}·{s}) mod {L}", (r + k * s) % L, "anyone who learns r learns s, which is the key")
    return R + S.to_bytes(32, "little")  # step 6


@algorithm("RFC 8032 §5.1.7", "Ed25519 verify", "anyone with the public key can check it", show=lambda _: True)
def ed25519_verify(key: bytes, message: bytes, signature: bytes) -> None:
    """Return if `signature` is that of `message`; raise `InvalidSignature` if not (§5.1.7).

    key: the public key, 32 bytes; one that is not a point of the curve has no valid signatures. message: any length.
    signature: refused unless it is 64 bytes with R and S in the one spelling that each has.
    """
    key, message = require_bytes(key, "Ed25519: the public key"), require_bytes(message, "Ed25519: the message")
    signature = require_bytes(signature, "Ed25519: the signature")
    if len(key) != 32:
        raise ValueError(f"Ed25519: the public key has {len(key)} bytes, expected 32")
    if len(signature) != 64:
        raise InvalidSignature(f"Ed25519: the signature has {len(signature)} bytes, expected 64")
    S = note("1", "S", int.from_bytes(signature[32:], "little"), "the second half of the signature")
    if not note("1", "S < L", S < L, "S + L would give a second signature of the same message"):
        raise InvalidSignature("Ed25519: the signature does not belong to this message and public key")
    try:
        R, A = decode(signature[:32]), decode(key)
    except ValueError:
        note("1", "R, A are points", False, "no signer makes a signature that spells no point of the curve")
        raise InvalidSignature("Ed25519: the signature does not belong to this message and public key") from None
    note("1", "R, A", (R, A), "the first half of the signature, and the key, as points", form="point")
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    note("2", "k", k, "the signer's challenge, computed again")
    left = note("3", "[S]B", encode(_multiply_base(S)), "rB + k·sB, if S is r + k·s")
    right = encode(edwards25519.add(R, _multiply(k, A)))
    note("3", "R + [k]A", right, "rB + k·sB: the same point, if S was made with s")
    if not note("3", "[S]B = R + [k]A", left == right, "so the signer knew r and the secret scalar"):
        raise InvalidSignature("Ed25519: the signature does not belong to this message and public key")


def _expand(key: bytes) -> tuple[int, bytes, bytes]:
    """Return the secret scalar s, the prefix and the public key A of a private key (§5.1.5)."""
    key = require_bytes(key, "Ed25519: the private key")
    if len(key) != 32:
        raise ValueError(f"Ed25519: the private key has {len(key)} bytes, expected 32")
    with steps("RFC 8032 §5.1.5", "key", "32 bytes become a scalar and a secret to make nonces with") as whole:
        h = bytearray(sha512(key).digest())
        note("1", "h", bytes(h), "64 bytes: the first half for the scalar, the second for nonces")
        h[0] &= 0b1111_1000  # a multiple of the cofactor 8
        h[31] &= 0b0111_1111
        h[31] |= 0b0100_0000  # bit 254 is set in all keys: no implementation can leak where the topmost 1 is
        note("2", "h[:32]", bytes(h[:32]), "a multiple of 8, so points of small order tell nothing of it")
        s = note("3", "s", int.from_bytes(h[:32], "little"), "anyone who has this number can sign")
        A = whole.gives(note("4", "A", encode(_multiply_base(s % L)), "sB, the public key: s cannot be found from it"))
    return s, bytes(h[32:]), A


def _multiply_base(k: int) -> Point:
    """Return kB for 0 ≤ k < L: fast, or step by step while recording."""
    if tracing():
        return edwards25519.multiply(k, edwards25519.B)
    return edwards25519_tables.multiply_base(k)


def _multiply(k: int, P: Point) -> Point:
    """Return kP for a public k: fast, or step by step while recording."""
    if tracing():
        return edwards25519.multiply(k, P)
    return edwards25519_tables.multiply(k, P)
