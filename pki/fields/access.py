"""Extensions that say where to find out more: about the issuer, or about the subject.

Standard     RFC 5280 §4.2.2.1 (authorityInfoAccess), §4.2.2.2 (subjectInfoAccess).
Left out     Going there: nothing here fetches anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

from pki.asn1.der import Reader
from pki.asn1.der_writer import Element, oid, sequence
from pki.asn1.oids import OIDS, describe
from pki.fields.general_names import GeneralName, general_name_element, read_general_name


class AccessDescription(NamedTuple):
    """How and where: the identifier of the method in dotted form, such as OCSP's, and the place."""

    method: str
    location: GeneralName

    def __str__(self) -> str:
        return f"{describe(self.method)}: {self.location}"


@dataclass(frozen=True, slots=True)
class AuthorityInfoAccess:
    """Where the issuer's certificate and services, such as OCSP, are to be found (RFC 5280 §4.2.2.1)."""

    oid: ClassVar[str] = OIDS["authorityInfoAccess"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.2.1"
    descriptions: tuple[AccessDescription, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `AuthorityInfoAccessSyntax`: one description or more."""
        return cls(_read(reader, "AuthorityInfoAccessSyntax", cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return _element("AuthorityInfoAccessSyntax", self.descriptions, self.SECTION)

    def __str__(self) -> str:
        return ", ".join(map(str, self.descriptions))


@dataclass(frozen=True, slots=True)
class SubjectInfoAccess:
    """Where the subject's services, such as a repository of its certificates, are to be found (RFC 5280 §4.2.2.2)."""

    oid: ClassVar[str] = OIDS["subjectInfoAccess"]
    SECTION: ClassVar[str] = "RFC 5280 §4.2.2.2"
    descriptions: tuple[AccessDescription, ...]
    critical: bool = False

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `SubjectInfoAccessSyntax`: one description or more."""
        return cls(_read(reader, "SubjectInfoAccessSyntax", cls.SECTION), critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        return _element("SubjectInfoAccessSyntax", self.descriptions, self.SECTION)

    def __str__(self) -> str:
        return ", ".join(map(str, self.descriptions))


def _read(reader: Reader, label: str, section: str) -> tuple[AccessDescription, ...]:
    descriptions: list[AccessDescription] = []
    with reader.sequence(label, section=section) as sequence:
        while not descriptions or not sequence.at_end():
            with sequence.sequence("AccessDescription", section=section) as description:
                method = description.oid("accessMethod", section=section)
                descriptions.append(AccessDescription(method, read_general_name(description)))
    return tuple(descriptions)


def _element(label: str, descriptions: Iterable[AccessDescription], section: str) -> Element:
    pairs = (
        sequence(
            "AccessDescription",
            oid("accessMethod", method, section=section),
            general_name_element(location),
            section=section,
        )
        for method, location in descriptions
    )
    return sequence(label, *pairs, section=section)
