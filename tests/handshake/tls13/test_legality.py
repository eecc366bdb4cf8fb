"""In every state of both roles, every message: out of turn, empty, cut, with trailing bytes; and all other framing."""

import pytest

from handshake.channel import step_of_type
from handshake.events import AlertReceived, AlertSent, ApplicationData, ConnectionClosed, EarlyData
from handshake.machine import OVER, Message, State
from handshake.messages.handshake import TLS13_MESSAGES
from handshake.registries.codes import RECEIVED, HandshakeType, Role
from handshake.tls13.states import TABLES
from record.alerts import AlertDescription, AlertLevel, RemoteProtocolError
from record.codes import MAXIMUM_PLAINTEXT, ContentType
from record.protection import NullProtection
from tests.handshake.support.parties import Side
from tests.handshake.support.remembering import remember
from tests.handshake.support.tls13_replay import Manner, Part, Recording, recording


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch)


RECORDINGS = [(victim, manner) for victim in Role for manner in Manner]
ALL = pytest.mark.parametrize(("victim", "manner"), RECORDINGS)
PLACES = [
    pytest.param(victim, manner, place, marks=[] if manner is Manner.FULL and place % 2 else pytest.mark.slow)
    for victim, manner in RECORDINGS
    for place in range(len(recording(victim, manner).parts) + 1)
]
EVERYWHERE = pytest.mark.parametrize(("victim", "manner", "place"), PLACES)
KEYS_CHANGE = {HandshakeType.CLIENT_HELLO, HandshakeType.SERVER_HELLO, HandshakeType.FINISHED, HandshakeType.KEY_UPDATE}


def state_at(told: Recording, place: int) -> State:
    return told.tell(told.parts[:place], end=False).connection.state


def alert_of(side: Side) -> AlertDescription:
    """The alert with which the victim gave up, and which it sent."""
    assert isinstance(side.error, RemoteProtocolError), side.error
    assert not side.error.received
    assert side.got(AlertSent)[-1] == AlertSent(AlertLevel.FATAL, side.error.alert)
    assert side.connection.state is State.FAILED
    return side.error.alert


@ALL
def test_told_as_it_was_it_is_understood(victim: Role, manner: Manner) -> None:
    told = recording(victim, manner)
    for size in (0, 1, 100):
        side = told.tell(told.parts, size=size)
        assert side.error is None
        assert b"".join(e.data for e in side.got(ApplicationData)) == b"some data of the peerand some more"
        assert side.events[-1] == ConnectionClosed(confirmed=True)
        early = manner is Manner.EARLY and victim is Role.SERVER
        assert side.got(EarlyData) == ([EarlyData(b"early")] if early else [])


def test_every_state_in_which_something_is_waited_for_is_met() -> None:
    for victim in Role:
        met = set()
        for manner in Manner:
            told = recording(victim, manner)
            met |= {state_at(told, place) for place in range(len(told.parts) + 1)}
        late = {state for state in TABLES[victim].rows if "LATE" in state.name}  # see test_late_certificates
        waiting = {state for state in TABLES[victim].rows if state.name.startswith("WAIT_")}
        assert met == (waiting - late) | {State.CONNECTED, State.CLOSED}


@EVERYWHERE
def test_every_message_out_of_turn_is_unexpected(victim: Role, manner: Manner, place: int) -> None:
    told = recording(victim, manner)
    state = state_at(told, place)
    for kind in HandshakeType:
        if (RECEIVED, step_of_type(kind)) in TABLES[victim].rows[state] and kind in TLS13_MESSAGES:
            continue
        for content in (bytes([kind]), bytes([kind, 0, 0, 0])):  # known by its first byte
            side = told.tell(told.with_part(place, ContentType.HANDSHAKE, content), end=False)
            if state in OVER:
                assert side.error is None
            else:
                assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
    if (RECEIVED, Message.APPLICATION_DATA) not in TABLES[victim].rows[state] and state not in OVER:
        side = told.tell(told.with_part(place, ContentType.APPLICATION_DATA, b"data"), end=False)
        assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE


@EVERYWHERE
def test_every_message_in_its_turn_must_be_well_formed(victim: Role, manner: Manner, place: int) -> None:
    told = recording(victim, manner)
    if place == len(told.parts) or told.parts[place].kind is not ContentType.HANDSHAKE:
        return
    content = told.parts[place].content
    kind, body = HandshakeType(content[0]), content[4:]

    def framed(data: bytes) -> bytes:
        return bytes([kind]) + len(data).to_bytes(3, "big") + data

    wrong = [b"", body[:-1], body[: len(body) // 2]] if body else []
    for data in (*wrong, body + b"\0"):
        side = told.tell(told.with_part(place, ContentType.HANDSHAKE, framed(data)), end=False)
        assert alert_of(side) in (AlertDescription.DECODE_ERROR, AlertDescription.ILLEGAL_PARAMETER), data[:4]
    # Coalesced with another message, where the keys change behind it (RFC 9846 §5.1).
    if kind in KEYS_CHANGE:
        side = told.tell(told.with_part(place, ContentType.HANDSHAKE, content + b"\x18\0\0\1\0"), end=False)
        assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
    # Cut in two by a record of another type.
    parts = [
        *told.with_part(place, ContentType.HANDSHAKE, content[:3]),
        Part(ContentType.APPLICATION_DATA, b"data", told.protection_at(place)),
    ]
    assert alert_of(told.tell(parts, end=False)) is AlertDescription.UNEXPECTED_MESSAGE


@EVERYWHERE
def test_other_framing(victim: Role, manner: Manner, place: int) -> None:
    told = recording(victim, manner)
    state, inside = state_at(told, place), told.protection_at(place)
    if state in OVER or state is State.WAIT_CLIENT_HELLO:  # where no version is known yet
        return
    protected = not isinstance(inside, NullProtection)

    def alert(kind: ContentType, content: bytes) -> AlertDescription:
        return alert_of(told.tell(told.with_part(place, kind, content), end=False))

    # §5.4: handshake messages and alerts are never empty; an alert is one, and has two bytes (§5.1).
    assert alert(ContentType.HANDSHAKE, b"") is AlertDescription.UNEXPECTED_MESSAGE
    assert alert(ContentType.ALERT, b"") is AlertDescription.UNEXPECTED_MESSAGE
    assert alert(ContentType.ALERT, b"\2") is AlertDescription.DECODE_ERROR
    assert alert(ContentType.ALERT, b"\1\0\1\0") is AlertDescription.DECODE_ERROR
    # An alert that is fatal by its description, whatever its level says (§6).
    for level in (1, 2, 3):
        side = told.tell(told.with_part(place, ContentType.ALERT, bytes([level, 40])), end=False)
        assert isinstance(side.error, RemoteProtocolError)
        assert side.error.received
        assert side.got(AlertReceived)[-1].description is AlertDescription.HANDSHAKE_FAILURE
    # §5: ChangeCipherSpec is dropped in a handshake if it is the one byte and unprotected, and never else.
    plain = NullProtection()
    for content in (b"", b"\0", b"\1\1"):
        side = told.tell(
            [*told.parts[:place], Part(ContentType.CHANGE_CIPHER_SPEC, content or b"\2", plain)], end=False
        )
        assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
    if protected:
        assert alert(ContentType.CHANGE_CIPHER_SPEC, b"\1") is AlertDescription.UNEXPECTED_MESSAGE
    # Plaintext where there are keys: it does not open (§5.2), or is no record of such a type.
    if protected and place and state is not State.WAIT_SERVER_HELLO_AGAIN:
        parts = [*told.parts[:place], Part(ContentType.HANDSHAKE, b"\x14\0\0\0", plain)]
        assert alert_of(told.tell(parts, end=False)) in (
            AlertDescription.UNEXPECTED_MESSAGE,
            AlertDescription.BAD_RECORD_MAC,
        )
    # Longer than a record may be.
    if protected:
        wire = told.wire(told.parts[:place]) + b"\x17\3\3" + (MAXIMUM_PLAINTEXT + 257).to_bytes(2, "big") + bytes(20)
        side = told.tell((), end=False)
        side.connection.receive_data(wire)
        side.drain()
        assert alert_of(side) is AlertDescription.RECORD_OVERFLOW


@ALL
def test_cut_anywhere_it_is_no_end(victim: Role, manner: Manner) -> None:
    told = recording(victim, manner)
    for place in range(len(told.parts)):
        side = told.tell(told.parts[:place])
        assert isinstance(side.error, RemoteProtocolError)
        assert side.error.alert is AlertDescription.DECODE_ERROR


@ALL
def test_a_record_repeated_or_left_out_does_not_open(victim: Role, manner: Manner) -> None:
    """Sequence numbers: each record opens once, and in its place."""
    told = recording(victim, manner)
    wires = [
        told.wire(told.parts[: place + 1])[len(told.wire(told.parts[:place])) :] for place in range(len(told.parts))
    ]
    for place, part in enumerate(told.parts):
        if isinstance(part.protection, NullProtection):
            continue
        for order in ([*wires[: place + 1], wires[place]], [*wires[:place], *wires[place + 1 :]]):
            side = told.tell((), end=False)
            side.connection.receive_data(b"".join(order))
            side.connection.receive_data(b"")
            side.drain()
            if place < len(told.parts) - 1 or len(order) <= place:
                assert isinstance(side.error, RemoteProtocolError)
                expected = (AlertDescription.BAD_RECORD_MAC, AlertDescription.DECODE_ERROR)  # it may be the last one
                assert side.error.alert in expected
