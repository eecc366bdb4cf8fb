"""ClientHello in the form of SSL 2.0: read byte by byte, cut at every place, and only where old peers are wanted."""

from dataclasses import replace

import pytest

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import SSL2ClientHelloReceived
from handshake.machine import State
from handshake.messages.extensions import RenegotiationInfo
from handshake.messages.hello import ClientHello
from handshake.messages.ssl2_hello import SSL2ClientHello, SSL2Opening
from handshake.suites.table import suite_by_name
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import ContentType
from record.layer import RecordLayer
from record.presentation import Reader
from tests.handshake.support.parties import Side, client_configuration, server_configuration, talk

SUITE = suite_by_name("TLS_RSA_WITH_AES_128_CBC_SHA256")
CHALLENGE = bytes(range(1, 33))


def hello(
    *,
    kind: int = 1,
    version: int = 0x0303,
    specs: bytes = bytes.fromhex("010080 00003c 0000ff"),
    session_id: bytes = b"",
    challenge: bytes = CHALLENGE,
    lengths: tuple[int, int, int] = (0, 0, 0),
) -> bytes:
    """The message without the length before it. lengths: what is added to each of the three in it."""
    parts = (specs, session_id, challenge)
    said = [len(part) + more for part, more in zip(parts, lengths, strict=True)]
    return bytes([kind]) + b"".join(number.to_bytes(2, "big") for number in (version, *said)) + b"".join(parts)


def framed(message: bytes) -> bytes:
    return (0x8000 | len(message)).to_bytes(2, "big") + message


def server(*, legacy: bool = True) -> ServerConfiguration:
    return server_configuration(suites=(SUITE,), legacy=legacy)


def answer(data: bytes, *, legacy: bool = True, end: bool = False) -> Side:
    """What a server makes of these bytes."""
    side = Side(Connection(server(legacy=legacy)))
    side.connection.receive_data(data)
    side.drain()
    if end:
        side.connection.receive_data(b"")
        side.drain()
    return side


def refused(data: bytes, alert: AlertDescription, *, legacy: bool = True, end: bool = False) -> None:
    side = answer(data, legacy=legacy, end=end)
    assert isinstance(side.error, RemoteProtocolError)
    assert side.error.alert is alert
    assert side.output() == bytes([21, 3, 3, 0, 2, 2, alert])


def test_each_field() -> None:
    data = hello(session_id=b"\7" * 16, version=0x0301)
    read = SSL2ClientHello.read(Reader(data))
    assert read == SSL2ClientHello(0x0301, (b"\x01\x00\x80", b"\x00\x00\x3c", b"\x00\x00\xff"), b"\7" * 16, CHALLENGE)
    assert read.in_tls() == ClientHello(0x0301, CHALLENGE, b"", (0x003C, 0x00FF), (0,), None)


def test_a_short_challenge_is_filled_up_with_zeros_before_it() -> None:
    read = SSL2ClientHello.read(Reader(hello(challenge=b"\1" * 16)))
    assert read.in_tls().random == bytes(16) + b"\1" * 16


def test_every_byte_is_explained() -> None:
    [event] = answer(framed(hello())).got(SSL2ClientHelloReceived)
    covered = [position for part in event.layout() for position in range(part.start, part.end)]
    assert covered == list(range(len(event.data)))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_it_may_come_in_pieces(size: int) -> None:
    side = Side(Connection(server()))
    data = framed(hello())
    for start in range(0, len(data), size):
        assert side.output() == b""
        side.connection.receive_data(data[start : start + size])
        side.drain()
    layer = RecordLayer()
    layer.receive_data(side.output())
    first = layer.next_record()
    assert first is not None
    assert (first.content_type, first.content[0]) == (ContentType.HANDSHAKE, 2)
    assert side.connection.state is State.WAIT_CLIENT_KEY_EXCHANGE


def test_a_hello_in_the_form_of_tls_comes_through_as_ever() -> None:
    for legacy in (True, False):
        sides = Side(Connection(client_configuration(suites=(SUITE,)))), Side(Connection(server(legacy=legacy)))
        talk(*sides)
        assert [side.connection.state for side in sides] == [State.CONNECTED] * 2


def test_cut_at_every_place_it_is_waited_for() -> None:
    data = framed(hello())
    for end in range(1, len(data)):
        side = answer(data[:end])
        assert (side.error, side.output(), side.events) == (None, b"", [])
        refused(data[:end], AlertDescription.DECODE_ERROR, end=True)


def test_a_message_that_ends_anywhere_cannot_be_read() -> None:
    message = hello()
    for end in range(1, len(message)):
        refused(framed(message[:end]), AlertDescription.DECODE_ERROR)


@pytest.mark.parametrize(
    ("message", "alert"),
    [
        (hello(kind=2), AlertDescription.UNEXPECTED_MESSAGE),
        (hello(kind=4), AlertDescription.UNEXPECTED_MESSAGE),
        (hello(specs=b""), AlertDescription.DECODE_ERROR),
        (hello(specs=b"\0\0\x3c\0"), AlertDescription.DECODE_ERROR),
        (hello() + b"\0", AlertDescription.DECODE_ERROR),
        (hello(lengths=(3, 0, 0)), AlertDescription.DECODE_ERROR),
        (hello(lengths=(0, 1, 0)), AlertDescription.DECODE_ERROR),
        (hello(lengths=(0, 0, 1)), AlertDescription.DECODE_ERROR),
        (hello(lengths=(0, 0, -1)), AlertDescription.DECODE_ERROR),
        (hello(session_id=b"\7" * 16), AlertDescription.ILLEGAL_PARAMETER),
        (hello(challenge=b"\7" * 15), AlertDescription.ILLEGAL_PARAMETER),
        (hello(challenge=b"\7" * 33), AlertDescription.ILLEGAL_PARAMETER),
        (hello(version=0x0302), AlertDescription.PROTOCOL_VERSION),
        (hello(version=0x0301, session_id=b"\7" * 16), AlertDescription.PROTOCOL_VERSION),
        (hello(version=0x0002), AlertDescription.PROTOCOL_VERSION),
        (hello(specs=bytes.fromhex("010080 01003c")), AlertDescription.HANDSHAKE_FAILURE),
        (hello(specs=bytes.fromhex("000035")), AlertDescription.HANDSHAKE_FAILURE),
    ],
)
def test_what_is_refused(message: bytes, alert: AlertDescription) -> None:
    refused(framed(message), alert)


def test_without_legacy_it_is_no_record() -> None:
    refused(framed(hello()), AlertDescription.UNEXPECTED_MESSAGE, legacy=False)


def test_a_second_one_is_no_record_either() -> None:
    data = framed(hello())
    side = answer(data + data)
    assert isinstance(side.error, RemoteProtocolError)
    assert side.error.alert is AlertDescription.UNEXPECTED_MESSAGE


class OldClient(Connection):
    """A client of ours whose ClientHello goes out in the form of SSL 2.0."""

    def __init__(self, configuration: ClientConfiguration) -> None:
        super().__init__(configuration)
        self._channel.data_to_send()
        ours = self._party._hello
        suites = b"".join(b"\0" + code.to_bytes(2, "big") for code in ours.cipher_suites)
        message = hello(specs=suites + bytes.fromhex("0000ff 010080"), challenge=ours.random)
        self._party._hello = replace(ours, extensions=(RenegotiationInfo(b""),))
        self._channel.transcript._messages[:] = message
        self._channel._outgoing += framed(message)


@pytest.mark.parametrize("suite", ["TLS_RSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"])
def test_a_whole_handshake(suite: str) -> None:
    """Both have hashed the same bytes, or Finished would not verify. With ECDHE, SHA-1 signs: no scheme is named."""
    suites = (suite_by_name(suite),)
    sides = (
        Side(OldClient(client_configuration(suites=suites, legacy=True))),
        Side(Connection(server_configuration(suites=suites, legacy=True))),
    )
    talk(*sides)
    assert [side.error for side in sides] == [None, None]
    assert [side.connection.state for side in sides] == [State.CONNECTED] * 2


def test_the_opening_of_nothing() -> None:
    opening = SSL2Opening()
    assert (opening.is_tls, opening.take(), opening.received) == (False, None, b"")
