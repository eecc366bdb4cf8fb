"""The matrix: our client and our server with the TLS of others, for every suite, group and signature scheme they share.

OpenSSL speaks in memory, by way of Python's `ssl`; GnuTLS as the programs `gnutls-cli` and `gnutls-serv`.
"""

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handshake.codes import Role
from handshake.configuration import ClientConfiguration
from handshake.connection import Connection
from handshake.events import ApplicationData, PeerSignatureVerified
from handshake.groups import DEFAULT_GROUPS, GROUPS, Group
from handshake.signature_schemes import DEFAULT_SCHEMES, Authentication, SignatureScheme
from handshake.states import State
from handshake.stream import connect
from handshake.suites import DEFAULT_SUITES, CipherSuite, suite_by_name
from pki.der_writer import integer, sequence
from pki.keys import dump_private_key, load_private_key
from pki.pem import pem_encode
from pki.public_key_info import RSAPSSPublicKey
from pki.x509 import Certificate
from tests.conftest import PeerTool
from tests.handshake.parties import Side, authority, client_configuration, identity, server_configuration
from tests.handshake.test_command import ROOT, Start, folder, server  # noqa: F401 - fixtures
from tests.handshake.test_openssl import NO_ENCRYPT_THEN_MAC, NO_EXTENDED_MASTER_SECRET, OpenSSL, talk

KINDS = ("RSA", "P-256", "P-384", "Ed25519")
RSA_KINDS = ("RSA", "RSA-PSS")
CURVES = [group for group in DEFAULT_GROUPS if group.dh is None]
SECURITY_LEVEL_0 = ":@SECLEVEL=0"
CURVE_OF = {"P-256": "secp256r1", "P-384": "secp384r1"}
OPENSSL_GROUPS = {"x25519": "X25519", "secp256r1": "prime256v1", "secp384r1": "secp384r1"}


def kind_for(suite: CipherSuite) -> str:
    return "P-256" if suite.authentication is Authentication.ECDSA else "RSA"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates and keys as files, and a prime for OpenSSL's servers."""
    made = tmp_path_factory.mktemp("matrix")
    (made / "root.pem").write_bytes(authority().certificate.to_pem())
    for name in ("server", "client"):
        for kind in {*KINDS, *RSA_KINDS}:
            who = identity(f"{name}.example", kind=kind)
            (made / f"{name}-{kind}.pem").write_bytes(
                b"".join(certificate.to_pem() for certificate in who.chain) + dump_private_key(who.private_key)
            )
    prime = GROUPS[256].dh
    assert prime is not None
    params = sequence("DHParameter", integer("prime", prime.p), integer("base", prime.g)).encoding
    (made / "dh.pem").write_bytes(pem_encode("DH PARAMETERS", params))
    return made


def context(
    role: Role, files: Path, suite: CipherSuite, *, kind: str, client_kind: str | None = None, options: int = 0
) -> ssl.SSLContext:
    """OpenSSL in this role, speaking this suite. client_kind: the client's certificate, if there is one."""
    serving = role is Role.SERVER
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if serving else ssl.PROTOCOL_TLS_CLIENT)
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(suite.openssl_name + SECURITY_LEVEL_0)
    made.options |= options
    made.load_verify_locations(files / "root.pem")
    made.verify_flags |= 0x80000 | 0x200000  # partial chains; any time (X509_V_FLAG_NO_CHECK_TIME)
    if serving or client_kind is not None:
        made.load_cert_chain(files / f"{role.value}-{kind if serving else client_kind}.pem")
    if serving:
        made.load_dh_params(str(files / "dh.pem"))
    made.verify_mode = ssl.CERT_NONE if serving and client_kind is None else ssl.CERT_REQUIRED
    return made


def converse(
    role: Role,
    files: Path,
    suite: CipherSuite,
    *,
    kind: str,
    client_kind: str | None = None,
    group: Group | None = None,
    scheme: SignatureScheme | None = None,
    encrypt_then_mac: bool = True,
    extended: bool = True,
) -> Side:
    """Let our side in this role meet OpenSSL's, and carry data both ways; return ours."""
    options = (0 if encrypt_then_mac else NO_ENCRYPT_THEN_MAC) | (0 if extended else NO_EXTENDED_MASTER_SECRET)
    theirs = context(role.peer, files, suite, kind=kind, client_kind=client_kind, options=options)
    if group is not None and group.name in OPENSSL_GROUPS and role is Role.CLIENT:
        theirs.set_ecdh_curve(OPENSSL_GROUPS[group.name])
    changes: dict[str, Any] = {
        "suites": (suite,),
        "groups": DEFAULT_GROUPS if group is None else (group, GROUPS[23]),  # and that of some of the certificates
        "signature_schemes": DEFAULT_SCHEMES if scheme is None else (scheme, *DEFAULT_SCHEMES),
    }
    if role is Role.CLIENT:
        who = identity("client.example", kind=client_kind) if client_kind else None
        ours = Side(Connection(client_configuration(who=who, **changes)))
    else:
        who = identity("server.example", kind=kind)
        ours = Side(Connection(server_configuration(who=who, mutual=client_kind is not None, **changes)))
    peer = OpenSSL(theirs, server_side=role is Role.CLIENT)
    talk(ours, peer)
    assert (ours.error, peer.error) == (None, None)
    assert ours.connection.state is State.CONNECTED
    parameters = ours.connection.parameters
    assert parameters is not None
    assert (peer.tls.cipher() or ("",))[0] == suite.openssl_name
    assert parameters.encrypt_then_mac == (encrypt_then_mac and suite.cipher.is_block_cipher)
    assert parameters.extended_master_secret == extended
    for data in (b"x", bytes(20_000)):
        ours.connection.send(data)
        peer.tls.write(data[::-1])
        talk(ours, peer)
        assert (peer.received, b"".join(event.data for event in ours.got(ApplicationData))) == (data, data[::-1])
        peer.received = b""
        ours.events = [event for event in ours.events if not isinstance(event, ApplicationData)]
    ours.connection.close()
    talk(ours, peer)
    assert peer.ended
    return ours


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("suite", DEFAULT_SUITES, ids=str)
def test_every_suite_with_openssl(files: Path, role: Role, suite: CipherSuite) -> None:
    kind = kind_for(suite)
    for client_kind, encrypt_then_mac, extended in ((None, True, True), ("RSA", True, False), ("P-256", False, True)):
        if not encrypt_then_mac and not suite.cipher.is_block_cipher:
            continue
        converse(
            role, files, suite, kind=kind, client_kind=client_kind, encrypt_then_mac=encrypt_then_mac, extended=extended
        )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("group", CURVES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_every_curve_and_kind_of_key_with_openssl(files: Path, role: Role, group: Group, kind: str) -> None:
    suite = suite_by_name("ECDHE-RSA-AES128-GCM-SHA256" if kind == "RSA" else "ECDHE-ECDSA-AES128-GCM-SHA256")
    if kind == "P-384" and group.code != 24:
        group = GROUPS[24]  # the certificate's curve has to be among the groups, too
    # OpenSSL's server takes clients' certificates on its groups only, of which we have told it one.
    client_kind = kind if CURVE_OF.get(kind, group.name) == group.name else None
    ours = converse(role, files, suite, kind=kind, client_kind=client_kind, group=group)
    assert ours.connection.parameters is not None
    assert ours.connection.parameters.group is group


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scheme", DEFAULT_SCHEMES, ids=str)
def test_every_signature_scheme_with_openssl(files: Path, role: Role, scheme: SignatureScheme) -> None:
    if scheme.curve is not None and scheme.curve.name == "P-521":
        kind = "P-384"
    else:
        kind = {"P-256": "P-256", "P-384": "P-384"}.get(scheme.curve.name if scheme.curve else "", "RSA")
    kind = "Ed25519" if scheme.name == "ed25519" else kind
    kind = "RSA-PSS" if scheme.public_key is RSAPSSPublicKey else kind
    suite = suite_by_name("ECDHE-RSA-AES128-GCM-SHA256" if kind in RSA_KINDS else "ECDHE-ECDSA-AES128-GCM-SHA256")
    ours = converse(role, files, suite, kind=kind, client_kind=kind, scheme=scheme)
    assert ours.got(PeerSignatureVerified)


GNUTLS_CIPHERS = {
    "AES_128_GCM": ("AES-128-GCM", "AEAD"),
    "AES_256_GCM": ("AES-256-GCM", "AEAD"),
    "CHACHA20_POLY1305": ("CHACHA20-POLY1305", "AEAD"),
    "AES_128_CBC": ("AES-128-CBC", ""),
    "AES_256_CBC": ("AES-256-CBC", ""),
}


def priority(suite: CipherSuite, *, group: str = "") -> str:
    """The suite in GnuTLS's own words."""
    exchange, records = suite.name.removeprefix("TLS_").split("_WITH_")
    cipher, mac = GNUTLS_CIPHERS[re.sub("_SHA(256|384)?$", "", records)]
    mac = mac or {"SHA": "SHA1", "SHA256": "SHA256", "SHA384": "SHA384"}[records.rpartition("_")[2]]
    groups = f"+GROUP-{group}" if group else "+GROUP-ALL"
    return (
        f"NONE:+VERS-TLS1.2:+{exchange.replace('_', '-')}:+{cipher}:+{mac}:+SIGN-ALL:+COMP-NULL:{groups}"
        ":+CTYPE-X509:%PROFILE_LOW"
    )


@pytest.mark.parametrize("suite", DEFAULT_SUITES, ids=str)
def test_every_suite_with_gnutls_cli(peer_tool: PeerTool, folder: Path, server: Start, suite: CipherSuite) -> None:  # noqa: F811 - fixtures
    port, _ = server(
        "--echo", "--suites", suite.name, "--client-ca", f"{folder}/ca.pem", "--client-optional", kind=kind_for(suite)
    )
    command = [peer_tool("gnutls-cli"), "--port", str(port), "--x509cafile", "ca.pem", "--priority", priority(suite)]
    command += ["--x509certfile", "client.pem", "--x509keyfile", "client.key", "localhost"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"a line of text\n")
        process.stdin.flush()
        told = b""
        while b"a line of text" not in told:
            line = process.stdout.readline()
            assert line, told.decode()
            told += line
        process.stdin.close()
        process.stdout.read()
        assert process.wait(20) == 0
    assert b"Handshake was completed" in told


@pytest.fixture
def gnutls_serv(peer_tool: PeerTool, folder: Path) -> Iterator[tuple[str, Path, list[subprocess.Popen[bytes]]]]:  # noqa: F811 - fixtures
    processes: list[subprocess.Popen[bytes]] = []
    yield peer_tool("gnutls-serv"), folder, processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("suite", DEFAULT_SUITES, ids=str)
def test_every_suite_with_gnutls_serv(
    gnutls_serv: tuple[str, Path, list[subprocess.Popen[bytes]]], suite: CipherSuite
) -> None:
    program, where, processes = gnutls_serv
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kind = kind_for(suite)
    command = [
        program,
        "--port",
        str(port),
        "--echo",
        "--quiet",
        "--priority",
        priority(suite),
        "--require-client-cert",
    ]
    command += ["--x509cafile", "ca.pem", "--x509certfile", f"{kind}.pem", "--x509keyfile", f"{kind}.key"]
    processes.append(subprocess.Popen(command, cwd=where, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
    roots = Certificate.all_from_pem((where / "ca.pem").read_bytes())
    configuration = ClientConfiguration(
        roots=roots,
        server_name="localhost",
        suites=(suite,),
        certificate_chain=Certificate.all_from_pem((where / "client.pem").read_bytes()),
        private_key=load_private_key((where / "client.key").read_bytes()),
    )
    with connect(("127.0.0.1", port), configuration) as stream:
        stream.sendall(b"a line of text\n")
        received = b""
        while not received.endswith(b"\n"):
            received += stream.recv()
        assert received == b"a line of text\n"
        assert stream.parameters is not None
        assert stream.parameters.extended_master_secret
        assert stream.parameters.encrypt_then_mac == suite.cipher.is_block_cipher


def page() -> str:
    """The matrix as a page of the documentation: what the tests above run through."""
    lines = [
        "# Who speaks with whom",
        "",
        "Written by `tests/handshake/test_interoperation.py`, which runs all of this, in both directions: our client",
        "with their server, their client with our server, data both ways, closed by both.",
        "",
        "| suite | OpenSSL | GnuTLS |",
        "| --- | --- | --- |",
        *(f"| {suite.name} ({suite.openssl_name}) | yes | yes |" for suite in DEFAULT_SUITES),
        "",
        "With OpenSSL, each suite runs with the extended master secret and without, with a client's certificate and",
        "without, and those with CBC with encrypt-then-MAC and without. With GnuTLS, each runs with a client's",
        "certificate and what both prefer.",
        "",
        "| with OpenSSL, in both directions | |",
        "| --- | --- |",
        f"| curves, each with a certificate of each kind | {', '.join(str(group) for group in CURVES)} |",
        f"| certificates, of server and client | {', '.join((*KINDS, RSA_KINDS[-1]))} |",
        f"| signature schemes, of server and client | {', '.join(str(scheme) for scheme in DEFAULT_SCHEMES)} |",
    ]
    return "\n".join(lines) + "\n"


def test_the_page_in_the_documentation_is_the_matrix() -> None:
    assert (ROOT / "docs" / "interoperation.md").read_text() == page()
