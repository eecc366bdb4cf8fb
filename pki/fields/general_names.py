"""General names: the several kinds of name by which an extension can call somebody.

Standard     RFC 5280 §4.2.1.6 (`GeneralName`).
Left out     What is inside x400Address and ediPartyName: kept as octets.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from console.printable import printable
from pki.asn1.der import IA5_STRING, SEQUENCE, DERError, Reader, context
from pki.asn1.der_writer import Element, encoded, octet_string, oid, sequence, string
from pki.asn1.oids import describe
from pki.fields.names import Name

SECTION = "RFC 5280 §4.2.1.6"

OTHER_NAME, RFC822_NAME, DNS_NAME = context(0, constructed=True), context(1), context(2)
X400_ADDRESS, DIRECTORY_NAME, EDI_PARTY_NAME = (context(number, constructed=True) for number in (3, 4, 5))
URI, IP_ADDRESS, REGISTERED_ID = context(6), context(7), context(8)


@dataclass(frozen=True, slots=True)
class DNSName:
    """A host name, such as `www.example.com` or `*.example.com`."""

    name: str

    def __str__(self) -> str:
        return f"DNS:{printable(self.name)}"


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """A mailbox (`rfc822Name`), such as `someone@example.com`."""

    mailbox: str

    def __str__(self) -> str:
        return f"email:{printable(self.mailbox)}"


@dataclass(frozen=True, slots=True)
class UniformResourceIdentifier:
    """A URI, such as `http://example.com/ca.crl`."""

    uri: str

    def __str__(self) -> str:
        return f"URI:{printable(self.uri)}"


@dataclass(frozen=True, slots=True)
class IPAddress:
    """An IP address: 4 octets (version 4) or 16 (version 6)."""

    octets: bytes

    def __str__(self) -> str:
        return f"IP:{ipaddress.ip_address(self.octets)}"


@dataclass(frozen=True, slots=True)
class DirectoryName:
    """A distinguished name."""

    name: Name

    def __str__(self) -> str:
        return f"directory:{self.name}"


@dataclass(frozen=True, slots=True)
class RegisteredID:
    """An object identifier, in dotted form."""

    identifier: str

    def __str__(self) -> str:
        return f"registered ID:{describe(self.identifier)}"


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name of a kind that an object identifier tells, as the DER of its value."""

    type: str
    value: bytes

    def __str__(self) -> str:
        return f"other name:{describe(self.type)}"


@dataclass(frozen=True, slots=True)
class OpaqueName:
    """An x400Address or an ediPartyName: its identifier octet and its contents."""

    tag: int
    contents: bytes

    def __str__(self) -> str:
        return "x400Address" if self.tag == X400_ADDRESS else "ediPartyName"


GeneralName: TypeAlias = (
    DNSName
    | IPAddress
    | EmailAddress
    | UniformResourceIdentifier
    | DirectoryName
    | RegisteredID
    | OtherName
    | OpaqueName
)


def read_general_name(reader: Reader) -> GeneralName:
    """Read one `GeneralName`."""
    tag = reader.peek()
    if tag == DNS_NAME:
        return DNSName(reader.tagged_string("dNSName", tag=tag, type=IA5_STRING, section=SECTION))
    if tag == IP_ADDRESS:
        start = reader.position
        octets = reader.octet_string("iPAddress", tag=tag, section=SECTION)
        if len(octets) not in (4, 16):
            raise DERError(start, f"iPAddress of {len(octets)} octets, expected 4 or 16")
        return IPAddress(octets)
    if tag == RFC822_NAME:
        return EmailAddress(reader.tagged_string("rfc822Name", tag=tag, type=IA5_STRING, section=SECTION))
    if tag == URI:
        return UniformResourceIdentifier(
            reader.tagged_string("uniformResourceIdentifier", tag=tag, type=IA5_STRING, section=SECTION)
        )
    if tag == DIRECTORY_NAME:  # explicit, for the type is a CHOICE (X.680 §31.2.7)
        with reader.sequence("directoryName", section=SECTION, tag=tag) as explicit:
            return DirectoryName(Name.read(explicit, "Name"))
    if tag == REGISTERED_ID:
        return RegisteredID(reader.oid("registeredID", section=SECTION, tag=tag))
    if tag == OTHER_NAME:
        with reader.sequence("otherName", section=SECTION, tag=tag) as other:
            type = other.oid("type-id", section=SECTION)
            with other.sequence("value", section=SECTION, tag=context(0, constructed=True)) as explicit:
                return OtherName(type, explicit.any("value", section=SECTION))
    if tag in (X400_ADDRESS, EDI_PARTY_NAME):
        label = "x400Address" if tag == X400_ADDRESS else "ediPartyName"
        return OpaqueName(tag, reader.octet_string(label, section=SECTION, tag=tag))
    raise DERError(reader.position, "expected a GeneralName, with a tag from [0] to [8]")


def general_name_element(name: GeneralName) -> Element:
    """Return one `GeneralName` to be written."""
    match name:
        case DNSName(text):
            return string("dNSName", text, type=IA5_STRING, section=SECTION, tag=DNS_NAME)
        case IPAddress(octets):
            return octet_string("iPAddress", octets, section=SECTION, tag=IP_ADDRESS)
        case EmailAddress(text):
            return string("rfc822Name", text, type=IA5_STRING, section=SECTION, tag=RFC822_NAME)
        case UniformResourceIdentifier(text):
            return string("uniformResourceIdentifier", text, type=IA5_STRING, section=SECTION, tag=URI)
        case DirectoryName(distinguished):
            return sequence("directoryName", distinguished.element("Name"), section=SECTION, tag=DIRECTORY_NAME)
        case RegisteredID(identifier):
            return oid("registeredID", identifier, section=SECTION, tag=REGISTERED_ID)
        case OtherName(type, value):
            explicit = sequence(
                "value", encoded("value", value, section=SECTION), section=SECTION, tag=context(0, constructed=True)
            )
            return sequence(
                "otherName", oid("type-id", type, section=SECTION), explicit, section=SECTION, tag=OTHER_NAME
            )
        case OpaqueName(tag, contents):
            return octet_string(str(name), contents, section=SECTION, tag=tag)


def read_general_names(
    reader: Reader, label: str, *, section: str = SECTION, tag: int = SEQUENCE
) -> tuple[GeneralName, ...]:
    """Read `GeneralNames`: one or more."""
    names = []
    with reader.sequence(label, section=section, tag=tag) as sequence:
        while True:
            names.append(read_general_name(sequence))
            if sequence.position == sequence.end:
                return tuple(names)


def general_names_element(
    label: str, names: Iterable[GeneralName], *, section: str = SECTION, tag: int = SEQUENCE
) -> Element:
    """Return `GeneralNames` to be written."""
    return sequence(label, *map(general_name_element, names), section=section, tag=tag)
