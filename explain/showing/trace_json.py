"""The steps of a trace as JSON: for programs.

Standard     RFC 8259 (JSON). A number is text there as soon as it may pass 2^53 (§6).
Left out     Nothing: all values are whole.
Timing       For looking at.

>>> from explain.trace import Step
>>> steps_json([Step("Σ1(e)", 0x3587272B, "FIPS 180-4 §4.1.2", "an example", bits=32)])
[{'name': 'Σ1(e)', 'value': '3587272b', 'bits': 32, 'section': 'FIPS 180-4 §4.1.2', 'why': 'an example'}]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from explain.trace import Step, Value

JSON: TypeAlias = "str | int | bool | list[JSON] | dict[str, JSON] | None"


def steps_json(steps: Iterable[Step], *, depth: int | None = None) -> list[dict[str, JSON]]:
    """Return the steps as lists and dictionaries that `json.dumps` takes.

    depth: how many levels of steps to give; all of them, if it is None. 1 gives the outermost alone.

    Bytes are hexadecimal digits; words of a known width too, with their width as `bits`; other numbers are decimal
    digits, as text, with `"number": true`. Operands are as values are. What a step has none of (`value`, `bits`,
    `form`, `parts`, `formula` and `operands`, `line`, `steps`) is left out.
    """
    return [step_json(step, depth=depth) for step in steps]


def step_json(step: Step, *, depth: int | None = None) -> dict[str, JSON]:
    """Return one step, as `steps_json` does."""
    shown: dict[str, JSON] = {"name": step.name}
    if step.value is not None:
        shown["value"] = _value(step.value, step.bits)
    if _is_number(step.value) and not step.bits:
        shown["number"] = True
    if step.bits:
        shown["bits"] = step.bits
    if step.form:
        shown["form"] = step.form
    if step.parts:
        shown["parts"] = [{"name": name, "length": length} for name, length in step.parts]
    if step.formula:
        shown["formula"] = step.formula
        shown["operands"] = {name: _value(value, step.bits) for name, value in step.operands.items()}
    shown |= {"section": step.section, "why": step.why}
    if step.line:
        shown["line"] = step.line
    if step.steps and depth != 1:
        shown["steps"] = list(steps_json(step.steps, depth=None if depth is None else depth - 1))
    return shown


def _value(value: Value, bits: int) -> JSON:
    match value:
        case bool() | str() | None:
            return value
        case int():
            return f"{value:0{-(-bits // 4)}x}" if bits else str(value)
        case bytes():
            return value.hex()
        case tuple():
            return [_value(item, bits) for item in value]


def _is_number(value: Value) -> bool:
    """Return whether a value is a number, or all of several are."""
    if isinstance(value, tuple):
        return bool(value) and all(_is_number(item) for item in value)
    return isinstance(value, int) and not isinstance(value, bool)
