"""The steps of a trace as a part of an HTML page: they unfold, level by level, without any script.

Standard     HTML (the elements `details`, `summary` and `mark`); WCAG 2.2 §1.4.3 (the contrast of the colours).
Left out     The page around it: see `page.py`.
Timing       For looking at.

>>> from explain.trace import Step
>>> print(steps_html([Step("Z", "<", "RFC 8017 §3", "because")]))     # doctest: +NORMALIZE_WHITESPACE
<ol class="trace"><li><p><b>Z</b> <code>&lt;</code> <cite>RFC 8017 §3</cite>
<span class="why">because</span></p></li></ol>

Its colours are the variables `--trace-text`, `--trace-quiet`, `--trace-line` and `--trace-mark`. `TRACE_CSS` sets them
for light and for dark; a page with a switch of its own sets them again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from explain.showing.formulas import formulas
from explain.showing.notation import Line, notation
from explain.trace import Step, Value

INLINE = 40  # characters of a value that has room in the line of its step

TRACE_CSS = """\
:root { --trace-text: #1b1b1b; --trace-quiet: #595959; --trace-line: #c8c8c8; --trace-mark: #ffe08a }
@media (prefers-color-scheme: dark) {
  :root { --trace-text: #ececec; --trace-quiet: #b0b0b0; --trace-line: #4a4a4a; --trace-mark: #6b5200 }
}
.trace, .trace ol { list-style: none; margin: 0; padding: 0 0 0 .8rem; border-left: 1px solid var(--trace-line) }
.trace { color: var(--trace-text); line-height: 1.5 }
.trace p { margin: 0 }
.trace summary { cursor: pointer }
.trace summary:focus-visible { outline: 2px solid currentColor; outline-offset: 1px }
.trace cite, .trace .why, .trace .within { color: var(--trace-quiet); font-style: normal }
.trace cite { font-size: .85em; white-space: nowrap }
.trace code, .trace pre { font-family: ui-monospace, monospace }
.trace .formula { display: block; margin-left: 1rem; overflow-wrap: anywhere }
.trace pre { margin: .1rem 0 .4rem 1rem; overflow-x: auto; line-height: 1.25 }
.trace mark { background: var(--trace-mark); color: var(--trace-text) }
"""
"""The look of `steps_html`, to be put into the page's style."""


def steps_html(steps: Iterable[Step], *, depth: int | None = None, opened: int = 0, binary: bool = False) -> str:
    """Return the steps as one element: an ordered list, in which a step with steps inside it can be unfolded.

    depth: how many levels of steps to give; all of them, if it is None. A step whose steps are left out says how many.
    opened: how many levels are unfolded at first.
    binary: whether words are in binary.

    Pointing at a section shows the line of source that made the step. All text is escaped. The element needs
    `TRACE_CSS` to look right, and no script.
    """
    return _List(binary).html(steps, ' class="trace"', math.inf if depth is None else depth, opened)


class _List:
    """Lists of steps, in the order in which they were made, so that what each has changed can be marked."""

    def __init__(self, binary: bool) -> None:
        self._binary = binary
        self._states: dict[str, Value] = {}  # for each form, the value that came last

    def html(self, steps: Iterable[Step], attribute: str, depth: float, opened: int) -> str:
        """Return a list of steps."""
        return f"<ol{attribute}>{''.join(self._item(step, depth, opened) for step in steps)}</ol>"

    def _item(self, step: Step, depth: float, opened: int) -> str:
        inner = self.html(step.steps, "", depth - 1, opened - 1) if step.steps and depth > 1 else ""  # made before it
        lines = notation(step, before=self._states.get(step.form), binary=self._binary)
        if step.form and step.value is not None:
            self._states[step.form] = step.value
        short = len(lines) == 1 and sum(len(piece.text) for piece in lines[0]) <= INLINE
        head = f"<b>{escape(step.name)}</b>"
        if short:
            head += f" <code>{_text(lines[0])}</code>"
        line = f' title="{escape(step.line)}"' if step.line else ""
        head += f' <cite{line}>{escape(step.section)}</cite> <span class="why">{escape(step.why)}</span>'
        for formula in formulas(step, binary=self._binary):
            head += f' <code class="formula">{escape(formula)}</code>'
        if step.steps and not inner:
            head += f' <span class="within">({sum(1 for _ in step.walk()) - 1:,} steps within)</span>'
        block = "" if short or not lines else _block(lines)
        if inner:
            attribute = " open" if opened > 0 else ""
            return f"<li><details{attribute}><summary>{head}</summary>{block}{inner}</details></li>"
        return f"<li><p>{head}</p>{block}</li>"


def _block(lines: Sequence[Line]) -> str:
    return f"<pre>{chr(10).join(map(_text, lines))}</pre>"


def _text(line: Line) -> str:
    return "".join(f"<mark>{escape(piece.text)}</mark>" if piece.changed else escape(piece.text) for piece in line)
