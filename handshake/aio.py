"""Connections over asyncio: `open_connection` for clients, `start_server` for servers, with asyncio's own streams.

Standard     RFC 5246 §7.2.1, RFC 9846 §6.1 (closing); the rest is as asyncio's functions of the same names have it.
Left out     Computing beside the event loop: a handshake holds it up for as long as its signatures take, some
             milliseconds each.

The reader and the writer are `asyncio.StreamReader` and `asyncio.StreamWriter`, over a transport that encrypts. What
was agreed upon, `writer.get_extra_info("parameters")` says, and who the peer is, `writer.get_extra_info("peer_chain")`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import (
    NEED_DATA,
    ApplicationData,
    ApplicationDataSent,
    ConnectionClosed,
    Event,
    HandshakeCompleted,
)
from handshake.machine import OPEN
from primitives.octets import BytesLike, view_bytes

HANDSHAKE_TIMEOUT = 10.0  # seconds, for the connection to be established
LINGER = 1.0  # seconds in which the peer may answer our goodbye
CLIENTS = 500  # of a server, at a time
READ_AHEAD = 2**16  # bytes that a reader keeps before the peer has to wait, as asyncio has it

Handler: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ErrorHandler: TypeAlias = Callable[[Any, Exception], None]


async def open_connection(
    host: str,
    port: int,
    configuration: ClientConfiguration,
    *,
    timeout: float = HANDSHAKE_TIMEOUT,
    on_event: Callable[[Event], None] | None = None,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a server, and return the reader and the writer of the established connection.

    host, port: of the server. Who must answer there, `configuration.server_name` says. timeout: seconds for connecting
    and the handshake. on_event: is told of everything that happens, in order.

    Raises `OSError` if there is nobody, `TimeoutError`, or `RemoteProtocolError` once the server was told why.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=READ_AHEAD, loop=loop)
    above = asyncio.StreamReaderProtocol(reader, loop=loop)
    async with asyncio.timeout(timeout):
        _, below = await loop.create_connection(
            lambda: _Below(Connection(configuration), above, on_event=on_event), host, port
        )
        try:
            await below.established
        except BaseException:
            below.abort()
            raise
    return reader, asyncio.StreamWriter(below.face, above, reader, loop)


async def start_server(
    handler: Handler,
    host: str | None,
    port: int,
    configuration: ServerConfiguration,
    *,
    handshake_timeout: float = HANDSHAKE_TIMEOUT,
    clients: int = CLIENTS,
    on_event: Callable[[Any, Event], None] | None = None,
    on_error: ErrorHandler | None = None,
) -> asyncio.Server:
    """Serve clients, and return the server, as `asyncio.start_server` does.

    handler: is called with the reader and the writer of each established connection; it closes the writer.
    host, port: where to listen; None for everywhere, 0 for any port that is free.
    handshake_timeout: seconds for a client to establish its connection. clients: how many there may be at a time; those
    beyond are cut off at once. on_event: is told of everything that happens, with the peer's address. on_error: is told
    of a connection that failed in its handshake; without it, they fail silently.

    Raises `OSError` if the address cannot be listened on.
    """
    loop = asyncio.get_running_loop()
    service = _Service(handshake_timeout, clients, on_event, on_error)

    def make() -> _Below:
        above = asyncio.StreamReaderProtocol(asyncio.StreamReader(limit=READ_AHEAD, loop=loop), handler, loop=loop)
        return _Below(Connection(configuration), above, service=service)

    return await loop.create_server(make, host, port)


@dataclass
class _Service:
    """What the connections of a server have in common, as `start_server` says; and which there are."""

    handshake_timeout: float
    clients: int
    on_event: Callable[[Any, Event], None] | None
    on_error: ErrorHandler | None
    present: set[_Below] = field(default_factory=set)


class _Below(asyncio.Protocol):
    """What lies between the socket's transport and the stream: it drives the `Connection`."""

    def __init__(
        self,
        connection: Connection,
        above: asyncio.StreamReaderProtocol,
        *,
        on_event: Callable[[Event], None] | None = None,
        service: _Service | None = None,
    ) -> None:
        self.connection, self.above = connection, above
        self.established: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.face = EncryptingTransport(self)
        self._on_event, self._service = on_event, service
        self._timer: asyncio.TimerHandle | None = None
        self._is_up = self._is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the handshake."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"the transport is {type(transport).__name__}, expected one that reads and writes")
        self.transport = transport
        if (service := self._service) is not None:
            if len(service.present) >= service.clients:
                self._end(ConnectionAbortedError("there are too many clients"))
                return
            service.present.add(self)
            self._timer = asyncio.get_running_loop().call_later(service.handshake_timeout, self._is_late)
        self.flush()

    def data_received(self, data: bytes) -> None:
        """Handle bytes of the peer."""
        if not self._is_over:
            self.connection.receive_data(data)
            self.handle()

    def eof_received(self) -> bool:
        """Handle the end of what the peer sends; the transport is closed then."""
        if not self._is_over:
            self.connection.receive_data(b"")
            self.handle()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Handle the loss of the transport."""
        self._end(exc or ConnectionResetError("the connection was cut"))

    def pause_writing(self) -> None:
        """Have the writer wait."""
        if self._is_up:
            self.above.pause_writing()

    def resume_writing(self) -> None:
        """Let the writer go on."""
        if self._is_up:
            self.above.resume_writing()

    def handle(self) -> None:
        """Go through what has happened, and send what is to be sent."""
        failure: Exception | None = None
        try:
            while not self._is_over and (event := self.connection.next_event()) is not NEED_DATA:
                self._take(event)
        except Exception as error:  # whatever it is, the alert for it has to be sent first
            failure = error
        self.flush()
        if failure is not None:
            self._end(failure)

    def _take(self, event: Event) -> None:
        self.tell(event)
        match event:
            case HandshakeCompleted():
                if self._timer is not None:
                    self._timer.cancel()
                self._is_up = True
                self.above.connection_made(self.face)
                if not self.established.done():
                    self.established.set_result(None)
            case ApplicationData():
                self.above.data_received(event.data)
            case ConnectionClosed():
                self.flush()
                if self._is_up:
                    self.above.eof_received()
                self._end(None)

    def tell(self, event: Event) -> None:
        """Tell whoever listens of an event."""
        if self._on_event is not None:
            self._on_event(event)
        if self._service is not None and self._service.on_event is not None:
            self._service.on_event(self.transport.get_extra_info("peername"), event)

    def flush(self) -> None:
        """Give the transport what is to be sent."""
        data = self.connection.data_to_send()
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def say_goodbye(self) -> None:
        """Say that we send no more, and wait a little for the peer's answer."""
        if self._is_over:
            return
        self.connection.close()
        self.handle()
        if not self._is_over:
            self._timer = asyncio.get_running_loop().call_later(LINGER, self._end, None)

    def abort(self) -> None:
        """Cut the connection."""
        self._end(None)
        self.transport.abort()

    def _is_late(self) -> None:
        self._end(TimeoutError("the peer took too long"))

    def _end(self, error: Exception | None) -> None:
        """Close the transport, and tell the stream, once."""
        if self._is_over:
            return
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._service is not None:
            self._service.present.discard(self)
        if self._is_up:
            self.above.connection_lost(error)
        elif not self.established.done():
            error = error or ConnectionResetError("the connection was closed in its handshake")
            if self._service is not None and self._service.on_error is not None:
                self._service.on_error(self.transport.get_extra_info("peername"), error)
            self.established.set_exception(error)
            self.established.exception()  # on a server nobody waits for it
        self.transport.close()


class EncryptingTransport(asyncio.Transport):
    """A transport that encrypts what is written to it.

    `get_extra_info` knows the names "connection", "parameters" and "peer_chain", and those of the socket's transport.
    """

    def __init__(self, below: _Below) -> None:
        super().__init__()
        self._below, self._is_closing = below, False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known of the connection, or of the socket below it."""
        connection = self._below.connection
        known: dict[str, Callable[[], Any]] = {
            "connection": lambda: connection,
            "parameters": lambda: connection.parameters,
            "peer_chain": lambda: connection.peer_chain,
        }
        return known[name]() if name in known else self._below.transport.get_extra_info(name, default)

    def write(self, data: BytesLike) -> None:
        """Send data. What is written after the end of the connection is dropped, as asyncio's transports do."""
        view = view_bytes(data, "data to send")
        if not view or self._below.connection.state not in OPEN:
            return
        self._below.connection.send(view)
        self._below.flush()
        self._below.tell(ApplicationDataSent(len(view)))

    def writelines(self, list_of_data: Iterable[BytesLike]) -> None:
        """Send several pieces of data."""
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        """True: close_notify says so."""
        return True

    def write_eof(self) -> None:
        """Say that this side sends no more. What the peer sends before it answers that can be read."""
        self._below.connection.close()
        self._below.handle()

    def close(self) -> None:
        """Say goodbye, and close."""
        if not self._is_closing:
            self._is_closing = True
            self._below.say_goodbye()

    def abort(self) -> None:
        """Cut the connection, without a goodbye."""
        self._is_closing = True
        self._below.abort()

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._is_closing or self._below.transport.is_closing()

    def pause_reading(self) -> None:
        """Take no more bytes of the peer for the time being."""
        self._below.transport.pause_reading()

    def resume_reading(self) -> None:
        """Take bytes of the peer again."""
        self._below.transport.resume_reading()

    def is_reading(self) -> bool:
        """Whether bytes of the peer are taken."""
        return self._below.transport.is_reading()

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait to be sent."""
        return self._below.transport.get_write_buffer_size()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """Return how few and how many bytes waiting have the writer go on and wait."""
        return self._below.transport.get_write_buffer_limits()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Say how many bytes waiting have the writer wait, and how few have it go on."""
        self._below.transport.set_write_buffer_limits(high, low)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol."""
        self._below.above = protocol  # type: ignore[assignment]  # any that a stream has

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Return the protocol above."""
        return self._below.above
