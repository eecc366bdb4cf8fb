"""What strangers can take of a server: threads, places, descriptors. Nobody who behaves is shut out."""

import contextlib
import errno
import gc
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handshake import listener as listener_module
from handshake.connection import Connection
from handshake.listener import Address, Limits, Listener, Visit
from handshake.stream import Stream, connect, serve
from tests.handshake.support.parties import client_configuration, server_configuration
from tests.support.starvation import LIMITS, PATIENCE, calling, goes_on, running, starved, visits


@contextlib.contextmanager
def listening(limits: Limits, errors: list[tuple[str, Exception]] | None = None) -> Iterator[Listener]:
    """A server that sends back the first bytes of each client, which end with `h`: a handshake in one message."""

    def converse(visit: Visit) -> None:
        with contextlib.suppress(OSError):
            visit.transport.settimeout(PATIENCE)
            greeting = visit.transport.recv(100)
            while not greeting.endswith(b"h"):
                greeting = visit.transport.recv(100)
                if not greeting:
                    return
            visit.admitted()
            visit.transport.sendall(greeting)
            visit.transport.recv(100)

    def on_error(peer: Address, error: Exception) -> None:
        if errors is not None:
            errors.append((peer[0], error))

    with Listener(socket.create_server(("127.0.0.1", 0)), converse, on_error=on_error, limits=limits) as listener:
        yield listener


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_served(address: Address, source: str = "127.0.0.1") -> bool:
    with calling(address, source) as client:
        client.sendall(b"h")
        return client.recv(100) == b"h"


def test_who_says_nothing_takes_no_thread_and_does_not_stay() -> None:
    errors: list[tuple[str, Exception]] = []
    with listening(Limits(connections=1, first_byte=0.2), errors) as listener:
        silent = [calling(listener.address) for _ in range(10)]
        assert is_served(listener.address)
        assert all(client.recv(1) == b"" for client in silent)
        assert len(listener._threads) == 1
    assert [(host, type(error)) for host, error in errors] == [("127.0.0.1", TimeoutError)] * 10
    for client in silent:
        client.close()


def test_one_address_cannot_take_the_place_of_another() -> None:
    """Those of 127.0.0.1 say something, and never end their handshake; more of them wait."""
    with listening(Limits(connections=4, per_address=2, first_byte=PATIENCE)) as listener:
        slow = [calling(listener.address) for _ in range(20)]
        for client in slow:
            client.sendall(b"so")
        assert is_served(listener.address, "127.0.0.2")
        assert len(listener._serving) - 1 <= 2
        for client in slow:
            client.sendall(b"h")  # their handshakes end, two at a time
        while slow:
            for client in select.select(slow, [], [], PATIENCE)[0]:
                assert client.recv(100).endswith(b"h")
                client.close()
                slow.remove(client)


def test_who_is_served_takes_no_place_of_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """So nobody in the handshake is ended for the sake of one more who is silent, and those do not become too many."""
    errors: list[tuple[str, Exception]] = []
    with listening(Limits(first_byte=PATIENCE), errors) as listener, contextlib.ExitStack() as stack:
        busy = [stack.enter_context(calling(listener.address)) for _ in range(3)]
        for client in busy:
            client.sendall(b"so")
        wait_until(lambda: len(listener._serving) == 3)
        monkeypatch.setattr(listener_module, "WAITING", 2)
        for last in range(2, 7):
            stack.enter_context(calling(listener.address, f"127.0.0.{last}"))
        wait_until(lambda: len(errors) == 3)
        assert len(listener._silent) == 2
        for client in busy:
            client.sendall(b"h")
            assert client.recv(100).endswith(b"h")
    assert {str(error) for _, error in errors[:3]} == {"others need its place"}


def test_those_who_wait_are_served_in_turn_by_address() -> None:
    order: list[str] = []
    gate = threading.Event()

    def converse(visit: Visit) -> None:
        gate.wait(PATIENCE)
        visit.transport.recv(1)
        order.append(visit.peer[0])

    listening = socket.create_server(("127.0.0.1", 0))
    with Listener(listening, converse, on_error=lambda peer, error: None, limits=Limits(connections=1)) as listener:
        clients = [calling(listener.address) for _ in range(4)] + [calling(listener.address, "127.0.0.2")]
        for client in clients:
            client.sendall(b"x")
        wait_until(lambda: sum(map(len, listener._ready.values())) == 4)
        gate.set()
        for client in clients:
            client.recv(1)
            client.close()
    assert "127.0.0.2" in order[:3]


def test_threads_are_used_again() -> None:
    with listening(Limits()) as listener:
        for _ in range(20):
            assert is_served(listener.address)
            until = time.monotonic() + 30
            while listener._serving and time.monotonic() < until:  # or the next may come before the last has left
                time.sleep(0.001)
        assert len(listener._threads) == 1


class ShortSocket(socket.socket):
    """A socket that listens, and cannot accept at first, since there are no descriptors."""

    failures = 5

    def accept(self) -> tuple[socket.socket, Address]:
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


def test_without_descriptors_a_silent_connection_ends_or_one_that_knocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", ShortSocket)
    server = socket.create_server(("127.0.0.1", 0))
    monkeypatch.undo()
    assert isinstance(server, ShortSocket)
    errors: list[str] = []

    def converse(visit: Visit) -> None:
        visit.transport.sendall(visit.transport.recv(100))

    def on_error(peer: Address, error: Exception) -> None:
        errors.append(str(error))

    with Listener(server, converse, on_error=on_error) as listener:
        server.failures = 1
        with calling(listener.address) as turned_away:
            assert turned_away.recv(1) == b""
        with calling(listener.address) as silent:
            wait_until(lambda: len(listener._silent) == 1)
            server.failures = 1
            assert is_served(listener.address)
            assert silent.recv(1) == b""
    assert errors == ["there are no descriptors left", "others need its place"]


def test_connections_do_not_take_the_last_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "_most_descriptors", lambda: 3.0)
    errors: list[tuple[str, Exception]] = []
    with listening(Limits(first_byte=PATIENCE), errors) as listener, contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(calling(listener.address)) for _ in range(3)]
        for client in crowd:
            client.sendall(b"so")
        wait_until(lambda: len(listener._serving) == 3)
        assert is_served(listener.address, "127.0.0.2")
        wait_until(lambda: len(listener._serving) <= 3)
        for client in crowd:
            client.sendall(b"h")
        assert sorted(client.recv(100) for client in crowd) == [b"", b"h", b"h"]


def test_half_of_the_threads_are_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth thread cannot be had. The server keeps two, and when all can be had again, it takes them slowly."""
    monkeypatch.setattr(listener_module, "GRACE", 0.0)
    monkeypatch.setattr(listener_module, "NO_THREADS", PATIENCE)
    with listening(Limits(first_byte=PATIENCE)) as listener, contextlib.ExitStack() as stack:
        start = threading.Thread.start

        def limited(thread: threading.Thread) -> None:
            if len(listener._threads) >= 4:
                raise RuntimeError("can't start new thread")
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", limited)
        for _ in range(6):
            stack.enter_context(calling(listener.address)).sendall(b"so")
        wait_until(lambda: len(listener._threads) == 2)
        assert is_served(listener.address, "127.0.0.2")
        assert len(listener._threads) == 2
        for last in range(3, 6):
            stack.enter_context(calling(listener.address, f"127.0.0.{last}")).sendall(b"so")
        listener._no_thread_before = 0.0
        wait_until(lambda: len(listener._threads) == 3)


def test_a_fault_in_a_conversation_ends_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", shown.append)

    def converse(visit: Visit) -> None:
        visit.transport.recv(1)
        raise ZeroDivisionError

    listening = socket.create_server(("127.0.0.1", 0))
    with Listener(listening, converse, on_error=lambda peer, error: None) as listener:
        for _ in range(3):
            with calling(listener.address) as client:
                client.sendall(b"x")
                assert client.recv(1) == b""
    assert [args.exc_type for args in shown] == [ZeroDivisionError] * 3


def test_limits_leave_room_for_somebody() -> None:
    for wrong in ({"connections": 0}, {"per_address": 0}, {"first_byte": 0.0}):
        with pytest.raises(ValueError, match="no room"):
            Limits(**wrong)


def test_no_stream_outlives_its_connection() -> None:
    with serve(("127.0.0.1", 0), server_configuration(), lambda stream: None, on_event=lambda *_: None) as listener:
        for _ in range(5):
            connect(listener.address[:2], client_configuration()).close()
    gc.collect()
    assert not [thing for thing in gc.get_objects() if isinstance(thing, Stream)]


@pytest.mark.slow
@pytest.mark.parametrize("short_of", LIMITS)
def test_a_server_that_is_short_of_something_goes_on(short_of: str, tmp_path: Path) -> None:
    """600 say half a hello and stay: an honest client of another address is served, and later one of theirs."""
    certificate, key = server_files(tmp_path)
    goes_on(starved(short_of, "handshake", "server", "0", "--http", "--cert", certificate, "--key", key), get_a_page)


def get_a_page(transport: socket.socket) -> None:
    stream = Stream(transport, Connection(client_configuration()), idle_timeout=PATIENCE)
    stream.handshake(PATIENCE)
    stream.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert stream.recv().startswith(b"HTTP/1.1 200")


def server_files(folder: Path) -> tuple[Path, Path]:
    from pki.keys import dump_private_key
    from tests.handshake.support.parties import identity

    ours = identity("server.example")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(b"".join(one.to_pem() for one in ours.chain))
    key.write_bytes(dump_private_key(ours.private_key))
    return certificate, key


@pytest.mark.slow
def test_the_memory_of_a_server_does_not_grow_with_its_connections(tmp_path: Path) -> None:
    """After 5,000, good, bad and half, it has at most 10 MiB more than after 500."""
    certificate, key = map(str, server_files(tmp_path))
    command = [sys.executable, "-m", "handshake", "server", "0", "--http", "--cert", certificate, "--key", key]
    with running(command) as (server, port, _):
        begun = 0
        sizes = []
        for until in (500, 5000):
            for number in range(begun, until):
                visit(port, number)
            begun = until
            visits(port, "127.0.0.1", get_a_page)
            sizes.append(resident(server.pid))
        assert sizes[1] - sizes[0] <= 10 * 2**20, sizes


def visit(port: int, number: int) -> None:
    """Every tenth client makes a whole handshake; the others say nothing, junk, half a hello, or a large hello."""
    with calling(("127.0.0.1", port)) as transport:
        match number % 10:
            case 0:
                stream = Stream(transport, Connection(client_configuration(number)), idle_timeout=PATIENCE)
                stream.handshake(PATIENCE)
            case 1 | 2 | 3:
                transport.sendall(b"\x16\x03\x01\x02\x00\x01")
            case 4 | 5 | 6:
                transport.sendall(b"GET / HTTP/1.0\r\n\r\n")
            case 7 | 8:
                hello = Connection(client_configuration(number)).data_to_send()
                transport.sendall(hello)
            case _:
                transport.sendall(b"\x16\x03\x01\x40\x00\x01\x02\x00\x00" + bytes(16380))


def resident(process: int) -> int:
    """The bytes of memory that a process has now (VmRSS)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
