"""The page that `handshake server --http` answers with."""

from handshake.commands.http_page import answer_http
from handshake.events import ApplicationData, Event
from handshake.stream import connect, serve
from tests.handshake.support.parties import client_configuration, server_configuration


def test_headers_and_page_are_one_record() -> None:
    events: list[Event] = []
    with (
        serve(("127.0.0.1", 0), server_configuration(), answer_http) as listener,
        connect(listener.address[:2], client_configuration(), on_event=events.append) as stream,
    ):
        stream.sendall(b"GET / HTTP/1.1\r\nHost: server.example\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(stream.recv, b""))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"</ul>\n")
    assert [event.data for event in events if isinstance(event, ApplicationData)] == [answer]
