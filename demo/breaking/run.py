"""A broken exchange: the real parties, one thing wrong, and what each of them, and the wire, made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.files import write_new
from demo.breaking.catalogue import OTHER_NAME, Break
from demo.commands.scene import ANY_PORT, PATIENCE, listening
from demo.failure import PartyError
from demo.party.subject import DEFAULTS
from demo.stage.processes import Event, PartyProcess, Processes
from demo.ttp.ttp import REGISTRY_FILE
from demo.wire.flows import Capture, Flow
from demo.wire.tap import Tap
from pki.ca.authority import Authority
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.fields.distribution_points import RevocationReason
from pki.keys import load_private_key
from pki.signatures import RSA_PKCS1_SHA384
from pki.x509 import Certificate
from record.alerts import AlertDescription
from record.codes import CONTENT_TYPE_NAMES, ContentType
from record.layer import RecordLayer

LONG_AGO, LIST_VALIDITY = timedelta(days=730), timedelta(days=7)
KNOWN = {
    "certificate verified": "has verified the certificate of the {whose}",
    "signature verified": "has verified the signature of the {whose}",
    "master secret agreed": "has the master secret {fingerprint}",
    "finished verified": "has verified the Finished of the {whose}",
    "otp sent": "has sent the OTP",
    "otp received": "has received the OTP: {text}",
    "otp acknowledged": "knows that the OTP has arrived",
}


class BrokenExchange:
    """One exchange in which something is wrong.

    tell: is given the events, in order. processes: starts the parties' processes.
    directory: where the parties keep what they have; it holds nothing yet.
    """

    def __init__(self, tell: Callable[[Event], None], processes: Processes, directory: Path, broken: Break) -> None:
        self._tell, self._processes, self._directory, self._broken = tell, processes, directory, broken

    def run(self) -> None:
        """Run it, and tell; raise `PartyError` if it does not come out as the break says."""
        broken = self._broken
        self._part("What is wrong", broken.deed)
        at = ["--at", f"{datetime.now(UTC) - LONG_AGO:%Y-%m-%dT%H:%M:%SZ}"] if broken.setting == "expired" else []
        client_place, server_place = self._directory / "here", self._directory / "here"
        if broken.setting == "untrusted":
            server_place = self._directory / "elsewhere"
        separately = broken.setting in ("expired", "untrusted")  # each with a TTP of another name or time
        ttp = self._ttp(server_place, ["server"] if separately else ["server", "client"], at)
        server = self._start("server", server_place, *broken.server, *at, "--ttp", ttp, "--listen", ANY_PORT)
        address = listening(server)
        if separately:
            ttp = self._ttp(client_place, ["client"], [])
        told = ["--crl", str(self._revoke(server_place))] if broken.setting == "revoked" else []
        with Tap(address, tamper=broken.tamper() if broken.tamper is not None else None) as tap:
            words = (*broken.client, *told, "--ttp", ttp, "--connect", str(tap.address))
            parties = {"server": server, "client": self._start("client", client_place, *words)}
            statuses = {name: process.exit_status(timeout=PATIENCE) for name, process in parties.items()}
        self._wire(tap.captures[0])
        self._knowledge(parties)
        self._check(parties, statuses)

    def _start(self, party: str, place: Path, *words: str) -> PartyProcess:
        return self._processes.start(party, "--timeout", f"{PATIENCE:g}", "--directory", str(place), *words)

    def _ttp(self, place: Path, applicants: list[str], words: list[str]) -> str:
        """Start a TTP, which ends when these have enrolled; return where it is."""
        names = {"server": DEFAULTS["server"].dns_names[0], "client": DEFAULTS["client"].common_name}
        if OTHER_NAME in self._broken.server:
            names["server"] = OTHER_NAME
        for applicant in applicants:
            words = [*words, "--enrol", f"{applicant}={names[applicant]}"]
        if place.name == "elsewhere":
            words = [*words, "--common-name", "Another TTP"]
        ttp = self._start("ttp", place, "--listen", ANY_PORT, *words)
        return str(listening(ttp))

    def _revoke(self, place: Path) -> Path:
        """Revoke the server's certificate, as the operator of the TTP does; return where the list is."""
        now = datetime.now(UTC)
        root, stolen = (
            Certificate.from_pem((place / party / "certificate.pem").read_bytes()) for party in ("ttp", "server")
        )
        key = load_private_key((place / "ttp" / "key.pem").read_bytes())
        registry = Registry.create(place / "ttp" / REGISTRY_FILE, root)
        registrar = Registrar(registry, Authority(root, key), signature_algorithm=RSA_PKCS1_SHA384)
        registrar.revoke(stolen.serial_number, at=now, reason=RevocationReason.KEY_COMPROMISE)
        path = self._directory / "revoked.pem"
        write_new(path, registrar.issue_crl(at=now, next_update=now + LIST_VALIDITY).to_pem())
        return path

    def _part(self, title: str, text: str) -> None:
        self._tell({"party": "story", "event": "part", "title": title, "why": text})

    def _wire(self, capture: Capture) -> None:
        """Tell which records passed, and which of them were alerts, as the eavesdropper sees it."""
        self._part("What the wire saw", "Each side's records, by what can be seen of them without a key.")
        for flow, who in ((Flow.TO_TARGET, "client → server"), (Flow.TO_CALLER, "server → client")):
            lines = []
            layer = RecordLayer()
            layer.receive_data(capture.stream(flow))
            sealed = False
            while record := layer.next_record():
                kind = CONTENT_TYPE_NAMES[record.content_type].replace("_", " ")
                if record.content_type is ContentType.ALERT and not sealed:
                    kind += f": {AlertDescription(record.content[1]).name.lower()}"
                lines.append(f"{kind}, {len(record.wire)} bytes{', sealed' if sealed else ''}")
                sealed = sealed or record.content_type is ContentType.CHANGE_CIPHER_SPEC
            self._tell({"party": "eavesdropper", "event": "overheard", "title": who, "lines": lines})

    def _knowledge(self, parties: dict[str, PartyProcess]) -> None:
        """Tell what each party had found out when it ended."""
        self._part("What each party knew", "As far as it came.")
        for name, process in parties.items():
            for event in process.events:
                if event["event"] in KNOWN:
                    text = KNOWN[event["event"]].format_map(event)
                    self._tell({"party": name, "event": "knew", "text": text})
            for complaint in process.complaints():
                self._tell({"party": name, "event": "knew", "text": f"gave up: {complaint.removeprefix(f'{name}: ')}"})

    def _check(self, parties: dict[str, PartyProcess], statuses: dict[str, int]) -> None:
        """Tell which check it was; raise `PartyError` if it was not the one that should have caught it."""
        broken = self._broken
        sent = [
            event["description"]
            for event in parties[broken.caught_by].events
            if event["event"] == "alert" and event["direction"] == "sent" and event["description"] != "close_notify"
        ]
        if statuses[broken.caught_by] == 0 or sent != [broken.alert]:
            found = ", ".join(sent) or "no alert"
            raise PartyError(f"the {broken.caught_by} did not refuse with {broken.alert}: it sent {found}")
        self._part("The check", f"The {broken.caught_by} noticed, and sent one alert: {broken.alert}.")
        self._tell(
            {
                "party": broken.caught_by,
                "event": "check",
                "facts": [["the check", broken.check], ["in the code", broken.where], ["standard", broken.section]],
            }
        )
        self._part("Without it", broken.without)
