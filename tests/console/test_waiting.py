"""The line that says what takes so long: on a terminal only, and gone at the end."""

from __future__ import annotations

import io
import sys
import time

import pytest

from console import waiting
from explain import trace


class Terminal(io.StringIO):
    """What looks like a terminal."""

    def isatty(self) -> bool:
        return True


def put_in_place(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, interval: float = 0.01) -> None:
    monkeypatch.setattr(waiting, "INTERVAL", interval)
    monkeypatch.setattr(sys, "stderr", stream)


def wait_for(terminal: io.StringIO, text: str) -> None:
    end = time.monotonic() + 10
    while text not in terminal.getvalue() and time.monotonic() < end:
        time.sleep(0.001)
    assert text in terminal.getvalue()


def left(text: str) -> str:
    """What is to be seen in a line after all that was written into it."""
    shown: list[str] = []
    for part in text.split("\r"):
        shown[: len(part)] = part
    return "".join(shown).rstrip()


def test_it_counts_the_seconds_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(terminal := Terminal(), monkeypatch)
    with waiting.waiting("a key"):
        wait_for(terminal, "\ra key: 2 s")
        assert left(terminal.getvalue()).startswith("a key: ")
    assert left(terminal.getvalue()) == ""


def test_it_leaves_nothing_if_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(terminal := Terminal(), monkeypatch)

    def fail() -> None:
        with waiting.waiting("a key"):
            wait_for(terminal, "a key")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert left(terminal.getvalue()) == ""


def test_what_is_quick_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(terminal := Terminal(), monkeypatch, interval=60)
    with waiting.waiting("a key"):
        pass
    assert terminal.getvalue() == ""


def test_a_pipe_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(pipe := io.StringIO(), monkeypatch)
    with waiting.waiting("a key"):
        time.sleep(0.05)
    assert pipe.getvalue() == ""


def test_steps_that_are_printed_are_not_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(terminal := Terminal(), monkeypatch)
    with trace.recording(), waiting.waiting("a key"):
        time.sleep(0.05)
    assert terminal.getvalue() == ""
