r"""A block of bytes as a row of boxes, drawn to scale: what stands where in it, and how much room it takes.

Standard     None; RFC 8017 §7.1.1 figure 1 and §9.1.1 figure 2 draw blocks like this.
Left out     Rows of more names than a page is wide: the drawing is wider, then.
Timing       For looking at.

>>> print(*boxes((("00", 1), ("maskedSeed", 20), ("maskedDB", 43)), width=60), sep="\n")
┌──┬─────────────────┬─────────────────────────────────────┐
│00│    maskedSeed   │               maskedDB              │
│1 │        20       │                  43                 │
└──┴─────────────────┴─────────────────────────────────────┘

To scale, except that no box is narrower than its name: a byte of 128 would be a hair.
"""

from __future__ import annotations

from explain.trace import Parts


def boxes(parts: Parts, *, width: int) -> list[str]:
    """Return the lines of the drawing.

    parts: the names and the lengths in bytes, in order; those of no length are left out.
    width: how many columns the drawing may take, if the names have room in that.
    """
    shown = [(name, length) for name, length in parts if length]
    columns = _columns(shown, width - len(shown) - 1)
    texts = ([name for name, _ in shown], [str(length) for _, length in shown])
    rules = ["─" * column for column in columns]
    return [
        "┌" + "┬".join(rules) + "┐",
        *("│" + "│".join(map(_centred, row, columns)) + "│" for row in texts),
        "└" + "┴".join(rules) + "┘",
    ]


def _centred(text: str, column: int) -> str:
    return text + " " * (column - len(text)) if column - len(text) < 2 else text.center(column)


def _columns(parts: list[tuple[str, int]], room: int) -> list[int]:
    """Return how many columns each box has inside, `room` in all: in proportion, and wide enough for its name.

    A box that would be too narrow gets what its name needs, and the others share the rest in proportion.
    """
    least = [max(len(name), len(str(length))) for name, length in parts]
    narrow: set[int] = set()
    while True:
        rest = room - sum(least[i] for i in narrow)
        total = sum(length for i, (_, length) in enumerate(parts) if i not in narrow)
        too_narrow = {i for i, (_, length) in enumerate(parts) if i not in narrow and rest * length < least[i] * total}
        if not too_narrow:
            break
        narrow |= too_narrow
    columns, start = [], 0
    for i, (_, length) in enumerate(parts):
        if i in narrow:
            columns.append(least[i])
        else:  # both ends are rounded, so that the widths add up to the whole
            columns.append(rest * (start + length) // total - rest * start // total)
            start += length
    return columns
