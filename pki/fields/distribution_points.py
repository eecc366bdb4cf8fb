"""Distribution points: where the certificate revocation list (CRL) is, for which certificates and reasons it speaks.

Standard     RFC 5280 §4.2.1.13 (cRLDistributionPoints), §4.2.1.15 (freshestCRL), §5.3.1 (reasons).
Left out     Fetching the lists; which list decides about which certificate is for `pki.path.revocation`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from pki.asn1.der import Reader, context
from pki.asn1.der_writer import Element, sequence
from pki.asn1.named_bits import named_bits_element, read_named_bits
from pki.asn1.oids import OIDS
from pki.fields.general_names import DirectoryName, GeneralName, general_names_element, read_general_names
from pki.fields.names import Attribute, Name, rdn_element, read_rdn

SECTION = "RFC 5280 §4.2.1.13"
NAME, REASONS, CRL_ISSUER = context(0, constructed=True), context(1), context(2, constructed=True)
FULL_NAME, RELATIVE_NAME = context(0, constructed=True), context(1, constructed=True)


class RevocationReason(IntEnum):
    """Why a certificate was revoked: `CRLReason` (RFC 5280 §5.3.1)."""

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    CA_COMPROMISE = 2
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION_OF_OPERATION = 5
    CERTIFICATE_HOLD = 6
    REMOVE_FROM_CRL = 8
    PRIVILEGE_WITHDRAWN = 9
    AA_COMPROMISE = 10

    def __str__(self) -> str:
        """Return the standard's name, such as `keyCompromise`."""
        return _REASON_NAMES[self]


_REASON_NAMES = dict(
    zip(
        RevocationReason,
        (
            "unspecified",
            "keyCompromise",
            "cACompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "removeFromCRL",
            "privilegeWithdrawn",
            "aACompromise",
        ),
        strict=True,
    )
)

# RFC 5280 §4.2.1.13, `ReasonFlags`: the reasons by the numbers of their bits. Bit 0 is unused. A revocation
# without a stated reason is on the lists for all reasons alone.
FLAGGED_REASONS = (
    RevocationReason.UNSPECIFIED,
    RevocationReason.KEY_COMPROMISE,
    RevocationReason.CA_COMPROMISE,
    RevocationReason.AFFILIATION_CHANGED,
    RevocationReason.SUPERSEDED,
    RevocationReason.CESSATION_OF_OPERATION,
    RevocationReason.CERTIFICATE_HOLD,
    RevocationReason.PRIVILEGE_WITHDRAWN,
    RevocationReason.AA_COMPROMISE,
)
_FLAG_NAMES = ("unused", *map(str, FLAGGED_REASONS[1:]))
ALL_REASONS = frozenset(FLAGGED_REASONS[1:])


@dataclass(frozen=True, slots=True)
class DistributionPointName:
    """The name of a distribution point: names in full, or what is to be added to the name of the list's issuer."""

    full: tuple[GeneralName, ...] = ()
    relative: tuple[Attribute, ...] = ()

    def names(self, issuer: Name) -> tuple[GeneralName, ...]:
        """Return the names in full, if the list is issued by `issuer`."""
        return self.full or (DirectoryName(Name((*issuer.rdns, self.relative))),)

    def __str__(self) -> str:
        return ", ".join(map(str, self.full)) or "relative to the issuer: " + "+".join(map(str, self.relative))


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """Where a CRL is.

    name: its name; None if the names of its issuer are all there is.
    reasons: for which reasons it tells of revocations; None for all.
    crl_issuer: who issues the list, if not the certificate's issuer.
    """

    name: DistributionPointName | None = None
    reasons: frozenset[RevocationReason] | None = None
    crl_issuer: tuple[GeneralName, ...] = ()

    def __str__(self) -> str:
        parts = [] if self.name is None else [str(self.name)]
        if self.reasons is not None:
            parts.append("for " + (", ".join(map(str, sorted(self.reasons))) or "no reason"))
        if self.crl_issuer:
            parts.append("issued by " + ", ".join(map(str, self.crl_issuer)))
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class CRLDistributionPoints:
    """Where to learn whether the certificate was revoked (RFC 5280 §4.2.1.13)."""

    oid: ClassVar[str] = OIDS["cRLDistributionPoints"]
    points: tuple[DistributionPoint, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `CRLDistributionPoints`: one or more."""
        return cls(_read_points(reader, "CRLDistributionPoints"), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return _points_element("CRLDistributionPoints", self.points)

    def __str__(self) -> str:
        return " | ".join(map(str, self.points))


@dataclass(frozen=True, slots=True)
class FreshestCRL:
    """Where the list of the latest changes, the delta CRL, is (RFC 5280 §4.2.1.15, §5.2.6)."""

    oid: ClassVar[str] = OIDS["freshestCRL"]
    points: tuple[DistributionPoint, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `FreshestCRL`: one point or more."""
        return cls(_read_points(reader, "FreshestCRL"), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return _points_element("FreshestCRL", self.points)

    def __str__(self) -> str:
        return " | ".join(map(str, self.points))


def read_point_name(reader: Reader, *, section: str = SECTION) -> DistributionPointName:
    """Read a `DistributionPointName` under its tag [0], explicit, for the type is a CHOICE."""
    with reader.sequence("distributionPoint", section=section, tag=NAME) as choice:
        if choice.peek() == RELATIVE_NAME:
            return DistributionPointName(relative=read_rdn(choice, tag=RELATIVE_NAME))
        return DistributionPointName(read_general_names(choice, "fullName", section=SECTION, tag=FULL_NAME))


def point_name_element(name: DistributionPointName, *, section: str = SECTION) -> Element:
    """Return a `DistributionPointName` to be written."""
    if name.relative:
        choice = rdn_element(name.relative, tag=RELATIVE_NAME)
    else:
        choice = general_names_element("fullName", name.full, section=SECTION, tag=FULL_NAME)
    return sequence("distributionPoint", choice, section=section, tag=NAME)


def read_reason_flags(
    reader: Reader, label: str, *, tag: int = REASONS, section: str = SECTION
) -> frozenset[RevocationReason]:
    """Read `ReasonFlags`."""
    numbers = read_named_bits(reader, label, _FLAG_NAMES, section=section, tag=tag)
    return frozenset(FLAGGED_REASONS[number] for number in numbers)


def reason_flags_element(
    label: str, reasons: Iterable[RevocationReason], *, tag: int = REASONS, section: str = SECTION
) -> Element:
    """Return `ReasonFlags` to be written."""
    numbers = map(FLAGGED_REASONS.index, reasons)
    return named_bits_element(label, numbers, _FLAG_NAMES, section=section, tag=tag)


def _read_points(reader: Reader, label: str) -> tuple[DistributionPoint, ...]:
    points: list[DistributionPoint] = []
    with reader.sequence(label, section=SECTION) as sequence:
        while not points or not sequence.at_end():
            name, reasons = None, None
            crl_issuer: tuple[GeneralName, ...] = ()
            with sequence.sequence("DistributionPoint", section=SECTION) as point:
                if point.peek() == NAME:
                    name = read_point_name(point)
                if point.peek() == REASONS:
                    reasons = read_reason_flags(point, "reasons")
                if point.peek() == CRL_ISSUER:
                    crl_issuer = read_general_names(point, "cRLIssuer", section=SECTION, tag=CRL_ISSUER)
            points.append(DistributionPoint(name, reasons, crl_issuer))
    return tuple(points)


def _points_element(label: str, points: Iterable[DistributionPoint]) -> Element:
    elements = []
    for point in points:
        fields = []
        if point.name is not None:
            fields.append(point_name_element(point.name))
        if point.reasons is not None:
            fields.append(reason_flags_element("reasons", point.reasons))
        if point.crl_issuer:
            fields.append(general_names_element("cRLIssuer", point.crl_issuer, section=SECTION, tag=CRL_ISSUER))
        elements.append(sequence("DistributionPoint", *fields, section=SECTION))
    return sequence(label, *elements, section=SECTION)
