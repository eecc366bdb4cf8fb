"""The client as an engineer's tool: any server can be looked at, and what is wrong or weak is said."""

import json
import socket
import ssl
import threading
from pathlib import Path

import pytest

from handshake.commands.hints import hint
from handshake.commands.psk_files import read_psks
from handshake.commands.system_roots import PLACES, system_roots
from handshake.configuration import ClientConfiguration, Identity, ServerConfiguration
from handshake.connection import Connection
from handshake.events import HandshakeCompleted, PeerCertificateNotVerified
from handshake.registries.groups import GROUPS
from handshake.sessions.stores import SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.stream import connect
from handshake.suites.table import SUITES
from pki.keys import dump_private_key
from pki.x509 import Certificate
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.commands.test_command import Start, client, folder, server  # noqa: F401 - fixtures
from tests.handshake.support.parties import (
    Side,
    authority,
    client_configuration,
    identity,
    meet,
    server_configuration,
)

VERSIONS = pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])


def test_a_server_that_does_not_hold_is_looked_at(folder: Path, server: Start, tmp_path: Path) -> None:  # noqa: F811
    port, _ = server("--echo", kind="P-256")
    wrong = ("--ca", f"{folder}/client.pem")
    refused = client(folder, port, *wrong)
    assert refused.returncode == 1
    assert b"unknown_ca): --ca names who is trusted, and --no-verify goes on all the same" in refused.stderr
    seen = client(
        folder, port, *wrong, "--no-verify", "--certs", f"{tmp_path}/chain.pem", "--key-update", stdin=b"hello"
    )
    told = seen.stderr.decode().splitlines()
    assert (seen.returncode, seen.stdout) == (0, b"hello")
    assert told[0].startswith("INSECURE: --no-verify")
    assert any(line.startswith("FAILED: the certificate of CN=P-256: ") for line in told)
    assert any(line.startswith("peer: NOT VERIFIED: CN=P-256") for line in told)
    assert any(line.startswith("weak: nobody knows who the server is: ") for line in told)
    assert "new keys: what the client sends" in told
    assert "new keys: what the server sends" in told
    [kept] = Certificate.all_from_pem((tmp_path / "chain.pem").read_bytes())
    assert kept == Certificate.from_pem((folder / "P-256.pem").read_bytes())
    again = client(folder, port, "--certs", f"{tmp_path}/chain.pem")  # which is there already
    assert (again.returncode, again.stderr.count(b"\n")) == (2, 1)


def test_what_is_told_as_json(folder: Path, server: Start) -> None:  # noqa: F811
    port, _ = server("--echo")
    done = client(folder, port, "--json", "--groups", "x25519", stdin=b"hello")
    assert done.stdout == b"hello"
    told = json.loads(done.stderr)
    assert told["ok"] is told["verified"] is True
    assert told["version"] == "TLS 1.3"
    assert told["chain"] == ["CN=RSA", "CN=root"]
    assert told["weak"] == ["a quantum computer could find the keys, also those of connections that are recorded today"]
    assert any("signature" in check for check in told["checks"])
    failed = client(folder, port, "--json", "--server-name", "another.example")
    told = json.loads(failed.stderr)
    assert (failed.returncode, told["ok"], told["alert"], told["alert from"]) == (1, False, "bad_certificate", "us")
    assert "another.example" in told["error"]


def test_keys_in_files(folder: Path, server: Start, tmp_path: Path) -> None:  # noqa: F811
    keys = tmp_path / "keys"
    keys.write_text("# till and bank\ntill 7:" + "a7" * 32 + "\n")
    port, _ = server("--echo", "--psk", f"{keys}", "--client-ca", f"{folder}/ca.pem", "--ask-later", "--cookie")
    done = client(folder, port, "--psk", f"{keys}", "--grease", "--compress-certificates", stdin=b"hello")
    assert done.stdout == b"hello", done.stderr
    assert b"peer: somebody who has the key 'till 7'" in done.stderr
    assert b"key exchange: X25519MLKEM768, after a HelloRetryRequest" in done.stderr
    ours = ("--cert", f"{folder}/client.pem", "--key", f"{folder}/client.key", "--post-handshake-auth")
    done = client(folder, port, *ours, stdin=b"hello")
    assert done.stdout == b"hello", done.stderr


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no key"),
        ("till 7\n", "line 1: expected identity:key, the key in hex: there is no colon in it"),
        ("#\n\ntill 7:5e\n", "line 3: .*the PSK has 1 bytes, expected 16 or more"),
        (":" + "5e" * 16, "line 1: .*identity has 0 bytes"),
        ("till 7:5ecret", "line 1: .*the key is not in hex"),
    ],
)
def test_files_that_hold_no_keys(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "keys").write_text(text)
    with pytest.raises(ValueError, match=complaint) as caught:
        read_psks(str(tmp_path / "keys"))
    assert "5e" not in str(caught.value)


@VERSIONS
def test_nothing_is_built_on_a_server_that_does_not_hold(version: int) -> None:
    store = SessionStore()
    ours = client_configuration(
        versions=(version,), roots=(authority("another root").certificate,), verify_server=False, sessions=store
    )
    sides = meet(ours, server_configuration(versions=(version,), ticket_keys=TicketKeys()))
    assert [side.error for side in sides] == [None, None]
    [event] = sides[0].got(PeerCertificateNotVerified)
    assert event.chain == identity("server.example").chain
    assert sides[0].got(HandshakeCompleted)[0].peer_chain is None
    assert sides[0].connection.peer_chain is None
    assert len(store) == 0


@VERSIONS
def test_that_it_has_its_key_is_verified_all_the_same(version: int) -> None:
    ours = client_configuration(
        versions=(version,), roots=(), verify_server=False, suites=(SUITES[0xC02F],), groups=(GROUPS[29],)
    )
    theirs = server_configuration(versions=(version,), suites=(SUITES[0xC02F],))
    other = identity("another.example")
    theirs.__dict__["identity"] = replace_key(theirs.identity, other.private_key)
    side, _ = meet(ours, theirs)
    assert isinstance(side.error, RemoteProtocolError)
    assert side.error.alert is AlertDescription.DECRYPT_ERROR


def replace_key(identity: Identity, key: object) -> Identity:
    """An identity whose key is not that of its certificate, which no constructor makes."""
    thief = object.__new__(Identity)
    object.__setattr__(thief, "certificate_chain", identity.certificate_chain)
    object.__setattr__(thief, "private_key", key)
    return thief


def test_where_a_system_keeps_its_roots(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("")
    places = (f"{tmp_path}/a", f"{tmp_path}/b", f"{tmp_path}/c")
    assert system_roots({}, places) == tmp_path / "b"
    assert system_roots({"SSL_CERT_FILE": "/elsewhere"}, places) == Path("/elsewhere")
    with pytest.raises(ValueError, match="name one with --ca FILE"):
        system_roots({}, places[:1])
    assert len(set(PLACES)) == len(PLACES)


def test_the_systems_roots_are_the_default(folder: Path, server: Start) -> None:  # noqa: F811
    port, _ = server("--echo", kind="Ed25519")
    trusted = {"SSL_CERT_FILE": f"{folder}/ca.pem"}
    done = client(folder, port, "--ca", "", stdin=b"hello", environment=trusted)
    assert done.stdout == b"hello", done.stderr


def told(configuration: ClientConfiguration | ServerConfiguration, data: bytes) -> Exception | None:
    """What becomes of a connection whose peer says this."""
    side = Side(Connection(configuration))
    side.connection.receive_data(data)
    side.drain()
    assert isinstance(side.error, RemoteProtocolError)
    return side.error


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the peer speaks HTTP, and not TLS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "the peer speaks SSH, and not TLS"),
        (b"220 mail.example ESMTP\r\n", "the peer speaks SMTP or FTP, and not TLS"),
    ],
)
def test_a_peer_that_speaks_something_else(answer: bytes, words: str) -> None:
    assert words in str(told(client_configuration(), answer))


def test_a_client_that_speaks_something_else() -> None:
    assert "speaks HTTP" in str(told(server_configuration(), b"GET / HTTP/1.1\r\n\r\n"))


def test_hints() -> None:
    configuration = client_configuration(versions=(TLS_1_3, TLS_1_2))

    def received(alert: AlertDescription) -> str:
        return hint(RemoteProtocolError(alert, "", received=True), configuration)

    assert received(AlertDescription.PROTOCOL_VERSION) == (
        "it speaks other versions than TLS 1.2 and TLS 1.3, which were offered"
    )
    assert "--cert" in received(AlertDescription.CERTIFICATE_REQUIRED)
    assert received(AlertDescription.INTERNAL_ERROR) == ""
    assert hint(OSError(), configuration) == ""
    ours = RemoteProtocolError(AlertDescription.UNKNOWN_CA, "")
    assert "--no-verify" in hint(ours, configuration)


def test_an_old_server_of_pythons(tmp_path: Path) -> None:
    """One that speaks TLS 1.3 only, for a client that speaks TLS 1.2 only."""
    who = identity("localhost")
    (tmp_path / "own.pem").write_bytes(who.chain[0].to_pem() + dump_private_key(who.private_key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            transport, _ = listening.accept()
            with transport, pytest.raises(ssl.SSLError):
                context.wrap_socket(transport, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        configuration: ClientConfiguration = client_configuration(server_name="localhost")
        with pytest.raises(RemoteProtocolError) as caught:
            connect(listening.getsockname(), configuration)
        thread.join()
    assert hint(caught.value, configuration) == "it speaks other versions than TLS 1.2, which were offered"
