"""Matrices over the rings against sums of products of polynomials, and what they refuse."""

from __future__ import annotations

import pytest

from explain import trace
from primitives.lattices.matrices import NTT, Matrix, NTT_inverse, arrays, polynomial, vector
from primitives.lattices.ntt import Ring
from tests.primitives.lattices.rings import ML_KEM, RINGS, TINY, name, product, some

by_ring = pytest.mark.parametrize("ring", RINGS, ids=name)


@by_ring
def test_a_system_of_equations(ring: Ring) -> None:
    A = [[some(ring, 10 * i + j) for j in range(3)] for i in range(2)]
    s, e = [some(ring, 50 + j) for j in range(3)], [some(ring, 60 + i) for i in range(2)]
    expected = []
    for row, error in zip(A, e, strict=True):
        products = [product(f, g, ring) for f, g in zip(row, s, strict=True)]
        expected.append([sum(terms) % ring.q for terms in zip(error, *products, strict=True)])
    A_hat = NTT(Matrix(A, ring))
    t = NTT_inverse(A_hat @ NTT(vector(s, ring)) + NTT(vector(e, ring)))
    assert list(t) == expected
    with trace.recording():
        assert NTT_inverse(NTT(Matrix(A, ring)) @ NTT(vector(s, ring))) + vector(e, ring) == t


def test_transposed_products() -> None:
    A = Matrix([[some(ML_KEM, 10 * i + j) for j in range(3)] for i in range(2)], ML_KEM, hat=True)
    B = Matrix([[some(ML_KEM, 30 + 10 * i + j) for j in range(2)] for i in range(3)], ML_KEM, hat=True)
    assert (A @ B).T == B.T @ A.T
    assert [len(A.T.entries), len(A.T.entries[0])] == [3, 2]


def test_sums_and_differences() -> None:
    f, g = polynomial([1, 2, 3, 4], TINY), polynomial([16, 16, 0, 5], TINY)
    assert arrays(f + g) == [0, 1, 3, 9]
    assert arrays(f - g) == [2, 3, 3, 16]


def test_what_a_step_shows() -> None:
    f, g = [1, 2, 3, 4], [5, 6, 7, 8]
    assert arrays(polynomial(f, TINY)) == f
    assert arrays(vector([f, g], TINY)) == [f, g]
    assert arrays(Matrix([[f, g]], TINY)) == [[f, g]]


def test_domains_are_not_mixed() -> None:
    f, f_hat = polynomial([1, 2, 3, 4], TINY), polynomial([1, 2, 3, 4], TINY, hat=True)
    with pytest.raises(TypeError, match="expected both over R_q, or both over T_q"):
        f + f_hat
    with pytest.raises(TypeError, match="expected both over R_q, or both over T_q"):
        f - polynomial([0] * 256, ML_KEM)
    with pytest.raises(TypeError, match="R_q has no product here"):
        f @ f
    with pytest.raises(TypeError, match="NTT: expected a matrix over R_q"):
        NTT(f_hat)
    with pytest.raises(TypeError, match="NTT_inverse: expected a matrix over T_q"):
        NTT_inverse(f)


def test_shapes_fit() -> None:
    f_hat = [0] * 4
    with pytest.raises(ValueError, match="matrices: 2 columns times 1 rows"):
        Matrix([[f_hat, f_hat]], TINY, hat=True) @ vector([f_hat], TINY, hat=True)
    with pytest.raises(ValueError, match="zip"):
        vector([f_hat], TINY) + vector([f_hat, f_hat], TINY)
