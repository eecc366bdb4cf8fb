"""Scalar multiplication on edwards448 with tables: its fast path.

Standard     RFC 8032 §5.2.4, whose formulas these are with the same letters.
Left out     Tracing: `primitives.curves.edwards448` is the same group law, and a test ties the two.
Timing       `multiply_base` does the same additions for all scalars. What still leaks: the digit by which a table is
             indexed, through the cache; and the integers themselves, whose arithmetic skips leading zeros.
             `multiply` is for public scalars only.

>>> from primitives.curves.edwards448 import B, encode
>>> encode(multiply_base(2)) == encode(multiply(2, B))
True
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TypeAlias

from primitives.curves import edwards448
from primitives.curves.edwards448 import Point
from primitives.curves.recoding import non_adjacent_form, regular_digits
from primitives.integers import big, mod_inverse

Entry: TypeAlias = tuple[int, int, int]
"""A point in a table: x, y and x + y, which is what an addition takes of its second operand when Z = 1."""

WINDOW = 4  # bits of the scalar per addition; a table of 8 multiples and their negatives is made for every point
HALF = 223  # half the bits of a scalar
BASE_WINDOW = 7  # the same for the base point, whose tables are made once: 64 multiples for every 7 bits

p, d = big(edwards448.p), big(edwards448.d)


def multiply(k: int, P: Point) -> Point:
    """Return kP for a public k of 0 or more and any point P."""
    # k = low + 2^223 high, so kP = low P + high (2^223 P): of both at once, with half the doublings.
    terms = [
        (i, odd[e])
        for part, odd in zip((k % (1 << HALF), k >> HALF), _public_tables(P), strict=True)
        for i, e in non_adjacent_form(part, width=WINDOW)
    ]
    terms.sort(reverse=True)  # kP is the sum of 2^i times a multiple, of all terms: R takes them from the left
    R, last = _to_big(edwards448.NEUTRAL), terms[0][0] if terms else 0
    for i, multiple in terms:
        R = _add(_double(R, last - i), multiple)
        last = i
    return _double(R, last)


@lru_cache(maxsize=64)
def _public_tables(P: Point) -> list[list[Entry]]:
    """Return the tables of P and 2^223 P; kept, as a key that verified one signature often verifies more."""
    big_P = _to_big(P)
    return _odd_multiples([big_P, _double(big_P, HALF)], WINDOW)


def multiply_base(k: int) -> Point:
    """Return kB for a secret k with 0 ≤ k < L, without a single doubling: there are tables of every 2^(7i) B."""
    R = _to_big(edwards448.NEUTRAL)
    for odd, e in zip(_base_tables(), regular_digits(k, n=edwards448.L, width=BASE_WINDOW), strict=True):
        R = _add(R, odd[e])
    return R


def _odd_multiples(points: Sequence[Point], width: int) -> list[list[Entry]]:
    """Return for each point P its table: −(2^width − 1)P, …, −3P, −P, P, 3P, …, (2^width − 1)P."""
    doubles = _to_entries([_double(P, 1) for P in points])
    half, multiples = 2 ** (width - 1), []
    for P, double in zip(points, doubles, strict=True):
        multiples.append(P)
        for _ in range(half - 1):
            P = _add(P, double)
            multiples.append(P)
    entries = _to_entries(multiples)
    tables = [entries[start : start + half] for start in range(0, len(entries), half)]
    return [[(p - x, y, y - x) for x, y, _ in reversed(table)] + table for table in tables]  # −P has −x for x


@cache
def _base_tables() -> list[list[Entry]]:
    """Return the tables of odd multiples of B, 2^7 B, 2^14 B, …, made on first use, in a few milliseconds."""
    points = [_to_big(edwards448.B)]
    for _ in regular_digits(0, n=edwards448.L, width=BASE_WINDOW)[1:]:
        points.append(_double(points[-1], BASE_WINDOW))
    return _odd_multiples(points, BASE_WINDOW)


def _double(P: Point, times: int) -> Point:
    """Return 2^times P."""
    X, Y, Z = P
    for _ in range(times):
        C = X * X % p
        D = Y * Y % p
        E = C + D
        J = (E - 2 * Z * Z) % p
        X, Y, Z = 2 * X * Y * J % p, E * (C - D) % p, E * J % p  # the RFC's B − E is 2XY
    return X, Y, Z


def _add(P: Point, Q: Entry) -> Point:
    """Return P + Q."""
    A, (X, Y, _) = P[2], P
    x, y, sum = Q
    B = A * A
    C = X * x % p
    D = Y * y % p
    E = d * C * D
    F = (B - E) % p
    G = (B + E) % p
    H = (X + Y) * sum - C - D
    return A * F % p * H % p, A * G % p * (D - C) % p, F * G % p


def _to_entries(points: Sequence[Point]) -> list[Entry]:
    """Return points as a table holds them, at the price of a single inversion.

    Montgomery's trick: invert the product of all Z, then peel off one Z after the other.
    """
    products = [big(1)]
    for _, _, Z in points:
        products.append(products[-1] * Z % p)
    inverse = big(mod_inverse(products.pop(), p))
    entries = []
    for (X, Y, Z), product in zip(reversed(points), reversed(products), strict=True):
        z = inverse * product % p
        inverse = inverse * Z % p
        x, y = X * z % p, Y * z % p
        entries.append((x, y, x + y))
    return entries[::-1]


def _to_big(P: Point) -> Point:
    X, Y, Z = P
    return big(X), big(Y), big(Z)
