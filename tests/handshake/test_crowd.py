"""Many clients at one server, some of whom stall, cut or send junk: nobody else is hurt."""

import random
import socket
import threading
import time

import pytest

from handshake.stream import Stream, connect, serve
from handshake.suites import DEFAULT_SUITES
from tests.handshake.parties import client_configuration, seeded, server_configuration

SIZE = 64 * 1024


def echo(stream: Stream) -> None:
    while data := stream.recv():
        stream.sendall(data)


@pytest.mark.parametrize("clients", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_a_crowd(clients: int) -> None:
    dice = random.Random(clients)
    configuration = server_configuration(suites=DEFAULT_SUITES)
    troublemakers: list[socket.socket] = []
    right: list[int] = []
    wrong: list[str] = []
    begin = threading.Barrier(clients)

    def behave(number: int) -> None:
        data = seeded(number)(SIZE)
        try:
            begin.wait()
            client = client_configuration(number, suites=DEFAULT_SUITES)
            with connect(listener.address[:2], client, timeout=300, idle_timeout=300) as stream:
                sending = threading.Thread(target=stream.sendall, args=(data,))
                sending.start()
                received = b""
                while len(received) < SIZE:
                    received += stream.recv()
                sending.join()
            (right if received == data else wrong).append(number)  # type: ignore[arg-type]  # of two kinds
        except Exception as error:  # which it was, the assertion tells
            wrong.append(f"{number}: {error!r}")

    with serve(
        ("127.0.0.1", 0),
        configuration,
        echo,
        handshake_timeout=300,
        idle_timeout=300,
        maximum_connections=2 * clients,
    ) as listener:
        for i in range(clients // 4):  # one in five
            trouble = socket.create_connection(listener.address[:2])
            if i % 3 == 1:
                trouble.sendall(dice.randbytes(500))
            elif i % 3 == 2:
                trouble.sendall(b"\x16\x03\x01\x02\x00\x01")
                trouble.close()
            troublemakers.append(trouble)
        threads = [threading.Thread(target=behave, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for trouble in troublemakers:
            trouble.close()
        time.sleep(0.1)
    assert wrong == []
    assert sorted(right) == list(range(clients))
