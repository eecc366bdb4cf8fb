"""The tap: passes on and keeps what it gets, record by record if it tampers, and ends when it is told to."""

import socket
import threading
from collections.abc import Iterator

import pytest

from demo.party.address import Address
from demo.wire.flows import CutOffError, Flow
from demo.wire.tap import Tap

RECORDS = [bytes((22, 3, 3, 0, length)) + bytes((length,)) * length for length in (1, 5, 200)]


@pytest.fixture
def echo() -> Iterator[Address]:
    """A server that sends back what it gets, for as many connections as come."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            if ended:
                connection.close()
                return
            threads.append(threading.Thread(target=answer, args=(connection,), daemon=True))
            threads[-1].start()

    ended: list[bool] = []
    threads = [threading.Thread(target=serve, daemon=True)]
    threads[0].start()
    address = Address(*listener.getsockname())
    yield address
    ended.append(True)
    socket.create_connection(address).close()
    for thread in threads:
        thread.join(5)
    listener.close()


def talk(address: Address, *pieces: bytes) -> bytes:
    with socket.create_connection(address, timeout=5) as caller:
        for piece in pieces:
            caller.sendall(piece)
        caller.shutdown(socket.SHUT_WR)
        received = b""
        while data := caller.recv(65536):
            received += data
        return received


def test_bytes_pass_both_ways_and_are_kept(echo: Address) -> None:
    data = bytes(range(256)) * 1000
    with Tap(echo) as tap:
        assert talk(tap.address, data) == data
        assert talk(tap.address, b"again") == b"again"
    for flow in Flow:
        assert [capture.stream(flow) for capture in tap.captures] == [data, b"again"]


def test_records_are_handed_over_whole_however_they_come(echo: Address) -> None:
    seen: list[tuple[Flow, int, bytes]] = []

    def tamper(flow: Flow, number: int, record: bytes) -> list[bytes]:
        seen.append((flow, number, record))
        return [record]

    wire = b"".join(RECORDS)
    with Tap(echo, tamper=tamper) as tap:
        assert talk(tap.address, *(wire[i : i + 1] for i in range(len(wire)))) == wire
    for flow in Flow:
        assert [(n, record) for way, n, record in seen if way is flow] == list(enumerate(RECORDS))


def test_what_the_tamperer_returns_is_passed_on(echo: Address) -> None:
    def tamper(flow: Flow, number: int, record: bytes) -> list[bytes]:
        return [record] if flow is Flow.TO_CALLER else [[], [record, record], [RECORDS[0]]][number]

    with Tap(echo, tamper=tamper) as tap:
        assert talk(tap.address, b"".join(RECORDS)) == RECORDS[1] * 2 + RECORDS[0]
    assert tap.captures[0].stream(Flow.TO_TARGET) == b"".join(RECORDS)  # as it was before


def test_a_tamperer_can_cut(echo: Address) -> None:
    def tamper(flow: Flow, number: int, record: bytes) -> list[bytes]:
        if number == 1:
            raise CutOffError
        return [record]

    with Tap(echo, tamper=tamper) as tap, socket.create_connection(tap.address, timeout=5) as caller:
        caller.sendall(b"".join(RECORDS[:2]))
        received = b""
        while data := caller.recv(65536):
            received += data
    assert received in (b"", RECORDS[0])


def test_a_target_that_is_not_there() -> None:
    with Tap(Address("127.0.0.1", 1)) as tap, socket.create_connection(tap.address, timeout=5) as caller:
        assert caller.recv(1) == b""
    assert tap.captures == []


def test_closing_cuts_what_is_still_connected(echo: Address) -> None:
    with Tap(echo) as tap:
        caller = socket.create_connection(tap.address, timeout=5)
        caller.sendall(b"x")
        assert caller.recv(1) == b"x"
    with caller:
        assert caller.recv(1) == b""
    with pytest.raises(OSError, match=r".+"):
        socket.create_connection(tap.address, timeout=5)
