"""Bytes as plain ASN.1 values, whatever they are for: any DER or BER as a tree of types, and what is left at the end.

Standard     ITU-T X.690 (02/2021) §8; X.680 §8.6 for the types.
Left out     What the values are for: no type tells. Tags of more than one octet.

Reading with a type in mind stops at the first fault, and the bytes behind it may be sound all the same. So the fields
that were noted before the fault stay, and what follows is read here.
"""

from __future__ import annotations

from typing import NamedTuple

from explain.layout import Field, Layout
from pki.asn1.ber import LenientReader
from pki.asn1.der import (
    BIT_STRING,
    BOOLEAN,
    ENUMERATED,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    STRINGS,
    TAG_NAMES,
    UTC_TIME,
    DERError,
    Reader,
    tag_name,
)

SECTION = "X.690 §8"
HEADER = 2  # octets of tag and length at least


class Mark(NamedTuple):
    """A place that is not as it should be.

    offset: the byte. text: what is wrong there. is_fault: whether reading as the expected type ended there; else it is
    a way of writing that DER does not allow.
    """

    offset: int
    text: str
    is_fault: bool


def raw_values(data: bytes, start: int, end: int, *, secret: bool = False) -> tuple[list[Field], list[Mark]]:
    """Return the values in these bytes, one after the other, and what is not DER among them.

    start, end: the range of `data` to be read. secret: whether of long numbers only the lengths are to be told.
    Every byte is in a field: what is not a value is one called `bytes`.
    """
    layout = Layout()
    reader = LenientReader(data, layout=layout, max_size=len(data), is_cut=True)
    reader.position, reader.end = start, end
    faults: list[Mark] = []
    try:
        while not reader.at_end():
            _value(reader, secret=secret)
    except DERError as error:
        faults.append(Mark(error.offset, error.reason, True))
        faults += _complete(layout, data, start, end, secret=secret, is_raw=True)
    return layout.fields, faults + [Mark(*departure, False) for departure in reader.departures]


def complete(layout: Layout, data: bytes, *, secret: bool = False) -> list[Mark]:
    """Put what follows a fault into the layout, as raw values, so that every byte is in a field; return its marks.

    layout: what was noted up to the fault, with the fields still open that the fault is in.
    """
    return _complete(layout, data, 0, len(data), secret=secret, is_raw=False)


def _complete(layout: Layout, data: bytes, start: int, end: int, *, secret: bool, is_raw: bool) -> list[Mark]:
    """Close the open fields from the inside out. is_raw: what is left of the inmost one was tried as raw values."""
    marks: list[Mark] = []
    ends = [end]
    for field in layout.open_fields:
        ends.append(min(_end(data, field.start, ends[-1]), ends[-1]))
    for limit in reversed(ends):
        position = layout.position(start)
        if position < limit and is_raw:
            text = f"{limit - position} octets that are no value of ASN.1"
            layout.leaf("bytes", position, limit, value=text, section=SECTION)
        elif position < limit:
            fields, more = raw_values(data, position, limit, secret=secret)
            layout.take(fields)
            marks += more
        is_raw = False
        if layout.open_fields:
            layout.finish(limit)
    return marks


def _end(data: bytes, start: int, limit: int) -> int:
    """Return where the value at `start` ends, by its length; at `limit` if it does not say."""
    first = data[start + 1]
    if first == 0x80:
        return limit
    count = first & 0x7F if first > 0x80 else 0
    length = int.from_bytes(data[start + HEADER : start + HEADER + count], "big") if count else first
    return start + HEADER + count + length


def _value(reader: Reader, *, secret: bool) -> None:
    """Read one value, with all that is in it."""
    tag = reader.peek()
    if tag & 0x20:
        label = TAG_NAMES.get(tag, "tagged value")
        with reader.sequence(label, section=SECTION, tag=tag) as inner:
            inner.tell_whole("" if tag in TAG_NAMES else tag_name(tag))
            while not inner.at_end():
                _value(inner, secret=secret)
        return
    if tag in (OCTET_STRING, BIT_STRING) and _holds_der(reader, skip=tag == BIT_STRING):
        holding = reader.octets_holding if tag == OCTET_STRING else reader.bits_holding
        with holding(TAG_NAMES[tag], section=SECTION) as inner:
            _value(inner, secret=secret)
        return
    start = reader.position
    try:
        _primitive(reader, tag, secret=secret)
    except DERError:
        reader.position = start
        reader.any(TAG_NAMES.get(tag, "tagged value"), section=SECTION)


def _primitive(reader: Reader, tag: int, *, secret: bool) -> None:
    label = TAG_NAMES.get(tag, "tagged value")
    if tag == BOOLEAN:
        reader.boolean(label, section=SECTION)
    elif tag in (INTEGER, ENUMERATED):
        reader.integer(label, section=SECTION, tag=tag, secret=secret)
    elif tag == BIT_STRING:
        reader.bit_string(label, section=SECTION)
    elif tag == OCTET_STRING:
        reader.octet_string(label, section=SECTION)
    elif tag == NULL:
        reader.null(label, section=SECTION)
    elif tag == OBJECT_IDENTIFIER:
        reader.oid(label, section=SECTION)
    elif tag in STRINGS:
        reader.string(label, section=SECTION)
    elif tag in (UTC_TIME, GENERALIZED_TIME):
        reader.time(label, section=SECTION)
    else:
        octets = len(reader.any(label, section=SECTION)) - HEADER
        reader.tell(f"{tag_name(tag)}, {octets} octets")


def _holds_der(reader: Reader, *, skip: bool) -> bool:
    """Return whether the string ahead looks as if it held one SEQUENCE. skip: past the octet of the unused bits."""
    data, start = reader.data, reader.position
    if start + HEADER > reader.end:
        return False
    first = data[start + 1]
    inner = start + HEADER + (first & 0x7F if first > 0x80 else 0) + skip
    end = min(_end(data, start, reader.end), reader.end)
    if inner + HEADER > end or data[inner] != SEQUENCE or (skip and data[inner - 1] != 0):
        return False
    return _end(data, inner, end) == end
