"""The story from end to end: `python -m demo` as people run it, and the story itself with what its taps captured."""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from demo.otp.story import Story
from demo.otp.storyteller import words_of
from demo.party.subject import DEFAULTS
from demo.stage.narration import Narrator
from demo.stage.processes import Event, Processes
from demo.stage.terminal import Terminal
from demo.story_command import COMMAND
from demo.wire.eavesdropper import overhear
from demo.wire.flows import Flow
from pki.fields.extensions import ExtendedKeyUsage
from pki.keys import load_private_key
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384
from pki.verify import Purpose, verify_chain
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey
from tests.conftest import PeerTool, run
from tests.demo.support.parties import OTP, certificate

ROOT = Path(__file__).parents[3]


def demo(*words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `python -m demo` and return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "demo", *words],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def told(directory: Path, *words: str) -> tuple[Story, list[Event]]:
    """Run the story in this process, its parties in theirs."""
    arguments = COMMAND.parser().parse_args(["--directory", str(directory), *words])
    events: list[Event] = []
    with Processes() as processes:
        story = Story(events.append, processes, words_of(arguments, DEFAULTS, directory, "256345"), text=OTP)
        story.run()
    return story, events


def test_the_story_in_a_pipe() -> None:
    ended = demo(environment={"COLUMNS": "80"})
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    headings = [line.rstrip("─ ") for line in lines if re.match(r"\d  ", line)]
    assert headings == [
        "1  The trivial approach",
        "2  A trusted third party",
        "3  Enrolment",
        "4  The handshake",
        "5  The OTP, delivered",
        "6  The eavesdropper again",
    ]
    assert all(len(line) <= 80 and line == line.rstrip() and line.isprintable() for line in lines)
    assert sum(OTP in line for line in lines) == 3  # sent in step 1; sent and received in step 5
    eavesdropper = "\n".join(line for line in lines if line.startswith("   ▌ "))
    first, second = eavesdropper.split("▌ EAVESDROPPER")[1:]
    assert "The OTP for tran" in first
    assert "The OTP" not in second
    assert "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256" in second


@dataclass
class Told:
    directory: Path
    story: Story
    events: list[Event]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One run of the story, for all tests that only look at it."""
    directory = tmp_path_factory.mktemp("story")
    return Told(directory, *told(directory))


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_colours_only_where_they_are_wanted(once: Told, columns: int) -> None:
    shown = {}
    for colours in (True, False):
        out = io.StringIO()
        console = Console(file=out, width=columns, force_terminal=colours, no_color=not colours, highlight=False)
        narrator = Narrator(Terminal(console), files=False)
        for event in once.events:
            narrator.tell(event)
        shown[colours] = out.getvalue()
    assert "\x1b[" in shown[True]
    assert "\x1b" not in shown[False]
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown[True]) == shown[False]
    widths = {len(line) for line in shown[False].splitlines() if "▌" not in line}
    assert max(widths) == min(max(columns, 50), 100)  # the headings' lines go from end to end


def test_every_event_is_told(once: Told) -> None:
    for event in once.events:
        out = io.StringIO()
        Narrator(Terminal(Console(file=out, width=80)), files=True).tell(event)
        assert out.getvalue().strip(), event


def test_the_wire_holds_the_otp_in_step_1_and_not_in_step_5(once: Told) -> None:
    story, events = once.story, once.events
    assert story.captures["trivial"][0].stream(Flow.TO_CALLER) == OTP.encode()
    [exchange] = story.captures["exchange"]
    for capture in (exchange, *story.captures["enrolment"]):
        for flow in Flow:
            stream = capture.stream(flow)
            assert stream
            assert b"OTP" not in stream
            assert b"256345" not in stream
            assert b"enrol" not in stream
            assert b"PRIVATE" not in stream
    overheard = overhear(exchange)
    assert ["suite", "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256"] in overheard.readable
    assert ["asked for", "server.bank.example"] in overheard.readable
    assert overheard.readable_bytes + sum(len(record) for _, _, record in overheard.sealed) == sum(
        len(exchange.stream(flow)) for flow in Flow
    )
    fingerprints = [event["fingerprint"] for event in events if event["event"] == "master secret agreed"]
    assert len(fingerprints) == 2
    assert len(set(fingerprints)) == 1


def test_the_handshake_is_told_whole_and_in_order(once: Told) -> None:
    events = once.events
    messages = [(event["party"], event["name"]) for event in events if event["event"] == "message"]
    assert messages == [
        ("client", "ClientHello"),
        ("server", "ServerHello"),
        ("server", "Certificate"),
        ("server", "CertificateRequest"),
        ("server", "ServerHelloDone"),
        ("client", "Certificate"),
        ("client", "ClientKeyExchange"),
        ("client", "CertificateVerify"),
        ("client", "ChangeCipherSpec"),
        ("client", "Finished"),
        ("server", "ChangeCipherSpec"),
        ("server", "Finished"),
    ]
    names = [(event["party"], event["event"]) for event in events if event["event"] != "message"]
    for expected in (
        ("client", "certificate verified"),
        ("server", "certificate verified"),
        ("client", "premaster secret sent"),
        ("server", "premaster secret received"),
        ("server", "signature verified"),
        ("server", "finished verified"),
        ("client", "finished verified"),
        ("server", "otp sent"),
        ("client", "otp received"),
        ("server", "otp acknowledged"),
        ("server", "closed"),
        ("client", "closed"),
    ):
        assert names.count(expected) == 1, expected


def test_what_the_parties_wrote(once: Told) -> None:
    directory = once.directory
    root = Certificate.from_pem((directory / "ttp" / "certificate.pem").read_bytes())
    assert root.is_self_issued
    assert root.signature_algorithm == RSA_PKCS1_SHA256
    assert root.public_key.n.bit_length() == 2048  # type: ignore[union-attr]  # an RSA key, or this fails
    for party, purpose in (("server", Purpose.SERVER_AUTH), ("client", Purpose.CLIENT_AUTH)):
        leaf = certificate(directory, party)
        assert leaf.version == 3
        assert leaf.signature_algorithm == RSA_PKCS1_SHA384
        assert leaf.subject == DEFAULTS[party].name
        assert tuple(leaf.dns_names) == DEFAULTS[party].dns_names
        usage = leaf.extension(ExtendedKeyUsage)
        assert usage is not None
        assert tuple(usage.purposes) == (purpose,)
        verify_chain(leaf, roots=(root,), at=datetime.now(UTC), purpose=purpose)
        key = load_private_key((directory / party / "key.pem").read_bytes())
        assert isinstance(key, RSAPrivateKey)
        assert key.public_key == leaf.public_key
        assert key.n.bit_length() == 2048
    assert not list((directory / "introduction-letters").iterdir())  # used introduction letters are destroyed


def test_openssl_accepts_what_the_parties_wrote(once: Told, peer_tool: PeerTool) -> None:
    openssl, directory = peer_tool("openssl"), once.directory
    root = str(directory / "ttp" / "certificate.pem")
    for party, purpose in (("server", "sslserver"), ("client", "sslclient")):
        folder = directory / party
        leaf, request = str(folder / "certificate.pem"), str(folder / "request.pem")
        assert run(openssl, "verify", "-x509_strict", "-purpose", purpose, "-CAfile", root, leaf).endswith("OK\n")
        assert f"CN = {DEFAULTS[party].common_name}" in run(openssl, "x509", "-in", leaf, "-noout", "-text")
        run(openssl, "req", "-verify", "-in", request, "-noout")
        run(openssl, "rsa", "-check", "-in", str(folder / "key.pem"), "-noout")
        for file in (leaf, request, root):
            run(openssl, "asn1parse", "-in", file)


def test_a_second_run_uses_what_the_first_has_left(once: Told) -> None:
    directory = once.directory
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    _, events = told(directory)
    assert {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()} == before
    assert [event["made"] for event in events if event["event"] == "key"] == ["no"] * 3
    assert [event["made"] for event in events if event["event"] == "certificate"] == ["no"] * 2


@pytest.mark.slow
def test_a_seed_repeats_the_run_byte_for_byte(tmp_path: Path) -> None:
    runs = []
    for name, seed in (("first", "7"), ("again", "7"), ("other", "8")):
        directory = tmp_path / name
        story, _ = told(directory, "--seed", seed)
        streams = [
            capture.stream(flow) for captures in story.captures.values() for capture in captures for flow in Flow
        ]
        files = {
            path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
        }
        runs.append((streams, files))
    first, again, other = runs
    assert len(first[0]) == 8  # two ways on four connections: trivial, two enrolments, the exchange
    assert len(first[1]) == 16
    assert first == again
    assert all(a != b for a, b in zip(first[0][2:], other[0][2:], strict=True))
    assert first[1]["client/key.pem"] != other[1]["client/key.pem"]


@pytest.mark.slow
def test_a_seeded_run_says_that_it_is_insecure_and_prints_the_same() -> None:
    first, again = (demo("--seed", "42", environment={"COLUMNS": "80"}) for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == again.stdout
    assert "INSECURE" in first.stdout[:400]


@pytest.mark.slow
def test_options_of_the_message_and_the_suite() -> None:
    ended = demo(
        "--amount", "12,34,567", "--payee", "Asha \"A\" Rao", "--otp", "random", "--json", "--suite",
        "TLS_RSA_WITH_AES_256_CBC_SHA256",
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    texts = {event["text"] for event in events if event["event"] in ("otp sent", "otp received", "sent in the clear")}
    [text] = texts
    assert re.fullmatch(r"The OTP for transferring Rs 12,34,567 to Asha \"A\" Rao's account is \d{6}\.", text)
    [suite] = {event["suite"] for event in events if event["event"] == "handshake completed"}
    assert suite == "TLS_RSA_WITH_AES_256_CBC_SHA256"
    assert {event["party"] for event in events} == {"ttp", "server", "client", "eavesdropper", "story"}


def test_a_party_that_fails_ends_the_story(tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "key.pem").write_text("not a key")
    ended = demo("--directory", str(tmp_path))
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith(
        f"otp: client: the private key cannot be used: {tmp_path}/client/key.pem: it is text without"
    )
    assert "5  The OTP" not in ended.stdout
