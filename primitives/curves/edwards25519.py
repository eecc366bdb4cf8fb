"""Points of the twisted Edwards curve edwards25519, −x² + y² = 1 + dx²y²: their group law and their octet strings.

Standard     RFC 8032 §5.1 to §5.1.4.
Left out     Nothing; edwards448 is in `edwards448.py`.
Timing       Everything here depends on its input. This is the reading material; `primitives.curves.edwards25519_tables`
             computes when nobody is recording.

>>> encode(B).hex()     # RFC 8032 §5.1: y of the base point is 4/5
'5866666666666666666666666666666666666666666666666666666666666666'
>>> encode(multiply(L, B)) == encode(NEUTRAL), encode(add(B, B)) == encode(double(B))
(True, True)
"""

from __future__ import annotations

from typing import TypeAlias

from explain.trace import algorithm, note, steps
from primitives.integers import mod_exp, mod_inverse

Point: TypeAlias = tuple[int, int, int, int]
"""Extended homogeneous coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x·y = T/Z (§5.1.4)."""

p = 2**255 - 19  # §5.1, table 1
d = -121665 * mod_inverse(121666, p) % p
L = 2**252 + 27742317777372353535851937790883648493  # the order of B, a prime; there are 8 L points

NEUTRAL: Point = (0, 1, 1, 0)


@algorithm("RFC 8032 §5.1.4", "P + Q", "one formula for any two points, so that no branch tells which", form="point")
def add(P: Point, Q: Point) -> Point:
    """Return P + Q (§5.1.4). One formula for all pairs, equal and neutral ones too, because d is not a square."""
    (X1, Y1, Z1, T1), (X2, Y2, Z2, T2) = P, Q
    A = (Y1 - X1) * (Y2 - X2) % p
    B = (Y1 + X1) * (Y2 + X2) % p
    C = T1 * 2 * d * T2 % p
    D = Z1 * 2 * Z2 % p
    note("", "A, B, C, D", (A, B, C, D), "products of the coordinates, so that nothing is divided")
    E = B - A
    F = D - C
    G = D + C
    H = B + A
    note("", "E, F, G, H", (E, F, G, H), "the result is x = E/G and y = H/F: F·G becomes its Z")
    return E * F % p, G * H % p, F * G % p, E * H % p


@algorithm("RFC 8032 §5.1.4", "2P", "P + P, where squares take the place of products", form="point")
def double(P: Point) -> Point:
    """Return 2P (§5.1.4): `add` would do, but this is cheaper."""
    X1, Y1, Z1, _ = P
    A = X1 * X1 % p
    B = Y1 * Y1 % p
    C = 2 * Z1 * Z1 % p
    note("", "A, B, C", (A, B, C), "squares of the coordinates: they cost less than products")
    H = A + B
    E = H - (X1 + Y1) ** 2 % p
    G = A - B
    F = C + G
    note("", "E, F, G, H", (E, F, G, H), "the result is x = E/G and y = H/F: F·G becomes its Z")
    return E * F % p, G * H % p, F * G % p, E * H % p


@algorithm("RFC 8032 §5.1.4", "kP", "going one way is fast; finding k again is the hard problem", form="point")
def multiply(k: int, P: Point) -> Point:
    """Return kP for k of 0 or more, by doubling and adding (§5.1.4)."""
    if k < 0:
        raise ValueError("the scalar is negative, expected 0 or more")
    R = NEUTRAL
    for i in reversed(range(k.bit_length())):  # from the most significant bit: k = 2(2(… ) + bit) + bit
        with steps(
            "", f"bit {i}", "doubling moves the bits so far up by one place: as many steps as k has bits", form="point"
        ) as turn:
            R = double(R)
            if k >> i & 1:
                R = add(R, P)
            turn.gives(R)
    return R


def encode(P: Point) -> bytes:
    """Return the 32 bytes that spell P: y, and the lowest bit of x in the topmost place (§5.1.2)."""
    X, Y, Z, _ = P
    inverse = mod_inverse(Z, p)
    x, y = int(X * inverse % p), int(Y * inverse % p)
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(octets: bytes) -> Point:
    """Return the point that 32 bytes spell (§5.1.3); raise `ValueError` if they spell none, or wrongly."""
    if len(octets) != 32:
        raise ValueError(f"the encoded point has {len(octets)} bytes, expected 32")
    y = int.from_bytes(octets, "little")
    x_0, y = y >> 255, y % 2**255  # step 1
    if y >= p:
        raise ValueError("the encoded point has a y-coordinate of p or more")
    u, v = (y * y - 1) % p, (d * y * y + 1) % p  # step 2: x² = u/v; d is not a square, so v is not 0
    x = u * pow(v, 3, p) * mod_exp(u * pow(v, 7, p) % p, (p - 5) // 8, p) % p  # a root of u/v or of −u/v, if any
    if (v * x * x + u) % p == 0:  # step 3: of −u/v, so a root of −1 is missing
        x = x * mod_exp(2, (p - 1) // 4, p) % p
    if (v * x * x - u) % p:
        raise ValueError("the encoded point is not on the curve")
    if x == 0 and x_0 == 1:  # step 4
        raise ValueError("the encoded point has a sign, but x = 0 has none")
    if x % 2 != x_0:
        x = p - x
    return x, y, 1, x * y % p


B = decode((4 * mod_inverse(5, p) % p).to_bytes(32, "little"))  # §5.1: y = 4/5, and x even
