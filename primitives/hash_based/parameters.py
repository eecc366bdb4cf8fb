"""The numbers that a parameter set of SLH-DSA has, and those that follow from them.

Standard     FIPS 205 §5 and §11 (August 2024).
Left out     The sets themselves: `slh_dsa.py` has them.
Timing       Nothing here is secret.

>>> from primitives.hash_based.hash_functions import SHA2
>>> p = Parameters(SHA2(16), h=66, d=22, a=6, k=33)
>>> p.len, p.h_prime, p.m, p.signature_size
(35, 3, 34, 17088)
"""

from __future__ import annotations

from dataclasses import dataclass

from primitives.hash_based.hash_functions import HashFunctions


@dataclass(frozen=True)
class Parameters:
    """A parameter set (§11 table 2).

    hashes: its functions, which have n. h: the height of the hypertree. d: its layers, each a tree of h/d levels.
    a: the height of a FORS tree. k: how many FORS trees a key has. lg_w: the bits of a digit of WOTS+.
    """

    hashes: HashFunctions
    h: int
    d: int
    a: int
    k: int
    lg_w: int = 4

    @property
    def n(self) -> int:
        """The security parameter, in bytes."""
        return self.hashes.n

    @property
    def w(self) -> int:
        """How many values a WOTS+ chain has (§5)."""
        return 1 << self.lg_w

    @property
    def len_1(self) -> int:
        """The digits of a message of n bytes (§5)."""
        return -(-8 * self.n // self.lg_w)

    @property
    def len_2(self) -> int:
        """The digits of a checksum, which is at most len_1·(w − 1) (§5)."""
        return -(-(self.len_1 * (self.w - 1)).bit_length() // self.lg_w)

    @property
    def len(self) -> int:
        """The chains of a WOTS+ key (§5)."""
        return self.len_1 + self.len_2

    @property
    def h_prime(self) -> int:
        """The height of an XMSS tree."""
        return self.h // self.d

    @property
    def digest_parts(self) -> tuple[int, int, int]:
        """The bytes of a digest for FORS, for the number of the tree and for that of the leaf (§9.2 algorithm 19)."""
        return -(-self.k * self.a // 8), -(-(self.h - self.h_prime) // 8), -(-self.h_prime // 8)

    @property
    def m(self) -> int:
        """The bytes of a message's digest."""
        return sum(self.digest_parts)

    @property
    def xmss_size(self) -> int:
        """The bytes of an XMSS signature (§6.2)."""
        return (self.len + self.h_prime) * self.n

    @property
    def fors_size(self) -> int:
        """The bytes of a FORS signature (§8.3)."""
        return self.k * (1 + self.a) * self.n

    @property
    def signature_size(self) -> int:
        """The bytes of a signature (§9.2)."""
        return self.n + self.fors_size + self.d * self.xmss_size
