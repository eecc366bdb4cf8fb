"""Recordings hold what is computed in them, and nothing else."""

import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from explain.trace import Step, algorithm, citation, note, recording, steps, tracing, unrecorded
from primitives.hotp import hotp
from primitives.sdes import SDES

ROOT = Path(__file__).parents[2]
IMPORTS = """
import importlib, pkgutil, primitives
from explain import trace
with trace.recording() as steps:
    for module in pkgutil.iter_modules(primitives.__path__):
        if module.name != "__main__":
            importlib.import_module(f"primitives.{module.name}")
print([step.name for step in steps])
"""


def test_constants_that_are_computed_on_import_are_no_steps() -> None:
    """A command imports an algorithm when it needs it, and may be recording by then."""
    done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_thread_does_not_record_what_another_one_computes() -> None:
    begun, ended = Barrier(2, timeout=60), Barrier(2, timeout=60)
    seen: list[Step] = []

    def record() -> None:
        with recording() as made:
            begun.wait()
            ended.wait()
        seen.extend(made)

    thread = Thread(target=record)
    thread.start()
    begun.wait()
    assert not tracing()
    assert SDES(0b1010000010).encrypt_block(b"\xbd") == b"\x75"
    assert hotp(b"12345678901234567890", 0) == "755224"
    ended.wait()
    thread.join()
    assert seen == []


# --- A step returns its value.


def line_of(text: str) -> str:
    """Return the place of the one line of this file that holds `text`."""
    (number,) = [
        n for n, line in enumerate(Path(__file__).read_text().splitlines(), 1) if text in line and "of(" not in line
    ]
    return f"tests/explain/test_trace.py:{number}"


@pytest.mark.parametrize("is_recording", [False, True])
def test_a_step_returns_the_very_value(is_recording: bool) -> None:
    value = [1, [2, 3]]

    def compute() -> list[object]:
        with steps("§1", "group", "an example") as whole:
            given = note("1", "list", value, "an example")
            return whole.gives(given, show=len)

    if not is_recording:
        assert compute() is value
        return
    with recording() as made:
        assert compute() is value
    assert (made[0].value, made[0].steps[0].value) == (2, (1, (2, 3)))


def test_a_step_knows_the_line_that_made_it() -> None:
    with recording() as made:
        with steps("§1", "group", "the line of a group"):
            note(
                "1", "x", 21, "the line of a step of several lines"
            )  # fmt: skip
        doubled(4)
    assert made[0].line == line_of('"the line of a group"')
    assert made[0].steps[0].line == f"tests/explain/test_trace.py:{int(made[0].line.split(':')[1]) + 1}"
    assert made[1].line == line_of('@algorithm("§2"')
    assert made[1].steps[0].line == line_of('"the line of a formula"')


@algorithm("§2", "double {x}", "an example", bits=8)
def doubled(x: int, *, times: int = 2) -> int:
    """Return x, `times` times."""
    values = [0, x - x]
    first = note("1", "x + 1 = {x} + 1", x + 1, "the line of a formula")
    note("2", "y = {x + 1} {x} {times} {values_times-1} {values[1]} {x.real}", b"", "all kinds of names")
    return first * times - times + values[0]


def test_a_formula_is_told_with_its_operands() -> None:
    with recording() as made:
        assert doubled(x=4) == 8
    (group,) = made
    assert (group.name, group.value, group.bits, group.section) == ("double 4", 8, 8, "§2")
    assert [(step.name, step.bits) for step in group.steps] == [("x + 1", 8), ("y", 0)]
    assert (group.steps[0].formula, group.steps[0].operands) == ("{x} + 1", {"x": 4})
    operands = {"x + 1": 5, "x": 4, "times": 2, "values_times-1": 0, "values[1]": 0, "real": 4}
    assert group.steps[1].operands == operands
    assert group.steps[1].formula == "{x + 1} {x} {times} {values_times-1} {values[1]} {real}"
    assert doubled.__doc__ == "Return x, `times` times."


@pytest.mark.parametrize(
    ("text", "name", "formula"),
    [
        ("T1 = {h} + {w}", "T1", "{h} + {w}"),
        ("z = b^m = {h}^{w}", "z = b^m", "{h}^{w}"),
        ("{h} + {w}", "h + w", "{h} + {w}"),
        ("h = {h}, w = {w}", "h", "{h}, w = {w}"),
        ("v = r", "v = r", ""),
    ],
)
def test_a_formula_begins_after_the_last_equals_sign_before_its_first_brace(text: str, name: str, formula: str) -> None:
    h, w = 1, 2
    with recording() as made:
        note("§1", text, h + w, "an example")
    assert (made[0].name, made[0].formula) == (name, formula)
    assert made[0].operands == ({"h": 1, "w": 2} if formula else {})


def test_the_result_of_a_group_can_have_a_formula() -> None:
    with recording() as made, steps("§1", "group", "an example") as whole:
        x = 2
        x = whole.gives(x + 1, "{x} + 1")
    assert (x, made[0].value, made[0].formula, made[0].operands) == (3, 3, "{x} + 1", {"x": 2})


def test_a_formula_that_names_nothing_is_refused_while_recording() -> None:
    assert note("§1", "x = {nothing}", 1, "an example") == 1
    with recording(), pytest.raises(LookupError, match="'nothing'"):
        note("§1", "x = {nothing}", 1, "an example")


def test_what_cannot_be_shown_is_refused_while_recording() -> None:
    assert note("§1", "x", 1.5, "an example") == 1.5
    with recording(), pytest.raises(TypeError):
        note("§1", "x", 1.5, "an example")


def test_a_group_that_fails_has_no_value() -> None:
    @algorithm("RFC 1 §1", "fails", "an example")
    def fails() -> int:
        raise ValueError(note("1", "error", "why", "an example"))

    with recording() as made:
        with pytest.raises(ValueError, match="why"):
            fails()
        note("RFC 1 §2", "after", True, "the group is over")
    assert [(step.name, step.value, len(step.steps)) for step in made] == [("fails", None, 1), ("after", True, 0)]


def test_nothing_is_kept_while_nobody_records() -> None:
    with recording() as made:
        assert tracing()
        with unrecorded():
            assert not tracing()
            assert (note("§1", "x", 1, "an example"), doubled(1)) == (1, 2)
            with steps("§1", "group", "an example") as whole:
                assert whole.gives(3) == 3
    assert (made, tracing()) == ([], False)


@pytest.mark.parametrize(
    ("section", "around", "full"),
    [
        ("", "RFC 8017 §7.1.1", "RFC 8017 §7.1.1"),
        ("", "FIPS 180-4 §6.2.2 step 3", "FIPS 180-4 §6.2.2 step 3"),
        ("2.a", "RFC 8017 §7.1.1", "RFC 8017 §7.1.1 step 2.a"),
        ("4.5.1", "FIPS 186-5 §B.3.1", "FIPS 186-5 §B.3.1 step 4.5.1"),
        ("b", "RFC 6979 §3.2", "RFC 6979 §3.2 step b"),
        ("h.2", "RFC 6979 §3.2 step h.1", "RFC 6979 §3.2 step h.2"),
        ("4", "FIPS 180-4 §6.2.2 step 3", "FIPS 180-4 §6.2.2 step 4"),
        ("line 1", "RFC 8439 §2.1", "RFC 8439 §2.1 line 1"),
        ("rule 4", "SEC 1 §2.2.1 rule 5", "SEC 1 §2.2.1 rule 4"),
        ("(4.4)", "FIPS 180-4 §4.1.2 (4.5)", "FIPS 180-4 §4.1.2 (4.4)"),
        ("§4.1.2 (4.4)", "FIPS 180-4 §6.2.2 step 3", "FIPS 180-4 §4.1.2 (4.4)"),
        ("§2.1 line 1", "SP 800-67 appendix A", "SP 800-67 §2.1 line 1"),
        ("appendix A", "SP 800-67 §2.3", "SP 800-67 appendix A"),
        ("1", "SP 800-67 appendix A", "SP 800-67 appendix A step 1"),
        ("RFC 6979 §3.2 step b", "FIPS 186-5 §6.4.1 step 3", "RFC 6979 §3.2 step b"),
        ("Fermat 1640", "FIPS 186-5 §B.3.1", "Fermat 1640"),
        ("§4", "", "§4"),
        ("4", "", "step 4"),
    ],
)
def test_a_short_section_goes_on_from_its_groups(section: str, around: str, full: str) -> None:
    assert citation(section, around) == full
