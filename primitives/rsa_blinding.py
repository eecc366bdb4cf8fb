"""RSA blinding: the factors that make the number which a private operation works on one that nobody knows.

Standard     None prescribes it. Kocher, "Timing attacks on implementations of Diffie–Hellman, RSA, DSS, and other
             systems" (1996), which also squares the factors from one operation to the next.
Left out     Blinding of the exponent.
Timing       The inverse and the power, on random numbers of which nobody sees more, run in variable time.

(x·r^e)^d = x^d·r: so with r^e multiplied in before, and r^-1 after, the power d is taken of another number, and the
result is the same. To make r^e and r^-1 anew takes 50 µs for a key of 2048 bits, and 4 % of the operation; to square
them, which gives those of r², takes 3.

>>> from random import Random     # so that the example repeats
>>> blinding = Blinding()
>>> r_e, r_inverse = blinding.take(n=3233, e=17, random_bytes=Random(1).randbytes)
>>> pow(r_inverse, -17, 3233) == r_e, blinding.take(n=3233, e=17, random_bytes=Random(1).randbytes) == (
...     r_e**2 % 3233, r_inverse**2 % 3233)
(True, True)
"""

from __future__ import annotations

from primitives.integers import RandomBytes, big, mod_exp, mod_inverse, random_below

USES = 32  # of a random r and its squares, until another one is drawn: what was learned of it serves no longer


class Blinding:
    """The blinding of one key. Any number of threads may take factors: no two operations ever have the same."""

    __slots__ = ("_squares",)

    def __init__(self) -> None:
        # Each is an r^e and its r^-1, and for how many operations they are good. A thread that takes one
        # out has it alone, as `pop` gives it to one thread only; so there are as many as there were operations at once.
        self._squares: list[tuple[int, int, int]] = []

    def take(self, *, n: int, e: int, random_bytes: RandomBytes) -> tuple[int, int]:
        """Return r^e and r^-1 mod n for one operation.

        n, e: the key's modulus and public exponent, always the same ones. random_bytes: where r comes from.
        """
        try:
            r_e, r_inverse, uses = self._squares.pop()
        except IndexError:
            r_e, r_inverse, uses = (*_random_factors(n, e, random_bytes), USES)
        if uses > 1:
            self._squares.append((r_e * r_e % n, r_inverse * r_inverse % n, uses - 1))
        return r_e, r_inverse


def _random_factors(n: int, e: int, random_bytes: RandomBytes) -> tuple[int, int]:
    while True:
        r = random_below(n, random_bytes=random_bytes)
        try:
            return big(mod_exp(r, e, n)), big(mod_inverse(r, n))
        except ValueError:  # r is 0, or has by a wonder met a factor of n
            continue
