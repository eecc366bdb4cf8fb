"""A tree of labelled byte ranges: what every byte of an encoded message is, as told by the code that codes it.

The writers and readers of DER and of the TLS presentation language take a label with every field. Given
a `Layout`, they note there where the field lies; given none, they note nothing and lose no time. So a
message is explained by the parser that reads it, never by a second one, and `unexplained` can prove that
no byte was passed over.

>>> layout = Layout()
>>> layout.begin("point", 0, section="example §2")
>>> layout.leaf("x", 0, 2, value="258", section="example §2.1")
>>> layout.finish(4)
>>> unexplained(layout.fields, 4)
[(2, 4)]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True)
class Opened:
    """Other bytes, which were inside of a field, with fields of their own.

    how: by what the bytes of the field turn into these, in words.
    data: the bytes. fields: what each of them is.
    """

    how: str
    data: bytes = field(repr=False)  # it may have been encrypted
    fields: list[Field]

    @classmethod
    def of(cls, how: str, data: bytes, parts: Sequence[tuple[str, int, str, str]]) -> Self:
        """Return bytes that consist of these parts, one after the other: label, length, value, section."""
        layout, position = Layout(), 0
        for label, length, value, section in parts:
            if length:
                layout.leaf(label, position, position + length, value=value, section=section)
                position += length
        return cls(how, data, layout.fields)


@dataclass(slots=True)
class Field:
    """A labelled byte range.

    label: the standard's name of the field, such as `tbsCertificate` or `cipher_suite`.
    start, end: the range `[start, end)`, as offsets into the whole message.
    value: what the bytes mean, for a person, such as `TLS_RSA_WITH_AES_128_CBC_SHA`.
    section: the standard and its section.
    bits: what its single bits say, from the highest to the lowest, where they say something each.
    fields: the fields that it is made of, in order; none, if it is a leaf.
    opened: what its bytes turn into, where somebody decrypted or decoded them.
    """

    label: str
    start: int
    end: int
    value: str = ""
    section: str = ""
    bits: str = ""
    fields: list[Field] = field(default_factory=list)
    opened: Opened | None = None

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Field]]:
        """Return this field and all below it with their depths, in the order of the bytes."""
        yield depth, self
        for inner in self.fields:
            yield from inner.walk(depth + 1)


class Layout:
    """The fields of one message, noted while it is read or written."""

    def __init__(self) -> None:
        self._message = Field("", 0, 0)
        self._open = [self._message]

    @property
    def fields(self) -> list[Field]:
        """The outermost fields, in order."""
        return self._message.fields

    @property
    def open_fields(self) -> Sequence[Field]:
        """The fields that were begun and are not finished, from the outermost: where reading ended, if it failed."""
        return self._open[1:]

    def position(self, start: int) -> int:
        """Return where the last note of the open field ends; `start`, where the message begins, if it has no notes."""
        whole = self._open[-1]
        return whole.fields[-1].end if whole.fields else start

    def take(self, fields: Iterable[Field]) -> None:
        """Note fields that were noted elsewhere, with all below them."""
        self._open[-1].fields.extend(fields)

    @property
    def last(self) -> Field:
        """The field that was noted last in the field that is open."""
        return self._open[-1].fields[-1]

    def leaf(self, label: str, start: int, end: int, *, value: str = "", section: str = "", bits: str = "") -> None:
        """Note a field that is not divided further."""
        self._open[-1].fields.append(Field(label, start, end, value, section, bits))

    def begin(self, label: str, start: int, *, section: str = "") -> None:
        """Note a field whose parts are noted next, until its `finish`."""
        whole = Field(label, start, start, section=section)
        self._open[-1].fields.append(whole)
        self._open.append(whole)

    def describe(self, value: str) -> None:
        """Say what the field that is open means as a whole."""
        self._open[-1].value = value

    def finish(self, end: int, *, value: str = "") -> None:
        """Close the field that was begun last and is still open; it ends before offset `end`."""
        whole = self._open.pop()
        whole.end = end
        whole.value = value or whole.value


def unexplained(fields: Sequence[Field], length: int, *, start: int = 0) -> list[tuple[int, int]]:
    """Return the ranges of `[start, length)` that no leaf explains, or that two leaves claim, in order.

    A field counts as unexplained, too, if a byte of what it turned into when opened is.

    fields: the fields of a message of `length` bytes.
    """
    gaps: list[tuple[int, int]] = []
    position = start
    for part in fields:
        if part.start != position:
            gaps.append((min(position, part.start), max(position, part.start)))
        if part.fields:
            gaps += unexplained(part.fields, part.end, start=part.start)
        elif not part.label or (part.opened and unexplained(part.opened.fields, len(part.opened.data))):
            gaps.append((part.start, part.end))
        position = part.end
    if position != length:
        gaps.append((min(position, length), max(position, length)))
    return gaps
