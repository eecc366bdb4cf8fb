"""In every state of both roles, every message: out of turn, empty, cut, with trailing bytes; and all other framing."""

from collections.abc import Sequence

import pytest

from handshake.connection import MAXIMUM_IDLE_MESSAGES
from handshake.events import AlertReceived, AlertSent, ApplicationData, ConnectionClosed
from handshake.machine import OVER, Message, State
from handshake.messages.handshake import forms, read_message
from handshake.registries.codes import RECEIVED, HandshakeType, Role
from handshake.suites.table import SUITES
from handshake.tls12.states import TABLES
from record.alerts import AlertDescription, AlertLevel, RemoteProtocolError
from record.codes import MAXIMUM_PLAINTEXT, ContentType
from tests.handshake.support.parties import Side
from tests.handshake.support.replay import CHANGE_CIPHER_SPEC, CLOSE_NOTIFY, Manner, Part, one_of_each, recording

COURSES = (  # RSA key transport, ECDHE; full and abbreviated
    (0xFF01, Manner.FULL),
    (0xC02F, Manner.WITH_TICKET),
    (0xFF01, Manner.BY_ID),
    (0xC02F, Manner.BY_TICKET),
)
PLACES = [
    (victim, course, place)
    for victim in Role
    for course in COURSES
    for place in range(len(recording(victim, suite=course[0], manner=course[1]).parts) + 1)
]
FIRST_COURSE = [  # the others in the long tests
    pytest.param(*place, marks=[] if place[1] == COURSES[0] else pytest.mark.slow) for place in PLACES
]
Course = tuple[int, Manner]

ROLES = pytest.mark.parametrize("victim", Role)


def part_of(message: Message, suite: int = 0xFF01) -> Part:
    """What a record with this message carries."""
    if message is Message.CHANGE_CIPHER_SPEC:
        return CHANGE_CIPHER_SPEC
    if message is Message.APPLICATION_DATA:
        return ContentType.APPLICATION_DATA, b"data"
    if message is Message.CLOSE_NOTIFY:
        return CLOSE_NOTIFY
    kind = HandshakeType[message.name]
    return ContentType.HANDSHAKE, one_of_each(suite).get(kind, bytes([kind, 0, 0, 0]))


def tell(victim: Role, place: int, *parts: Part, end: bool = True, course: Course = COURSES[0]) -> Side:
    """The victim that has heard what the recording says up to a place, and then these parts."""
    told = recording(victim, suite=course[0], manner=course[1])
    return told.tell(told.wire([*told.parts[:place], *parts]), end=end)


def alert_of(side: Side) -> AlertDescription:
    """The alert with which the victim gave up, and which it sent unless it is the peer's."""
    assert isinstance(side.error, RemoteProtocolError), side.error
    if not side.error.received:
        assert side.got(AlertSent)[-1] == AlertSent(AlertLevel.FATAL, side.error.alert)
    assert side.connection.state is State.FAILED
    return side.error.alert


def whole(side: Side) -> None:
    """The victim has heard all, and liked it."""
    assert side.error is None
    assert b"".join(event.data for event in side.got(ApplicationData)) == b"some data of the peerand some more"
    assert side.events[-1] == ConnectionClosed(confirmed=True)


def test_every_state_in_which_something_is_waited_for_is_met() -> None:
    for victim in Role:
        met = {
            tell(victim, place, end=False, course=course).connection.state
            for role, course, place in PLACES
            if role is victim
        }
        waiting = {state for state in TABLES[victim].rows if state.name.startswith("WAIT_")}
        assert met == waiting | {State.CONNECTED, State.CLOSED}


@pytest.mark.parametrize(("victim", "course", "place"), FIRST_COURSE)
def test_every_message_out_of_turn_is_unexpected(victim: Role, course: Course, place: int) -> None:
    state = tell(victim, place, end=False, course=course).connection.state
    for message in set(Message) - {Message.HELLO_RETRY_REQUEST}:  # which is a ServerHello by its type
        if (RECEIVED, message) in TABLES[victim].rows[state]:
            continue
        side = tell(victim, place, part_of(message, course[0]), course=course)
        if state in OVER:  # what comes after the end is not looked at
            assert side.error is None
        elif message is Message.CLOSE_NOTIFY:
            assert alert_of(side) is AlertDescription.CLOSE_NOTIFY
            assert isinstance(side.error, RemoteProtocolError)
            assert side.error.received
            assert side.got(AlertSent)[-1] == AlertSent(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY)
        else:
            assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
            if message.name in HandshakeType.__members__:  # known by its first byte
                kind, content = part_of(message, course[0])
                assert alert_of(tell(victim, place, (kind, content[:1]), end=False, course=course)) is (
                    AlertDescription.UNEXPECTED_MESSAGE
                )


@pytest.mark.parametrize(("victim", "course", "place"), FIRST_COURSE)
def test_every_message_in_its_turn_must_be_well_formed(victim: Role, course: Course, place: int) -> None:
    state = tell(victim, place, end=False, course=course).connection.state
    for direction, message in TABLES[victim].rows[state]:
        if direction is not RECEIVED or message.name not in HandshakeType.__members__:
            continue
        _, content = part_of(message, course[0])
        body = content[4:]
        cuts = {*range(0, len(body), 1 + len(body) // 10), len(body) - 1} - {-1}
        for changed in [body[:cut] for cut in cuts] + [body + b"\0"]:
            data = content[:1] + len(changed).to_bytes(3, "big") + changed
            side = tell(victim, place, (ContentType.HANDSHAKE, data), end=False, course=course)
            try:
                read_message(data, forms=forms(SUITES[course[0]].key_exchange))
                assert message in (Message.CLIENT_HELLO, Message.SERVER_HELLO)  # they may end before their extensions
            except RemoteProtocolError:
                assert alert_of(side) is AlertDescription.DECODE_ERROR


@ROLES
@pytest.mark.parametrize("mutual", [False, True])
@pytest.mark.parametrize("encrypt_then_mac", [False, True])
@pytest.mark.parametrize("suite", [0xFF02, 0x003C, 0xC02C, 0xCCA8, 0xC014, 0x009E, 0xFF05])
def test_however_the_bytes_arrive(victim: Role, mutual: bool, encrypt_then_mac: bool, suite: int) -> None:
    told = recording(victim, mutual=mutual, encrypt_then_mac=encrypt_then_mac, suite=suite)
    stream = told.wire(told.parts)
    assert stream[: len(told.records[0].wire)] == told.records[0].wire
    for size in (0, 1, 7, 1000):
        side = told.tell(stream, size=size)
        whole(side)
        assert b"".join(side.sent) == told.answers


def split(parts: Sequence[Part], size: int) -> list[Part]:
    """Handshake messages cut into records of `size` bytes."""
    cut = []
    for kind, content in parts:
        step = size if kind is ContentType.HANDSHAKE else len(content)
        cut += [(kind, content[start : start + step]) for start in range(0, len(content), step)]
    return cut


def joined(parts: Sequence[Part]) -> list[Part]:
    """Handshake messages that follow each other, in one record."""
    together: list[Part] = []
    ends_flight = False
    for kind, content in parts:
        if together and kind is together[-1][0] is ContentType.HANDSHAKE and not ends_flight:
            together[-1] = kind, together[-1][1] + content
        else:
            together.append((kind, content))
        ends_flight = content[:1] == bytes([HandshakeType.CLIENT_HELLO])  # what follows, the server waits for
    return together


@ROLES
def test_however_the_messages_are_put_into_records(victim: Role) -> None:
    told = recording(victim)
    for parts in (split(told.parts, 1), split(told.parts, 100), joined(told.parts), split(joined(told.parts), 250)):
        assert len(parts) != len(told.parts)
        whole(told.tell(told.wire(parts)))


@ROLES
def test_every_cut_of_the_connection_is_noticed(victim: Role) -> None:
    told = recording(victim)
    stream = told.wire(told.parts)
    ends = set()
    position = 0
    for record in told.records:
        ends |= {position, position + 1, position + 4, position + 5, position + len(record.wire) - 1}
        position += len(record.wire)
    for cut in sorted(ends - {len(stream)}):
        side = told.tell(stream[:cut])
        assert alert_of(side) is AlertDescription.DECODE_ERROR
        assert "cut" in str(side.error)


@ROLES
def test_a_message_that_began_before_the_keys_changed_does_not_end_after_it(victim: Role) -> None:
    told = recording(victim)
    place = told.parts.index(CHANGE_CIPHER_SPEC)
    kind, finished = told.parts[place + 1]
    parts = [*told.parts[:place], (kind, finished[:5]), CHANGE_CIPHER_SPEC, (kind, finished[5:])]
    assert alert_of(told.tell(told.wire(parts))) is AlertDescription.UNEXPECTED_MESSAGE


def test_not_even_one_that_is_ignored() -> None:
    told = recording(Role.CLIENT)
    place = told.parts.index(CHANGE_CIPHER_SPEC)
    parts = [*told.parts[:place], (ContentType.HANDSHAKE, b"\0\0"), CHANGE_CIPHER_SPEC]  # half a HelloRequest
    side = told.tell(told.wire(parts), end=False)
    assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
    assert "in the midst of another message" in str(side.error)


@ROLES
@pytest.mark.parametrize(
    ("content", "alert"),
    [
        (b"\1\1", AlertDescription.UNEXPECTED_MESSAGE),
        (b"", AlertDescription.UNEXPECTED_MESSAGE),
        (b"\0", AlertDescription.ILLEGAL_PARAMETER),
        (b"\2", AlertDescription.ILLEGAL_PARAMETER),
    ],
)
def test_change_cipher_spec_has_one_form(victim: Role, content: bytes, alert: AlertDescription) -> None:
    place = recording(victim).parts.index(CHANGE_CIPHER_SPEC)
    assert alert_of(tell(victim, place, (ContentType.CHANGE_CIPHER_SPEC, content), end=False)) is alert


@pytest.mark.parametrize(("victim", "course", "place"), FIRST_COURSE)
def test_alerts_are_heard_everywhere(victim: Role, course: Course, place: int) -> None:
    if tell(victim, place, end=False, course=course).connection.state in OVER:
        return
    for level, description in ((2, 40), (2, 0x77), (2, 42), (1, 90)):
        side = tell(victim, place, (ContentType.ALERT, bytes([level, description])), end=False, course=course)
        assert side.events[-1] == AlertReceived(AlertLevel(level), AlertDescription(description))
        if level == 2:
            assert alert_of(side) == description
            assert not side.got(AlertSent)
        else:
            assert side.error is None
    assert (
        alert_of(tell(victim, place, (ContentType.ALERT, b"\3\0"), course=course)) is AlertDescription.ILLEGAL_PARAMETER
    )
    assert (
        alert_of(tell(victim, place, (ContentType.ALERT, b"\0\0"), course=course)) is AlertDescription.ILLEGAL_PARAMETER
    )
    assert alert_of(tell(victim, place, (ContentType.ALERT, b""), course=course)) is AlertDescription.UNEXPECTED_MESSAGE
    # Two in one record, and one in two.
    side = tell(victim, place, (ContentType.ALERT, b"\1\x5a\2\x28"), course=course)
    assert len(side.got(AlertReceived)) == 2
    assert alert_of(side) is AlertDescription.HANDSHAKE_FAILURE
    side = tell(victim, place, (ContentType.ALERT, b"\2"), (ContentType.ALERT, b"\x28"), course=course)
    assert alert_of(side) is AlertDescription.HANDSHAKE_FAILURE


@pytest.mark.parametrize(("victim", "course", "place"), FIRST_COURSE)
def test_floods_of_warnings_end(victim: Role, course: Course, place: int) -> None:
    if tell(victim, place, end=False, course=course).connection.state in OVER:
        return
    warning = ContentType.ALERT, b"\1\x5a"
    assert tell(victim, place, *[warning] * MAXIMUM_IDLE_MESSAGES, end=False, course=course).error is None
    side = tell(victim, place, *[warning] * (MAXIMUM_IDLE_MESSAGES + 1), end=False, course=course)
    assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE


@ROLES
def test_what_brings_something_makes_up_for_warnings(victim: Role) -> None:
    told = recording(victim)
    warnings = [(ContentType.ALERT, b"\1\x5a")] * MAXIMUM_IDLE_MESSAGES
    parts = [part for part in told.parts for part in (*([] if part == CHANGE_CIPHER_SPEC else warnings), part)]
    whole(told.tell(told.wire(parts)))


def test_renegotiation_is_refused_and_the_connection_goes_on() -> None:
    for victim, kind in ((Role.CLIENT, HandshakeType.HELLO_REQUEST), (Role.SERVER, HandshakeType.CLIENT_HELLO)):
        told = recording(victim)
        request = ContentType.HANDSHAKE, one_of_each()[kind]
        place = len(told.parts) - 3
        side = told.tell(told.wire([*told.parts[:place], request, *told.parts[place:]]))
        whole(side)
        assert side.got(AlertSent)[0] == AlertSent(AlertLevel.WARNING, AlertDescription.NO_RENEGOTIATION)
        side = tell(victim, place, *[request] * (MAXIMUM_IDLE_MESSAGES + 1))
        assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
        # A malformed request is an error all the same.
        side = tell(victim, place, (ContentType.HANDSHAKE, bytes([kind, 0, 0, 1, 0])), end=False)
        assert alert_of(side) is AlertDescription.DECODE_ERROR


def test_a_hello_request_in_the_midst_of_a_handshake_is_ignored() -> None:
    told = recording(Role.CLIENT)
    request = ContentType.HANDSHAKE, one_of_each()[HandshakeType.HELLO_REQUEST]
    place = told.parts.index(CHANGE_CIPHER_SPEC)
    parts = [part for i, p in enumerate(told.parts) for part in ([request, p] if i <= place else [p])]
    whole(told.tell(told.wire(parts)))
    assert alert_of(tell(Role.CLIENT, place + 1, request)) is AlertDescription.UNEXPECTED_MESSAGE
    side = tell(Role.CLIENT, 0, *[request] * (MAXIMUM_IDLE_MESSAGES + 1))
    assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE


@ROLES
def test_empty_application_data_is_no_event(victim: Role) -> None:
    told = recording(victim)
    place = len(told.parts) - 3
    empty = ContentType.APPLICATION_DATA, b""
    side = told.tell(told.wire([*told.parts[:place], *[empty] * 30, *told.parts[place:]]))
    whole(side)
    assert len(side.got(ApplicationData)) == 2
    assert alert_of(tell(victim, place, *[empty] * 33)) is AlertDescription.UNEXPECTED_MESSAGE


@pytest.mark.parametrize(("victim", "course", "place"), FIRST_COURSE)
def test_every_spoilt_header_and_record(victim: Role, course: Course, place: int) -> None:
    """The right alert for a byte changed in each position of the next record's header, and in its protected content."""
    told = recording(victim, suite=course[0], manner=course[1])
    if place == len(told.parts):
        return
    before, record = (
        told.wire(told.parts[:place]),
        told.wire(told.parts[: place + 1])[len(told.wire(told.parts[:place])) :],
    )
    first = told.tell(before, end=False).connection.state in (State.WAIT_CLIENT_HELLO, State.WAIT_SERVER_HELLO)

    def alert(position: int, value: int) -> AlertDescription:
        return alert_of(told.tell(before + record[:position] + bytes([value]) + record[position + 1 :]))

    for kind in (0, 19, 24, 255):
        assert alert(0, kind) is AlertDescription.UNEXPECTED_MESSAGE
    assert alert(1, 2) is AlertDescription.PROTOCOL_VERSION
    assert alert(1, 4) is AlertDescription.PROTOCOL_VERSION
    if not first:
        assert alert(2, 2) is AlertDescription.PROTOCOL_VERSION
        assert alert(2, 4) is AlertDescription.PROTOCOL_VERSION
    assert alert(3, 0xFF) is AlertDescription.RECORD_OVERFLOW
    if CHANGE_CIPHER_SPEC in told.parts[:place]:
        for position in (0, *range(5, len(record), 4), len(record) - 1):
            value = record[position] ^ 1
            assert alert(position, value) is AlertDescription.BAD_RECORD_MAC
    assert MAXIMUM_PLAINTEXT == 2**14


@ROLES
@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_replayed_dropped_and_reordered_records(victim: Role, encrypt_then_mac: bool) -> None:
    told = recording(victim, encrypt_then_mac=encrypt_then_mac)
    wires = [record.wire for record in told.records]
    begin = told.parts.index(CHANGE_CIPHER_SPEC) + 1
    for i in range(begin, len(wires) - 1):
        for changed in (
            [*wires[: i + 1], wires[i], *wires[i + 1 :]],
            [*wires[:i], *wires[i + 1 :]],
            [*wires[:i], wires[i + 1], wires[i], *wires[i + 2 :]],
        ):
            assert alert_of(told.tell(b"".join(changed))) is AlertDescription.BAD_RECORD_MAC
