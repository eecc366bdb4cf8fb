"""record_size_limit and max_fragment_length: who offers what, who answers what, and that it is kept."""

from dataclasses import replace
from typing import Any

import pytest

from handshake.connection import Connection
from handshake.events import ApplicationData, MessageReceived, SessionNotResumed
from handshake.messages.extensions import MaxFragmentLength, RecordSizeLimit, UnknownExtension
from handshake.messages.handshake import read_message
from handshake.parameters import Resumption
from handshake.record_limits import FRAGMENT_LENGTHS, RecordLimits
from handshake.registries.codes import RECEIVED, Direction, HandshakeType, Role
from handshake.suites.table import SUITES
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import MAXIMUM_PLAINTEXT, ContentType
from record.layer import Record
from tests.handshake.support.parties import Side, client_configuration, meet, server_configuration, talk
from tests.handshake.tls12.test_faults import Change, adding, instead, meet_changed, say_otherwise, without
from tests.handshake.tls12.test_resumption import WAYS, Pair, answer, resumption

HELLOS = {Role.CLIENT: HandshakeType.CLIENT_HELLO, Role.SERVER: HandshakeType.SERVER_HELLO}


def limits(side: Side) -> RecordLimits:
    assert side.error is None, side.error
    assert side.connection.parameters is not None
    return side.connection.parameters.record_limits


def longest_records(side: Side, other: Side, records: list[Record]) -> int:
    """Send much to the other side, and return how much of it was in the longest record."""
    records.clear()
    data = bytes(40_000)
    side.connection.send(data)
    talk(*((side, other) if side.connection.role is Role.CLIENT else (other, side)))
    assert b"".join(event.data for event in other.got(ApplicationData)) == data
    return max(len(record.content) for record in records)


@pytest.mark.parametrize("suite", [0xC030, 0xC014, 0xFF05])
@pytest.mark.parametrize(("of_client", "of_server"), [(64, MAXIMUM_PLAINTEXT), (MAXIMUM_PLAINTEXT, 1000), (4096, 5000)])
def test_each_side_keeps_to_what_the_other_can_take(suite: int, of_client: int, of_server: int) -> None:
    heard: dict[Role, list[Record]] = {role: [] for role in Role}

    def log(role: Role) -> Any:
        return lambda direction, record: heard[role].append(record) if direction is RECEIVED else None

    client, server = meet(
        client_configuration(record_size_limit=of_client, suites=(SUITES[suite],), record_log=log(Role.CLIENT)),
        server_configuration(record_size_limit=of_server, suites=(SUITES[suite],), record_log=log(Role.SERVER)),
    )
    assert limits(client) == limits(server) == RecordLimits(of_client, of_server)
    # RFC 8449 §4: what is not protected "MAY" be longer.
    assert max(len(r.content) for r in heard[Role.CLIENT] if r.content_type is ContentType.HANDSHAKE) > 64
    assert longest_records(client, server, heard[Role.SERVER]) == of_server
    assert longest_records(server, client, heard[Role.CLIENT]) == of_client


@pytest.mark.parametrize("receiver", Role)
def test_a_record_that_is_too_long_is_refused(receiver: Role) -> None:
    client, server = meet(client_configuration(record_size_limit=512), server_configuration(record_size_limit=512))
    heard, sender = (client, server) if receiver is Role.CLIENT else (server, client)
    sender.connection._channel.records.write_limit = 513
    sender.connection.send(bytes(513))
    talk(client, server)
    assert isinstance(heard.error, RemoteProtocolError)
    assert (heard.error.alert, heard.error.received) == (AlertDescription.RECORD_OVERFLOW, False)


@pytest.mark.parametrize(
    ("limit", "alert"),
    [(63, AlertDescription.ILLEGAL_PARAMETER), (0, AlertDescription.ILLEGAL_PARAMETER), (64, None), (2**16 - 1, None)],
)
@pytest.mark.parametrize("liar", Role)
def test_limits_that_are_none_and_those_of_later_versions(
    liar: Role, limit: int, alert: AlertDescription | None
) -> None:
    assert meet_changed(liar, HELLOS[liar], instead(RecordSizeLimit(limit))) is alert


@pytest.mark.parametrize("data", [b"", b"\2\0\0"])
@pytest.mark.parametrize("kind", [RecordSizeLimit, MaxFragmentLength])
def test_extensions_of_another_length(kind: Any, data: bytes) -> None:
    change = instead(UnknownExtension(kind.extension_type, data))
    assert meet_changed(Role.CLIENT, HandshakeType.CLIENT_HELLO, change) is AlertDescription.DECODE_ERROR


def test_a_client_names_the_old_extension_only_if_it_needs_it() -> None:
    for limit, code in ((MAXIMUM_PLAINTEXT, None), (4096, 4), (4095, 3), (600, 1), (512, 1), (511, None)):
        client, server = meet(client_configuration(record_size_limit=limit), server_configuration())
        [hello, *_] = [event.message for event in server.got(MessageReceived)]
        old = [extension.code for extension in hello.extensions if isinstance(extension, MaxFragmentLength)]
        assert old == ([code] if code else [])
        assert limits(client) == RecordLimits(to_client=limit)  # by the new one


@pytest.mark.parametrize("code", FRAGMENT_LENGTHS)
def test_clients_that_know_only_the_old_extension(code: int) -> None:
    """RFC 6066 §4: it holds in both directions, from the ServerHello on."""
    records: list[Record] = []

    def note(direction: Direction, record: Record) -> None:
        records.append(record)

    change: Change = lambda hello: adding(MaxFragmentLength(code))(without(RecordSizeLimit)(hello))  # noqa: E731
    server = answer_of(change, record_log=note)
    assert server.error is None
    length = FRAGMENT_LENGTHS[code]
    assert server.connection._party.parameters.record_limits == RecordLimits(length, length, code)
    [_, hello, *others] = records
    assert MaxFragmentLength(code) in read_hello(hello).extensions
    assert max(len(record.content) for record in others) <= length
    assert server.connection._channel.records.read_limit == length


def answer_of(change: Change, **options: Any) -> Side:
    pair = Pair(Resumption.SESSION_ID)
    pair.server = replace(pair.server, **options)
    return answer(pair, change)


def read_hello(record: Record) -> Any:
    return read_message(record.content)


@pytest.mark.parametrize(
    ("change", "alert"),
    [
        (lambda h: adding(MaxFragmentLength(0))(without(RecordSizeLimit)(h)), AlertDescription.ILLEGAL_PARAMETER),
        (lambda h: adding(MaxFragmentLength(5))(without(RecordSizeLimit)(h)), AlertDescription.ILLEGAL_PARAMETER),
        (adding(MaxFragmentLength(5)), None),  # RFC 8449 §5: ignored beside the new one
    ],
)
def test_lengths_that_are_none(change: Change, alert: AlertDescription | None) -> None:
    error = answer_of(change).error
    assert (error.alert if isinstance(error, RemoteProtocolError) else error) is alert


@pytest.mark.parametrize(
    ("change", "alert"),
    [
        (adding(MaxFragmentLength(3)), AlertDescription.ILLEGAL_PARAMETER),  # both
        (lambda h: adding(MaxFragmentLength(2))(without(RecordSizeLimit)(h)), AlertDescription.ILLEGAL_PARAMETER),
        (lambda h: adding(MaxFragmentLength(3))(without(RecordSizeLimit)(h)), None),
    ],
)
def test_answers_of_servers(change: Change, alert: AlertDescription | None) -> None:
    client = Side(Connection(client_configuration(record_size_limit=2048)))
    server = Side(Connection(server_configuration()))
    say_otherwise(server.connection, HandshakeType.SERVER_HELLO, change)
    talk(client, server)
    if alert is None:  # the client has understood; that the server has not, is the liar's own fault
        assert client.connection._party.parameters.record_limits == RecordLimits(2048, 2048, 3)
    else:
        assert isinstance(client.error, RemoteProtocolError)
        assert client.error.alert is alert


def test_an_extension_that_was_not_offered() -> None:
    change = adding(MaxFragmentLength(4))
    alert = meet_changed(Role.SERVER, HandshakeType.SERVER_HELLO, change)
    assert alert is AlertDescription.UNSUPPORTED_EXTENSION


@WAYS
def test_limits_in_sessions_that_are_resumed(by: Resumption) -> None:
    """RFC 8449 §4: the new limit is agreed upon anew. RFC 6066 §4: the old one is the session's."""
    pair = Pair(by)
    pair.client = replace(pair.client, record_size_limit=2048)
    pair.meet()
    client, server = pair.meet(server={"record_size_limit": 1024})
    assert resumption(client) is by
    assert limits(client) == limits(server) == RecordLimits(2048, 1024)
    old = answer(pair, without(RecordSizeLimit))
    assert "another max_fragment_length" in old.got(SessionNotResumed)[0].reason
    pair.change(max_fragment_length=3)
    if by is Resumption.SESSION_ID:
        assert answer(pair, without(RecordSizeLimit)).connection._party.parameters.resumption is by


def test_limits_out_of_range() -> None:
    for limit in (0, 63, MAXIMUM_PLAINTEXT + 1):
        with pytest.raises(ValueError, match="expected 64 to 16384"):
            client_configuration(record_size_limit=limit)
