"""Many clients at one server, some of whom stall, cut or send junk: nobody else is hurt."""

import socket
import threading
from collections.abc import Callable

import pytest

from handshake.configuration import VERSIONS
from handshake.connection import Connection
from handshake.listener import Address, Limits
from handshake.registries.groups import X25519
from handshake.stream import Stream, connect, serve
from handshake.suites.table import DEFAULT_SUITES
from record.alerts import RemoteProtocolError
from tests.handshake.support.parties import client_configuration, seeded, server_configuration

SIZE = 64 * 1024
PATIENCE = 300.0
JUNK = seeded("junk")(500)
GROUPS = (X25519,)

Trouble = Callable[[tuple[str, int]], socket.socket]
"""What somebody does to a server; returns what stays open until the end."""


def echo(stream: Stream) -> None:
    while data := stream.recv():
        stream.sendall(data)


def established(address: tuple[str, int]) -> Stream:
    configuration = client_configuration("trouble", suites=DEFAULT_SUITES)
    return connect(address, configuration, timeout=PATIENCE, idle_timeout=PATIENCE)


def stall_before_a_word(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address)


def stall_in_the_handshake(address: tuple[str, int]) -> socket.socket:
    transport = socket.create_connection(address)
    transport.sendall(Connection(client_configuration(suites=DEFAULT_SUITES)).data_to_send())
    return transport


def stall_with_half_a_record(address: tuple[str, int]) -> socket.socket:
    stream = established(address)
    stream._socket.sendall(b"\x17\x03\x03\x40\x00 half")
    return stream._socket


def stall_without_reading(address: tuple[str, int]) -> socket.socket:
    stream = established(address)
    stream._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stream.sendall(bytes(SIZE))  # it all comes back, and is not taken
    return stream._socket


def junk_for_a_hello(address: tuple[str, int]) -> socket.socket:
    transport = socket.create_connection(address)
    transport.sendall(JUNK)
    return transport


def junk_for_a_record(address: tuple[str, int]) -> socket.socket:
    stream = established(address)
    stream._socket.sendall(b"\x17\x03\x03" + len(JUNK).to_bytes(2, "big") + JUNK)
    return stream._socket


def cut_in_the_hello(address: tuple[str, int]) -> socket.socket:
    transport = socket.create_connection(address)
    transport.sendall(b"\x16\x03\x01\x02\x00\x01")
    transport.close()
    return transport


def cut_in_the_data(address: tuple[str, int]) -> socket.socket:
    stream = established(address)
    stream.sendall(bytes(SIZE // 2))
    stream._socket.close()
    return stream._socket


TROUBLES: list[Trouble] = [
    stall_before_a_word, stall_in_the_handshake, stall_with_half_a_record, stall_without_reading,
    junk_for_a_hello, junk_for_a_record, cut_in_the_hello, cut_in_the_data,
]  # fmt: skip
FAILING = {junk_for_a_hello, junk_for_a_record, cut_in_the_hello, cut_in_the_data}  # which the server notices


@pytest.mark.parametrize("clients", [20, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_crowd(clients: int) -> None:
    troubles = [TROUBLES[i % len(TROUBLES)] for i in range(max(clients // 4, len(TROUBLES)))]
    right: list[int] = []
    wrong: list[str] = []
    errors: list[Exception] = []
    still_open: list[socket.socket] = []
    noticed = threading.Semaphore(0)
    begin = threading.Barrier(clients + len(troubles))

    def on_error(peer: Address, error: Exception) -> None:
        errors.append(error)
        noticed.release()

    def behave(number: int) -> None:
        data = seeded(number)(SIZE)
        begin.wait()
        try:
            version = VERSIONS[number % 2]  # half of them speak TLS 1.3
            client = client_configuration(number, suites=DEFAULT_SUITES, versions=(version,), groups=GROUPS)
            with connect(listener.address[:2], client, timeout=PATIENCE, idle_timeout=PATIENCE) as stream:
                sending = threading.Thread(target=stream.sendall, args=(data,))
                sending.start()
                received = stream.makefile("rb").read(SIZE)
                sending.join()
            if received == data:
                right.append(number)
            else:
                wrong.append(f"{number} got something else back")
        except Exception as error:  # which it was, the assertion tells
            wrong.append(f"{number}: {error!r}")

    def misbehave(trouble: Trouble) -> None:
        begin.wait()
        try:
            still_open.append(trouble(listener.address[:2]))
        except Exception as error:
            wrong.append(f"{trouble.__name__}: {error!r}")

    with serve(
        ("127.0.0.1", 0),
        server_configuration(suites=DEFAULT_SUITES, versions=VERSIONS),
        echo,
        handshake_timeout=PATIENCE,
        idle_timeout=PATIENCE,
        limits=Limits(connections=2 * clients, per_address=2 * clients, first_byte=PATIENCE),  # all are of one address
        on_error=on_error,
    ) as listener:
        threads = [threading.Thread(target=behave, args=(number,)) for number in range(clients)]
        threads += [threading.Thread(target=misbehave, args=(trouble,)) for trouble in troubles]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        failing = sum(trouble in FAILING for trouble in troubles)
        for _ in range(failing):
            assert noticed.acquire(timeout=PATIENCE)
        assert len(errors) == failing  # and none of the others
        for other in still_open:
            other.close()
    assert wrong == []
    assert sorted(right) == list(range(clients))
    assert all(isinstance(error, OSError | RemoteProtocolError) for error in errors)
