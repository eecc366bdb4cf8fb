"""Extensions of OCSP: the nonce of requests and responses, and what the certificate of a responder may say.

Standard     RFC 9654 §2.1 (nonce); RFC 6960 §4.2.2.2.1 (id-pkix-ocsp-nocheck).
Left out     The others of RFC 6960 §4.4, which are kept as octets, under their identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import Element, null, octet_string
from pki.asn1.oids import OIDS

MAX_NONCE = 128  # octets (RFC 9654 §2.1)


@dataclass(frozen=True, slots=True)
class OCSPNonce:
    """Random octets of a request, which its response repeats (RFC 9654 §2.1)."""

    oid: ClassVar[str] = OIDS["id-pkix-ocsp-nonce"]
    SECTION: ClassVar[str] = "RFC 9654 §2.1"
    nonce: bytes
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `Nonce`: 1 to 128 octets."""
        start = reader.position
        nonce = reader.octet_string("Nonce", section=cls.SECTION)
        if not 1 <= len(nonce) <= MAX_NONCE:
            raise DERError(start, f"a nonce of {len(nonce)} octets, expected 1 to {MAX_NONCE}")
        return cls(nonce, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return octet_string("Nonce", self.nonce, section=self.SECTION)

    def __str__(self) -> str:
        return self.nonce.hex()


@dataclass(frozen=True, slots=True)
class OCSPNoCheck:
    """That nobody need ask whether this certificate of a responder was revoked (RFC 6960 §4.2.2.2.1)."""

    oid: ClassVar[str] = OIDS["id-pkix-ocsp-nocheck"]
    SECTION: ClassVar[str] = "RFC 6960 §4.2.2.2.1"
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read NULL."""
        reader.null("OCSPNoCheck", section=cls.SECTION)
        return cls(critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return null("OCSPNoCheck", section=self.SECTION)

    def __str__(self) -> str:
        return "trusted until it expires"
