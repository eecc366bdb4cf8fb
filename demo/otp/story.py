"""The story: three parties as processes, an eavesdropper on the wire between them, told in six steps.

The story itself plays no part in the exchange. It starts the parties, relays their bytes, and puts what they
report in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext

from demo.commands.asking import choose_on_terminal
from demo.commands.scene import ANY_PORT, PATIENCE, listening
from demo.failure import PartyError
from demo.party.address import Address
from demo.stage.processes import Event, PartyProcess, Processes
from demo.wire.eavesdropper import dump, overhear
from demo.wire.flows import Capture, Flow
from demo.wire.tap import Tap
from handshake.registries.cipher_suites import PRIVATE_SUITE_NAMES

LONG_PATIENCE = 300.0  # seconds, where a person is asked
EXCERPT = 80  # bytes that are shown of what the eavesdropper gets

STEPS = {
    1: ("The trivial approach", "A bank's server sends its client a one-time password (OTP) over a bare socket."),
    2: (
        "A trusted third party",
        "Two who have never met need somebody whom both trust: the TTP. Anyone who has its public key can check "
        "whatever it has signed.",
    ),
    3: (
        "Enrolment",
        "Server and client each make a pair of keys, and have the TTP certify whose the public key is. The private key "
        "never leaves its owner. On these connections the TTP is what TLS calls the server, and each applicant what it "
        "calls the client.",
    ),
    4: (
        "The handshake",
        "With certificates under one root, the two can find out who is at the other end, and agree on keys that nobody "
        "on the wire can know. This is TLS 1.2, with both sides authenticated.",
    ),
    5: (
        "The OTP, delivered",
        "The text of step 1 again, now in records that are encrypted and authenticated.",
    ),
    6: ("The eavesdropper again", "The same tap, at the same place on the wire as in step 1."),
}

ENROLMENT = ("key", "certificate not usable", "request", "root trusted", "channel")
CRL_EVENTS = ("CRL fetched", "CRL kept", "CRL ended", "CRL missing")
HANDSHAKE = (
    "certificate verified",
    "premaster secret sent",
    "premaster secret received",
    "premaster secret agreed",
    "master secret agreed",
    "signature verified",
    "finished verified",
    "handshake completed",
)


class Story:
    """One run of the story.

    tell: is given the events, in the order of the story.
    processes: starts the parties' processes.
    words: what to add to each party's command line.
    text: the OTP message that the server is going to send.
    choosing: whether somebody at the terminal chooses what the server agrees on.
    captures: what passed through the taps: `trivial`, `enrolment` and `exchange`.
    """

    def __init__(
        self,
        tell: Callable[[Event], None],
        processes: Processes,
        words: Mapping[str, Sequence[str]],
        *,
        text: str,
        choosing: bool = False,
    ) -> None:
        self._tell, self._processes, self._words, self._text = tell, processes, words, text
        self._choosing = choosing
        self.captures: dict[str, list[Capture]] = {}

    def run(self) -> None:
        """Tell the whole story; raise `PartyError` if a party fails or the story does not come out."""
        ttp = self._start("ttp", "--listen", ANY_PORT)  # it makes its keys while step 1 is told
        self._trivial_approach()
        address = self._third_party(ttp)
        with nullcontext() if address is None else Tap(address) as enrolment_tap:
            to_ttp = [] if enrolment_tap is None else ["--ttp", str(enrolment_tap.address)]
            server = self._start("server", "--listen", ANY_PORT, *to_ttp)
            self._step(3)
            server_address = listening(server)
            self._enrolment(ttp, server)
            with Tap(server_address) as tap:
                client = self._start("client", "--connect", str(tap.address), *to_ttp)
                client.wait_for("certificate", timeout=PATIENCE)
                if self._choosing:
                    self._choose(server)
                ttp.wait(timeout=PATIENCE)
                self._enrolment(ttp, client)
                _wait_for_both(server, client)
        self.captures["enrolment"] = [] if enrolment_tap is None else enrolment_tap.captures
        self.captures["exchange"] = tap.captures
        self._handshake(server, client)
        self._delivery(server, client)
        self._eavesdropper_again(tap.captures[0])

    def _choose(self, server: PartyProcess) -> None:
        """Pass the server's question on to the person at the terminal."""
        question = server.wait_for("question", timeout=PATIENCE)
        self._tell(question)
        server.answer(str(choose_on_terminal(question["title"], question["choices"])))

    def _start(self, party: str, *words: str) -> PartyProcess:
        patience = LONG_PATIENCE if self._choosing else PATIENCE
        return self._processes.start(party, *self._words[party], "--timeout", f"{patience:g}", *words)

    def _step(self, number: int) -> None:
        title, why = STEPS[number]
        self._tell({"party": "story", "event": "step", "number": number, "title": title, "why": why})

    def _tell_of(self, process: PartyProcess, *names: str) -> None:
        for event in process.events:
            if event["event"] in names:
                self._tell(event)

    def _tell_overheard(self, title: str, lines: Sequence[str]) -> None:
        self._tell({"party": "eavesdropper", "event": "overheard", "title": title, "lines": list(lines)})

    def _trivial_approach(self) -> None:
        """Step 1."""
        self._step(1)
        server = self._start("server", "--trivial", "--listen", ANY_PORT)
        with Tap(listening(server)) as tap:
            client = self._start("client", "--trivial", "--connect", str(tap.address))
            _wait_for_both(server, client)
        self.captures["trivial"] = tap.captures
        self._tell_of(server, "sent in the clear")
        self._tell_of(client, "received in the clear")
        wire = tap.captures[0].stream(Flow.TO_CALLER)
        if self._text.encode() not in wire:
            raise PartyError("what went over the wire in step 1 is not the text of the OTP")
        self._tell_overheard(
            f"EAVESDROPPER, on the wire: {len(wire)} bytes, and all of them can be read.",
            [*dump(wire, EXCERPT), "Anyone carrying these bytes has the OTP, and could have changed it as well."],
        )

    def _third_party(self, ttp: PartyProcess) -> Address | None:
        """Step 2. Return where the TTP is, or None if everybody is enrolled."""
        ready = ttp.wait_for("listening", "nothing to do", timeout=PATIENCE)
        self._step(2)
        self._tell_of(ttp, "key", "root", "service", "CRL", "introduction letter", "nothing to do")
        return Address.parse(ready["address"]) if "address" in ready else None

    def _enrolment(self, ttp: PartyProcess, applicant: PartyProcess) -> None:
        """Step 3, for one applicant."""
        self._tell_of(applicant, *ENROLMENT)
        for event in ttp.events:
            if event["event"] == "issued" and event["applicant"] in (applicant.party, f"{applicant.party}-ec"):
                self._tell(event)
        self._tell_of(applicant, "certificate", *CRL_EVENTS)

    def _handshake(self, server: PartyProcess, client: PartyProcess) -> None:
        """Step 4: each message once, and after it what both sides made of it."""
        self._step(4)
        self._tell_of(server, "combination")
        for ours, theirs in zip(_by_message(server.events), _by_message(client.events), strict=True):
            sender, receiver = (ours, theirs) if ours[0]["direction"] == "sent" else (theirs, ours)
            self._tell(sender[0])
            self._tell_of_private_suite(sender[0])
            after = [event for event in (*sender[1:], *receiver[1:]) if event["event"] in HANDSHAKE]
            for event in sorted(after, key=lambda event: event["event"] == "handshake completed"):
                self._tell(event)
            self._compare([event["fingerprint"] for event in after if event["event"] == "master secret agreed"])

    def _tell_of_private_suite(self, event: Event) -> None:
        """Say of a suite that IANA never assigned that nobody else speaks it."""
        suite = dict(event["facts"]).get("suite chosen") if event["name"] == "ServerHello" else None
        if suite in PRIVATE_SUITE_NAMES.values():
            text = f"{suite} has a number of IANA's private-use range: no one but this project speaks it."
            self._tell({"party": "story", "event": "note", "text": text})

    def _compare(self, fingerprints: Sequence[str]) -> None:
        """Say that both sides have the same master secret; raise `PartyError` if they do not."""
        if len(set(fingerprints)) > 1:
            raise PartyError("server and client have derived different master secrets")
        if fingerprints:
            text = "The same fingerprint: both have computed the same master secret, which itself was not sent."
            self._tell({"party": "story", "event": "note", "text": text})

    def _delivery(self, server: PartyProcess, client: PartyProcess) -> None:
        """Step 5."""
        self._step(5)
        self._tell_of(server, "otp sent")
        self._tell_of(client, "otp received", "acknowledgement sent")
        self._tell_of(server, "otp acknowledged", "closed")
        self._tell_of(client, "closed")

    def _eavesdropper_again(self, capture: Capture) -> None:
        """Step 6."""
        self._step(6)
        streams = [capture.stream(flow) for flow in Flow]
        if any(self._text.encode() in stream for stream in streams):
            raise PartyError("the text of the OTP went over the wire in the clear")
        overheard = overhear(capture)
        [otp, *_] = [
            record for flow, kind, record in overheard.sealed if (flow, kind) == (Flow.TO_CALLER, "application data")
        ]
        self._tell_overheard(
            f"EAVESDROPPER, on the wire: {sum(map(len, streams))} bytes. The text of the OTP is not in them.",
            [
                f"Still in the clear, {overheard.readable_bytes} bytes: the handshake, until the keys change.",
                *(f"  {name + ':':<12} {value}" for name, value in overheard.readable),
                "Sealed, and known by nothing but their lengths:",
                *(f"  {_way(flow)}  {kind}, {len(record)} bytes" for flow, kind, record in overheard.sealed),
                "The record with the OTP begins:",
                *(f"  {line}" for line in dump(otp, EXCERPT)),
                _later(dict(overheard.readable)["suite"]),
            ],
        )


def _later(suite: str) -> str:
    """Say what the recording is good for, one day: whether there is forward secrecy."""
    if "_DHE_" in suite or "_ECDHE_" in suite:
        return (
            "Kept for years, it stays sealed: the server's private key only signed, and the keys that agreed on the "
            "secret are forgotten. That is forward secrecy."
        )
    return (
        "But the secret of this connection is in the recording, encrypted with the server's RSA key. Anyone who gets "
        "that key one day, and has kept the recording, reads all of it: there is no forward secrecy. With --kex ecdsa "
        "there is."
    )


def _wait_for_both(*processes: PartyProcess) -> None:
    """Wait until these parties have ended. If one of them fails the other does too: say of both why."""
    complaints = [process.last_words() for process in processes if process.exit_status(timeout=PATIENCE) != 0]
    if complaints:
        raise PartyError("; ".join(complaints))


def _way(flow: Flow) -> str:
    return "server → client" if flow is Flow.TO_CALLER else "client → server"


def _by_message(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Divide a party's events: each message, with what comes after it and before the next one."""
    group: list[Event] = []
    for event in events:
        if event["event"] == "message":
            if group:
                yield group
            group = [event]
        elif group:
            group.append(event)
    if group:
        yield group
