"""Amounts, as people write them, and as nobody may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.bank.money import LARGEST, PAISE, parse_amount, show_amount


@pytest.mark.parametrize(
    ("text", "paise"),
    [("250", 25_000), ("1,00,000", 10_000_000), ("99.5", 9_950), ("99.50", 9_950), ("0.01", 1), ("007", 700)],
)
def test_amounts(text: str, paise: int) -> None:
    assert parse_amount(text) == paise


@pytest.mark.parametrize(
    "text",
    ["", " ", "-5", "+5", "1e9", "NaN", "inf", "0x10", "1.", ".5", "1.005", "1_000", "१०", "²", "1 000", "5\n", "5\0",
     "\ufffd", ",5", "9" * 5000, "Rs 5", "0", "0.00", "1000000000000.01"],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount, expected rupees|the amount is Rs"):
        parse_amount(text)


@given(st.integers(1, LARGEST))
def test_what_is_shown_can_be_read(paise: int) -> None:
    assert parse_amount(show_amount(paise).removeprefix("Rs ")) == paise


def test_the_largest_amount() -> None:
    assert parse_amount(str(LARGEST // PAISE)) == LARGEST
    assert show_amount(-150) == "-Rs 1.50"
