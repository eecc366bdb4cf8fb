"""How times and serial numbers are written for people.

>>> moment_text(datetime(2026, 1, 31, 12, tzinfo=UTC)), serial_text(0xBEEF)
('2026-01-31 12:00:00 UTC', 'beef')
"""

from __future__ import annotations

from datetime import UTC, datetime


def moment_text(moment: datetime) -> str:
    """Return the time, which must have a time zone, to the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def serial_text(serial_number: int) -> str:
    """Return the serial number in hexadecimal digits, as the commands take it."""
    return f"{serial_number:x}"
