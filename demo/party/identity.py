"""What a party keeps in its directory: its private key, its request, its certificate, and the root it trusts.

What is there from an earlier run and still good is used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.failure import PartyError
from demo.party.crl_copy import CRLCopy
from demo.party.files import read_file
from demo.party.subject import Subject
from pki.keys import PrivateKey
from pki.x509 import Certificate

KEY_FILE, REQUEST_FILE, CERTIFICATE_FILE, ROOT_FILE = "key.pem", "request.pem", "certificate.pem", "root.pem"


@dataclass(frozen=True)
class Identity:
    """What a party proves who it is with, and knows the others by: the TTP's root, and whom the TTP has revoked."""

    key: PrivateKey
    certificate: Certificate
    root: Certificate
    crls: CRLCopy


def load_certificate(path: Path) -> Certificate | None:
    """Return the certificate in the file, or None if there is no file; raise `PartyError` if it is something else."""
    data = read_file(path)
    if data is None:
        return None
    try:
        return Certificate.from_pem(data)
    except ValueError as error:
        raise PartyError(f"{path} is not a certificate: {error}") from None


def why_not_usable(certificate: Certificate, *, key: PrivateKey, subject: Subject, at: datetime) -> str | None:
    """Return why a certificate from an earlier run cannot be used again, or None if it can."""
    if certificate.public_key != key.public_key:
        return "it is for another key"
    if certificate.subject != subject.name or sorted(certificate.dns_names) != sorted(subject.dns_names):
        return "it has other names"
    if not certificate.is_valid_at(at):
        return "it is not valid at this time"
    return None
