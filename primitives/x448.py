"""X448: Diffie–Hellman on Curve448, with a single coordinate.

Standard     RFC 7748 §5 (the function), §6.2 (Diffie–Hellman).
Left out     Nothing; X25519 is in `x25519.py`.
Timing       That of the ladder in `primitives.curves.montgomery`. One's own public key is computed by
             `primitives.curves.edwards448_tables`, whose head says what leaks there.

>>> k = bytes.fromhex(     # RFC 7748 §5.2
...     "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121"
...     "700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3")
>>> u = bytes.fromhex(
...     "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9"
...     "814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086")
>>> x448(k, u).hex()[:56]
'ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239f'
"""

from __future__ import annotations

from explain.trace import algorithm, note, tracing
from primitives.curves import edwards448_tables
from primitives.curves.edwards448 import L
from primitives.curves.montgomery import ladder
from primitives.integers import mod_exp
from primitives.octets import require_bytes

p = 2**448 - 2**224 - 1  # §4.2
bits = 448  # §5
a24 = 39081  # §5: (156326 − 2)/4, from the curve's equation v² = u³ + 156326u² + u
BASE_POINT = (5).to_bytes(56, "little")  # §6.2: x448(a, BASE_POINT) is the public key of the private key a


def decodeUCoordinate(u: bytes) -> int:
    """Return the coordinate, 56 bytes, as a number; all of its bits count (§5)."""
    return int.from_bytes(u, "little")


def encodeUCoordinate(u: int) -> bytes:
    """Return the coordinate, a number modulo p, as 56 bytes (§5)."""
    return (u % p).to_bytes(56, "little")


def decodeScalar448(k: bytes) -> int:
    """Return the scalar, 56 bytes, as a number with three of its bits fixed (§5)."""
    k_list = bytearray(k)
    k_list[0] &= 252  # a multiple of 4, the cofactor: points of small order are sent to zero
    k_list[55] |= 128  # bit 447 is set in all scalars: no implementation can leak where the topmost 1 is
    return int.from_bytes(k_list, "little")


@algorithm("RFC 7748 §5", "X448", "the other party comes to the same point, and nobody else")
def x448(scalar: bytes, u: bytes) -> bytes:
    """Return the u-coordinate of the scalar times the point with u-coordinate `u`, 56 bytes (§5).

    scalar: the private key, any 56 bytes.
    u: the other party's public key, any 56 bytes; or `BASE_POINT`, to compute one's own public key.

    Raises `ValueError` if the result is all zeros, as it is for a `u` of small order: such a secret would not depend
    on the private key (§6.2).
    """
    scalar, u = require_bytes(scalar, "X448: the scalar"), require_bytes(u, "X448: the u-coordinate")
    for name, value in ("scalar", scalar), ("u-coordinate", u):
        if len(value) != 56:
            raise ValueError(f"X448: the {name} has {len(value)} bytes, expected 56")
    k = note("", "k", decodeScalar448(scalar), "a multiple of 4, so points of small order tell nothing of it")
    u_1 = note("", "u", decodeUCoordinate(u), "p and more is accepted, and stands for what is left modulo p")
    base = u_1 == decodeUCoordinate(BASE_POINT) and not tracing()
    result = encodeUCoordinate(_multiply_base(k) if base else ladder(k, u_1, p=p, a24=a24, bits=bits))
    if not note("§6.2", "result ≠ 0", result != bytes(56), "zero would not depend on the private key"):
        raise ValueError("X448: the result is all zeros, as for a u-coordinate of small order")
    return result


def _multiply_base(k: int) -> int:
    """Return the u-coordinate of k times the base point, for which edwards448 has tables.

    §4.2: an isogeny leads from there to Curve448, and takes base point to base point, with u = y²/x². Where k is a
    multiple of the order L, x is 0, and so is what this returns, as the ladder does.
    """
    X, Y, _ = edwards448_tables.multiply_base(k % L)
    ratio = int(Y) * mod_exp(int(X), p - 2, p) % p
    return ratio * ratio % p
