"""The run as the page tells it: chapters of scenes, the views of bytes, the secrets, the certificates, the commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from demo.facts.messages import Rows
from explain.showing.byte_view import View
from pki.x509 import Certificate

PARTIES = ("ttp", "server", "client")
EVERYBODY = (*PARTIES, "eavesdropper")
NAMES = {"ttp": "TTP", "server": "server", "client": "client", "eavesdropper": "eavesdropper"}


@dataclass(frozen=True)
class Command:
    """A line for a shell that reproduces a value with `openssl`.

    expected: what it prints; empty if only that it succeeds matters.
    """

    title: str
    line: str
    expected: str = ""


@dataclass(frozen=True)
class Calculation:
    """A step of an algorithm that a party has done. html: it and the steps inside it, to be unfolded."""

    name: str
    section: str
    why: str
    html: str = field(repr=False)


@dataclass
class Act:
    """Something that a party does by itself.

    id: links lead to it by this. learned: who knows which secrets from here on, as in `Sent`.
    """

    party: str
    text: str
    id: str = ""
    facts: Rows = field(default_factory=list)
    checks: Rows = field(default_factory=list)
    quote: str = ""
    learned: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Sent:
    """Something that goes over the wire.

    view: its bytes; links lead to it by its id.
    sealed: whether it is encrypted. name, why, facts, quote: what it is.
    before, after: what the sender calculated for it, and the receiver because of it.
    learned: who knows which secrets from here on: a party, the secret's id and its name.
    commands: what of it can be reproduced.
    """

    sender: str
    receiver: str
    name: str
    view: View
    sealed: bool
    why: str = ""
    facts: Rows = field(default_factory=list)
    quote: str = ""
    before: list[Calculation] = field(default_factory=list)
    after: list[Calculation] = field(default_factory=list)
    learned: list[tuple[str, str, str]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)


@dataclass
class Phase:
    """The title of a part of a chapter."""

    text: str


@dataclass
class Note:
    """A sentence between what happens."""

    text: str


@dataclass
class Overheard:
    """What the eavesdropper got."""

    title: str
    lines: list[str]


Scene: TypeAlias = Act | Sent | Phase | Note | Overheard


@dataclass
class Chapter:
    """A step of the story."""

    number: int
    title: str
    why: str
    scenes: list[Scene] = field(default_factory=list)


@dataclass(frozen=True)
class Moment:
    """Since when somebody knows a secret. link: the id of the scene or view; empty if it was before all scenes."""

    link: str
    words: str


@dataclass
class Secret:
    """Something that not everybody may know.

    id: links lead to it by this. of: the connection or party that it belongs to.
    made_of: what goes into it: a name, and the id of a view or secret if there is one.
    known: since when each of `EVERYBODY` knows it; who never does is missing.
    """

    id: str
    of: str
    name: str
    value: str = field(repr=False)
    section: str
    why: str
    made_of: list[tuple[str, str]] = field(default_factory=list)
    known: dict[str, Moment] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)


@dataclass
class ShownCertificate:
    """A certificate, whole. whose: the party or purpose."""

    whose: str
    title: str
    facts: Rows
    view: View
    certificate: Certificate
    commands: list[Command] = field(default_factory=list)


@dataclass
class Run:
    """All of it.

    seed: the seed that everything was made up from; None if it was real randomness.
    suite: what was agreed on in the exchange.
    setup: the shell script that makes the files which the commands need.
    """

    chapters: list[Chapter]
    secrets: list[Secret]
    certificates: list[ShownCertificate]
    seed: int | None
    time: str
    suite: str
    setup: str = field(repr=False)

    def sent(self) -> Iterator[Sent]:
        """Return all that went over the wire, in order."""
        for chapter in self.chapters:
            for scene in chapter.scenes:
                if isinstance(scene, Sent):
                    yield scene

    def views(self) -> Iterator[View]:
        """Return all rows of bytes, those that are opened from others after them."""
        for sent in self.sent():
            yield from sent.view.walk()
        for certificate in self.certificates:
            yield from certificate.view.walk()

    def commands(self) -> Iterator[Command]:
        """Return all commands, in the order of the page."""
        for sent in self.sent():
            yield from sent.commands
        for secret in self.secrets:
            yield from secret.commands
        for certificate in self.certificates:
            yield from certificate.commands
