"""The events of the parties, told to a person: what happens, and in a short sentence why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from console.command_line import program_name
from demo.facts.messages import Rows
from demo.stage.processes import Event

OTHERS = {"server": "client", "client": "server"}

# What a party does, by the event and, where there is one, by whether something was made now or found again.
NARRATION = {
    "key made": "makes {what}, and keeps it to itself{in_file}.",
    "key found": "uses the key that it has from before{in_file}: {what}.",
    "root made": "signs a certificate for itself, the root{in_file}. Anyone who trusts it can trust all that it signs.",
    "root found": "uses the root certificate that it has from before{in_file}.",
    "service made": "signs a certificate for its own service, {name}, so that nobody can pose as the TTP.",
    "introduction letter": "writes {the_applicant} an introduction letter{in_file}: the root's fingerprint, and "
    "a code that works once.",
    "listening": "listens at {address}.",
    "nothing to do": "has certified everybody already: there is nothing to do. (--enrol makes new codes.)",
    "issued": "finds the code right, and the request signed with its own key. It certifies {the_applicant}.",
    "renewed": "finds the certificate of {applicant} still good, and issues the next one.",
    "refused": "refuses {the_applicant}: {reason}.",
    "visit failed": "had a visit that failed: {reason}",
    "request": "writes a request (PKCS #10){in_file}, and signs it with its own key to prove that it has it.",
    "root trusted by introduction letter": "compares the TTP's root certificate with the fingerprint in its "
    "introduction letter. It is the one.",
    "root trusted by file": "trusts the TTP's root certificate in {file}, as it was told to.",
    "channel": "visits the TTP over TLS: {chain}. Now it is safe to show the code.",
    "certificate made": "has its certificate{in_file}, and checks it: signed with the root's key, and for its own.",
    "certificate found": "uses the certificate that it has from before.",
    "certificate not usable": "cannot use the certificate that it has from before: {reason}.",
    "CRL made": "signs its certificate revocation list (CRL), number {number}, with {revoked} revoked: good until "
    "{until}.",
    "CRL found": "has the CRL of before, number {number}, with {revoked} revoked: good until {until}.",
    "CRL fetched": "has the TTP's certificate revocation list (CRL), number {number}, with {revoked} revoked. It is "
    "good until {until}.",
    "CRL kept": "cannot fetch the TTP's CRL: {reason}. It goes by number {number}, which is good until {until}.",
    "CRL ended": "cannot fetch the TTP's CRL: {reason}. Number {number} was good until {until}, and so it refuses "
    "everybody.",
    "CRL missing": "cannot fetch the TTP's CRL: {reason}. Without one it refuses everybody.",
    "certificate verified": "verifies the {whose}'s certificate. Chain: {chain}.",
    "premaster secret sent": "has made up 48 bytes, the premaster secret, and sent them encrypted, by {by}.",
    "premaster secret agreed": "computes the premaster secret from its own ephemeral key and the other's public one.",
    "premaster secret received": "decrypts the premaster secret with its private key.",
    "master secret agreed": "derives the master secret, fingerprint {fingerprint}, and from it keys for {protection}.",
    "signature verified": "verifies the signature ({scheme}): it is the {whose} that shows the certificate.",
    "finished verified": "computes the same verify_data by itself: the {whose} has seen the same handshake.",
    "handshake completed": "knows now who is at the other end, and that nobody else can read along.",
    "otp received": "has decrypted the OTP, and found its authentication code right:",
    "otp acknowledged": "knows that this very text has arrived: its SHA-256 came back, {digest:.16}…",
    "combination": "accepts this and nothing else:",
    "question": "has its owner choose among what the client offers.",
    "delivered": "has delivered the OTP to {client}, and knows that it arrived.",
    "closed": "has said goodbye (close_notify) and heard it, so it knows that nothing was cut off.",
    "received in the clear": "takes what comes. It cannot know who has sent it, or whether it was changed.",
    "finished": "has done its part.",
}

NOTHING_MORE: Mapping[str, str] = {}

# Which rows of an event's facts are told.
ROWS = {
    "root": ("subject", "version", "serial number", "valid", "public key", "signed with", "authority", "key usage"),
    "certificate": ("subject", "DNS names", "issuer", "version", "serial number", "valid", "public key", "signed with",
                    "key usage", "purposes"),
    "request": ("subject", "DNS names", "signed with"),
    "Certificate": ("common name", "issuer", "version", "serial number", "valid", "signed with", "DNS names"),
}  # fmt: skip

PHASES = {
    ("client", "ClientHello"): "Phase 1: what is possible, and what is chosen",
    ("server", "Certificate"): "Phase 2: the server shows who it is",
    ("client", "Certificate"): "Phase 3: the client shows who it is, and sends a secret",
    ("client", "ChangeCipherSpec"): "Phase 4: both change to the new keys, and compare what they have seen",
}

WHY = {
    "ClientHello": "{Client} says what it can do. Its random number makes this handshake unlike every other: an old "
    "one, recorded, is of no use.",
    "ServerHello": "{Server} chooses from the offer, and adds a random number of its own.",
    "Certificate": "A certificate ties a name to a public key. The TTP has signed it, and nobody else can.",
    "Certificate, none": "{Client} shows no certificate, and {server} may go on without knowing who it is.",
    "CertificateRequest": "{Server} wants to know who {client} is, too, and says whose word it takes.",
    "ServerHelloDone": "It is the turn of {client}.",
    "ServerKeyExchange": "A public key for this handshake alone, signed with the key in the certificate.",
    "ClientKeyExchange": "A secret, encrypted with the public key in the certificate of {server}, which alone can "
    "decrypt it.",
    "ClientKeyExchange, public key": "A public key for this handshake alone. Anyone who has one private key and the "
    "other public one can compute the secret, and nobody else.",
    "CertificateVerify": "Anybody can show a certificate. Signing the handshake so far takes its private key.",
    "ChangeCipherSpec": "From here on, all that this side sends is encrypted and authenticated.",
    "Finished": "A code over the whole handshake, made with the master secret. Had a single byte been changed on the "
    "way, the two sides would not get the same.",
    "Finished, after a secret that was sent": "A code over the whole handshake, made with the master secret, which "
    "only {server} and {client} can have. For {server} this is the first proof that it has the private key of its "
    "certificate: it could decrypt the secret.",
}


def why_of(
    name: str, facts: Rows, *, server: str = "the server", client: str = "the client", proves: bool = False
) -> str:
    """Return why a message is sent; empty if there is nothing to say.

    name: the message's. facts: what it says. server, client: who plays these parts.
    proves: whether it is the Finished with which a server proves that it could decrypt the premaster secret.
    """
    variant = f"{name}, {facts[0][0]}" if facts else name
    if name == "Certificate" and facts == [["certificate", "none"]]:
        variant = "Certificate, none"
    if name == "Finished" and proves:
        variant = "Finished, after a secret that was sent"
    why = WHY.get(variant, WHY.get(name, ""))
    capitals = {"Server": server[:1].upper() + server[1:], "Client": client[:1].upper() + client[1:]}
    return why.format(server=server, client=client, **capitals)


class Display(Protocol):
    """What a narrator writes to: a terminal, or a page."""

    def title(self, text: str) -> None:
        """Begin."""

    def heading(self, text: str) -> None:
        """Begin a section."""

    def phase(self, text: str) -> None:
        """Begin a part of a section."""

    def prose(self, text: str) -> None:
        """Say why."""

    def says(self, sender: str, receiver: str, what: str, size: int | None = None) -> None:
        """Tell of a message that goes from one party to another, and how many bytes it has."""

    def does(self, who: str, what: str) -> None:
        """Tell what a party does by itself."""

    def facts(self, rows: Iterable[Sequence[str]]) -> None:
        """Tell names and values."""

    def checked(self, rows: Iterable[Sequence[str]]) -> None:
        """Tell what was checked and held."""

    def quotes(self, text: str) -> None:
        """Give a text as it was sent or received."""

    def verbatim(self, text: str) -> None:
        """Give lines exactly as they are."""

    def eavesdropper(self, title: str, lines: Iterable[str]) -> None:
        """Tell what somebody gets who sits on the wire."""

    def warning(self, text: str) -> None:
        """Say something that must not be overlooked."""

    def blank(self) -> None:
        """Leave some room."""


class Narrator:
    """Tells events as they come.

    display: where it is told. files: whether to tell where things are kept.
    narration: for more events than those of the OTP exchange.
    phases: whether to show requests and certificates as PEM, random values whole, and where each check is written.
    """

    def __init__(
        self, display: Display, *, files: bool, phases: bool = False, narration: Mapping[str, str] = NOTHING_MORE
    ) -> None:
        self._transported = False  # whether the client has sent the premaster secret, encrypted
        self._display, self._files, self._phases = display, files, phases
        self._narration = {**NARRATION, **narration}

    def tell(self, event: Event) -> None:
        """Tell one event."""
        name, party = event["event"], event["party"]
        self._before(name, event)
        sentence = self._narration.get(f"{name} {_variant(event)}", self._narration.get(name))
        if sentence is not None:
            self._display.does(party, sentence.format_map(self._words(event)))
        self._after(name, event)

    def _words(self, event: Event) -> Event:
        """Return the event's facts with those that a sentence words in its own way."""
        words = {**event, "in_file": f", in {event['file']}" if self._files and "file" in event else ""}
        if "applicant" in event:
            who = event["applicant"]
            words["the_applicant"] = f"the {who}" if who.partition("-")[0] in OTHERS else who
        if "chain" in event:
            words["chain"] = " ← ".join(event["chain"])  # from the leaf to the root
        return words

    def _before(self, name: str, event: Event) -> None:
        """Tell what comes instead of a sentence, or before it."""
        party, display = event["party"], self._display
        match name:
            case "insecure":
                display.blank()
                display.warning(
                    f"INSECURE: randomness and time are made up from the seed {event['seed']}. Anyone who knows it "
                    "knows every key of this run. For study only."
                )
            case "step":
                display.heading(f"{event['number']}  {event['title']}")
                display.prose(event["why"])
                display.blank()
            case "message":
                self._message(event)
            case "alert" if event["description"] != "close_notify":
                display.does(party, f"has {event['direction']} the alert {event['description']}.")
            case "sent in the clear":
                display.says(party, OTHERS[party], "the OTP, as it is", event["bytes"])
                display.quotes(event["text"])
            case "otp sent":
                display.says(party, OTHERS[party], "the OTP, encrypted and authenticated")
                display.quotes(event["text"])
            case "acknowledgement sent":
                display.says(party, OTHERS[party], "acknowledged")
            case "begin":
                display.title(event["title"])
                display.prose(event["why"])
            case "note":
                display.prose(event["text"])
            case "report":
                display.blank()
                display.prose(
                    f"Every byte of this run is in {event['file']}, and all of its secrets: keep it to yourself."
                )
            case "end":
                self._end(event)
            case "scene ended":
                display.heading("")
                kept = f" Keys and certificates are in {event['directory']}." if "directory" in event else ""
                display.prose(f"Each party was a process of its own, on this machine's loopback.{kept}")
            case "overheard":
                display.blank()
                display.eavesdropper(event["title"], event["lines"])

    def _after(self, name: str, event: Event) -> None:
        """Tell the facts that belong to a sentence."""
        display = self._display
        if event.get("objections"):
            display.facts(event["objections"])
        match name:
            case "root" | "certificate" | "request":
                display.facts(_chosen(event["facts"], ROWS[name]))
                if "fingerprint" in event:
                    half = len(event["fingerprint"]) // 2 + 1
                    display.facts([["SHA-256", f"{event['fingerprint'][:half]}\n{event['fingerprint'][half:]}"]])
                self._show_pem(event)
            case "combination":
                display.facts(event["facts"])
            case "certificate verified":
                display.checked(
                    [
                        [what, f"{outcome} ({section})" if self._phases else outcome]
                        for what, outcome, section in event["checks"]
                    ]
                )
            case "otp received" | "otp arrived":
                display.quotes(event["text"])

    def _show_pem(self, event: Event) -> None:
        if self._phases and "pem" in event:
            self._display.verbatim(event["pem"])

    def _message(self, event: Event) -> None:
        name, party = event["name"], event["party"]
        sender, receiver = (party, OTHERS[party]) if event["direction"] == "sent" else (OTHERS[party], party)
        phase = PHASES.get((sender, name))
        if phase is not None:
            self._display.phase(phase)
        self._display.blank()
        self._display.says(sender, receiver, name, event["bytes"])
        self._transported |= name == "ClientKeyExchange" and event["facts"][0][0] == "encrypted"
        if why := why_of(name, event["facts"], proves=self._transported and sender == "server"):
            self._display.prose(why)
        self._display.facts(_chosen(event["facts"], ROWS.get(name)))
        if self._phases:
            self._display.facts(event.get("whole", []))
        self._show_pem(event)

    def _end(self, event: Event) -> None:
        self._display.heading("")
        self._display.prose("All three parties have done their part, and have ended with exit status 0.")
        if "directory" in event:
            self._display.prose(f"Their keys, requests and certificates are in {event['directory']}.")
        program = program_name("demo")
        self._display.prose(f"By hand, in three terminals: {program} ttp, {program} server, {program} client.")


def _variant(event: Event) -> str:
    """Return what tells the kinds of one event apart."""
    if "made" in event:
        return "made" if event["made"] == "yes" else "found"
    return f"by {event['by']}" if "by" in event else ""


def _chosen(rows: list[list[str]], names: tuple[str, ...] | None) -> list[list[str]]:
    """Return the rows with these names, in the order of the names; all of them for None."""
    if names is None:
        return rows
    found = {row[0]: row for row in rows}
    return [found[name] for name in names if name in found]
