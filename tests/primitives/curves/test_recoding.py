"""Digits of scalars: they sum to the scalar, whatever its size, and a secret one has always as many."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primitives.curves.recoding import non_adjacent_form, regular_digits

ORDERS = [5, 29, 2**255 - 19, 2**256 - 2**224 + 2**192 - 1]


@settings(max_examples=200, deadline=None)
@given(data=st.data(), n=st.sampled_from(ORDERS), width=st.integers(1, 8))
def test_regular_digits_sum_to_the_scalar_and_their_number_tells_nothing(
    data: st.DataObject, n: int, width: int
) -> None:
    k = data.draw(st.integers(0, n - 1) | st.sampled_from([0, 1, 2, n - 2, n - 1]))
    digits = regular_digits(k, n=n, width=width)
    assert len(digits) == -(-(n.bit_length() + 1) // width)
    assert all(0 <= e < 2**width for e in digits)
    assert (sum((2 * e + 1 - 2**width) * 2 ** (width * i) for i, e in enumerate(digits)) - k) % n == 0


@settings(max_examples=200, deadline=None)
@given(k=st.integers(0, 2**260) | st.integers(0, 300), width=st.integers(1, 8))
def test_the_non_adjacent_form_sums_to_the_scalar_and_is_sparse(k: int, width: int) -> None:
    digits = non_adjacent_form(k, width=width)
    assert all(0 <= e < 2**width for _, e in digits)
    assert sum((2 * e + 1 - 2**width) << i for i, e in digits) == k
    assert all(later - earlier > width for (earlier, _), (later, _) in pairwise(digits))


def test_scalars_out_of_range_are_refused() -> None:
    for k in (-1, 29, 30):
        with pytest.raises(ValueError, match="scalar is out of range"):
            regular_digits(k, n=29, width=4)
