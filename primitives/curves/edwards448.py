"""Points of the Edwards curve edwards448, x² + y² = 1 + dx²y²: their group law and their octet strings.

Standard     RFC 8032 §5.2 to §5.2.4.
Left out     Nothing; edwards25519 is in `edwards25519.py`.
Timing       Everything here depends on its input. This is the reading material; `primitives.curves.edwards448_tables`
             computes when nobody is recording.

>>> decode(encode(B)) == B, encode(multiply(L, B)) == encode(NEUTRAL), encode(add(B, B)) == encode(double(B))
(True, True, True)
"""

from __future__ import annotations

from typing import TypeAlias

from explain.trace import algorithm, note, steps
from primitives.integers import mod_exp, mod_inverse

Point: TypeAlias = tuple[int, int, int]
"""Projective coordinates (X, Y, Z): x = X/Z, y = Y/Z (§5.2.4)."""

p = 2**448 - 2**224 - 1  # §5.2, table 2
d = -39081
L = (
    2**446 - 13818066809895115352007386748515426880336692474882178609894547503885
)  # the order of B; there are 4 L points

NEUTRAL: Point = (0, 1, 1)
B: Point = (
    224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710,
    298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660,
    1,
)


@algorithm("RFC 8032 §5.2.4", "P + Q", "one formula for any two points, so that no branch tells which", form="point")
def add(P: Point, Q: Point) -> Point:
    """Return P + Q (§5.2.4). One formula for all pairs, equal and neutral ones too, because d is not a square."""
    (X1, Y1, Z1), (X2, Y2, Z2) = P, Q
    A = Z1 * Z2 % p
    B = A * A % p
    C = X1 * X2 % p
    D = Y1 * Y2 % p
    E = d * C * D % p
    note("", "A, B, C, D, E", (A, B, C, D, E), "products of the coordinates, so that nothing is divided")
    F = B - E
    G = B + E
    H = (X1 + Y1) * (X2 + Y2) % p
    note("", "F, G, H", (F % p, G % p, H), "the result is x = A·(H − C − D)/G and y = A·(D − C)/F")
    return A * F * (H - C - D) % p, A * G * (D - C) % p, F * G % p


@algorithm("RFC 8032 §5.2.4", "2P", "P + P, where squares take the place of products", form="point")
def double(P: Point) -> Point:
    """Return 2P (§5.2.4): `add` would do, but this is cheaper."""
    X1, Y1, Z1 = P
    B = (X1 + Y1) ** 2 % p
    C = X1 * X1 % p
    D = Y1 * Y1 % p
    E = C + D
    H = Z1 * Z1 % p
    J = (E - 2 * H) % p
    note("", "B, C, D, E, H, J", (B, C, D, E % p, H, J), "squares of the coordinates: they cost less than products")
    return (B - E) * J % p, E * (C - D) % p, E * J % p


@algorithm("RFC 8032 §5.2.4", "kP", "going one way is fast; finding k again is the hard problem", form="point")
def multiply(k: int, P: Point) -> Point:
    """Return kP for k of 0 or more, by doubling and adding (§5.2.4)."""
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
    """Return the 57 bytes that spell P: y in 56 of them, and the lowest bit of x topmost in the last (§5.2.2)."""
    X, Y, Z = P
    inverse = mod_inverse(Z, p)
    x, y = int(X * inverse % p), int(Y * inverse % p)
    return (y | (x & 1) << 455).to_bytes(57, "little")


def decode(octets: bytes) -> Point:
    """Return the point that 57 bytes spell (§5.2.3); raise `ValueError` if they spell none, or wrongly."""
    if len(octets) != 57:
        raise ValueError(f"the encoded point has {len(octets)} bytes, expected 57")
    y = int.from_bytes(octets, "little")
    x_0, y = y >> 455, y % 2**455  # step 1
    if y >= p:
        raise ValueError("the encoded point has a y-coordinate of p or more")
    u, v = (y * y - 1) % p, (d * y * y - 1) % p  # step 2: x² = u/v; d is not a square, so v is not 0
    x = pow(u, 3, p) * v * mod_exp(pow(u, 5, p) * pow(v, 3, p) % p, (p - 3) // 4, p) % p  # a root, if there is one
    if (v * x * x - u) % p:  # step 3
        raise ValueError("the encoded point is not on the curve")
    if x == 0 and x_0 == 1:  # step 4
        raise ValueError("the encoded point has a sign, but x = 0 has none")
    if x % 2 != x_0:
        x = p - x
    return x, y, 1
