"""A party's files: each is written whole or not at all, and what goes wrong with them is a `PartyError`."""

from __future__ import annotations

from pathlib import Path

from console.files import read_limited, replace, write_new, write_private
from demo.failure import PartyError


def make_folder(folder: Path) -> None:
    """Make a party's folder, which only its owner can look into."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PartyError(f"cannot make the directory {folder}: {error.strerror}") from None


def read_file(path: Path) -> bytes | None:
    """Return what the file holds, or None if it is missing; raise `PartyError` if it cannot be read."""
    try:
        return read_limited(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PartyError(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise PartyError(str(error)) from None


def write_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a new file, with mode 0600 if it is private; raise `PartyError` if that cannot be."""
    try:
        (write_private if private else write_new)(path, data)
    except OSError as error:
        raise PartyError(f"cannot write {path}: {error.strerror or error}") from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in place of an older one, which stays if the writing fails."""
    try:
        replace(path, data)
    except OSError as error:
        raise PartyError(f"cannot write {path}: {error.strerror or error}") from None
