"""A tree of labelled byte ranges: what every byte of an encoded message is, as told by the code that codes it.

The writers and readers of DER and of the TLS presentation language take a label with every field. Given
a `Layout`, they note there where the field lies; given none, they note nothing and lose no time. So a
message is explained by the parser that reads it, never by a second one, and `unexplained` can prove that
no byte was passed over.

>>> layout = Layout()
>>> with layout.field("point", 0, section="example §2") as point:
...     layout.leaf("x", 0, 2, value="258", section="example §2.1")
...     point.end = 4
>>> unexplained(layout.fields, 4)
[(2, 4)]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Field:
    """A labelled byte range.

    label: the standard's name of the field, such as `tbsCertificate` or `cipher_suite`.
    start, end: the range `[start, end)`, as offsets into the whole message.
    value: what the bytes mean, for a person, such as `TLS_RSA_WITH_AES_128_CBC_SHA`.
    section: the standard and its section.
    fields: the fields that it is made of, in order; none, if it is a leaf.
    """

    label: str
    start: int
    end: int
    value: str = ""
    section: str = ""
    fields: list[Field] = field(default_factory=list)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Field]]:
        """Return this field and all below it with their depths, in the order of the bytes."""
        yield depth, self
        for inner in self.fields:
            yield from inner.walk(depth + 1)


class Layout:
    """The fields of one message, noted while it is read or written."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self._open = [self.fields]

    def leaf(self, label: str, start: int, end: int, *, value: str = "", section: str = "") -> None:
        """Note a field that is not divided further."""
        self._open[-1].append(Field(label, start, end, value, section))

    @contextmanager
    def field(self, label: str, start: int, *, section: str = "") -> Iterator[Field]:
        """Note a field whose parts are noted inside this block, which sets the field's `end` and `value`."""
        whole = Field(label, start, start, section=section)
        self._open[-1].append(whole)
        self._open.append(whole.fields)
        try:
            yield whole
        finally:
            self._open.pop()


def unexplained(fields: Sequence[Field], length: int, *, start: int = 0) -> list[tuple[int, int]]:
    """Return the ranges of `[start, length)` that no leaf explains, or that two leaves claim, in order.

    fields: the fields of a message of `length` bytes.
    """
    gaps: list[tuple[int, int]] = []
    position = start
    for part in fields:
        if part.start != position:
            gaps.append((min(position, part.start), max(position, part.start)))
        if part.fields:
            gaps += unexplained(part.fields, part.end, start=part.start)
        elif not part.label:
            gaps.append((part.start, part.end))
        position = part.end
    if position != length:
        gaps.append((min(position, length), max(position, length)))
    return gaps
