"""The bank's ledger: accounts and what moves between them, in one file that neither a crash nor a crowd can damage.

Each method is one transaction: after this process or the machine dies at any point of it, all of it has happened or
nothing. What a customer asks for has an id that the customer chose; asked for again under that id, it is not done
again, and the answer is the same. So a customer who lost an answer asks again.

Standard     SQLite 3's file format and guarantees; RFC 4226 §5.3 (the one-time passwords), §7.3 (throttling).
Left out     Interest, fees, statements; closing an account.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from pathlib import Path

from demo.bank.money import FULL_ACCOUNT, FULL_BANK, show_amount
from demo.bank.schema import CASH, TABLES, TRIGGERS
from demo.failure import PartyError
from demo.party.files import write_file
from primitives.hotp import hotp
from primitives.integers import RandomBytes

APPLICATION_ID = 0x4375746C  # "Cutl": says in the file's header whose it is
VERSION = 1  # of the schema
BUSY_TIMEOUT = 30.0  # seconds to wait for another process that uses the ledger
KEY_SIZE = 20  # bytes (RFC 4226 §4 R6: 160 bits are recommended)
TRIES = 3  # wrong passwords after which an order is void (RFC 4226 §7.3)
ORDER_VALIDITY = timedelta(minutes=5)
TIME = "%Y-%m-%dT%H:%M:%SZ"


class Refused(Exception):  # noqa: N818 - it is what happened: the customer is told why
    """The bank does not do what was asked; the message says why."""


class WrongPassword(Refused):
    """The one-time password is not the one of the order.

    tries: how many more may be made.
    """

    def __init__(self, tries: int) -> None:
        super().__init__(f"the one-time password is wrong: {tries or 'no'} {'try' if tries == 1 else 'tries'} left")
        self.tries = tries


@dataclass(frozen=True)
class Receipt:
    """What was done: the number of the posting, its amount, and the customer's balance after it, in paise."""

    number: int
    amount: int
    balance: int


@dataclass(frozen=True, repr=False)
class Order:
    """A transfer that waits for its confirmation: its number, and the one-time password that confirms it."""

    number: int
    payee: str
    amount: int
    password: str


@dataclass(frozen=True)
class Summary:
    """How the ledger stands: how many customers and postings there are, and what the bank owes."""

    customers: int
    postings: int
    owed: int


class Ledger:
    """The ledger in the file at `path`, made now if it is missing. Safe to use from many threads and processes.

    random_bytes: where the keys of the one-time passwords come from.
    Raises `PartyError` if the file is something else or does not balance.
    """

    def __init__(self, path: Path, *, random_bytes: RandomBytes = secrets.token_bytes) -> None:
        self._path, self._random_bytes = path, random_bytes
        self._lock = threading.Lock()  # one after the other, in the order in which they came
        if not path.exists():
            write_file(path, b"", private=True)
        try:
            self._connection = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False, cached_statements=64
            )
            try:
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._connection.execute("PRAGMA synchronous = EXTRA")  # what was confirmed lasts through a power cut
                with self._transaction() as connection:
                    self._found(connection)
                self.check()
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.Error as error:
            raise PartyError(f"the ledger {path} cannot be used: {error}") from None

    def _found(self, connection: sqlite3.Connection) -> None:
        """Begin an empty ledger; see that one which is not empty is ours."""
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in (*TABLES.split(";"), *TRIGGERS):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            self._open(connection, CASH, "cash", datetime.min)
        known = tuple(connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("application_id", "user_version"))
        if known != (APPLICATION_ID, VERSION):
            raise PartyError(f"{self._path} is not a ledger of this version")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    # --- What customers ask for

    def open_account(self, name: str, *, at: datetime) -> None:
        """Open the customer's account, unless there is one."""
        with self._transaction() as connection:
            if self._account(connection, name) is None:
                self._open(connection, name, "customer", at)

    def balance(self, name: str) -> int:
        """Return the customer's balance, in paise."""
        with self._transaction() as connection:
            return _balance(connection, self._customer(connection, name))

    def deposit(self, name: str, amount: int, *, request: str, at: datetime) -> Receipt:
        """Put money into the customer's account."""
        with self._transaction() as connection:
            account, cash = self._customer(connection, name), _cash(connection)
            return self._once(
                connection, account, request, f"deposit {amount}", lambda: _post(connection, cash, account, amount, at)
            )

    def withdraw(self, name: str, amount: int, *, request: str, at: datetime) -> Receipt:
        """Take money out of the customer's account; raise `Refused` if there is not so much."""
        with self._transaction() as connection:
            account, cash = self._customer(connection, name), _cash(connection)
            return self._once(
                connection, account, request, f"withdraw {amount}", lambda: _post(connection, account, cash, amount, at)
            )

    def order(self, name: str, payee: str, amount: int, *, request: str, at: datetime) -> Order:
        """Take an order to transfer money, which is done once it is confirmed.

        Raises `Refused` if it could not be done, as it stands now.
        """
        with self._transaction() as connection:
            account = self._customer(connection, name)
            known = _known(connection, account, request, f"transfer {amount} to {payee}")
            if known is None:
                known = self._new_order(connection, account, payee, amount, at)
                _remember(connection, account, request, f"transfer {amount} to {payee}", known)
            return Order(known, payee, amount, self._password(connection, account, known))

    def _new_order(self, connection: sqlite3.Connection, account: int, payee: str, amount: int, at: datetime) -> int:
        other = self._account(connection, payee)
        if other is None:
            raise Refused(f"there is no account of {payee[:64]}")
        if other == account:
            raise Refused("that is your own account")
        _require(_balance(connection, account), amount)
        _require_room(connection, other, amount)
        counter: int = connection.execute(
            "SELECT coalesce(max(counter) + 1, 0) FROM orders WHERE account = ?", (account,)
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO orders (account, counter, payee, amount, not_after) VALUES (?, ?, ?, ?, ?)",
            (account, counter, other, amount, (at + ORDER_VALIDITY).strftime(TIME)),
        )
        return counter

    def confirm(self, name: str, number: int, password: str, *, at: datetime) -> Receipt:
        """Do the transfer that was ordered, if the password is the one of the order.

        Confirmed again with the same password, it is not done again, and the receipt is the same. Raises
        `WrongPassword`, or `Refused` if the order is void or there is not so much money.
        """
        with self._transaction() as connection:
            account = self._customer(connection, name)
            row = connection.execute(
                "SELECT payee, amount, not_after FROM orders WHERE account = ? AND counter = ?", (account, number)
            ).fetchone()
            if row is None:
                raise Refused(f"there is no order {number}")
            payee, amount, not_after = row
            right = compare_digest(password.encode(), self._password(connection, account, number).encode())
            attempts = connection.execute(
                "SELECT posting FROM attempts WHERE account = ? AND counter = ?", (account, number)
            ).fetchall()
            done = [posting for (posting,) in attempts if posting is not None]
            if done and right:
                return _receipt(connection, done[0], account)
            if done or len(attempts) >= TRIES or at.strftime(TIME) > not_after:
                raise Refused("the order is done already, or void after too many tries, or too old: order it anew")
            posting = _post(connection, account, payee, amount, at) if right else None
            connection.execute(
                "INSERT INTO attempts (account, counter, posting) VALUES (?, ?, ?)", (account, number, posting)
            )
            if posting is not None:
                return _receipt(connection, posting, account)
        raise WrongPassword(TRIES - len(attempts) - 1)  # after the transaction, in which the attempt was noted

    # --- For the bank itself

    def check(self) -> Summary:
        """Return how the ledger stands; raise `PartyError` if anything in it is not as it should be."""
        with self._transaction() as connection:
            for what, query in CHECKS.items():
                if found := connection.execute(query).fetchone():
                    raise PartyError(f"the ledger {self._path} does not balance: {what}: {found}")
            if (found := connection.execute("PRAGMA integrity_check").fetchone()) != ("ok",):
                raise PartyError(f"the ledger {self._path} is damaged: {found[0]}")
            customers, postings = (
                connection.execute(query).fetchone()[0]
                for query in (
                    "SELECT count(*) FROM accounts WHERE kind = 'customer'",
                    "SELECT count(*) FROM postings",
                )
            )
            return Summary(customers, postings, -_balance(connection, _cash(connection)))

    # --- Inside of a transaction

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")  # locked now: nothing read here can change meanwhile
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _open(self, connection: sqlite3.Connection, name: str, kind: str, at: datetime) -> None:
        connection.execute(
            "INSERT INTO accounts (name, kind, hotp_key, opened) VALUES (?, ?, ?, ?)",
            (name, kind, self._random_bytes(KEY_SIZE), at.strftime(TIME)),
        )

    def _account(self, connection: sqlite3.Connection, name: str) -> int | None:
        row = connection.execute("SELECT id FROM accounts WHERE name = ? AND kind = 'customer'", (name,)).fetchone()
        return row and int(row[0])

    def _customer(self, connection: sqlite3.Connection, name: str) -> int:
        account = self._account(connection, name)
        if account is None:
            raise Refused(f"there is no account of {name}")
        return account

    def _once(
        self, connection: sqlite3.Connection, account: int, request: str, question: str, post: Callable[[], int]
    ) -> Receipt:
        """Make the posting, unless it was made already under this id; return the receipt for it."""
        number = _known(connection, account, request, question)
        if number is None:
            number = post()
            _remember(connection, account, request, question, number)
        return _receipt(connection, number, account)

    def _password(self, connection: sqlite3.Connection, account: int, counter: int) -> str:
        row = connection.execute("SELECT hotp_key FROM accounts WHERE id = ?", (account,)).fetchone()
        return hotp(row[0], counter)


CHECKS = {
    "the entries' sum is not nothing": "SELECT sum FROM (SELECT coalesce(sum(amount), 0) AS sum FROM entries)"
    " WHERE sum <> 0",
    "a posting has not its two entries": "SELECT id FROM postings p WHERE (SELECT count(*) FROM entries WHERE"
    " posting = p.id AND (account, amount) IN (VALUES (p.payer, -p.amount), (p.payee, p.amount))) <> 2",
    "an entry is not one of two of a posting": "SELECT id FROM entries e WHERE posting NOT IN (SELECT id FROM postings)"
    " OR (SELECT count(*) FROM entries WHERE posting = e.posting) <> 2",
    "a balance does not follow from the entries": "SELECT account FROM (SELECT account, balance, sum(amount) OVER"
    " (PARTITION BY account ORDER BY id) AS sum FROM entries) WHERE balance <> sum",
    "an overdraft": "SELECT e.id FROM entries e JOIN accounts a ON a.id = e.account"
    " WHERE e.balance < 0 AND a.kind = 'customer'",
    "a transfer differs from its order": "SELECT a.id FROM attempts a JOIN orders o USING (account, counter)"
    " JOIN postings p ON p.id = a.posting"
    " WHERE (p.payer, p.payee, p.amount) <> (o.account, o.payee, o.amount)",
    "a transfer without its password": "SELECT p.id FROM postings p JOIN accounts a ON a.id = p.payer"
    " JOIN accounts b ON b.id = p.payee WHERE a.kind = 'customer' AND b.kind = 'customer'"
    " AND p.id NOT IN (SELECT posting FROM attempts WHERE posting IS NOT NULL)",
}
"""What must not be found."""


def _cash(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT id FROM accounts WHERE kind = 'cash'").fetchone()[0])


def _balance(connection: sqlite3.Connection, account: int) -> int:
    row = connection.execute(
        "SELECT balance FROM entries WHERE account = ? ORDER BY id DESC LIMIT 1", (account,)
    ).fetchone()
    return int(row[0]) if row else 0


def _require(balance: int, amount: int) -> None:
    if amount > balance:
        raise Refused(f"there is not so much in the account: {show_amount(balance)}")


def _require_room(connection: sqlite3.Connection, account: int, amount: int) -> None:
    if _balance(connection, account) + amount > FULL_ACCOUNT:
        raise Refused(f"an account holds at most {show_amount(FULL_ACCOUNT)}, and this would be more")


def _post(connection: sqlite3.Connection, payer: int, payee: int, amount: int, at: datetime) -> int:
    """Move the amount, and return the number of the posting."""
    cash = _cash(connection)
    if payer != cash:
        _require(_balance(connection, payer), amount)  # a trigger would refuse it as well, in fewer words
    elif amount - _balance(connection, cash) > FULL_BANK:
        raise Refused(f"the bank holds as much as it can: at most {show_amount(FULL_BANK)}")
    if payee != cash:
        _require_room(connection, payee, amount)
    cursor = connection.execute(
        "INSERT INTO postings (payer, payee, amount, at) VALUES (?, ?, ?, ?)", (payer, payee, amount, at.strftime(TIME))
    )
    return int(cursor.lastrowid or 0)


def _receipt(connection: sqlite3.Connection, number: int, account: int) -> Receipt:
    amount, balance = connection.execute(
        "SELECT abs(amount), balance FROM entries WHERE posting = ? AND account = ?", (number, account)
    ).fetchone()
    return Receipt(number, amount, balance)


def _known(connection: sqlite3.Connection, account: int, request: str, question: str) -> int | None:
    """Return what came of the request if it was made before; raise `Refused` if its id was another request's."""
    row = connection.execute(
        "SELECT question, number FROM answers WHERE account = ? AND request = ?", (account, request)
    ).fetchone()
    if row is None:
        return None
    if row[0] != question:
        raise Refused("this id was used for another request")
    return int(row[1])


def _remember(connection: sqlite3.Connection, account: int, request: str, question: str, number: int) -> None:
    connection.execute(
        "INSERT INTO answers (account, request, question, number) VALUES (?, ?, ?, ?)",
        (account, request, question, number),
    )
