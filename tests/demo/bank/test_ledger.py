"""The ledger: what it does, what it refuses, and what it does not let anybody do to it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.bank.ledger import ORDER_VALIDITY, TRIES, Ledger, Order, Receipt, Refused, Summary
from demo.bank.money import FULL_BANK, LARGEST
from demo.bank.schema import CASH
from demo.failure import PartyError
from primitives.hotp import hotp

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.db", random_bytes=lambda n: b"k" * n)) as ledger:
        for name in ("asha", "bala"):
            ledger.open_account(name, at=NOW)
        yield ledger


def raw(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)


def test_money_comes_and_goes(ledger: Ledger) -> None:
    assert ledger.deposit("asha", 1000, request="a", at=NOW) == Receipt(1, 1000, 1000)
    assert ledger.withdraw("asha", 300, request="b", at=NOW) == Receipt(2, 300, 700)
    assert ledger.balance("asha") == 700
    assert ledger.balance("bala") == 0
    assert ledger.check() == Summary(2, 2, 700)


def test_there_is_no_overdraft(ledger: Ledger) -> None:
    ledger.deposit("asha", 100, request="a", at=NOW)
    with pytest.raises(Refused, match=r"there is not so much in the account: Rs 1\.00"):
        ledger.withdraw("asha", 101, request="b", at=NOW)
    with pytest.raises(Refused, match="there is not so much"):
        ledger.order("asha", "bala", 101, request="c", at=NOW)
    assert ledger.withdraw("asha", 100, request="b", at=NOW).balance == 0  # a refusal has not used up its id


def test_an_account_and_the_bank_can_be_full(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the account `cash` could be driven past the least of SQLite's whole numbers, and no deposit go through."""
    assert FULL_BANK + LARGEST < 1 << 63
    monkeypatch.setattr("demo.bank.ledger.FULL_ACCOUNT", 1000)
    monkeypatch.setattr("demo.bank.ledger.FULL_BANK", 1500)
    ledger.deposit("asha", 1000, request="a", at=NOW)
    with pytest.raises(Refused, match=r"an account holds at most Rs 10\.00, and this would be more"):
        ledger.deposit("asha", 1, request="b", at=NOW)
    ledger.deposit("bala", 500, request="a", at=NOW)
    with pytest.raises(Refused, match=r"the bank holds as much as it can: at most Rs 15\.00"):
        ledger.deposit("bala", 1, request="b", at=NOW)
    with pytest.raises(Refused, match="an account holds at most"):
        ledger.order("asha", "bala", 501, request="c", at=NOW)
    order = ledger.order("asha", "bala", 500, request="d", at=NOW)
    ledger.withdraw("asha", 1, request="e", at=NOW)
    ledger.deposit("bala", 1, request="f", at=NOW)
    with pytest.raises(Refused, match="an account holds at most"):  # it was not full when this was ordered
        ledger.confirm("asha", order.number, order.password, at=NOW)
    assert ledger.check() == Summary(2, 4, 1500)


def test_a_request_is_done_once(ledger: Ledger) -> None:
    first = ledger.deposit("asha", 1000, request="a", at=NOW)
    ledger.withdraw("asha", 1, request="w", at=NOW)
    assert ledger.deposit("asha", 1000, request="a", at=NOW) == first  # and the balance of then
    assert ledger.deposit("bala", 1000, request="a", at=NOW).number == 3  # another's id is another id
    for again in (
        lambda: ledger.deposit("asha", 2000, request="a", at=NOW),
        lambda: ledger.withdraw("asha", 1000, request="a", at=NOW),
        lambda: ledger.order("asha", "bala", 1000, request="a", at=NOW),
    ):
        with pytest.raises(Refused, match="this id was used for another request"):
            again()
    assert ledger.balance("asha") == 999


def ordered(ledger: Ledger, amount: int = 300, request: str = "t") -> Order:
    return ledger.order("asha", "bala", amount, request=request, at=NOW)


def test_a_transfer_is_done_when_it_is_confirmed(ledger: Ledger) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    order = ordered(ledger)
    assert ledger.balance("asha") == 1000
    receipt = ledger.confirm("asha", order.number, order.password, at=NOW)
    assert receipt == Receipt(2, 300, 700)
    assert ledger.balance("bala") == 300
    assert ledger.confirm("asha", order.number, order.password, at=NOW + timedelta(days=1)) == receipt
    assert ledger.check() == Summary(2, 2, 1000)


def test_the_passwords_are_those_of_rfc_4226_and_never_the_same_twice(ledger: Ledger) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    orders = [ordered(ledger, request=f"t{number}") for number in range(3)]
    assert [order.password for order in orders] == [hotp(b"k" * 20, counter) for counter in range(3)]
    assert ordered(ledger, request="t1").password == orders[1].password  # asked again, it is the same order
    assert "password" not in repr(orders[0])
    # The password of one order confirms no other.
    with pytest.raises(Refused, match="wrong: 2 tries left"):
        ledger.confirm("asha", orders[1].number, orders[0].password, at=NOW)
    ledger.confirm("asha", orders[0].number, orders[0].password, at=NOW)
    with pytest.raises(Refused, match="wrong: 1 try left"):
        ledger.confirm("asha", orders[1].number, orders[0].password, at=NOW)
    assert ledger.balance("bala") == 300


def test_three_wrong_passwords_make_an_order_void(ledger: Ledger) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    order = ordered(ledger)
    for left in ("2 tries", "1 try", "no tries"):
        with pytest.raises(Refused, match=f"the one-time password is wrong: {left} left"):
            ledger.confirm("asha", order.number, "000000", at=NOW)
    for password in (order.password, "000000", "", "９", "\0"):
        with pytest.raises(Refused, match="the order is done already, or void after too many tries, or too old"):
            ledger.confirm("asha", order.number, password, at=NOW)
    assert ledger.balance("bala") == 0
    assert TRIES == 3


def test_an_order_grows_old(ledger: Ledger) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    order = ordered(ledger)
    with pytest.raises(Refused, match="too old"):
        ledger.confirm("asha", order.number, order.password, at=NOW + ORDER_VALIDITY + timedelta(seconds=1))
    assert ledger.confirm("asha", order.number, order.password, at=NOW + ORDER_VALIDITY).balance == 700


def test_a_transfer_of_what_was_withdrawn_meanwhile(ledger: Ledger) -> None:
    ledger.deposit("asha", 300, request="a", at=NOW)
    order = ordered(ledger)
    ledger.withdraw("asha", 1, request="w", at=NOW)
    with pytest.raises(Refused, match="not so much"):
        ledger.confirm("asha", order.number, order.password, at=NOW)
    ledger.deposit("asha", 1, request="d", at=NOW)
    assert ledger.confirm("asha", order.number, order.password, at=NOW).balance == 0


def test_orders_that_cannot_be(ledger: Ledger) -> None:
    ledger.deposit("asha", 300, request="a", at=NOW)
    for payee, why in (("nobody", "no account of nobody"), ("asha", "your own account"), (CASH, "no account of cash")):
        with pytest.raises(Refused, match=why):
            ledger.order("asha", payee, 1, request="t", at=NOW)
    with pytest.raises(Refused, match="there is no order 7"):
        ledger.confirm("asha", 7, "123456", at=NOW)
    order = ordered(ledger)
    with pytest.raises(Refused, match="there is no order 0"):  # another's orders are not to be seen
        ledger.confirm("bala", order.number, order.password, at=NOW)
    with pytest.raises(Refused, match="there is no account of nobody"):
        ledger.balance("nobody")


def test_a_customer_called_like_the_banks_own_account(ledger: Ledger) -> None:
    ledger.open_account(CASH, at=NOW)
    ledger.deposit(CASH, 100, request="a", at=NOW)
    with pytest.raises(Refused, match="not so much"):
        ledger.withdraw(CASH, 101, request="b", at=NOW)
    assert ledger.check().owed == 100


@pytest.mark.parametrize("table", ["accounts", "postings", "entries", "orders", "attempts", "answers"])
def test_nothing_is_changed_or_deleted(ledger: Ledger, tmp_path: Path, table: str) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    order = ordered(ledger)
    ledger.confirm("asha", order.number, order.password, at=NOW)
    with closing(raw(tmp_path)) as connection:
        column = connection.execute(f"SELECT name FROM pragma_table_info('{table}') LIMIT 1").fetchone()[0]
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(sqlite3.IntegrityError, match="the ledger is only ever added to"):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("INSERT INTO postings (payer, payee, amount, at) VALUES (2, 3, 1001, '')", "overdraft"),
        ("INSERT INTO postings (payer, payee, amount, at) VALUES (2, 2, 1, '')", "CHECK"),
        ("INSERT INTO postings (payer, payee, amount, at) VALUES (2, 3, 0, '')", "CHECK"),
        ("INSERT INTO postings (payer, payee, amount, at) VALUES (2, 3, -5, '')", "CHECK"),
        ("INSERT INTO postings (payer, payee, amount, at) VALUES (2, 3, 0.5, '')", "CHECK"),
        ("INSERT INTO entries (posting, account, amount, balance) VALUES (1, 3, 5, 7)", "does not follow"),
        ("INSERT INTO attempts (account, counter, posting) VALUES (2, 0, 1)", "UNIQUE|FOREIGN"),
    ],
)
def test_what_the_tables_refuse_from_any_writer(ledger: Ledger, tmp_path: Path, statement: str, why: str) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    with closing(raw(tmp_path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match=why):
            connection.execute(statement)
    assert ledger.balance("asha") == 1000


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("INSERT INTO entries (posting, account, amount, balance) VALUES (1, 3, 5, 5)", "sum is not nothing"),
        ("UPDATE entries SET amount = amount + 1 WHERE account = 2", "sum is not nothing"),
        ("UPDATE entries SET balance = 1 WHERE id = 1", "a balance does not follow"),
        ("DELETE FROM entries", "has not its two entries"),
        ("DELETE FROM postings WHERE id = 1", "an entry is not one of two"),
        ("DELETE FROM attempts", "a transfer without its password"),
        ("UPDATE orders SET amount = 299", "a transfer differs from its order"),
    ],
)
def test_a_ledger_that_was_spoilt_is_not_used(ledger: Ledger, tmp_path: Path, statement: str, why: str) -> None:
    ledger.deposit("asha", 1000, request="a", at=NOW)
    order = ordered(ledger)
    ledger.confirm("asha", order.number, order.password, at=NOW)
    with closing(raw(tmp_path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    with pytest.raises(PartyError, match=f"(?s)the ledger .*({why})"):
        Ledger(tmp_path / "ledger.db")


def test_other_files_are_not_taken_for_ledgers(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("a letter to nobody" * 100)
    with pytest.raises(PartyError, match="cannot be used: file is not a database"):
        Ledger(tmp_path / "text.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(PartyError, match="is not a ledger of this version"):
        Ledger(tmp_path / "other.db")


def test_the_file_is_the_banks_alone(ledger: Ledger, tmp_path: Path) -> None:
    assert (tmp_path / "ledger.db").stat().st_mode & 0o777 == 0o600


def test_many_at_once(ledger: Ledger, tmp_path: Path) -> None:
    """Threads, on two connections, all with the same ids: each deposit is made once."""

    def work(used: Ledger) -> None:
        for number in range(10):
            used.deposit("asha", 1, request=f"r{number}", at=NOW)

    with closing(Ledger(tmp_path / "ledger.db")) as other:
        threads = [threading.Thread(target=work, args=(used,)) for used in (ledger, other) * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ledger.balance("asha") == 10
    assert ledger.check() == Summary(2, 10, 10)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "withdraw", "transfer"]),
        st.sampled_from(["asha", "bala"]),
        st.integers(1, 50),
        st.integers(0, 20),
    ),
    max_size=30,
)


@settings(max_examples=15)
@given(steps=STEPS)
def test_it_does_what_arithmetic_does(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int, int]]
) -> None:
    """Random requests, some of them repeated, against two numbers and the ids that are used."""
    model, used = {"asha": 0, "bala": 0}, dict[tuple[str, int], tuple[str, int]]()
    with closing(Ledger(tmp_path_factory.mktemp("model") / "ledger.db")) as ledger:
        ledger._connection.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
        for name in model:
            ledger.open_account(name, at=NOW)
        for what, name, amount, id in steps:
            other = "bala" if name == "asha" else "asha"
            before, enough = used.get((name, id)), what == "deposit" or model[name] >= amount
            refusal = enough is False if before is None else before != (what, amount)
            try:
                if what == "deposit":
                    ledger.deposit(name, amount, request=f"r{id}", at=NOW)
                elif what == "withdraw":
                    ledger.withdraw(name, amount, request=f"r{id}", at=NOW)
                else:
                    order = ledger.order(name, other, amount, request=f"r{id}", at=NOW)
                    ledger.confirm(name, order.number, order.password, at=NOW)
            except Refused:
                assert refusal
                continue
            assert not refusal
            if before is None:
                used[name, id] = (what, amount)
                model[name] += amount if what == "deposit" else -amount
                model[other] += amount if what == "transfer" else 0
        assert {name: ledger.balance(name) for name in model} == model
        assert ledger.check().owed == sum(model.values())
