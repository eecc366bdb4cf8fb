"""Square roots against all squares, and on the primes that they are wanted for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primitives.curves.nist_curves import P224, P256
from primitives.square_root import square_root


@pytest.mark.parametrize("p", [3, 5, 7, 11, 13, 17, 41, 97, 193, 257])
def test_every_number_modulo_a_small_prime(p: int) -> None:
    for a in range(-2, p + 2):
        roots = {x for x in range(p) if (x * x - a) % p == 0}
        root = square_root(a, p)
        assert root in roots if roots else root is None


@pytest.mark.parametrize("p", [P224.p, P256.p, 2**255 - 19], ids=["2^96 divides p − 1", "3 modulo 4", "5 modulo 8"])
@settings(max_examples=5, deadline=None)
@given(x=st.integers(0, 2**255))
def test_large_primes(p: int, x: int) -> None:
    root = square_root(x * x, p)
    assert root is not None
    assert root in (x % p, -x % p)
    non_residue = next(z for z in range(2, 50) if pow(z, (p - 1) // 2, p) == p - 1)
    assert x % p == 0 or square_root(x * x * non_residue, p) is None
