"""The ledger's tables, and the triggers that keep their rules no matter who writes into them.

Standard     SQLite 3's file format and guarantees; RFC 4226 §4 R6 (the length of the shared secret).

Double entry: a posting moves an amount from one account to another, and by itself makes the two entries of that. So the
sum of all entries is nothing at any time. Money that comes into the bank is taken from an account of the bank's own,
`cash`, whose balance is what the bank owes. Nothing is ever changed or deleted.
"""

from __future__ import annotations

CASH = "cash"  # no customer can be called so: customers' accounts have another kind

TABLES = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('customer', 'cash')),
    hotp_key BLOB NOT NULL CHECK (length(hotp_key) = 20),
    opened TEXT NOT NULL,
    UNIQUE (name, kind)
);
CREATE TABLE postings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    payer INTEGER NOT NULL REFERENCES accounts (id),
    payee INTEGER NOT NULL REFERENCES accounts (id),
    amount INTEGER NOT NULL CHECK (amount > 0 AND typeof(amount) = 'integer'),
    at TEXT NOT NULL,
    CHECK (payer <> payee)
);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    posting INTEGER NOT NULL REFERENCES postings (id),
    account INTEGER NOT NULL REFERENCES accounts (id),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer'),
    balance INTEGER NOT NULL CHECK (typeof(balance) = 'integer'),
    UNIQUE (posting, account)
);
CREATE INDEX entries_by_account ON entries (account, id);
CREATE TABLE orders (
    account INTEGER NOT NULL REFERENCES accounts (id),
    counter INTEGER NOT NULL CHECK (counter >= 0),
    payee INTEGER NOT NULL REFERENCES accounts (id),
    amount INTEGER NOT NULL CHECK (amount > 0 AND typeof(amount) = 'integer'),
    not_after TEXT NOT NULL,
    PRIMARY KEY (account, counter)
);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    posting INTEGER UNIQUE REFERENCES postings (id),
    FOREIGN KEY (account, counter) REFERENCES orders (account, counter)
);
CREATE UNIQUE INDEX accepted_once ON attempts (account, counter) WHERE posting IS NOT NULL;
CREATE TABLE answers (
    account INTEGER NOT NULL REFERENCES accounts (id),
    request TEXT NOT NULL,
    question TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (account, request)
);
"""
"""attempts: those to confirm an order; the one that was accepted has the posting that it made.
answers: what came of a customer's request, by the id that the customer gave it: the number of a posting or an order."""

TRIGGERS = (
    *(
        f"CREATE TRIGGER no_{event.lower()}_of_{table} BEFORE {event} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is only ever added to'); END"
        for table in ("accounts", "postings", "entries", "orders", "attempts", "answers")
        for event in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER two_entries AFTER INSERT ON postings BEGIN
        INSERT INTO entries (posting, account, amount, balance) VALUES (
            NEW.id, NEW.payer, -NEW.amount,
            coalesce((SELECT balance FROM entries WHERE account = NEW.payer ORDER BY id DESC LIMIT 1), 0) - NEW.amount
        );
        INSERT INTO entries (posting, account, amount, balance) VALUES (
            NEW.id, NEW.payee, NEW.amount,
            coalesce((SELECT balance FROM entries WHERE account = NEW.payee ORDER BY id DESC LIMIT 1), 0) + NEW.amount
        );
    END""",
    """CREATE TRIGGER right_balance BEFORE INSERT ON entries WHEN NEW.balance <> NEW.amount
        + coalesce((SELECT balance FROM entries WHERE account = NEW.account ORDER BY id DESC LIMIT 1), 0)
    BEGIN SELECT RAISE(ABORT, 'the balance does not follow from the one before'); END""",
    """CREATE TRIGGER no_overdraft BEFORE INSERT ON entries
    WHEN NEW.balance < 0 AND (SELECT kind FROM accounts WHERE id = NEW.account) <> 'cash'
    BEGIN SELECT RAISE(ABORT, 'overdraft'); END""",
)
