"""The chat's client on its way out: by Ctrl-C, with the connection closed behind it."""

from __future__ import annotations

import signal
import threading
import time
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


class Cut:
    """A dialogue whose connection is cut before anything is heard."""

    def __init__(self, stream: object, *, other: str) -> None:
        pass

    def hear_next(self, *expected: object) -> None:
        raise PartyError("the server has cut the connection")


class Typed:
    """A screen at which somebody takes a while to type."""

    def read(self) -> str:
        time.sleep(60)
        raise AssertionError("nobody interrupted the typing")


class LateThread(threading.Thread):
    """A thread that has done all its work before its starter knows that it runs, as on a busy machine."""

    def start(self) -> None:
        super().start()
        self.join()


def test_a_connection_that_is_cut_at_once_is_no_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "Dialogue", Cut)
    monkeypatch.setattr(threading, "Thread", LateThread)
    chat = ChatClient(*cast(Any, (None, None, None, Typed())))
    with pytest.raises(PartyError, match="the server has cut the connection"):
        chat._talk(cast(Any, None))
