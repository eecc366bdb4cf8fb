"""Validity: from when until when a certificate holds.

Standard     RFC 5280 §4.1.2.5.
Left out     Nothing.

>>> from datetime import UTC
>>> Validity(datetime(2030, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)).require_sense()
Traceback (most recent call last):
    ...
ValueError: the validity ends at 2029-01-01 00:00:00+00:00, before it begins at 2030-01-01 00:00:00+00:00
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pki.asn1.der_writer import Element, sequence, time

SECTION = "RFC 5280 §4.1.2.5"


@dataclass(frozen=True, slots=True)
class Validity:
    """The time for which a certificate holds. Both ends have a time zone and belong to it."""

    not_before: datetime
    not_after: datetime

    def require_sense(self) -> None:
        """Raise `ValueError` unless both have a time zone, and the end does not come before the beginning."""
        if self.not_before.tzinfo is None or self.not_after.tzinfo is None:
            raise ValueError("a time of the validity has no time zone, expected one with, such as UTC")
        if self.not_before > self.not_after:
            raise ValueError(f"the validity ends at {self.not_after}, before it begins at {self.not_before}")

    def element(self) -> Element:
        """Return `Validity` for DER. Fractions of a second are cut off."""
        return sequence(
            "validity",
            time("notBefore", self.not_before, section=SECTION),
            time("notAfter", self.not_after, section=SECTION),
            section=SECTION,
        )
