"""The rings that the tests compute in: one to do by hand, ML-KEM's, and ML-DSA's."""

from __future__ import annotations

import random

from primitives.lattices.ntt import Array, Ring

TINY = Ring(q=17, n=4, zeta=4, layers=1)
SMALL = Ring(q=97, n=8, zeta=pow(5, 12, 97), layers=2)  # 5 generates the group modulo 97
ML_KEM = Ring(q=3329, n=256, zeta=17, layers=7)  # FIPS 203 §4.3
ML_DSA = Ring(q=8380417, n=256, zeta=1753, layers=8)  # of FIPS 204: its residues are numbers
RINGS = [TINY, SMALL, ML_KEM, ML_DSA]


def name(ring: Ring) -> str:
    return f"q={ring.q}"


def some(ring: Ring, seed: int) -> Array:
    """Random coefficients, among them often the largest and the smallest."""
    choose = random.Random(seed)
    return [choose.choice([0, ring.q - 1, choose.randrange(ring.q)]) for _ in range(ring.n)]


def product(f: Array, g: Array, ring: Ring) -> Array:
    """The product modulo X^n + 1, coefficient by coefficient."""
    n = ring.n
    sums = [0] * (2 * n)
    for i, a in enumerate(f):
        for j, b in enumerate(g):
            sums[i + j] += a * b
    return [(low - high) % ring.q for low, high in zip(sums[:n], sums[n:], strict=True)]
