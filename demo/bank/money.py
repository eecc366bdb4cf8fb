"""Amounts of money: whole numbers of paise, as people write them and read them.

Standard     None.
Left out     Other currencies; fractions of a paisa.

>>> parse_amount("1,00,000.50"), show_amount(10_000_050)
(10000050, 'Rs 1,00,000.50')
"""

from __future__ import annotations

import re

from demo.otp.message import indian_digit_groups

PAISE = 100  # in a rupee
LARGEST = 10**12 * PAISE  # of one amount
FULL_ACCOUNT = 1000 * LARGEST  # the most that one account holds
FULL_BANK = 9 * 10**18  # the most that all hold together: SQLite's whole numbers end at 2^63
AMOUNT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]{1,2})?", re.ASCII)
SHOWN = 40  # characters of what is not an amount


def parse_amount(text: str) -> int:
    """Return the paise in an amount of rupees such as `250`, `1,00,000` or `99.50`.

    Raises `ValueError` if it is not an amount, is nothing, or is more than anybody has.
    """
    if not AMOUNT.fullmatch(text) or len(text) > SHOWN:
        raise ValueError(f"{text[:SHOWN]!r} is not an amount, expected rupees such as 250, 1,00,000 or 99.50")
    rupees, _, paise = text.replace(",", "").partition(".")
    return checked_amount(int(rupees) * PAISE + int(paise.ljust(2, "0")))


def checked_amount(paise: int) -> int:
    """Return the amount; raise `ValueError` if it is nothing, or more than anybody has."""
    if not 0 < paise <= LARGEST:
        raise ValueError(
            f"the amount is {show_amount(paise)}, expected more than nothing, at most {show_amount(LARGEST)}"
        )
    return paise


def show_amount(paise: int) -> str:
    """Return the amount in rupees, as people write it."""
    rupees, rest = divmod(abs(paise), PAISE)
    return f"{'-' if paise < 0 else ''}Rs {indian_digit_groups(rupees)}.{rest:02d}"
