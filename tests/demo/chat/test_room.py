"""The room: readers stay, however fast others talk; one who does not read is cut off; and no name reads like a line."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from demo.chat import room
from demo.chat.room import Room, shown_name
from demo.party.dialogue import Dialogue


@dataclass
class Seat:
    """A member's end of the connection: what has arrived there, and whether it is cut."""

    reads: Callable[[], object] = lambda: None
    heard: list[dict[str, str]] = field(default_factory=list)
    is_cut: threading.Event = field(default_factory=threading.Event)
    said_goodbye: threading.Event = field(default_factory=threading.Event)

    def dialogue(self) -> Dialogue:
        seat = self

        class Heard(Dialogue):
            def say(self, **message: str) -> None:
                seat.reads()
                if seat.is_cut.is_set():
                    raise ConnectionResetError
                seat.heard.append(message)

        return Heard(None, other="somebody")  # type: ignore[arg-type]  # nothing is received

    def enter(self, where: Room, name: str) -> room.Member:
        return where.enter(name, self.dialogue(), end=self.said_goodbye.set, cut=self.is_cut.set)

    def said(self) -> list[str]:
        return [message["say"] for message in self.heard if "say" in message]


def test_who_reads_stays_however_fast_somebody_talks() -> None:
    """Twenty thousand messages at once; each reader is slower than the speaker, and hears them all in order."""
    here, seats = Room("server"), [Seat(threading.Event().is_set) for _ in range(2)]
    members = [seat.enter(here, name) for name, seat in zip(("asha", "bala"), seats, strict=True)]
    for number in range(20_000):
        here.say("mallory", str(number))
    for member in members:
        here.leave(member)
    for seat in seats:
        assert not seat.is_cut.is_set()
        assert seat.said() == [str(number) for number in range(20_000)]
        assert seat.said_goodbye.is_set()


def test_who_does_not_read_is_cut_off_and_keeps_nobody_waiting_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CATCH_UP", 1.0)  # which a busy machine keeps no reader waiting for
    here, seat, stuck = Room("server"), Seat(), threading.Event()
    deaf = Seat(stuck.wait)
    deaf.enter(here, "deaf")
    member = seat.enter(here, "asha")
    for number in range(1000):
        here.say("bala", str(number))
    assert deaf.is_cut.is_set()
    here.leave(member)
    assert seat.said() == [str(number) for number in range(1000)]
    assert not seat.is_cut.is_set()
    stuck.set()


def test_reading_a_little_now_and_then_is_not_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or one who takes a message just before its time is over could slow everybody down for ever."""
    monkeypatch.setattr(room, "CATCH_UP", 0.2)
    here, over = Room("server"), threading.Event()
    trickling = Seat(lambda: over.wait(0.05))
    trickling.enter(here, "slow")
    for number in range(2 * room.FULL // room.LEAST):
        here.say("bala", str(number))
    assert trickling.is_cut.is_set()
    over.set()


def test_what_waits_is_bounded_by_its_bytes_and_by_coming_and_going(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CATCH_UP", 0.1)
    monkeypatch.setattr(room, "LEAVE_TIME", 0.1)
    here, stuck = Room("server"), threading.Event()
    deaf = Seat(stuck.wait)
    member = deaf.enter(here, "deaf")
    for _ in range(room.FULL // 8000 + 2):  # few long messages fill it as well
        here.say("bala", "x" * 8000)
    assert deaf.is_cut.is_set()
    here.leave(member)
    other = Seat(stuck.wait)
    other.enter(here, "other")
    for number in range(room.FULL // room.LEAST + 2):
        here.leave(Seat().enter(here, f"guest{number}"))  # nobody waits for those who do not read before coming in
    assert other.is_cut.is_set()
    stuck.set()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("asha", "asha"),
        ("client.bank.example", "client.bank.example"),
        ("o'neill-2_x", "o'neill-2_x"),
        ("bala: I owe you", '"bala: I owe you"'),
        ("asha (2)", '"asha (2)"'),
        ("asha, bala", '"asha, bala"'),
        ("bala has left", '"bala has left"'),
        ("SERVER", '"SERVER"'),
        ("Asha", '"Asha"'),
        ("server", '"server"'),
        ("ａｓｈａ", '"ａｓｈａ"'),
        ("\u0430sha", '"\u0430sha"'),  # which begins with a Cyrillic letter
        ('"asha"', '"\\"asha\\""'),
        ("a\nserver: hello", '"a\\nserver: hello"'),
        ("", '""'),
    ],
)
def test_no_name_reads_like_a_line_or_another_name(name: str, shown: str) -> None:
    assert shown_name(name, "server") == shown
    here, seat = Room("server"), Seat()
    assert seat.enter(here, name).name == shown
    assert Seat().enter(here, name).name == f"{shown} (2)"
