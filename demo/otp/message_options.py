"""The options for the OTP message, and what their values may be."""

from __future__ import annotations

from console.command_line import Parser, checked
from demo.otp import message


def message_options(parser: Parser) -> None:
    """Add the options that say what the message is."""
    group = parser.add_argument_group("the OTP message")
    group.add_argument(
        "--amount",
        type=checked(amount),
        default=message.DEFAULT_AMOUNT,
        metavar="RUPEES",
        help="whole rupees (default: 1,00,000)",
    )
    group.add_argument(
        "--payee",
        type=checked(payee),
        default=message.DEFAULT_PAYEE,
        metavar="WHO",
        help="whose account (default: your friend)",
    )
    group.add_argument(
        "--otp",
        type=checked(otp_code),
        default=message.DEFAULT_CODE,
        metavar="CODE",
        help=f"the code, or the word random (default: {message.DEFAULT_CODE})",
    )


def amount(text: str) -> int:
    """Return the amount, which may have commas; raise `ValueError` if it is not an amount."""
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 13):
        raise ValueError(f"{text[:40]!r} is not an amount, expected whole rupees such as 100000 or 1,00,000")
    message.otp_message(amount=int(plain), payee=message.DEFAULT_PAYEE, code=message.DEFAULT_CODE)
    return int(plain)


def payee(text: str) -> str:
    """Return the payee; raise `ValueError` if it cannot be one."""
    message.otp_message(amount=message.DEFAULT_AMOUNT, payee=text, code=message.DEFAULT_CODE)
    return text


def otp_code(text: str) -> str:
    """Return the OTP, or the word `random`; raise `ValueError` if it is neither."""
    if text != "random":
        message.otp_message(amount=message.DEFAULT_AMOUNT, payee=message.DEFAULT_PAYEE, code=text)
    return text
