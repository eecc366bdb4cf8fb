"""The eavesdropper's place on the wire: a relay that passes on what it gets, and keeps a copy.

Given a `Tamper`, it becomes an attacker who can also change, drop, repeat, hold back and cut off what
passes, one TLS record at a time: anyone who carries the bytes can do all that.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from demo.party.address import Address
from demo.party.listening import begin_to_listen, bound_socket
from demo.wire.flows import Capture, CutOffError, Flow, Tamper
from record.layer import RecordLayer

CONNECT_TIMEOUT = 5.0


class Tap:
    """A relay to `target`, used in a `with` block; connect to `address` instead of the target.

    captures: one for each connection, in the order in which they were made.
    """

    def __init__(self, target: Address, *, tamper: Tamper | None = None) -> None:
        self._target, self._tamper = target, tamper
        self.captures: list[Capture] = []
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False
        self._listener = bound_socket(Address("127.0.0.1", 0))
        self.address = begin_to_listen(self._listener, timeout=None)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Cut what is still connected, and wait for the relaying to end."""
        with self._lock:
            self._closed = True
            sockets = list(self._sockets)
        for each in sockets:
            _shut(each, socket.SHUT_RDWR)  # this, not close, wakes a thread that waits on the socket
        with socket.create_connection(self.address, timeout=CONNECT_TIMEOUT):
            pass  # wakes the thread that waits for callers, and it finds the tap closed
        for thread in self._threads:
            thread.join(CONNECT_TIMEOUT + 1)
        for each in (self._listener, *sockets):
            each.close()

    def _start(self, function: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            caller, _ = self._listener.accept()
            if self._closed:
                caller.close()
                return
            try:
                target = socket.create_connection(self._target, timeout=CONNECT_TIMEOUT)
            except OSError:
                caller.close()
                continue
            target.settimeout(None)
            for each in (caller, target):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._sockets += caller, target
                if self._closed:
                    return
                capture = Capture()
                self.captures.append(capture)
                self._start(self._relay, caller, target, Flow.TO_TARGET, capture)
                self._start(self._relay, target, caller, Flow.TO_CALLER, capture)

    def _relay(self, source: socket.socket, sink: socket.socket, flow: Flow, capture: Capture) -> None:
        try:
            for piece in self._tampered(_received(source, flow, capture), flow):
                sink.sendall(piece)
        except CutOffError:
            _shut(source, socket.SHUT_RDWR)
            _shut(sink, socket.SHUT_RDWR)
        except OSError:
            _shut(source, socket.SHUT_RD)  # whom it was for is gone: let the sender notice
        _shut(sink, socket.SHUT_WR)

    def _tampered(self, pieces: Iterator[bytes], flow: Flow) -> Iterator[bytes]:
        if self._tamper is None:
            yield from pieces
        else:
            for number, record in enumerate(_records(pieces)):
                yield from self._tamper(flow, number, record)


def _received(source: socket.socket, flow: Flow, capture: Capture) -> Iterator[bytes]:
    while piece := source.recv(65536):
        capture.passages.append((flow, piece))
        yield piece


def _records(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Divide a stream into TLS records; the headers are in the clear even when the rest is not."""
    layer = RecordLayer()
    for piece in pieces:
        layer.receive_data(piece)
        while record := layer.next_record():
            yield record.wire


def _shut(each: socket.socket, how: int) -> None:
    with contextlib.suppress(OSError):  # it may not be connected any more
        each.shutdown(how)
