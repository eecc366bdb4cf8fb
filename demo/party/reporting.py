"""What a party reports while it works: events, each a name and facts in plain words, for people and programs.

A party never prints. It reports, and the program that started it decides what becomes of the reports: lines of
JSON (`--json`, which the story reads), or the narration in the party's own terminal.
No report holds a secret.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Protocol, TypeAlias

Fact: TypeAlias = "str | int | list[str] | list[list[str]]"
"""A text, a number, several texts, or rows of texts."""


class Report(Protocol):
    """Takes an event. Safe to call from many threads."""

    def __call__(self, event: str, /, **facts: Fact) -> None:
        """Report `event`, such as `listening`, with its facts, such as `address=…`."""


def json_report(party: str) -> Report:
    """Return a report that prints one JSON object to a line; each holds `party` and `event`."""

    def report(event: str, /, **facts: Fact) -> None:
        print_json({"party": party, "event": event, **facts})

    return report


def print_json(event: Mapping[str, object]) -> None:
    """Print one JSON object in a line on standard output, at once."""
    try:
        sys.stdout.write(json.dumps(event) + "\n")  # one write: lines of several threads do not mix
        sys.stdout.flush()
    except BrokenPipeError:
        go_on_quietly()


def go_on_quietly() -> None:
    """Throw away all output from now on: the reader has had enough, and the work is to be done all the same."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
