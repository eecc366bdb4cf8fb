"""The chat's room: who is in it, and what is said there.

What is said waits for each member until a thread of its own has sent it. If too much waits for somebody, those who
speak wait too, until the member has taken half of it: so nobody can talk faster than the others read. Who takes less
than that within some seconds does not read, and is cut off.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable

from demo.failure import ERRORS
from demo.party.dialogue import Dialogue

FULL = 1 << 16  # bytes that wait for a member before others have to wait for it
LEAST = 256  # bytes that each message counts for, however short: sending it takes its time
CATCH_UP = 10.0  # seconds in which half of that is to be taken
LEAVE_TIME = 5.0  # seconds in which the last messages of one who leaves are to be sent
PLAIN_NAME = re.compile("[a-z0-9._'-]+")


class Member:
    """One who is in the room. Its methods are for the room, which holds `changed` meanwhile.

    changed: tells that something waits, or has been taken. end: says goodbye on the connection. cut: cuts it.
    """

    def __init__(
        self,
        name: str,
        dialogue: Dialogue,
        changed: threading.Condition,
        *,
        end: Callable[[], None],
        cut: Callable[[], None],
    ) -> None:
        self.name, self._dialogue, self._changed, self._end, self._cut = name, dialogue, changed, end, cut
        self._waiting: deque[dict[str, str]] = deque()
        self._size = 0  # of what waits, in bytes
        self._catch_up_by: float | None = None  # while others wait for it
        self._leaving = self._gone = False
        self._sending = threading.Thread(target=self._send, daemon=True)
        self._sending.start()

    def tell(self, message: dict[str, str]) -> None:
        """Have the message sent."""
        if self._gone or self._leaving:
            return
        if self._size > 2 * FULL:  # by what others do, and nobody waits for: coming and going
            self.cut_off()
            return
        self._waiting.append(message)
        self._size += _cost(message)
        if self._size > FULL and self._catch_up_by is None:
            self._catch_up_by = time.monotonic() + CATCH_UP
        self._changed.notify_all()

    def time_left(self) -> float | None:
        """Return the seconds that it still has to catch up; None if nobody has to wait for it."""
        return None if self._catch_up_by is None else self._catch_up_by - time.monotonic()

    def cut_off(self) -> None:
        """Cut the connection; the thread that receives on it is told, and leaves."""
        if self._gone:
            return
        self._gone, self._catch_up_by = True, None
        self._waiting.clear()
        self._changed.notify_all()
        self._cut()

    def leave(self) -> None:
        """Have nothing more sent than what waits."""
        self._leaving = True
        self._changed.notify_all()

    def finish(self) -> None:
        """Return when all is sent and goodbye is said, or cannot be. This is done without holding `changed`."""
        self._sending.join(LEAVE_TIME)
        if self._sending.is_alive():
            self._cut()

    def _next(self) -> dict[str, str] | None:
        """Return the next message; None if there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._leaving or self._gone)
            if not self._waiting:
                self._catch_up_by = None
                return None
            message = self._waiting.popleft()
            self._size -= _cost(message)
            if self._size <= FULL // 2 and self._catch_up_by is not None:
                self._catch_up_by = None
                self._changed.notify_all()
            return message

    def _send(self) -> None:
        try:
            while (message := self._next()) is not None:
                self._dialogue.say(**message)
            self._end()
        except ERRORS:
            with self._changed:
                self.cut_off()


class Room:
    """The room. Safe to use from many threads: all members see all that is said in the same order.

    owner: the name of the one who keeps it, which no member gets.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._members: list[Member] = []
        self._changed = threading.Condition()

    def enter(self, name: str, dialogue: Dialogue, *, end: Callable[[], None], cut: Callable[[], None]) -> Member:
        """Let somebody in, and tell all; a member already here under that name is another connection of the same."""
        plain = shown_name(name, self._owner)
        with self._changed:
            taken = {member.name for member in self._members}
            shown, number = plain, 2
            while shown in taken:
                shown, number = f"{plain} ({number})", number + 1
            member = Member(shown, dialogue, self._changed, end=end, cut=cut)
            member.tell({"here": ", ".join(sorted(taken)) or "nobody else"})
            self._tell({"joined": shown})
            self._members.append(member)
        return member

    def leave(self, member: Member) -> None:
        """Let somebody out, and tell the others."""
        with self._changed:
            self._members.remove(member)
            self._tell({"left": member.name})
            member.leave()
        member.finish()

    def say(self, name: str, text: str) -> None:
        """Tell all but the one who says it, as soon as nobody has to be waited for."""
        with self._changed:
            self._wait_for_others(name)
            for member in self._members:
                if member.name != name:
                    member.tell({"from": name, "say": text})

    def close(self) -> None:
        """Say goodbye to all."""
        with self._changed:
            members = list(self._members)
            for member in members:
                member.leave()
        for member in members:
            member.finish()

    def _wait_for_others(self, name: str) -> None:
        """Wait until all but this one have caught up; cut off each that has not in its time."""
        while True:
            times = []
            for member in self._members:
                left = None if member.name == name else member.time_left()
                if left is not None and left <= 0:
                    member.cut_off()
                elif left is not None:
                    times.append(left)
            if not times:
                return
            self._changed.wait(min(times))

    def _tell(self, message: dict[str, str]) -> None:
        for member in self._members:
            member.tell(message)


def shown_name(name: str, owner: str) -> str:
    r"""Return the name as it is shown: as it is, if it is one plain word in small letters; else in quotation marks.

    So no name reads like a line of somebody else, nor like another's name, such as that of the `owner`.

    >>> shown_name("asha", "server"), shown_name("bala: I owe you", "server"), shown_name("SERVER", "server")
    ('asha', '"bala: I owe you"', '"SERVER"')
    """
    return name if PLAIN_NAME.fullmatch(name) and name != owner else json.dumps(name, ensure_ascii=False)


def _cost(message: dict[str, str]) -> int:
    return max(LEAST, sum(len(value.encode("utf-8", "replace")) for value in message.values()))
