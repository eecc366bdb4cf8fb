"""Every byte of a file explained: as a tree of fields, and as an annotated hex dump.

Both come from the fields that the readers note while they read; nothing here parses anything.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from explain.layout import Field
from explain.meaning import meaning_of
from explain.showing.meaning_lines import MeaningLines
from pki.inspect.file_contents import Item
from pki.inspect.meanings import MEANINGS
from pki.inspect.raw_values import Mark

WIDTH = 80
BYTES_IN_LINE = 8
FRAME = ("tag", "length", "contents")  # what stands in the lines of the field around it
GAP = "  "


def tree(item: Item) -> Iterator[str]:
    """Give the lines of the tree: label and value of each field; under them range, type and section, and its meaning.

    Places that are not as they should be are marked in the field that they are in: with ✗ where reading as the expected
    type ended, with ! where a way of writing is not DER's.
    The tag and the length of a value, which come first in it, stand in its own lines. What a field is and why it is
    there stands where such a field comes for the first time.
    """
    meanings = MeaningLines(MEANINGS)
    for field in item.fields:
        yield from _branch((field,), meanings, "", "", list(item.marks))
    yield from (_mark(mark) for mark in item.marks if mark.offset >= len(item.data))


def _mark(mark: Mark) -> str:
    return f"{'✗' if mark.is_fault else '!'} byte {mark.offset} (0x{mark.offset:x}): {mark.text}"


def _branch(path: tuple[Field, ...], meanings: MeaningLines, first: str, rest: str, marks: list[Mark]) -> Iterator[str]:
    field = path[-1]
    parts = [part for part in field.fields if part.label not in FRAME]
    own = [
        mark
        for mark in marks
        if field.start <= mark.offset < field.end and not any(part.start <= mark.offset < part.end for part in parts)
    ]
    text = f"{field.label}: {field.value}" if field.value else field.label
    below = rest + ("│ " if parts else "  ")
    yield from _wrapped(text, first, below)
    header = {part.label: part for part in field.fields if part.label in ("tag", "length")}
    facts = [f"bytes {field.start}–{field.end - 1}"]
    if "tag" in header:
        facts.append(f"{header['tag'].value.partition(',')[0]} of {header['length'].value}")
    elif header:
        facts.append(f"{header['length'].value} octets")  # SSH's strings have no tag
    if field.section:
        facts.append(field.section)
    lines = [f"({'; '.join(facts)})", *meanings.of(*path)]
    for label, part in header.items():
        what, *why = meanings.of(*path, part) or ("",)
        lines += [f"{label}: {what}", *why] if what else []
    for line in [*map(_mark, own), *lines]:
        yield from _wrapped(line, below, below)
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        yield from _branch(
            (*path, part), meanings, rest + ("└─" if last else "├─"), rest + ("  " if last else "│ "), marks
        )


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    width = max(WIDTH, len(rest) + 30)  # what is nested very deep gets lines as long as it needs
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def hex_dump(item: Item) -> Iterator[str]:
    """Give the lines of the dump: offset, at most 8 bytes, and beside the first of a field's bytes what they are."""
    for path, leaf in _leaves(item.fields, ()):
        names = [part.label for part in path[-1:]] + [leaf.label]
        note = " ".join(names) + (f": {leaf.value}" if leaf.value else "")
        lines = range(leaf.start, leaf.end, BYTES_IN_LINE)
        room = WIDTH - 6 - 3 * BYTES_IN_LINE - len(GAP)
        notes = textwrap.wrap(note, room, break_on_hyphens=False)
        for i in range(max(len(lines), len(notes))):
            start = leaf.start + BYTES_IN_LINE * i
            octets = item.data[start : min(start + BYTES_IN_LINE, leaf.end)]
            shown = f"{start:05x} {octets.hex(' ')}" if octets else ""
            yield f"{shown:{5 + 3 * BYTES_IN_LINE}}{GAP}{notes[i] if i < len(notes) else ''}".rstrip()
            for mark in item.marks:
                if octets and start <= mark.offset < start + len(octets):
                    yield from _mark_below(mark, start)
    for mark in item.marks:
        if mark.offset >= len(item.data):
            yield from _mark_below(mark, mark.offset)


def _mark_below(mark: Mark, start: int) -> list[str]:
    """Return the lines under the one that begins with the byte `start`: they point at the byte of the mark."""
    pointer = " " * (6 + 3 * (mark.offset - start)) + "^^"
    indent = 5 + 3 * BYTES_IN_LINE + len(GAP)
    notes = textwrap.wrap(_mark(mark), WIDTH - indent, break_on_hyphens=False)
    return [f"{pointer if i == 0 else '':{indent}}{note}" for i, note in enumerate(notes)]


def _leaves(fields: Sequence[Field], path: tuple[Field, ...]) -> Iterator[tuple[tuple[Field, ...], Field]]:
    """Give the fields that are not divided further, each with those around it."""
    for field in fields:
        if field.fields:
            yield from _leaves(field.fields, (*path, field))
        else:
            yield path, field


def as_json(item: Item) -> list[dict[str, object]]:
    """Return the fields with all below them, for programs."""
    return [_field_as_json((field,), item.data) for field in item.fields]


def _field_as_json(path: tuple[Field, ...], data: bytes) -> dict[str, object]:
    field, meaning = path[-1], meaning_of(MEANINGS, *path)
    found: dict[str, object] = {"label": field.label, "start": field.start, "end": field.end}
    if field.value:
        found["value"] = field.value
    if field.bits:
        found["bits"] = field.bits
    found |= {"what": meaning.what, "why": meaning.why}
    if field.section:
        found["section"] = field.section
    if field.fields:
        found["fields"] = [_field_as_json((*path, part), data) for part in field.fields]
    else:
        found["hex"] = data[field.start : field.end].hex()
    return found
