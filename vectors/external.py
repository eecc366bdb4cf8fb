"""Puts any program to the test: it is asked in one JSON object a line, and answers in one JSON object a line.

The protocol is documented in `docs/vectors.md`.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shlex
import subprocess  # the command is the user's own
import threading
import time
from collections.abc import Mapping
from typing import IO, Any

from vectors.cases import Rejected, Unsupported, Value

LAST_WORDS = 1.0  # seconds in which what an ended program has said is read
WORDS = ("password",)  # the outputs that are words; all others are bytes


class Hung(Exception):
    """The program did not answer in time."""


class Broken(Exception):
    """The program ended, or sent something that is not an answer."""


class External:
    """A program under test, started anew after it hung or ended.

    command: the command line. timeout: seconds that it may take for a case of effort 1.
    """

    def __init__(self, command: str, *, timeout: float) -> None:
        self._command = shlex.split(command)
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._received = b""
        self._reading: threading.Thread | None = None
        self._chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._number = 0
        self.effort = 1

    def perform(self, operation: str, inputs: Mapping[str, Value]) -> Mapping[str, Value]:
        """Ask the program to perform `operation`; return its outputs.

        Raises `Rejected` and `Unsupported` as the program says, `Hung` and `Broken` if it says nothing proper.
        """
        self._number += 1
        request = {"id": self._number, "operation": operation, **{name: _sent(v) for name, v in inputs.items()}}
        answer = self._ask(json.dumps(request).encode() + b"\n")
        if answer.pop("id", None) != self._number:
            raise self._broken(f"the answer to request {self._number} has another id")
        if "unsupported" in answer:
            raise Unsupported(str(answer["unsupported"]))
        if "rejected" in answer:
            raise Rejected(str(answer["rejected"]))
        return {name: self._received_value(name, value) for name, value in answer.items()}

    def close(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._reading is not None:
                self._reading.join(LAST_WORDS)  # longer only if a child of the program holds the pipe open
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):  # what was still to be written
                        pipe.close()
            self._process = None

    def _ask(self, request: bytes) -> dict[str, Any]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  # the command is the user's own
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
            self._received, self._chunks = b"", queue.SimpleQueue()
            # In a thread, and not by `selectors`: on Windows these know sockets alone, and no pipes.
            self._reading = threading.Thread(target=_read, args=(self._process.stdout, self._chunks), daemon=True)
            self._reading.start()
        if self._process.stdin is None or self._process.stdout is None:
            raise self._broken("the program has no standard input or output")
        try:
            self._process.stdin.write(request)
        except OSError:
            raise self._broken("the program ended") from None
        line = self._line()
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            raise self._broken(f"the answer is not JSON: {line[:80]!r}") from None
        if not isinstance(answer, dict):
            raise self._broken(f"the answer is not a JSON object: {line[:80]!r}")
        return answer

    def _line(self) -> bytes:
        deadline = time.monotonic() + self._timeout * self.effort
        while b"\n" not in self._received:
            try:
                chunk = self._chunks.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.close()
                raise Hung(f"no answer after {self._timeout * self.effort:.0f} seconds") from None
            if not chunk:
                raise self._broken("the program ended")
            self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        return line

    def _broken(self, what: str) -> Broken:
        self.close()
        return Broken(what)

    def _received_value(self, name: str, value: object) -> Value:
        if isinstance(value, str) and name not in WORDS:
            try:
                return bytes.fromhex(value)
            except ValueError:
                raise self._broken(f"the output {name!r} is not hexadecimal: {value[:80]!r}") from None
        if isinstance(value, (str, int)):
            return value
        raise self._broken(f"the output {name!r} is {value!r}, expected a string or a number")


def _read(pipe: IO[bytes], chunks: queue.SimpleQueue[bytes]) -> None:
    """Read until the program ends, which nothing says."""
    with contextlib.suppress(OSError, ValueError):  # the pipe was closed
        while chunk := os.read(pipe.fileno(), 65536):
            chunks.put(chunk)
    chunks.put(b"")


def _sent(value: Value) -> str | int:
    return value.hex() if isinstance(value, bytes) else value
