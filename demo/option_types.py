"""What the options' values may be: each function takes a text and returns a value, or raises `ValueError`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")


def checked(convert: Callable[[str], T]) -> Callable[[str], T]:
    """Return `convert` such that argparse shows its own complaint instead of a general one."""

    def converted(text: str) -> T:
        try:
            return convert(text)
        except (ValueError, OverflowError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return converted


def seed(text: str) -> int:
    """Return the seed that the text spells."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(f"{text[:40]!r} is no seed, expected a whole number from 0 to 10**18 - 1")
    return int(text)


def seconds(text: str) -> float:
    """Return the seconds that the text spells."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 86_400:
        raise ValueError(f"{text[:40]!r} is no time limit, expected seconds above 0, at most 86400")
    return number


def moment(text: str) -> datetime:
    """Return the time that the text spells in ISO 8601; without a zone it is in UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time, expected one such as 2030-12-31T23:59:59Z") from None
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)


def suite(text: str) -> str:
    """Return the suite's name in IANA's registry, or as one would be there."""
    from handshake.suites import suite_by_name  # only when it is needed: it brings the algorithms with it

    return suite_by_name(text).name


def applicant(text: str) -> tuple[str, str]:
    """Return the applicant, and its common name or nothing."""
    who, _, name = text.partition("=")
    if who not in ("server", "client"):
        raise ValueError(f"{text[:60]!r} is no applicant, expected server, client, or server=NAME")
    return who, name


def fingerprint(text: str) -> str:
    """Return the fingerprint in capitals with colons."""
    plain = text.replace(":", "").upper()
    if len(plain) != 64 or not set(plain) <= set("0123456789ABCDEF"):
        raise ValueError(f"{text[:80]!r} is no SHA-256 fingerprint, expected 64 hexadecimal digits")
    return ":".join(plain[i : i + 2] for i in range(0, 64, 2))
