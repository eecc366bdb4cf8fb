"""Suites by their names.

Standard     None: the names are IANA's and OpenSSL's.
Left out     Nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Protocol, TypeVar


class Named(Protocol):
    """A suite of either version."""

    @property
    def name(self) -> str:
        """IANA's name for it."""

    @property
    def openssl_name(self) -> str:
        """OpenSSL's name for it; empty if it has none."""


Suite = TypeVar("Suite", bound=Named)


def suite_of(name: str, suites: Sequence[Suite]) -> Suite:
    """Return the suite with this name, IANA's or OpenSSL's; raise `ValueError`, with the nearest, if there is none."""
    for suite in suites:
        if name and name in (suite.name, suite.openssl_name):
            return suite
    names = list(dict.fromkeys(known for suite in suites for known in (suite.name, suite.openssl_name) if known))
    near = get_close_matches(name, names, n=3, cutoff=0.0)
    raise ValueError(f"there is no cipher suite {name!r} here; the nearest names are {', '.join(near)}")
