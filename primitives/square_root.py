"""Square roots modulo a prime.

Standard     SEC 1 v2.0 §2.3.4 step 2.4.1 asks for one. Where p ≡ 3 modulo 4 a single power gives it; for other primes
             this is the algorithm of Tonelli (1891) and Shanks (1973).
Left out     Moduli that are not prime.
Timing       Depends on the number, for primes that are not 3 modulo 4. It is for numbers that everybody may know.

>>> square_root(10, 13), square_root(5, 13), square_root(2, 7)
(7, None, 4)
"""

from __future__ import annotations

from itertools import count

from primitives.integers import mod_exp


def square_root(a: int, p: int) -> int | None:
    """Return a root of `a` modulo the odd prime `p`, one of the two, or None."""
    a %= p
    if p % 4 == 3:
        r = mod_exp(a, (p + 1) // 4, p)  # its square is a times a^((p − 1)/2), which is 1 if a is a square
        return r if r * r % p == a else None
    if a == 0:
        return 0
    if mod_exp(a, (p - 1) // 2, p) != 1:  # Euler's criterion
        return None
    s = (p - 1 & 1 - p).bit_length() - 1
    q = p - 1 >> s  # p − 1 = q · 2^s, q odd
    r, t = mod_exp(a, (q + 1) // 2, p), mod_exp(a, q, p)  # r² = a · t, and the order of t is a power of two below 2^s
    c = mod_exp(next(z for z in count(2) if mod_exp(z, (p - 1) // 2, p) == p - 1), q, p)  # of order 2^s
    while t != 1:
        i, power = 0, t
        while power != 1:  # the order of t is 2^i
            i, power = i + 1, power * power % p
        b = mod_exp(c, 1 << s - i - 1, p)
        s, c = i, b * b % p  # b² is of order 2^i, as t is, so that t · b² is of a lower order
        r, t = r * b % p, t * c % p
    return r
