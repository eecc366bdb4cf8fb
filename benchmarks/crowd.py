"""A crowd at the bank or at the OTP's server: many clients at once, and among them some who do not behave.

`python -m benchmarks.crowd` prints how long it takes to serve all who behave, and that nobody else kept them from it.
The figures are in docs/load.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from console.command_line import Parser
from demo.bank.customer import Customer
from demo.otp.delivery import collect
from demo.party.address import Address
from demo.party.connections import dial
from demo.party.subject import SERVER_NAME
from demo.stage.processes import Processes
from handshake.configuration import ClientConfiguration
from handshake.connection import Connection
from handshake.stream import Stream
from handshake.suites.table import DEFAULT_SUITES, suite_by_name
from pki.keys import load_private_key
from pki.x509 import Certificate
from record.codes import TLS_1_2

PATIENCE = 600.0  # seconds; the machine may be busy
OTP_SUITE = "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256"
HELLO = bytes.fromhex("16030100050100000100")  # the beginning of a ClientHello, and no more


@dataclass
class Outcome:
    """How it went.

    served: those who got all that they came for. failed: why the others did not. seconds: from the first to the last.
    latencies: seconds in which each was served. at_once: how many were connected at one moment.
    """

    served: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    at_once: int = 0


def enrolled(directory: Path, processes: Processes) -> None:
    """Let the server and the client enrol in the directory."""
    general = ("--directory", str(directory), "--timeout", f"{PATIENCE:g}")
    ttp = processes.start("ttp", *general, "--listen", "127.0.0.1:0")
    address = ttp.wait_for("listening", timeout=PATIENCE)["address"]
    for party, where in (("server", ("--listen", "127.0.0.1:0")), ("client", ("--connect", "127.0.0.1:1"))):
        process = processes.start(party, *general, "--ttp", address, *where)
        process.wait_for("certificate", timeout=PATIENCE)
        process.close_parent_pipe()
    ttp.wait(timeout=PATIENCE)


def client_configuration(directory: Path, *suites: str) -> ClientConfiguration:
    """Return how the enrolled client connects."""
    folder = directory / "client"
    return ClientConfiguration(
        roots=(Certificate.from_pem((folder / "root.pem").read_bytes()),),
        server_name=SERVER_NAME,
        certificate_chain=(Certificate.from_pem((folder / "certificate.pem").read_bytes()),),
        private_key=load_private_key((folder / "key.pem").read_bytes()),
        versions=(TLS_1_2,),
        suites=tuple(map(suite_by_name, suites)) or DEFAULT_SUITES,
    )


def misbehave(address: Address, number: int, over: threading.Event) -> None:
    """Stall, stall in the middle of a hello, cut, or send junk: one after the other, by number."""
    with suppress(OSError), socket.create_connection(address, timeout=PATIENCE) as connection:
        match number % 4:
            case 0:
                over.wait(PATIENCE)
            case 1:
                connection.sendall(HELLO)
                over.wait(PATIENCE)
            case 2:
                connection.sendall(HELLO)
            case _:
                connection.sendall(os.urandom(2000))
                connection.recv(100)


def visit_the_bank(
    address: Address, configuration: ClientConfiguration, number: int, together: threading.Barrier
) -> None:
    """Put a rupee into the account, wait until all others are here, and look at the balance."""
    with Customer(address, configuration, PATIENCE, PATIENCE) as customer:
        customer.deposit(100, f"crowd-{os.getpid()}-{number}")
        together.wait(PATIENCE)
        customer.balance()


def collect_an_otp(
    address: Address, configuration: ClientConfiguration, number: int, together: threading.Barrier
) -> None:
    """Get an OTP, once all others are connected as well."""
    with dial(address, whom="the server") as transport:
        stream = Stream(transport, Connection(configuration), idle_timeout=PATIENCE)
        stream.handshake(PATIENCE)
        together.wait(PATIENCE)
        collect(stream, report=lambda event, /, **facts: None)
        stream.close()


VISITS: dict[str, tuple[str, tuple[str, ...], Callable[..., None], tuple[str, ...]]] = {
    "bank": ("bank server", (), visit_the_bank, ()),
    "otp": ("server", ("--stay", "--otp", "random"), collect_an_otp, (OTP_SUITE,)),
}


def crowd(directory: Path, processes: Processes, which: str, *, clients: int, others: int) -> Outcome:
    """Let so many clients come at once, and so many others who stall, cut and send junk."""
    command, words, visit, suites = VISITS[which]
    general = ("--directory", str(directory), "--listen", "127.0.0.1:0", "--timeout", f"{PATIENCE:g}")
    server = processes.start(command, *general, *words)
    address = Address.parse(server.wait_for("listening", timeout=PATIENCE)["address"])
    configuration = client_configuration(directory, *suites)
    outcome, over, lock = Outcome(), threading.Event(), threading.Lock()

    def here() -> None:
        outcome.at_once = clients

    together = threading.Barrier(clients, action=here)

    def come(number: int) -> None:
        begun = time.monotonic()
        try:
            visit(address, configuration, number, together)
        except Exception as error:
            together.abort()
            with lock:
                outcome.failed.append(f"{type(error).__name__}: {error}")
            return
        with lock:
            outcome.served += 1
            outcome.latencies.append(time.monotonic() - begun)

    strangers = [threading.Thread(target=misbehave, args=(address, number, over)) for number in range(others)]
    visitors = [threading.Thread(target=come, args=(number,)) for number in range(clients)]
    begun = time.monotonic()
    for thread in (*strangers, *visitors):
        thread.start()
    for thread in visitors:
        thread.join()
    outcome.seconds = time.monotonic() - begun
    over.set()
    for thread in strangers:
        thread.join()
    server.end()
    return outcome


def main() -> int:
    parser = Parser(prog="python -m benchmarks.crowd", description="Serves a crowd, and says how long that takes.")
    parser.add_argument("--clients", type=int, default=500, metavar="N", help="how many come at once (default: 500)")
    parser.add_argument("--others", type=int, default=60, metavar="N", help="how many do not behave (default: 60)")
    arguments: argparse.Namespace = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cutaway-")))
        processes = stack.enter_context(Processes())
        enrolled(directory, processes)
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
        for which in VISITS:
            found = crowd(directory, processes, which, clients=arguments.clients, others=arguments.others)
            print(json.dumps({
                "server": which, "clients": arguments.clients, "others": arguments.others, "served": found.served,
                "at once": found.at_once, "seconds": round(found.seconds, 1),
                "a second": round(found.served / found.seconds, 1), "failed": found.failed[:3],
            }), flush=True)  # fmt: skip
            if found.served != arguments.clients:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
