"""The command lines: help, mistakes, asking on a terminal, Ctrl-C, and processes that never outlive the story."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from demo.dispatch import COMMANDS
from demo.facts.certificates import certificate_facts
from demo.party.address import Address
from tests.demo.support.parties import NOBODY, OTP, PATIENCE, Parties, certificate
from tests.demo.support.terminal import DEMO, ROOT, Terminal, demo

PARTIES = ("ttp", "server", "client")


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    ended = demo(*command.split(), "--help", COLUMNS="80")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"usage: python -m demo {command} ")
    assert all(len(line) <= 80 for line in ended.stdout.splitlines())
    if "--seed" in ended.stdout:
        assert "INSECURE" in ended.stdout


def test_help_lists_the_commands() -> None:
    ended = demo("--help", COLUMNS="80")
    assert (ended.returncode, ended.stderr) == (0, "")
    for name, command in COMMANDS.items():
        assert f"  {name} " in ended.stdout
        assert command.summary in ended.stdout


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("nonsense", "python -m demo: argument COMMAND: invalid choice: 'nonsense'"),
        ("otp nonsense", "python -m demo otp: unrecognized arguments: nonsense"),
        ("--nonsense", "python -m demo otp: unrecognized arguments: --nonsense"),
        (
            "--seed x",
            "python -m demo otp: argument --seed: 'x' is not a seed, expected a whole number from 0 to 10**18 - 1",
        ),
        ("--seed -1", "python -m demo otp: argument --seed: '-1' is not a seed, expected a whole number from 0 to"),
        (
            "--amount 0",
            "python -m demo otp: argument --amount: the amount is 0, expected 1 to 1000000000000 whole",
        ),
        (
            "--amount 1e9",
            "python -m demo otp: argument --amount: '1e9' is not an amount, expected whole rupees such as 100000 or",
        ),
        ("--amount NaN", "python -m demo otp: argument --amount: 'NaN' is not an amount, expected whole rupees"),
        ("--payee=", "python -m demo otp: argument --payee: the payee is '', expected 1 to 64 printable characters"),
        ("--otp 12", "python -m demo otp: argument --otp: the OTP is '12', expected 4 to 10 digits"),
        (
            "--suite TLS_NULL",
            "python -m demo otp: argument --suite: there is no cipher suite 'TLS_NULL' here; the nearest names are ",
        ),
        ("ttp --listen 80", "python -m demo ttp: argument --listen: '80' is not an address, expected host:port"),
        ("ttp --listen localhost:70000", "python -m demo ttp: argument --listen: 'localhost:70000' is not an address"),
        ("ttp --enrol Mallory", "python -m demo ttp: argument --enrol: 'Mallory' is not an applicant, expected server"),
        ("ttp --country India", "ttp: country 'India', expected two capital letters such as IN"),
        ("server --country in", "server: country 'in', expected two capital letters such as IN"),
        ("server --common-name=", "server: the common name is empty"),
        ("server --timeout 0", "python -m demo server: argument --timeout: '0' is not a time limit, expected seconds"),
        ("server --timeout nan", "python -m demo server: argument --timeout: 'nan' is not a time limit"),
        ("server --at yesterday", "python -m demo server: argument --at: 'yesterday' is not a time, expected one such"),
        ("server --fingerprint 12", "python -m demo server: argument --fingerprint: '12' is not a SHA-256 fingerprint"),
        ("client --server-name a_b", "python -m demo client: argument --server-name: 'a_b' is not a DNS name"),
        ("client --dns-name a..b", "client: 'a..b' is not a DNS name, expected one such as server.bank.example"),
    ],
)
def test_a_wrong_command_gets_one_line_and_status_2(tmp_path: Path, command: str, complaint: str) -> None:
    words = command.split()
    if words[0] in PARTIES:
        words += ["--directory", str(tmp_path / "state")]
    ended = demo(*words)
    assert (ended.returncode, ended.stdout) == (2, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith(complaint)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_party_by_hand_tells_what_it_does(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client")
        ended = demo("client", "--directory", str(tmp_path), "--ttp", str(address), "--connect", NOBODY, COLUMNS="80")
    assert ended.returncode == 1
    assert ended.stderr == f"client: the server is not there: nobody answers at {NOBODY}\n"
    text = "".join(ended.stdout.split())  # long lines are wrapped anywhere
    assert f"hasitscertificate,in{tmp_path}/client/certificate.pem" in text
    for name, value in certificate_facts(certificate(tmp_path, "client")):
        if name in ("subject", "issuer", "serial number", "signed with"):
            assert f"{name}{value}".replace(" ", "") in text


@pytest.mark.slow
def test_a_story_that_nobody_reads_to_its_end() -> None:
    story = subprocess.Popen(DEMO, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert story.stdout is not None
    assert story.stderr is not None
    story.stdout.readline()
    story.stdout.close()
    assert story.stderr.read() == b""
    assert story.wait(30) == 0
    story.stderr.close()


def test_reports_that_nobody_reads_to_their_end() -> None:
    words = ("server", "--trivial", "--json", "--listen", "127.0.0.1:0")
    server = subprocess.Popen([*DEMO, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.stdout is not None
    assert server.stderr is not None
    address = Address.parse(json.loads(server.stdout.readline())["address"])
    server.stdout.close()
    with socket.create_connection(address, timeout=5) as client:
        assert client.recv(4096).decode() == OTP
    assert server.stderr.read() == b""
    assert server.wait(30) == 0
    server.stderr.close()


@pytest.mark.slow
def test_a_terminal_that_knows_ascii_alone() -> None:
    ended = demo(PYTHONIOENCODING="ascii", COLUMNS="80")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "The OTP for transferring Rs 1,00,000" in ended.stdout


# Asking on a terminal.


def test_names_are_asked_for_on_a_terminal(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "server")
        terminal = Terminal(
            "server", "--ask", "--directory", str(tmp_path), "--ttp", str(address), "--listen", "127.0.0.1:0"
        )
        for question, answer in (
            ("server: Common name [server.bank.example]: ", "otp.asha.example\n"),
            ("server: Country (two letters) [IN]: ", "India\n"),
            ("expected two capital letters such as IN", ""),
            ("server: Country (two letters) [IN]: ", "NP\n"),
            ("server: State [Karnataka]: ", "Bagmati\n"),
            ("server: Locality [Bengaluru]: ", "Kāṭhmāḍauṁ\n"),
            ("server: Organisation [Example Bank]: ", "\n"),
            ("server: DNS names (separated by commas) [otp.asha.example]: ", "otp.asha.example, www.asha.example\n"),
        ):
            terminal.read_until(question)
            terminal.type(answer)
        terminal.read_until("listens at")
        terminal.type("\x03")
        assert terminal.exit_status() == 130
        ttp.wait(timeout=PATIENCE)
    assert "Traceback" not in terminal.shown
    issued = certificate(tmp_path, "server")
    assert str(issued.subject) == "C=NP, ST=Bagmati, L=Kāṭhmāḍauṁ, O=Example Bank, CN=otp.asha.example"
    assert issued.dns_names == ["otp.asha.example", "www.asha.example"]


def test_the_story_asks_for_all_three() -> None:
    terminal = Terminal("--ask")
    for party, names in (("ttp", 5), ("server", 6), ("client", 6)):
        for number in range(names):
            terminal.read_until(f"{party}: ")
            terminal.read_until("]: ")
            terminal.type("Sagarmatha TTP\n" if (party, number) == ("ttp", 0) else "\n")
    terminal.read_until("Which one [1]: ")
    terminal.type("5\n")
    assert terminal.exit_status() == 0
    assert "CN=Sagarmatha TTP" in terminal.shown
    assert "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" in terminal.shown.split("suite chosen")[1]
    assert "\x1b[" in terminal.shown or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"


def test_the_end_of_input_while_asking() -> None:
    terminal = Terminal("client", "--ask")
    terminal.read_until("Common name")
    terminal.type("\x04")
    assert terminal.exit_status() == 1
    assert terminal.shown.rstrip().endswith("client: the input ended before all names were given")
    assert demo("client", "--ask").returncode == 1  # no input at all


def test_ctrl_c_while_asking() -> None:
    terminal = Terminal("client", "--ask")
    terminal.read_until("Common name")
    terminal.type("\x03")
    assert terminal.exit_status() == 130
    assert "Traceback" not in terminal.shown


# Ctrl-C and other ends.


@pytest.mark.parametrize("party", PARTIES)
def test_ctrl_c_ends_a_party_that_waits(enrolled: Path, party: str) -> None:
    words = ["--enrol", "client"] if party == "ttp" else []
    where = ["--connect", NOBODY] if party == "client" else ["--listen", "127.0.0.1:0"]
    child = subprocess.Popen(
        [*DEMO, party, "--json", "--directory", str(enrolled), *words, *where],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if '"listening"' in line or ('"certificate"' in line and party == "client"):
            break
    child.send_signal(signal.SIGINT)
    _, complaints = child.communicate(timeout=10)
    assert (child.returncode, complaints) == (130, "Interrupted.\n")


def children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    if not listed.exists():
        pytest.skip("this system does not list a process's children in /proc")
    return [int(child) for child in listed.read_text().split()]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("end", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_no_party_outlives_the_story(tmp_path: Path, end: signal.Signals, status: int) -> None:
    story = subprocess.Popen(
        DEMO,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert story.stdout is not None
    for line in story.stdout:
        if line.startswith("1  "):
            break
    deadline = time.monotonic() + PATIENCE
    while not (parties := children_of(story.pid)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert parties
    story.send_signal(end)
    _, complaints = story.communicate(timeout=20)
    assert story.returncode == status
    assert "Traceback" not in complaints
    while any(map(is_running, parties)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_running, parties))
    if end is not signal.SIGKILL:
        assert not list(tmp_path.iterdir())  # the keys of the run are gone with it


def test_closed_standard_streams(tmp_path: Path) -> None:
    command = '"$@" <&- >&-'
    words = ["sh", "-c", command, "sh", *DEMO, "client", "--ask", "--directory", str(tmp_path)]
    ended = subprocess.run(words, cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "client: the input ended before all names were given"
