import http.client
import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from handshake.events import Event, HandshakeCompleted
from handshake.listener import Limits, Listener
from handshake.parameters import Resumption
from handshake.sessions.stores import SessionCache, SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.stream import Stream, connect, serve
from record.alerts import AlertDescription, RemoteProtocolError
from tests.handshake.support.parties import authority, client_configuration, identity, server_configuration

Serve = Callable[..., Listener]


@pytest.fixture
def serving() -> Iterator[Serve]:
    """Begin to serve; what was begun is ended with the test."""
    listeners = []

    def begin(handler: Callable[[Stream], None], configuration: object = None, **options: object) -> Listener:
        listener = serve(("127.0.0.1", 0), configuration or server_configuration(), handler, **options)  # type: ignore[arg-type]  # whatever the test says
        listeners.append(listener)
        return listener

    yield begin
    for listener in listeners:
        listener.close()


def echo(stream: Stream) -> None:
    while data := stream.recv():
        stream.sendall(data)


def test_data_goes_both_ways(serving: Serve) -> None:
    events: list[Event] = []
    with connect(serving(echo).address[:2], client_configuration(), on_event=events.append) as stream:
        data = bytes(range(256)) * 300
        sender = threading.Thread(target=stream.sendall, args=(data,))  # while this thread receives
        sender.start()
        received = b""
        while len(received) < len(data):
            received += stream.recv(1000)
        sender.join()
        assert received == data
        assert stream.peer_chain is not None
        assert stream.parameters is not None
    assert sum(isinstance(event, HandshakeCompleted) for event in events) == 1
    with pytest.raises(ValueError, match="closed"):
        stream.sendall(b"more")


def test_the_end_of_one_side_is_the_end_of_the_other(serving: Serve) -> None:
    with connect(serving(lambda stream: stream.sendall(b"all")).address[:2], client_configuration()) as stream:
        assert stream.recv() == b"all"
        assert stream.recv() == b""
        assert stream.recv() == b""
        with pytest.raises(BrokenPipeError):
            stream.sendall(b"more")


def test_each_side_hears_why_the_other_refuses(serving: Serve) -> None:
    errors: list[Exception] = []
    listener = serving(echo, server_configuration(mutual=True), on_error=lambda peer, error: errors.append(error))
    with pytest.raises(RemoteProtocolError) as refused:
        connect(listener.address[:2], client_configuration())  # without a certificate
    assert (refused.value.alert, refused.value.received) == (AlertDescription.HANDSHAKE_FAILURE, True)
    with pytest.raises(RemoteProtocolError) as unknown:
        connect(listener.address[:2], client_configuration(roots=(authority("another").certificate,)))
    assert (unknown.value.alert, unknown.value.received) == (AlertDescription.UNKNOWN_CA, False)
    listener.close()
    assert [(error.alert, error.received) for error in errors if isinstance(error, RemoteProtocolError)] == [
        (AlertDescription.HANDSHAKE_FAILURE, False),
        (AlertDescription.UNKNOWN_CA, True),
    ]


def test_a_silent_client_does_not_stay(serving: Serve) -> None:
    errors: list[Exception] = []
    ended = threading.Event()

    def on_error(peer: object, error: Exception) -> None:
        errors.append(error)
        ended.set()

    listener = serving(echo, handshake_timeout=0.1, on_error=on_error)
    with socket.create_connection(listener.address[:2]) as silent:
        assert ended.wait(10)
        assert isinstance(errors[0], TimeoutError)
        assert silent.recv(1) == b""


def test_an_idle_client_does_not_stay(serving: Serve) -> None:
    errors: list[Exception] = []
    listener = serving(echo, idle_timeout=0.1, on_error=lambda peer, error: errors.append(error))
    with connect(listener.address[:2], client_configuration()) as stream:
        assert stream.recv() == b""  # it is told goodbye
    listener.close()
    assert isinstance(errors[0], TimeoutError)


def test_a_silent_server_is_not_waited_for(serving: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        connect(silent.getsockname(), client_configuration(), timeout=0.1)
    with connect(serving(echo).address[:2], client_configuration(), idle_timeout=0.1) as stream:
        with pytest.raises(TimeoutError):
            stream.recv()
        stream.settimeout(60)  # from here on, an answer is due
        stream.sendall(b"still there")
        assert stream.recv() == b"still there"


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        with pytest.raises(OSError, match="in use"):
            serve(address, server_configuration(), echo)
    with pytest.raises(ConnectionRefusedError):
        connect(address, client_configuration())


def test_no_more_connections_than_allowed(serving: Serve) -> None:
    listener = serving(echo, limits=Limits(connections=1))
    with connect(listener.address[:2], client_configuration()) as first:
        with pytest.raises(TimeoutError):
            connect(listener.address[:2], client_configuration(), timeout=0.2)
        first.sendall(b"x")
        assert first.recv() == b"x"
    with connect(listener.address[:2], client_configuration()) as second:
        second.sendall(b"y")
        assert second.recv() == b"y"


def test_a_socket_that_listens_is_taken_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listener = serve(listening, server_configuration(), echo)
    with listener, connect(listener.address[:2], client_configuration()) as stream:  # though `listening` is closed
        stream.sendall(b"x")
        assert stream.recv() == b"x"
    with pytest.raises(OSError):
        connect(listener.address[:2], client_configuration(), timeout=1)


def test_closing_the_listener_cuts_what_is_open(serving: Serve) -> None:
    listener = serving(echo)
    with connect(listener.address[:2], client_configuration()) as stream:
        listener.close()
        with pytest.raises((RemoteProtocolError, ConnectionError)):
            stream.recv()
    with pytest.raises(OSError):
        connect(listener.address[:2], client_configuration(), timeout=1)


def test_a_failing_handler_is_no_end(serving: Serve) -> None:
    errors: list[Exception] = []

    def fail(stream: Stream) -> None:
        stream.sendall(b"half")
        raise RuntimeError("the handler failed")

    listener = serving(fail, on_error=lambda peer, error: errors.append(error))
    with connect(listener.address[:2], client_configuration()) as stream:
        assert stream.recv() == b"half"
        with pytest.raises(RemoteProtocolError, match="cut"):
            stream.recv()
    assert str(errors[0]) == "the handler failed"


def test_junk_and_cuts_hurt_nobody_else(serving: Serve) -> None:
    listener = serving(echo)
    who = identity("client.example")
    for junk in (b"", b"GET / HTTP/1.1\r\n\r\n", bytes(100), b"\x16\x03\x01\x00\x05\x01"):
        with socket.create_connection(listener.address[:2]) as other:
            other.sendall(junk)
        with connect(listener.address[:2], client_configuration(who=who)) as stream:
            stream.sendall(b"unhurt")
            assert stream.recv() == b"unhurt"


def test_http_over_a_stream(serving: Serve) -> None:
    class Pages(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"a page")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[::-1])

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    listener = serving(lambda stream: Pages(stream, stream.peer_address, None) and None)  # type: ignore[arg-type]  # no socket
    connection = http.client.HTTPConnection("server.example")
    connection.sock = connect(listener.address[:2], client_configuration())
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"a page"
    body = bytes(range(256)) * 300
    for data in (b"x", body):  # over the same connection
        connection.request("POST", "/", data)
        assert connection.getresponse().read() == data[::-1]
    connection.request("POST", "/", iter([body, body]), {"Content-Length": str(2 * len(body))})
    assert connection.getresponse().read() == (2 * body)[::-1]
    connection.close()


def test_many_requests_over_one_stream(serving: Serve) -> None:
    class Mirror(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # so that the connection stays open

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[::-1])

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    listener = serving(lambda stream: Mirror(stream, stream.peer_address, None) and None)  # type: ignore[arg-type]  # no socket
    connection = http.client.HTTPConnection("server.example")
    connection.sock = connect(listener.address[:2], client_configuration())
    for size in (0, 1, 100_000):
        body = bytes(range(256)) * (size // 256) + bytes(size % 256)
        connection.request("POST", "/", body)
        assert connection.getresponse().read() == body[::-1]
    connection.close()


@pytest.mark.parametrize("keeping", ["ticket_keys", "session_cache"])
def test_the_connections_of_a_server_share_its_sessions(serving: Serve, keeping: str) -> None:
    kept: dict[str, Any] = {"ticket_keys": TicketKeys(), "session_cache": SessionCache()}
    listener = serving(echo, server_configuration(**{keeping: kept[keeping]}))
    configuration = client_configuration(sessions=SessionStore())
    resumed = []

    def visit() -> None:
        with connect(listener.address[:2], configuration) as stream:
            stream.sendall(b"a question")
            assert stream.recv() == b"a question"
            assert stream.parameters is not None
            resumed.append(stream.parameters.resumption)

    visit()
    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    expected = Resumption.TICKET if keeping == "ticket_keys" else Resumption.SESSION_ID
    assert resumed == [None, *[expected] * 4]


def test_files(serving: Serve) -> None:
    with connect(serving(echo).address[:2], client_configuration()) as stream:
        reader, writer = stream.makefile("rb"), stream.makefile("wb")
        writer.write(b"one\ntwo\n")
        writer.flush()
        assert reader.readline() == b"one\n"
        stream.close()  # not yet: the files are open
        assert reader.readline() == b"two\n"
        writer.write(b"three\n")
        writer.close()
        assert reader.readline() == b"three\n"
        reader.close()
        assert stream.fileno() == -1
        with pytest.raises(ValueError, match="closed"):
            stream.makefile()


def test_misuse(serving: Serve) -> None:
    with connect(serving(echo).address[:2], client_configuration()) as stream:
        with pytest.raises(ValueError, match="expected 1 or more"):
            stream.recv(0)
        with pytest.raises(ValueError, match="expected 'rb'"):
            stream.makefile("r")
        with pytest.raises(TypeError, match="data to send: expected bytes, got str"):
            stream.sendall("text")  # type: ignore[arg-type]  # that is the point


def test_what_came_before_a_fault_is_received(serving: Serve) -> None:
    """A record and its replay, in one piece: the first is good, and the second ends the connection."""

    def send_twice(stream: Stream) -> None:
        connection, transport = stream._connection, stream._socket
        connection.send(b"good")
        record = connection.data_to_send()
        transport.sendall(record + record)
        stream.recv()  # the client's alert

    stream = connect(serving(send_twice, on_error=lambda peer, error: None).address[:2], client_configuration())
    with stream:
        assert stream.recv() == b"good"
        for _ in range(2):
            with pytest.raises(RemoteProtocolError) as caught:
                stream.recv()
            assert caught.value.alert is AlertDescription.BAD_RECORD_MAC
