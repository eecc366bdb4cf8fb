"""Passphrases of private keys: from a file, from an environment variable, or asked for on the terminal.

Never from the command line, which every user of the machine can read while the command runs, and the shell keeps.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from console.command_line import CommandError
from console.files import read_limited
from console.waiting import waiting
from pki.commands.streams import STANDARD, read
from pki.keys import PasswordMissing, PrivateKey, load_private_key
from pki.pkcs12 import Bag, PersonalInformation
from primitives.errors import DecryptionError

TRIES = 3
MAX_SIZE = 4096  # bytes
MAX_ITERATIONS = 10_000_000  # of PBKDF2, while a line on the terminal tells that it goes on


class Passphrase:
    """Where a passphrase comes from.

    file, variable: the file whose first line it is, the environment variable that holds it; at most one of them.
    """

    def __init__(self, file: Path | None, variable: str | None) -> None:
        self._file, self._variable = file, variable

    @property
    def is_given(self) -> bool:
        """Whether it is in a file or a variable, and nobody has to be asked."""
        return self._file is not None or self._variable is not None

    def load(self, path: Path) -> PrivateKey:
        """Return the private key in the file, asking for the passphrase if it needs one that is not given."""
        return self.unlock(read(str(path)), path)

    def unlock(self, data: bytes, path: Path) -> PrivateKey:
        """Return the private key that these bytes of the file are, as `load` does."""
        try:
            return _open(data, self._given() if self.is_given else None)
        except PasswordMissing:
            pass
        except DecryptionError:
            raise _wrong(path) from None
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from None
        for _ in range(TRIES):
            try:
                return _open(data, _ask(f"Passphrase of {path}: "))
            except DecryptionError:
                continue
        raise _wrong(path)

    def open(self, information: PersonalInformation, path: Path) -> tuple[Bag, ...]:
        """Return what a file of PKCS #12 holds, under the passphrase that is given."""
        try:
            with waiting("opening the file"):
                return information.open(self._given(), max_iterations=MAX_ITERATIONS)
        except DecryptionError:
            raise _wrong(path) from None
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from None

    def choose(self, path: Path) -> bytes:
        """Return the passphrase for a new key; on the terminal, it has to be typed twice."""
        if self.is_given:
            return self._given()
        first = _ask(f"New passphrase of {path}: ")
        if not first:
            raise CommandError("the passphrase is empty")
        if _ask("The same again: ") != first:
            raise CommandError("the two passphrases differ")
        return first

    def _given(self) -> bytes:
        """Return the passphrase in the file or the variable."""
        if self._variable is not None:
            text = os.environb.get(os.fsencode(self._variable))
            if text is None:
                raise CommandError(f"the environment variable {self._variable} is not set")
        else:
            text = self._first_line(self._file or Path())
        if not text:
            raise CommandError("the passphrase is empty")
        return text

    @staticmethod
    def _first_line(path: Path) -> bytes:
        if str(path) == STANDARD:  # what comes after the line may be for something else
            return sys.stdin.buffer.readline(MAX_SIZE).rstrip(b"\r\n")
        return next(iter(read_limited(path, limit=MAX_SIZE).splitlines()), b"")


def _open(data: bytes, passphrase: bytes | None) -> PrivateKey:
    """Return the private key in these bytes, and tell who waits that stretching the passphrase takes its time."""
    with waiting("opening the key"):
        return load_private_key(data, password=passphrase, max_iterations=MAX_ITERATIONS)


def _ask(prompt: str) -> bytes:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))  # else getpass would read standard input, and show it
    except OSError:
        raise CommandError(
            "the key needs a passphrase, and there is no terminal to ask on: give --passphrase-file or --passphrase-env"
        ) from None
    try:
        return getpass.getpass(prompt).encode()
    except EOFError:
        raise CommandError("no passphrase was typed") from None


def _wrong(path: Path) -> CommandError:
    return CommandError(
        f"{path} cannot be decrypted: the passphrase is wrong, the file is damaged, or the key is of an unknown kind"
    )
