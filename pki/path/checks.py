"""What is checked of a certificate in its chain, one fact at a time."""

from __future__ import annotations

from typing import NamedTuple


class Check(NamedTuple):
    """A fact that was checked and held.

    name: what was checked, in a word or two; outcome: what was found; section: where the standard demands it.
    """

    name: str
    outcome: str
    section: str
