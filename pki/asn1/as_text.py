"""How times, numbers and serial numbers are written for people.

>>> moment_text(datetime(2026, 1, 31, 12, tzinfo=UTC)), serial_text(0xBEEF)
('2026-01-31 12:00:00 UTC', 'beef')
>>> number_text(65537), number_text(2**64 + 1), number_text(2**64 + 1, secret=True)
('65537', '0x10000000000000001 (65 bits)', '65-bit number')
>>> number_text(0xABCDEF << 1000)
'0xabcdef00…00000000 (1024 bits)'
"""

from __future__ import annotations

from datetime import UTC, datetime


def moment_text(moment: datetime) -> str:
    """Return the time, which must have a time zone, to the second, in UTC."""
    moment = moment.astimezone(UTC)
    return f"{moment.year:04}-{moment:%m-%d %H:%M:%S} UTC"  # %Y has fewer digits for the years before 1000


SHORT, LONGEST = 63, 512  # bits of numbers that are written in decimal, and of those that are written at all


def number_text(number: int, *, secret: bool = False) -> str:
    """Return the number: in decimal if it is short, else in hexadecimal digits with its size in bits.

    secret: whether the size is all that may be said of a number that is not short. Of a very long one, both ends are.
    """
    size = number.bit_length()
    if size <= SHORT:
        return str(number)
    if secret:
        return f"{size}-bit number"
    if size <= LONGEST:
        return f"{number:#x} ({size} bits)"
    last = f"{abs(number) & 0xFFFFFFFF:08x}"
    return f"{'-' * (number < 0)}{abs(number) >> (size - 1) // 4 * 4 - 28:#x}…{last} ({size} bits)"


def serial_text(serial_number: int) -> str:
    """Return the serial number in hexadecimal digits, as the commands take it."""
    return f"{serial_number:x}"
