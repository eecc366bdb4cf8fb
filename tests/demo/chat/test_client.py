"""The chat's client on its way out: by Ctrl-C, with the connection closed behind it."""

from __future__ import annotations

import signal
import threading
from typing import Any, cast

import pytest

from demo.chat import client
from demo.chat.client import ChatClient
from demo.failure import PartyError


class ClosedBehind:
    """A dialogue that fails once the connection is closed."""

    closed = threading.Event()

    def __init__(self, stream: object, *, other: str) -> None:
        pass

    def hear_next(self, *expected: object) -> None:
        self.closed.wait()
        raise PartyError("the connection is closed")


class Interrupted:
    """A screen at which somebody types Ctrl-C."""

    def read(self) -> str:
        raise KeyboardInterrupt


def test_who_leaves_by_ctrl_c_is_not_interrupted_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(client, "Dialogue", ClosedBehind)
    monkeypatch.setattr(signal, "pthread_kill", lambda thread, number: sent.append((thread, number)))
    before = set(threading.enumerate())
    chat = ChatClient(*cast(Any, (None, None, None, Interrupted())))
    with pytest.raises(KeyboardInterrupt):
        chat._talk(cast(Any, None))
    [listening] = set(threading.enumerate()) - before
    ClosedBehind.closed.set()
    listening.join()
    assert sent == []
