r"""Polynomials, vectors and matrices of them as lines: the first coefficients and the last, as many as there is room.

Standard     FIPS 203 §2.4.4: (2.5), a polynomial's coefficients, and (2.7), the residues that the NTT makes of it.
Left out     The coefficients in the middle: the JSON of a trace has all of them.
Timing       For looking at.

>>> print(*lines(tuple(range(256)), width=44), sep="\n")
0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …, 254, 255
>>> print(*lines((tuple(range(256)), (1, 2, 3, 4)), width=44, residues=True), sep="\n")
[0]   0 + 1X, 2 + 3X, 4 + 5X, …, 254 + 255X
[1]   1 + 2X, 3 + 4X
"""

from __future__ import annotations

from explain.trace import Value

GAP = 3  # columns after the number of an entry


def lines(value: tuple[Value, ...], *, width: int | None, residues: bool = False) -> list[str]:
    """Return a line for each polynomial in the value: one, a vector, or a matrix by its rows.

    width: how many columns there are; as many as it takes, if it is None.
    residues: whether each two coefficients are a residue a + bX.
    """
    entries = list(_entries(value, ()))
    labels = [f"[{', '.join(map(str, place))}]" if place else "" for place, _ in entries]
    margin = max(map(len, labels), default=0)
    margin += GAP if margin else 0
    return [
        label.ljust(margin) + _coefficients(polynomial, width and width - margin, residues)
        for label, (_, polynomial) in zip(labels, entries, strict=True)
    ]


def _entries(value: tuple[Value, ...], place: tuple[int, ...]) -> list[tuple[tuple[int, ...], tuple[Value, ...]]]:
    """Return the polynomials in a value, each with its place."""
    found = []
    for i, item in enumerate(value):
        if isinstance(item, tuple):
            found += _entries(item, (*place, i))
        else:
            return [(place, value)]
    return found


def _coefficients(polynomial: tuple[Value, ...], width: int | None, residues: bool) -> str:
    """Return the coefficients in one line, without those in the middle if there is no room."""
    items = [str(x) for x in polynomial]
    if residues:
        items = [f"{a} + {b}X" for a, b in zip(items[::2], items[1::2], strict=True)]
    whole = ", ".join(items)
    if width is None or len(whole) <= width:
        return whole
    last = items[-1] if residues else ", ".join(items[-2:])
    room = width - len(last) - len("…, ")
    shown, used = 0, 0
    while used + len(items[shown]) + 2 <= room:
        used += len(items[shown]) + 2
        shown += 1
    return ", ".join([*items[:shown], "…", last])
