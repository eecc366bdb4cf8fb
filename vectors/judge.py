"""Performs a case's checks and says what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from vectors.cases import Case, Check, Outcome, Rejected, Result, Unsupported, Value
from vectors.external import Hung
from vectors.monte_carlo import PROCEDURES
from vectors.operations import Perform
from vectors.operations.inputs import Inputs

ACCEPTED = "accepted"


def explain_nothing(case: Case, check: Check) -> str:
    """Explain no failure: the steps of an external implementation nobody sees."""
    return ""


@dataclass
class Judge:
    """Judges cases one after the other, with one implementation.

    perform: the implementation.
    explain: for a check that did not hold: the first step that differs, or nothing.
    """

    perform: Perform
    explain: Callable[[Case, Check], str]
    _last: tuple[str, bytes] = field(default=("", b""), init=False)  # the last case of a chain, and its output

    def judge(self, case: Case) -> Result:
        """Return what became of `case`. An implementation's crash is an outcome like any other."""
        if case.skip:
            return Result(case, Outcome.SKIPPED, case.skip)
        begun = time.perf_counter()
        try:
            result = self._check_all(case)
        except Unsupported as missing:
            result = Result(case, Outcome.SKIPPED, str(missing))
        except Hung as hung:
            result = Result(case, Outcome.HUNG, str(hung))
        except Exception as crash:  # whatever an implementation may raise
            result = Result(case, Outcome.CRASHED, f"{type(crash).__name__}: {crash}")
        return replace(result, seconds=time.perf_counter() - begun)

    def _check_all(self, case: Case) -> Result:
        for check in case.checks:
            actual, outputs = self._perform(case, check)
            if case.follows or check.operation in PROCEDURES:
                self._last = (case.id, next((v for v in outputs.values() if isinstance(v, bytes)), b""))
            if difference := self._difference(case, check, actual, outputs):
                reason, expected, actual = difference
                step = self.explain(case, check)
                return Result(case, Outcome.FAILED, reason, check.operation, expected, actual, step)
        if case.steps and (step := self.explain(case, case.checks[0])):
            return Result(
                case, Outcome.FAILED, "a published intermediate value differs", case.checks[0].operation, step=step
            )
        return Result(case, Outcome.PASSED)

    def _perform(self, case: Case, check: Check) -> tuple[str, Mapping[str, Value]]:
        """Return `accepted` or the refusal, and the outputs."""
        inputs = dict(check.inputs)
        if case.follows and case.follows == self._last[0]:
            inputs["seed"] = self._last[1]  # the chain goes on with what was computed, not with what was expected
        try:
            if check.operation in PROCEDURES:
                return ACCEPTED, PROCEDURES[check.operation](self.perform, Inputs(inputs))
            return ACCEPTED, self.perform(check.operation, inputs)
        except Rejected as refusal:
            return f"refused: {refusal}", {}

    def _difference(
        self, case: Case, check: Check, actual: str, outputs: Mapping[str, Value]
    ) -> tuple[str, str, str] | None:
        """Return what is wrong, what was expected and what came instead; None if nothing is wrong."""
        if not check.accepted:
            if actual != ACCEPTED:
                return None
            return "accepted what has to be refused", "refused", f"{ACCEPTED}: {_shown(outputs)}" if outputs else actual
        if actual != ACCEPTED:
            return None if case.open else ("refused what has to be accepted", _shown(check.outputs), actual)
        for name, expected in check.outputs.items():
            if name not in outputs:
                return f"no output {name!r}", shown(expected), "nothing"
            if outputs[name] != expected:
                return f"{name}: {_where(expected, outputs[name])}", shown(expected), shown(outputs[name])
        return None


def shown(value: Value) -> str:
    """Return a value as a person reads it: bytes in hexadecimal."""
    return value.hex() or "(empty)" if isinstance(value, bytes) else str(value)


def _shown(outputs: Mapping[str, Value]) -> str:
    return ", ".join(shown(value) for value in outputs.values()) or ACCEPTED


def _where(expected: Value, actual: Value) -> str:
    if not isinstance(expected, bytes) or not isinstance(actual, bytes):
        return "another value"
    if len(expected) != len(actual):
        return f"{len(actual)} bytes, expected {len(expected)}"
    return f"differs from byte {next(i for i, (a, b) in enumerate(zip(expected, actual, strict=True)) if a != b)} on"
