"""Extensions about certificate policies: under which rules a certificate was issued.

Standard     RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14.
Left out     What a policy says; `pki.path.policies` works out which ones hold for a chain.

>>> str(CertificatePolicies((PolicyInformation("1.2.3", (CPS("https://ca.example/cps"),)),)))
'1.2.3 (CPS: https://ca.example/cps)'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self, TypeAlias

from console.printable import printable
from pki.asn1.der import BMP_STRING, IA5_STRING, UTF8_STRING, VISIBLE_STRING, DERError, Reader, context
from pki.asn1.der_writer import Element, encoded, integer, oid, sequence, string
from pki.asn1.oids import OIDS, describe

ANY_POLICY = OIDS["anyPolicy"]
POLICIES = "RFC 5280 §4.2.1.4"


class DisplayText(NamedTuple):
    """A text for people, with the tag of its string type: IA5String, VisibleString, BMPString or UTF8String."""

    text: str
    tag: int = UTF8_STRING


@dataclass(frozen=True, slots=True)
class CPS:
    """Where the authority's certification practice statement is: a URI."""

    uri: str

    def __str__(self) -> str:
        return f"CPS: {printable(self.uri)}"


@dataclass(frozen=True, slots=True)
class UserNotice:
    """What a person who relies on the certificate is to be shown.

    organization, numbers: which of an organization's prepared texts; None and none without a reference.
    text: the text itself.
    """

    organization: DisplayText | None = None
    numbers: tuple[int, ...] = ()
    text: DisplayText | None = None

    def __str__(self) -> str:
        parts = []
        if self.organization is not None:
            parts.append(f"{printable(self.organization.text)} {', '.join(map(str, self.numbers))}".rstrip())
        if self.text is not None:
            parts.append(printable(self.text.text))
        return "notice: " + "; ".join(parts)


@dataclass(frozen=True, slots=True)
class UnknownQualifier:
    """A qualifier of a kind that is not known here, as the DER of its value."""

    identifier: str
    value: bytes

    def __str__(self) -> str:
        return f"{describe(self.identifier)}: {len(self.value)} octets"


Qualifier: TypeAlias = CPS | UserNotice | UnknownQualifier


class PolicyInformation(NamedTuple):
    """A policy, by its identifier in dotted form, and what is said about it."""

    identifier: str
    qualifiers: tuple[Qualifier, ...] = ()

    def __str__(self) -> str:
        about = f" ({', '.join(map(str, self.qualifiers))})" if self.qualifiers else ""
        return describe(self.identifier) + about


@dataclass(frozen=True, slots=True)
class CertificatePolicies:
    """The policies under which the certificate was issued (RFC 5280 §4.2.1.4)."""

    oid: ClassVar[str] = OIDS["certificatePolicies"]
    policies: tuple[PolicyInformation, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `CertificatePolicies`: one policy or more, each once."""
        policies: dict[str, PolicyInformation] = {}
        with reader.sequence("CertificatePolicies", section=POLICIES) as sequence:
            while not policies or not sequence.at_end():
                start = sequence.position
                policy = _read_policy(sequence)
                if policy.identifier in policies:
                    raise DERError(start, f"the policy {describe(policy.identifier)} is listed twice")
                policies[policy.identifier] = policy
        return cls(tuple(policies.values()), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return sequence("CertificatePolicies", *map(_policy_element, self.policies), section=POLICIES)

    def __str__(self) -> str:
        return ", ".join(map(str, self.policies))


@dataclass(frozen=True, slots=True)
class PolicyMappings:
    """Which of the issuer's policies count as which of the subject's (RFC 5280 §4.2.1.5).

    mappings: pairs of identifiers, the issuer's policy and the subject's.
    """

    oid: ClassVar[str] = OIDS["policyMappings"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.5"
    mappings: tuple[tuple[str, str], ...]
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `PolicyMappings`: one or more."""
        mappings: list[tuple[str, str]] = []
        with reader.sequence("PolicyMappings", section=cls.SECTION) as pairs:
            while not mappings or not pairs.at_end():
                with pairs.sequence("mapping", section=cls.SECTION) as pair:
                    issuer = pair.oid("issuerDomainPolicy", section=cls.SECTION)
                    mappings.append((issuer, pair.oid("subjectDomainPolicy", section=cls.SECTION)))
        return cls(tuple(mappings), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        pairs = (
            sequence(
                "mapping",
                oid("issuerDomainPolicy", issuer, section=self.SECTION),
                oid("subjectDomainPolicy", subject, section=self.SECTION),
                section=self.SECTION,
            )
            for issuer, subject in self.mappings
        )
        return sequence("PolicyMappings", *pairs, section=self.SECTION)

    def __str__(self) -> str:
        return ", ".join(f"{describe(issuer)} is {describe(subject)}" for issuer, subject in self.mappings)


@dataclass(frozen=True, slots=True)
class PolicyConstraints:
    """After how many more certificates a policy is required, and mappings are no longer allowed (RFC 5280 §4.2.1.11).

    require_explicit_policy, inhibit_policy_mapping: the numbers of certificates; None where nothing is demanded.
    """

    oid: ClassVar[str] = OIDS["policyConstraints"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.11"
    require_explicit_policy: int | None = None
    inhibit_policy_mapping: int | None = None
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `PolicyConstraints`, which may not be empty."""
        require = inhibit = None
        start = reader.position
        with reader.sequence("PolicyConstraints", section=cls.SECTION) as fields:
            if fields.peek() == context(0):
                require = fields.natural("requireExplicitPolicy", section=cls.SECTION, tag=context(0))
            if fields.peek() == context(1):
                inhibit = fields.natural("inhibitPolicyMapping", section=cls.SECTION, tag=context(1))
        if require is None and inhibit is None:
            raise DERError(start, "PolicyConstraints is empty, expected requireExplicitPolicy or inhibitPolicyMapping")
        return cls(require, inhibit, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        fields = [
            integer(label, number, section=self.SECTION, tag=context(tag))
            for tag, (label, number) in enumerate(
                (
                    ("requireExplicitPolicy", self.require_explicit_policy),
                    ("inhibitPolicyMapping", self.inhibit_policy_mapping),
                )
            )
            if number is not None
        ]
        return sequence("PolicyConstraints", *fields, section=self.SECTION)

    def __str__(self) -> str:
        parts = []
        if self.require_explicit_policy is not None:
            parts.append(f"a policy required after {self.require_explicit_policy}")
        if self.inhibit_policy_mapping is not None:
            parts.append(f"no mapping after {self.inhibit_policy_mapping}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class InhibitAnyPolicy:
    """After how many more certificates anyPolicy no longer stands for every policy (RFC 5280 §4.2.1.14)."""

    oid: ClassVar[str] = OIDS["inhibitAnyPolicy"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.1.14"
    skip_certificates: int
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `InhibitAnyPolicy`."""
        return cls(reader.natural("InhibitAnyPolicy", section=cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return integer("InhibitAnyPolicy", self.skip_certificates, section=self.SECTION)

    def __str__(self) -> str:
        return f"after {self.skip_certificates}"


def _read_policy(reader: Reader) -> PolicyInformation:
    qualifiers: list[Qualifier] = []
    with reader.sequence("PolicyInformation", section=POLICIES) as policy:
        identifier = policy.oid("policyIdentifier", section=POLICIES)
        if not policy.at_end():
            with policy.sequence("policyQualifiers", section=POLICIES) as sequence:
                while not qualifiers or not sequence.at_end():
                    qualifiers.append(_read_qualifier(sequence))
    return PolicyInformation(identifier, tuple(qualifiers))


def _read_qualifier(reader: Reader) -> Qualifier:
    with reader.sequence("PolicyQualifierInfo", section=POLICIES) as info:
        identifier = info.oid("policyQualifierId", section=POLICIES)
        if identifier == OIDS["id-qt-cps"]:
            return CPS(info.string("cPSuri", section=POLICIES, tag=IA5_STRING)[1])
        if identifier == OIDS["id-qt-unotice"]:
            return _read_notice(info)
        return UnknownQualifier(identifier, info.any("qualifier", section=POLICIES))


def _read_notice(reader: Reader) -> UserNotice:
    organization, text = None, None
    numbers: list[int] = []
    with reader.sequence("UserNotice", section=POLICIES) as notice:
        if notice.peek() == 0x30:
            with notice.sequence("noticeRef", section=POLICIES) as reference:
                organization = _read_text(reference, "organization")
                with reference.sequence("noticeNumbers", section=POLICIES) as sequence:
                    while not sequence.at_end():
                        numbers.append(sequence.natural("noticeNumber", section=POLICIES))
        if not notice.at_end():
            text = _read_text(notice, "explicitText")
    return UserNotice(organization, tuple(numbers), text)


def _read_text(reader: Reader, label: str) -> DisplayText:
    start = reader.position
    tag, text = reader.string(label, section=POLICIES)
    if tag not in (IA5_STRING, VISIBLE_STRING, BMP_STRING, UTF8_STRING):
        raise DERError(start, f"{label} is of a string type that DisplayText does not have")
    return DisplayText(text, tag)


def _policy_element(policy: PolicyInformation) -> Element:
    fields = [oid("policyIdentifier", policy.identifier, section=POLICIES)]
    if policy.qualifiers:
        fields.append(sequence("policyQualifiers", *map(_qualifier_element, policy.qualifiers), section=POLICIES))
    return sequence("PolicyInformation", *fields, section=POLICIES)


def _qualifier_element(qualifier: Qualifier) -> Element:
    match qualifier:
        case CPS(uri):
            identifier, value = OIDS["id-qt-cps"], string("cPSuri", uri, type=IA5_STRING, section=POLICIES)
        case UserNotice():
            identifier, value = OIDS["id-qt-unotice"], _notice_element(qualifier)
        case UnknownQualifier(identifier, encoding):
            value = encoded("qualifier", encoding, section=POLICIES)
    return sequence(
        "PolicyQualifierInfo", oid("policyQualifierId", identifier, section=POLICIES), value, section=POLICIES
    )


def _notice_element(notice: UserNotice) -> Element:
    fields = []
    if notice.organization is not None:
        numbers = (integer("noticeNumber", number, section=POLICIES) for number in notice.numbers)
        reference = (
            string("organization", notice.organization.text, type=notice.organization.tag, section=POLICIES),
            sequence("noticeNumbers", *numbers, section=POLICIES),
        )
        fields.append(sequence("noticeRef", *reference, section=POLICIES))
    if notice.text is not None:
        fields.append(string("explicitText", notice.text.text, type=notice.text.tag, section=POLICIES))
    return sequence("UserNotice", *fields, section=POLICIES)
