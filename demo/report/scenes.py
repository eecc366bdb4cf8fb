"""From what was told and what went over the wire to the chapters of the page: both in one order, in the same words.

The words are the narrator's, who tells the run on a terminal as well; the bytes are the tap's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from demo.report.contents import application_title
from demo.report.model import Act, Chapter, Note, Overheard, Phase, Scene, Sent
from demo.report.wire import Conversation, Passage
from demo.stage.narration import Narrator, why_of
from demo.stage.processes import Event
from demo.wire.flows import Flow
from explain.showing.byte_view import View


class Collector:
    """Takes what a narrator tells, and keeps it as scenes."""

    def __init__(self, sent: Callable[[str, str, str], Sent | None]) -> None:
        self._sent = sent
        self.scenes: list[Scene] = []

    def title(self, text: str) -> None:
        """The page has its own title."""

    def heading(self, text: str) -> None:
        """Chapters have their own headings."""

    def blank(self) -> None:
        """Scenes stand apart anyway."""

    def warning(self, text: str) -> None:
        """The page warns at its top."""

    def phase(self, text: str) -> None:
        """Begin a part."""
        self.scenes.append(Phase(text))

    def prose(self, text: str) -> None:
        """Say why: of what was just sent, or by itself."""
        last = self.scenes[-1] if self.scenes else None
        if isinstance(last, Sent) and not last.why:
            last.why = text
        else:
            self.scenes.append(Note(text))

    def says(self, sender: str, receiver: str, what: str, size: int | None = None) -> None:
        """Add what is sent."""
        sent = self._sent(sender, receiver, what)
        if sent is not None:
            self.scenes.append(sent)

    def does(self, who: str, what: str) -> None:
        """Add what somebody does."""
        self.scenes.append(Act(who, what))

    def facts(self, rows: Iterable[Sequence[str]]) -> None:
        """Add facts to the last scene."""
        last = self.scenes[-1] if self.scenes else None
        if isinstance(last, Act | Sent):
            last.facts = [*last.facts, *map(list, rows)]

    def checked(self, rows: Iterable[Sequence[str]]) -> None:
        """Add checks to what was just done."""
        last = self.scenes[-1] if self.scenes else None
        if isinstance(last, Act):
            last.checks = [*last.checks, *map(list, rows)]

    def quotes(self, text: str) -> None:
        """Add a text to the last scene."""
        last = self.scenes[-1] if self.scenes else None
        if isinstance(last, Act | Sent):
            last.quote = text

    def verbatim(self, text: str) -> None:
        """Whole files are elsewhere on the page."""

    def eavesdropper(self, title: str, lines: Iterable[str]) -> None:
        """Add what was overheard."""
        self.scenes.append(Overheard(title, list(lines)))


class Stage:
    """Puts scenes in order.

    enrolments: the connections of each party with the TTP, in order. exchange: that of client and server.
    trivial: the bytes of step 1.
    """

    def __init__(self, enrolments: dict[str, list[Conversation]], exchange: Conversation, trivial: View) -> None:
        self._enrolments, self._exchange, self._trivial = enrolments, exchange, trivial
        self._shown: set[int] = set()
        self.sent: dict[str, Sent] = {}  # by the ids of their views
        self.acts: dict[tuple[str, str, str], Act] = {}  # by party, event, and what or whom it is about

    def chapters(self, told: Iterable[Event]) -> list[Chapter]:
        """Return the chapters."""
        chapters: list[Chapter] = []
        collector = Collector(self._said)
        narrator = Narrator(collector, files=False)
        for event in told:
            if event["event"] == "step":
                collector.scenes = []
                chapters.append(Chapter(event["number"], event["title"], event["why"], collector.scenes))
            elif chapters:
                collector.scenes += self._before(event)
                count = len(collector.scenes)
                narrator.tell(event)
                for scene in collector.scenes[count:]:
                    if isinstance(scene, Act):
                        scene.id = f"a{len(self.acts) + 1}"
                        about = event.get("of") or event.get("applicant") or ""
                        self.acts[event["party"], event["event"], about] = scene
        return chapters

    def _said(self, sender: str, receiver: str, what: str) -> Sent | None:
        """Return what was sent, with its bytes."""
        if what == "the OTP, as it is":
            why = "Anyone who carries these bytes can read and change them, and nobody would notice."
            return Sent(sender, receiver, what, self._trivial, sealed=False, why=why)
        flow = Flow.TO_TARGET if sender == "client" else Flow.TO_CALLER
        handshake = any(passage.name == what for passage in self._exchange.passages)
        for passage in self._exchange.passages:
            wanted = passage.name == (what if handshake else "application data") and passage.flow is flow
            if wanted and id(passage) not in self._shown:
                sent = self._show(self._exchange, passage, sender, receiver)
                if handshake:
                    sent.why, sent.facts = "", []  # the narrator tells them next
                else:
                    sent.name = what
                return sent
        return None

    def _before(self, event: Event) -> list[Scene]:
        """Return what went over the wire before an event was told, and is not told by itself."""
        name, party = event["event"], event["party"]
        if name in ("channel", "issued", "certificate"):
            caller = event["applicant"].partition("-")[0] if name == "issued" else party  # server-ec is the server, too
            until = {"channel": _handshake, "issued": _request, "certificate": _everything}[name]
            for conversation in self._enrolments.get(caller, ()):
                if not all(id(passage) in self._shown for passage in conversation.passages):
                    return list(self._rest(conversation, caller, "ttp", until))
        if name == "closed":
            return list(self._rest(self._exchange, "client", "server", _everything))
        return []

    def _rest(
        self, conversation: Conversation, caller: str, target: str, wanted: Callable[[Passage], bool]
    ) -> Iterable[Sent]:
        """Show the records that have not been shown, up to the first that is not wanted yet."""
        for passage in conversation.passages:
            if id(passage) in self._shown:
                continue
            if not wanted(passage):
                return
            ends = (caller, target) if passage.flow is Flow.TO_TARGET else (target, caller)
            yield self._show(conversation, passage, *ends)

    def _show(self, conversation: Conversation, passage: Passage, sender: str, receiver: str) -> Sent:
        self._shown.add(id(passage))
        name = passage.name
        transported = conversation.suite is not None and conversation.suite.transport is not None
        proves = transported and passage.flow is Flow.TO_CALLER
        parties = {} if conversation is self._exchange else {"server": "the TTP", "client": "the applicant"}
        why = why_of(name, passage.facts, proves=proves, **parties)
        if name == "application data":
            name, why = application_title(passage.content_parts())
        elif name.startswith("alert close_notify"):
            why = CLOSE_NOTIFY
        sent = Sent(sender, receiver, name, passage.view, passage.sealed, why, passage.facts)
        self.sent[passage.view.id] = sent
        return sent


CLOSE_NOTIFY = (
    "“That was all.” Without it, somebody on the wire could cut off the end, and nobody would know that it is missing."
)


def _handshake(passage: Passage) -> bool:
    return passage.name != "application data" and not passage.name.startswith("alert")


def _request(passage: Passage) -> bool:
    return _handshake(passage) or (passage.name == "application data" and passage.flow is Flow.TO_TARGET)


def _everything(passage: Passage) -> bool:
    return True
