"""Matrices and vectors of polynomials, in the notation of mathematics: `A_hat @ s_hat + e_hat`.

Standard     FIPS 203 §2.4.5 to §2.4.7 (August 2024).
Left out     Products over R_q: the NTT is there so that nobody needs them.
Timing       Takes no branches on coefficients; Python's integers are not constant-time.

>>> tiny = Ring(q=17, n=4, zeta=4, layers=1)
>>> A = Matrix([[[1, 2, 3, 4], [0, 1, 0, 0]], [[2, 0, 0, 0], [1, 1, 1, 1]]], tiny)
>>> s, e = vector([[1, 0, 0, 16], [0, 1, 0, 0]], tiny), vector([[1, 0, 0, 0], [0, 0, 0, 1]], tiny)
>>> t = NTT_inverse(NTT(A) @ NTT(s) + NTT(e))
>>> t.entries     # one polynomial for each row: A s + e, without any NTT
[[[4, 5, 8, 3]], [[1, 1, 1, 0]]]

A vector is a matrix with one column (§2.4.6), and a polynomial a matrix with one row as well, so that `t_hat.T @ y_hat`
can be added to a polynomial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from explain.trace import tracing
from primitives.lanes.polynomials import PackedMatrix, multiply, pack_matrix, transform, transform_back
from primitives.lattices import ntt
from primitives.lattices.ntt import Array, Ring


@dataclass(frozen=True)
class Matrix:
    """A matrix over R_q, or over T_q, its image under the NTT.

    entries: its rows, and in these the polynomials, or their NTT representations.
    ring: that they are of. hat: whether they are NTT representations.
    """

    entries: list[list[Array]]
    ring: Ring
    hat: bool = False

    @property
    def T(self) -> Matrix:
        """The transposed matrix."""
        return Matrix([list(column) for column in zip(*self.entries, strict=True)], self.ring, self.hat)

    def __iter__(self) -> Iterator[Array]:
        """Return the entries of a vector, one after the other; of a matrix, row by row."""
        return (entry for row in self.entries for entry in row)

    def __add__(self, other: Matrix) -> Matrix:
        """Return the sum, coefficient by coefficient (§2.4.5)."""
        q = self.ring.q
        return self._with(other, lambda f, g: [(a + b) % q for a, b in zip(f, g, strict=True)])

    def __sub__(self, other: Matrix) -> Matrix:
        """Return the difference, coefficient by coefficient."""
        q = self.ring.q
        return self._with(other, lambda f, g: [(a - b) % q for a, b in zip(f, g, strict=True)])

    def _with(self, other: Matrix, operation: Callable[[Array, Array], Array]) -> Matrix:
        """Return the matrix of what the operation makes of each two entries."""
        if (self.ring, self.hat) != (other.ring, other.hat):
            raise TypeError("matrices: expected both over R_q, or both over T_q")
        rows = [
            [operation(f, g) for f, g in zip(*pair, strict=True)]
            for pair in zip(self.entries, other.entries, strict=True)
        ]
        return Matrix(rows, self.ring, self.hat)

    def __matmul__(self, other: Matrix) -> Matrix:
        """Return the product of two matrices over T_q (§2.4.7, (2.12) to (2.14)), written with a ring there."""
        if self.ring != other.ring or not (self.hat and other.hat):
            raise TypeError("matrices: expected both over the same T_q; R_q has no product here")
        if len(self.entries[0]) != len(other.entries):
            raise ValueError(f"matrices: {len(self.entries[0])} columns times {len(other.entries)} rows")
        if tracing():
            columns = [[self._dot(row, column) for row in self.entries] for column in zip(*other.entries, strict=True)]
        else:
            columns = [multiply(self._packed, column) for column in zip(*other.entries, strict=True)]
        return Matrix([list(row) for row in zip(*columns, strict=True)], self.ring, hat=True)

    def _dot(self, row: Iterable[Array], column: Iterable[Array]) -> Array:
        """Return the sum of the products of the entries, each by MultiplyNTTs."""
        ring = self.ring
        total = [0] * ring.n
        for f_hat, g_hat in zip(row, column, strict=True):
            product = ntt.MultiplyNTTs(f_hat, g_hat, ring)
            total = [(a + b) % ring.q for a, b in zip(total, product, strict=True)]
        return total

    @cached_property
    def _packed(self) -> PackedMatrix:
        """The matrix as the quicker product takes it."""
        return pack_matrix(self.entries, self.ring)


def vector(entries: Iterable[Array], ring: Ring, *, hat: bool = False) -> Matrix:
    """Return the vector with these entries, a matrix of one column."""
    return Matrix([[entry] for entry in entries], ring, hat)


def polynomial(f: Array, ring: Ring, *, hat: bool = False) -> Matrix:
    """Return the polynomial as a matrix of one entry."""
    return Matrix([[f]], ring, hat)


def arrays(M: Matrix) -> list[list[Array]] | list[Array] | Array:
    """Return what a step shows of a matrix: its rows; of a vector its entries; of a polynomial its coefficients."""
    if len(M.entries[0]) > 1:
        return M.entries
    return list(M) if len(M.entries) > 1 else M.entries[0][0]


def NTT(M: Matrix) -> Matrix:
    """Return the matrix of the NTT representations of its entries (§2.4.6 (2.9))."""
    return _transformed(M, ntt.NTT if tracing() else transform, hat=True)


def NTT_inverse(M_hat: Matrix) -> Matrix:
    """Return the matrix of the polynomials that its entries are the NTT representations of (§2.4.6)."""
    return _transformed(M_hat, ntt.NTT_inverse if tracing() else transform_back, hat=False)


def _transformed(M: Matrix, transformation: Callable[[Array, Ring], Array], *, hat: bool) -> Matrix:
    if M.hat == hat:
        raise TypeError(f"{'NTT' if hat else 'NTT_inverse'}: expected a matrix over {'R_q' if hat else 'T_q'}")
    return Matrix([[transformation(f, M.ring) for f in row] for row in M.entries], M.ring, hat)
