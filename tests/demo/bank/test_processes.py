"""The bank and its customers as real processes: by command, by menu, in a pipe, at a terminal, and cut off."""

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demo.bank.ledger import Ledger
from demo.bank.scene_command import CutTheAnswer
from demo.party.address import Address
from demo.wire.flows import Flow
from demo.wire.tap import Tap
from tests.demo.support.parties import ANY_PORT, PATIENCE, Ending, Parties, copy, listening
from tests.demo.support.terminal import DEMO, ROOT, Terminal, demo


@pytest.fixture(scope="module")
def state(people_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(people_once, tmp_path_factory.mktemp("bank") / "state")


@pytest.fixture(scope="module")
def bank(state: Path) -> Iterator[Address]:
    """Where a bank listens, which is there for all tests of this module."""
    with Parties(state) as parties:
        server = parties.start("bank server", "--listen", ANY_PORT)
        address = listening(server)
        customer(state, address, "bala", "balance")  # which opens the account
        yield address


def customer(state: Path, address: Address, name: str, *errand: str) -> Ending:
    with Parties(state) as parties:
        return Ending.of(parties.start("bank client", "--name", name, "--connect", str(address), *errand))


def balance(state: Path, address: Address, name: str) -> str:
    [event] = customer(state, address, name, "balance").all("holds")
    return str(event["balance"])


def words(state: Path, address: Address, *more: str) -> list[str]:
    return ["bank", "client", "--name", "asha", "--directory", str(state), "--connect", str(address), *more]


def test_a_day_at_the_bank(state: Path, bank: Address) -> None:
    before = balance(state, bank, "bala")
    [deposited] = customer(state, bank, "asha", "deposit", "1,000.50").all("done")
    assert deposited["amount"] == "Rs 1,000.50"
    transferred = customer(state, bank, "asha", "transfer", "bala", "300", "--confirm")
    [message] = transferred.all("otp arrived")
    assert re.fullmatch(r"The OTP for transferring Rs 300 to bala's account is \d{6}\.", message["text"])
    assert transferred.all("done")[0]["by"] == "transfer"
    assert balance(state, bank, "bala") != before
    refused = customer(state, bank, "asha", "withdraw", "99,999")
    assert refused.status == 1
    assert refused.line.startswith("bank client: the bank refuses: there is not so much in the account: Rs ")


def test_a_request_given_twice_is_done_once(state: Path, bank: Address) -> None:
    first, again = (customer(state, bank, "asha", "deposit", "7", "--request", "salary-june").all("done") for _ in "12")
    assert first == again
    other = customer(state, bank, "asha", "deposit", "8", "--request", "salary-june")
    assert other.line == "bank client: the bank refuses: this id was used for another request"


def test_a_connection_that_is_cut_pays_once(state: Path, bank: Address) -> None:
    before = customer(state, bank, "asha", "deposit", "100").all("done")[0]
    tamper = CutTheAnswer()
    with Tap(bank, tamper=tamper) as tap:
        [done] = customer(state, tap.address, "asha", "withdraw", "40").all("done")
    assert tamper.cut
    assert len(tap.captures) == 2  # it has come back to ask again
    assert int(done["number"]) == int(before["number"]) + 1
    after = customer(state, bank, "asha", "deposit", "40").all("done")[0]
    assert after["balance"] == before["balance"]


@pytest.mark.slow
def test_a_bank_that_cannot_be_reached_is_not_tried_without_end(state: Path) -> None:
    with Parties(state, timeout=0.5) as parties:
        ended = Ending.of(parties.start("bank client", "--name", "asha", "--connect", "127.0.0.1:1", "balance"))
    assert (ended.status, ended.line) == (1, "bank client: the bank is not there: nobody answers at 127.0.0.1:1")


class SpoilTheAnswer:
    """Changes a bit of what the bank answers."""

    def __call__(self, flow: Flow, number: int, record: bytes) -> list[bytes]:
        if flow is Flow.TO_CALLER and record[0] == 23:
            return [record[:-1] + bytes([record[-1] ^ 1])]
        return [record]


@pytest.mark.slow
def test_an_answer_that_was_changed_is_not_believed(state: Path, bank: Address) -> None:
    with Tap(bank, tamper=SpoilTheAnswer()) as tap:
        ended = customer(state, tap.address, "asha", "balance")
    assert ended.status == 1
    assert "alert bad_record_mac" in ended.line
    assert ended.all("holds") == []


@pytest.mark.parametrize(
    ("errand", "complaint"),
    [
        ("deposit", "cannot 'deposit', expected balance, deposit AMOUNT, withdraw AMOUNT or transfer PAYEE AMOUNT"),
        ("deposit -5", "'-5' is not an amount, expected rupees such as 250, 1,00,000 or 99.50"),
        ("deposit 1e9", "'1e9' is not an amount"),
        ("withdraw NaN", "'NaN' is not an amount"),
        ("transfer bala 0", "the amount is Rs 0.00, expected more than nothing, at most Rs 10,00,00,00,00,000.00"),
        ("rob 5", "cannot 'rob 5', expected"),
        ("balance --request a/b", "'a/b' is not a request id, expected 1 to 64 letters, digits or hyphens"),
    ],
)
def test_errands_that_cannot_be(tmp_path: Path, errand: str, complaint: str) -> None:
    ended = demo("bank", "client", "--directory", str(tmp_path / "state"), *errand.split())
    assert (ended.returncode, ended.stdout) == (2, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith(f"bank client: {complaint}")
    assert not list(tmp_path.iterdir())


def in_a_pipe(state: Path, address: Address, typed: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*DEMO, *words(state, address)], cwd=ROOT, input=typed, capture_output=True, timeout=PATIENCE, check=False
    )


def test_the_menu_in_a_pipe(state: Path, bank: Address) -> None:
    before = balance(state, bank, "asha").removeprefix("Rs ")
    nonsense = [b"7", b"", b"rob", b"\xff\xfe", b"x" * 100_000, b"\x1b[2J", b"1\n-5", b"2\n1e9", b"1\nNaN", b"1\n",
                b"1\n" + b"9" * 100_000, b"2\n99,99,999", b"4\nnobody\n5", b"4\n\x1b]0;owned\x07\n5"]  # fmt: skip
    ended = in_a_pipe(state, bank, b"\n".join(nonsense) + b"\nbalance\nexit\n")
    assert ended.returncode == 0
    for text in (ended.stdout.decode(), ended.stderr.decode()):
        assert "Traceback" not in text
        assert "\x1b" not in text
    assert f"has Rs {before} in the account." in ended.stdout.decode()
    assert "'7' is not in the menu, expected a number from 1 to 5" in ended.stderr.decode()
    assert "there is no account of nobody" in " ".join(ended.stdout.decode().split())


@pytest.mark.parametrize(
    "typed", [b"", b"4\nbala\n", *(pytest.param(t, marks=pytest.mark.slow) for t in (b"1", b"1\n", b"3\n3"))]
)
def test_the_input_ends_anywhere_in_the_menu(state: Path, bank: Address, typed: bytes) -> None:
    ended = in_a_pipe(state, bank, typed)
    assert ended.returncode == 0
    assert b"says goodbye." in ended.stdout
    assert b"Traceback" not in ended.stderr


def test_the_menu_at_a_terminal(state: Path, bank: Address) -> None:
    customer(state, bank, "asha", "deposit", "10")
    terminal = Terminal(*words(state, bank))
    ask = "What would you like to do? "
    terminal.read_until(ask)
    terminal.type("transfer\n")
    terminal.read_until("To whom? ")
    terminal.type("bala\n")
    terminal.read_until("How many rupees? ")
    terminal.type("1.25\n")
    terminal.read_until("account is ")
    terminal.read_until("The one-time password, or nothing to give it up: ")
    password = re.findall(r"account is\s+(\d{6})\.", terminal.shown)[-1]
    wrong = f"{(int(password) + 1) % 10**6:06d}"
    terminal.type(f"{wrong}\n")
    terminal.read_until("2 tries")
    terminal.read_until("give it up: ")
    terminal.type(f"{password}\n")
    terminal.read_until("has transferred Rs 1.25")
    terminal.read_until(ask)
    terminal.type("\x04")  # Ctrl-D
    assert terminal.exit_status() == 0
    assert "says goodbye." in terminal.shown


def test_ctrl_c_in_the_menu(state: Path, bank: Address) -> None:
    terminal = Terminal(*words(state, bank))
    terminal.read_until("What would you like to do? ")
    terminal.type("1\n")
    terminal.read_until("How many rupees? ")
    terminal.type("\x03")
    assert terminal.exit_status() == 130
    assert terminal.shown.rstrip().endswith("Interrupted.")


def test_a_transfer_that_is_not_confirmed_is_not_done(state: Path, bank: Address) -> None:
    customer(state, bank, "asha", "deposit", "10")
    before = balance(state, bank, "asha")
    ended = subprocess.run(
        [*DEMO, *words(state, bank, "transfer", "bala", "5")], cwd=ROOT, input=b"\n", capture_output=True, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr.endswith(b"bank client: the transfer was not confirmed, and is not done\n")
    assert balance(state, bank, "asha") == before


def test_junk_and_strangers_do_the_bank_no_harm(state: Path, bank: Address, enrolled_once: Path) -> None:
    for junk in (b"", b"GET / HTTP/1.0\r\n\r\n", bytes(1000), b"\x16\x03\x01\xff\xff"):
        with socket.create_connection(bank) as connection:
            connection.sendall(junk)
    with Parties(enrolled_once) as strangers:  # of another TTP
        stranger = Ending.of(strangers.start("bank client", "--connect", str(bank), "balance"))
    assert stranger.status == 1
    assert "certificate is refused" in stranger.line
    assert customer(state, bank, "asha", "balance").status == 0


@pytest.mark.slow
def test_a_bank_that_is_killed_has_lost_nothing(people: Path) -> None:
    with Parties(people) as parties:
        server = parties.start("bank server", "--listen", ANY_PORT)
        address = listening(server)
        customer(people, address, "bala", "balance")
        for number in range(3):
            customer(people, address, "asha", "deposit", "5", "--request", f"r{number}")
        order = customer(people, address, "asha", "transfer", "bala", "1", "--confirm", "--request", "t")
        server.kill()
        again = parties.start("bank server", "--listen", ANY_PORT)
        address = listening(again)
        [ledger] = [event for event in again.events if event["event"] == "ledger"]
        assert (ledger["postings"], ledger["owed"]) == (4, "Rs 15.00")
        repeated = customer(people, address, "asha", "transfer", "bala", "1", "--confirm", "--request", "t")
        assert repeated.all("done") == order.all("done")
        assert balance(people, address, "bala") == "Rs 1.00"
    with closing(Ledger(people / "server" / "ledger.db")) as kept:
        assert kept.check().owed == 1500


@pytest.mark.slow
def test_no_report_of_the_bank_holds_a_password(people: Path) -> None:
    with Parties(people) as parties:
        server = parties.start("bank server", "--listen", ANY_PORT)
        address = listening(server)
        customer(people, address, "bala", "balance")
        customer(people, address, "asha", "deposit", "5")
        [message] = customer(people, address, "asha", "transfer", "bala", "1", "--confirm").all("otp arrived")
        password = re.findall(r"\d{6}", message["text"])[0]
        assert password not in json.dumps(server.events)


def test_ctrl_c_ends_the_bank(people: Path) -> None:
    server = subprocess.Popen(
        [*DEMO, "bank", "server", "--json", "--directory", str(people), "--listen", ANY_PORT],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    for line in server.stdout:
        if '"listening"' in line:
            break
    server.send_signal(signal.SIGINT)
    _, complaints = server.communicate(timeout=PATIENCE)
    assert (server.returncode, complaints) == (130, "Interrupted.\n")


@pytest.mark.slow
def test_the_scene() -> None:
    ended = demo("bank", "--json", timeout=300)
    assert (ended.returncode, ended.stderr) == (0, "")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    done = [event for event in events if event["event"] == "done"]
    assert [event["by"] for event in done] == ["deposit", "transfer", "withdraw", "withdraw"]
    assert done[2] == done[3]
    assert [event["balance"] for event in events if event["event"] == "holds"][-2:] == ["Rs 650.00", "Rs 300.00"]
    [refused] = [event for event in events if event["event"] == "refused by the bank"]
    assert "there is not so much in the account" in refused["reason"]
