"""BER, the many ways to encode an ASN.1 value: a reader that takes what others write, and tells what DER demands.

Standard     ITU-T X.690 (02/2021) §8; §10 and §11 for what DER demands.
Left out     More than one octet of a tag; strings in pieces under an implicit tag, but for octets and bits.

A signature covers DER, and two encodings of one value are two values to a program that compares octets. So nothing
that is trusted is read in this way: it is for looking at files, and for messages that are signed by nobody.

>>> reader = LenientReader(bytes.fromhex("3080 020200 05 0000".replace(" ", "")))
>>> with reader.sequence("Point", section="example §1") as point:
...     point.integer("x")
5
>>> for departure in reader.departures:
...     print(departure.offset, departure.reason)
1 length of Point in the indefinite form, expected a definite one (X.690 §10.1)
4 x is not in its shortest form (X.690 §8.3.2)
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self

from console.printable import printable
from explain.layout import Layout, Opened
from pki.asn1.as_text import moment_text
from pki.asn1.der import (
    BIT_STRING,
    CONSTRUCTED,
    GENERALIZED_TIME,
    MAX_DEPTH,
    MAX_SIZE,
    OCTET_STRING,
    STRINGS,
    TAG_NAMES,
    UTC_TIME,
    DERError,
    Reader,
    moment_of,
    note_value,
)

INDEFINITE = 0x80  # X.690 §8.1.3.6
# What X.690 §11.7 and §11.8 take away: minutes and seconds left out, fractions, and zones other than Z, or none.
_TIME = re.compile(rb"([0-9]{10}|[0-9]{12}|[0-9]{14})(?:[.,][0-9]+)?(Z|[+-][0-9]{4})?")


class Departure(NamedTuple):
    """A place where an encoding is not DER. offset: where. reason: what is written there, and what DER demands."""

    offset: int
    reason: str


class LenientReader(Reader):
    """Reads BER as `Reader` reads DER, and collects in `departures` where the two differ.

    The arguments are those of `Reader`. What is not a value of the expected type is a `DERError` here, too.
    is_cut: whether constructed values may break off where the data ends, so that their first parts can be looked at.
    """

    __slots__ = ("_closing", "_is_cut", "_outer", "departures")

    def __init__(
        self, data: bytes, *, layout: Layout | None = None, max_size: int = MAX_SIZE, is_cut: bool = False
    ) -> None:
        super().__init__(data, layout=layout, max_size=max_size)
        self.departures: list[Departure] = []
        self._closing, self._is_cut = 0, is_cut
        self._outer: tuple[LenientReader, str, int] | None = None  # of joined segments: whose, of which string, where

    def demand(self, offset: int, reason: str) -> None:
        """Take a note of what DER demands, and let reading go on."""
        self.departures.append(Departure(offset, reason))

    def _beyond(self, start: int, limit: int, reason: str) -> int:
        if not self._is_cut or not self.data[start] & 0x20:
            return super()._beyond(start, limit, reason)
        self.departures.append(Departure(start, reason))
        return limit

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._outer is not None:
            self._leave_joined(*self._outer, error)
        elif kind is None:
            self.finish()
            if self.layout is not None:
                if self._closing:
                    self.layout.leaf("end-of-contents", self.end, self.end + self._closing, section="X.690 §8.1.5")
                self.layout.finish(self.end + self._closing)

    def _next(self, tag: int, label: str) -> tuple[int, int, int]:
        start, data = self.position, self.data
        if start + 2 > self.end or data[start + 1] != INDEFINITE or not data[start] & 0x20:
            return super()._next(tag, label)
        if tag >= 0 and data[start] != tag:
            return super()._next(tag, label)  # which says what is wrong
        end = _end_of_contents(data, start + 2, self.end)
        self.demand(start + 1, f"length of {label} in the indefinite form, expected a definite one (X.690 §10.1)")
        self.position = end + 2
        return start, start + 2, end

    def _inside(self, label: str, section: str, start: int, contents: int, end: int, *, ordered: bool = False) -> Self:
        inner = super()._inside(label, section, start, contents, end, ordered=ordered)
        inner.departures, inner._is_cut, inner._outer = self.departures, self._is_cut, None
        inner._closing = self.position - end
        return inner

    def any(self, label: str, *, section: str = "") -> bytes:
        """Return the encoding of the next value, whatever its type, as it is written."""
        start, contents, end = self._next(-1, label)
        if self.layout is not None:
            value = f"{end - contents} octets"
            note_value(self.layout, self.data, label, section, (start, contents, self.position), value)
        return self.data[start : self.position]

    def octet_string(self, label: str, *, section: str = "", tag: int = OCTET_STRING) -> bytes:
        """Return an OCTET STRING, which may be made of several (X.690 §8.7.3)."""
        if self.peek() != tag | CONSTRUCTED or tag & CONSTRUCTED:
            return super().octet_string(label, section=section, tag=tag)
        parts = []
        with self._in_pieces(label, section, tag) as pieces:
            while not pieces.at_end():
                parts.append(pieces.octet_string("segment", section="X.690 §8.7.3"))
        return b"".join(parts)

    def octets_holding(self, label: str, *, section: str = "", tag: int = OCTET_STRING) -> Reader:
        """Return a reader of the encoding inside an OCTET STRING, which may be made of several (X.690 §8.7.3)."""
        if self.peek() != tag | CONSTRUCTED or tag & CONSTRUCTED:
            return super().octets_holding(label, section=section, tag=tag)
        start = self.position
        return self._joined(self.octet_string(label, section=section, tag=tag), label, start)

    def bit_string(self, label: str, *, section: str = "", tag: int = BIT_STRING) -> tuple[bytes, int]:
        """Return a BIT STRING, which may be made of several, of which only the last has unused bits (X.690 §8.6)."""
        if self.peek() != tag | CONSTRUCTED or tag & CONSTRUCTED:
            return super().bit_string(label, section=section, tag=tag)
        parts, unused = [], 0
        with self._in_pieces(label, section, tag) as pieces:
            while not pieces.at_end():
                if unused:
                    raise DERError(pieces.position, f"a segment of {label} follows one with unused bits")
                octets, unused = pieces.bit_string("segment", section="X.690 §8.6")
                parts.append(octets)
        return b"".join(parts), unused

    def bits_holding(self, label: str, *, section: str = "", tag: int = BIT_STRING) -> Reader:
        """Return a reader of the encoding inside a BIT STRING of whole octets, which may be made of several."""
        if self.peek() != tag | CONSTRUCTED or tag & CONSTRUCTED:
            return super().bits_holding(label, section=section, tag=tag)
        start = self.position
        return self._joined(self.octets_in_bits(label, section=section, tag=tag), label, start)

    def string(self, label: str, *, section: str = "", tag: int = -1) -> tuple[int, str]:
        """Return a character string, which may be made of several OCTET STRINGs (X.690 §8.23, §8.7.3)."""
        start, type = self.position, self.peek() & ~CONSTRUCTED
        if self.peek() != type | CONSTRUCTED or type not in STRINGS or tag not in (-1, type):
            return super().string(label, section=section, tag=tag)
        octets = self.octet_string(label, section=section, tag=type)
        try:
            text = octets.decode(STRINGS[type][0])
        except UnicodeDecodeError:
            raise DERError(start, f"{label} is not a well-formed {TAG_NAMES[type]}") from None
        self.tell(printable(text))
        return type, text

    def _in_pieces(self, label: str, section: str, tag: int) -> Reader:
        """Take a note that a string is constructed, and return a reader of its segments."""
        self.demand(self.position, f"{label} is made of several strings, expected one primitive one (X.690 §10.2)")
        return self.sequence(label, section=section, tag=tag | CONSTRUCTED)

    def _joined(self, octets: bytes, label: str, start: int) -> LenientReader:
        """Return a reader of what the segments of a string are when joined. label, start: of the string."""
        inner = LenientReader(octets, layout=None if self.layout is None else Layout(), max_size=len(octets))
        inner._depth, inner._outer = self._depth + 1, (self, label, start)
        return inner

    def _leave_joined(self, outer: LenientReader, label: str, start: int, error: BaseException | None) -> None:
        """Tell what was in joined segments at the place of their string: they have no other place in the whole."""
        what = f"in the segments of {label}, joined"
        try:
            if error is None:
                self.finish()
            elif isinstance(error, DERError):
                raise error
        except DERError as inner:
            raise DERError(start, f"{what}: {inner.reason}") from None
        outer.departures += [Departure(start, f"{what}: {reason}") for _, reason in self.departures]
        if outer.layout is not None and self.layout is not None:
            outer.layout.last.opened = Opened("its segments, joined", self.data, self.layout.fields)

    def time(self, label: str, *, section: str = "") -> datetime:
        """Return a UTCTime or a GeneralizedTime in any of its forms; one without a zone is taken for UTC."""
        start, tag = self.position, self.peek()
        try:
            return super().time(label, section=section)
        except DERError:
            self.position = start
        _, contents, end = self._next(-1, label)
        moment = _moment(tag, self.data[contents:end])
        if moment is None:
            raise DERError(start, f"{label} is not a time, expected UTCTime or GeneralizedTime")
        self.demand(
            contents,
            f"{label} is {self.data[contents:end].decode()}, expected all digits down to the seconds, no fraction, "
            "and Z (X.690 §11.7, §11.8; RFC 5280 §4.1.2.5)",
        )
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), moment_text(moment))
        return moment


def _end_of_contents(data: bytes, position: int, limit: int) -> int:
    """Return where the two octets of zeros stand that end a value of indefinite length (X.690 §8.1.5).

    position: where its contents begin. limit: where the data ends at the latest.
    """
    begun = position - 2
    depth = 1
    while position + 2 <= limit:
        tag, length = data[position], data[position + 1]
        position += 2
        if tag == 0 and length == 0:
            depth -= 1
            if depth == 0:
                return position - 2
        elif length == INDEFINITE:
            depth += 1
            if depth > MAX_DEPTH:
                raise DERError(position - 2, f"values of indefinite length are nested more than {MAX_DEPTH} deep")
        elif length > INDEFINITE:
            count = length & 0x7F
            position += count + int.from_bytes(data[position : position + count], "big") if count <= 4 else limit
        else:
            position += length
    raise DERError(begun, "a value of indefinite length has no end, expected two octets of zeros")


def _moment(tag: int, octets: bytes) -> datetime | None:
    """Return the time that the octets spell, or None if they spell none."""
    found = _TIME.fullmatch(octets)
    if found is None or tag not in (UTC_TIME, GENERALIZED_TIME):
        return None
    digits, zone = found.groups()
    if tag == UTC_TIME:
        digits = (b"19" if digits[:2] >= b"50" else b"20") + digits  # RFC 5280 §4.1.2.5.1
    moment = moment_of(digits.ljust(14, b"0")) if len(digits) <= 14 else None
    if moment is None or zone in (None, b"Z"):
        return moment
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    try:
        return moment + away if zone.startswith(b"-") else moment - away
    except OverflowError:
        return None
