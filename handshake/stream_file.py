"""A stream as a file, so that whatever reads and writes files can use one.

Standard     None: `io` of Python's library, as `socket.makefile` has it.
Left out     Buffers and text, which `io` puts on top.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Protocol


class Duplex(Protocol):
    """What is read from and written to."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Receive into `buffer`; return the number of bytes, 0 at the end."""

    def sendall(self, data: memoryview, /) -> None:
        """Send all of `data`."""

    def fileno(self) -> int:
        """Return the descriptor below."""


class StreamFile(io.RawIOBase):
    """A file over a stream, without a buffer.

    mode: `rb`, `wb` or `rwb`. on_close: is called once, when the file is closed.
    """

    def __init__(self, stream: Duplex, mode: str, *, on_close: Callable[[], None]) -> None:
        super().__init__()
        self._stream, self._mode, self._on_close = stream, mode, on_close

    def readable(self) -> bool:
        """Return whether it can be read."""
        return "r" in self._mode

    def writable(self) -> bool:
        """Return whether it can be written."""
        return "w" in self._mode

    def fileno(self) -> int:
        """Return the descriptor below."""
        return self._stream.fileno()

    def readinto(self, buffer: Any, /) -> int:
        """Read into `buffer`; return the number of bytes, 0 at the end."""
        return self._stream.recv_into(memoryview(buffer).cast("B"))

    def write(self, data: Any, /) -> int:
        """Write all of `data`; return its length in bytes."""
        view = memoryview(data).cast("B")
        self._stream.sendall(view)
        return len(view)

    def close(self) -> None:
        """Close the file, and say so to the stream."""
        if not self.closed:
            super().close()
            self._on_close()
