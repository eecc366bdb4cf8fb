"""Computes how seldom ML-KEM's decryption fails, and how often it would with another modulus.

    python docs/decryption_failures.py

Decryption gets μ + eᵀ y + e_2 + (rounding of v) − sᵀ (e_1 + rounding of u), and fails where all but μ is more than a
quarter of q in any of 256 coefficients. Each of them is a sum of small numbers, of which this computes the
distribution, up to probabilities of 2^-512. It takes the numbers of a sum for independent, and adds up the
probabilities of all coefficients.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from functools import reduce

from primitives.lattices.packing import Compress, Decompress
from primitives.ml_kem import ML_KEM, ML_KEM_512, ML_KEM_768, ML_KEM_1024, n, q

PRECISION = 512  # bits after the point
ONE = 1 << PRECISION
LANE = 2 * PRECISION + 32  # bits of room for a sum of products

Distribution = Mapping[int, int]
"""The probability of each number, times `ONE`."""


def binomial(eta: int) -> Distribution:
    """Return the distribution of SamplePolyCBD's coefficients (FIPS 203 §4.2.2 algorithm 8)."""
    return {x: ONE * math.comb(2 * eta, eta + x) >> 2 * eta for x in range(-eta, eta + 1)}


def rounding(d: int, modulus: int) -> Distribution:
    """Return the distribution of what compression to `d` bits and back adds to a coefficient."""
    found: dict[int, int] = defaultdict(int)
    for x in range(modulus):
        error = Decompress(d, Compress(d, x, modulus), modulus) - x
        found[(error + modulus // 2) % modulus - modulus // 2] += ONE // modulus
    return found


def product(one: Distribution, other: Distribution) -> Distribution:
    """Return the distribution of the product of two numbers."""
    found: dict[int, int] = defaultdict(int)
    for x, p in one.items():
        for y, r in other.items():
            found[x * y] += p * r >> PRECISION
    return found


def sum_of(one: Distribution, other: Distribution) -> Distribution:
    """Return the distribution of the sum of two numbers: a product of two polynomials, and so of two long integers."""
    packed = _packed(one) * _packed(other)
    low = min(one) + min(other)
    count = max(one) + max(other) - low + 1
    size = LANE // 8
    octets = packed.to_bytes(count * size, "little")
    lanes = [int.from_bytes(octets[i * size : (i + 1) * size], "little") >> PRECISION for i in range(count)]
    return {low + i: p for i, p in enumerate(lanes) if p}


def _packed(distribution: Distribution) -> int:
    low, high = min(distribution), max(distribution)
    size = LANE // 8
    return int.from_bytes(
        b"".join([distribution.get(x, 0).to_bytes(size, "little") for x in range(low, high + 1)]), "little"
    )


def repeated(distribution: Distribution, times: int) -> Distribution:
    """Return the distribution of the sum of so many such numbers."""
    powers = []
    while times:
        if times & 1:
            powers.append(distribution)
        times >>= 1
        if times:
            distribution = sum_of(distribution, distribution)
    return reduce(sum_of, powers)


def failures(parameters: ML_KEM, modulus: int = q) -> float:
    """Return the logarithm to base 2 of the probability that decryption fails."""
    s = y = binomial(parameters.eta_1)
    errors = binomial(parameters.eta_2)
    in_u = sum_of(errors, rounding(parameters.d_u, modulus))
    terms = n * parameters.k
    total = sum_of(repeated(product(s, y), terms), repeated(product(s, in_u), terms))
    total = sum_of(total, sum_of(errors, rounding(parameters.d_v, modulus)))
    too_far = sum(p for x, p in total.items() if 4 * abs(x) > modulus)
    return math.log2(too_far) - PRECISION + math.log2(n)


if __name__ == "__main__":
    for modulus in (769, q):
        for parameters in (ML_KEM_512, ML_KEM_768, ML_KEM_1024):
            print(f"{parameters.name} with the modulus {modulus}: 2^{failures(parameters, modulus):.1f}", flush=True)
