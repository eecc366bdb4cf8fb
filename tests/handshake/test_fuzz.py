"""Changed conversations: whatever a peer sends, the answer is an event or a `RemoteProtocolError`."""

import random
from collections.abc import Iterable

import pytest

from handshake.connection import Connection
from handshake.events import AlertSent, ApplicationData
from handshake.machine import State
from handshake.registries.codes import HandshakeType, Role
from primitives.octets import BytesLike
from record.alerts import AlertLevel, RemoteProtocolError
from record.codes import ContentType
from tests.handshake.support.parties import Side, client_configuration, identity, server_configuration, talk
from tests.handshake.support.remembering import remember
from tests.handshake.support.replay import Manner, Part, one_of_each, recording
from tests.support.shares import share

SIZES = (*[0] * 15, *[100] * 4, 1)  # how much a party is given at a time: mostly all, seldom byte by byte
INTERESTING = (0, 1, 2, 3, 20, 21, 22, 23, 0x7F, 0x80, 0xFE, 0xFF)


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch)


def spoil(data: bytes, dice: random.Random) -> bytes:
    """Change some bytes, or their number."""
    spoilt = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        at = dice.randrange(len(spoilt) + 1)
        match dice.randrange(6):
            case 0 if at < len(spoilt):
                spoilt[at] ^= 1 << dice.randrange(8)
            case 1 if at < len(spoilt):
                spoilt[at] = dice.choice(INTERESTING)
            case 2:
                spoilt[at:at] = dice.randbytes(dice.choice((1, 2, 3, 50)))
            case 3:
                del spoilt[at : at + dice.choice((1, 2, 3, 50))]
            case 4:
                spoilt[at:at] = spoilt[at : at + dice.randrange(60)]
            case 5:
                del spoilt[at:]
    return bytes(spoilt)


def respoken(parts: list[Part], dice: random.Random) -> list[Part]:
    """Change what is said: parts that are corrupted, dropped, repeated, moved, cut, joined, of another type, or new."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        if not parts:
            break
        at = dice.randrange(len(parts))
        kind, content = parts[at]
        match dice.randrange(9):
            case 0 | 1 | 2:
                parts[at] = kind, spoil(content, dice)
            case 3:
                del parts[at]
            case 4:
                parts.insert(dice.randrange(len(parts) + 1), parts[at])
            case 5:
                parts.insert(dice.randrange(len(parts)), parts.pop(at))
            case 6:
                cut = dice.randrange(len(content) + 1)
                parts[at : at + 1] = [(kind, content[:cut]), (kind, content[cut:])]
            case 7:
                parts[at] = dice.choice(list(ContentType)), content
            case 8:
                parts.insert(at, (ContentType.HANDSHAKE, dice.choice(list(one_of_each().values()))))
    return parts


def judge(side: Side) -> None:
    """The only two answers there are."""
    if side.error is not None:
        assert isinstance(side.error, RemoteProtocolError), repr(side.error)
        assert side.connection.state is State.FAILED
        if not side.error.received:
            assert side.got(AlertSent)[-1] == AlertSent(AlertLevel.FATAL, side.error.alert)
            assert side.sent
    else:
        assert side.connection.state is State.CLOSED


def run(seeds: Iterable[int], victim: Role) -> None:
    for seed in seeds:
        dice = random.Random(f"{victim} {seed}")
        told = recording(
            victim,
            suite=dice.choice((0xFF01, 0xC02F, 0xC014)),
            mutual=dice.random() < 0.7,
            encrypt_then_mac=dice.random() < 0.5,
            manner=dice.choice(list(Manner)),
        )
        between = dice.random() < 0.5  # on the wire, by somebody in between; or else by the peer, with its keys
        data = spoil(told.wire(told.parts), dice) if between else told.wire(respoken(told.parts, dice))
        side = told.tell(data, size=dice.choice(SIZES))
        try:
            judge(side)
            if between:  # nothing that was changed is taken for the peer's data
                received = b"".join(event.data for event in side.got(ApplicationData))
                assert b"some data of the peerand some more".startswith(received)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.mark.parametrize("victim", Role)
def test_a_changed_conversation_is_an_event_or_an_error(victim: Role) -> None:
    run(range(100), victim)


@pytest.mark.slow
@pytest.mark.parametrize("victim", Role)
@pytest.mark.parametrize("batch", range(20))
def test_many_changed_conversations(victim: Role, batch: int) -> None:
    """A share of 100,000 in all."""
    run(share(range(100 + batch * 2500, 100 + (batch + 1) * 2500), 500, of=f"{victim} {batch}"), victim)


def lie(connection: Connection, kind: HandshakeType, dice: random.Random) -> None:
    """Make a party say something corrupted in messages of this type, and believe that it said so itself."""
    channel = connection._channel
    write, add = channel._write, channel.transcript.add
    said: dict[bytes, bytes] = {}

    def write_spoilt(content_type: ContentType, data: BytesLike) -> None:
        data = bytes(data)
        if content_type is ContentType.HANDSHAKE and data[0] == kind:
            body = spoil(data[4:], dice)
            said[data] = data[:1] + len(body).to_bytes(3, "big") + body
        write(content_type, said.get(data, data))

    channel._write = write_spoilt  # type: ignore[method-assign]  # a liar
    channel.transcript.add = lambda data: add(said.get(data, data))  # type: ignore[method-assign]  # and a consistent one


LIES = [
    (Role.SERVER, HandshakeType.SERVER_HELLO),
    (Role.SERVER, HandshakeType.CERTIFICATE),
    (Role.SERVER, HandshakeType.CERTIFICATE_REQUEST),
    (Role.SERVER, HandshakeType.FINISHED),
    (Role.CLIENT, HandshakeType.CERTIFICATE),
    (Role.CLIENT, HandshakeType.CLIENT_KEY_EXCHANGE),
    (Role.CLIENT, HandshakeType.CERTIFICATE_VERIFY),
    (Role.CLIENT, HandshakeType.FINISHED),
]


def run_lies(seeds: Iterable[int], liar: Role, kind: HandshakeType) -> None:
    for seed in seeds:
        dice = random.Random(f"{liar} {kind} {seed}")
        client = Side(Connection(client_configuration(who=identity("client.example"))))
        server = Side(Connection(server_configuration(mutual=True)))
        lie((client if liar is Role.CLIENT else server).connection, kind, dice)
        talk(client, server)
        for side in (client, server):
            assert side.error is None or isinstance(side.error, RemoteProtocolError), (seed, repr(side.error))
            if side.error is not None:
                assert not side.got(ApplicationData)
                assert side.connection.state is State.FAILED


@pytest.mark.parametrize(("liar", "kind"), LIES)
def test_a_spoilt_message_is_an_event_or_an_error(liar: Role, kind: HandshakeType) -> None:
    run_lies(range(10), liar, kind)


@pytest.mark.slow
@pytest.mark.parametrize(("liar", "kind"), LIES)
def test_many_spoilt_messages(liar: Role, kind: HandshakeType) -> None:
    """A share of 4,000 in all."""
    run_lies(share(range(10, 540), 125, of=f"{liar} {kind}"), liar, kind)


@pytest.mark.parametrize("victim", Role)
def test_noise_is_an_error(victim: Role) -> None:
    dice = random.Random(str(victim))
    told = recording(victim)
    for _ in range(300):
        noise = dice.randbytes(dice.randrange(1, 200))
        if dice.random() < 0.8:  # in a record, which makes it further
            noise = bytes([dice.choice((20, 21, 22, 23)), 3, 3]) + len(noise).to_bytes(2, "big") + noise
        side = told.tell(noise)
        assert isinstance(side.error, RemoteProtocolError)
        judge(side)
