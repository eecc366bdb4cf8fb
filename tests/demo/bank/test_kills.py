"""The bank and its customers, killed at any moment: the ledger balances, and every transfer is done once.

While two customers transfer money to each other without end, the bank is killed and started again; and customers who
are processes of their own are killed in the middle of a transfer, and come again with the same request.
"""

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.bank.customer import Customer
from demo.bank.ledger import Ledger, Refused
from demo.bank.menu import PASSWORD
from demo.bank.money import PAISE
from demo.party.address import Address
from demo.party.subject import SERVER_NAME
from demo.stage.processes import PartyProcess
from handshake.configuration import ClientConfiguration
from pki.keys import load_private_key
from pki.x509 import Certificate
from tests.demo.support.parties import ANY_PORT, PATIENCE

STARVED = 240.0  # seconds without an answer, which no machine is too busy for
SERVING = 0.3  # seconds at most that a bank is left alive after an answer to somebody
RICH = 1_000_000 * PAISE


def configuration(directory: Path, name: str) -> ClientConfiguration:
    folder = directory / name
    return ClientConfiguration(
        roots=(Certificate.from_pem((folder / "root.pem").read_bytes()),),
        server_name=SERVER_NAME,
        certificate_chain=(Certificate.from_pem((folder / "certificate.pem").read_bytes()),),
        private_key=load_private_key((folder / "key.pem").read_bytes()),
    )


@dataclass
class Payer:
    """A customer who transfers money to another, again and again.

    paid: the amount of each transfer that was confirmed, by its number in the ledger.
    passwords: of each order, which was confirmed by it.
    """

    directory: Path
    address: Address
    name: str
    payee: str
    seed: int
    paid: dict[int, int] = field(default_factory=dict)
    passwords: dict[int, str] = field(default_factory=dict)
    over: bool = False
    complaint: BaseException | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._live)
        self.thread.start()

    def _live(self) -> None:
        chance = random.Random(self.seed)
        try:
            with Customer(self.address, configuration(self.directory, self.name), PATIENCE, STARVED) as customer:
                number = 0
                while not self.over:
                    amount, number = chance.randrange(1, 1000), number + 1
                    order, text = customer.order(self.payee, amount, f"transfer-{number}")
                    password = PASSWORD.findall(text)[-1]
                    done = customer.confirm(order, password)
                    assert (done.what, done.amount) == ("transfer", amount)
                    assert done.number not in self.paid
                    self.paid[done.number], self.passwords[order] = amount, password
        except BaseException as error:
            self.complaint = error


class Bank:
    """A bank that is killed and started again at one and the same place."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.address = Address.parse(ANY_PORT)
        self.start()
        self.address = self.wait()

    def start(self) -> None:
        self.process = PartyProcess("bank server", "--directory", str(self._directory), "--listen", str(self.address))

    def wait(self) -> Address:
        return Address.parse(self.process.wait_for("listening", timeout=PATIENCE)["address"])

    def kill(self) -> None:
        self.process.kill()
        self.process.end()


def transfer(directory: Path, address: Address, request: str) -> PartyProcess:
    words = ("transfer", "bala", "1", "--confirm", "--request", request)
    where = ("--connect", str(address), "--timeout", f"{STARVED:g}")
    return PartyProcess("bank client", "--name", "asha", "--directory", str(directory), *where, *words)


def kill_at_random(directory: Path, *, times: int, seed: int) -> None:
    chance = random.Random(seed)
    bank = Bank(directory)
    for name in ("asha", "bala"):
        with Customer(bank.address, configuration(directory, name), PATIENCE, STARVED) as customer:
            customer.deposit(RICH, "wealth")
    payers = [
        Payer(directory, bank.address, name, payee, seed + len(name + payee) * (name < payee))
        for name, payee in (("asha", "bala"), ("bala", "asha"))
    ]
    asked, walkers = 0, list[PartyProcess]()
    try:
        for turn in range(times):
            before = sum(len(payer.paid) for payer in payers)
            deadline = time.monotonic() + STARVED
            while sum(len(payer.paid) for payer in payers) == before and not any(payer.complaint for payer in payers):
                assert time.monotonic() < deadline, "the bank does not answer"
                time.sleep(0.005)
            if turn % 2:
                bank.kill()
                bank.start()
                if chance.random() < 0.2:  # it dies somewhere in its start
                    time.sleep(chance.random())
                    bank.kill()
                    bank.start()
            else:
                asked += 1
                walkers.append(transfer(directory, bank.address, f"walk-in-{asked}"))
                time.sleep(chance.random() * SERVING * 5)
                walkers[-1].kill()
        bank.wait()
        with Customer(bank.address, configuration(directory, "asha"), PATIENCE, STARVED) as customer:
            for number in range(1, asked + 1):  # a client that does not know whether it was done asks again
                order, text = customer.order("bala", PAISE, f"walk-in-{number}")
                customer.confirm(order, PASSWORD.findall(text)[-1])
    finally:
        for payer in payers:
            payer.over = True
        for payer in payers:
            payer.thread.join()
        for walker in walkers:
            walker.end()
        bank.kill()
    assert [payer.complaint for payer in payers] == [None, None]
    check(directory, payers, walk_ins=asked)


def check(directory: Path, payers: list[Payer], *, walk_ins: int) -> None:
    """The ledger balances, has every transfer that was confirmed to somebody, each once, and no other."""
    with closing(Ledger(directory / "server" / "ledger.db")) as ledger:
        transfers = sum(len(payer.paid) for payer in payers) + walk_ins
        summary = ledger.check()
        assert (summary.postings, summary.owed) == (2 + transfers, 2 * RICH)
        sent, received = (sum(payer.paid.values()) for payer in payers)
        assert ledger.balance("asha") == RICH - sent + received - walk_ins * PAISE
        assert ledger.balance("bala") == RICH + sent - received + walk_ins * PAISE
        rows = ledger._connection.execute("SELECT id, amount FROM postings").fetchall()
        assert {number: amount for payer in payers for number, amount in payer.paid.items()}.items() <= dict(
            rows
        ).items()
        # A password that was accepted is accepted no more: confirmed again, nothing moves.
        now = datetime.now(UTC)
        for payer in payers:
            for order, password in list(payer.passwords.items())[-20:]:
                assert ledger.confirm(payer.name, order, password, at=now).number in payer.paid
                with pytest.raises(Refused):
                    ledger.confirm(payer.name, order + 1_000_000, password, at=now)
        assert ledger.check() == summary


def test_a_bank_and_customers_that_are_killed(people: Path) -> None:
    kill_at_random(people, times=4, seed=1)


@pytest.mark.slow
def test_a_bank_and_customers_that_are_killed_two_hundred_times(people: Path) -> None:
    kill_at_random(people, times=200, seed=2)
