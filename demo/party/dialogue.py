"""Messages between two parties: JSON objects of strings, one to a line, over any stream of bytes.

Standard     RFC 8259 (JSON), one object to a line.
Left out     Everything in JSON but one flat object with text values: less to check, less to get wrong.

A line has a largest length and an object the very keys that are expected, so that whatever the other side
sends is either a message or a `DialogueError`.
"""

from __future__ import annotations

import json
from typing import Protocol

from demo.failure import DialogueError

MAX_LINE = 16_384  # bytes; the longest message is a request or a certificate in PEM, about 2,000


class SocketLike(Protocol):
    """What a dialogue runs over: a socket, or a TLS stream."""

    def recv(self, size: int, /) -> bytes:
        """Return up to `size` bytes, at least one, or none at the end."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of `data`."""


class Dialogue:
    """One side of a dialogue.

    stream: sends and receives the bytes.
    other: who is at the other end, such as `the TTP`, for the errors.
    """

    def __init__(self, stream: SocketLike, *, other: str) -> None:
        self._stream, self._other = stream, other
        self._received = bytearray()

    def say(self, **message: str) -> None:
        """Send one message."""
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(line) > MAX_LINE:
            raise ValueError(f"the message has {len(line)} bytes, expected at most {MAX_LINE}")
        self._stream.sendall(line)

    def hear(self, *expected: frozenset[str]) -> dict[str, str]:
        """Return the next message, whose keys are one of the sets in `expected`.

        Raises `DialogueError` if it is not such a message, or none comes.
        """
        message = self.hear_next(*expected)
        if message is None:
            raise DialogueError(f"{self._other} ended the connection in the middle of the dialogue")
        return message

    def hear_next(self, *expected: frozenset[str]) -> dict[str, str] | None:
        """Return the next message, or None if the other side has said goodbye after the one before."""
        line = self._line()
        if line is None:
            return None
        try:
            message = json.loads(line, object_pairs_hook=_unambiguous)
        except (ValueError, RecursionError):
            raise DialogueError(f"{self._other} sent a line that is not JSON, or names a key twice") from None
        if not isinstance(message, dict) or not all(isinstance(value, str) for value in message.values()):
            raise DialogueError(f"{self._other} sent JSON that is not an object of strings")
        if any("\ud800" <= character <= "\udfff" for value in message.values() for character in value):
            raise DialogueError(f"{self._other} sent half of a character")  # which JSON can spell, and UTF-8 cannot
        if message.keys() not in expected:
            wanted = " or ".join("{" + ", ".join(sorted(keys)) + "}" for keys in expected)
            raise DialogueError(f"{self._other} sent another message than expected, which was {wanted}")
        return message

    def _line(self) -> bytes | None:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) >= MAX_LINE:
                raise DialogueError(f"{self._other} sent a line of more than {MAX_LINE} bytes")
            data = self._stream.recv(4096)
            if not data and not self._received:
                return None
            if not data:
                raise DialogueError(f"{self._other} ended the connection in the middle of the dialogue")
            self._received += data
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object with these members; raise `ValueError` if readers could disagree about one (RFC 8259 §4)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found
