"""Scalars in signed odd digits, so that few additions multiply a point by them.

Standard     None prescribes it. Joye, Tunstall, "Exponent recoding and regular exponentiation algorithms" (2009), for
             secret scalars; Cohen, Miyaji, Ono, "Efficient elliptic curve exponentiation using mixed coordinates"
             (1998), for public ones.
Left out     Even digits: without them, the tables are half as large.
Timing       `regular_digits` gives as many digits for every scalar, none of them zero. `non_adjacent_form` is for
             public scalars only.

A digit d of width w is one of the odd numbers from −(2^w − 1) to 2^w − 1. It is given as its place e in a table of
these multiples of a point: d = 2e + 1 − 2^w.

>>> regular_digits(11, n=29, width=2), 11 == -1 * 4**0 - 1 * 4**1 + 1 * 4**2
([1, 1, 2], True)
>>> non_adjacent_form(11, width=2), 11 == 3 * 2**0 + 1 * 2**3
([(0, 3), (3, 2)], True)
"""

from __future__ import annotations


def regular_digits(k: int, *, n: int, width: int) -> list[int]:
    """Return the places of digits d_i, the least first, with k ≡ Σ d_i 2^(width·i) mod n.

    k: the scalar, 0 ≤ k < n; n: the order of the point, odd; width: in bits, 1 or more. Raises `ValueError` if k is out
    of range. How many digits there are depends on n and width alone, so every scalar costs the same additions.
    """
    if not 0 <= k < n:
        raise ValueError("the scalar is out of range, expected 0 to n − 1")
    # Σ d_i 2^(width·i) = 2 Σ e_i 2^(width·i) − (2^(width·count) − 1), so the e_i are the plain digits of
    # (k + 2^(width·count) − 1)/2. For that k must be odd; and as n times the point is neutral, k + n is as good as k.
    odd = k if k & 1 else k + n
    count = -(-(n.bit_length() + 1) // width)
    e, mask = (odd + (1 << width * count)) >> 1, (1 << width) - 1
    return [e >> shift & mask for shift in range(0, width * count, width)]


def non_adjacent_form(k: int, *, width: int) -> list[tuple[int, int]]:
    """Return digits of a public k, 0 or more, with at least `width` zeros between any two: the least significant first.

    Each comes as the power of two that it counts and its place in the table: k = Σ d 2^i, of pairs (i, e).
    """
    digits, i = [], 0
    while k:
        zeros = (k & -k).bit_length() - 1
        k >>= zeros
        i += zeros
        e = (k + (1 << width)) >> 1 & ((1 << width) - 1)  # the digit that leaves k − d divisible by 2^(width+1)
        k -= 2 * e + 1 - (1 << width)
        digits.append((i, e))
    return digits
