"""Certificate revocation lists (CRLs): an authority's word that some of its certificates hold no longer.

Standard     RFC 5280 §5.1, §5.2, §5.3; RFC 7468 §6 (PEM).
Left out     Which list decides about which certificate: `pki.path.revocation` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Self

from explain.trace import tracing
from pki.asn1.der import GENERALIZED_TIME, INTEGER, UTC_TIME, DERError, Reader, context
from pki.asn1.der_writer import integer, sequence, time
from pki.asn1.pem import is_pem, pem_decode
from pki.fields.crl_extensions import CRL_EXTENSIONS, CRLNumber, DeltaCRLIndicator, IssuingDistributionPoint
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import Extension, ExtensionType, extensions_element, find_extension, read_extensions
from pki.fields.names import Name
from pki.fields.revoked_certificates import RevokedCertificate, RevokedCertificates
from pki.key_formats.public_key_info import PublicKey
from pki.signatures import Signer
from pki.signed import Signed, read_algorithm
from primitives.errors import InvalidSignature

__all__ = ["CertificateRevocationList", "RevocationReason", "RevokedCertificate"]

SECTION = "RFC 5280 §5.1"
ENTRIES = "RFC 5280 §5.1.2.6"
EXTENSIONS = context(0, constructed=True)
MAX_VERDICTS = 16  # keys for which a CRL remembers whether they signed it


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CertificateRevocationList(Signed):
    """A certificate revocation list (CRL), as it was read.

    version: 1 or 2.
    signature_algorithm, signature: the issuer's signature of `tbs`.
    algorithms_agree: whether the algorithm is named alike inside and outside of what is signed, as it must be.
    issuer: who signed it.
    this_update, next_update: when it was issued, and by when there will be another, None if it does not say; in UTC.
    entries: the certificates that were revoked, in the order of the list; each is read when it is asked for.
    extensions: those of the list.
    tbs: the bytes that are signed (`tbsCertList`).
    der: the whole.
    """

    PEM_LABELS: ClassVar[tuple[str, ...]] = ("X509 CRL",)
    SECTION: ClassVar[str] = SECTION
    MAX_SIZE: ClassVar[int] = 1 << 26  # bytes: a million entries, with reasons, are 53 million
    MAX_FILE: ClassVar[int] = 1 << 27  # bytes of PEM, which is longer by a third
    SIGNATURE: ClassVar[tuple[str, str]] = ("signatureValue", "RFC 5280 §5.1.1.3")

    version: int
    issuer: Name
    this_update: datetime
    next_update: datetime | None
    entries: RevokedCertificates
    extensions: tuple[Extension, ...]
    algorithms_agree: bool
    _verdicts: dict[PublicKey, str | None] = field(default_factory=dict, init=False)

    @classmethod
    def build(
        cls,
        *,
        issuer: Name,
        this_update: datetime,
        next_update: datetime,
        entries: Iterable[RevokedCertificate],
        extensions: Iterable[Extension],
        signer: Signer,
    ) -> Self:
        """Return a new list of version 2, whatever it says: `Authority.issue_crl` sees to what it should say.

        signer: the issuer's key, and how it signs. The times have a time zone, and fractions of a second are cut off.
        """
        revoked = sequence("revokedCertificates", *(entry.element() for entry in entries), section=ENTRIES)
        tbs = sequence(
            "tbsCertList",
            integer("version", 1, section="RFC 5280 §5.1.2.1"),
            signer.algorithm.element("signature"),
            issuer.element("issuer", section="RFC 5280 §5.1.2.3"),
            time("thisUpdate", this_update, section="RFC 5280 §5.1.2.4"),
            time("nextUpdate", next_update, section="RFC 5280 §5.1.2.5"),
            *([revoked] if revoked.elements else []),  # §5.1.2.6: an empty list must be absent
            sequence("[0]", extensions_element(extensions), section=SECTION, tag=EXTENSIONS),
            section=SECTION,
        )
        return cls._sign("CertificateList", tbs, signer)

    @classmethod
    def all_from(cls, data: bytes) -> list[Self]:
        """Return the CRLs in a file: those of its PEM blocks, or one in DER; raise `ValueError` if it holds no CRL."""
        if not is_pem(data):
            return [cls.from_der(data)]
        blocks = pem_decode(data, max_size=cls.MAX_FILE)
        crls = [cls.from_der(block.der) for block in blocks if block.label in cls.PEM_LABELS]
        if not crls:
            labels = ", ".join(block.label for block in blocks)
            raise ValueError(f"expected an X509 CRL, found {labels or 'no PEM block'}")
        return crls

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
        return self.entries.find(serial_number, issuer)

    def verify_signature_by(self, public_key: PublicKey) -> None:
        """Return if this key made the signature; raise `InvalidSignature` if not. No other fact is checked.

        What came of it is remembered as long as the CRL is: hashing a long one takes seconds.
        """
        if tracing():  # a recording shows all of it
            super().verify_signature_by(public_key)
            return
        if public_key not in self._verdicts:
            if len(self._verdicts) == MAX_VERDICTS:
                self._verdicts.clear()
            try:
                super().verify_signature_by(public_key)
            except InvalidSignature as error:
                self._verdicts[public_key] = str(error)
            else:
                self._verdicts[public_key] = None
        complaint = self._verdicts[public_key]
        if complaint is not None:
            raise InvalidSignature(complaint)

    @classmethod
    def read(cls, reader: Reader) -> Self:
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
                entries = RevokedCertificates.read(tbs, version, issuer)
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
    tbs.tell(f"{version} (v{version + 1})")
    if version != 1:
        raise DERError(start, f"a list of version {version + 1}, expected 2, written as 1")
    return 2
