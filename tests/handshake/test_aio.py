"""Connections over asyncio, with our blocking ones and with Python's own TLS at the other end."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from handshake.aio import open_connection, start_server
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.events import ApplicationDataSent, Event, HandshakeCompleted
from handshake.stream import Stream, connect, serve
from handshake.suites.table import SUITES
from pki.keys import dump_private_key
from record.alerts import RemoteProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.support.parties import authority, client_configuration, identity, server_configuration

VERSIONS = pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
MUCH = 3 * 10**6


def ours(**changes: Any) -> ClientConfiguration:
    return client_configuration(**changes)


def theirs(**changes: Any) -> ServerConfiguration:
    return server_configuration(**changes)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send everything back, and say goodbye."""
    while data := await reader.read(2**16):
        writer.write(data)
        await writer.drain()
    writer.close()


def run(body: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await body()

    asyncio.run(bounded())


async def serving(configuration: ServerConfiguration, handler: Any = echo, **options: Any) -> tuple[Any, int]:
    server = await start_server(handler, "127.0.0.1", 0, configuration, **options)
    return server, server.sockets[0].getsockname()[1]


@VERSIONS
def test_client_and_server(version: int) -> None:
    async def body() -> None:
        events: list[Event] = []
        server, port = await serving(theirs(versions=(version,)))
        async with server:
            reader, writer = await open_connection("127.0.0.1", port, ours(versions=(version,)), on_event=events.append)
            writer.write(b"hello\n")
            writer.writelines([b"and ", b"more\n"])
            assert await reader.readline() == b"hello\n"
            assert await reader.readline() == b"and more\n"
            assert writer.get_extra_info("parameters").version == version
            assert writer.get_extra_info("peer_chain")[0] == identity("server.example").chain[0]
            assert writer.get_extra_info("peername")[1] == port
            assert writer.can_write_eof()
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            assert [type(e) for e in events].count(HandshakeCompleted) == 1
            assert [e for e in events if isinstance(e, ApplicationDataSent)] == [
                ApplicationDataSent(6),
                ApplicationDataSent(9),
            ]

    run(body)


def test_much_data_both_ways_at_once() -> None:
    async def body() -> None:
        server, port = await serving(theirs(versions=(TLS_1_3,)))
        async with server:
            reader, writer = await open_connection("127.0.0.1", port, ours(versions=(TLS_1_3,)))

            async def send() -> None:
                for _ in range(30):
                    writer.write(bytes(MUCH // 30))
                    await writer.drain()

            sending = asyncio.create_task(send())
            assert len(await reader.readexactly(MUCH)) == MUCH
            await sending
            writer.close()
            await writer.wait_closed()

    run(body)


@VERSIONS
def test_with_the_blocking_streams(version: int) -> None:
    def echo_blocking(stream: Stream) -> None:
        while data := stream.recv(2**16):
            stream.sendall(data)

    async def body() -> None:
        with serve(("127.0.0.1", 0), theirs(versions=(version,)), echo_blocking) as listener:
            reader, writer = await open_connection("127.0.0.1", listener.address[1], ours(versions=(version,)))
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            writer.close()
            await writer.wait_closed()
        server, port = await serving(theirs(versions=(version,)))
        async with server:

            def converse() -> bytes:
                with connect(("127.0.0.1", port), ours(versions=(version,))) as stream:
                    stream.sendall(b"hello")
                    return stream.recv(5)

            assert await asyncio.to_thread(converse) == b"hello"

    run(body)


@VERSIONS
def test_with_pythons_own_tls(version: int, tmp_path: Path) -> None:
    who = identity("localhost")
    (tmp_path / "own.pem").write_bytes(who.chain[0].to_pem() + dump_private_key(who.private_key))
    maximum = ssl.TLSVersion.TLSv1_2 if version == TLS_1_2 else ssl.TLSVersion.TLSv1_3
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "own.pem")
    server.minimum_version = server.maximum_version = maximum

    async def body() -> None:
        listening = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server)
        async with listening:
            port = listening.sockets[0].getsockname()[1]
            reader, writer = await open_connection(
                "127.0.0.1", port, ours(server_name="localhost", versions=(version,), suites=(SUITES[0xC02F],))
            )
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            writer.close()
            await writer.wait_closed()

    run(body)


def test_many_clients_at_once() -> None:
    async def body() -> None:
        server, port = await serving(theirs(versions=(TLS_1_3,)))

        async def converse(number: int) -> None:
            reader, writer = await open_connection("127.0.0.1", port, ours(versions=(TLS_1_3,)), timeout=50)
            writer.write(b"%d\n" % number)
            assert await reader.readline() == b"%d\n" % number
            writer.close()
            await writer.wait_closed()

        async with server:
            await asyncio.gather(*(converse(number) for number in range(20)))

    run(body)


def test_more_than_there_may_be() -> None:
    async def body() -> None:
        server, port = await serving(theirs(), clients=1)
        async with server:
            _, first = await open_connection("127.0.0.1", port, ours())
            with pytest.raises((OSError, RemoteProtocolError)):
                await open_connection("127.0.0.1", port, ours())
            first.close()
            await first.wait_closed()
            await asyncio.sleep(0.1)
            _, other = await open_connection("127.0.0.1", port, ours())
            other.close()

    run(body)


def test_a_server_that_is_not_trusted() -> None:
    async def body() -> None:
        errors: list[Exception] = []
        server, port = await serving(theirs(), on_error=lambda peer, error: errors.append(error))
        async with server:
            with pytest.raises(RemoteProtocolError, match="unknown_ca"):
                await open_connection("127.0.0.1", port, ours(roots=(authority("another root").certificate,)))
            for _ in range(100):
                if errors:
                    break
                await asyncio.sleep(0.01)
        [error] = errors
        assert isinstance(error, RemoteProtocolError)
        assert error.received

    run(body)


def test_a_client_that_says_nothing_and_one_that_is_cut() -> None:
    async def body() -> None:
        errors: list[Exception] = []
        server, port = await serving(theirs(), handshake_timeout=0.2, on_error=lambda peer, error: errors.append(error))
        async with server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await reader.read() == b""
            assert [type(error) for error in errors] == [TimeoutError]
            writer.close()
            _, other = await asyncio.open_connection("127.0.0.1", port)
            other.write(b"\x16\x03\x01")
            other.close()
            for _ in range(100):
                if len(errors) == 2:
                    break
                await asyncio.sleep(0.01)
        assert isinstance(errors[1], RemoteProtocolError)

    run(body)


def test_a_connection_that_is_cut_is_no_end_of_data() -> None:
    async def body() -> None:
        cut = asyncio.Event()

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"the first half")
            await writer.drain()
            await cut.wait()
            writer.transport.abort()

        server, port = await serving(theirs(versions=(TLS_1_3,)), handler)
        async with server:
            reader, writer = await open_connection("127.0.0.1", port, ours(versions=(TLS_1_3,)))
            assert await reader.readexactly(14) == b"the first half"
            cut.set()
            with pytest.raises((OSError, RemoteProtocolError)):
                await reader.read()
            writer.close()

    run(body)


def test_a_server_that_does_not_answer() -> None:
    async def body() -> None:
        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(TimeoutError):
            await open_connection("127.0.0.1", port, ours(), timeout=0.2)
        silent.close()
        await asyncio.sleep(0.1)

    run(body)


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    test_a_server_that_is_not_trusted()
    assert threading.active_count() == before
