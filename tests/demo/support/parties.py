"""The real parties as processes, for the tests: enrolled once, then set to exchange the OTP through a tap."""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from demo.party.address import Address
from demo.stage.processes import Event, PartyProcess, Processes
from demo.wire.flows import Capture, Flow, Tamper
from demo.wire.tap import Tap
from pki.x509 import Certificate

PATIENCE = 60.0
ANY_PORT = "127.0.0.1:0"
NOBODY = "127.0.0.1:1"  # tcpmux: nothing answers there
OTP = "The OTP for transferring Rs 1,00,000 to your friend's account is 256345."


class Parties:
    """Starts parties that share a state directory, and ends them all with the test."""

    def __init__(self, directory: Path, *, timeout: float = PATIENCE) -> None:
        self.directory, self._timeout = directory, timeout
        self._processes = Processes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._processes.__exit__(None, None, None)

    def start(self, party: str, *words: str) -> PartyProcess:
        general = ("--directory", str(self.directory), "--timeout", f"{self._timeout:g}")
        return self._processes.start(party, *general, *words)

    def ttp(self, *words: str) -> tuple[PartyProcess, Address]:
        process = self.start("ttp", "--listen", ANY_PORT, *words)
        return process, listening(process)

    def enrol(self, *parties: str, ttp_words: Sequence[str] = ()) -> None:
        """Let these parties enrol, one after the other; the server then waits for a client, and is ended."""
        words = [word for party in parties for word in ("--enrol", party)]
        ttp, address = self.ttp(*words, *ttp_words)
        for party in parties:
            where = ("--listen", ANY_PORT) if party == "server" else ("--connect", NOBODY)
            self.start(party, "--ttp", str(address), *where).wait_for("certificate", timeout=PATIENCE)
        ttp.wait(timeout=PATIENCE)


@dataclass
class Ending:
    """How a party ended."""

    status: int
    line: str
    events: list[Event]

    @classmethod
    def of(cls, process: PartyProcess) -> Self:
        status = process.exit_status(timeout=PATIENCE)
        complaints = process.complaints()
        assert len(complaints) == int(status != 0), complaints  # one line to the person if it failed, and none if not
        return cls(status, complaints[0] if complaints else "", process.events)

    def all(self, name: str) -> list[Event]:
        return [event for event in self.events if event["event"] == name]

    @property
    def alerts(self) -> list[tuple[str, str]]:
        """The alerts that it sent and received, in order."""
        return [(event["direction"], event["description"]) for event in self.all("alert")]


@dataclass
class Exchange:
    """How an exchange ended, and what passed the tap."""

    server: Ending
    client: Ending
    captures: list[Capture] = field(default_factory=list)

    @property
    def wire(self) -> bytes:
        return b"".join(capture.stream(flow) for capture in self.captures for flow in Flow)


def listening(process: PartyProcess) -> Address:
    return Address.parse(process.wait_for("listening", timeout=PATIENCE)["address"])


def exchange(
    directory: Path,
    *,
    tamper: Tamper | None = None,
    server: Sequence[str] = (),
    client: Sequence[str] = (),
    client_directory: Path | None = None,
    timeout: float = PATIENCE,
) -> Exchange:
    """Let server and client, who are enrolled, talk through a tap, to whatever end."""
    with ExitStack() as stack:
        servers = stack.enter_context(Parties(directory, timeout=timeout))
        clients = stack.enter_context(Parties(client_directory or directory, timeout=timeout))
        server_process = servers.start("server", "--listen", ANY_PORT, *server)
        tap = stack.enter_context(Tap(listening(server_process), tamper=tamper))
        client_process = clients.start("client", "--connect", str(tap.address), *client)
        return Exchange(Ending.of(server_process), Ending.of(client_process), tap.captures)


def copy(directory: Path, target: Path) -> Path:
    """Return a copy of a state directory, for a test to damage."""
    return Path(shutil.copytree(directory, target))


def certificate(directory: Path, party: str) -> Certificate:
    return Certificate.from_pem((directory / party / "certificate.pem").read_bytes())
