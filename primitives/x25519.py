"""X25519: Diffie–Hellman on Curve25519, with a single coordinate.

Standard     RFC 7748 §5 (the function), §6.1 (Diffie–Hellman).
Left out     X448.
Timing       The ladder does the same operations in the same order for all scalars, and takes no branch on them.
             What still leaks: which of two places in memory is read, through the cache; and the integers below,
             whose arithmetic skips leading zeros. One's own public key is computed by
             `primitives.curves.edwards25519_tables`, whose head says what leaks there.

>>> k = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")     # RFC 7748 §5.2
>>> u = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
>>> x25519(k, u).hex()
'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, tracing
from primitives.curves import edwards25519_tables
from primitives.curves.edwards25519 import L
from primitives.integers import big, mod_exp
from primitives.octets import require_bytes

p = 2**255 - 19  # §4.1
bits = 255  # §5
a24 = 121665  # §5: (486662 − 2)/4, from the curve's equation v² = u³ + 486662u² + u
DIGITS = bytes.maketrans(b"01", b"\0\1")  # what is written as a digit, as the number
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
    """Return the scalar, 32 bytes, as a number with five of its bits set right (§5)."""
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
    k = note("", "k", decodeScalar25519(scalar), "a multiple of the cofactor 8 with its topmost bit in a fixed place")
    u_1 = note("", "u", decodeUCoordinate(u), "the topmost bit is ignored: some formats keep a sign there")
    base = u_1 == decodeUCoordinate(BASE_POINT) and not tracing()
    result = encodeUCoordinate(_multiply_base(k) if base else _ladder(k, u_1))
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


def _ladder(k: int, u: int) -> int:
    """Return the u-coordinate of k times the point: the Montgomery ladder of §5.

    The RFC keeps two points, (x_2 : z_2) and (x_3 : z_3), and swaps them in constant time so that it is always the
    first that is doubled. Here the bit is that point's place in a list: that takes no branch either, and is cheaper.
    """
    P, a = big(p), big(a24)
    x_1 = big(u) % P
    R = [(big(1), big(0)), (x_1, big(1))]  # infinity and the point, in projective coordinates: u = x/z
    for t, k_t in zip(reversed(range(bits)), f"{k:0{bits}b}".encode().translate(DIGITS), strict=True):
        # Throughout, the second point is one point further than the first. At a 0 the first is doubled, and the
        # second becomes their sum; at a 1 the second is doubled. Their difference, and so x_1, stays what it was.
        other = 1 - k_t
        x_2, z_2 = R[k_t]
        x_3, z_3 = R[other]
        A = x_2 + z_2
        AA = A * A % P
        B = x_2 - z_2
        BB = B * B % P
        E = AA - BB
        DA = (x_3 - z_3) * A
        CB = (x_3 + z_3) * B  # not reduced, nor is what follows from it: that would cost more than it saves
        sum, difference = DA + CB, DA - CB
        R[other] = sum * sum % P, x_1 * (difference * difference) % P
        R[k_t] = AA * BB % P, E * (AA + a * E) % P
        if tracing():
            with steps(
                "", f"bit {t}", "at a 0 as at a 1, one point is doubled and two are added: the time tells no bit"
            ) as turn:
                note("", "k_t", k_t, "0: the first point is doubled; 1: the second")
                note("", "AA, BB, E", (AA, BB, E % P), "for the doubling")
                note("", "DA, CB", (DA % P, CB % P), "for the sum of two points")
                note("", "x_2 : z_2", R[0], "the bits so far, times the point")
                note("", "x_3 : z_3", R[1], "one point further")
                turn.gives(k >> t)
    x_2, z_2 = R[0]
    inverse = mod_exp(int(z_2), p - 2, p)  # 1/z_2 by Fermat; and 0 for infinity, where z_2 is 0
    return int(x_2) * note("", "z_2^(p − 2)", inverse, "the inverse of z_2: the one division of the whole") % p
