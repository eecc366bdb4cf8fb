"""Ed25519: deterministic signatures with a twisted Edwards curve.

Standard     RFC 8032 §5.1.5 to §5.1.7; FIPS 186-5 §7.
Left out     Ed25519ctx and Ed25519ph (§5.1 with a context or a prehash); Ed448.
Timing       rB and sB in `primitives.curves.edwards25519_tables`, whose head says what leaks. The product k·s is
             Python's, which skips leading zeros. Verifying handles nothing secret.

The equation that is checked is [S]B = R + [k]A, which the RFC calls sufficient, not the same times the cofactor 8. They
differ only on signatures that their maker spoiled on purpose; and what passes this one passes the other.

>>> seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")     # RFC 8032 §7.1 TEST 1
>>> ed25519_public_key(seed).hex()
'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
>>> ed25519_sign(seed, b"").hex()[:64]
'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155'
>>> ed25519_verify(ed25519_public_key(seed), b"", ed25519_sign(seed, b""))     # it returns: the signature is valid
"""

from __future__ import annotations

from explain import trace
from primitives.curves import edwards25519, edwards25519_tables
from primitives.curves.edwards25519 import L, Point, decode, encode
from primitives.errors import InvalidSignature
from primitives.octets import require_bytes
from primitives.sha2 import sha512

_KEYS, _SIGN, _VERIFY = "RFC 8032 §5.1.5 step ", "RFC 8032 §5.1.6 step ", "RFC 8032 §5.1.7 step "


def ed25519_public_key(key: bytes) -> bytes:
    """Return the public key, 32 bytes, that belongs to a private key (§5.1.5).

    key: the private key, 32 random bytes: what the RFC calls the private key, and others the seed.
    """
    return _expand(key)[2]


def ed25519_sign(key: bytes, message: bytes) -> bytes:
    """Return the signature of `message`, 64 bytes (§5.1.6).

    key: the private key, 32 bytes, as for `ed25519_public_key`. message: any length.
    """
    message = require_bytes(message, "Ed25519: the message")
    why = "only the private key's owner can make it"
    with trace.group("Ed25519 sign", "RFC 8032 §5.1.6", why=why, parts=(("R", 32), ("S", 32))) as whole:
        s, prefix, A = _expand(key)  # step 1
        r = int.from_bytes(sha512(prefix + message).digest(), "little") % L
        trace.step("r", r, _SIGN + "2", why="the nonce: secret and new for every message, without a random number")
        R = encode(_multiply_base(r))
        trace.step("R", R, _SIGN + "3", why="rB: from it nobody finds r")
        k = int.from_bytes(sha512(R + A + message).digest(), "little") % L
        trace.step("k", k, _SIGN + "4", why="the challenge, which depends on R, so r cannot be made to fit it")
        S = (r + k * s) % L
        trace.step("S", S, _SIGN + "5", why="r + k·s: who knows r knows the key")
        whole.value = signature = R + S.to_bytes(32, "little")  # step 6
    return signature


def ed25519_verify(key: bytes, message: bytes, signature: bytes) -> None:
    """Return if `signature` is that of `message`; raise `InvalidSignature` if not (§5.1.7).

    key: the public key, 32 bytes; one that is no point of the curve has no valid signatures. message: any length.
    signature: refused unless it is 64 bytes with R and S in the one spelling that each has.
    """
    key, message = require_bytes(key, "Ed25519: the public key"), require_bytes(message, "Ed25519: the message")
    signature = require_bytes(signature, "Ed25519: the signature")
    if len(key) != 32:
        raise ValueError(f"Ed25519: the public key has {len(key)} bytes, expected 32")
    with trace.group("Ed25519 verify", "RFC 8032 §5.1.7", why="anybody with the public key can check it") as whole:
        if len(signature) != 64:
            raise InvalidSignature(f"Ed25519: the signature has {len(signature)} bytes, expected 64")
        S = int.from_bytes(signature[32:], "little")
        trace.step("S", S, _VERIFY + "1", why="the second half of the signature")
        trace.step("S < L", S < L, _VERIFY + "1", why="S + L would give a second signature of the same message")
        if S >= L:
            raise InvalidSignature("Ed25519: the signature does not belong to this message and public key")
        try:
            R, A = decode(signature[:32]), decode(key)
        except ValueError:
            trace.step(
                "R, A are points", False, _VERIFY + "1", why="what spells no point of the curve was made by none"
            )
            raise InvalidSignature("Ed25519: the signature does not belong to this message and public key") from None
        trace.step(
            "R, A", (R, A), _VERIFY + "1", why="the first half of the signature, and the key, as points", form="point"
        )
        k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
        trace.step("k", k, _VERIFY + "2", why="the signer's challenge, computed again")
        left = encode(_multiply_base(S))
        trace.step("[S]B", left, _VERIFY + "3", why="S = r + k·s")
        right = encode(edwards25519.add(R, _multiply(k, A)))
        trace.step("R + [k]A", right, _VERIFY + "3", why="rB + k·sB: the same point, if S was made with s")
        trace.step("[S]B = R + [k]A", left == right, _VERIFY + "3", why="so the signer knew r and the secret scalar")
        if left != right:
            raise InvalidSignature("Ed25519: the signature does not belong to this message and public key")
        whole.value = True


def _expand(key: bytes) -> tuple[int, bytes, bytes]:
    """Return the secret scalar s, the prefix and the public key A of a private key (§5.1.5)."""
    key = require_bytes(key, "Ed25519: the private key")
    if len(key) != 32:
        raise ValueError(f"Ed25519: the private key has {len(key)} bytes, expected 32")
    with trace.group(
        "key", "RFC 8032 §5.1.5", why="32 bytes become a scalar and a secret to make nonces with"
    ) as whole:
        h = bytearray(sha512(key).digest())
        trace.step("h", bytes(h), _KEYS + "1", why="64 bytes: the first half for the scalar, the second for nonces")
        h[0] &= 0b1111_1000  # a multiple of the cofactor 8
        h[31] &= 0b0111_1111
        h[31] |= 0b0100_0000  # bit 254 is set in all keys: no implementation can leak where the topmost 1 is
        trace.step("h[:32]", bytes(h[:32]), _KEYS + "2", why="five of its bits set right")
        s = int.from_bytes(h[:32], "little")
        trace.step("s", s, _KEYS + "3", why="the secret scalar")
        A = encode(_multiply_base(s % L))
        trace.step("A", A, _KEYS + "4", why="sB, the public key")
        whole.value = A
    return s, bytes(h[32:]), A


def _multiply_base(k: int) -> Point:
    """Return kB for 0 ≤ k < L: fast, or step by step if somebody is watching."""
    if trace.active():
        return edwards25519.multiply(k, edwards25519.B)
    return edwards25519_tables.multiply_base(k)


def _multiply(k: int, P: Point) -> Point:
    """Return kP for a public k: fast, or step by step if somebody is watching."""
    if trace.active():
        return edwards25519.multiply(k, P)
    return edwards25519_tables.multiply(k, P)
