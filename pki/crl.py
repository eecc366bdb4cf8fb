"""Lists of revoked certificates: an authority's word that some of its certificates hold no longer.

Standard     RFC 5280 §5.1, §5.2, §5.3; RFC 7468 §6 (PEM).
Left out     Which list decides about which certificate: `pki.path.revocation` tells.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import ClassVar, Self

from pki.asn1.der import GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME, DERError, Reader, context
from pki.asn1.der_writer import Element, integer, sequence, time
from pki.fields.crl_extensions import (
    CRL_EXTENSIONS,
    ENTRY_EXTENSIONS,
    CertificateIssuer,
    CRLNumber,
    DeltaCRLIndicator,
    InvalidityDate,
    IssuingDistributionPoint,
    ReasonCode,
)
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import Extension, ExtensionType, extensions_element, find_extension, read_extensions
from pki.fields.general_names import DirectoryName
from pki.fields.names import Name
from pki.key_formats.private_key_info import PrivateKey
from pki.signatures import SignatureAlgorithm
from pki.signed import Signed, read_algorithm
from primitives.integers import RandomBytes

__all__ = ["CertificateRevocationList", "RevocationReason", "RevokedCertificate"]

SECTION = "RFC 5280 §5.1"
ENTRIES = "RFC 5280 §5.1.2.6"
EXTENSIONS = context(0, constructed=True)


@dataclass(frozen=True, slots=True)
class RevokedCertificate:
    """An entry: a certificate that was revoked.

    serial_number, issuer: of the certificate; the issuer is None where it is the list's own.
    revocation_date: since when, with a time zone.
    extensions: those of the entry.
    """

    serial_number: int
    revocation_date: datetime
    extensions: tuple[Extension, ...] = ()
    issuer: Name | None = None

    @classmethod
    def build(
        cls,
        serial_number: int,
        revocation_date: datetime,
        *,
        reason: RevocationReason = RevocationReason.UNSPECIFIED,
        invalidity_date: datetime | None = None,
    ) -> Self:
        """Return a new entry. The reason `unspecified` is not written, as §5.3.1 asks."""
        extensions: list[Extension] = []
        if reason != RevocationReason.UNSPECIFIED:
            extensions.append(ReasonCode(reason))
        if invalidity_date is not None:
            extensions.append(InvalidityDate(invalidity_date))
        return cls(serial_number, revocation_date, tuple(extensions))

    @property
    def reason(self) -> RevocationReason:
        """Why it was revoked; `unspecified` if the entry does not say."""
        found = find_extension(self.extensions, ReasonCode)
        return RevocationReason.UNSPECIFIED if found is None else found.reason

    @property
    def invalidity_date(self) -> datetime | None:
        """Since when it ought not to have been relied on; None if the entry does not say."""
        found = find_extension(self.extensions, InvalidityDate)
        return None if found is None else found.date


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CertificateRevocationList(Signed):
    """A list of revoked certificates (CRL), as it was read.

    version: 1 or 2.
    signature_algorithm, signature: the issuer's signature of `tbs`.
    algorithms_agree: whether the algorithm is named alike inside and outside of what is signed, as it must be.
    issuer: who signed it.
    this_update, next_update: when it was issued, and by when there will be another, None if it does not say; in UTC.
    entries: the certificates that were revoked, in the order of the list.
    extensions: those of the list.
    tbs: the bytes that are signed (`tbsCertList`).
    der: the whole.
    """

    PEM_LABELS: ClassVar[tuple[str, ...]] = ("X509 CRL",)
    SECTION: ClassVar[str] = SECTION
    SIGNATURE: ClassVar[tuple[str, str]] = ("signatureValue", "RFC 5280 §5.1.1.3")

    version: int
    issuer: Name
    this_update: datetime
    next_update: datetime | None
    entries: tuple[RevokedCertificate, ...]
    extensions: tuple[Extension, ...]
    algorithms_agree: bool

    @classmethod
    def build(
        cls,
        *,
        issuer: Name,
        this_update: datetime,
        next_update: datetime,
        entries: Iterable[RevokedCertificate],
        extensions: Iterable[Extension],
        signing_key: PrivateKey,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Self:
        """Return a new list of version 2, whatever it says: `Authority.issue_crl` sees to what it should say.

        signing_key: the issuer's; the times have a time zone, and fractions of a second are cut off.
        """
        revoked = sequence("revokedCertificates", *map(_entry_element, entries), section=ENTRIES)
        tbs = sequence(
            "tbsCertList",
            integer("version", 1, section="RFC 5280 §5.1.2.1"),
            signature_algorithm.element("signature"),
            issuer.element("issuer", section="RFC 5280 §5.1.2.3"),
            time("thisUpdate", this_update, section="RFC 5280 §5.1.2.4"),
            time("nextUpdate", next_update, section="RFC 5280 §5.1.2.5"),
            *([revoked] if revoked.elements else []),  # §5.1.2.6: an empty list must be absent
            sequence("[0]", extensions_element(extensions), section=SECTION, tag=EXTENSIONS),
            section=SECTION,
        )
        return cls._sign(
            "CertificateList",
            tbs,
            signing_key=signing_key,
            signature_algorithm=signature_algorithm,
            random_bytes=random_bytes,
        )

    def extension(self, kind: type[ExtensionType]) -> ExtensionType | None:
        """Return the extension of this class, such as `CRLNumber`, or None if the list has none."""
        return find_extension(self.extensions, kind)

    @property
    def number(self) -> int | None:
        """The list's number, or None if it has none."""
        found = self.extension(CRLNumber)
        return None if found is None else found.number

    @property
    def base_number(self) -> int | None:
        """The number of the complete list that this one holds the changes of; None if this one is complete."""
        found = self.extension(DeltaCRLIndicator)
        return None if found is None else found.base_number

    @property
    def scope(self) -> IssuingDistributionPoint:
        """For which certificates and reasons the list speaks: all of its issuer's, if it does not say."""
        return self.extension(IssuingDistributionPoint) or IssuingDistributionPoint()

    def find(self, serial_number: int, issuer: Name) -> RevokedCertificate | None:
        """Return the entry of the certificate with this number and issuer, or None if it is not on the list."""
        for entry in self._by_serial_number.get(serial_number, ()):
            if (entry.issuer or self.issuer) == issuer:
                return entry
        return None

    @cached_property
    def _by_serial_number(self) -> dict[int, list[RevokedCertificate]]:
        found: dict[int, list[RevokedCertificate]] = {}
        for entry in self.entries:
            found.setdefault(entry.serial_number, []).append(entry)
        return found

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        """Read a `CertificateList` that ends where the bytes end."""
        with reader.sequence("CertificateList", section=SECTION) as whole:
            with whole.sequence("tbsCertList", section=SECTION) as tbs:
                version = _read_version(tbs)
                _, inner = read_algorithm(tbs, "signature")
                issuer = Name.read(tbs, "issuer", section="RFC 5280 §5.1.2.3")
                this_update = tbs.time("thisUpdate", section="RFC 5280 §5.1.2.4")
                next_update = None
                if tbs.peek() in (UTC_TIME, GENERALIZED_TIME):
                    next_update = tbs.time("nextUpdate", section="RFC 5280 §5.1.2.5")
                entries = _read_entries(tbs, version) if tbs.peek() == SEQUENCE else ()
                extensions: tuple[Extension, ...] = ()
                if version == 2 and not tbs.at_end():
                    with tbs.sequence("[0]", section="RFC 5280 §5.1.2.7", tag=EXTENSIONS) as explicit:
                        extensions = read_extensions(explicit, CRL_EXTENSIONS)
                signed = tbs.encoding
            signature_algorithm, outer = read_algorithm(whole, "signatureAlgorithm")
            signature = whole.octets_in_bits("signatureValue", section="RFC 5280 §5.1.1.3")
        reader.finish()
        return cls(
            version=version,
            issuer=issuer,
            this_update=this_update,
            next_update=next_update,
            entries=entries,
            extensions=extensions,
            signature_algorithm=signature_algorithm,
            algorithms_agree=inner == outer,
            signature=signature,
            tbs=signed,
            der=reader.data,
        )

    def __repr__(self) -> str:
        number = "" if self.number is None else f" number {self.number}"
        return f"<{type(self).__name__}{number} of {self.issuer}, {len(self.entries)} entries>"


def _read_version(tbs: Reader) -> int:
    """Read the version: absent it is 1; if present it must be version 2, written as 1 (RFC 5280 §5.1.2.1)."""
    if tbs.peek() != INTEGER:
        return 1
    start = tbs.position
    version = tbs.natural("version", section="RFC 5280 §5.1.2.1")
    if version != 1:
        raise DERError(start, f"a list of version {version + 1}, expected 2, written as 1")
    return 2


def _read_entries(tbs: Reader, version: int) -> tuple[RevokedCertificate, ...]:
    entries = []
    issuer: Name | None = None  # §5.3.3: as long as no entry names another, the list's issuer
    with tbs.sequence("revokedCertificates", section=ENTRIES) as list:
        while not list.at_end():
            extensions: tuple[Extension, ...] = ()
            with list.sequence("revokedCertificate", section=ENTRIES) as entry:
                serial_number = entry.integer("userCertificate", section=ENTRIES)
                date = entry.time("revocationDate", section=ENTRIES)
                if version == 2 and not entry.at_end():
                    extensions = read_extensions(entry, ENTRY_EXTENSIONS)
                    issuer = _named_issuer(extensions, issuer)
            entries.append(RevokedCertificate(serial_number, date, extensions, issuer))
    return tuple(entries)


def _named_issuer(extensions: Iterable[Extension], previous: Name | None) -> Name | None:
    """Return the issuer that an entry names, or the previous entry's. One without a directory name is nobody's."""
    named = find_extension(extensions, CertificateIssuer)
    if named is None:
        return previous
    return next((name.name for name in named.names if isinstance(name, DirectoryName)), Name([[]]))


def _entry_element(entry: RevokedCertificate) -> Element:
    fields = [
        integer("userCertificate", entry.serial_number, section=ENTRIES),
        time("revocationDate", entry.revocation_date.astimezone(UTC), section=ENTRIES),
    ]
    if entry.extensions:
        fields.append(extensions_element(entry.extensions))
    return sequence("revokedCertificate", *fields, section=ENTRIES)
