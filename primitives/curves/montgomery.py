"""The Montgomery ladder: a multiple of a point, from its u-coordinate alone.

Standard     RFC 7748 §5, for Curve25519 and Curve448.
Left out     The v-coordinate, which Diffie–Hellman does not need.
Timing       The ladder does the same operations in the same order for all scalars, and takes no branch on them.
             What still leaks: which of two places in memory is read, through the cache; and the integers below,
             whose arithmetic skips leading zeros.

>>> ladder(8, 9, p=2**255 - 19, a24=121665, bits=255) == ladder(4, ladder(2, 9, p=2**255 - 19, a24=121665, bits=255),
...     p=2**255 - 19, a24=121665, bits=255)
True
"""

from __future__ import annotations

from explain.trace import note, steps, tracing
from primitives.integers import big, mod_exp

DIGITS = bytes.maketrans(b"01", b"\0\1")  # what is written as a digit, as the number


def ladder(k: int, u: int, *, p: int, a24: int, bits: int) -> int:
    """Return the u-coordinate of k times the point with the u-coordinate `u`; 0 for infinity (§5).

    p: the prime of the coordinates. a24: (A − 2)/4 of the curve v² = u³ + Au² + u. bits: of every k.

    The RFC keeps two points, (x_2 : z_2) and (x_3 : z_3), and swaps them in constant time so that it is always the
    first that is doubled. Here the bit is that point's place in a list: that takes no branch either, and is cheaper.
    """
    P, a = big(p), big(a24)
    x_1 = big(u) % P
    R = [(big(1), big(0)), (x_1, big(1))]  # infinity and the point, in projective coordinates: u = x/z
    for t, k_t in zip(reversed(range(bits)), f"{k:0{bits}b}".encode().translate(DIGITS), strict=True):
        # Throughout, the second point is one point further than the first. At a 0 the first is doubled, and the
        # second becomes their sum; at a 1 the second is doubled. Their difference, and so x_1, stays what it was.
        other = 1 - k_t
        x_2, z_2 = R[k_t]
        x_3, z_3 = R[other]
        A = x_2 + z_2
        AA = A * A % P
        B = x_2 - z_2
        BB = B * B % P
        E = AA - BB
        DA = (x_3 - z_3) * A
        CB = (x_3 + z_3) * B  # not reduced, nor is what follows from it: that would cost more than it saves
        sum, difference = DA + CB, DA - CB
        R[other] = sum * sum % P, x_1 * (difference * difference) % P
        R[k_t] = AA * BB % P, E * (AA + a * E) % P
        if tracing():
            with steps("", f"bit {t}", "one point is doubled and two are added, at a 0 as at a 1") as turn:
                note("", "k_t", k_t, "0: the first point is doubled; 1: the second")
                note("", "AA, BB, E, DA, CB", (AA, BB, E % P, DA % P, CB % P), "for the doubling, and for the sum")
                note("", "x_2 : z_2", R[0], "the bits so far, times the point")
                note("", "x_3 : z_3", R[1], "one point further")
                turn.gives(k >> t)
    x_2, z_2 = R[0]
    inverse = mod_exp(int(z_2), p - 2, p)  # 1/z_2 by Fermat; and 0 for infinity, where z_2 is 0
    return int(x_2) * note("", "z_2^(p − 2)", inverse, "the inverse of z_2: the one division of the whole") % p
