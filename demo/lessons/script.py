"""What a lesson is told with: the weak form, the attack on it, and the same attack on this stack.

A lesson does not claim that an attack works or fails: it tries, and `succeeded` and `refused` hold it to what
happened. If an attack does not come out as the lesson says, `LessonError` ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from demo.failure import PartyError, one_line
from primitives.errors import DecryptionError, InvalidSignature, InvalidTag
from record.alerts import RemoteProtocolError

REFUSALS = (InvalidTag, InvalidSignature, DecryptionError, RemoteProtocolError, ValueError)
"""What a check raises that stops an attack."""


class LessonError(PartyError):
    """An attack did not come out as the lesson says."""


class Audience(Protocol):
    """Takes what happens in a lesson."""

    def __call__(self, event: str, /, **facts: str | list[str]) -> None:
        """Take one event with its facts."""


@dataclass
class Script:
    """One lesson while it is told.

    tell: takes what happens.
    successes: what the attacker got from the weak form. refusals: which checks of this stack stopped the attack.
    """

    tell: Audience
    successes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def weak_form(self, text: str) -> None:
        """Begin: say what somebody built, and thought to be enough."""
        self.tell("part", title="The weak form", text=text)

    def attack(self, text: str) -> None:
        """Go on: say what the attacker does."""
        self.tell("part", title="The attack", text=text)

    def ours(self, text: str) -> None:
        """End: say what this stack does at the same place."""
        self.tell("part", title="The same attack, on this stack", text=text)

    def note(self, text: str) -> None:
        """Say why."""
        self.tell("note", text=text)

    def value(self, name: str, value: object) -> None:
        """Show a value: bytes in hexadecimal, all else as it is."""
        self.tell("value", name=name, value=value.hex() if isinstance(value, bytes) else str(value))

    def picture(self, lines: list[str]) -> None:
        """Show a picture made of characters."""
        self.tell("picture", lines=lines)

    def succeeded(self, truth: bool, text: str) -> None:
        """Hold the attack to what it claims: `truth` is whether the attacker really has it."""
        if not truth:
            raise LessonError(f"the attack did not succeed, and should have: {text}")
        self.successes.append(text)
        self.tell("succeeded", text=text)

    def refused(self, attempt: Callable[[], object], *, check: str, where: str, section: str) -> None:
        """Try the same on this stack, which has to refuse it.

        check: which check it is that refuses, in words. where: its place in the code, as `file: function`.
        section: the standard that prescribes it.
        """
        try:
            attempt()
        except REFUSALS as error:
            self.held(one_line(error), check=check, where=where, section=section)
        else:
            self._not_stopped(check)

    def unharmed(self, truth: bool, text: str, *, check: str, where: str, section: str) -> None:
        """Hold this stack to it where no error shows it: `truth` is whether the attacker really got nothing."""
        if not truth:
            self._not_stopped(text)
        self.held(text, check=check, where=where, section=section)

    def held(self, text: str, *, check: str, where: str, section: str) -> None:
        """Note that this stack stopped the attack, with `text` as all that the attacker saw."""
        self.refusals.append(check)
        self.tell("refused", text=text, check=check, where=where, section=section)

    def _not_stopped(self, text: str) -> NoReturn:
        raise LessonError(f"the attack was not stopped, and should have been: {text}")
