"""What a party keeps in its directory: its private key, its request, its certificate, and the root it trusts.

The key is readable by its owner alone (mode 0600) and never overwritten; each file is written whole or not
at all. What is there from an earlier run and still good is used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.failure import PartyError
from demo.subject import Subject
from pki.keys import PrivateKey, dump_private_key, load_private_key
from pki.x509 import Certificate
from primitives.files import read_limited, write_new, write_private
from primitives.integers import RandomBytes
from primitives.rsa import RSAPrivateKey, generate_private_key

KEY_BITS = 2048
KEY_FILE, REQUEST_FILE, CERTIFICATE_FILE, ROOT_FILE = "key.pem", "request.pem", "certificate.pem", "root.pem"


@dataclass(frozen=True)
class Identity:
    """What a party proves who it is with, and knows the others by."""

    key: PrivateKey
    certificate: Certificate
    root: Certificate


def make_folder(folder: Path) -> None:
    """Make a party's folder, which only its owner can look into."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PartyError(f"cannot make the directory {folder}: {error.strerror}") from None


def read_file(path: Path) -> bytes | None:
    """Return what the file holds, or None if there is none; raise `PartyError` if it cannot be read."""
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
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)  # left by a run that was cut off
    write_file(fresh, data)
    fresh.replace(path)


def load_key(path: Path) -> RSAPrivateKey | None:
    """Return the private key in the file, or None if there is no file; raise `PartyError` if it holds none of ours."""
    data = read_file(path)
    if data is None:
        return None
    try:
        key = load_private_key(data)
    except ValueError as error:
        raise PartyError(f"{path} is not a private key: {error}") from None
    if not isinstance(key, RSAPrivateKey):
        raise PartyError(f"{path} holds a {type(key).__name__}, expected an RSA key")
    return key


def load_or_make_key(path: Path, *, random_bytes: RandomBytes) -> tuple[RSAPrivateKey, bool]:
    """Return the private key in the file, and whether it was made and written there just now."""
    key = load_key(path)
    if key is not None:
        return key, False
    key = generate_private_key(KEY_BITS, random_bytes=random_bytes)
    write_file(path, dump_private_key(key), private=True)
    return key, True


def load_certificate(path: Path) -> Certificate | None:
    """Return the certificate in the file, or None if there is no file; raise `PartyError` if it is something else."""
    data = read_file(path)
    if data is None:
        return None
    try:
        return Certificate.from_pem(data)
    except ValueError as error:
        raise PartyError(f"{path} is not a certificate: {error}") from None


def why_not_usable(certificate: Certificate, *, key: RSAPrivateKey, subject: Subject, at: datetime) -> str | None:
    """Return why a certificate from an earlier run cannot be used again, or None if it can."""
    if certificate.public_key != key.public_key:
        return "it is for another key"
    if certificate.subject != subject.name or sorted(certificate.dns_names) != sorted(subject.dns_names):
        return "it has other names"
    if not certificate.not_before <= at <= certificate.not_after:
        return "it is not valid at this time"
    return None
