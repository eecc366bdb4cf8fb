"""A client's requests over a stream, within bounds: of bytes, and of seconds, for each request.

Standard     None. RFC 9110 §17.5 and RFC 9112 §11 tell what happens to those who take whatever comes.
Left out     A bound on how many clients there are at a time: for the caller, which accepts them.
"""

from __future__ import annotations

import io
import time
from http.client import HTTPException
from typing import Any, Protocol

ANSWER_TIME = 10.0  # seconds in which one part of an answer has to be taken


class TimedSocket(Protocol):
    """What is needed of a socket: a connection that is established already, and an end to every wait."""

    def recv(self, size: int, /) -> bytes:
        """Return up to `size` bytes, at least one, or none at the end."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of `data`."""

    def settimeout(self, timeout: float, /) -> None:
        """Wait at most so many seconds in each of these; more is a `TimeoutError`."""


class TooLarge(HTTPException):
    """The client sends more than it may."""


class Incoming(io.RawIOBase):
    """What a client sends, within a budget of bytes and time for each request."""

    def __init__(self, stream: TimedSocket) -> None:
        super().__init__()
        self._stream = stream
        self._bytes, self._deadline = 0, 0.0

    def allow(self, size: int) -> None:
        """Let the client send so many bytes more."""
        self._bytes = size

    def begin(self, seconds: float) -> None:
        """Give the client so many seconds from now on."""
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        """Return that this can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Receive into `buffer`; return how many bytes. Raises `TooLarge`, `TimeoutError`, or what the stream does."""
        if not self._bytes:
            raise TooLarge("the client sends more than it may")
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the client took too long")
        self._stream.settimeout(remaining)
        data = self._stream.recv(min(len(buffer), self._bytes))
        self._bytes -= len(data)
        buffer[: len(data)] = data
        return len(data)


class Outgoing(io.RawIOBase):
    """What is sent to the client."""

    def __init__(self, stream: TimedSocket) -> None:
        super().__init__()
        self._stream = stream

    def writable(self) -> bool:
        """Return that this can be written to."""
        return True

    def write(self, data: Any, /) -> int:
        """Send all of `data`; return its length. Raises what the stream does."""
        self._stream.settimeout(ANSWER_TIME)
        self._stream.sendall(bytes(data))
        return len(data)
