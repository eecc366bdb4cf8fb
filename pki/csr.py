"""Certification requests: a name, a key and requested extensions, signed with that key.

Standard     RFC 2986 §4 (PKCS #10); RFC 2985 §5.4.1 (`challengePassword`), §5.4.2 (`extensionRequest`); RFC 7468 §7.
             Microsoft's `szOID_CERT_EXTENSIONS` (wincrypt.h) holds what `extensionRequest` does, and is read as that.
Left out     Other attributes: kept as they are, under their identifier.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, integer, oid, sequence, set_of
from pki.asn1.oids import OIDS, describe
from pki.fields.extensions import Extension, SubjectAltName, extensions_element, find_extension, read_extensions
from pki.fields.general_names import DNSName, GeneralName, IPAddress
from pki.fields.names import Name
from pki.key_formats.private_key_info import PrivateKey
from pki.key_formats.public_key_info import PublicKey, public_key_info, read_public_key_info
from pki.signatures import SignatureAlgorithm, Signer, read_signature_algorithm
from pki.signed import Signed
from primitives.integers import RandomBytes

SECTION, INFO = "RFC 2986 §4.2", "RFC 2986 §4.1"
ASKING_FOR_EXTENSIONS = (OIDS["extensionRequest"], OIDS["szOID_CERT_EXTENSIONS"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CertificateSigningRequest(Signed):
    """A certification request (PKCS #10), as it was read.

    subject: the name asked for.
    public_key: the key that the certificate is to speak of.
    attributes: the identifier of each attribute, and the DER of its values.
    extensions: those asked for, in the attribute extensionRequest or Microsoft's.
    challenge_password: the attribute of that name, a word agreed with the authority beforehand; None without one.
    signature_algorithm, signature: the signature, made with the private half of the request's own key.
    tbs: the bytes that are signed (`certificationRequestInfo`).
    der: the whole.
    """

    PEM_LABELS: ClassVar[tuple[str, ...]] = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
    SECTION: ClassVar[str] = SECTION
    SIGNATURE: ClassVar[tuple[str, str]] = ("signature", SECTION)

    subject: Name
    public_key: PublicKey
    attributes: tuple[tuple[str, bytes], ...]
    extensions: tuple[Extension, ...]
    challenge_password: str | None

    @classmethod
    def build(
        cls,
        subject: Name,
        dns_names: Sequence[str],
        private_key: PrivateKey,
        *,
        ip_addresses: Sequence[bytes] = (),
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Self:
        """Return a new request, signed by the key that it asks a certificate for.

        subject: who asks; dns_names: the host names to be certified, if any.
        ip_addresses: the addresses to be certified, of 4 or 16 octets.
        """
        attributes = []
        names: list[GeneralName] = [*map(DNSName, dns_names), *map(IPAddress, ip_addresses)]
        if names:
            requested = extensions_element([SubjectAltName(tuple(names))])
            attributes.append(_attribute("extensionRequest", requested, "RFC 2985 §5.4.2"))
        info = sequence(
            "certificationRequestInfo",
            integer("version", 0, section=INFO),
            subject.element("subject", section=INFO),
            public_key_info(private_key.public_key, "subjectPKInfo"),
            set_of("attributes", *attributes, section=INFO, tag=context(0, constructed=True)),
            section=INFO,
        )
        return cls._sign("CertificationRequest", info, Signer(private_key, signature_algorithm, random_bytes))

    @property
    def names(self) -> tuple[GeneralName, ...]:
        """The names asked for in subjectAltName."""
        requested = find_extension(self.extensions, SubjectAltName)
        return requested.names if requested else ()

    @property
    def dns_names(self) -> list[str]:
        """The host names asked for."""
        return [name.name for name in self.names if isinstance(name, DNSName)]

    def verify(self) -> None:
        """Return if the requester holds the private key: the signature is its own; else raise `InvalidSignature`."""
        self.verify_signature_by(self.public_key)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a `CertificationRequest` that ends where the bytes end."""
        with reader.sequence("CertificationRequest", section=SECTION) as request:
            with request.sequence("certificationRequestInfo", section=INFO) as info:
                start = info.position
                version = info.natural("version", section=INFO)
                info.tell(f"{version} (v{version + 1})")
                if version != 0:
                    raise DERError(start, f"a request with version {version}, expected 0, which stands for version 1")
                subject = Name.read(info, "subject", section=INFO)
                public_key = read_public_key_info(info, "subjectPKInfo")
                attributes = _read_attributes(info)
                signed = info.encoding
            signature_algorithm = read_signature_algorithm(request, "signatureAlgorithm")
            signature = request.octets_in_bits("signature", section=SECTION)
        reader.finish()
        return cls(
            subject=subject,
            public_key=public_key,
            attributes=tuple(attributes.values.items()),
            extensions=attributes.extensions,
            challenge_password=attributes.challenge_password,
            signature_algorithm=signature_algorithm,
            signature=signature,
            tbs=signed,
            der=reader.data,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.subject}>"


@dataclass
class _Attributes:
    """The attributes of a request, while they are read."""

    values: dict[str, bytes] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()
    challenge_password: str | None = None


def _read_attributes(reader: Reader) -> _Attributes:
    """Read `Attributes`, each at most once."""
    found = _Attributes()
    with reader.set_of("attributes", section=INFO, tag=context(0, constructed=True)) as attributes:
        while not attributes.at_end():
            start = attributes.position
            with attributes.sequence("Attribute", section=INFO) as attribute:
                identifier = attribute.oid("type", section=INFO)
                if attribute.layout is not None:
                    attribute.layout.describe(describe(identifier))
                if identifier in found.values:
                    raise DERError(start, f"the attribute {describe(identifier)} comes twice")
                with attribute.set_of("values", section=INFO) as values:
                    _read_values(identifier, values, found)
                    found.values[identifier] = values.encoding
    return found


def _read_values(identifier: str, values: Reader, found: _Attributes) -> None:
    """Read the values of an attribute: one if it is known here, else one or more."""
    if identifier in ASKING_FOR_EXTENSIONS:
        found.extensions += read_extensions(values)
    elif identifier == OIDS["challengePassword"]:
        _, found.challenge_password = values.string("challengePassword", section="RFC 2985 §5.4.1")
    else:
        values.any("value", section=INFO)
        while not values.at_end():
            values.any("value", section=INFO)


def _attribute(type: str, value: Element, section: str) -> Element:
    return sequence(
        "Attribute", oid("type", OIDS[type], section=INFO), set_of("values", value, section=section), section=INFO
    )
