"""From what the parties revealed, what was told, and what the taps captured, to the run as the page tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from demo.facts.certificates import certificate_facts, fingerprint
from demo.party.world import World
from demo.report.commands import (
    Files,
    certificate_commands,
    certificate_verify_commands,
    opened_commands,
    record_commands,
)
from demo.report.contents import text_parts
from demo.report.model import Act, Calculation, Chapter, Moment, Run, Secret, Sent, ShownCertificate
from demo.report.openings import Keys, open_signatures
from demo.report.scenes import Stage
from demo.report.secrets import Line, connection_secrets, enrolment_code, otp_text, private_key
from demo.report.wire import ConnectionReader, Conversation
from demo.stage.processes import Event
from demo.wire.flows import Capture, Flow
from explain.meaning import Meaning
from explain.showing.byte_view import View, explained
from handshake.messages.authentication import CertificateMessage
from handshake.registries.codes import Direction
from pki.asn1.as_text import moment_text
from pki.inspect.meanings import MEANINGS
from pki.keys import PrivateKey, load_private_key
from pki.x509 import Certificate
from primitives.ec import ECPrivateKey
from primitives.rsa import RSAPrivateKey
from record.layer import OPENING

TEXT = Meaning(
    "the OTP, as plain text",
    "nothing is around it: no length, no name, no key. The end of the connection ends it",
    "text",
)
PURPOSES = {"server": "sslserver", "service": "sslserver", "client": "sslclient", "root": ""}
TITLES = {
    "root": "The root: the TTP’s own certificate",
    "service": "The TTP’s service",
    "server": "The server",
    "client": "The client",
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Revealed:
    """What the parties gave away.

    keys: by whose they are, with the certificate that belongs to it, if it was given along.
    codes: by whose they are. connections: of each party, by their client randoms.
    """

    keys: dict[str, tuple[PrivateKey, str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    connections: dict[bytes, dict[str, Event]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Revealed:
        """Return what these events give away."""
        revealed = cls()
        for event in events:
            match event["event"]:
                case "revealed key":
                    key = load_private_key(event["key"].encode())
                    revealed.keys[event["of"]] = (key, event["key"], event["certificate"])
                case "revealed code":
                    revealed.codes[event["of"]] = event["code"]
                case "revealed connection" if event["key_log"]:
                    random = bytes.fromhex(event["key_log"].split()[1])
                    revealed.connections.setdefault(random, {})[event["party"]] = event
        return revealed


def build(
    told: Sequence[Event],
    events: Sequence[Event],
    captures: Mapping[str, Sequence[Capture]],
    *,
    text: str,
    seed: int | None,
) -> Run:
    """Return the run.

    told: what was told of it, in order. events: all that the parties reported, secrets among it.
    captures: what the taps saw: `trivial`, `enrolment`, `exchange`. text: the OTP.
    Raises `PartyError` if a party has not revealed what is needed.
    """
    builder = _Builder(Revealed.of(events), World("story", seed=seed).now())
    trivial = captures["trivial"][0].stream(Flow.TO_CALLER)
    trivial_view = View("t1", "as it went over the wire", trivial, text_parts(trivial, TEXT))
    builder.listen([*captures["enrolment"], *captures["exchange"]])
    certificates = builder.certificates()
    views = [passage.view for line in builder.lines for passage in line.conversation.passages]
    whole = [certificate.view for certificate in certificates]
    root, client = (certificates[i].certificate.public_key for i in (0, -1))
    for view in (*views, *whole):
        open_signatures(view, root, client)
    _give_ids((*views, *whole))
    enrolments: dict[str, list[Conversation]] = {}
    for line in builder.lines[:-1]:
        enrolments.setdefault(line.caller, []).append(line.conversation)
    stage = Stage(enrolments, builder.lines[-1].conversation, trivial_view)
    chapters = stage.chapters(told)
    secrets = builder.secrets(stage, text)
    builder.commands(stage)
    builder.calculations(stage)
    _learned(chapters, secrets)
    suite = builder.lines[-1].conversation.suite
    return Run(
        chapters,
        secrets,
        certificates,
        seed,
        moment_text(builder.at),
        suite.name if suite else "",
        builder.files.script(),
    )


@dataclass
class _Builder:
    """Puts the run together.

    at: the time of the run.
    """

    revealed: Revealed
    at: datetime
    files: Files = field(default_factory=Files)
    lines: list[Line] = field(default_factory=list)

    def listen(self, captures: Iterable[Capture]) -> None:
        """Read the connections over TLS, in order, and give every record its id."""
        randoms = self.revealed.connections
        keys = Keys()
        for random, parties in randoms.items():
            known = self.revealed.keys.get(_target(parties)[1])
            if known is not None and isinstance(known[0], RSAPrivateKey):
                keys.premaster[random] = known[0]
        key_logs = {random: next(iter(parties.values()))["key_log"] for random, parties in randoms.items()}
        number = 0
        for capture in captures:
            conversation = ConnectionReader(key_logs, keys).read(capture)
            for passage in conversation.passages:
                number += 1
                passage.view.id = f"r{number}"
            parties = randoms[conversation.client_random]
            target, key = _target(parties)
            [caller] = set(parties) - {target}
            title = "exchange of server and client" if target == "server" else f"enrolment of the {caller}"
            id = "x" if target == "server" else caller[0]
            earlier = sum(line.id.startswith(id) for line in self.lines)
            id = f"{id}{earlier + 1}" if earlier else id  # a party with two keys has enrolled twice
            self.lines.append(Line(conversation, id, title, caller, target, f"{key}-key.pem", f"key-{key}"))

    def certificates(self) -> list[ShownCertificate]:
        """Return the certificates of all parties, and have the files of the commands."""
        pems = {of: pem for of, (_, _, pem) in self.revealed.keys.items() if pem}
        exchange = self.lines[-1].conversation
        for party, flow in (("server", Flow.TO_CALLER), ("client", Flow.TO_TARGET)):
            passage = exchange.named("Certificate", flow)
            if passage is not None and isinstance(passage.message, CertificateMessage):
                pems[party] = Certificate.from_der(passage.message.certificate_list[0]).to_pem().decode()
        shown = []
        for of, title in TITLES.items():
            name = self.files.text(f"{of}.pem", pems[of])
            certificate = Certificate.from_pem(pems[of].encode())
            for key, pem, _ in self.revealed.keys.values():
                if key.public_key == certificate.public_key:
                    self.files.text(f"{of}-key.pem", pem)
            parts = explained(certificate.layout(), MEANINGS)
            view = View(of, "the certificate in DER", certificate.to_der(), parts)
            commands = certificate_commands(
                name, at=self.at, purpose=PURPOSES[of], fingerprint=fingerprint(certificate)
            )
            facts = [*certificate_facts(certificate), ["SHA-256", fingerprint(certificate)]]
            shown.append(ShownCertificate(of, title, facts, view, certificate, commands))
        return shown

    def secrets(self, stage: Stage, text: str) -> list[Secret]:
        """Return all secrets: the parties' own, then those of the connections, the exchange's first."""
        acts = stage.acts
        found = []
        for of, (key, *_) in self.revealed.keys.items():
            owner = "ttp" if of in ("root", "service") else of.partition("-")[0]
            act = acts.get((owner, "key" if of != "service" else "service", of if of != "service" else ""))
            moment = Moment(act.id if act else "", "has made it, or had it from before")
            if isinstance(key, RSAPrivateKey | ECPrivateKey):
                found.append(private_key(of, owner, f"{key.d:x}", since=moment))
        for of, code in self.revealed.codes.items():
            owner = of.partition("-")[0]
            written, read = acts.get(("ttp", "introduction letter", of)), acts.get((owner, "root trusted", ""))
            ttp = Moment(written.id if written else "", "has drawn it and written it into the introduction letter")
            applicant = Moment(read.id if read else "", "has read it in its introduction letter")
            found.append(enrolment_code(of, code, since=[("ttp", ttp), (owner, applicant)]))
        server = ("server", Moment("", "has made it up"))
        wire = Moment("t1", "has read it on the wire")
        found.append(otp_text("otp-1", 1, text, since=[server, ("client", wire), ("eavesdropper", wire)]))
        delivery = next((p for p in self.lines[-1].conversation.passages if p.name == "application data"), None)
        received = Moment(delivery.view.id if delivery else "", "has decrypted it")
        found.append(otp_text("otp-5", 5, text, since=[server, ("client", received)]))
        for line in (self.lines[-1], *self.lines[:-1]):
            values, why = self._values(line)
            found += connection_secrets(line, values, why, self.files)
        return found

    def _values(self, line: Line) -> tuple[dict[str, bytes], dict[str, str]]:
        """Return the secrets that the parties of a connection revealed, and why there are such secrets."""
        events = self.revealed.connections[line.conversation.client_random].values()
        rows = [row for event in events for row in event["secrets"]]
        return {name: bytes.fromhex(value) for name, value, *_ in rows}, {name: why for name, _, _, why in rows}

    def commands(self, stage: Stage) -> None:
        """Give the records the commands that reproduce what is in them."""
        for line in self.lines:
            values, _ = self._values(line)
            for passage in line.conversation.passages:
                sent = stage.sent.get(passage.view.id)
                if sent is None:
                    continue
                writer = "client" if passage.flow is Flow.TO_TARGET else "server"
                sent.commands += record_commands(passage, line.conversation, self.files, values, writer=writer)
                sent.commands += opened_commands(passage, self.files)
                if passage.name == "CertificateVerify":
                    sent.commands += certificate_verify_commands(
                        line.conversation, self.files, id=line.id, key=f"{line.caller}-public.pem"
                    )

    def calculations(self, stage: Stage) -> None:
        """Give the records the steps that their sender and their receiver have done for them."""
        for line in self.lines:
            for party, event in self.revealed.connections[line.conversation.client_random].items():
                self._course(line, party, event["course"], stage)

    def _course(self, line: Line, party: str, course: Iterable[Sequence[str]], stage: Stage) -> None:
        """Go through what one party did: steps before a record that it sends are for that; others, after the last."""
        outgoing = Flow.TO_TARGET if party == line.caller else Flow.TO_CALLER
        passages = {
            direction: iter(
                [p for p in line.conversation.passages if (p.flow is outgoing) is (direction is Direction.SENT)]
            )
            for direction in Direction
        }
        waiting: list[Calculation] = []
        last: Sent | None = None
        for kind, *rest in course:
            if kind == "step":
                waiting.append(Calculation(*rest))
                continue
            direction = Direction(rest[0])
            passage = next(passages[direction], None)
            sent = stage.sent.get(passage.view.id) if passage else None
            if sent is None:
                continue
            if direction is Direction.SENT:
                sent.before += waiting
            else:
                opening = [c for c in waiting if c.name == OPENING]
                rest_of_them = [c for c in waiting if c.name != OPENING]
                (last.after if last else sent.after).extend(rest_of_them)
                sent.after += opening
            waiting = []
            last = sent if direction is Direction.RECEIVED else last
        if last is not None:
            last.after += waiting


def _target(parties: Mapping[str, Event]) -> tuple[str, str]:
    """Return which of two parties was the server of a connection, and whose key it showed."""
    return ("ttp", "service") if "ttp" in parties else ("server", "server")


def _give_ids(views: Iterable[View]) -> None:
    """Give every view that is opened from another one the id of that, and a letter."""
    for view in views:
        for letter, inner in zip(LETTERS, list(view.walk())[1:], strict=False):
            inner.id = f"{view.id}{letter}"


def _learned(chapters: Sequence[Chapter], secrets: Sequence[Secret]) -> None:
    """Note with each scene who knows which secrets from there on."""
    learned: dict[str, list[tuple[str, str, str]]] = {}
    for secret in secrets:
        for who, moment in secret.known.items():
            learned.setdefault(moment.link, []).append((who, secret.id, secret.name))
    for chapter in chapters:
        for scene in chapter.scenes:
            if isinstance(scene, Act):
                scene.learned = learned.get(scene.id, [])
            elif isinstance(scene, Sent):
                scene.learned = learned.get(scene.view.id, [])
