"""What the options' values may be: each function takes a text and returns a value, or raises `ValueError`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")

APPLICANT = re.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")  # it is a folder's name and may become a host's
RESERVED = ("ttp", "introduction-letters")  # the folders of others
UNDER_ANY_NAME = ("server", "client", "server-ec", "client-ec")


def seed(text: str) -> int:
    """Return the seed that the text spells."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(f"{text[:40]!r} is not a seed, expected a whole number from 0 to 10**18 - 1")
    return int(text)


def seconds(text: str) -> float:
    """Return the seconds that the text spells."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 86_400:
        raise ValueError(f"{text[:40]!r} is not a time limit, expected seconds above 0, at most 86400")
    return number


def moment(text: str) -> datetime:
    """Return the time that the text spells in ISO 8601; without a zone it is in UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a time, expected one such as 2030-12-31T23:59:59Z") from None
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)


def applicant(text: str) -> tuple[str, str]:
    """Return the applicant, and the common name that it may have, or nothing for any.

    Any is for the four of the OTP exchange. An applicant called otherwise may have that name and no other.
    """
    who, _, name = text.partition("=")
    if not APPLICANT.fullmatch(who) or who in RESERVED:
        raise ValueError(
            f"{text[:60]!r} is not an applicant, expected server, client, a name such as asha, or server=NAME"
        )
    return who, name or ("" if who in UNDER_ANY_NAME else who)


def party_name(text: str) -> str:
    """Return the name of a person who is a client."""
    if not APPLICANT.fullmatch(text) or text in (*RESERVED, *UNDER_ANY_NAME):
        raise ValueError(f"{text[:60]!r} is not a name, expected small letters, digits and hyphens, such as asha")
    return text


def fingerprint(text: str) -> str:
    """Return the fingerprint in capitals with colons."""
    plain = text.replace(":", "").upper()
    if len(plain) != 64 or not set(plain) <= set("0123456789ABCDEF"):
        raise ValueError(f"{text[:80]!r} is not a SHA-256 fingerprint, expected 64 hexadecimal digits")
    return ":".join(plain[i : i + 2] for i in range(0, 64, 2))
