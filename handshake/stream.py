"""Connections over sockets: `connect` for clients, `serve` for servers. All else in this room is without them.

Standard     RFC 5246 §7.2.1 (closing); the rest is the business of any program that uses sockets.
Left out     Asynchronous sockets: see `aio`.

Every wait has an end: for the handshake as a whole, for each `recv` and each `sendall`, and for the last words when
a connection is closed.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import io
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, Self, cast

from handshake.capture.capture import Capture
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import NEED_DATA, ApplicationData, ApplicationDataSent, ConnectionClosed, Event
from handshake.listener import USUAL_LIMITS, Address, Limits, Listener, Visit
from handshake.machine import OPEN, OVER
from handshake.parameters import Parameters
from handshake.stream_file import StreamFile
from pki.verify import VerifiedChain
from primitives.octets import BytesLike, view_bytes
from record.alerts import RemoteProtocolError
from record.codes import MAXIMUM_PLAINTEXT
from record.layer import TOGETHER

HANDSHAKE_TIMEOUT = 10.0  # seconds, for the connection to be established
IDLE_TIMEOUT = 60.0  # seconds, for one `recv` to bring data or one `sendall` to be taken
LINGER = 1.0  # seconds in which the peer may read our last words and answer them
CHUNK = 2**16  # bytes that are written at once
MUCH = TOGETHER * MAXIMUM_PLAINTEXT  # bytes that are read, or sealed, at once: what the record layer takes together
BACKLOG = 512  # connections that the kernel keeps until they are accepted; the system may keep fewer


class Stream:
    """An established connection over a socket, used much like the socket itself.

    One thread may send while another receives.

    peer_address: the address of the other end.
    on_event: is told of everything that happens on the connection, in order.
    is_idle: whether `recv` has waited in vain for as long as it may.
    """

    on_event: Callable[[Event], None] | None = None

    def __init__(
        self, transport: socket.socket, connection: Connection, *, idle_timeout: float, capture: Capture | None = None
    ) -> None:
        self.peer_address: Address = transport.getpeername()
        self._socket, self._connection = transport, connection
        addresses = {connection.role: transport.getsockname(), connection.role.peer: self.peer_address}
        self._note = capture.begin(addresses) if capture is not None else lambda sender, data: None
        self._idle_timeout = idle_timeout
        self._received = bytearray()
        self._ended = False  # the peer sends no more
        self.is_idle = False
        self._failure: Exception | None = None  # why the connection is over
        self._closed = False  # the user wants no more
        self._last_words_said = False
        self._files = 0  # what makefile made and is not closed yet
        self._state_lock = threading.RLock()  # held while the connection computes
        self._read_lock = threading.Lock()  # held while data is waited for
        self._write_lock = threading.Lock()  # held while bytes are written, in the order in which they were sealed
        transport.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a flight is written at once

    @property
    def parameters(self) -> Parameters | None:
        """What was agreed upon."""
        return self._connection.parameters

    @property
    def peer_chain(self) -> VerifiedChain | None:
        """Who the peer is, if it showed that."""
        return self._connection.peer_chain

    def handshake(self, timeout: float) -> None:
        """Establish the connection. `connect` and `serve` have done so.

        Raises `TimeoutError`, `OSError`, or `RemoteProtocolError` once the peer has been told why.
        """
        deadline = time.monotonic() + timeout
        self._handle(None, timeout)
        while self.parameters is None:
            try:
                self._read(deadline)
            except RemoteProtocolError:
                if self.parameters is None:
                    raise
                # The fault came with the end of the handshake, and after it: `recv` raises, once it has returned what
                # was good.

    def recv(self, maximum: int = CHUNK, /) -> bytes:
        """Return some of the data that the peer sends, at most `maximum` bytes; `b""` once it has said that it is all.

        Raises `TimeoutError`, `OSError`, or `RemoteProtocolError` for what was corrupted or cut off.
        """
        if maximum < 1:
            raise ValueError(f"the maximum is {maximum}, expected 1 or more bytes")
        with self._read_lock:
            try:
                self._wait_for_data()
            except RemoteProtocolError:
                if not self._received:
                    raise
                # What came before the fault was good; the next call raises.
            with memoryview(self._received) as received:
                data = bytes(received[:maximum])
            del self._received[:maximum]
        return data

    def recv_into(self, buffer: bytearray | memoryview, /) -> int:
        """Receive into `buffer`; return the number of bytes."""
        data = self.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def sendall(self, data: BytesLike, /) -> None:
        """Send all of `data`.

        Raises `BrokenPipeError` when the connection is over, `RemoteProtocolError` when it has failed, `TimeoutError`,
        `OSError`.
        """
        self._require_open()
        view = view_bytes(data, "data to send")
        for start in range(0, len(view), MUCH):
            part = view[start : start + MUCH]
            with self._state_lock:
                if isinstance(self._failure, RemoteProtocolError):
                    raise self._failure
                if self._connection.state not in OPEN:
                    raise BrokenPipeError(errno.EPIPE, "the connection is over, nothing more can be sent")
                self._connection.send(part)
            if self.on_event is not None:
                self.on_event(ApplicationDataSent(len(part)))  # before the peer can answer it
            self._flush(self._idle_timeout)

    def send(self, data: BytesLike, /) -> int:
        """Send all of `data`; return its length."""
        self.sendall(data)
        return len(data)

    def makefile(self, mode: str = "rb", buffering: int = -1) -> BinaryIO:
        """Return a binary file that reads from the stream (`rb`), writes to it (`wb`), or both (`rwb`).

        The stream stays open until its files are closed, too.
        """
        if mode not in ("rb", "wb", "rwb"):
            raise ValueError(f"the mode is {mode!r}, expected 'rb', 'wb' or 'rwb'")
        self._require_open()
        raw = StreamFile(self, mode, on_close=self._release)
        self._files += 1
        if buffering == 0:
            return cast(BinaryIO, raw)
        size = buffering if buffering > 0 else io.DEFAULT_BUFFER_SIZE
        if mode == "rb":
            return io.BufferedReader(raw, size)
        if mode == "wb":
            return io.BufferedWriter(raw, size)
        return cast(BinaryIO, io.BufferedRWPair(raw, raw, size))

    def request_certificate(self) -> None:
        """Ask the client for its certificate now: see `Connection.request_certificate`. `recv` handles the answer."""
        with self._state_lock:
            self._connection.request_certificate()
        self._flush(self._idle_timeout)

    def update_keys(self, *, request_update: bool = False) -> None:
        """Protect what is sent from now on with the next keys: see `Connection.update_keys`."""
        with self._state_lock:
            self._connection.update_keys(request_update=request_update)
        self._flush(self._idle_timeout)

    def settimeout(self, timeout: float) -> None:
        """Wait at most so many seconds in each `recv` and `sendall`."""
        self._idle_timeout = timeout

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self._socket.fileno()

    def close(self) -> None:
        """Say goodbye (RFC 5246 §7.2.1) and close the socket, as soon as all files made of this are closed."""
        if not self._closed:
            self._closed = True
            if not self._files:
                self._say_goodbye()

    def end(self) -> None:
        """Say that this side sends no more (RFC 5246 §7.2.1). What the peer still sends can be received."""
        with self._state_lock:
            self._connection.close()
        self._flush(self._idle_timeout)

    def abort(self) -> None:
        """Cut the connection, without a goodbye. A thread that waits in `recv` is told that it was cut."""
        self._closed = True
        self._note(self._connection.role, b"")
        with contextlib.suppress(OSError):  # it may be cut already
            self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _release(self) -> None:
        """A file that was made of this is closed."""
        self._files -= 1
        if self._closed and not self._files:
            self._say_goodbye()

    def _require_open(self) -> None:
        if self._closed and not self._files:
            raise ValueError("the stream is closed")

    def _wait_for_data(self) -> None:
        deadline = time.monotonic() + self._idle_timeout
        while not self._received and not self._ended:
            if self._failure is not None:
                raise self._failure
            try:
                self._read(deadline)
            except TimeoutError:
                self.is_idle = True
                raise

    def _read(self, deadline: float) -> None:
        """Wait for bytes, and handle what they mean."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the peer took too long")
        self._socket.settimeout(remaining)
        try:
            data = self._socket.recv(MUCH)
        except TimeoutError:
            raise TimeoutError("the peer took too long") from None
        self._handle(data, self._idle_timeout)

    def _handle(self, data: bytes | None, timeout: float) -> None:
        """Handle bytes of the peer, if any; send what there is to send; tell what happened."""
        events: list[Event] = []
        failure: Exception | None = None
        with self._state_lock:
            if data is not None:
                self._connection.receive_data(data)
            try:
                while (event := self._connection.next_event()) is not NEED_DATA:
                    events.append(event)
            except Exception as error:  # whatever it is, the alert for it has to be sent first
                failure = error
        if data is not None:
            self._note(self._connection.role.peer, data)  # not before the secrets that open it are logged
        for event in events:
            if isinstance(event, ApplicationData):
                self._received += event.data
            self._ended |= isinstance(event, ConnectionClosed)
            if self.on_event is not None:
                self.on_event(event)
        if failure is not None:
            self._failure = failure
            self._last_words()
            raise failure
        self._flush(timeout)

    def _flush(self, timeout: float) -> None:
        """Write all bytes that are to be sent."""
        with self._write_lock:
            with self._state_lock:
                data = self._connection.data_to_send()
            if data:
                self._note(self._connection.role, data)  # before the peer can answer it
                view = memoryview(data)
                for start in range(0, len(view), CHUNK):  # each has its own time
                    self._socket.settimeout(timeout)
                    self._socket.sendall(view[start : start + CHUNK])

    def _say_goodbye(self) -> None:
        with self._state_lock:
            self._connection.close()
        self._last_words()
        self._socket.close()

    def _last_words(self) -> None:
        """Write what is left, and give the peer time to read it.

        Closed while there are bytes that were not read, a socket resets the connection, and the peer may lose our
        alert. So we end our direction, and read until the peer ends its own.
        """
        if self._last_words_said:
            return
        self._last_words_said = True
        try:
            self._flush(LINGER)
            self._note(self._connection.role, b"")
            self._socket.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + LINGER
            while (remaining := deadline - time.monotonic()) > 0:
                self._socket.settimeout(remaining)
                data = self._socket.recv(CHUNK)
                if self._connection.state not in OVER:
                    self._handle(data, LINGER)
                else:
                    self._note(self._connection.role.peer, data)
                if not data:
                    return
        except (OSError, RemoteProtocolError):  # the peer is not there to listen, or has nothing sensible to say
            return


def connect(
    address: tuple[str, int],
    configuration: ClientConfiguration,
    *,
    timeout: float = HANDSHAKE_TIMEOUT,
    idle_timeout: float = IDLE_TIMEOUT,
    on_event: Callable[[Event], None] | None = None,
    capture: Capture | None = None,
) -> Stream:
    """Connect to a server and return the established connection.

    address: host and port of the server. Who must answer there, `configuration.server_name` says.
    timeout: seconds for connecting, and again for the handshake. idle_timeout: seconds for each `recv` and `sendall`.
    on_event: is told of everything that happens, in order, for as long as the stream is used.
    capture: where the connection is captured; its `key_log` has to be the configuration's.

    Raises `OSError` if there is nobody, `TimeoutError`, or `RemoteProtocolError` once the server was told why.
    """
    transport = socket.create_connection(address, timeout)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(transport.close)
        stream = Stream(transport, Connection(configuration), idle_timeout=idle_timeout, capture=capture)
        on_failure.callback(stream.abort)
        stream.on_event = on_event
        stream.handshake(timeout)
        on_failure.pop_all()
    return stream


def serve(
    address: tuple[str, int] | socket.socket,
    configuration: ServerConfiguration,
    handler: Callable[[Stream], None],
    *,
    handshake_timeout: float = HANDSHAKE_TIMEOUT,
    idle_timeout: float = IDLE_TIMEOUT,
    limits: Limits = USUAL_LIMITS,
    on_event: Callable[[Stream, Event], None] | None = None,
    on_error: Callable[[Address, Exception], None] | None = None,
    capture: Capture | None = None,
) -> Listener:
    """Serve clients, each in a thread of its own, until the listener that is returned is closed.

    address: host and port to listen on (port 0: any that is free), or a socket that listens already, which is taken
    over: the code that had it cannot close it in front of the thread that accepts, not even if Ctrl-C ends both.
    handler: is called with each established connection, which is closed when it returns.
    handshake_timeout, idle_timeout: seconds, as for `connect`. A client that says nothing for so long that `recv`
    raises TimeoutError is told goodbye.
    limits: how many there may be at a time, and how long a client may take to begin; others wait.
    on_event: is told of everything that happens, and where.
    on_error: is told of a connection that failed, with the peer's address; without it, they fail silently.
    capture: where the connections are captured, as for `connect`.

    Raises `OSError` if the address cannot be listened on.
    """
    listening = socket.socket(fileno=address.detach()) if isinstance(address, socket.socket) else _listen(address)

    def converse(visit: Visit) -> None:
        with contextlib.ExitStack() as at_the_end:
            try:
                stream = Stream(visit.transport, Connection(configuration), idle_timeout=idle_timeout, capture=capture)
                at_the_end.callback(stream.abort)
                stream.on_event = None if on_event is None else functools.partial(on_event, stream)
                at_the_end.callback(setattr, stream, "on_event", None)  # the two know each other: part them
                stream.handshake(handshake_timeout)
                visit.admitted()
                try:
                    handler(stream)
                except TimeoutError:
                    if stream.is_idle:
                        stream.close()
                    raise
                stream.close()
            except Exception as error:  # no goodbye then: the client must not take what it has for all
                if on_error is not None:
                    on_error(visit.peer, error)
                elif not isinstance(error, OSError | RemoteProtocolError):
                    raise

    def dropped(peer: Address, error: Exception) -> None:
        if on_error is not None:
            on_error(peer, error)

    limits = replace(limits, first_byte=min(limits.first_byte, handshake_timeout))
    return Listener(listening, converse, on_error=dropped, limits=limits)


def _listen(address: tuple[str, int]) -> socket.socket:
    host, _ = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server(address, family=family, backlog=BACKLOG)
