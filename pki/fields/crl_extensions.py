"""Extensions of certificate revocation lists (CRLs) and of their entries.

Standard     RFC 5280 §5.2.3 (cRLNumber), §5.2.4 (deltaCRLIndicator), §5.2.5 (issuingDistributionPoint),
             §5.3.1 (reasonCode), §5.3.2 (invalidityDate), §5.3.3 (certificateIssuer).
Left out     Others are kept as octets, under their identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from pki.asn1.as_text import moment_text
from pki.asn1.der import ENUMERATED, DERError, Reader, context
from pki.asn1.der_writer import Element, boolean, generalized_time, integer, sequence
from pki.asn1.oids import OIDS
from pki.fields.access import AuthorityInfoAccess
from pki.fields.distribution_points import (
    NAME,
    DistributionPointName,
    FreshestCRL,
    RevocationReason,
    point_name_element,
    read_point_name,
    read_reason_flags,
    reason_flags_element,
)
from pki.fields.extensions import AuthorityKeyIdentifier, ExtensionReader, IssuerAltName
from pki.fields.general_names import GeneralName, general_names_element, read_general_names

# RFC 5280 §5.2.5: the tags of IssuingDistributionPoint's fields after the first.
USER_CERTS, CA_CERTS, SOME_REASONS, INDIRECT, ATTRIBUTE_CERTS = (context(number) for number in range(1, 6))


@dataclass(frozen=True, slots=True)
class CRLNumber:
    """The list's number, which grows from one to the next (RFC 5280 §5.2.3)."""

    oid: ClassVar[str] = OIDS["cRLNumber"]
    SECTION: ClassVar[str] = "RFC 5280 §5.2.3"
    number: int
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `CRLNumber`."""
        return cls(_read_number(reader, "CRLNumber", cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return integer("CRLNumber", self.number, section=self.SECTION)

    def __str__(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class DeltaCRLIndicator:
    """That the list holds only what changed since the complete list with this number (RFC 5280 §5.2.4)."""

    oid: ClassVar[str] = OIDS["deltaCRLIndicator"]
    SECTION: ClassVar[str] = "RFC 5280 §5.2.4"
    base_number: int
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `BaseCRLNumber`."""
        return cls(_read_number(reader, "BaseCRLNumber", cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return integer("BaseCRLNumber", self.base_number, section=self.SECTION)

    def __str__(self) -> str:
        return f"changes since {self.base_number}"


@dataclass(frozen=True, slots=True)
class IssuingDistributionPoint:
    """For which certificates, and which reasons, the list speaks (RFC 5280 §5.2.5).

    name: the distribution point that it belongs to; None for any.
    only_user_certificates, only_ca_certificates, only_attribute_certificates: the only kind it lists.
    only_reasons: the reasons for which it lists; None for all.
    indirect: whether it may list certificates of other issuers.
    """

    oid: ClassVar[str] = OIDS["issuingDistributionPoint"]
    SECTION: ClassVar[str] = "RFC 5280 §5.2.5"
    name: DistributionPointName | None = None
    only_user_certificates: bool = False
    only_ca_certificates: bool = False
    only_reasons: frozenset[RevocationReason] | None = None
    indirect: bool = False
    only_attribute_certificates: bool = False
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `IssuingDistributionPoint`."""
        section = cls.SECTION
        with reader.sequence("IssuingDistributionPoint", section=section) as fields:
            name = read_point_name(fields, section=section) if fields.peek() == NAME else None
            user = fields.flag("onlyContainsUserCerts", section=section, tag=USER_CERTS)
            ca = fields.flag("onlyContainsCACerts", section=section, tag=CA_CERTS)
            reasons = None
            if fields.peek() == SOME_REASONS:
                reasons = read_reason_flags(fields, "onlySomeReasons", tag=SOME_REASONS, section=section)
            indirect = fields.flag("indirectCRL", section=section, tag=INDIRECT)
            attribute = fields.flag("onlyContainsAttributeCerts", section=section, tag=ATTRIBUTE_CERTS)
        return cls(name, user, ca, reasons, indirect, attribute, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        section = self.SECTION
        fields = [] if self.name is None else [point_name_element(self.name, section=section)]
        if self.only_user_certificates:
            fields.append(boolean("onlyContainsUserCerts", True, section=section, tag=USER_CERTS))
        if self.only_ca_certificates:
            fields.append(boolean("onlyContainsCACerts", True, section=section, tag=CA_CERTS))
        if self.only_reasons is not None:
            flags = reason_flags_element("onlySomeReasons", self.only_reasons, tag=SOME_REASONS, section=section)
            fields.append(flags)
        if self.indirect:
            fields.append(boolean("indirectCRL", True, section=section, tag=INDIRECT))
        if self.only_attribute_certificates:
            fields.append(boolean("onlyContainsAttributeCerts", True, section=section, tag=ATTRIBUTE_CERTS))
        return sequence("IssuingDistributionPoint", *fields, section=section)

    def __str__(self) -> str:
        parts = [] if self.name is None else [str(self.name)]
        flags = {
            "only user certificates": self.only_user_certificates,
            "only certificates of authorities": self.only_ca_certificates,
            "only attribute certificates": self.only_attribute_certificates,
            "certificates of other issuers too": self.indirect,
        }
        parts += [text for text, flag in flags.items() if flag]
        if self.only_reasons is not None:
            parts.append("only for " + (", ".join(map(str, sorted(self.only_reasons))) or "no reason"))
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """Why the certificate was revoked (RFC 5280 §5.3.1)."""

    oid: ClassVar[str] = OIDS["cRLReasons"]
    SECTION: ClassVar[str] = "RFC 5280 §5.3.1"
    reason: RevocationReason
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `CRLReason`."""
        start = reader.position
        number = reader.natural("CRLReason", section=cls.SECTION, tag=ENUMERATED)
        try:
            reason = RevocationReason(number)
        except ValueError:
            raise DERError(start, f"CRLReason {number}, expected 0 to 6 or 8 to 10") from None
        if reader.layout is not None:
            reader.layout.last.value = str(reason)
        return cls(reason, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return integer("CRLReason", self.reason, section=self.SECTION, tag=ENUMERATED)

    def __str__(self) -> str:
        return str(self.reason)


@dataclass(frozen=True, slots=True)
class InvalidityDate:
    """Since when the certificate ought not to have been relied on, as far as is known (RFC 5280 §5.3.2)."""

    oid: ClassVar[str] = OIDS["invalidityDate"]
    SECTION: ClassVar[str] = "RFC 5280 §5.3.2"
    date: datetime
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `InvalidityDate`: a GeneralizedTime, whatever the year."""
        return cls(reader.generalized_time("InvalidityDate", section=cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return generalized_time("InvalidityDate", self.date, section=self.SECTION)

    def __str__(self) -> str:
        return moment_text(self.date)


@dataclass(frozen=True, slots=True)
class CertificateIssuer:
    """Whose certificates this entry and the following ones are (RFC 5280 §5.3.3)."""

    oid: ClassVar[str] = OIDS["certificateIssuer"]
    SECTION: ClassVar[str] = "RFC 5280 §5.3.3"
    names: tuple[GeneralName, ...]
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `CertificateIssuer`: one name or more."""
        return cls(read_general_names(reader, "CertificateIssuer", section=cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return general_names_element("CertificateIssuer", self.names, section=self.SECTION)

    def __str__(self) -> str:
        return ", ".join(map(str, self.names))


CRL_EXTENSIONS: dict[str, ExtensionReader] = {
    kind.oid: kind
    for kind in (
        AuthorityKeyIdentifier,
        IssuerAltName,
        CRLNumber,
        DeltaCRLIndicator,
        IssuingDistributionPoint,
        FreshestCRL,
        AuthorityInfoAccess,
    )
}
"""The extensions of lists that are understood here (RFC 5280 §5.2)."""

ENTRY_EXTENSIONS: dict[str, ExtensionReader] = {
    kind.oid: kind for kind in (ReasonCode, InvalidityDate, CertificateIssuer)
}
"""The extensions of entries that are understood here (RFC 5280 §5.3)."""


def _read_number(reader: Reader, label: str, section: str) -> int:
    start = reader.position
    number = reader.integer(label, section=section)
    if number < 0:
        raise DERError(start, f"{label} is below 0")
    return number
