"""OpenSSL as the peer, in both roles: in memory by way of Python's ssl, and as a program over a socket."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import ApplicationData, ConnectionClosed, FinishedVerified
from handshake.machine import State
from handshake.registries.codes import Role
from handshake.stream import Stream, connect, serve
from handshake.suites.table import SUITES, CipherSuite, suite_by_name
from pki.keys import dump_private_key
from record.alerts import AlertDescription, RemoteProtocolError
from tests.conftest import PeerTool
from tests.handshake.support.openssl import NO_CHECK_TIME, PARTIAL_CHAIN, OpenSSL, talk
from tests.handshake.support.parties import Side, authority, client_configuration, identity, server_configuration

STANDARD = [SUITES[0x003C], SUITES[0x003D]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates and keys as files."""
    folder = tmp_path_factory.mktemp("openssl")
    (folder / "root.pem").write_bytes(authority().certificate.to_pem())
    for name in ("server", "client"):
        who = identity(f"{name}.example")
        (folder / f"{name}.pem").write_bytes(who.chain[0].to_pem())
        (folder / f"{name}.key").write_bytes(dump_private_key(who.private_key))
    return folder


def context(role: Role, files: Path, suite: CipherSuite, *, mutual: bool = False) -> ssl.SSLContext:
    server = role is Role.SERVER
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(f"{suite.openssl_name}:@SECLEVEL=0")
    made.load_verify_locations(files / "root.pem")
    made.verify_flags |= PARTIAL_CHAIN | NO_CHECK_TIME
    if server or mutual:
        made.load_cert_chain(files / f"{role.value}.pem", files / f"{role.value}.key")
    made.verify_mode = ssl.CERT_NONE if server and not mutual else ssl.CERT_REQUIRED
    return made


def meet(configuration: ClientConfiguration | ServerConfiguration, theirs: ssl.SSLContext) -> tuple[Side, OpenSSL]:
    ours = Side(Connection(configuration))
    peer = OpenSSL(theirs, server_side=isinstance(configuration, ClientConfiguration))
    talk(ours, peer)
    return ours, peer


def configuration(role: Role, suite: CipherSuite, *, mutual: bool = False) -> ClientConfiguration | ServerConfiguration:
    if role is Role.CLIENT:
        return client_configuration(suites=(suite,), who=identity("client.example") if mutual else None)
    return server_configuration(suites=(suite,), mutual=mutual)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("suite", STANDARD, ids=str)
@pytest.mark.parametrize("mutual", [False, True])
def test_openssl_is_a_peer(files: Path, role: Role, suite: CipherSuite, mutual: bool) -> None:
    theirs = context(role.peer, files, suite, mutual=mutual)
    ours, peer = meet(configuration(role, suite, mutual=mutual), theirs)
    assert ours.error is None
    assert peer.error is None
    parameters = ours.connection.parameters
    assert parameters is not None
    assert (parameters.suite, parameters.encrypt_then_mac, parameters.extended_master_secret) == (suite, True, True)
    assert parameters.server_name == "server.example"
    assert peer.tls.cipher() == (suite.openssl_name, "TLSv1.2", 8 * suite.cipher.enc_key_length)
    assert (ours.connection.peer_chain is not None) == (mutual or role is Role.CLIENT)
    if role is Role.SERVER:  # tls-unique is the client's Finished (RFC 5929 §3.1)
        assert peer.tls.get_channel_binding("tls-unique") == ours.got(FinishedVerified)[0].verify_data
    data = bytes(range(256)) * 200
    ours.connection.send(data)
    peer.tls.write(data[::-1])
    talk(ours, peer)
    assert peer.received == data
    assert b"".join(event.data for event in ours.got(ApplicationData)) == data[::-1]
    ours.connection.close()
    talk(ours, peer)
    assert peer.ended
    assert ours.events[-1] == ConnectionClosed(confirmed=True)
    assert ours.connection.state is State.CLOSED


@pytest.mark.parametrize("role", Role)
def test_the_peer_closes(files: Path, role: Role) -> None:
    ours, peer = meet(configuration(role, STANDARD[0]), context(role.peer, files, STANDARD[0]))
    with pytest.raises(ssl.SSLWantReadError):
        peer.tls.unwrap()
    talk(ours, peer)
    assert ours.events[-1] == ConnectionClosed(confirmed=True)


def test_the_key_log_is_openssls(files: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    theirs = context(Role.SERVER, files, STANDARD[0])
    theirs.keylog_filename = str(tmp_path / "keys")
    ours, peer = meet(client_configuration(key_log=lines.append), theirs)
    assert ours.error is None
    assert (tmp_path / "keys").read_text().splitlines()[-1:] == lines
    assert peer.established


def test_a_foreign_certificate(files: Path) -> None:
    ours, peer = meet(
        client_configuration(roots=(authority("another").certificate,)), context(Role.SERVER, files, STANDARD[0])
    )
    assert isinstance(ours.error, RemoteProtocolError)
    assert ours.error.alert is AlertDescription.UNKNOWN_CA
    assert peer.error is not None
    assert peer.error.reason == "TLSV1_ALERT_UNKNOWN_CA"


def test_no_client_certificate(files: Path) -> None:
    ours, peer = meet(server_configuration(mutual=True), context(Role.CLIENT, files, STANDARD[0]))
    assert isinstance(ours.error, RemoteProtocolError)
    assert ours.error.alert is AlertDescription.HANDSHAKE_FAILURE
    assert peer.error is not None
    assert peer.error.reason == "SSLV3_ALERT_HANDSHAKE_FAILURE"
    ours, peer = meet(
        server_configuration(mutual=True, require_client_certificate=False), context(Role.CLIENT, files, STANDARD[0])
    )
    assert (ours.error, peer.error, ours.connection.peer_chain) == (None, None, None)


def test_no_common_version(files: Path) -> None:
    theirs = context(Role.CLIENT, files, STANDARD[0])
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        theirs.minimum_version = theirs.maximum_version = ssl.TLSVersion.TLSv1_1
    theirs.set_ciphers("ALL:@SECLEVEL=0")
    ours, peer = meet(server_configuration(), theirs)
    assert isinstance(ours.error, RemoteProtocolError)
    assert ours.error.alert is AlertDescription.PROTOCOL_VERSION
    assert peer.error is not None
    assert peer.error.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


def test_a_client_that_knows_tls_1_3(files: Path) -> None:
    """It offers supported_versions, key_share and much more that means nothing to us."""
    theirs = context(Role.CLIENT, files, STANDARD[0])
    theirs.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    ours, peer = meet(server_configuration(), theirs)
    assert (ours.error, peer.error) == (None, None)
    assert peer.tls.version() == "TLSv1.2"


@pytest.fixture
def s_server(peer_tool: PeerTool, files: Path) -> Iterator[tuple[str, int]]:
    """`openssl s_server`, which sends back each line reversed."""
    with reversing(peer_tool("openssl"), files, "-cipher", "AES128-SHA256:@SECLEVEL=0") as address:
        yield address


@contextmanager
def reversing(openssl: str, files: Path, *words: str) -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [openssl, "s_server", "-accept", f"127.0.0.1:{port}", "-cert", "server.pem", "-key", "server.key"]
    command += ["-CAfile", "root.pem", "-Verify", "2", "-no_check_time", "-verify_return_error"]
    command += [*words, "-tls1_2", "-rev", "-quiet"]
    with subprocess.Popen(command, cwd=files, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
            yield "127.0.0.1", port
        finally:
            process.kill()


def test_our_client_and_s_server(s_server: tuple[str, int]) -> None:
    who = identity("client.example")
    with connect(s_server, client_configuration(who=who)) as stream:
        stream.sendall(b"a line\n")
        received = b""
        while not received.endswith(b"\n"):
            received += stream.recv()
        assert received == b"enil a\n"


def test_s_client_and_our_server(peer_tool: PeerTool, files: Path) -> None:
    openssl = peer_tool("openssl")

    def answer(stream: Stream) -> None:
        stream.sendall(b"you said: " + stream.recv())

    with serve(("127.0.0.1", 0), server_configuration(mutual=True), answer) as listener:
        command = [openssl, "s_client", "-connect", f"127.0.0.1:{listener.address[1]}", "-servername", "server.example"]
        command += ["-CAfile", "root.pem", "-cert", "client.pem", "-key", "client.key", "-no_check_time"]
        command += ["-verify_return_error", "-verify_hostname", "server.example", "-quiet"]
        command += ["-cipher", "AES256-SHA256:@SECLEVEL=0"]
        done = subprocess.run(command, cwd=files, input=b"hello\n", capture_output=True, timeout=20, check=False)
    assert done.stdout == b"you said: hello\n", done.stderr


OLD = ("-cipher", "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "-sigalgs")


@pytest.mark.parametrize("name", ["SHA1", "SHA224"])
def test_old_signatures_of_our_client_and_s_server(peer_tool: PeerTool, files: Path, name: str) -> None:
    """Each signs, and believes the other: --legacy, which goes with no other peer of these."""
    who = identity("client.example")
    ours = client_configuration(who=who, suites=[suite_by_name("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")])
    with reversing(peer_tool("openssl"), files, *OLD, f"RSA+{name}") as address:
        with connect(address, replace(ours, legacy=True)) as stream:
            stream.sendall(b"a line\n")
            received = b""
            while not received.endswith(b"\n"):
                received += stream.recv()
            assert received == b"enil a\n"
        with pytest.raises(RemoteProtocolError) as caught, connect(address, ours):
            pass
        assert caught.value.received


@pytest.mark.parametrize("name", ["SHA1", "SHA224"])
@pytest.mark.parametrize("legacy", [True, False])
def test_old_signatures_of_s_client_and_our_server(peer_tool: PeerTool, files: Path, name: str, legacy: bool) -> None:
    openssl = peer_tool("openssl")
    suites = [suite_by_name("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")]

    def answer(stream: Stream) -> None:
        stream.sendall(b"you said: " + stream.recv())

    with serve(("127.0.0.1", 0), server_configuration(mutual=True, suites=suites, legacy=legacy), answer) as listener:
        command = [openssl, "s_client", "-connect", f"127.0.0.1:{listener.address[1]}", "-servername", "server.example"]
        command += ["-CAfile", "root.pem", "-cert", "client.pem", "-key", "client.key", "-no_check_time", "-tls1_2"]
        command += ["-verify_return_error", *OLD, f"RSA+{name}", "-quiet"]
        done = subprocess.run(command, cwd=files, input=b"hello\n", capture_output=True, timeout=20, check=False)
    if legacy:
        assert done.stdout == b"you said: hello\n", done.stderr
    else:
        assert b"handshake failure" in done.stderr
