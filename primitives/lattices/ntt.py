"""The number-theoretic transform: polynomials as their residues, which are multiplied one by one.

Standard     FIPS 203 §4.3 (August 2024), algorithms 9 to 12. Those of FIPS 204 are the same in another ring.
Left out     Transforms of many polynomials at once: `primitives.lanes.polynomials`.
Timing       Takes no branches on coefficients; Python's integers are not constant-time.

>>> tiny = Ring(q=17, n=4, zeta=4, layers=1)     # X⁴ + 1 = (X² − 4)(X² + 4) modulo 17
>>> f, g = [1, 2, 3, 4], [5, 6, 7, 8]
>>> f_hat, g_hat = NTT(f, tiny), NTT(g, tiny)
>>> f_hat, g_hat
([13, 1, 6, 3], [16, 4, 11, 8])
>>> MultiplyNTTs(f_hat, g_hat, tiny)
[3, 0, 4, 13]
>>> NTT_inverse([3, 0, 4, 13], tiny)     # 5 + 16X + 34X² + 60X³ + 61X⁴ + 52X⁵ + 32X⁶, with X⁴ = −1, modulo 17
[12, 15, 2, 9]

To multiply two polynomials of 256 coefficients takes 65,536 products. But modulo q, X^256 + 1 is itself a product, of
128 polynomials X² − γ. A polynomial is determined by its residues modulo each of them, and the residues of a product
are
the products of the residues: 128 times five products. The way to the residues and back takes seven layers. X^256 + 1 is
X^256 − ζ^128, and so (X^128 − ζ^64)(X^128 + ζ^64); each of the two splits again, since −1 is a power of ζ, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from explain.trace import Form, note, steps

Array: TypeAlias = list[int]
"""The coefficients of a polynomial, or of its residues, in Z_q or another Z_m (§2.4.4)."""


@dataclass(frozen=True)
class Ring:
    """R_q = Z_q[X]/(X^n + 1), and T_q, its image under the NTT.

    q: a prime. n: a power of two.
    zeta: a root of unity of order 2^(layers + 1). layers: how often X^n + 1 is split in two.
    ntt, inverse, multiply: where the algorithms stand in the standard of this ring.
    ntt_lines: its lines of the loop over the layers, of zeta and of t. inverse_lines: of the loop, zeta and the factor.
    """

    q: int
    n: int
    zeta: int
    layers: int
    ntt: str = "FIPS 203 §4.3 algorithm 9"
    inverse: str = "FIPS 203 §4.3 algorithm 10"
    multiply: str = "FIPS 203 §4.3.1 algorithm 11"
    ntt_lines: tuple[str, str, str] = ("3", "5", "8")
    inverse_lines: tuple[str, str, str] = ("3", "5", "14")

    def __post_init__(self) -> None:
        if pow(self.zeta, 1 << self.layers, self.q) != self.q - 1:
            raise ValueError(f"ring: {self.zeta} is not a root of unity of order 2^{self.layers + 1} modulo {self.q}")

        if self.degree not in (1, 2):
            raise ValueError(f"ring: residues of {self.degree} coefficients, expected 1 or 2")

    @cached_property
    def degree(self) -> int:
        """How many coefficients a residue has: 2 in ML-KEM, 1 in ML-DSA."""
        return self.n >> self.layers

    @property
    def form(self) -> Form:
        """How a step shows what the NTT makes of a polynomial."""
        return "residues" if self.degree == 2 else "polynomial"

    @cached_property
    def zetas(self) -> list[int]:
        """ζ^BitRev(i) for each i below 2^layers (appendix A)."""
        return [pow(self.zeta, BitRev(i, self.layers), self.q) for i in range(1 << self.layers)]

    @cached_property
    def gammas(self) -> list[int]:
        """ζ^(2 BitRev(i) + 1), modulo which X^degree the i-th residue is one (4.12)."""
        return [pow(self.zeta, 2 * BitRev(i, self.layers) + 1, self.q) for i in range(1 << self.layers)]


def BitRev(r: int, bits: int) -> int:
    """Return the number whose binary digits, `bits` of them, are those of `r` in reverse order (§2.3)."""
    return int(f"{r:0{bits}b}"[::-1], 2)


def NTT(f: Sequence[int], ring: Ring) -> Array:
    """Return the NTT representation of the polynomial: its residues (§4.3 algorithm 9).

    f: n coefficients in Z_q.
    """
    q, n = ring.q, ring.n
    loop, line_of_zeta, line_of_t = ring.ntt_lines
    with steps(ring.ntt, "NTT", "residues are multiplied more quickly than polynomials", form=ring.form) as whole:
        f_hat = list(f)  # 1
        i = 1  # 2
        len_ = n // 2
        while len_ >= ring.degree:  # 3
            why = f"each residue of {2 * len_} coefficients becomes two of {len_}"
            with steps(loop, f"len = {len_}", why, form="polynomial") as layer:
                for start in range(0, n, 2 * len_):  # 4
                    zeta = note(line_of_zeta, "zeta", ring.zetas[i], "X^2len − zeta² = (X^len − zeta)(X^len + zeta)")
                    i += 1  # 6
                    t = [zeta * x % q for x in f_hat[start + len_ : start + 2 * len_]]
                    note(line_of_t, "t", t, "X^len is zeta in one residue, −zeta in the other", form="polynomial")
                    for j in range(start, start + len_):  # 7
                        f_hat[j + len_] = (f_hat[j] - t[j - start]) % q  # 9
                        f_hat[j] = (f_hat[j] + t[j - start]) % q  # 10
                layer.gives(f_hat)
            len_ //= 2
        return whole.gives(f_hat)  # 14


def NTT_inverse(f_hat: Sequence[int], ring: Ring) -> Array:
    """Return the polynomial that the NTT representation is of (§4.3 algorithm 10).

    f_hat: n coefficients of residues in Z_q.
    """
    q, n = ring.q, ring.n
    loop, line_of_zeta, line_of_factor = ring.inverse_lines
    with steps(ring.inverse, "NTT_inverse", "back from the residues to the polynomial", form="polynomial") as whole:
        f = list(f_hat)  # 1
        i = (1 << ring.layers) - 1  # 2
        len_ = ring.degree
        while len_ <= n // 2:  # 3
            why = "every two residues become one of twice as many coefficients"
            with steps(loop, f"len = {len_}", why, form="polynomial") as layer:
                for start in range(0, n, 2 * len_):  # 4
                    zeta = note(
                        line_of_zeta, "zeta", ring.zetas[i], "the inverse of what split these two, but for the sign"
                    )
                    i -= 1  # 6
                    for j in range(start, start + len_):  # 7
                        t = f[j]  # 8
                        f[j] = (t + f[j + len_]) % q  # 9
                        f[j + len_] = zeta * (f[j + len_] - t) % q  # 10
                layer.gives(f)
            len_ *= 2
        factor = note(line_of_factor, "factor", pow(1 << ring.layers, -1, q), "each layer has doubled everything")
        return whole.gives([x * factor % q for x in f])  # 14, 15


def MultiplyNTTs(f_hat: Sequence[int], g_hat: Sequence[int], ring: Ring) -> Array:
    """Return the NTT representation of the product of two polynomials, from theirs (§4.3.1 algorithm 11)."""
    with steps(ring.multiply, "MultiplyNTTs", "polynomials are multiplied residue by residue", form=ring.form) as whole:
        if ring.degree == 1:
            return whole.gives([f * g % ring.q for f, g in zip(f_hat, g_hat, strict=True)])
        h_hat: Array = []
        for i, gamma in enumerate(ring.gammas):  # 1
            j = 2 * i
            with steps("2", f"i = {i}", "a residue modulo X² − γ depends on no other") as line:
                h_hat += line.gives(BaseCaseMultiply(f_hat[j], f_hat[j + 1], g_hat[j], g_hat[j + 1], gamma, ring.q))
        return whole.gives(h_hat)


def BaseCaseMultiply(a_0: int, a_1: int, b_0: int, b_1: int, gamma: int, q: int) -> tuple[int, int]:
    """Return the coefficients of (a_0 + a_1 X)(b_0 + b_1 X) modulo X² − gamma, in Z_q (§4.3.1 algorithm 12)."""
    section = "FIPS 203 §4.3.1 algorithm 12 step "
    c_0 = (a_0 * b_0 + a_1 * b_1 * gamma) % q
    note(f"{section}1", "c_0 = {a_0}·{b_0} + {a_1}·{b_1}·{gamma}", c_0, "X² is gamma here")
    c_1 = (a_0 * b_1 + a_1 * b_0) % q
    note(f"{section}2", "c_1 = {a_0}·{b_1} + {a_1}·{b_0}", c_1, "the two products that have one X each")
    return c_0, c_1  # 3
