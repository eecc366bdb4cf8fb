"""A capture of connections, with the secrets that open them: Wireshark shows what is inside.

Standard     draft-ietf-opsawg-pcapng, "Decryption Secrets Block"; the packets are those of `segments`.
Left out     Whatever is below the stream of bytes, which a socket does not show: the packets are made from the bytes.

Anyone who can read the file can read the connections. Each write is whole blocks, so the file can be read at any
time: while connections go on, or when the process was killed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from console.files import open_new_private
from handshake.capture.pcapng import decryption_secrets, enhanced_packet, interface_description, section_header
from handshake.capture.segments import Endpoint, Segments
from handshake.registries.codes import Role


class Capture:
    """A file that connections are captured in, by any number of threads. Used in a `with` block.

    path: the file, a new one, which is for its owner alone (mode 0600). It may be a pipe, too.
    clock: returns the time, in nanoseconds since 1970 (UTC).

    Raises `OSError` if it cannot be written, or is there already.
    """

    def __init__(self, path: str | os.PathLike[str], *, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._descriptor = open_new_private(path)
        try:
            self._write(section_header() + interface_description())
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            os.close(self._descriptor)
            self._descriptor = -1  # for a thread that comes too late: that number may be another file's soon

    def key_log(self, line: str) -> None:
        """Take a line of the SSLKEYLOGFILE format, before the bytes that it opens."""
        with self._lock:
            self._write(decryption_secrets(line.encode("ascii") + b"\n"))

    def begin(self, addresses: Mapping[Role, tuple[Any, ...]]) -> Callable[[Role, bytes], None]:
        """Begin to capture a connection, which is open already.

        addresses: those of the sockets of both sides, host and port first.

        Returns what is to be told of all that goes over the wire, at that moment: the sender, and what; `b""` says that
        it sends no more. Raises `ValueError` if the addresses are not those of IP.
        """
        ends = {role: Endpoint(*address[:2]) for role, address in addresses.items()}
        ticks = self._clock() // 4000  # the number of ticks of 4 µs, as RFC 9293 §3.4.1 has it
        segments = Segments(ends, initial_sequence_number=ticks % 2**32)
        self._add(segments.opening())
        return lambda sender, data: self._add(segments.carry(sender, data))

    def _add(self, packets: Iterable[bytes]) -> None:
        """Add packets that go by now. They are made one connection's after another's, and written in that order."""
        with self._lock:
            at = self._clock() // 1000
            self._write(b"".join(enhanced_packet(packet, at=at) for packet in packets))

    def _write(self, blocks: bytes) -> None:
        left = memoryview(blocks)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:  # the disk is full, perhaps: half a block would corrupt those that come after it
            if len(left) < len(blocks):
                whole = os.fstat(self._descriptor).st_size - (len(blocks) - len(left))
                os.ftruncate(self._descriptor, whole)
            raise
