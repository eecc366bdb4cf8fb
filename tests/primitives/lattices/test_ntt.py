"""The NTT against its definition, its tables against FIPS 203 appendix A, quicker paths against the textbook."""

from __future__ import annotations

import pytest

from explain import trace
from primitives.lanes.polynomials import multiply, pack_matrix, transform, transform_back
from primitives.lattices.ntt import NTT, BaseCaseMultiply, BitRev, MultiplyNTTs, NTT_inverse, Ring
from tests.primitives.lattices.rings import ML_DSA, ML_KEM, RINGS, TINY, name, product, some

by_ring = pytest.mark.parametrize("ring", RINGS, ids=name)

# FIPS 203 appendix A: ζ^BitRev_7(i) mod q for i from 0 to 127, and ζ^(2 BitRev_7(i) + 1) mod q.
ZETAS = """
1 1729 2580 3289 2642 630 1897 848 1062 1919 193 797 2786 3260 569 1746 296 2447 1339 1476 3046 56 2240 1333
1426 2094 535 2882 2393 2879 1974 821 289 331 3253 1756 1197 2304 2277 2055 650 1977 2513 632 2865 33 1320 1915
2319 1435 807 452 1438 2868 1534 2402 2647 2617 1481 648 2474 3110 1227 910 17 2761 583 2649 1637 723 2288 1100
1409 2662 3281 233 756 2156 3015 3050 1703 1651 2789 1789 1847 952 1461 2687 939 2308 2437 2388 733 2337 268 641
1584 2298 2037 3220 375 2549 2090 1645 1063 319 2773 757 2099 561 2466 2594 2804 1092 403 1026 1143 2150 2775 886
1722 1212 1874 1029 2110 2935 885 2154
"""
GAMMAS = """
17 -17 2761 -2761 583 -583 2649 -2649 1637 -1637 723 -723 2288 -2288 1100 -1100 1409 -1409 2662 -2662 3281 -3281
233 -233 756 -756 2156 -2156 3015 -3015 3050 -3050 1703 -1703 1651 -1651 2789 -2789 1789 -1789 1847 -1847 952 -952
1461 -1461 2687 -2687 939 -939 2308 -2308 2437 -2437 2388 -2388 733 -733 2337 -2337 268 -268 641 -641 1584 -1584
2298 -2298 2037 -2037 3220 -3220 375 -375 2549 -2549 2090 -2090 1645 -1645 1063 -1063 319 -319 2773 -2773 757 -757
2099 -2099 561 -561 2466 -2466 2594 -2594 2804 -2804 1092 -1092 403 -403 1026 -1026 1143 -1143 2150 -2150 2775 -2775
886 -886 1722 -1722 1212 -1212 1874 -1874 1029 -1029 2110 -2110 2935 -2935 885 -885 2154 -2154
"""


def test_the_derived_tables_are_the_printed_ones() -> None:
    assert ML_KEM.zetas == [int(zeta) for zeta in ZETAS.split()]
    assert ML_KEM.gammas == [int(gamma) % 3329 for gamma in GAMMAS.split()]


def test_a_root_of_another_order_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ring: 289 is not a root of unity of order 2\^8 modulo 3329"):
        Ring(q=3329, n=256, zeta=289, layers=7)


def test_residues_of_more_coefficients_are_refused() -> None:
    with pytest.raises(ValueError, match="ring: residues of 4 coefficients, expected 1 or 2"):
        Ring(q=17, n=8, zeta=4, layers=1)


def test_bits_in_reverse_order() -> None:
    assert [BitRev(r, 7) for r in (0, 1, 2, 64, 127)] == [0, 64, 32, 1, 127]


@by_ring
def test_the_ntt_is_the_residues_of_its_definition(ring: Ring) -> None:
    """(4.12): the i-th residue is f modulo X^d − γ_i, which is f with γ_i for each X^d."""
    f, d = some(ring, 1), ring.degree
    expected = [
        sum(f[d * j + c] * pow(gamma, j, ring.q) for j in range(ring.n // d)) % ring.q
        for gamma in ring.gammas
        for c in range(d)
    ]
    assert NTT(f, ring) == expected
    assert NTT_inverse(expected, ring) == f


@by_ring
def test_products_of_residues_are_residues_of_products(ring: Ring) -> None:
    f, g = some(ring, 2), some(ring, 3)
    assert MultiplyNTTs(NTT(f, ring), NTT(g, ring), ring) == NTT(product(f, g, ring), ring)


def test_the_base_case_is_a_product_modulo_a_quadratic() -> None:
    # (1 + 2X)(3 + 4X) = 3 + 10X + 8X², and X² is 5
    assert BaseCaseMultiply(1, 2, 3, 4, 5, 3329) == (43, 10)


@by_ring
@pytest.mark.parametrize("seed", range(3))
def test_the_ntt_by_columns_is_what_the_textbook_computes(ring: Ring, seed: int) -> None:
    f = some(ring, seed)
    assert transform(f, ring) == NTT(f, ring)
    assert transform_back(f, ring) == NTT_inverse(f, ring)


@by_ring
def test_no_lane_overflows_into_the_next(ring: Ring) -> None:
    largest = [ring.q - 1] * ring.n
    assert transform(largest, ring) == NTT(largest, ring)
    assert transform_back(largest, ring) == NTT_inverse(largest, ring)
    once = MultiplyNTTs(largest, largest, ring)
    for columns in (1, 8, 193, 194):  # ML-KEM's lanes are wide enough for 193
        matrix = pack_matrix([[largest] * columns] * 2, ring)
        assert multiply(matrix, [largest] * columns) == [[columns * x % ring.q for x in once]] * 2


@by_ring
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 3), (2, 2), (3, 3), (4, 4), (8, 7)])
def test_products_in_lanes_are_what_the_textbook_computes(ring: Ring, rows: int, columns: int) -> None:
    A = [[some(ring, 100 * r + c) for c in range(columns)] for r in range(rows)]
    y = [some(ring, -1 - c) for c in range(columns)]
    expected = []
    for row in A:
        products = [MultiplyNTTs(f, g, ring) for f, g in zip(row, y, strict=True)]
        expected.append([sum(terms) % ring.q for terms in zip(*products, strict=True)])
    assert multiply(pack_matrix(A, ring), y) == expected


def test_the_trace_shows_every_layer() -> None:
    with trace.recording() as steps:
        NTT([1, 2, 3, 4], TINY)
        back = NTT_inverse([13, 1, 6, 3], TINY)
    forward, backward = steps
    (layer,) = forward.steps
    assert (forward.name, forward.value, forward.section) == ("NTT", (13, 1, 6, 3), "FIPS 203 §4.3 algorithm 9")
    assert (layer.name, layer.value) == ("len = 2", (13, 1, 6, 3))
    assert [(step.name, step.value) for step in layer.steps] == [("zeta", 4), ("t", (12, 16))]
    assert [step.name for step in backward.steps] == ["len = 2", "factor"]
    assert back == [1, 2, 3, 4]


def test_the_sections_are_those_of_the_ring() -> None:
    ring = Ring(q=17, n=4, zeta=4, layers=1, ntt="Horner 1819 §1")
    with trace.recording() as steps:
        NTT([0] * 4, ring)
    assert steps[0].section == "Horner 1819 §1"
    assert ML_DSA.degree == 1
