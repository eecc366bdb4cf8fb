"""Formulas with names, and with numbers."""

import pytest

from explain.showing.formulas import formulas
from explain.trace import Step, Value


def shown(formula: str, *, name: str = "x", bits: int = 0, binary: bool = False, **operands: Value) -> list[str]:
    step = Step(name, 0, "section", "why", bits, formula=formula, operands=operands)
    return formulas(step, binary=binary)


def test_a_step_without_a_formula_has_no_lines() -> None:
    assert shown("") == []


def test_words_are_as_wide_as_those_of_the_step() -> None:
    assert shown("{a} + {b}", bits=32, a=1, b=0xFFFFFFFF) == ["= a + b", "= 00000001 + ffffffff"]
    assert shown("{a}", bits=8, a=5) == ["= a", "= 00000101"]
    assert shown("{a}", bits=32, binary=True, a=5) == ["= a", "= 00000000 00000000 00000000 00000101"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (65537, "0x10001"),
        (3233, "3233"),
        (-3, "(-3)"),
        (-(1 << 20), "-0x100000"),
        (0x0123456789ABCDEF, "0x123456789abcdef"),
        (1 << 80, "0x10000000…00000000"),
        (b"", "(empty)"),
        (bytes(8), "0000000000000000"),
        (bytes(8) + b"\xff", "00000000…000000ff"),
        (True, "True"),
        ("HMAC", "HMAC"),
        (None, "O"),
        ((1, None, b"\1"), "(1, O, 01)"),
    ],
)
def test_other_operands_are_short(value: Value, text: str) -> None:
    assert shown("f({a})", a=value) == ["= f(a)", f"= f({text})"]


def test_a_name_that_is_a_formula_is_not_said_twice() -> None:
    assert shown("{P} + {Q}", name="P + Q", P=(1, 2), Q=(3, 4)) == ["(1, 2) + (3, 4)"]


def test_a_formula_without_operands_is_said_once() -> None:
    assert shown("2⁵¹² − 1") == ["= 2⁵¹² − 1"]
