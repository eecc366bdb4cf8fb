"""The registry: an authority's record of all it did, in one file that neither a crash nor a crowd can corrupt.

Each change is one transaction: after this process or the machine dies at any point of it, all of it has happened or
nothing. Any number of threads and processes may use a registry at once; those who change it do so one after the other.

Standard     SQLite 3's file format and guarantees; this table of contents is our own.
Left out     SQLite's write-ahead log. It would let readers go on while a change is committed, which here takes
             milliseconds, at the price of two more files that belong to the registry: without them, a copy of it
             would lack the newest changes. With the rollback journal the registry is one file whenever nobody writes.
             File systems shared between machines, whose locks SQLite cannot rely on.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pki.ca.records import Records, RegistryError
from pki.x509 import Certificate

BUSY_TIMEOUT = 30.0  # seconds to wait for others who change the registry
APPLICATION_ID = 0x43757461  # "Cuta": says in the file's header whose it is
VERSION = 1  # of the schema

SCHEMA = """
CREATE TABLE authority (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    certificate BLOB NOT NULL
);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received TEXT NOT NULL,
    applicant TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('issued', 'refused')),
    note TEXT NOT NULL,
    der BLOB NOT NULL
);
CREATE TABLE certificates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    serial_number TEXT NOT NULL UNIQUE,
    request INTEGER UNIQUE REFERENCES requests (id),
    replaces TEXT REFERENCES certificates (serial_number),
    issued TEXT NOT NULL,
    not_after TEXT NOT NULL,
    der BLOB NOT NULL
);
CREATE TABLE crls (
    number INTEGER PRIMARY KEY,
    this_update TEXT NOT NULL,
    next_update TEXT NOT NULL,
    der BLOB NOT NULL
);
CREATE TABLE revocations (
    serial_number TEXT PRIMARY KEY REFERENCES certificates (serial_number),
    date TEXT NOT NULL,
    reason INTEGER NOT NULL,
    crl INTEGER REFERENCES crls (number)
);
CREATE TABLE codes (
    applicant TEXT PRIMARY KEY,
    hashed BLOB NOT NULL CHECK (length(hashed) = 32),
    permission TEXT NOT NULL,
    not_after TEXT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    request INTEGER REFERENCES requests (id)
);
"""


class Registry:
    """The registry in the file at `path`; raises `RegistryError` if it is missing. Safe to use from many threads.

    certificate: that of the authority whose registry it is.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        if not self._path.exists():
            raise RegistryError(f"there is no registry at {self._path}")
        with self.look() as records:
            self.certificate: Certificate = records.authority()

    @classmethod
    def create(cls, path: str | os.PathLike[str], certificate: Certificate) -> Registry:
        """Return the registry of the authority with this certificate, made now unless it is there already.

        Raises `RegistryError` if the file is something else, or another authority's.
        """
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # for its owner alone; SQLite would not ask for that
        with _transaction(Path(path), "IMMEDIATE") as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
                Records(connection).found(certificate)
        registry = cls(path)
        known = registry.certificate
        if (known.subject, known.public_key) != (certificate.subject, certificate.public_key):
            raise RegistryError(f"{path} is the registry of another authority, {known.subject}")
        return registry

    @contextmanager
    def change(self) -> Iterator[Records]:
        """Give the records to read and write in one transaction, alone.

        At the end of the block all of it lasts, whatever happens afterwards; if the block raises, or the machine dies
        before its end, nothing of it has happened.
        """
        with _transaction(self._path, "IMMEDIATE") as connection:  # locked now: nothing read here can change meanwhile
            _check_version(connection, self._path)
            yield Records(connection)

    @contextmanager
    def look(self) -> Iterator[Records]:
        """Give the records to read, as they are at one moment."""
        with _transaction(self._path, "DEFERRED") as connection:
            _check_version(connection, self._path)
            yield Records(connection)

    def __repr__(self) -> str:
        return f"<Registry of {self.certificate.subject} at {self._path}>"


@contextmanager
def _transaction(path: Path, kind: str) -> Iterator[sqlite3.Connection]:
    """Give a connection of its own in a transaction, to be committed at the end and rolled back on an exception."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=BUSY_TIMEOUT, isolation_level=None, uri=True)
        ) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = EXTRA")  # FULL, and syncs the directory when the journal is gone
            connection.execute(f"BEGIN {kind}")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # some errors have rolled it back already
                    connection.execute("ROLLBACK")
                raise
    except sqlite3.Error as error:
        raise RegistryError(f"the registry {path} cannot be used: {error}") from error


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise RegistryError(f"{path} is not a registry")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise RegistryError(f"the registry {path} has version {version}, expected {VERSION}")
