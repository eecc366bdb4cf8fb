"""DER, the one way to encode an ASN.1 value: its strict reader, which labels every field.

Standard     ITU-T X.690 (02/2021) §8, §10, §11; the types that RFC 5280, 2986, 5958 and 8017 use.
Left out     BER's freedoms (indefinite lengths, long forms, constructed strings): refused here, and read by
             `pki.asn1.ber` for those who want to see what is wrong. Tag numbers
             above 30, REAL, ENUMERATED beyond an integer's range, and EMBEDDED PDV: no standard here uses them.

>>> reader = Reader(bytes.fromhex("3006020105020100"))
>>> with reader.sequence("Point", section="example §1") as point:
...     point.integer("x"), point.integer("y")
(5, 0)
>>> reader.finish()
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Self

from console.printable import printable
from explain.layout import Field, Layout
from pki.asn1.as_text import moment_text, number_text
from pki.asn1.header_octets import length_bits, tag_bits
from pki.asn1.oids import describe

# X.680 §8.6 table 1: the universal tags, with the constructed bit (X.690 §8.1.2.5) where the type has it.
BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OBJECT_IDENTIFIER, ENUMERATED = 1, 2, 3, 4, 5, 6, 10
UTF8_STRING, NUMERIC_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING = 12, 18, 19, 20, 22
UTC_TIME, GENERALIZED_TIME, VISIBLE_STRING, UNIVERSAL_STRING, BMP_STRING = 23, 24, 26, 28, 30
SEQUENCE, SET = 0x30, 0x31
CONSTRUCTED = 0x20  # the bit of a tag whose value is made of other values (X.690 §8.1.2.5)

TAG_NAMES = {
    BOOLEAN: "BOOLEAN",
    INTEGER: "INTEGER",
    BIT_STRING: "BIT STRING",
    OCTET_STRING: "OCTET STRING",
    NULL: "NULL",
    OBJECT_IDENTIFIER: "OBJECT IDENTIFIER",
    ENUMERATED: "ENUMERATED",
    UTF8_STRING: "UTF8String",
    NUMERIC_STRING: "NumericString",
    PRINTABLE_STRING: "PrintableString",
    T61_STRING: "TeletexString",
    IA5_STRING: "IA5String",
    UTC_TIME: "UTCTime",
    GENERALIZED_TIME: "GeneralizedTime",
    VISIBLE_STRING: "VisibleString",
    UNIVERSAL_STRING: "UniversalString",
    BMP_STRING: "BMPString",
    SEQUENCE: "SEQUENCE",
    SET: "SET",
}

# X.680 §41: the characters of each string type, and how its octets spell them. TeletexString is read as
# Latin-1, as everybody does: its real repertoire (T.61) was never used in certificates.
STRINGS: dict[int, tuple[str, re.Pattern[str]]] = {
    UTF8_STRING: ("utf-8", re.compile(r"[\s\S]*")),
    NUMERIC_STRING: ("ascii", re.compile(r"[0-9 ]*")),
    PRINTABLE_STRING: ("ascii", re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*")),
    T61_STRING: ("latin-1", re.compile(r"[\s\S]*")),
    IA5_STRING: ("ascii", re.compile(r"[\s\S]*")),
    VISIBLE_STRING: ("ascii", re.compile(r"[ -~]*")),
    UNIVERSAL_STRING: ("utf-32-be", re.compile(r"[\s\S]*")),
    BMP_STRING: ("utf-16-be", re.compile("[\0-\uffff]*")),
}

MAX_DEPTH = 32  # far above any certificate's, far below Python's own limit on recursion
MAX_SIZE = 1 << 24  # bytes, unless the caller expects more


class DERError(ValueError):
    """The bytes are not the DER that was expected.

    offset: where in the bytes.
    reason: what is wrong there, and what was expected.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"DER, offset {offset}: {reason}")
        self.offset, self.reason = offset, reason


def context(number: int, *, constructed: bool = False) -> int:
    """Return the identifier octet of the context-specific tag `[number]`, 0 to 30 (X.690 §8.1.2)."""
    return 0x80 | constructed << 5 | number


def tag_name(tag: int) -> str:
    """Return what the identifier octet `tag` means, such as `INTEGER` or `[0]`."""
    if tag >> 6 == 0:
        return TAG_NAMES.get(tag) or TAG_NAMES.get(tag ^ 0x20, f"universal tag {tag & 0x1F}")
    return {1: "[APPLICATION %d]", 2: "[%d]", 3: "[PRIVATE %d]"}[tag >> 6] % (tag & 0x1F)


@lru_cache(1024)
def _oid(contents: bytes) -> str:
    """Return the dotted form of an object identifier's contents octets (X.690 §8.19)."""
    if not contents or contents[-1] & 0x80:
        raise ValueError("the object identifier breaks off, expected an octet below 0x80 at its end")
    arcs, arc, fresh = [], 0, True
    for octet in contents:
        if fresh and octet == 0x80:
            raise ValueError("an arc of the object identifier begins with a padding octet 0x80")
        arc = arc << 7 | octet & 0x7F
        fresh = octet < 0x80
        if fresh:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)  # §8.19.4: the first two arcs share one number, 40 * first + second
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def moment_of(digits: bytes) -> datetime | None:
    """Return the time that YYYYMMDDHHMMSS spells, or None if there is no such time."""
    try:
        return datetime(
            int(digits[:4]),
            int(digits[4:6]),
            int(digits[6:8]),
            int(digits[8:10]),
            int(digits[10:12]),
            int(digits[12:14]),
            tzinfo=UTC,
        )
    except ValueError:
        return None


def note_value(layout: Layout, data: bytes, label: str, section: str, extent: tuple[int, int, int], value: str) -> None:
    """Note a value that is not divided further: its tag, its length, its contents.

    extent: where it starts, where its contents start, and where it ends.
    """
    start, contents, end = extent
    layout.begin(label, start, section=section)
    _note_header(layout, data, start, contents, end)
    if contents != end:
        layout.leaf("contents", contents, end, value=value, section=section)
    layout.finish(end, value=value)


def _note_header(layout: Layout, data: bytes, start: int, contents: int, end: int) -> None:
    """Note a tag and a length."""
    tag, length = data[start], data[start + 1]
    layout.leaf("tag", start, start + 1, value=tag_form(tag), section="X.690 §8.1.2", bits=tag_bits(tag))
    layout.leaf(
        "length", start + 1, contents, value=str(end - contents), section="X.690 §8.1.3", bits=length_bits(length)
    )


def tag_form(tag: int) -> str:
    """Return the tag's name, and whether its value is made of other values."""
    return f"{tag_name(tag)}, {'constructed' if tag & 0x20 else 'primitive'}"


class Reader:
    """Reads DER values one after the other, strictly: what is not the expected value is a `DERError`.

    data: the bytes, whole; offsets in errors and in the layout count from their beginning.
    layout: takes a note of every field that is read, if given.
    max_size: the most bytes that are read.

    The readers that `sequence` and its like return are used in a `with` block, which fails if the block
    leaves any of their bytes unread.
    """

    __slots__ = ("_depth", "_ordered", "_previous", "_start", "data", "end", "layout", "position")

    def __init__(self, data: bytes, *, layout: Layout | None = None, max_size: int = MAX_SIZE) -> None:
        if not isinstance(data, bytes):
            raise TypeError(f"DER to read is {type(data).__name__}, expected bytes")
        if len(data) > max_size:
            raise DERError(0, f"{len(data)} bytes, expected at most {max_size}")
        self.data, self.layout = data, layout
        self.position, self.end = 0, len(data)
        self._start, self._depth = 0, 0
        self._ordered, self._previous = False, b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if kind is None:
            self.finish()
            if self.layout is not None:
                self.layout.finish(self.end)

    @property
    def encoding(self) -> bytes:
        """The whole encoding of the value that this reader is inside of, tag and length included."""
        return self.data[self._start : self.end]

    def tell(self, meaning: str) -> None:
        """Note in the layout, if there is one, what the value that was read last means."""
        if self.layout is not None:
            self.layout.last.value = meaning

    def tell_part(self, label: str, length: int, *, section: str) -> None:
        """Note in the layout, if there is one, what the next `length` octets are of the string that was read last."""
        if self.layout is None:
            return
        whole = self.layout.last
        last = whole.fields[-1]
        start = last.end
        if last.label == "contents":  # this is the first part of them
            start = whole.fields.pop().start
        whole.fields.append(Field(label, start, start + length, f"{length} octets", section))

    def tell_whole(self, meaning: str) -> None:
        """Note in the layout, if there is one, what the value means as a whole that this reader is inside of."""
        if self.layout is not None:
            self.layout.describe(meaning)

    def at_end(self) -> bool:
        """Return whether nothing is left to read here."""
        return self.position == self.end

    def demand(self, offset: int, reason: str) -> None:
        """Answer a value that can be read, but is not written as DER demands: raise `DERError`."""
        raise DERError(offset, reason)

    def _beyond(self, start: int, limit: int, reason: str) -> int:
        """Answer a value that ends behind the bytes that there are: raise `DERError`."""
        raise DERError(start, reason)

    def peek(self) -> int:
        """Return the identifier octet of the next value, or -1 at the end: how optional fields are told."""
        return self.data[self.position] if self.position < self.end else -1

    def finish(self) -> None:
        """Raise `DERError` if anything is left to read here."""
        if self.position != self.end:
            raise DERError(self.position, f"{self.end - self.position} bytes left over, expected the end of the value")

    def _next(self, tag: int, label: str) -> tuple[int, int, int]:
        """Step over the next value, whose tag must be `tag` (-1: any); return the offsets of it, contents, end."""
        data, start, limit = self.data, self.position, self.end
        if start + 2 > limit:
            raise DERError(start, f"the data ends, expected {label} ({'any type' if tag < 0 else tag_name(tag)})")
        found = data[start]
        if found != tag:
            if tag >= 0 and found == tag ^ 0x20:
                raise DERError(start, f"found {tag_form(found)} (0x{found:02x}), expected {label} ({tag_form(tag)})")
            if tag >= 0:
                raise DERError(start, f"found {tag_name(found)} (0x{found:02x}), expected {label} ({tag_name(tag)})")
            if found & 0x1F == 0x1F or found == 0:
                raise DERError(start, f"found tag 0x{found:02x}, expected a tag number from 1 to 30 for {label}")
        length = data[start + 1]
        contents = start + 2
        if length >= 0x80:  # X.690 §8.1.3.5: the long form, whose first octet counts the length octets that follow
            count = length & 0x7F
            contents += count
            if not 1 <= count <= 4:
                raise DERError(
                    start + 1, f"length of {label} in form 0x{length:02x}, expected a definite one of at most 4 octets"
                )
            if contents > limit:
                raise DERError(start + 1, f"the data ends inside the length of {label}")
            length = int.from_bytes(data[start + 2 : contents], "big")
            if length < 0x80 or length >> 8 * (count - 1) == 0:
                self.demand(start + 1, f"length of {label} is not in its shortest form (X.690 §10.1)")
        end = contents + length
        if end > limit:
            left = limit - contents
            end = self._beyond(start, limit, f"{label} claims {length} bytes of contents, but {left} are left")
        if self._ordered:
            if data[start:end] < self._previous:
                self.demand(
                    start,
                    f"{label} is out of order, expected the elements of a SET OF in ascending order (X.690 §11.6)",
                )
            self._previous = data[start:end]
        self.position = end
        return start, contents, end

    def _inside(self, label: str, section: str, start: int, contents: int, end: int, *, ordered: bool = False) -> Self:
        """Return a reader of the contents, one level deeper."""
        if self._depth == MAX_DEPTH:
            raise DERError(start, f"{label} is nested more than {MAX_DEPTH} deep")
        inner = type(self).__new__(type(self))
        inner.data, inner.layout = self.data, self.layout
        inner.position, inner.end = contents, end
        inner._start, inner._depth = start, self._depth + 1
        inner._ordered, inner._previous = ordered, b""
        if self.layout is not None:
            self.layout.begin(label, start, section=section)
            _note_header(self.layout, self.data, start, contents, end)
        return inner

    def sequence(self, label: str, *, section: str = "", tag: int = SEQUENCE) -> Reader:
        """Return a reader of the elements of a SEQUENCE or SEQUENCE OF (X.690 §8.9), or of an EXPLICIT tag's value.

        tag: the identifier octet expected, where it is not SEQUENCE's: `context(0, constructed=True)`.
        """
        return self._inside(label, section, *self._next(tag, label))

    def set_of(self, label: str, *, section: str = "", tag: int = SET) -> Reader:
        """Return a reader of the elements of a SET OF, which must stand in ascending order (X.690 §11.6)."""
        return self._inside(label, section, *self._next(tag, label), ordered=True)

    def octets_holding(self, label: str, *, section: str = "", tag: int = OCTET_STRING) -> Reader:
        """Return a reader of the DER inside an OCTET STRING."""
        return self._inside(label, section, *self._next(tag, label))

    def bits_holding(self, label: str, *, section: str = "", tag: int = BIT_STRING) -> Reader:
        """Return a reader of the DER inside a BIT STRING of whole octets."""
        start, contents, end = self._next(tag, label)
        if contents == end or self.data[contents] != 0:
            raise DERError(contents, f"{label} is not a whole number of octets")
        inner = self._inside(label, section, start, contents, end)
        inner.position += 1
        if self.layout is not None:
            self.layout.leaf("unused bits", contents, contents + 1, value="0", section="X.690 §8.6.2")
        return inner

    def boolean(self, label: str, *, section: str = "", tag: int = BOOLEAN) -> bool:
        """Return a BOOLEAN (X.690 §8.2, §11.1: TRUE is 0xFF)."""
        start, contents, end = self._next(tag, label)
        octets = self.data[contents:end]
        if len(octets) != 1:
            raise DERError(contents, f"{label} is a BOOLEAN of {len(octets)} octets, expected one")
        if octets not in (b"\x00", b"\xff"):
            self.demand(contents, f"{label} is {octets.hex()}, expected 00 (FALSE) or ff (TRUE) (X.690 §11.1)")
        value = octets != b"\x00"
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), str(value).upper())
        return value

    def flag(self, label: str, *, section: str = "", tag: int = BOOLEAN) -> bool:
        """Return a BOOLEAN whose default is FALSE: absent, it is that, and DER writes nothing else (X.690 §11.5)."""
        start = self.position
        if start >= self.end or self.data[start] != tag:
            return False
        value = self.boolean(label, section=section, tag=tag)
        if not value:
            self.demand(start, f"{label} is FALSE, which is its default, and DER leaves defaults out (X.690 §11.5)")
        return value

    def integer(self, label: str, *, section: str = "", tag: int = INTEGER, secret: bool = False) -> int:
        """Return an INTEGER of any size and sign (X.690 §8.3), or with its tag an ENUMERATED (§8.4).

        secret: whether the layout is to note its length only.
        """
        start, contents, end = self._next(tag, label)
        octets = self.data[contents:end]
        if not octets:
            raise DERError(contents, f"{label} is an empty INTEGER, expected at least one octet")
        if len(octets) > 1 and octets[:1] == (b"\xff" if octets[1] & 0x80 else b"\x00"):
            self.demand(contents, f"{label} is not in its shortest form (X.690 §8.3.2)")
        number = int.from_bytes(octets, "big", signed=True)
        if self.layout is not None:
            shown = number_text(number, secret=secret)
            note_value(self.layout, self.data, label, section, (start, contents, end), shown)
        return number

    def natural(self, label: str, *, section: str = "", tag: int = INTEGER) -> int:
        """Return an INTEGER from 0 to 2^31 - 1: a version, a length, a count."""
        start = self.position
        number = self.integer(label, section=section, tag=tag)
        if not 0 <= number < 1 << 31:
            raise DERError(start, f"{label} is below 0 or far above what is sensible, expected 0 to 2^31 - 1")
        return number

    def bit_string(self, label: str, *, section: str = "", tag: int = BIT_STRING) -> tuple[bytes, int]:
        """Return a BIT STRING as its octets and the number of bits at their end that do not count (X.690 §8.6)."""
        start, contents, end = self._next(tag, label)
        octets = self.data[contents + 1 : end]
        unused = self.data[contents] if contents < end else 8
        if unused > 7 or (unused and not octets):
            raise DERError(contents, f"{label} does not say rightly how many bits are unused, expected 0 to 7")
        if unused and octets[-1] & (1 << unused) - 1:
            self.demand(end - 1, f"unused bits of {label} are set, expected zeros (X.690 §11.2.1)")
        layout = self.layout
        if layout is not None:
            layout.begin(label, start, section=section)
            _note_header(layout, self.data, start, contents, end)
            layout.leaf("unused bits", contents, contents + 1, value=str(unused), section="X.690 §8.6.2")
            shown = f"{8 * len(octets) - unused} bits"
            if octets:
                layout.leaf("contents", contents + 1, end, value=shown, section=section)
            layout.finish(end, value=shown)
        return octets, unused

    def octets_in_bits(self, label: str, *, section: str = "", tag: int = BIT_STRING) -> bytes:
        """Return the octets of a BIT STRING that is a whole number of them, such as a signature."""
        start = self.position
        octets, unused = self.bit_string(label, section=section, tag=tag)
        if unused:
            raise DERError(start, f"{label} is not a whole number of octets")
        return octets

    def octet_string(self, label: str, *, section: str = "", tag: int = OCTET_STRING) -> bytes:
        """Return an OCTET STRING (X.690 §8.7)."""
        start, contents, end = self._next(tag, label)
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), f"{end - contents} octets")
        return self.data[contents:end]

    def null(self, label: str, *, section: str = "", tag: int = NULL) -> None:
        """Read a NULL (X.690 §8.8)."""
        start, contents, end = self._next(tag, label)
        if contents != end:
            raise DERError(contents, f"{label} is a NULL with contents")
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), "")

    def oid(self, label: str, *, section: str = "", tag: int = OBJECT_IDENTIFIER) -> str:
        """Return an OBJECT IDENTIFIER in dotted form (X.690 §8.19)."""
        start, contents, end = self._next(tag, label)
        if end - contents > 64:
            raise DERError(contents, f"{label} has {end - contents} octets, expected at most 64")
        try:
            dotted = _oid(self.data[contents:end])
        except ValueError as error:
            raise DERError(contents, f"{label}: {error}") from None
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), describe(dotted))
        return dotted

    def string(self, label: str, *, section: str = "", tag: int = -1) -> tuple[int, str]:
        """Return a character string with the tag of its type (X.690 §8.23).

        tag: the type expected, such as `IA5_STRING`; -1 takes any of `STRINGS`.
        """
        start, contents, end = self._next(tag, label)
        found = self.data[start]
        if found not in STRINGS:
            raise DERError(start, f"found {tag_name(found)}, expected a character string for {label}")
        return found, self._text(found, label, section, start, contents, end)

    def tagged_string(self, label: str, *, tag: int, type: int, section: str = "") -> str:
        """Return a character string of the given type under an IMPLICIT tag, such as a GeneralName's `dNSName`."""
        return self._text(type, label, section, *self._next(tag, label))

    def _text(self, type: int, label: str, section: str, start: int, contents: int, end: int) -> str:
        encoding, characters = STRINGS[type]
        try:
            text = self.data[contents:end].decode(encoding)
        except UnicodeDecodeError:
            raise DERError(contents, f"{label} is not a well-formed {TAG_NAMES[type]}") from None
        if not characters.fullmatch(text):
            self.demand(contents, f"{label} holds a character that a {TAG_NAMES[type]} cannot have (X.680 §41)")
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), printable(text))
        return text

    def time(self, label: str, *, section: str = "") -> datetime:
        """Return a UTCTime or a GeneralizedTime, in the one form that RFC 5280 §4.1.2.5 allows for each."""
        start, contents, end = self._next(-1, label)
        octets = self.data[contents:end]
        if not octets.endswith(b"Z") or not octets[:-1].isdigit():
            moment = None
        elif self.data[start] == UTC_TIME and len(octets) == 13:
            century = b"19" if octets[:2] >= b"50" else b"20"  # RFC 5280 §4.1.2.5.1
            moment = moment_of(century + octets)
        elif self.data[start] == GENERALIZED_TIME and len(octets) == 15:
            moment = moment_of(octets)
        else:
            moment = None
        if moment is None:
            raise DERError(
                start, f"{label} is not a time, expected UTCTime YYMMDDHHMMSSZ or GeneralizedTime YYYYMMDDHHMMSSZ"
            )
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), moment_text(moment))
        return moment

    def generalized_time(self, label: str, *, section: str = "") -> datetime:
        """Return a GeneralizedTime, for the few fields that never are a UTCTime."""
        if self.peek() != GENERALIZED_TIME:
            self._next(GENERALIZED_TIME, label)
        return self.time(label, section=section)

    def any(self, label: str, *, section: str = "") -> bytes:
        """Return the encoding of the next value, whatever its type, with tag and length."""
        start, contents, end = self._next(-1, label)
        if self.layout is not None:
            note_value(self.layout, self.data, label, section, (start, contents, end), f"{end - contents} octets")
        return self.data[start:end]

    def contents(self, label: str) -> bytes:
        """Return the contents octets of the next value, whatever its type, without tag and length.

        It is for looking ahead and for copying: the layout takes no note of it.
        """
        _, contents, end = self._next(-1, label)
        return self.data[contents:end]
