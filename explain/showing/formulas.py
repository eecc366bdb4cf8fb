"""The formula of a step as text: as the standard writes it, and with the numbers in it.

Standard     Whichever the step is from.
Left out     The middle of long values: the whole of each stands at the step that made it.
Timing       For looking at.

>>> from explain.trace import Step
>>> words = {"h": 0x5BE0CD19, "Σ1(e)": 0x3587272B}
>>> step = Step("T1", 0x9167F444, "FIPS 180-4 §6.2.2", "an example", bits=32, formula="{h} + {Σ1(e)}", operands=words)
>>> formulas(step)
['= h + Σ1(e)', '= 5be0cd19 + 3587272b']
"""

from __future__ import annotations

import re

from explain.showing.notation import word
from explain.trace import Step, Value

MOST = 16  # hexadecimal digits of an operand that is shown in full
ENDS = 8  # hexadecimal digits that are shown of both ends of a longer one

_BRACES = re.compile(r"\{([^{}]+)\}")


def formulas(step: Step, *, binary: bool = False) -> list[str]:
    """Return the step's formula with the names of its operands, and with their values; nothing if it has none.

    binary: whether words are in binary. A formula that is the step's name is returned only once, with the values.
    """
    if not step.formula:
        return []

    def value(found: re.Match[str]) -> str:
        return _operand(step.operands[found[1]], step.bits, binary)

    names, values = _BRACES.sub(r"\1", step.formula), _BRACES.sub(value, step.formula)
    return [values] if names == step.name else list(dict.fromkeys([f"= {names}", f"= {values}"]))


def _operand(value: Value, bits: int, binary: bool) -> str:
    match value:
        case None:
            return "O"  # the point at infinity
        case bool() | str():
            return str(value)
        case int() if bits and 0 <= value < 1 << bits:
            return word(value, bits, binary=binary)
        case int() if abs(value) < 1 << 16:
            return str(value) if value >= 0 else f"({value})"
        case int():
            return f"-0x{_ends(f'{-value:x}')}" if value < 0 else f"0x{_ends(f'{value:x}')}"
        case bytes():
            return _ends(value.hex()) or "(empty)"
        case tuple():
            return f"({', '.join(_operand(item, bits, binary) for item in value)})"


def _ends(digits: str) -> str:
    return digits if len(digits) <= MOST else f"{digits[:ENDS]}…{digits[-ENDS:]}"
