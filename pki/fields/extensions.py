"""Extensions: what a version 3 certificate says beyond who holds which key.

Standard     RFC 5280 §4.2 (`Extension`), §4.2.1.1, §4.2.1.2, §4.2.1.3, §4.2.1.6, §4.2.1.9, §4.2.1.12.
Left out     Others are kept as octets, under their identifier.

>>> extension_element(BasicConstraints(ca=True)).encoding.hex()     # RFC 5280 appendix C.1
'300f0603551d130101ff040530030101ff'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import ClassVar, Protocol, Self, TypeAlias, TypeVar

from pki.asn1.as_text import serial_text
from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, boolean, integer, octet_string, octets_holding, oid, sequence
from pki.asn1.named_bits import named_bits_element, read_named_bits, shown
from pki.asn1.oids import OIDS, describe
from pki.fields.access import AuthorityInfoAccess, SubjectInfoAccess
from pki.fields.distribution_points import CRLDistributionPoints, FreshestCRL
from pki.fields.general_names import DNSName, GeneralName, IPAddress, general_names_element, read_general_names
from pki.fields.name_constraints import NameConstraints
from pki.fields.ocsp_extensions import OCSPNoCheck
from pki.fields.policy_extensions import CertificatePolicies, InhibitAnyPolicy, PolicyConstraints, PolicyMappings


class KnownExtension(Protocol):
    """An extension that is understood here."""

    @property
    def oid(self) -> str:
        """The identifier, in dotted form."""

    @property
    def critical(self) -> bool:
        """Whether a certificate must be refused by a reader that does not understand the extension (RFC 5280 §4.2)."""

    def value_element(self) -> Element:
        """Return what goes into extnValue."""


class ExtensionReader(Protocol):
    """The class of an extension, as far as reading goes."""

    def read(self, reader: Reader, critical: bool, /) -> KnownExtension:
        """Read what is in extnValue."""


class Usage(Enum):
    """What a key may be used for: the bits of keyUsage by their numbers (RFC 5280 §4.2.1.3)."""

    DIGITAL_SIGNATURE = 0
    CONTENT_COMMITMENT = 1
    KEY_ENCIPHERMENT = 2
    DATA_ENCIPHERMENT = 3
    KEY_AGREEMENT = 4
    KEY_CERT_SIGN = 5
    CRL_SIGN = 6
    ENCIPHER_ONLY = 7
    DECIPHER_ONLY = 8

    def __str__(self) -> str:
        """Return the standard's name, such as `keyCertSign`."""
        return _USAGE_NAMES[self.value]


_USAGE_NAMES = (
    "digitalSignature",
    "contentCommitment",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
_USAGES = tuple(Usage)


class Purpose(StrEnum):
    """What a certificate may be shown for: the identifiers of extKeyUsage (RFC 5280 §4.2.1.12), in dotted form."""

    ANY = OIDS["anyExtendedKeyUsage"]
    SERVER_AUTH = OIDS["serverAuth"]
    CLIENT_AUTH = OIDS["clientAuth"]
    CODE_SIGNING = OIDS["codeSigning"]
    EMAIL_PROTECTION = OIDS["emailProtection"]
    TIME_STAMPING = OIDS["timeStamping"]
    OCSP_SIGNING = OIDS["OCSPSigning"]


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """Whether the subject is a certificate authority, and how many others may stand below it (RFC 5280 §4.2.1.9).

    ca: whether the key may sign certificates.
    path_length: at most how many intermediate authorities may follow in a path; None for any number.
    """

    oid: ClassVar[str] = OIDS["basicConstraints"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.9"
    ca: bool
    path_length: int | None = None
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `BasicConstraints`."""
        path_length = None
        with reader.sequence("BasicConstraints", section=cls.SECTION) as constraints:
            ca = constraints.flag("cA", section=cls.SECTION)
            if constraints.position != constraints.end:
                path_length = constraints.natural("pathLenConstraint", section=cls.SECTION)
        return cls(ca, path_length, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        fields = []
        if self.ca:
            fields.append(boolean("cA", True, section=self.SECTION))
        if self.path_length is not None:
            fields.append(integer("pathLenConstraint", self.path_length, section=self.SECTION))
        return sequence("BasicConstraints", *fields, section=self.SECTION)

    def __str__(self) -> str:
        limit = "" if self.path_length is None else f", path length {self.path_length}"
        return ("a certificate authority" if self.ca else "no certificate authority") + limit


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """What the key may be used for (RFC 5280 §4.2.1.3)."""

    oid: ClassVar[str] = OIDS["keyUsage"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.3"
    usages: frozenset[Usage]
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `KeyUsage`: named bits, the last of which is a one (X.690 §11.2.2)."""
        start = reader.position
        numbers = read_named_bits(reader, "KeyUsage", _USAGE_NAMES, section=cls.SECTION)
        if not numbers:
            raise DERError(start, "KeyUsage is without a usage, expected at least one")
        return cls(frozenset(map(_USAGES.__getitem__, numbers)), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        if not self.usages:
            raise ValueError("keyUsage without a usage, expected at least one")
        numbers = (usage.value for usage in self.usages)
        return named_bits_element("KeyUsage", numbers, _USAGE_NAMES, section=self.SECTION)

    def __str__(self) -> str:
        return shown((usage.value for usage in self.usages), _USAGE_NAMES)


@dataclass(frozen=True, slots=True)
class ExtendedKeyUsage:
    """For which purposes the certificate may be shown: identifiers in dotted form (RFC 5280 §4.2.1.12)."""

    oid: ClassVar[str] = OIDS["extKeyUsage"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.12"
    purposes: tuple[str, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `ExtKeyUsageSyntax`: one purpose or more."""
        purposes: list[str] = []
        with reader.sequence("ExtKeyUsageSyntax", section=cls.SECTION) as identifiers:
            while not purposes or identifiers.position != identifiers.end:
                purposes.append(identifiers.oid("KeyPurposeId", section=cls.SECTION))
        return cls(tuple(purposes), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        identifiers = (oid("KeyPurposeId", purpose, section=self.SECTION) for purpose in self.purposes)
        return sequence("ExtKeyUsageSyntax", *identifiers, section=self.SECTION)

    def __str__(self) -> str:
        return ", ".join(map(describe, self.purposes))


@dataclass(frozen=True, slots=True)
class SubjectAltName:
    """The names by which the subject is to be recognised (RFC 5280 §4.2.1.6)."""

    oid: ClassVar[str] = OIDS["subjectAltName"]
    names: tuple[GeneralName, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `SubjectAltName`: one name or more."""
        return cls(read_general_names(reader, "SubjectAltName"), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return general_names_element("SubjectAltName", self.names)

    @property
    def dns_names(self) -> list[str]:
        """The host names among them."""
        return [name.name for name in self.names if isinstance(name, DNSName)]

    @property
    def ip_addresses(self) -> list[bytes]:
        """The IP addresses among them, 4 or 16 octets each."""
        return [name.octets for name in self.names if isinstance(name, IPAddress)]

    def __str__(self) -> str:
        return ", ".join(map(str, self.names))


@dataclass(frozen=True, slots=True)
class IssuerAltName:
    """Other names of the issuer (RFC 5280 §4.2.1.7). Nothing follows from them: the chain goes by the name alone."""

    oid: ClassVar[str] = OIDS["issuerAltName"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.7"
    names: tuple[GeneralName, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `IssuerAltName`: one name or more."""
        return cls(read_general_names(reader, "IssuerAltName", section=cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return general_names_element("IssuerAltName", self.names, section=self.SECTION)

    def __str__(self) -> str:
        return ", ".join(map(str, self.names))


@dataclass(frozen=True, slots=True)
class SubjectKeyIdentifier:
    """Some octets that tell this key from the subject's others (RFC 5280 §4.2.1.2)."""

    oid: ClassVar[str] = OIDS["subjectKeyIdentifier"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.2"
    identifier: bytes
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `SubjectKeyIdentifier`."""
        return cls(reader.octet_string("SubjectKeyIdentifier", section=cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return octet_string("SubjectKeyIdentifier", self.identifier, section=self.SECTION)

    def __str__(self) -> str:
        return self.identifier.hex(":")


@dataclass(frozen=True, slots=True)
class AuthorityKeyIdentifier:
    """Which of the issuer's keys made the signature: by its identifier, or its certificate (RFC 5280 §4.2.1.1)."""

    oid: ClassVar[str] = OIDS["authorityKeyIdentifier"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.1"
    identifier: bytes | None
    issuer: tuple[GeneralName, ...] = ()
    serial_number: int | None = None
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `AuthorityKeyIdentifier`."""
        identifier, serial_number = None, None
        issuer: tuple[GeneralName, ...] = ()
        with reader.sequence("AuthorityKeyIdentifier", section=cls.SECTION) as fields:
            if fields.peek() == context(0):
                identifier = fields.octet_string("keyIdentifier", section=cls.SECTION, tag=context(0))
            if fields.peek() == context(1, constructed=True):
                issuer = read_general_names(
                    fields, "authorityCertIssuer", section=cls.SECTION, tag=context(1, constructed=True)
                )
            if fields.position != fields.end:
                serial_number = fields.integer("authorityCertSerialNumber", section=cls.SECTION, tag=context(2))
        return cls(identifier, issuer, serial_number, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        fields = []
        if self.identifier is not None:
            fields.append(octet_string("keyIdentifier", self.identifier, section=self.SECTION, tag=context(0)))
        if self.issuer:
            tag = context(1, constructed=True)
            fields.append(general_names_element("authorityCertIssuer", self.issuer, section=self.SECTION, tag=tag))
        if self.serial_number is not None:
            fields.append(
                integer("authorityCertSerialNumber", self.serial_number, section=self.SECTION, tag=context(2))
            )
        return sequence("AuthorityKeyIdentifier", *fields, section=self.SECTION)

    def __str__(self) -> str:
        parts = [] if self.identifier is None else [self.identifier.hex(":")]
        parts += [str(name) for name in self.issuer]
        if self.serial_number is not None:
            parts.append(f"serial number {serial_text(self.serial_number)}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class UnknownExtension:
    """An extension that is not known here, as the octets of its value."""

    oid: str
    value: bytes
    critical: bool

    def __str__(self) -> str:
        return f"{len(self.value)} octets"


Extension: TypeAlias = KnownExtension | UnknownExtension
ExtensionType = TypeVar("ExtensionType", bound=Extension)

KNOWN: dict[str, ExtensionReader] = {
    kind.oid: kind
    for kind in (
        BasicConstraints,
        KeyUsage,
        ExtendedKeyUsage,
        SubjectAltName,
        IssuerAltName,
        SubjectKeyIdentifier,
        AuthorityKeyIdentifier,
        CertificatePolicies,
        PolicyMappings,
        PolicyConstraints,
        InhibitAnyPolicy,
        NameConstraints,
        CRLDistributionPoints,
        FreshestCRL,
        AuthorityInfoAccess,
        SubjectInfoAccess,
        OCSPNoCheck,
    )
}
"""The extensions of certificates that are understood here, by their identifiers."""


def read_extension(reader: Reader, known: Mapping[str, ExtensionReader] = KNOWN) -> Extension:
    """Read one `Extension`.

    known: what is understood in this place; a certificate revocation list (CRL) has extensions of its own.
    """
    with reader.sequence("Extension", section="RFC 5280 §4.2") as extension:
        identifier = extension.oid("extnID", section="RFC 5280 §4.2")
        critical = extension.flag("critical", section="RFC 5280 §4.2")
        if extension.layout is not None:
            extension.layout.describe(describe(identifier) + (", critical" if critical else ""))
        kind = known.get(identifier)
        if kind is None:
            return UnknownExtension(identifier, extension.octet_string("extnValue", section="RFC 5280 §4.2"), critical)
        with extension.octets_holding("extnValue", section="RFC 5280 §4.2") as value:
            return kind.read(value, critical)


def extension_element(extension: Extension) -> Element:
    """Return one `Extension` to be written."""
    fields = [oid("extnID", extension.oid, section="RFC 5280 §4.2")]
    if extension.critical:
        fields.append(boolean("critical", True, section="RFC 5280 §4.2"))
    if isinstance(extension, UnknownExtension):
        fields.append(octet_string("extnValue", extension.value, section="RFC 5280 §4.2"))
    else:
        fields.append(octets_holding("extnValue", extension.value_element(), section="RFC 5280 §4.2"))
    return sequence("Extension", *fields, section="RFC 5280 §4.2")


def read_extensions(reader: Reader, known: Mapping[str, ExtensionReader] = KNOWN) -> tuple[Extension, ...]:
    """Read `Extensions`: one or more."""
    extensions = []
    with reader.sequence("Extensions", section="RFC 5280 §4.1") as sequence:
        while True:
            extensions.append(read_extension(sequence, known))
            if sequence.position == sequence.end:
                return tuple(extensions)


def extensions_element(extensions: Iterable[Extension]) -> Element:
    """Return `Extensions` to be written."""
    return sequence("Extensions", *map(extension_element, extensions), section="RFC 5280 §4.1")


def find_extension(extensions: Iterable[Extension], kind: type[ExtensionType]) -> ExtensionType | None:
    """Return the first extension of this class, or None."""
    for extension in extensions:
        if isinstance(extension, kind):
            return extension
    return None
