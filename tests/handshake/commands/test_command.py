"""`python -m handshake`: its two commands, against each other and against curl and openssl."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handshake.configuration import ClientConfiguration
from handshake.connection import Connection
from handshake.events import NEED_DATA
from handshake.machine import State
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.keys import dump_private_key
from pki.signatures import RSA_PKCS1_SHA256
from tests.conftest import PeerTool
from tests.handshake.support.parties import REQUESTS, key, private_key, seeded
from tests.pki.support.cheap_keys import cheaply_encrypted

SIDES = ("CLIENT", "SERVER")

COMMAND = [sys.executable, "-m", "handshake"]
ROOT = Path(__file__).parents[3]


@cache
def authority_now() -> Authority:
    """An authority whose certificates are valid by the clock on the wall, which programs go by."""
    now = datetime.now(UTC).replace(microsecond=0)
    return Authority.create_root(
        Name.build(common_name="root"),
        key("root"),
        validity=Validity(now - timedelta(days=1), now + timedelta(days=1)),
        signature_algorithm=RSA_PKCS1_SHA256,
        random_bytes=seeded("now"),
    )


def write_identity(folder: Path, name: str, kind: str) -> None:
    """Write the certificate and the key of somebody who can be reached as localhost."""
    own = private_key(name, kind)
    request = CertificateSigningRequest.build(
        Name.build(common_name=name), ["localhost"], own, signature_algorithm=REQUESTS.get(kind, RSA_PKCS1_SHA256)
    )
    root = authority_now().certificate
    certificate = authority_now().issue(
        request,
        validity=Validity(root.not_before, root.not_after),
        purposes=(Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH),
        signature_algorithm=RSA_PKCS1_SHA256,
        random_bytes=seeded(name),
    )
    (folder / f"{name}.pem").write_bytes(certificate.to_pem())
    (folder / f"{name}.key").write_bytes(dump_private_key(own))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    (folder / "ca.pem").write_bytes(authority_now().certificate.to_pem())
    for kind in ("RSA", "P-256", "Ed25519"):
        write_identity(folder, kind, kind)
    write_identity(folder, "client", "RSA")
    locked = cheaply_encrypted(private_key("client", "RSA"), b"a passphrase")
    (folder / "locked.key").write_bytes(locked)
    return folder


Start = Callable[..., tuple[int, subprocess.Popen[str]]]


@pytest.fixture
def server(folder: Path) -> Iterator[Start]:
    """Start a server with these options; return its port and process."""
    processes = []

    def start(*options: str, kind: str = "RSA") -> tuple[int, subprocess.Popen[str]]:
        process = subprocess.Popen(
            [*COMMAND, "server", "0", "--cert", f"{folder}/{kind}.pem", "--key", f"{folder}/{kind}.key", *options],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stderr is not None
        line = process.stderr.readline()
        if "--legacy" in options:
            assert line.startswith("INSECURE: --legacy")
            line = process.stderr.readline()
        found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line)
        assert found, line
        return int(found[1]), process

    yield start
    for process in processes:
        process.terminate()
        process.communicate()


def client(
    folder: Path, port: int, *options: str, stdin: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, "client", f"localhost:{port}", "--ca", f"{folder}/ca.pem", *options],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def test_echo_with_certificates_on_both_sides(folder: Path, server: Start) -> None:
    port, _ = server("--echo", "--client-ca", f"{folder}/ca.pem", "--alpn", "two:one")
    data = os.urandom(50_000)
    done = client(
        folder, port, "--cert", f"{folder}/client.pem", "--key", f"{folder}/client.key", "--alpn", "one:two",
        "--tls", "1.2", "--suites", "ECDHE-RSA-AES128-SHA256", "--groups", "secp256r1", stdin=data,
    )  # fmt: skip
    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (0, data), told
    for line in (
        "version: TLS 1.2",
        "suite: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        "key exchange: ECDHE on secp256r1: forward secrecy",
        "encrypt-then-MAC",
        "protocol: two",
        "server name: localhost",
        "peer: CN=RSA",
    ):
        assert line in told
    # And without, the server says why it refuses.
    refused = client(folder, port, "--tls", "1.2")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.decode().splitlines() == [
        "the server asks for a certificate, and is shown none: the client has none",
        "python -m handshake client: the peer refuses to go on (alert handshake_failure received): it has no suite, "
        "group or signature scheme in common with us, or wants a certificate: see --suites, --groups, --schemes, "
        "--cert",
    ]


def test_no_protocol_in_common(folder: Path, server: Start) -> None:
    port, _ = server("--echo", "--alpn", "two")
    refused = client(folder, port, "--alpn", "one")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"no_application_protocol" in refused.stderr


def test_explaining(folder: Path, server: Start) -> None:
    port, _ = server("--echo", kind="Ed25519")
    in_both = (
        "> ClientHello",
        "contents: localhost (9 bytes)",
        "algorithm: ed25519",
        "[RFC 5246 §7.4.1.2]",
        "> Finished",
        "> application data, 5 bytes",
        "< application data, 5 bytes",
        "> alert warning close_notify",
    )
    for version, words in (
        ("1.2", ("< ServerKeyExchange, ",)),
        ("1.3", ("< EncryptedExtensions, ", "group: X25519MLKEM768", "[RFC 9846 §4.5.3]")),
    ):
        done = client(folder, port, "--tls", version, "--explain", stdin=b"hello")
        assert done.stdout == b"hello"
        told = done.stderr.decode()
        for word in (*in_both, *words):
            assert word in told


def test_a_client_that_is_gone_is_not_echoed(folder: Path, server: Start) -> None:
    """It says goodbye with its data, in one write; of that, the server has nothing to complain."""
    port, process = server("--echo", "--explain")
    configuration = ClientConfiguration(roots=(authority_now().certificate,), server_name="localhost")
    with socket.create_connection(("127.0.0.1", port)) as raw:
        connection = Connection(configuration)
        while connection.state is not State.CONNECTED:
            raw.sendall(connection.data_to_send())
            connection.receive_data(raw.recv(2**16))
            while connection.next_event() is not NEED_DATA:
                pass
        connection.send(b"hello")
        connection.close()
        raw.sendall(connection.data_to_send())
        while raw.recv(2**16):
            pass
    process.terminate()
    assert process.stderr is not None
    told = process.stderr.read().splitlines()
    assert told[-1].endswith("alert warning close_notify")
    assert [line for line in told if "application data" in line] == [
        f"{told[-1].split(': ')[0]}: < application data, 5 bytes"
    ]


def test_the_key_log(folder: Path, server: Start, tmp_path: Path) -> None:
    port, _ = server("--echo", "--keylog", f"{tmp_path}/server.log")
    log = {"SSLKEYLOGFILE": f"{tmp_path}/client.log"}
    for version in ("1.2", "1.3"):
        done = client(folder, port, "--tls", version, stdin=b"hello", environment=log)
        assert done.stdout == b"hello"
    ours, theirs = ((tmp_path / f"{name}.log").read_text().splitlines() for name in ("client", "server"))
    assert sorted(ours) == sorted(theirs)
    assert re.fullmatch(r"CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}", ours[0])
    secrets = [f"{side}_{phase}" for phase in ("HANDSHAKE_TRAFFIC_SECRET", "TRAFFIC_SECRET_0") for side in SIDES]
    assert sorted(line.split(" ")[0] for line in ours[1:]) == sorted([*secrets, "EXPORTER_SECRET"])
    assert len({line.split(" ")[1] for line in ours[1:]}) == 1  # the random of the client
    assert (tmp_path / "client.log").stat().st_mode & 0o777 == 0o600


def test_an_encrypted_key(folder: Path, server: Start, tmp_path: Path) -> None:
    port, _ = server("--echo", "--client-ca", f"{folder}/ca.pem")
    (tmp_path / "passphrase").write_text("a passphrase\nand no more\n")
    ours = ("--cert", f"{folder}/client.pem", "--key", f"{folder}/locked.key")
    done = client(folder, port, *ours, "--passphrase-file", f"{tmp_path}/passphrase", stdin=b"hello")
    assert done.stdout == b"hello", done.stderr
    done = client(folder, port, *ours, "--passphrase-env", "OURS", stdin=b"hi", environment={"OURS": "a passphrase"})
    assert done.stdout == b"hi", done.stderr


def test_smaller_records(folder: Path, server: Start) -> None:
    port, _ = server("--echo", "--record-size-limit", "1000")
    done = client(folder, port, "--record-size-limit", "500", stdin=bytes(5000))
    assert done.stdout == bytes(5000)
    assert b"record size: at most 500 bytes to the client, 1000 to the server, by record_size_limit" in done.stderr


@pytest.mark.parametrize(
    ("options", "how"),
    [
        (("--tls", "1.2"), "ticket"),
        (("--tls", "1.3"), "ticket"),
        pytest.param(("--tls", "1.2", "--no-tickets"), "session ID", marks=pytest.mark.slow),
    ],
)
def test_a_session_is_resumed_by_the_next_command(
    folder: Path, server: Start, tmp_path: Path, options: tuple[str, ...], how: str
) -> None:
    port, _ = server("--echo", *options)
    file = tmp_path / "session"
    first, *others = (client(folder, port, "--session", f"{file}", stdin=b"hello").stderr.decode() for _ in range(3))
    assert "session: new: no saved session fits" in first
    assert f"key exchange: {'X25519MLKEM768' if '1.3' in options else 'ECDHE'}" in first
    for told in others:
        assert f"session: resumed, by its {how}" in told
        assert ("key exchange" in told) == ("1.3" in options)  # where every connection agrees on a secret of its own
        assert "peer: CN=RSA" in told  # who it is, is known all the same
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["session"]


def test_a_server_that_resumes_nothing(folder: Path, server: Start, tmp_path: Path) -> None:
    port, _ = server("--echo", "--no-resumption")
    client(folder, port, "--session", f"{tmp_path}/session", stdin=b"hello")
    assert os.listdir(tmp_path) == []


def test_a_file_that_holds_no_session_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    for data in ((folder / "client.key").read_bytes(), b"", b"-----BEGIN CUTAWAY TLS SESSION-----\n"):
        file = tmp_path / "file"
        file.write_bytes(data)
        done = client(folder, 1, "--session", f"{file}")
        assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
        assert b"holds no session that was saved here, and is not overwritten" in done.stderr
        assert file.read_bytes() == data


@pytest.mark.parametrize("kind", ["RSA", "P-256", "Ed25519"])
def test_curl_fetches_a_page(peer_tool: PeerTool, folder: Path, server: Start, kind: str) -> None:
    port, _ = server("--http", kind=kind)
    for _ in range(2):  # it stays up
        done = subprocess.run(
            [peer_tool("curl"), "-sS", "--cacert", "ca.pem", "--max-time", "20", f"https://localhost:{port}/"],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"<h1>Hello from Cutaway</h1>" in done.stdout
        assert b"TLS 1.3" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["client"], "the following arguments are required: HOST:PORT"),
        (["client", "localhost", "--ca", "x"], "'localhost' is not an address, expected HOST:PORT"),
        (["client", "localhost:x", "--ca", "x"], "'x' is not a port"),
        (["client", "localhost:65536", "--ca", "x"], "is not a port"),
        (["client", "localhost:1", "--ca", "/nowhere"], "No such file"),
        (["client", "localhost:1", "--ca", "x", "--suites", "RC4-MD5"], "there is no cipher suite 'RC4-MD5'"),
        (["client", "localhost:1", "--ca", "x", "--suites", "AES128-GCM"], "nearest names are AES128-GCM-SHA256, "),
        (["client", "localhost:1", "--ca", "{ca}", "--record-size-limit", "63"], "expected 64 to 16384"),
        (["server", "1", "--cert", "{ca}", "--key", "{locked}", "--passphrase-env", "NOT_SET"], "NOT_SET is not set"),
        (["server", "1", "--cert", "{ca}", "--key", "{locked}", "--passphrase-file", "{ca}"], "passphrase is wrong"),
        (["server", "1", "--cert", "{ca}", "--key", "{locked}"], "no terminal to ask on"),
        (["client", "localhost:1", "--ca", "x", "--groups", "sect163k1"], "there is no group"),
        (["client", "localhost:1", "--ca", "{ca}", "--cert", "{ca}"], "--cert and --key are given together"),
        (["server", "1", "--cert", "{ca}", "--key", "{ca}"], "expected one private key, found CERTIFICATE"),
        (["server", "1", "--cert", "{key}", "--key", "{key}"], ".key"),
        (["server", "1", "--cert", "{ca}", "--key", "{key}"], "does not belong to the first certificate"),
        (["server", "0", "--echo", "--http"], "not allowed with"),
        ([], "required"),
    ],
)
def test_wrong_command_lines(folder: Path, arguments: list[str], complaint: str) -> None:
    words = [
        word.format(ca=folder / "ca.pem", key=folder / "client.key", locked=folder / "locked.key") for word in arguments
    ]
    done = subprocess.run(
        [*COMMAND, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,  # without a terminal to ask for passphrases on
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_nobody_there(folder: Path) -> None:
    done = client(folder, 1)
    assert done.returncode == 1
    assert done.stderr == b"python -m handshake client: localhost:1: Connection refused\n"


def test_legacy_says_that_it_is_insecure_and_is_off_by_default(folder: Path, server: Start) -> None:
    port, _ = server("--echo", "--legacy")
    done = client(folder, port, "--legacy", stdin=b"hello")
    assert (done.returncode, done.stdout) == (0, b"hello")
    assert done.stderr.startswith(b"INSECURE: --legacy believes signatures with SHA-1 and SHA-224")
    assert b"INSECURE" not in client(folder, port).stderr


@pytest.mark.parametrize("role", ["client", "server"])
def test_ctrl_c_is_a_goodbye(folder: Path, server: Start, role: str) -> None:
    port, serving = server("--echo")
    command = [*COMMAND, "client", f"localhost:{port}", "--ca", f"{folder}/ca.pem"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"there\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"there\n"
        interrupted: subprocess.Popen[Any] = process if role == "client" else serving
        interrupted.send_signal(signal.SIGINT)
        assert interrupted.wait(20) == 130
        if role == "client":
            assert process.stderr is not None
            assert b"Traceback" not in process.stderr.read()
            serving.terminate()
        assert serving.stderr is not None
        told = serving.stderr.read()
        assert "Traceback" not in told
        assert "cut" not in told or role == "server"
    assert process.returncode == (130 if role == "client" else 1)


@pytest.mark.parametrize("closed", ["2>&-", pytest.param("<&- >&- 2>&-", marks=pytest.mark.slow)])
def test_a_stream_that_is_closed_is_no_harm(folder: Path, server: Start, closed: str) -> None:
    port, _ = server("--echo")
    command = shlex.join([*COMMAND, "client", f"localhost:{port}", "--ca", f"{folder}/ca.pem"])
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}"], input=b"hello", cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert done.stdout == (b"hello" if closed == "2>&-" else b"")


def test_nobody_reads_the_output(folder: Path, server: Start) -> None:
    port, _ = server("--echo")
    command = shlex.join([*COMMAND, "client", f"localhost:{port}", "--ca", f"{folder}/ca.pem"])
    done = subprocess.run(
        ["sh", "-c", f"head -c 1000000 /dev/zero | {command} | head -c 10"],
        cwd=ROOT, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == bytes(10)
    assert b"Traceback" not in done.stderr
