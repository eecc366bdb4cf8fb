"""The value of a step as text, in the notation of its standard: squares, matrices, words, points, boxes, digits.

Standard     Whichever the step is from: FIPS 197 §3.4 (the state), RFC 8439 §2.3 (the matrix), FIPS 202 §3.1.2
             (the lanes), FIPS 203 §2.4.4 (polynomials), FIPS 180-4 §3.1 (words in hexadecimal), SEC 1 §2.3.3 (points).
Left out     The middle of very long values, with a word on how much it is.
Timing       For looking at.

>>> from explain.trace import Step
>>> block = Step("start", bytes.fromhex("00112233445566778899aabbccddeeff"), "FIPS 197 §3.4", "example", form="state")
>>> print(text(notation(block)))
00 44 88 cc
11 55 99 dd
22 66 aa ee
33 77 bb ff
>>> print(text(notation(Step("T1", 0x54DA50E8, "FIPS 180-4 §6.2.2", "example", bits=32), binary=True)))
01010100 11011010 01010000 11101000
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from explain.showing import polynomials
from explain.showing.boxes import boxes
from explain.trace import Form, Parts, Step, Value

WIDTH = 76  # columns, of a page of 80
MOST = 512  # bytes that are shown in full: a number of RSA-4096
SHOWN = 64  # bytes that are shown of a longer value

CHANGED = "*"  # after whatever is not what it was in the state before


class Piece(NamedTuple):
    """A part of a line. changed: whether it is marked as something that the step has changed."""

    text: str
    changed: bool = False


Line: TypeAlias = tuple[Piece, ...]


def text(lines: Iterable[Line]) -> str:
    """Return the lines as plain text."""
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines)


def notation(step: Step, *, before: Value = None, width: int = WIDTH, binary: bool = False) -> list[Line]:
    """Return the lines that show the value of `step`; none if it has no value.

    before: the value of the same form that the step took in: what differs from it is marked.
    width: how many columns there are.
    binary: whether words are in binary, even those that are long.
    """
    if step.form == "key":  # another one each time, and no change of the one before
        before = None
    return _Notation(step.bits, step.form, step.parts, _names(step), before, width, binary).lines(step.value)


def word(value: int, bits: int, *, binary: bool = False) -> str:
    """Return a word of `bits` bits: in binary if it is short, is not a multiple of four, or if `binary` says so."""
    if not binary and bits > 16 and bits % 4 == 0:
        return f"{value:0{bits // 4}x}"
    digits = f"{value:0{bits}b}"
    return digits if bits % 8 else " ".join(digits[i : i + 8] for i in range(0, bits, 8))


def _names(step: Step) -> list[str]:
    """Return the names of the values of a tuple: its parts' names, or those that the step's name lists, as `r, s`."""
    names = [name for name, _ in step.parts] or ([] if "(" in step.name else re.split(r", | : ", step.name))
    return names if isinstance(step.value, tuple) and 1 < len(names) == len(step.value) else []


@dataclass(frozen=True, slots=True)
class _Notation:
    """How a value is written, and with how much room."""

    bits: int
    form: Form
    parts: Parts
    names: list[str]
    before: Value
    width: int
    binary: bool

    def lines(self, value: Value) -> list[Line]:
        """Return the lines that show `value`."""
        if self.form == "point":
            return self._point(value)
        if self.form in ("polynomial", "residues") and isinstance(value, tuple):
            return _plain(polynomials.lines(value, width=self.width, residues=self.form == "residues"))
        match value:
            case None:
                return []
            case bool():  # before int, which it is as well
                return _plain(["true" if value else "false"])
            case str():
                return _plain([value])
            case int():
                return _plain(self._number(value))
            case bytes():
                return self._bytes(value)
            case tuple():
                return self._tuple(value)

    # --- Bytes.

    def _bytes(self, value: bytes) -> list[Line]:
        if self.form in ("state", "key"):
            before = self.before if isinstance(self.before, bytes) and len(self.before) == len(value) else None
            rows = [value[r::4] for r in range(4)]
            rows_before = [before[r::4] for r in range(4)] if before else [None] * 4
            return [self._row(row, row_before, 8) for row, row_before in zip(rows, rows_before, strict=True)]
        if self.parts:
            drawing = _plain(boxes(self.parts, width=self.width))
            return drawing + self._labelled(self._parts_of(value))
        return _plain(self._digits(value))

    def _parts_of(self, value: bytes) -> list[tuple[str, Value]]:
        pieces: list[tuple[str, Value]] = []
        start = 0
        for name, length in self.parts:
            if length:
                pieces.append((name, value[start : start + length]))
            start += length
        return pieces

    def _digits(self, value: bytes) -> list[str]:
        """Return bytes as hexadecimal digits, in groups of four bytes."""
        if not value:
            return ["(empty)"]
        shown = value if len(value) <= MOST else value[:SHOWN]
        lines = self._wrapped([shown[i : i + 4].hex() for i in range(0, len(shown), 4)], 8)
        return lines if shown == value else [*lines, f"… and {len(value) - len(shown):,} bytes more"]

    # --- Numbers.

    def _number(self, value: int) -> list[str]:
        if self.bits:
            shown = word(value, self.bits, binary=self.binary)
            return [shown] if len(shown) <= self.width else self._wrapped(shown.split(" "), 8)
        if abs(value) < 1 << 16:
            return [str(value)]
        digits = f"{abs(value):x}"
        first = len(digits) % 8
        groups = [digits[:first]] * (first > 0) + [digits[i : i + 8] for i in range(first, len(digits), 8)]
        return self._wrapped([("-0x" if value < 0 else "0x") + groups[0], *groups[1:]], 10)

    # --- Several of these.

    def _tuple(self, value: tuple[Value, ...]) -> list[Line]:
        numbers = [item for item in value if isinstance(item, int)]
        if not self.bits or len(numbers) != len(value):
            return self._labelled(list(zip(self.names, value, strict=True)) if self.names else [("", v) for v in value])
        if self.form in ("matrix", "lanes"):
            return self._grid(numbers, 4 if self.form == "matrix" else 5)
        heads = [f"{name} = " for name in self.names] or [""] * len(numbers)
        words = [
            head + word(number, self.bits, binary=self.binary) for head, number in zip(heads, numbers, strict=True)
        ]
        longest = max(map(len, words), default=0)
        if longest > self.width:  # 64 binary digits, deep inside: each word in lines of its own
            return self._labelled(list(zip(self.names or [""] * len(numbers), numbers, strict=True)))
        return _plain(self._wrapped(words, longest, gap="  " if self.names or " " in words[0] else " "))

    def _grid(self, words: list[int], columns: int) -> list[Line]:
        """Return rows of words, each with the names of the parts that it is made of."""
        count = len(words)
        before = self.before if isinstance(self.before, tuple) and len(self.before) == count else None
        lines: list[Line] = []
        for start in range(0, count, columns):
            row = words[start : start + columns]
            row_before = before[start : start + columns] if before else None
            line = self._row(row, row_before, self.bits)
            names = ", ".join(
                name for name, first, end in _ranges(self.parts) if first < start + columns and end > start
            )
            if sum(len(piece.text) for piece in line) <= self.width:
                lines.append((*line, Piece(f"  {names}")) if names else line)
            else:  # a row that is too wide is continued, indented, on further lines
                most = max(1, (self.width - 2) // len(line[0].text))
                for i in range(0, columns, most):
                    lines.append((Piece("  "), *line[i : i + most]) if i else line[:most])
        return lines

    def _row(self, row: Sequence[int], before: Sequence[Value] | None, bits: int) -> Line:
        """Return a row of a square or a matrix. What differs from the row before is marked."""
        digits = [f"{cell:0{bits}b}" if self.binary else f"{cell:0{bits // 4}x}" for cell in row]
        if before is None:
            return tuple(Piece(f"{cell} ") for cell in digits)
        changed = [cell != other for cell, other in zip(row, before, strict=True)]
        return tuple(
            Piece(f"{cell}{CHANGED if mark else ' '} ", mark) for cell, mark in zip(digits, changed, strict=True)
        )

    def _point(self, value: Value) -> list[Line]:
        """Return a point: (x, y), or (X, Y, Z, T) with x = X/Z and y = Y/Z; or several points."""
        match value:
            case None:
                return _plain(["O, the point at infinity"])
            case tuple() if any(isinstance(item, tuple) for item in value):
                return self._labelled(list(zip(self.names or [""] * len(value), value, strict=True)))
            case tuple():
                letters = ("x", "y") if len(value) == 2 else ("X", "Y", "Z", "T")
                return replace(self, form="")._labelled(list(zip(letters, value, strict=True)))
            case _:
                return replace(self, form="").lines(value)

    def _labelled(self, values: list[tuple[str, Value]]) -> list[Line]:
        """Return each value with its name before it, all in one column."""
        column = max((len(name) for name, _ in values), default=0)
        margin = column + 3 if column else 0
        inner = replace(self, names=[], parts=(), width=self.width - margin)
        lines: list[Line] = []
        for name, value in values:
            head = f"{name.ljust(column)} = " if column else ""
            for line in inner.lines(value) or [(Piece("none"),)]:
                lines.append((Piece(head), *line))
                head = " " * margin
        return lines

    def _wrapped(self, words: list[str], longest: int, *, gap: str = " ") -> list[str]:
        """Return the words in lines, each a power of two of them, as many as fit."""
        fit = max(1, (self.width + len(gap)) // (longest + len(gap)))
        most = 1 << (fit.bit_length() - 1)
        return [gap.join(words[i : i + most]) for i in range(0, len(words), most)]


def _plain(lines: Iterable[str]) -> list[Line]:
    return [(Piece(line),) for line in lines]


def _ranges(parts: Parts) -> list[tuple[str, int, int]]:
    """Return for each part its name, and where it begins and ends."""
    ranges, start = [], 0
    for name, length in parts:
        ranges.append((name, start, start + length))
        start += length
    return ranges
