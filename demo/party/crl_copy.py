"""A party's copy of the TTP's certificate revocation list (CRL): fetched in time, and kept on the disk.

Standard     RFC 5280 §5.1.2.5 (nextUpdate), §5.2.3 (the number of a CRL), §6.3.3.
Left out     Delta CRLs, which the TTP does not issue.

The TTP's signature is on the CRL itself, so a copy is as good as the original: it does not matter where it comes from.
What matters is that it is not an old one, which is why it has an end, after which it shows of nobody that they were not
revoked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import overload

from console.files import read_limited
from demo.failure import ERRORS, PartyError, one_line
from demo.party.files import replace_file
from demo.party.party import Party
from pki.asn1.as_text import moment_text
from pki.crl import CertificateRevocationList
from pki.est.client import EnrolmentError
from pki.x509 import Certificate
from primitives.errors import InvalidSignature

CRL_FILE = "crl.pem"
AGAIN = 60.0  # seconds from one look at whether a new CRL is due to the next


class CRLCopy(Sequence[CertificateRevocationList]):
    """The TTP's newest CRL that the party has come by, if it has any. As a sequence it is what verifies a chain.

    root: the TTP's certificate. fetch: returns the CRL that the TTP has now, or raises why it cannot be had.
    """

    def __init__(self, party: Party, root: Certificate, fetch: Callable[[], CertificateRevocationList]) -> None:
        self._party, self._root, self._fetch = party, root, fetch
        self._crl: CertificateRevocationList | None = None
        self._said = ("", "")
        # One machine's parties share a directory, in which the TTP puts its CRL beside its root certificate.
        for path in (party.folder / CRL_FILE, party.directory / "ttp" / CRL_FILE):
            self._read(path)

    def __len__(self) -> int:
        return 0 if self._crl is None else 1

    @overload
    def __getitem__(self, index: int) -> CertificateRevocationList: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CertificateRevocationList]: ...
    def __getitem__(self, index: int | slice) -> CertificateRevocationList | Sequence[CertificateRevocationList]:
        """Return the CRL."""
        return ([] if self._crl is None else [self._crl])[index]

    def update(self, fetch: Callable[[], CertificateRevocationList] | None = None) -> None:
        """Fetch the TTP's CRL, and report it. If that cannot be, the one from before stays, and the report says why.

        fetch: takes the place of the copy's own way to the TTP, where there is a connection already.
        """
        try:
            self._take((fetch or self._fetch)())
        except (*ERRORS, EnrolmentError, MemoryError) as error:
            self._report_kept(one_line(error))

    def _take(self, crl: CertificateRevocationList) -> None:
        """Keep this CRL of the TTP's, and report it; raise `PartyError` if it is not one, or older than the last."""
        reason = self._why_not(crl)
        if reason is not None:
            raise PartyError(f"the TTP sent a CRL that cannot be used: {reason}")
        self._crl = crl
        replace_file(self._party.folder / CRL_FILE, crl.to_pem())
        self._said = ("", "")
        self._party.report("CRL fetched", **self._facts(crl))

    @contextmanager
    def kept_fresh(self) -> Iterator[None]:
        """Fetch the TTP's CRL again whenever half of the last one's time is over, for as long as the block runs."""
        over = threading.Event()

        def fetch_in_time() -> None:
            while not over.wait(AGAIN):
                if self._is_due():
                    self.update()

        threading.Thread(target=fetch_in_time, daemon=True).start()
        try:
            yield
        finally:
            over.set()

    def _read(self, path: Path) -> None:
        """Take a copy that lies on the disk, if there is one that can be used."""
        try:
            crls = CertificateRevocationList.all_from(read_limited(path, limit=CertificateRevocationList.MAX_FILE))
        except (OSError, ValueError):
            return  # another one is fetched in any case
        for crl in crls:
            if self._why_not(crl) is None:
                self._crl = crl

    def _why_not(self, crl: CertificateRevocationList) -> str | None:
        """Return why this CRL cannot take the place of the last one, or None if it can."""
        if crl.issuer != self._root.subject:
            return f"it is one of {crl.issuer}"
        try:
            crl.verify_signature_by(self._root.public_key)
        except InvalidSignature as error:
            return str(error)
        if crl.this_update > self._party.world.now():
            return f"it is from the future, {moment_text(crl.this_update)}"
        if self._crl is not None and (crl.number or 0) < (self._crl.number or 0):
            return f"its number is {crl.number}, and that of the last one was {self._crl.number}"
        return None

    def _is_due(self) -> bool:
        crl, now = self._crl, self._party.world.now()
        if crl is None or crl.next_update is None:
            return True
        return now >= crl.this_update + (crl.next_update - crl.this_update) / 2

    def _report_kept(self, reason: str) -> None:
        """Report once that it goes on with the last CRL, if it can."""
        crl = self._crl
        if crl is None:
            event = "CRL missing"
        else:
            ended = crl.next_update is None or self._party.world.now() > crl.next_update
            event = "CRL ended" if ended else "CRL kept"
        if (event, reason) != self._said:
            self._said = event, reason
            self._party.report(event, reason=reason, **({} if crl is None else self._facts(crl)))

    def _facts(self, crl: CertificateRevocationList) -> dict[str, str | int]:
        until = "it does not say when" if crl.next_update is None else moment_text(crl.next_update)
        return {"number": crl.number or 0, "revoked": len(crl.entries), "until": until}
