"""Euclid's algorithm: the greatest common divisor, and with it the inverse modulo a number.

Standard     FIPS 186-5 appendix B.1 (the inverse). The divisor is Euclid's, Elements VII.2.
Left out     Speed: `integers.py` has the same functions for computing with.
Timing       Takes as many steps as the numbers want: nothing secret belongs in here.

>>> gcd(3120, 17), inverse(17, 3120)
(1, 2753)
"""

from __future__ import annotations

from explain.trace import algorithm, note


@algorithm("Elements VII.2", "gcd", "what divides a and b divides what is left when b is taken from a")
def gcd(a: int, b: int) -> int:
    """Return the greatest common divisor of `a` and `b`, 0 or more each."""
    if a < 0 or b < 0:
        raise ValueError("gcd: a number is negative, expected 0 or more")
    while b:
        remainder = note("", f"{a} mod {b}", a % b, "b has the same divisors in common with the remainder")
        a, b = b, remainder
    return a


@algorithm("FIPS 186-5 §B.1", "inverse", "z·y = 1 modulo a: to divide is to multiply by the inverse")
def inverse(z: int, a: int) -> int:
    """Return the inverse of `z` modulo `a` (§B.1); raise `ValueError` if it does not exist.

    z: 0 < z < a.
    """
    if not 0 < z < a:  # step 1
        raise ValueError("inverse: z is out of range, expected 0 < z < a")
    i, j, y_1, y_2 = a, z, 1, 0  # step 2
    while j > 0:  # step 7
        quotient, remainder = divmod(i, j)  # steps 3 and 4
        y = y_2 - y_1 * quotient  # step 5
        why = "j = z·y_1 modulo a throughout; i and j get smaller as in Euclid's algorithm"
        note("steps 3-5", "quotient, remainder, y", (quotient, remainder, y), why)
        i, j, y_2, y_1 = j, remainder, y_1, y  # step 6
    if i != 1:  # step 8
        raise ValueError(f"inverse: it does not exist: both numbers are multiples of {i}")
    return y_2 % a  # step 9
