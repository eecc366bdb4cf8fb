"""High and low bits, and hints: what FIPS 204 §7.4 says of them, and each list beside its single numbers."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from primitives.lattices import rounding
from primitives.lattices.rounding import Decompose, HighBits, LowBits, MakeHint, Power2Round, Q, UseHint, mod_plus_minus

GAMMAS = [(Q - 1) // 88, (Q - 1) // 32]
elements = st.integers(0, Q - 1)
by_gamma = pytest.mark.parametrize("gamma2", GAMMAS)
d = 13


@given(m=st.integers(-(10**9), 10**9), alpha=st.integers(1, 10**6))
def test_mod_plus_minus_is_near_zero(m: int, alpha: int) -> None:
    r = mod_plus_minus(m, alpha)
    assert (m - r) % alpha == 0
    assert -alpha < 2 * r <= alpha


@given(r=elements)
@example(r=4096)
@example(r=4097)
@example(r=Q - 1)
def test_power2round_adds_up(r: int) -> None:
    r_1, r_0 = Power2Round(r, d)
    assert r_1 * 2**d + r_0 == r
    assert -(2 ** (d - 1)) < r_0 <= 2 ** (d - 1)
    assert rounding.Power2Round_array([r], d) == ([r_1], [r_0 % Q])


@by_gamma
@given(r=elements, steps=st.integers(0, 88), near=st.integers(-2, 2))
@example(r=Q - 1, steps=0, near=0)
def test_decompose_adds_up(gamma2: int, r: int, steps: int, near: int) -> None:
    for x in (r, (steps * gamma2 + near) % Q):  # at a boundary, or near it
        r_1, r_0 = Decompose(x, gamma2)
        assert (r_1 * 2 * gamma2 + r_0 - x) % Q == 0
        assert 0 <= r_1 < (Q - 1) // (2 * gamma2)
        assert -gamma2 <= r_0 <= gamma2
        assert (HighBits(x, gamma2), LowBits(x, gamma2)) == (r_1, r_0)
        assert rounding.HighBits_array([x], gamma2) == [r_1]
        assert rounding.LowBits_array([x], gamma2) == [r_0]


@by_gamma
@given(r=elements, z=st.integers(), steps=st.integers(0, 88), near=st.integers(-2, 2))
def test_a_hint_recovers_the_high_bits(gamma2: int, r: int, z: int, steps: int, near: int) -> None:
    z = mod_plus_minus(z, 2 * gamma2)  # at most γ_2, as signing makes sure of
    for x in (r, (steps * gamma2 + near) % Q):
        h = MakeHint(z, x, gamma2)
        assert h == (HighBits(x, gamma2) != HighBits(x + z, gamma2))
        assert UseHint(h, x, gamma2) == HighBits(x + z, gamma2)
        assert rounding.MakeHint_array([z % Q], [x], gamma2) == [h]
        for hint in (0, 1):
            assert rounding.UseHint_array([hint], [x], gamma2) == [UseHint(hint, x, gamma2)]


@by_gamma
def test_a_hint_at_a_step_leads_down(gamma2: int) -> None:
    """Algorithm 40 line 4 has r_0 ≤ 0: where r_0 is 0, the change leads down."""
    m = (Q - 1) // (2 * gamma2)
    assert UseHint(1, 2 * gamma2, gamma2) == 0
    assert UseHint(1, 2 * gamma2 + 1, gamma2) == 2
    assert UseHint(1, 0, gamma2) == m - 1
    assert UseHint(1, Q - 1 - gamma2, gamma2) == 0
