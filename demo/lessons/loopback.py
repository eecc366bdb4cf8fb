"""Servers on this machine's loopback, for as long as a lesson needs them. What opens sockets is imported then."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from demo.failure import DialogueError
from demo.party.address import Address
from demo.party.dialogue import Dialogue

if TYPE_CHECKING:
    import socket

    from demo.wire.tap import Tap

PATIENCE = 10.0  # seconds that anything may take here


@contextlib.contextmanager
def serving(handle: Callable[[Dialogue], None]) -> Iterator[Address]:
    """Serve every caller with `handle`, each in a thread of its own, in a `with` block; give where."""
    from demo.party.listening import begin_to_listen, bound_socket

    listener = bound_socket(Address("127.0.0.1", 0))
    address = begin_to_listen(listener, timeout=None)
    over = threading.Event()

    def accept() -> None:
        while True:
            caller, _ = listener.accept()
            if over.is_set():
                caller.close()
                return
            threading.Thread(target=answer, args=(caller,), daemon=True).start()

    def answer(caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError, DialogueError):  # a caller who has left ends this alone
            caller.settimeout(PATIENCE)
            handle(Dialogue(caller, other="the caller"))

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield address
    finally:
        over.set()
        with connected(address):
            pass  # wakes the thread that accepts
        accepting.join(PATIENCE)
        listener.close()


@contextlib.contextmanager
def connected(address: Address) -> Iterator[socket.socket]:
    """Give a connection with the server that listens there."""
    import socket

    with socket.create_connection(address, timeout=PATIENCE) as connection:
        yield connection


@contextlib.contextmanager
def calling(address: Address) -> Iterator[Dialogue]:
    """Give a dialogue with the server that listens there."""
    with connected(address) as connection:
        yield Dialogue(connection, other="the server")


@contextlib.contextmanager
def tapped(target: Address) -> Iterator[Tap]:
    """Give a tap on the way to the server that listens there."""
    from demo.wire.tap import Tap

    with Tap(target) as tap:
        yield tap
