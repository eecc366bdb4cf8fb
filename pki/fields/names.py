r"""Distinguished names: who a certificate is about and who issued it.

Standard     RFC 5280 §4.1.2.4 and appendix A.1 (`Name`), §7.1 (when two are the same); RFC 4514 §2.3, §2.4 (as text).
Left out     The tables of RFC 4518 (stringprep): Unicode's own case folding and NFKC stand for them.

>>> name = Name.build(common_name="otp.example", country="IN", organization="Example Bank, Pune")
>>> str(name)
'C=IN, O=Example Bank\\, Pune, CN=otp.example'
>>> name == Name.build(common_name="OTP.example ", country="in", organization="example  bank, pune")
True
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Self, TypeAlias

from pki.asn1.der import (
    BMP_STRING,
    CONSTRUCTED,
    IA5_STRING,
    PRINTABLE_STRING,
    STRINGS,
    T61_STRING,
    UNIVERSAL_STRING,
    UTF8_STRING,
    Reader,
    tag_name,
)
from pki.asn1.der_writer import Element, encoded, oid, sequence, set_of, string
from pki.asn1.oids import NAMES, OIDS

SECTION = "RFC 5280 §4.1.2.4"

# RFC 4514 §3: the short names of attribute types.
SHORT_NAMES = {
    OIDS["commonName"]: "CN",
    OIDS["localityName"]: "L",
    OIDS["stateOrProvinceName"]: "ST",
    OIDS["organizationName"]: "O",
    OIDS["organizationalUnitName"]: "OU",
    OIDS["countryName"]: "C",
    OIDS["streetAddress"]: "STREET",
    OIDS["domainComponent"]: "DC",
    OIDS["userId"]: "UID",
}

# RFC 5280 appendix A.1: the string types that an attribute may have, and the most characters.
DIRECTORY_STRING = (PRINTABLE_STRING, UTF8_STRING, T61_STRING, UNIVERSAL_STRING, BMP_STRING)
BOUNDS: dict[str, tuple[tuple[int, ...], int | None]] = {
    OIDS["name"]: (DIRECTORY_STRING, 32768),
    OIDS["surname"]: (DIRECTORY_STRING, 32768),
    OIDS["givenName"]: (DIRECTORY_STRING, 32768),
    OIDS["initials"]: (DIRECTORY_STRING, 32768),
    OIDS["generationQualifier"]: (DIRECTORY_STRING, 32768),
    OIDS["commonName"]: (DIRECTORY_STRING, 64),
    OIDS["localityName"]: (DIRECTORY_STRING, 128),
    OIDS["stateOrProvinceName"]: (DIRECTORY_STRING, 128),
    OIDS["organizationName"]: (DIRECTORY_STRING, 64),
    OIDS["organizationalUnitName"]: (DIRECTORY_STRING, 64),
    OIDS["title"]: (DIRECTORY_STRING, 64),
    OIDS["dnQualifier"]: ((PRINTABLE_STRING,), None),
    OIDS["countryName"]: ((PRINTABLE_STRING,), 2),
    OIDS["serialNumber"]: ((PRINTABLE_STRING,), 64),
    OIDS["pseudonym"]: (DIRECTORY_STRING, 128),
    OIDS["domainComponent"]: ((IA5_STRING,), None),
    OIDS["emailAddress"]: ((IA5_STRING,), 255),
}

MAX_NORMALIZED = 1024  # characters; longer texts, whose normalization could take very long, must be equal as they are

MAX_REMEMBERED = 128  # characters of an attribute whose form for comparing is kept: strangers' names come here, too


class Attribute(NamedTuple):
    """One attribute of a name.

    oid: its type, in dotted form.
    tag: the identifier octet of its value: the string type.
    text: its value; for a value that is not a character string, `#` and the hexadecimal digits of its DER
        (RFC 4514 §2.4).
    """

    oid: str
    tag: int
    text: str

    def __str__(self) -> str:
        short = SHORT_NAMES.get(self.oid) or NAMES.get(self.oid) or self.oid
        return f"{short}={self.text if self.tag not in STRINGS else _escape(self.text)}"


NameKey: TypeAlias = tuple[frozenset[tuple[str, int, str]], ...]


class Name:
    """A distinguished name: relative distinguished names, from the most general, each a set of attributes.

    Two names are equal if they match by RFC 5280 §7.1: case, the string type and the number of spaces do not count.
    """

    __slots__ = ("_key", "rdns")

    rdns: tuple[tuple[Attribute, ...], ...]

    def __init__(self, rdns: Iterable[Iterable[Attribute]]) -> None:
        self.rdns = tuple(tuple(rdn) for rdn in rdns)
        self._key: NameKey | None = None

    @classmethod
    def build(
        cls,
        *,
        common_name: str | None = None,
        country: str | None = None,
        state: str | None = None,
        locality: str | None = None,
        organization: str | None = None,
    ) -> Self:
        """Return the name with these attributes, in the order C, ST, L, O, CN.

        country: two letters (ISO 3166); the others: text within the bounds of RFC 5280 appendix A.1.
        Raises `ValueError` at a text that is empty, too long, or cannot be shown.
        """
        texts = {
            "countryName": country,
            "stateOrProvinceName": state,
            "localityName": locality,
            "organizationName": organization,
            "commonName": common_name,
        }
        return cls((_checked(type, text),) for type, text in texts.items() if text is not None)

    @property
    def common_name(self) -> str | None:
        """The text of the last, most specific common name; None without one."""
        return self.get("commonName")

    def get(self, type: str) -> str | None:
        """Return the text of the last attribute of this type, such as `countryName`; None without one."""
        wanted = OIDS[type]
        texts = [attribute.text for rdn in self.rdns for attribute in rdn if attribute.oid == wanted]
        return texts[-1] if texts else None

    @classmethod
    def read(cls, reader: Reader, label: str, *, section: str = SECTION, tag: int = 0x30) -> Self:
        """Read a `Name`: a SEQUENCE OF RelativeDistinguishedName."""
        rdns = []
        with reader.sequence(label, section=section, tag=tag) as sequence:
            while sequence.position != sequence.end:
                rdns.append(read_rdn(sequence))
            name = cls(rdns)
            if sequence.layout is not None:
                sequence.layout.describe(str(name))
        return name

    def element(self, label: str, *, section: str = SECTION) -> Element:
        """Return the name to be written."""
        return sequence(label, *map(rdn_element, self.rdns), section=section)

    @property
    def key(self) -> NameKey:
        """What two names have in common exactly if they match (RFC 5280 §7.1)."""
        if self._key is None:
            self._key = tuple(
                frozenset((_prepared_before if len(one.text) <= MAX_REMEMBERED else _prepared)(one) for one in rdn)
                for rdn in self.rdns
            )
        return self._key

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Name):
            return NotImplemented
        return self.rdns == other.rdns or self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __bool__(self) -> bool:
        return bool(self.rdns)

    def __str__(self) -> str:
        """Return the name as RFC 4514 §2 does, except that it begins with the most general part, as the bytes do."""
        return ", ".join("+".join(map(str, rdn)) for rdn in self.rdns)

    def __repr__(self) -> str:
        return f"<Name {self}>"


def read_rdn(reader: Reader, *, tag: int = 0x31) -> tuple[Attribute, ...]:
    """Read a RelativeDistinguishedName: a SET OF AttributeTypeAndValue."""
    rdn = []
    with reader.set_of("RelativeDistinguishedName", section=SECTION, tag=tag) as attributes:
        while True:  # the set has at least one element
            with attributes.sequence("AttributeTypeAndValue", section=SECTION) as pair:
                type = pair.oid("type", section=SECTION)
                if pair.peek() & ~CONSTRUCTED in STRINGS:  # in BER, a string may be made of several
                    rdn.append(Attribute(type, *pair.string("value", section=SECTION)))
                else:
                    value = pair.any("value", section=SECTION)
                    rdn.append(Attribute(type, value[0], "#" + value.hex()))
            if attributes.position == attributes.end:
                return tuple(rdn)


def rdn_element(rdn: Iterable[Attribute], *, tag: int = 0x31) -> Element:
    """Return a RelativeDistinguishedName to be written."""
    return set_of(
        "RelativeDistinguishedName",
        *(
            sequence(
                "AttributeTypeAndValue",
                oid("type", type, section=SECTION),
                string("value", text, type=value_tag, section=SECTION)
                if value_tag in STRINGS
                else encoded("value", bytes.fromhex(text[1:]), section=SECTION),
                section=SECTION,
            )
            for type, value_tag, text in rdn
        ),
        section=SECTION,
        tag=tag,
    )


def _checked(type: str, text: str) -> Attribute:
    """Return the attribute, written as RFC 5280 asks of new names."""
    if not isinstance(text, str):
        raise TypeError(f"{type} is {text.__class__.__name__}, expected str")
    # §4.1.2.4: PrintableString or UTF8String; a country can be but the first.
    attribute = Attribute(OIDS[type], PRINTABLE_STRING if type == "countryName" else UTF8_STRING, text)
    require_certifiable(attribute)
    return attribute


def require_certifiable(attribute: Attribute) -> None:
    """Raise `ValueError` unless the attribute is text that RFC 5280 appendix A.1 allows in a new certificate.

    It has the type, the least and the most characters that are given there for attributes of its kind, and it can be
    shown; the types of other attributes are not looked at.
    """
    kind, tag, text = attribute
    type = NAMES.get(kind, kind)
    tags, bound = BOUNDS.get(kind, (tuple(STRINGS), None))
    if kind == OIDS["countryName"] and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError(f"countryName {text[:64]!r}, expected the two letters of ISO 3166")
    if tag not in tags:
        raise ValueError(
            f"{type} {text[:64]!r} has the type {tag_name(tag)}, expected {' or '.join(map(tag_name, tags))}"
        )
    if not 1 <= len(text) <= (bound or len(text)):
        raise ValueError(f"{type} has {len(text)} characters, expected {f'1 to {bound}' if bound else 'one or more'}")
    if not text.isprintable():
        raise ValueError(f"{type} {text!r} holds a character that cannot be shown")


def _prepared(attribute: Attribute) -> tuple[str, int, str]:
    """Return what decides whether two attributes match: RFC 4518 §2, for caseIgnoreMatch.

    The string type falls away here (RFC 4518 §2.1 transcodes all of them), so that a PrintableString and a
    UTF8String of the same letters match, as RFC 5280 §7.1 demands.
    """
    type, tag, text = attribute
    if tag not in STRINGS:
        return type, tag, text
    if len(text) <= MAX_NORMALIZED:
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())  # RFC 4518 §2.2, §2.3
    return type, 0, " ".join(text.split())  # RFC 4518 §2.6.1: insignificant spaces


_prepared_before = lru_cache(1024)(_prepared)


def _escape(text: str) -> str:
    """Return the text as RFC 4514 §2.4 writes it, with the octets of what cannot be shown as hexadecimal digits."""
    out = []
    for i, character in enumerate(text):
        if character in '"+,;<>\\' or (character in " #" and i == 0) or (character == " " and i == len(text) - 1):
            out.append("\\" + character)
        elif character.isprintable():
            out.append(character)
        else:  # a name may not work the terminal that shows it
            out.extend(f"\\{octet:02X}" for octet in character.encode("utf-8", "surrogatepass"))
    return "".join(out)
