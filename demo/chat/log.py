"""The chat's log: a line for each connection and each error, with the time."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from console.command_line import CommandError
from console.printable import printable


class Log:
    """A log in the file at `path`, which only its owner can read; None writes nothing. Safe to use from many threads.

    Raises `CommandError` if the file cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        try:
            self._file = None if path is None else open(path, "a", encoding="utf-8", opener=_private)  # noqa: SIM115  # kept open
        except OSError as error:
            raise CommandError(f"cannot write the log {path}: {error.strerror or error}") from None

    def __call__(self, text: str) -> None:
        """Write a line."""
        if self._file is not None:
            with self._lock:
                self._file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {printable(text)}\n")
                self._file.flush()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
