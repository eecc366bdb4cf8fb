r"""Points of an elliptic curve y² = x³ + ax + b over a prime field: their group law and their octet strings.

Standard     SEC 1 v2.0 §2.2.1 (group law), §2.3.3 and §2.3.4 (points as octet strings); SP 800-186 §2.1.1.
Left out     Binary fields; cofactors above 1; hybrid encodings (06, 07).
Timing       Everything here depends on its input: the number of additions on the bits of the scalar, each inversion on
             its operand. This is the reading material; `primitives.curves.jacobian` computes when nobody is recording.

>>> tiny = Curve("tiny", p=23, a=1, b=4, G=(0, 2), n=29)
>>> add(tiny, (0, 2), (0, 2)), add(tiny, (0, 2), (13, 12)), add(tiny, (0, 2), (0, 21))
((13, 12), (11, 9), None)
>>> multiply(tiny, 3, (0, 2)), encode_point(tiny, (11, 9)).hex(), decode_point(tiny, b"\3\x0b")
((11, 9), '040b09', (11, 9))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from explain.trace import algorithm, note, steps, tracing
from primitives.integers import i2osp, mod_inverse, os2ip
from primitives.octets import require_bytes
from primitives.square_root import square_root

Point: TypeAlias = "tuple[int, int] | None"
"""A point: its coordinates (x, y), or None for the point at infinity, which has none."""

INFINITY: Point = None  # O, the neutral element: P + O = P


@dataclass(frozen=True)
class Curve:
    """The domain parameters T = (p, a, b, G, n, h) of SEC 1 §3.1.1, with h = 1: every point is a multiple of G.

    name: as in the standard that defines the curve, such as `P-256`.
    p: the prime that the coordinates are taken modulo.
    a, b: the coefficients of y² = x³ + ax + b.
    G: the base point (x, y).
    n: the prime order of G, the number of points.
    """

    name: str
    p: int
    a: int
    b: int
    G: tuple[int, int]
    n: int

    @property
    def coordinate_size(self) -> int:
        """The length of a coordinate in bytes: ⌈(log2 p)/8⌉."""
        return (self.p.bit_length() + 7) // 8

    @property
    def scalar_size(self) -> int:
        """The length of a private key, or of r or s of a signature, in bytes: ⌈(log2 n)/8⌉."""
        return (self.n.bit_length() + 7) // 8


def is_on_curve(curve: Curve, P: Point) -> bool:
    """Return whether P is a point of the curve: infinity, or coordinates in [0, p) that satisfy its equation."""
    if P is None:
        return True
    x, y = P
    p = curve.p
    return 0 <= x < p and 0 <= y < p and (y * y - (x * x * x + curve.a * x + curve.b)) % p == 0


def negate(curve: Curve, P: Point) -> Point:
    """Return −P, the reflection of P in the x-axis (SEC 1 §2.2.1 rule 3)."""
    return None if P is None else (P[0], -P[1] % curve.p)


def add(curve: Curve, P: Point, Q: Point) -> Point:
    """Return P + Q by the rules of SEC 1 §2.2.1; both must be points of the curve."""
    if P is None:
        return Q  # rules 1 and 2: O is neutral
    if Q is None:
        return P
    p, (x1, y1), (x2, y2) = curve.p, P, Q
    if x1 == x2 and (y1 + y2) % p == 0:
        note("SEC 1 §2.2.1 rule 3", "P + Q", None, "the line through P and −P meets no third point", form="point")
        return None
    if x1 == x2:
        name, rule, why = "2P", "SEC 1 §2.2.1 rule 5", "the tangent at P meets the curve again in −2P"
        numerator, denominator = 3 * x1 * x1 + curve.a, 2 * y1
    else:
        name, rule, why = "P + Q", "SEC 1 §2.2.1 rule 4", "the line through P and Q meets the curve in −(P + Q)"
        numerator, denominator = y2 - y1, x2 - x1
    with steps(rule, name, why, form="point") as sum:
        λ = numerator * mod_inverse(denominator, p) % p
        note("", "λ = {numerator}/{denominator} mod {p}", λ, "the slope; to divide is to multiply by the inverse")
        x3 = (λ * λ - x1 - x2) % p
        note("", "x₃ = {λ}² − {x1} − {x2} mod {p}", x3, "the line meets the cubic where the x-coordinates sum to λ²")
        y3 = (λ * (x1 - x3) - y1) % p
        note("", "y₃ = {λ}·({x1} − {x3}) − {y1} mod {p}", y3, "the line at x₃, reflected in the x-axis")
        return sum.gives((x3, y3))


@algorithm("SEC 1 §2.2.1", "kP", "going one way is fast; finding k again is the hard problem", form="point")
def multiply(curve: Curve, k: int, P: Point) -> Point:
    """Return kP = P + P + … + P, k times (SEC 1 §2.2.1), by doubling and adding; k is 0 or more."""
    if k < 0:
        raise ValueError("the scalar is negative, expected 0 or more")
    R = INFINITY
    for i in reversed(range(k.bit_length())):  # from the most significant bit: k = 2(2(… ) + bit) + bit
        with steps(
            "", f"bit {i}", "doubling moves the bits so far up by one place: as many steps as k has bits", form="point"
        ) as turn:
            R = add(curve, R, R)
            if k >> i & 1:
                R = add(curve, R, P)
            turn.gives(R)
    return R


def encode_point(curve: Curve, P: Point, *, compressed: bool = False) -> bytes:
    """Return the octet string of P (SEC 1 §2.3.3).

    compressed: whether to send of y nothing but its parity: 1 + `coordinate_size` bytes instead of 1 + 2 of them.
    """
    if P is None:
        return b"\0"  # step 1
    x, y = P
    X = i2osp(x, curve.coordinate_size)
    if compressed:
        return bytes([2 + y % 2]) + X  # step 2: of the two roots y and p − y, one is odd and one even
    return b"\4" + X + i2osp(y, curve.coordinate_size)  # step 3


def decode_point(curve: Curve, M: bytes) -> Point:
    """Return the point that the octet string M spells, infinity included (SEC 1 §2.3.4).

    M: 00; or 02 or 03 and x; or 04, x and y; the coordinates of `coordinate_size` bytes each.

    Raises `ValueError` if it spells no point of the curve.
    """
    M = require_bytes(M, "the encoded point")
    if M == b"\0":
        return INFINITY  # step 1
    form, size = M[:1], curve.coordinate_size
    length = {b"\2": 1 + size, b"\3": 1 + size, b"\4": 1 + 2 * size}.get(form)
    if length is None:
        raise ValueError(f"the encoded point begins with {form.hex() or 'nothing'}, expected 02, 03 or 04")
    if len(M) != length:
        raise ValueError(f"the encoded point has {len(M)} bytes, expected {length} for {curve.name} after {form.hex()}")
    x = os2ip(M[1 : 1 + size])
    y = os2ip(M[1 + size :]) if form == b"\4" else _solve_for_y(curve, x, parity=M[0] & 1)
    on_curve = is_on_curve(curve, (x, y))
    if tracing():
        note("SEC 1 §2.3.4", "x, y", (x, y), "the coordinates that the octets spell")
        note("SEC 1 §2.3.4", "on the curve", on_curve, "y² = x³ + ax + b, or it would be a point of another curve")
    if not on_curve:  # step 3.5: skipped, the arithmetic would run on another, weaker curve
        raise ValueError(f"the encoded point is not on {curve.name}")
    return x, y


def _solve_for_y(curve: Curve, x: int, *, parity: int) -> int:
    """Return the root of y² = x³ + ax + b with that parity, or p if there is no root (SEC 1 §2.3.4 step 2)."""
    root = square_root((x * x * x + curve.a * x + curve.b) % curve.p, curve.p)  # step 2.4.1
    note("SEC 1 §2.3.4 step 2.4.1", "√(x³ + ax + b)", root, "y or p − y: the parity that was sent tells which")
    if root is None:
        return curve.p  # which is not a coordinate
    return root if root % 2 == parity else (curve.p - root)
