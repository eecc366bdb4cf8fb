"""Bytes and what each of them is: the labelled fields of the code that coded them, with their meanings.

A `View` is a row of bytes to be shown, with an id by which links reach every one of them: `#r7.12` is byte 12 of the
view `r7`. Its `Part`s form a tree over the bytes.

>>> from explain.layout import Layout
>>> layout = Layout()
>>> layout.leaf("age", 0, 1, value="7", section="example §1")
>>> parts = explained(layout.fields, {"age": Meaning("an age in years", "to tell who is of age")})
>>> faults(View("r1", "an example", bytes(2), parts))
['r1: bytes 1 to 2 have no part']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from explain.layout import Field
from explain.meaning import Meaning, Vocabulary, meaning_of


@dataclass(slots=True)
class Part:
    """A named range `[start, end)` of a view's bytes.

    meaning: what it is, and why it is there. section: the standard and its section. value: what the bytes say.
    bits: what the single bits say, where they do.
    parts: what it consists of. opened: what it turns into when it is decrypted or decoded.
    """

    label: str
    start: int
    end: int
    meaning: Meaning
    section: str
    value: str = ""
    bits: str = ""
    parts: list[Part] = field(default_factory=list)
    opened: View | None = None

    def walk(self) -> Iterator[Part]:
        """Return this part and all below it, but not what was opened."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True)
class View:
    """A row of bytes to be shown.

    id: the first half of links to its bytes. title: what it is, or how it came to be.
    """

    id: str
    title: str
    data: bytes = field(repr=False)
    parts: list[Part]

    def walk(self) -> Iterator[View]:
        """Return this view and all that are opened from it, each before those inside it."""
        yield self
        for top in self.parts:
            for part in top.walk():
                if part.opened is not None:
                    yield from part.opened.walk()


def explained(fields: Sequence[Field], vocabulary: Vocabulary, *, around: Sequence[Field] = ()) -> list[Part]:
    """Return the fields with their meanings. around: the fields that these are inside of, from the outermost."""
    parts = []
    for one in fields:
        path = (*around, one)
        part = Part(one.label, one.start, one.end, meaning_of(vocabulary, *path), one.section, one.value, one.bits)
        part.parts = explained(one.fields, vocabulary, around=path)
        if one.opened is not None:
            part.opened = View("", one.opened.how, one.opened.data, explained(one.opened.fields, vocabulary))
        parts.append(part)
    return parts


def moved(parts: Sequence[Part], by: int) -> list[Part]:
    """Return the parts as they lie in a view in which they begin `by` bytes later."""
    return [replace(p, start=p.start + by, end=p.end + by, parts=moved(p.parts, by)) for p in parts]


def cut(parts: Sequence[Part], start: int, end: int) -> list[Part]:
    """Return what of the parts lies in `[start, end)`, as they lie in a view that begins at `start`.

    A part that lies there only in part says so in its value. What is opened from it stays with its first bytes.
    """
    found = []
    for part in parts:
        if part.start >= end or part.end <= start:
            continue
        whole = start <= part.start and part.end <= end
        piece = replace(
            part,
            start=max(part.start, start) - start,
            end=min(part.end, end) - start,
            parts=cut(part.parts, start, end),
        )
        if not whole:
            piece.value = f"a piece of it: {piece.end - piece.start} of {part.end - part.start} bytes"
            piece.opened = part.opened if part.start >= start else None
        found.append(piece)
    return found


def faults(view: View) -> list[str]:
    """Return what is not explained in the view, or in what is opened from it: byte ranges, and parts without words."""
    found = []
    for one in view.walk():
        found += [f"{one.id}: bytes {a} to {b} have no part" for a, b in _gaps(one.parts, 0, len(one.data))]
        for top in one.parts:
            for part in top.walk():
                words = {
                    "label": part.label,
                    "what": part.meaning.what,
                    "why": part.meaning.why,
                    "section": part.section,
                }
                lacks = [name for name, text in words.items() if not text]
                if lacks:
                    found.append(f"{one.id}.{part.start}: {part.label or 'a part'} has no {' and no '.join(lacks)}")
    return found


def _gaps(parts: Sequence[Part], start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    for part in parts:
        if part.start != position:
            yield min(position, part.start), max(position, part.start)
        if part.parts:
            yield from _gaps(part.parts, part.start, part.end)
        position = part.end
    if position != end:
        yield min(position, end), max(position, end)
