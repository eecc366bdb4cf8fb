"""DER, the one way to encode an ASN.1 value: its writer, which labels every field.

Standard     ITU-T X.690 (02/2021) §8, §10, §11; the types that RFC 5280, 2986, 5958 and 8017 use.
Left out     What `pki.asn1.der` leaves out.

>>> sequence("Point", integer("x", 5), integer("y", 0)).encoding.hex()
'3006020105020100'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from console.printable import printable
from explain.layout import Field
from pki.asn1.as_text import moment_text, number_text
from pki.asn1.der import (
    BIT_STRING,
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    SET,
    STRINGS,
    TAG_NAMES,
    UTC_TIME,
    UTF8_STRING,
    Reader,
    tag_form,
)
from pki.asn1.header_octets import length_bits, tag_bits
from pki.asn1.oids import describe


@dataclass(frozen=True, slots=True, repr=False)
class Element:
    """A value to be written: its label, its tag, its contents, and for a constructed value the elements it is made of.

    lead: octets of the contents that come before the elements (the unused-bits octet of a BIT STRING).
    """

    label: str
    tag: int
    contents: bytes
    section: str = ""
    value: str = ""
    elements: tuple[Element, ...] = ()
    lead: bytes = b""

    @property
    def header(self) -> bytes:
        """The identifier and length octets (X.690 §8.1.2, §8.1.3, §10.1)."""
        length = len(self.contents)
        if length < 0x80:
            return bytes((self.tag, length))
        octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
        return bytes((self.tag, 0x80 | len(octets))) + octets

    @property
    def encoding(self) -> bytes:
        """The DER encoding."""
        return self.header + self.contents

    def layout(self, offset: int = 0) -> Field:
        """Return where everything lies, if the encoding begins at `offset`."""
        header, first = len(self.header), self.header[1]
        end = offset + header + len(self.contents)
        whole = Field(self.label, offset, end, self.value, self.section)
        whole.fields += [
            Field("tag", offset, offset + 1, tag_form(self.tag), "X.690 §8.1.2", tag_bits(self.tag)),
            Field("length", offset + 1, offset + header, str(len(self.contents)), "X.690 §8.1.3", length_bits(first)),
        ]
        position = offset + header
        if self.lead:
            whole.fields.append(Field("unused bits", position, position + 1, str(self.lead[0]), "X.690 §8.6.2"))
            position += 1
        for element in self.elements:
            whole.fields.append(element.layout(position))
            position = whole.fields[-1].end
        if position < end:
            whole.fields.append(Field("contents", position, end, self.value, self.section))
        return whole


def sequence(label: str, *elements: Element, section: str = "", tag: int = SEQUENCE) -> Element:
    """Return a SEQUENCE, or with `tag=context(n, constructed=True)` an EXPLICIT tag around one element."""
    return Element(label, tag, b"".join(e.encoding for e in elements), section, elements=elements)


def set_of(label: str, *elements: Element, section: str = "", tag: int = SET) -> Element:
    """Return a SET OF, its elements put into ascending order (X.690 §11.6)."""
    return sequence(label, *sorted(elements, key=lambda e: e.encoding), section=section, tag=tag)


def octets_holding(label: str, element: Element, *, section: str = "", tag: int = OCTET_STRING) -> Element:
    """Return an OCTET STRING that holds the DER of `element`."""
    return Element(label, tag, element.encoding, section, elements=(element,))


def bits_holding(label: str, element: Element, *, section: str = "", tag: int = BIT_STRING) -> Element:
    """Return a BIT STRING that holds the DER of `element`."""
    return Element(label, tag, b"\0" + element.encoding, section, elements=(element,), lead=b"\0")


def boolean(label: str, value: bool, *, section: str = "", tag: int = BOOLEAN) -> Element:
    """Return a BOOLEAN."""
    return Element(label, tag, b"\xff" if value else b"\x00", section, "TRUE" if value else "FALSE")


def integer(label: str, value: int, *, section: str = "", tag: int = INTEGER, secret: bool = False) -> Element:
    """Return an INTEGER in its shortest form (X.690 §8.3.2), or with its tag an ENUMERATED.

    secret: whether its layout is to note its length only.
    """
    value = int(value)
    length = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return Element(label, tag, value.to_bytes(length, "big", signed=True), section, number_text(value, secret=secret))


def bit_string(label: str, octets: bytes, *, unused: int = 0, section: str = "", tag: int = BIT_STRING) -> Element:
    """Return a BIT STRING of `octets`, of whose last the lowest `unused` bits do not count."""
    shown = f"{8 * len(octets) - unused} bits"
    return Element(label, tag, bytes((unused,)) + octets, section, shown, lead=bytes((unused,)))


def octet_string(label: str, octets: bytes, *, section: str = "", tag: int = OCTET_STRING) -> Element:
    """Return an OCTET STRING."""
    return Element(label, tag, octets, section, f"{len(octets)} octets")


def null(label: str, *, section: str = "", tag: int = NULL) -> Element:
    """Return a NULL."""
    return Element(label, tag, b"", section)


def oid(label: str, dotted: str, *, section: str = "", tag: int = OBJECT_IDENTIFIER) -> Element:
    """Return an OBJECT IDENTIFIER from its dotted form (X.690 §8.19); raise `ValueError` for any other text."""
    if not re.fullmatch(r"(?:[01]\.[1-3]?[0-9]|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*", dotted):
        raise ValueError(f"{label} {dotted!r} is not an object identifier in dotted form, such as 2.5.4.3")
    first, second, *rest = map(int, dotted.split("."))
    contents = bytearray()
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        contents += bytes(reversed(septets))
    return Element(label, tag, bytes(contents), section, describe(dotted))


def string(label: str, text: str, *, type: int = UTF8_STRING, section: str = "", tag: int = -1) -> Element:
    """Return a character string of the given type, under that type's tag or an IMPLICIT one.

    Raises `ValueError` if the type cannot spell the text.
    """
    encoding, characters = STRINGS[type]
    if not characters.fullmatch(text):
        raise ValueError(f"{label} {text!r} holds a character that a {TAG_NAMES[type]} cannot have")
    try:
        octets = text.encode(encoding)
    except UnicodeEncodeError:
        raise ValueError(f"{label} {text!r} holds a character that a {TAG_NAMES[type]} cannot have") from None
    return Element(label, type if tag < 0 else tag, octets, section, printable(text))


def time(label: str, moment: datetime, *, section: str = "") -> Element:
    """Return a UTCTime for the years 1950 to 2049 and a GeneralizedTime for others (RFC 5280 §4.1.2.5).

    moment: with a time zone; fractions of a second are cut off.
    """
    general = generalized_time(label, moment, section=section)
    if 1950 <= moment.astimezone(UTC).year <= 2049:
        return Element(label, UTC_TIME, general.contents[2:], section, general.value)
    return general


def generalized_time(label: str, moment: datetime, *, section: str = "") -> Element:
    """Return a GeneralizedTime, for the few fields that never are a UTCTime; `moment` has a time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{label} is a time without a time zone, expected one with, such as UTC")
    moment = moment.astimezone(UTC)
    spelled = f"{moment.year:04d}{moment:%m%d%H%M%S}Z".encode()
    return Element(label, GENERALIZED_TIME, spelled, section, moment_text(moment))


def encoded(label: str, encoding: bytes, *, section: str = "") -> Element:
    """Return a value that is encoded already, such as an extension's or a name that is copied unchanged."""
    reader = Reader(encoding)
    contents = reader.contents(label)
    reader.finish()
    return Element(label, encoding[0], contents, section, f"{len(contents)} octets")
