"""The chat's room: who is in it, and what is said there.

Each member has a queue of its own, which a thread of its own empties onto the network. So nobody waits for another's
slow connection; who falls behind too far is cut off.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from demo.failure import ERRORS
from demo.party.dialogue import Dialogue

BEHIND = 1000  # messages by which a member may be behind
LEAVE_TIME = 5.0  # seconds in which the last messages of one who leaves are to be sent


class Member:
    """One who is in the room.

    end: says goodbye on the connection. cut: cuts it.
    """

    def __init__(self, name: str, dialogue: Dialogue, *, end: Callable[[], None], cut: Callable[[], None]) -> None:
        self.name, self._dialogue, self._end, self._cut = name, dialogue, end, cut
        self._messages: queue.Queue[dict[str, str] | None] = queue.Queue(BEHIND)
        self._sending = threading.Thread(target=self._send, daemon=True)
        self._sending.start()

    def tell(self, message: dict[str, str]) -> None:
        """Have the message sent; if too many wait already, cut the member off."""
        try:
            self._messages.put_nowait(message)
        except queue.Full:
            self._cut()

    def finish(self) -> None:
        """Say goodbye once all messages are sent; return when that is done, or cannot be."""
        try:
            self._messages.put_nowait(None)
            self._sending.join(LEAVE_TIME)
        except queue.Full:
            self._cut()

    def _send(self) -> None:
        try:
            while (message := self._messages.get()) is not None:
                self._dialogue.say(**message)
            self._end()
        except ERRORS:
            self._cut()  # whoever receives on the connection is told, and leaves


class Room:
    """The room. Safe to use from many threads: all members see all that is said in the same order.

    owner: the name of whoever keeps it, which no member gets.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._members: list[Member] = []
        self._lock = threading.Lock()

    def enter(self, name: str, dialogue: Dialogue, *, end: Callable[[], None], cut: Callable[[], None]) -> Member:
        """Let somebody in, and tell all; who is here already under that name is another connection of the same."""
        with self._lock:
            taken = {member.name for member in self._members}
            shown, number = name, 2
            while shown in taken or shown == self._owner:
                shown, number = f"{name} ({number})", number + 1
            member = Member(shown, dialogue, end=end, cut=cut)
            member.tell({"here": ", ".join(sorted(taken)) or "nobody else"})
            self._tell({"joined": shown})
            self._members.append(member)
        return member

    def leave(self, member: Member) -> None:
        """Let somebody out, and tell the others."""
        with self._lock:
            self._members.remove(member)
            self._tell({"left": member.name})
        member.finish()

    def say(self, name: str, text: str) -> None:
        """Tell all but the one who says it."""
        with self._lock:
            for member in self._members:
                if member.name != name:
                    member.tell({"from": name, "say": text})

    def close(self) -> None:
        """Say goodbye to all."""
        with self._lock:
            members = list(self._members)
        for member in members:
            member.finish()

    def _tell(self, message: dict[str, str]) -> None:
        for member in self._members:
            member.tell(message)
