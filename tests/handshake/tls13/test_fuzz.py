"""Changed conversations, also inside the encryption: the answer is an event or a `RemoteProtocolError`."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from handshake.events import ApplicationData, HandshakeCompleted
from handshake.registries.codes import Role
from record.codes import ContentType
from record.protection import NullProtection
from tests.handshake.support.remembering import remember
from tests.handshake.support.tls13_replay import Manner, Part, recording
from tests.handshake.test_fuzz import SIZES, judge, spoil
from tests.support.shares import share


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch)


def respoken(parts: list[Part], dice: random.Random) -> list[Part]:
    """Change what is said: parts that are corrupted, dropped, repeated, moved, cut, joined, or of another type."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        if not parts:
            break
        at = dice.randrange(len(parts))
        part = parts[at]
        match dice.randrange(10):
            case 0 | 1 | 2 | 3:
                parts[at] = replace(part, content=spoil(part.content, dice))
            case 4:
                del parts[at]
            case 5:
                parts.insert(dice.randrange(len(parts) + 1), part)
            case 6:
                parts.insert(dice.randrange(len(parts)), parts.pop(at))
            case 7:
                cut = dice.randrange(len(part.content) + 1)
                parts[at : at + 1] = [
                    replace(part, content=part.content[:cut]),
                    replace(part, content=part.content[cut:]),
                ]
            case 8:
                parts[at] = replace(part, kind=dice.choice(list(ContentType)))
            case 9:
                parts[at] = replace(part, protection=dice.choice((NullProtection(), dice.choice(parts).protection)))
    return parts


def run(seeds: Iterable[int], victim: Role) -> None:
    for seed in seeds:
        dice = random.Random(f"{victim} {seed}")
        told = recording(victim, dice.choice(list(Manner)))
        between = dice.random() < 0.4  # on the wire, by somebody in between; or else by the peer, with its keys
        size = dice.choice(SIZES)
        try:
            if between:
                side = told.tell((), end=False)
                data = spoil(told.wire(told.parts), dice)
                for start in range(0, len(data), size or len(data) or 1):
                    side.connection.receive_data(data[start : start + (size or len(data))])
                    side.drain()
                side.connection.receive_data(b"")
                side.drain()
                side.output()
            else:
                side = told.tell(respoken(list(told.parts), dice), size=size)
            judge(side)
            received = b"".join(event.data for event in side.got(ApplicationData))
            if between:  # nothing that was changed is taken for the peer's data
                assert b"some data of the peerand some more".startswith(received)
            if received:  # and nothing is data before the peer is known
                assert side.got(HandshakeCompleted)
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
    run(share(range(100 + batch * 2500, 100 + (batch + 1) * 2500), 500, of=f"1.3 {victim} {batch}"), victim)
