"""Scalar multiplication in Jacobian coordinates: the fast path of the Weierstrass curves.

Standard     SP 800-186 leaves the coordinates open. Cohen, Miyaji, Ono, "Efficient elliptic curve exponentiation using
             mixed coordinates" (1998), has doubling and addition; Montgomery, "Speeding the Pollard and elliptic curve
             methods of factorization" (1987), the inversion of many numbers at once.
Left out     Tracing: `primitives.curves.weierstrass` is the same group law as one reads it, and a test ties the two.
Timing       `multiply` and `multiply_base` do the same doublings and additions for all scalars of a curve, short ones
             too, so the length of a nonce does not show. What still leaks: the digit by which a table is indexed,
             through the cache; the integers themselves, whose arithmetic skips leading zeros; and the rare cases in
             `_add` that have a branch of their own. `multiply_and_add` is for public scalars only.

A point (X, Y, Z) stands for the affine point (X/Z², Y/Z³), and Z = 0 for infinity. The division that every affine
addition needs is put off to the end, where one serves for all.

>>> from primitives.curves.nist_curves import P256
>>> multiply_base(P256, 2) == multiply(P256, 2, P256.G) == multiply_and_add(P256, 1, 1, P256.G)
True
>>> hex(multiply_base(P256, 2)[0])
'0x7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978'
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TypeAlias

from primitives.curves.recoding import non_adjacent_form, regular_digits
from primitives.curves.weierstrass import INFINITY, Curve, Point
from primitives.integers import big, mod_inverse

Affine: TypeAlias = tuple[int, int]
Jacobian: TypeAlias = tuple[int, int, int]

WINDOW = (
    4  # bits of the scalar per addition; a table of 8 multiples and their negatives is made for every multiplication
)
BASE_WINDOW = 7  # the same for the base point, whose tables are made once: 64 multiples for every 7 bits


def multiply(curve: Curve, k: int, P: Point) -> Point:
    """Return kP for a secret k with 0 ≤ k < n and a point P of the curve."""
    if P is None:
        return INFINITY
    p, a = big(curve.p), big(curve.a)
    width = _width(curve, WINDOW)
    odd = _odd_multiples([_from_affine(P)], width, a, p)[0]
    R = _from_affine((0, 0), Z=0)
    for e in reversed(regular_digits(k, n=curve.n, width=width)):
        R = _add(_double(R, width, a, p), odd[e], a, p)
    return _to_point(R, p)


def multiply_base(curve: Curve, k: int) -> Point:
    """Return kG for a secret k with 0 ≤ k < n."""
    return _to_point(_add_multiple_of_base(curve, _from_affine((0, 0), Z=0), k), big(curve.p))


def multiply_and_add(curve: Curve, u: int, v: int, Q: Point) -> Point:
    """Return uG + vQ for public u and v with 0 ≤ u, v < n and a point Q of the curve."""
    p, a = big(curve.p), big(curve.a)
    R = _from_affine((0, 0), Z=0)
    if Q is not None:
        width, half = _width(curve, WINDOW), _half(curve)
        terms = [
            (i, odd[e])
            for part, odd in zip((v % (1 << half), v >> half), _public_tables(curve, Q), strict=True)
            for i, e in non_adjacent_form(part, width=width)
        ]
        last = half + 1  # vQ is the sum of 2^i times a multiple in a table, of all terms: R takes them from the left
        for i, multiple in sorted(terms, reverse=True):
            R = _add(_double(R, last - i, a, p), multiple, a, p)
            last = i
        R = _double(R, last, a, p)
    return _to_point(_add_multiple_of_base(curve, R, u), p)


def _add_multiple_of_base(curve: Curve, R: Jacobian, k: int) -> Jacobian:
    """Return R + kG without a single doubling: there is a table of the odd multiples of every 2^(7i) G."""
    p, a = big(curve.p), big(curve.a)
    digits = regular_digits(k, n=curve.n, width=_width(curve, BASE_WINDOW))
    for odd, e in zip(_base_tables(curve), digits, strict=True):
        R = _add(R, odd[e], a, p)
    return R


def _width(curve: Curve, window: int) -> int:
    """Return the window, or less on curves so small that a table would meet infinity, the n-th multiple."""
    return min(window, curve.n.bit_length() - 1)


def _odd_multiples(points: Sequence[Jacobian], width: int, a: int, p: int) -> list[list[Affine]]:
    """Return for each point P its table: −(2^width − 1)P, …, −3P, −P, P, 3P, …, (2^width − 1)P."""
    doubles = _to_affine([_double(P, 1, a, p) for P in points], p)
    half, multiples = 2 ** (width - 1), []
    for P, double in zip(points, doubles, strict=True):
        multiples.append(P)
        for _ in range(half - 1):
            P = _add(P, double, a, p)
            multiples.append(P)
    affine = _to_affine(multiples, p)
    tables = [affine[start : start + half] for start in range(0, len(affine), half)]
    return [[(x, p - y) for x, y in reversed(table)] + table for table in tables]


def _half(curve: Curve) -> int:
    """Return half a scalar's bits: v = low + 2^half high, so vQ = low Q + high (2^half Q), with half the doublings."""
    return (curve.n.bit_length() + 1) // 2


@lru_cache(maxsize=64)
def _public_tables(curve: Curve, Q: Affine) -> list[list[Affine]]:
    """Return the tables of Q and 2^half Q; kept, as who verifies one signature with a key often verifies more."""
    p, a = big(curve.p), big(curve.a)
    P = _from_affine(Q)
    return _odd_multiples([P, _double(P, _half(curve), a, p)], _width(curve, WINDOW), a, p)


@cache
def _base_tables(curve: Curve) -> list[list[Affine]]:
    """Return the tables of odd multiples of G, 2^7 G, 2^14 G, …, made on first use, in a few milliseconds."""
    p, a = big(curve.p), big(curve.a)
    width = _width(curve, BASE_WINDOW)
    points = [_from_affine(curve.G)]
    for _ in regular_digits(0, n=curve.n, width=width)[1:]:
        points.append(_double(points[-1], width, a, p))
    return _odd_multiples(points, width, a, p)


def _double(P: Jacobian, times: int, a: int, p: int) -> Jacobian:
    """Return 2^times P. Infinity stays infinity, as Z = 0 stays 0, and so becomes a point of order two, where Y = 0."""
    X, Y, Z = P
    T = 2 * Y  # kept in place of Y along the run of doublings: it saves the doubling of numbers
    for _ in range(times):
        ZZ = Z * Z % p
        TT = T * T % p  # 4Y²
        M = (3 * X * X + a * ZZ * ZZ) % p  # λ of the affine rule is (3x² + a)/2y, which is M/TZ
        S = X * TT  # not reduced: the two lines that use it do that
        Z = T * Z % p
        X = (M * M - 2 * S) % p
        T = (M * (2 * (S - X)) - TT * TT) % p
    return X, (T + p if T & 1 else T) >> 1, Z  # half of T modulo p


def _add(P: Jacobian, Q: Affine, a: int, p: int) -> Jacobian:
    """Return P + Q, whatever P is: infinity, Q itself and −Q too."""
    X, Y, Z = P
    x, y = Q
    if not Z:
        return _from_affine(Q)
    ZZ = Z * Z % p
    H = (x * ZZ - X) % p  # λ of the affine rule is (y₂ − y₁)/(x₂ − x₁), which is R/ZH
    R = (y * Z * ZZ - Y) % p
    if not H:  # the same x, where the affine rule would divide by zero: Q is P, or −P
        return _from_affine(Q, Z=0) if R else _double(P, 1, a, p)
    HH = H * H % p
    HHH = H * HH % p
    V = X * HH
    X = (R * R - HHH - 2 * V) % p
    return X, (R * (V - X) - Y * HHH) % p, Z * H % p


def _from_affine(P: Affine, Z: int = 1) -> Jacobian:
    """Return the point P, or infinity with Z = 0, in Jacobian coordinates."""
    return big(P[0]), big(P[1]), big(Z)


def _to_affine(points: Sequence[Jacobian], p: int) -> list[Affine]:
    """Return the affine coordinates of points, none of them infinity, at the price of a single inversion.

    Montgomery's trick: invert the product of all Z, then peel off one Z after the other.
    """
    products = [big(1)]
    for _, _, Z in points:
        products.append(products[-1] * Z % p)
    inverse = big(mod_inverse(products.pop(), p))
    affine = []
    for (X, Y, Z), product in zip(reversed(points), reversed(products), strict=True):
        z = inverse * product % p
        inverse = inverse * Z % p
        zz = z * z % p
        affine.append((X * zz % p, Y * zz * z % p))
    return affine[::-1]


def _to_point(P: Jacobian, p: int) -> Point:
    """Return the point P in affine coordinates, as plain integers."""
    if not P[2]:
        return INFINITY
    x, y = _to_affine([P], p)[0]
    return int(x), int(y)
