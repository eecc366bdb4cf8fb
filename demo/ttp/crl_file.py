"""The TTP's certificate revocation list (CRL) as a file, signed anew in time and whenever somebody was revoked.

Standard     RFC 5280 §5.1.2.5: the next CRL comes before the last one ends.
"""

from __future__ import annotations

from pathlib import Path

from console.files import read_limited
from demo.party.crl_copy import CRL_FILE
from demo.party.files import replace_file
from demo.party.party import Party
from pki.asn1.as_text import moment_text
from pki.ca.records import RegistryError
from pki.ca.registrar import Registrar
from pki.crl import CertificateRevocationList
from pki.est.server import CRL_LIFETIME


class CRLFile:
    """The TTP's CRL, in its folder beside the root certificate."""

    def __init__(self, party: Party, registrar: Registrar) -> None:
        self._party, self._registrar, self._written = party, registrar, -1
        self._random_bytes = party.world.random_bytes("CRL")

    def update(self) -> None:
        """Sign a new CRL if one is due, and see to it that the last one is in the file.

        If the registry is busy, nothing happens: the next time comes soon, and long before the last CRL has ended.
        """
        try:
            crl = self._registrar.current_crl(
                at=self._party.world.now(), lifetime=CRL_LIFETIME, random_bytes=self._random_bytes
            )
        except RegistryError:
            return
        if crl.number == self._written or crl.number is None or crl.next_update is None:
            return
        path, pem = self._party.folder / CRL_FILE, crl.to_pem()
        found = _holds(path, pem)
        if not found:
            replace_file(path, pem)
        self._written = crl.number
        self._party.report(
            "CRL",
            made="no" if found else "yes",
            number=crl.number,
            revoked=len(crl.entries),
            until=moment_text(crl.next_update),
        )


def _holds(path: Path, data: bytes) -> bool:
    """Return whether this is what is in the file."""
    try:
        return read_limited(path, limit=CertificateRevocationList.MAX_FILE) == data
    except (OSError, ValueError):  # whatever is there instead is written over
        return False
