"""Captures: what tshark, which is Wireshark without its window, reads of them."""

import http.client
import struct
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handshake.capture.capture import Capture
from handshake.capture.pcapng import DECRYPTION_SECRETS, ENHANCED_PACKET, INTERFACE_DESCRIPTION, SECTION_HEADER
from handshake.capture.segments import Endpoint, Segments
from handshake.commands.http_page import answer_http
from handshake.registries.codes import Role
from handshake.registries.signature_schemes import Authentication
from handshake.stream import Stream, connect, serve
from handshake.suites.table import DEFAULT_SUITES, CipherSuite
from record.alerts import RemoteProtocolError
from tests.conftest import PeerTool, run
from tests.handshake.commands.test_command import COMMAND, ROOT, Start, client, folder, server  # noqa: F401 - fixtures
from tests.handshake.support.parties import authority, client_configuration, identity, server_configuration

WARNING = 0x600000  # of Wireshark's severities; below it are chats and notes
TEXT = b"Hello from Cutaway"
CHECKED = ("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE")


def clock() -> int:
    return 1_900_000_000_123_456_789


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The blocks of a capture, which has to end with one of them."""
    while data:
        kind, length = struct.unpack("<II", data[:8])
        assert length % 4 == 0
        assert length <= len(data)
        assert struct.unpack("<I", data[length - 4 : length]) == (length,)
        yield kind, data[8 : length - 4]
        data = data[length:]


def packets(data: bytes) -> list[bytes]:
    return [
        body[20:][: int.from_bytes(body[12:16], "little")] for kind, body in blocks(data) if kind == ENHANCED_PACKET
    ]


def dissected(tshark: str, path: Path, *fields: str, options: tuple[str, ...] = CHECKED) -> dict[str, dict[str, str]]:
    """By the number of each TCP connection, the values of these fields in it."""
    wanted = [word for field in ("tcp.stream", *fields) for word in ("-e", field)]
    rows = run(tshark, "-r", path, *options, "-T", "fields", "-E", "separator=|", "-E", "aggregator=;", *wanted)
    found: dict[str, dict[str, str]] = defaultdict(lambda: dict.fromkeys(fields, ""))
    for row in rows.splitlines():
        stream, *values = row.split("|")
        for field, value in zip(fields, values, strict=True):
            found[stream][field] += value and value + ";"
    return found


def complaints(tshark: str, path: Path) -> str:
    """What tshark holds to be malformed or worth a warning, or sums wrongly."""
    wrong = f"_ws.malformed || _ws.expert.severity >= {WARNING} || !(tcp.checksum.status == 1)"
    return run(tshark, "-r", path, *CHECKED, "-Y", f"{wrong} || ip.checksum.status != 1")


def fetch(suite: CipherSuite, captures: tuple[Capture, Capture], *, host: str = "127.0.0.1", **changes: Any) -> None:
    """Let a client fetch a page from a server, both captured."""
    kind = "P-256" if suite.authentication is Authentication.ECDSA else "RSA"
    ours, theirs = captures
    who = identity("client.example")
    configuration = client_configuration(who=who, suites=(suite,), key_log=ours.key_log, **changes)
    serving = server_configuration(
        who=identity("server.example", kind=kind), mutual=True, suites=(suite,), key_log=theirs.key_log
    )
    with (
        serve((host, 0), serving, answer_http, capture=theirs) as listener,
        connect(listener.address[:2], configuration, capture=ours) as stream,
    ):
        connection = http.client.HTTPConnection("server.example")
        connection.sock = stream
        connection.request("GET", f"/{suite.name}", headers={"Connection": "close"})
        assert TEXT in connection.getresponse().read()


def test_tshark_decrypts_every_standard_suite(peer_tool: PeerTool, tmp_path: Path) -> None:
    tshark = peer_tool("tshark")
    paths = tmp_path / "client.pcapng", tmp_path / "server.pcapng"
    with Capture(paths[0], clock=time.time_ns) as ours, Capture(paths[1], clock=time.time_ns) as theirs:
        for suite in DEFAULT_SUITES:
            fetch(suite, (ours, theirs), encrypt_then_mac=suite.code % 2 == 0)
    for path in paths:
        found = dissected(tshark, path, "tls.handshake.ciphersuite", "http.request.uri", "http.file_data", "tcp.flags")
        assert len(found) == len(DEFAULT_SUITES)
        for suite, connection in zip(DEFAULT_SUITES, found.values(), strict=True):
            assert f"0x{suite.code:04x}" in connection["tls.handshake.ciphersuite"]
            assert connection["http.request.uri"] == f"/{suite.name};"
            assert TEXT.decode() in connection["http.file_data"] or TEXT.hex() in connection["http.file_data"]
            assert connection["tcp.flags"].count("0x0002;") == 1  # SYN
            assert connection["tcp.flags"].count("0x0011;") == 2  # FIN, of both
        assert complaints(tshark, path) == ""


def test_a_capture_over_ipv6(peer_tool: PeerTool, tmp_path: Path) -> None:
    path = tmp_path / "capture"
    with Capture(path, clock=clock) as ours, Capture(tmp_path / "other", clock=clock) as theirs:
        fetch(DEFAULT_SUITES[0], (ours, theirs), host="::1")
    found = dissected(peer_tool("tshark"), path, "ipv6.dst", "http.request.uri", "frame.time_epoch")
    assert found["0"]["ipv6.dst"].startswith("::1;")
    assert found["0"]["http.request.uri"]
    assert found["0"]["frame.time_epoch"].startswith("1900000000.123456000;")
    assert "::1" in run(peer_tool("tshark"), "-r", path, "-Y", "tcp.checksum.status == 1", *CHECKED)
    assert complaints(peer_tool("tshark"), path) == ""


def test_a_refused_connection_is_captured_to_its_end(peer_tool: PeerTool, tmp_path: Path) -> None:
    path = tmp_path / "capture"
    strangers = (authority("another").certificate,)
    with (
        Capture(path, clock=clock) as capture,
        serve(("127.0.0.1", 0), server_configuration(), answer_http) as listener,
        pytest.raises(RemoteProtocolError),
    ):
        connect(listener.address[:2], client_configuration(roots=strangers), capture=capture)
    found = dissected(peer_tool("tshark"), path, "tls.alert_message.desc", "tcp.flags")
    assert found["0"]["tls.alert_message.desc"] == "48;"  # unknown_ca
    assert "0x0011" in found["0"]["tcp.flags"]


def test_much_data_by_both_at_once(peer_tool: PeerTool, tmp_path: Path) -> None:
    path = tmp_path / "capture"
    data = bytes(range(256)) * 400  # more than one write

    def echo(stream: Stream) -> None:
        while some := stream.recv():
            stream.sendall(some)

    with Capture(path, clock=time.time_ns) as capture:
        configuration = client_configuration(suites=(DEFAULT_SUITES[3],), key_log=capture.key_log)
        serving = server_configuration(suites=DEFAULT_SUITES)
        with (
            serve(("127.0.0.1", 0), serving, echo) as listener,
            connect(listener.address[:2], configuration, capture=capture) as stream,
        ):
            sender = threading.Thread(target=stream.sendall, args=(data,))
            sender.start()
            received = stream.makefile("rb").read(len(data))
            sender.join()
    assert received == data
    followed = run(peer_tool("tshark"), "-r", path, "-q", "-z", "follow,tls,raw,0")
    sent, back = "", ""
    for line in followed.splitlines()[6:-1]:  # what the server says is indented
        if line.startswith("\t"):
            back += line.strip()
        else:
            sent += line
    assert (bytes.fromhex(sent), bytes.fromhex(back)) == (data, data)
    assert complaints(peer_tool("tshark"), path) == ""


def test_the_file_is_whole_blocks_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "capture"
    kinds: list[list[int]] = []

    def look(event: object) -> None:
        kinds.append([kind for kind, _ in blocks(path.read_bytes())])

    with Capture(path, clock=clock) as capture:
        look(None)
        with serve(("127.0.0.1", 0), server_configuration(), answer_http) as listener:
            configuration = client_configuration(key_log=capture.key_log)
            connect(listener.address[:2], configuration, on_event=look, capture=capture).close()
    assert kinds[0] == [SECTION_HEADER, INTERFACE_DESCRIPTION]
    assert len(kinds) > 5
    assert kinds[-1].count(DECRYPTION_SECRETS) == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"what was here before")
    (tmp_path / "link").symlink_to(tmp_path / "notes")
    for name in ("notes", "link"):
        with pytest.raises(FileExistsError, match="nothing is overwritten"):
            Capture(tmp_path / name, clock=clock)
    assert (tmp_path / "notes").read_bytes() == b"what was here before"


@given(st.lists(st.tuples(st.sampled_from(Role), st.binary(max_size=4000)), max_size=6))
def test_the_packets_hold_the_stream(sent: list[tuple[Role, bytes]]) -> None:
    ends = {Role.CLIENT: Endpoint("192.0.2.1", 1), Role.SERVER: Endpoint("192.0.2.2", 2)}
    segments = Segments(ends, initial_sequence_number=2**32 - 1000)
    made = list(segments.opening())
    expected = {1: b"", 2: b""}
    ended = set()
    for role, data in sent:
        made += segments.carry(role, data)
        if role not in ended:
            expected[ends[role].port] += data
        if not data:
            ended.add(role)
    streams = {1: b"", 2: b""}
    following: dict[int, int] = {}
    for packet in made:
        assert len(packet) <= 14 + 1500
        port, _, number, _, offset, flags = struct.unpack(">HHIIBB", packet[34:48])
        data = packet[34 + offset // 4 :]
        assert following.get(port, number) == number
        following[port] = (number + len(data) + bool(flags & 3)) % 2**32
        streams[port] += data
    assert streams == expected


def test_what_cannot_be_captured(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Capture(tmp_path / "nowhere" / "capture", clock=clock)
    with pytest.raises(OSError, match="No space left"):
        Capture("/dev/full", clock=clock)
    with Capture(tmp_path / "capture", clock=clock) as capture:
        with pytest.raises(ValueError, match="not of one version of IP"):
            capture.begin({Role.CLIENT: ("::1", 1), Role.SERVER: ("127.0.0.1", 1)})
        note = capture.begin({Role.CLIENT: ("fe80::1%lo", 1, 0, 1), Role.SERVER: ("fe80::2", 1, 0, 1)})
    with pytest.raises(OSError, match="Bad file"):  # it is closed
        note(Role.CLIENT, b"x")


def test_half_a_block_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "capture"
    program = f"""
import resource
from handshake.capture.capture import Capture
from handshake.registries.codes import Role
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))  # as on a disk that is full
with Capture({str(path)!r}, clock=lambda: 0) as capture:
    note = capture.begin({{Role.CLIENT: ("::1", 1), Role.SERVER: ("::1", 2)}})
    try:
        note(Role.CLIENT, bytes(3000))
    except OSError as error:
        print(error.strerror)
    note(Role.SERVER, b"little enough")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("File too large\n", "")
    assert packets(path.read_bytes())[3][-13:] == b"little enough"


@pytest.mark.slow
def test_the_command_captures_and_logs_keys(
    peer_tool: PeerTool,
    folder: Path,  # noqa: F811 - fixture
    server: Start,  # noqa: F811 - fixture
    tmp_path: Path,
) -> None:
    tshark, editcap = peer_tool("tshark"), peer_tool("editcap")
    theirs, log = tmp_path / "server.pcapng", tmp_path / "keys.log"
    ours = [tmp_path / f"client{number}.pcapng" for number in range(2)]
    port, process = server("--http", "--pcap", f"{theirs}", "--keylog", f"{log}")
    request = b"GET / HTTP/1.0\r\n\r\n"
    for path in ours:
        done = client(folder, port, "--pcap", f"{path}", stdin=request)
        assert TEXT in done.stdout, done.stderr.decode()
    process.kill()
    process.wait()
    assert len(dissected(tshark, theirs, "http.request.method")) == 2
    for path in (theirs, *ours):
        for connection in dissected(tshark, path, "http.request.method", "http.response.code").values():
            assert list(connection.values()) == ["GET;", "200;"]
        assert complaints(tshark, path) == ""
        assert path.stat().st_mode & 0o777 == 0o600
    # The key log says the same as the secrets inside.
    bare = tmp_path / "bare.pcapng"
    run(editcap, "--discard-all-secrets", theirs, bare)
    assert dissected(tshark, bare, "http.request.method")["0"]["http.request.method"] == ""
    with_log = (*CHECKED, "-o", f"tls.keylog_file:{log}")
    assert dissected(tshark, bare, "http.request.method", options=with_log)["0"]["http.request.method"] == "GET;"


def test_a_capture_that_cannot_be_written_is_one_line(folder: Path) -> None:  # noqa: F811 - fixture
    done = client(folder, 1, "--pcap", "/nowhere/capture")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"python -m handshake client: /nowhere/capture: No such file or directory\n"
