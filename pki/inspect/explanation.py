"""Every byte of a file explained: as a tree of fields, and as an annotated hex dump.

Both come from the fields that the readers note while they read; nothing here parses anything.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from explain.layout import Field
from pki.inspect.file_contents import Item
from pki.inspect.meanings import MEANINGS

WIDTH = 80
BYTES_IN_LINE = 8
GAP = "  "


def tree(item: Item) -> Iterator[str]:
    """Give the lines of the tree: label, value, section and range of each field, and under it what it is for.

    The tag and the length of a value, which come first in it, stand in its own line.
    """
    for field in item.fields:
        yield from _branch(field, item.data, "", "")


def _branch(field: Field, data: bytes, first: str, rest: str) -> Iterator[str]:
    parts = [part for part in field.fields if part.label not in ("tag", "length", "contents")]
    text = f"{field.label}: {field.value}" if field.value else field.label
    yield from _wrapped(text, first, rest + ("│ " if parts else "  "))
    facts = [f"bytes {field.start}–{field.end - 1}"]
    head = {part.label: part.value for part in field.fields if part.label in ("tag", "length")}
    if head:
        facts.append(f"{head['tag'].partition(',')[0]} of {head['length']}")
    if field.section:
        facts.append(field.section)
    below = rest + ("│ " if parts else "  ")
    meaning = MEANINGS[field.label].what
    yield from _wrapped(f"({'; '.join(facts)}){f' {meaning}' if meaning else ''}", below, below)
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        yield from _branch(part, data, rest + ("└─" if last else "├─"), rest + ("  " if last else "│ "))


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


def _leaves(fields: Sequence[Field], path: tuple[Field, ...]) -> Iterator[tuple[tuple[Field, ...], Field]]:
    """Give the fields that are not divided further, each with those around it."""
    for field in fields:
        if field.fields:
            yield from _leaves(field.fields, (*path, field))
        else:
            yield path, field


def as_json(field: Field, data: bytes) -> dict[str, object]:
    """Return the field and all below it, for programs."""
    found: dict[str, object] = {"label": field.label, "start": field.start, "end": field.end}
    if field.value:
        found["value"] = field.value
    if field.bits:
        found["bits"] = field.bits
    if field.label in MEANINGS:
        found["meaning"] = MEANINGS[field.label].what
    if field.section:
        found["section"] = field.section
    if field.fields:
        found["fields"] = [as_json(part, data) for part in field.fields]
    else:
        found["hex"] = data[field.start : field.end].hex()
    return found
