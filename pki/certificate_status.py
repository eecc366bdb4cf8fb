"""What OCSP says of a single certificate: which one is meant, how it stands, and for how long that is known.

Standard     RFC 6960 §4.1.1 (`CertID`), §4.2.1 (`SingleResponse`), §4.2.2.1 (the times); RFC 5280 §5.3.1 (reasons).
Left out     What the extensions of a single response say; they are kept as octets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self

from pki.asn1.as_text import serial_text
from pki.asn1.der import ENUMERATED, DERError, Reader, context
from pki.asn1.der_writer import Element, encoded, generalized_time, integer, null, octet_string, oid, sequence
from pki.asn1.oids import OIDS, describe
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import Extension, read_extensions
from pki.fields.names import Name
from pki.key_formats.pss_parameters import HASHES
from pki.key_formats.public_key_info import PublicKey, public_key_info
from primitives.hashes import HashFunction
from primitives.sha1 import sha1

REQUEST, RESPONSE = "RFC 6960 §4.1.1", "RFC 6960 §4.2.1"
GOOD, REVOKED, UNKNOWN = context(0), context(1, constructed=True), context(2)
NEXT_UPDATE, EXTENSIONS = context(0, constructed=True), context(1, constructed=True)
REASON = context(0, constructed=True)

# SHA-1 only finds the issuer among others here: two of one hash would have to be made by the same authority.
ID_HASHES: Mapping[str, HashFunction] = {OIDS["id-sha1"]: sha1, **HASHES}
ID_HASH_OIDS = {hash.name: identifier for identifier, hash in ID_HASHES.items()}


@dataclass(frozen=True, slots=True)
class CertID:
    """Which certificate is meant: by hashes of its issuer's name and key, and its serial number.

    hash_algorithm: the identifier of the hash function, in dotted form; parameters: their DER, or nothing.
    """

    hash_algorithm: str
    parameters: bytes
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial_number: int

    @classmethod
    def build(cls, issuer: Name, issuer_key: PublicKey, serial_number: int, *, hash: HashFunction = sha1) -> Self:
        """Return the name of the certificate with this issuer and serial number.

        hash: SHA-1, which all responders know, or a function of SHA-2.
        """
        name_hash, key_hash = hash(issuer.element("issuer").encoding), hash(key_octets(issuer_key))
        parameters = null("parameters").encoding
        return cls(ID_HASH_OIDS[hash.name], parameters, name_hash.digest(), key_hash.digest(), serial_number)

    def names_issuer(self, issuer: Name, issuer_key: PublicKey) -> bool:
        """Return whether the certificate's issuer has this name and key; False if the hash is not known here."""
        hash = ID_HASHES.get(self.hash_algorithm)
        if hash is None:
            return False
        own = CertID.build(issuer, issuer_key, self.serial_number, hash=hash)
        return (own.issuer_name_hash, own.issuer_key_hash) == (self.issuer_name_hash, self.issuer_key_hash)

    @classmethod
    def read(cls, reader: Reader, label: str) -> Self:
        """Read a `CertID`."""
        with reader.sequence(label, section=REQUEST) as fields:
            with fields.sequence("hashAlgorithm", section=REQUEST) as identifier:
                algorithm = identifier.oid("algorithm", section="RFC 5280 §4.1.1.2")
                parameters = b"" if identifier.at_end() else identifier.any("parameters", section="RFC 5280 §4.1.1.2")
            name_hash = fields.octet_string("issuerNameHash", section=REQUEST)
            key_hash = fields.octet_string("issuerKeyHash", section=REQUEST)
            serial_number = fields.integer("serialNumber", section=REQUEST)
        return cls(algorithm, parameters, name_hash, key_hash, serial_number)

    def element(self, label: str) -> Element:
        """Return the `CertID` to be written."""
        identifier = [oid("algorithm", self.hash_algorithm, section="RFC 5280 §4.1.1.2")]
        if self.parameters:
            identifier.append(encoded("parameters", self.parameters, section="RFC 5280 §4.1.1.2"))
        return sequence(
            label,
            sequence("hashAlgorithm", *identifier, section=REQUEST),
            octet_string("issuerNameHash", self.issuer_name_hash, section=REQUEST),
            octet_string("issuerKeyHash", self.issuer_key_hash, section=REQUEST),
            integer("serialNumber", self.serial_number, section=REQUEST),
            section=REQUEST,
        )

    def __str__(self) -> str:
        return f"{serial_text(self.serial_number)}, its issuer by {describe(self.hash_algorithm)}"


def key_octets(key: PublicKey) -> bytes:
    """Return the octets of the key that are hashed: its BIT STRING without tag, length and unused bits."""
    return public_key_info(key).elements[1].contents[1:]


class CertStatus(Enum):
    """How a certificate stands."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SingleResponse:
    """What a responder says of one certificate.

    this_update, next_update: when this was known to be right, and by when there will be news; None if at any time.
    revocation_date, reason: if it is revoked, since when, and why; the reason is `unspecified` if it does not say.
    """

    cert_id: CertID
    status: CertStatus
    this_update: datetime
    next_update: datetime | None
    revocation_date: datetime | None = None
    reason: RevocationReason = RevocationReason.UNSPECIFIED
    extensions: tuple[Extension, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a `SingleResponse`."""
        with reader.sequence("SingleResponse", section=RESPONSE) as fields:
            cert_id = CertID.read(fields, "certID")
            status, date, reason = _read_status(fields)
            this_update = fields.generalized_time("thisUpdate", section="RFC 6960 §4.2.2.1")
            next_update = None
            if fields.peek() == NEXT_UPDATE:
                with fields.sequence("[0]", section=RESPONSE, tag=NEXT_UPDATE) as explicit:
                    next_update = explicit.generalized_time("nextUpdate", section="RFC 6960 §4.2.2.1")
            extensions: tuple[Extension, ...] = ()
            if fields.peek() == EXTENSIONS:
                with fields.sequence("[1]", section=RESPONSE, tag=EXTENSIONS) as explicit:
                    extensions = read_extensions(explicit, {})
        return cls(cert_id, status, this_update, next_update, date, reason, extensions)

    def element(self) -> Element:
        """Return the `SingleResponse` to be written, without extensions."""
        fields = [self.cert_id.element("certID"), self._status_element()]
        fields.append(generalized_time("thisUpdate", self.this_update, section="RFC 6960 §4.2.2.1"))
        if self.next_update is not None:
            next_update = generalized_time("nextUpdate", self.next_update, section="RFC 6960 §4.2.2.1")
            fields.append(sequence("[0]", next_update, section=RESPONSE, tag=NEXT_UPDATE))
        return sequence("SingleResponse", *fields, section=RESPONSE)

    def _status_element(self) -> Element:
        if self.status is CertStatus.GOOD:
            return null("good", section=RESPONSE, tag=GOOD)
        if self.revocation_date is None:
            return null("unknown", section=RESPONSE, tag=UNKNOWN)
        fields = [generalized_time("revocationTime", self.revocation_date, section=RESPONSE)]
        if self.reason is not RevocationReason.UNSPECIFIED:
            code = integer("revocationReason", self.reason, section="RFC 5280 §5.3.1", tag=ENUMERATED)
            fields.append(sequence("[0]", code, section=RESPONSE, tag=REASON))
        return sequence("revoked", *fields, section=RESPONSE, tag=REVOKED)


def _read_status(fields: Reader) -> tuple[CertStatus, datetime | None, RevocationReason]:
    """Read a `CertStatus`: the status; if revoked, since when and why."""
    reason = RevocationReason.UNSPECIFIED
    match fields.peek():
        case tag if tag == GOOD:
            fields.null("good", section=RESPONSE, tag=GOOD)
            return CertStatus.GOOD, None, reason
        case tag if tag == UNKNOWN:
            fields.null("unknown", section=RESPONSE, tag=UNKNOWN)
            return CertStatus.UNKNOWN, None, reason
    with fields.sequence("revoked", section=RESPONSE, tag=REVOKED) as info:
        date = info.generalized_time("revocationTime", section=RESPONSE)
        if not info.at_end():
            with info.sequence("[0]", section=RESPONSE, tag=REASON) as explicit:
                start = explicit.position
                number = explicit.natural("revocationReason", section="RFC 5280 §5.3.1", tag=ENUMERATED)
                try:
                    reason = RevocationReason(number)
                except ValueError:
                    raise DERError(start, f"CRLReason {number}, expected 0 to 6 or 8 to 10") from None
                explicit.tell(str(reason))
    return CertStatus.REVOKED, date, reason
