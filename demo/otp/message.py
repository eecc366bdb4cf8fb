"""The one-time password (OTP) that the bank's server sends: its text, its amount in Indian digit groups, its code.

Standard     None: this is the application's own message.
Left out     Counting codes (HOTP) and checking one that is typed back: the exchange delivers it, no more.

>>> otp_message(amount=100_000, payee="your friend", code="256345")
"The OTP for transferring Rs 1,00,000 to your friend's account is 256345."
"""

from __future__ import annotations

from primitives.integers import RandomBytes, random_below

DEFAULT_AMOUNT = 100_000
DEFAULT_PAYEE = "your friend"
DEFAULT_CODE = "256345"
CODE_DIGITS = 6
MAX_AMOUNT = 10**12
MAX_PAYEE = 64


def indian_digit_groups(number: int) -> str:
    """Return a whole number of 0 or more with the commas of Indian usage: the last three digits, then pairs.

    >>> [indian_digit_groups(n) for n in (999, 1000, 100_000, 12_345_678)]
    ['999', '1,000', '1,00,000', '1,23,45,678']
    """
    digits = str(number)
    groups = [digits[-3:]]
    rest = digits[:-3]
    while rest:
        groups.append(rest[-2:])
        rest = rest[:-2]
    return ",".join(reversed(groups))


def random_code(random_bytes: RandomBytes) -> str:
    """Return a code of six digits, each of the million equally likely."""
    return f"{random_below(10**CODE_DIGITS, random_bytes=random_bytes):0{CODE_DIGITS}d}"


def otp_message(*, amount: int, payee: str, code: str) -> str:
    """Return the text of the message.

    amount: in whole rupees, 1 to 10**12.
    payee: whose account it is for, 1 to 64 printable characters.
    code: 4 to 10 decimal digits.
    Raises `ValueError` if one of them is not as it should be.
    """
    if not 1 <= amount <= MAX_AMOUNT:
        raise ValueError(f"the amount is {amount}, expected 1 to {MAX_AMOUNT} whole rupees")
    if not (payee.strip() and payee.isprintable() and len(payee) <= MAX_PAYEE):
        raise ValueError(f"the payee is {payee[:80]!r}, expected 1 to {MAX_PAYEE} printable characters")
    if not (code.isascii() and code.isdecimal() and 4 <= len(code) <= 10):
        raise ValueError(f"the OTP is {code[:80]!r}, expected 4 to 10 digits")
    return f"The OTP for transferring Rs {indian_digit_groups(amount)} to {payee}'s account is {code}."
