"""The programs of others over sockets: the servers and clients of OpenSSL and GnuTLS."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from handshake.commands.options import read_certificates
from handshake.configuration import ClientConfiguration, ServerConfiguration, system_time
from handshake.events import Event, PeerSignatureVerified
from handshake.parameters import Resumption
from handshake.registries.codes import Role
from handshake.registries.groups import GROUPS
from handshake.registries.signature_schemes import SCHEMES, Authentication
from handshake.stream import Stream, connect, serve
from handshake.suites.table import DEFAULT_SUITES, CipherSuite
from pki.asn1.der_writer import integer, sequence
from pki.asn1.pem import pem_encode
from pki.keys import load_private_key
from tests.conftest import PeerTool
from tests.handshake.commands.test_command import authority_now, write_identity
from tests.handshake.peers.test_interoperation import (
    BATCHES,
    KINDS,
    check,
    configuration,
    each_value,
    long_run_of,
    priority,
    run_all,
)
from tests.handshake.support.matrix import Cell, cells_of

CHAIN = SCHEMES[0x0401]  # rsa_pkcs1_sha256, with which the authority of now signs
EVERYTHING = (
    "NONE:+VERS-TLS1.2:+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA:+RSA:+CIPHER-ALL:+SHA384:+SHA256:+SHA1:+AEAD"
    ":+SIGN-ALL:+COMP-NULL:+GROUP-ALL:+CTYPE-X509:%PROFILE_LOW"
)
LINE = b"a line of text\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates and keys that are valid now."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "ca.pem").write_bytes(authority_now().certificate.to_pem())
    for kind in KINDS:
        write_identity(folder, kind, kind)
        write_identity(folder, f"client-{kind}", kind)
    return folder


class Servers:
    """The servers of a program; each is started when it is needed, and stays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[tuple[str, ...], tuple[int, subprocess.Popen[bytes]]] = {}

    def address(self, *command: str) -> tuple[str, int]:
        """Where it listens. command: in which PORT stands for the port."""
        if command not in self._running:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            words = [word.replace("PORT", str(port)) for word in command]
            log = subprocess.DEVNULL
            process = subprocess.Popen(words, cwd=self._folder, stdin=subprocess.PIPE, stdout=log, stderr=log)
            self._running[command] = port, process
            for _ in range(500):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
        return "127.0.0.1", self._running[command][0]

    def stop(self) -> None:
        for _, process in self._running.values():
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def servers(folder: Path) -> Iterator[Servers]:
    running = Servers(folder)
    yield running
    running.stop()


def ours(cell: Cell, folder: Path) -> ClientConfiguration:
    """Our client, which leaves the server no choice but the cell."""
    made = configuration(cell, Role.CLIENT)
    assert isinstance(made, ClientConfiguration)
    client = f"{folder}/client-{cell.client_kind}"
    return replace(
        made,
        roots=read_certificates(f"{folder}/ca.pem"),
        server_name="localhost",
        signature_schemes=tuple(dict.fromkeys([*([cell.scheme] if cell.scheme else []), CHAIN])),
        certificate_chain=read_certificates(f"{client}.pem") if cell.client else (),
        private_key=load_private_key(Path(f"{client}.key").read_bytes()) if cell.client else None,
        clock=system_time,
    )


def send_a_line(cell: Cell, folder: Path, address: tuple[str, int], answer: bytes) -> None:
    """Make a session and resume it, and send a line each time."""
    configuration = ours(cell, folder)
    for resumption in (None, cell.resumption if cell.extended else None):
        events: list[Event] = []
        with connect(address, configuration, on_event=events.append) as stream:
            stream.sendall(LINE)
            assert stream.makefile("rb").readline() == answer
            assert stream.parameters is not None
            if resumption is None:
                [*signed] = (event.scheme for event in events if isinstance(event, PeerSignatureVerified))
                check(cell, Role.CLIENT, stream.parameters, signed[0] if signed else None)
            assert stream.parameters.resumption is resumption


def with_gnutls_serv(program: str, cell: Cell, folder: Path, servers: Servers) -> None:
    command = [program, "--port", "PORT", "--echo", "--quiet", "--priority", EVERYTHING, "--x509cafile", "ca.pem"]
    command += ["--x509certfile", f"{cell.kind}.pem", "--x509keyfile", f"{cell.kind}.key", "--verify-client-cert"]
    if cell.resumption is Resumption.SESSION_ID:
        command.append("--noticket")
    send_a_line(cell, folder, servers.address(*command), LINE)


@pytest.mark.parametrize("batch", BATCHES)
def test_some_with_gnutls_serv(peer_tool: PeerTool, folder: Path, servers: Servers, batch: int) -> None:
    program = peer_tool("gnutls-serv")
    cells = each_value()[batch :: len(BATCHES)]
    run_all(cells, lambda cell: with_gnutls_serv(program, cell, folder, servers))


@pytest.mark.slow
@pytest.mark.parametrize("suite", DEFAULT_SUITES, ids=str)
def test_many_with_gnutls_serv(peer_tool: PeerTool, folder: Path, servers: Servers, suite: CipherSuite) -> None:
    program = peer_tool("gnutls-serv")
    run_all(long_run_of(suite), lambda cell: with_gnutls_serv(program, cell, folder, servers))


FIRST = [next(cells_of(suite)) for suite in DEFAULT_SUITES]
"""One cell of each suite, with clients' certificates."""


def test_every_suite_with_s_server(peer_tool: PeerTool, folder: Path, servers: Servers) -> None:
    program = peer_tool("openssl")
    prime = GROUPS[256].dh
    assert prime is not None
    params = sequence("DHParameter", integer("prime", prime.p), integer("base", prime.g)).encoding
    (folder / "dh.pem").write_bytes(pem_encode("DH PARAMETERS", params))

    def run(cell: Cell) -> None:
        command = [program, "s_server", "-accept", "127.0.0.1:PORT", "-cert", f"{cell.kind}.pem"]
        command += ["-key", f"{cell.kind}.key", "-dhparam", "dh.pem", "-CAfile", "ca.pem", "-Verify", "2", "-tls1_2"]
        command += ["-verify_return_error", "-cipher", "ALL:@SECLEVEL=0", "-rev", "-quiet"]
        send_a_line(cell, folder, servers.address(*command), LINE[-2::-1] + b"\n")

    run_all([replace(cell, resumption=Resumption.TICKET) for cell in FIRST], run)


def say_who(stream: Stream) -> None:
    """Answer one line with itself and with what was agreed upon, and end."""
    line = stream.makefile("rb").readline()
    parameters, chain = stream.parameters, stream.peer_chain
    assert parameters is not None
    assert chain is not None
    stream.sendall(f"{chain[0].subject} by {parameters.suite}: ".encode() + line)


@pytest.fixture(scope="module")
def ports(folder: Path) -> Iterator[dict[str, int]]:
    """The ports of our servers, by the kind of their keys."""
    with ExitStack() as stack:
        ports = {}
        for kind in ("RSA", "P-256"):
            configuration = ServerConfiguration(
                certificate_chain=read_certificates(f"{folder}/{kind}.pem"),
                private_key=load_private_key((folder / f"{kind}.key").read_bytes()),
                client_roots=read_certificates(f"{folder}/ca.pem"),
            )
            ports[kind] = stack.enter_context(serve(("127.0.0.1", 0), configuration, say_who)).address[1]
        yield ports


CLIENTS = {
    "openssl": (
        "s_client -connect 127.0.0.1:PORT -servername localhost -verify_hostname localhost -CAfile ca.pem"
        " -cert client-RSA.pem -key client-RSA.key -verify_return_error -tls1_2 -quiet -cipher"
    ),
    "gnutls-cli": "--port PORT --x509cafile ca.pem --x509certfile client-RSA.pem --x509keyfile client-RSA.key localhost"
    " --logfile /dev/null --priority",
}


@pytest.mark.parametrize("program", CLIENTS)
def test_every_suite_with_the_program(peer_tool: PeerTool, folder: Path, ports: dict[str, int], program: str) -> None:
    for suite in DEFAULT_SUITES:
        kind = "P-256" if suite.authentication is Authentication.ECDSA else "RSA"
        words = [word.replace("PORT", str(ports[kind])) for word in CLIENTS[program].split()]
        speaking = f"{suite.openssl_name}:@SECLEVEL=0" if program == "openssl" else priority(suite)
        command = [peer_tool(program), *words, speaking]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdin.write(LINE)
            process.stdin.flush()  # and not closed: some clients leave at its end, and do not wait for the answer
            told = process.stdout.read()
            assert told.endswith(f"CN=client-RSA by {suite}: ".encode() + LINE), (suite, process.stderr.read())
