"""The steps of a trace as lines of text, each printed when it happens.

Standard     None. Colours are the escape sequences of ECMA-48 §8.3.117, and none of the meaning is in the colours.
Left out     Anything to be unfolded afterwards: see `trace_html.py`.
Timing       For looking at.

>>> from explain import trace
>>> from primitives.hotp import hotp
>>> with trace.recording(Printer(print, depth=2, only=lambda name: name == "Snum")):
...     password = hotp(b"12345678901234567890", 0)
Snum = 0x4c93cf18
    RFC 4226 §5.3 step 3: its last decimal digits are the password
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from explain.showing.formulas import formulas
from explain.showing.notation import Line, notation
from explain.trace import Step, Value

INDENT, MOST_LEVELS = 2, 10  # columns for each level, and the levels that are told apart by them
MARGIN, GAP = 4, 3  # columns before what has no room in the line of its step, and before a note in that line
BOLD, DIM, REVERSE, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[7m", "\x1b[0m"


class Printer:
    """Prints steps, as a `trace.Watcher`.

    write: prints a line.
    width: of the page, in columns.
    colours: whether to use them.
    binary: whether words are in binary.
    depth: how many levels to show; all of them, if it is None. Of a step that is folded, its value is shown.
    only: tells for a name whether to show steps of that name, and what is inside them; all of them, if it is None.
    pause: is called after each step that is shown.
    keep: whether the recording keeps the steps inside a group when it is over. Without them it takes no memory.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        *,
        width: int = 80,
        colours: bool = False,
        binary: bool = False,
        depth: int | None = None,
        only: Callable[[str], bool] | None = None,
        pause: Callable[[], None] | None = None,
        keep: bool = False,
    ) -> None:
        self._write, self._width, self._colours, self._binary = write, width, colours, binary
        self._depth, self._only, self._pause, self._keep = depth, only, pause, keep
        self._level = 0  # of the step that comes next
        self._top = 0 if only is None else None  # the level that is printed without an indent
        self._within = [0]  # for each group that is open, the steps inside it so far
        self._states: dict[str, Value] = {}  # for each form, the value that came last
        self.printed = 0  # how many steps there were to show

    def step(self, step: Step, /) -> None:
        """Print a step."""
        self._within[-1] += 1
        if self._top is not None:
            self._show(step, self._level - self._top)
        elif self._is_chosen(step):
            self._show(step, 0)
        self._remember(step)

    def enter(self, group: Step, /) -> None:
        """Print the head of a group, unless it is folded."""
        if self._top is None and self._is_chosen(group):
            self._top = self._level
        if self._top is not None and (self._depth is None or self._level - self._top + 1 < self._depth):
            self._print(group.name, [], _note(group), self._level - self._top)
            self._was_shown()
        self._level += 1
        self._within.append(0)

    def leave(self, group: Step, /) -> None:
        """Print the result of a group; if it is folded, that is all there is to be seen of it."""
        within = self._within.pop()
        self._within[-1] += within + 1
        self._level -= 1
        if self._top is not None:
            level = self._level - self._top
            if self._depth == level + 1:
                self._show(group, level, f" ({within:,} steps within)" if within else "")
            elif group.value is not None and (self._depth is None or level < self._depth):
                self._print(group.name, self._value(group, level), "", level, self._formulas(group))
        if self._only is not None and self._top == self._level:
            self._top = None
        self._remember(group)
        if not self._keep:
            group.steps.clear()

    def _is_chosen(self, step: Step) -> bool:
        return self._only is not None and self._only(step.name)

    def _remember(self, step: Step) -> None:
        if step.form and step.value is not None:
            self._states[step.form] = step.value

    def _show(self, step: Step, level: int, within: str = "") -> None:
        if self._depth is None or level < self._depth:
            self._print(step.name, self._value(step, level), _note(step) + within, level, self._formulas(step))
            self._was_shown()

    def _was_shown(self) -> None:
        self.printed += 1
        if self._pause is not None:
            self._pause()

    def _value(self, step: Step, level: int) -> list[Line]:
        room = self._width - len(_indent(level)) - MARGIN
        return notation(step, before=self._states.get(step.form), width=room, binary=self._binary)

    def _formulas(self, step: Step) -> list[str]:
        return formulas(step, binary=self._binary)

    def _print(self, name: str, lines: list[Line], note: str, level: int, formulas: Sequence[str] = ()) -> None:
        """Print a name, its value and a note: in one line where there is room, else the note and the value below.

        formulas: how the value was computed; they go between the two.
        """
        indent = _indent(level)
        margin = indent + " " * MARGIN
        first, used = indent + self._in(BOLD, name), len(indent) + len(name)
        length = sum(len(piece.text) for piece in lines[0]) if len(lines) == 1 else self._width
        if used + 3 + length <= self._width:
            first, used, lines = f"{first} = {self._text(lines[0])}", used + 3 + length, []
        if note and used + GAP + len(note) <= self._width:
            first, note = f"{first}{' ' * GAP}{self._in(DIM, note)}", ""
        self._write(first.rstrip())
        for line in textwrap.wrap(note, self._width - len(margin)):
            self._write(margin + self._in(DIM, line))
        for formula in formulas:
            for line in textwrap.wrap(formula, self._width - len(margin), subsequent_indent="  "):
                self._write(margin + line)
        for value in lines:
            self._write((margin + self._text(value)).rstrip())

    def _in(self, style: str, text: str) -> str:
        return f"{style}{text}{PLAIN}" if self._colours else text

    def _text(self, line: Line) -> str:
        return "".join(self._in(REVERSE, piece.text) if piece.changed else piece.text for piece in line)


def _note(step: Step) -> str:
    return f"{step.section}: {step.why}"


def _indent(level: int) -> str:
    return " " * (INDENT * min(level, MOST_LEVELS))
