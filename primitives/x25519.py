"""X25519: Diffie–Hellman on Curve25519, with a single coordinate.

Standard     RFC 7748 §5 (the function), §6.1 (Diffie–Hellman).
Left out     Nothing; X448 is in `x448.py`.
Timing       That of the ladder in `primitives.curves.montgomery`. One's own public key is computed by
             `primitives.curves.edwards25519_tables`, whose head says what leaks there.

>>> k = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")     # RFC 7748 §5.2
>>> u = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
>>> x25519(k, u).hex()
'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'
"""

from __future__ import annotations

from explain.trace import algorithm, note, tracing
from primitives.curves import edwards25519_tables
from primitives.curves.edwards25519 import L
from primitives.curves.montgomery import ladder
from primitives.integers import mod_exp
from primitives.octets import require_bytes

p = 2**255 - 19  # §4.1
bits = 255  # §5
a24 = 121665  # §5: (486662 − 2)/4, from the curve's equation v² = u³ + 486662u² + u
BASE_POINT = (9).to_bytes(32, "little")  # §6.1: x25519(a, BASE_POINT) is the public key of the private key a


def decodeLittleEndian(b: bytes) -> int:
    """Return the number that the octets spell, the least significant first (§5)."""
    return int.from_bytes(b, "little")


def decodeUCoordinate(u: bytes) -> int:
    """Return the coordinate, 32 bytes, as a number; its topmost bit is ignored (§5)."""
    return decodeLittleEndian(u[:31] + bytes([u[31] & 0x7F]))


def encodeUCoordinate(u: int) -> bytes:
    """Return the coordinate, a number modulo p, as 32 bytes (§5)."""
    return (u % p).to_bytes(32, "little")


def decodeScalar25519(k: bytes) -> int:
    """Return the scalar, 32 bytes, as a number with five of its bits fixed (§5)."""
    k_list = bytearray(k)
    k_list[0] &= 248  # a multiple of 8, the cofactor: points of small order are sent to zero
    k_list[31] &= 127
    k_list[31] |= 64  # bit 254 is set in all scalars: no implementation can leak where the topmost 1 is
    return decodeLittleEndian(bytes(k_list))


@algorithm("RFC 7748 §5", "X25519", "the other party comes to the same point, and nobody else")
def x25519(scalar: bytes, u: bytes) -> bytes:
    """Return the u-coordinate of the scalar times the point with u-coordinate `u`, 32 bytes (§5).

    scalar: the private key, any 32 bytes.
    u: the other party's public key, any 32 bytes; or `BASE_POINT`, to compute one's own public key.

    Raises `ValueError` if the result is all zeros, as it is for a `u` of small order: such a secret would not depend
    on the private key (§6.1).
    """
    scalar, u = require_bytes(scalar, "X25519: the scalar"), require_bytes(u, "X25519: the u-coordinate")
    for name, value in ("scalar", scalar), ("u-coordinate", u):
        if len(value) != 32:
            raise ValueError(f"X25519: the {name} has {len(value)} bytes, expected 32")
    k = note("", "k", decodeScalar25519(scalar), "a multiple of 8, so points of small order tell nothing of it")
    u_1 = note("", "u", decodeUCoordinate(u), "the topmost bit is ignored: some formats keep a sign there")
    base = u_1 == decodeUCoordinate(BASE_POINT) and not tracing()
    result = encodeUCoordinate(_multiply_base(k) if base else ladder(k, u_1, p=p, a24=a24, bits=bits))
    if not note("§6.1", "result ≠ 0", result != bytes(32), "zero would not depend on the private key"):
        raise ValueError("X25519: the result is all zeros, as for a u-coordinate of small order")
    return result


def _multiply_base(k: int) -> int:
    """Return the u-coordinate of k times the base point, for which edwards25519 has tables.

    §4.1: the two are one curve in other coordinates, with u = (1 + y)/(1 − y), and so is the base point the same. No
    scalar makes it neutral, where y = 1: a multiple of 8 and of its order L is 0 or above 2^255.
    """
    _, Y, Z, _ = edwards25519_tables.multiply_base(k % L)
    return int(Z + Y) * mod_exp(int(Z - Y), p - 2, p) % p
