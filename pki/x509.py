"""X.509 certificates: somebody's word that a key belongs to a name.

Standard     RFC 5280 §4.1, §4.2; RFC 7468 §5 (PEM).
Left out     What a certificate is worth: `pki.verify` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar, Self

from explain.trace import tracing
from pki.asn1.as_text import serial_text
from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import integer, sequence
from pki.asn1.pem import pem_decode
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import (
    Extension,
    ExtensionType,
    KeyUsage,
    SubjectAltName,
    Usage,
    extensions_element,
    find_extension,
    read_extensions,
)
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.key_formats.public_key_info import PublicKey, public_key_info, read_public_key_info
from pki.signatures import SignatureAlgorithm, Signer
from pki.signed import Signed, read_algorithm
from primitives.hashes import HashFunction
from primitives.sha2 import sha256

__all__ = ["Certificate", "CertificateSigningRequest"]

SECTION, VALIDITY = "RFC 5280 §4.1", "RFC 5280 §4.1.2.5"
VERSION, ISSUER_ID, SUBJECT_ID = context(0, constructed=True), context(1), context(2)
EXTENSIONS = context(3, constructed=True)
MAX_VERIFIED = 256  # signatures that are remembered
MAX_REMEMBERED = 1 << 14  # bytes of a certificate whose signature is: strangers' certificates come here, too


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Certificate(Signed):
    """An X.509 certificate, as it was read.

    version: 1, 2 or 3.
    serial_number: what tells it from its issuer's others.
    signature_algorithm, signature: the issuer's signature of `tbs`.
    algorithms_agree: whether the algorithm is named alike inside and outside of what is signed, as it must be.
    issuer, subject: who signed it, and whom it speaks of.
    not_before, not_after: the first and the last second in which it holds, in UTC.
    public_key: the subject's.
    extensions: in the order of the certificate.
    tbs: the bytes that are signed (`tbsCertificate`).
    der: the whole.
    """

    PEM_LABELS: ClassVar[tuple[str, ...]] = ("CERTIFICATE",)
    SECTION: ClassVar[str] = SECTION

    version: int
    serial_number: int
    issuer: Name
    not_before: datetime
    not_after: datetime
    subject: Name
    public_key: PublicKey
    extensions: tuple[Extension, ...]
    algorithms_agree: bool

    @classmethod
    def build(
        cls,
        *,
        serial_number: int,
        issuer: Name,
        validity: Validity,
        subject: Name,
        public_key: PublicKey,
        extensions: Iterable[Extension],
        signer: Signer,
    ) -> Self:
        """Return a new certificate of version 3, whatever it says: `pki.ca.authority` sees to what it should say.

        signer: the issuer's key, and how it signs.
        """
        tbs = sequence(
            "tbsCertificate",
            sequence("[0]", integer("version", 2, section="RFC 5280 §4.1.2.1"), section=SECTION, tag=VERSION),
            integer("serialNumber", serial_number, section="RFC 5280 §4.1.2.2"),
            signer.algorithm.element("signature"),
            issuer.element("issuer"),
            validity.element(),
            subject.element("subject", section="RFC 5280 §4.1.2.6"),
            public_key_info(public_key),
            sequence("[3]", extensions_element(extensions), section=SECTION, tag=EXTENSIONS),
            section=SECTION,
        )
        return cls._sign("Certificate", tbs, signer)

    @classmethod
    def all_from_pem(cls, data: bytes) -> list[Self]:
        """Return the certificates in `data`, in order; raise `ValueError` if it holds no certificate."""
        blocks = pem_decode(data)
        certificates = [cls.from_der(block.der) for block in blocks if block.label == "CERTIFICATE"]
        if not certificates:
            labels = ", ".join(block.label for block in blocks)
            raise ValueError(f"expected a CERTIFICATE, found {labels or 'no PEM block'}")
        return certificates

    def extension(self, kind: type[ExtensionType]) -> ExtensionType | None:
        """Return the extension of this class, such as `KeyUsage`, or None if the certificate has none."""
        return find_extension(self.extensions, kind)

    def allows(self, usage: Usage) -> bool:
        """Return whether the key may be used so: keyUsage says so, or there is no keyUsage (RFC 5280 §4.2.1.3)."""
        key_usage = self.extension(KeyUsage)
        return key_usage is None or usage in key_usage.usages

    @property
    def dns_names(self) -> list[str]:
        """The host names that it speaks for, which may begin with a wildcard `*.`."""
        names = self.extension(SubjectAltName)
        return names.dns_names if names else []

    def is_valid_at(self, at: datetime) -> bool:
        """Return whether this second, fractions aside, is in its validity: notAfter is the last (RFC 5280 §4.1.2.5)."""
        return self.not_before <= at.replace(microsecond=0) <= self.not_after

    @property
    def is_self_issued(self) -> bool:
        """Whether issuer and subject are the same (RFC 5280 §3.2)."""
        return self.issuer == self.subject

    def fingerprint(self, hash: HashFunction = sha256) -> bytes:
        """Return the hash of the certificate's DER, by which people compare certificates."""
        return hash(self.der).digest()

    def verify_signature_by(self, public_key: PublicKey) -> None:
        """Return if this key made the signature; raise `InvalidSignature` if not. No other fact is checked.

        Signatures that verified are remembered, unless the certificate is very long: the same bytes under the same key
        verify again, at any time.
        """
        watched = tracing()  # a recording shows all of it
        verify = _verify.__wrapped__ if watched or len(self.der) > MAX_REMEMBERED else _verify
        verify(self.signature_algorithm, public_key, self.tbs, self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a `Certificate` that ends where the bytes end."""
        with reader.sequence("Certificate", section=SECTION) as certificate:
            with certificate.sequence("tbsCertificate", section=SECTION) as tbs:
                version = _read_version(tbs)
                serial_number = tbs.integer("serialNumber", section="RFC 5280 §4.1.2.2")
                _, inner = read_algorithm(tbs, "signature")
                issuer = Name.read(tbs, "issuer")
                with tbs.sequence("validity", section=VALIDITY) as validity:
                    not_before = validity.time("notBefore", section=VALIDITY)
                    not_after = validity.time("notAfter", section=VALIDITY)
                subject = Name.read(tbs, "subject", section="RFC 5280 §4.1.2.6")
                public_key = read_public_key_info(tbs)
                if version >= 2:
                    if tbs.peek() == ISSUER_ID:
                        tbs.bit_string("issuerUniqueID", section="RFC 5280 §4.1.2.8", tag=ISSUER_ID)
                    if tbs.peek() == SUBJECT_ID:
                        tbs.bit_string("subjectUniqueID", section="RFC 5280 §4.1.2.8", tag=SUBJECT_ID)
                extensions: tuple[Extension, ...] = ()
                if version == 3 and tbs.peek() == EXTENSIONS:
                    with tbs.sequence("[3]", section="RFC 5280 §4.1.2.9", tag=EXTENSIONS) as explicit:
                        extensions = read_extensions(explicit)
                signed = tbs.encoding
            signature_algorithm, outer = read_algorithm(certificate, "signatureAlgorithm")
            signature = certificate.octets_in_bits("signatureValue", section="RFC 5280 §4.1.1.3")
        reader.finish()
        return cls(
            version=version,
            serial_number=serial_number,
            issuer=issuer,
            not_before=not_before,
            not_after=not_after,
            subject=subject,
            public_key=public_key,
            extensions=extensions,
            signature_algorithm=signature_algorithm,
            algorithms_agree=inner == outer,
            signature=signature,
            tbs=signed,
            der=reader.data,
        )

    def __repr__(self) -> str:
        return f"<Certificate {self.subject}, serial number {serial_text(self.serial_number)}, issued by {self.issuer}>"


@lru_cache(MAX_VERIFIED)  # an exception is not kept
def _verify(algorithm: SignatureAlgorithm, key: PublicKey, tbs: bytes, signature: bytes) -> None:
    algorithm.verify(key, tbs, signature)


def _read_version(tbs: Reader) -> int:
    """Read the version: 1 is the default, which DER leaves out (RFC 5280 §4.1.2.1)."""
    if tbs.peek() != VERSION:
        return 1
    start = tbs.position
    with tbs.sequence("[0]", section="RFC 5280 §4.1.2.1", tag=VERSION) as explicit:
        version = explicit.natural("version", section="RFC 5280 §4.1.2.1") + 1
        explicit.tell(f"{version - 1} (v{version})")
    if version == 1:
        tbs.demand(start, "a certificate of version 1, which is the default, and DER leaves defaults out (X.690 §11.5)")
    elif version not in (2, 3):
        raise DERError(start, f"a certificate of version {version}, expected 2 or 3, written as 1 or 2")
    return version
