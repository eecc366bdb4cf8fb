"""Finds the step at which a computation went another way than it should have, in the trace of that computation.

Where intermediate values are published, the first that differs; where an input was refused, the check that
refused it; else how far all checks held.
"""

from __future__ import annotations

from collections.abc import Iterable

from explain import trace
from explain.trace import Step
from explain.trace import Value as TraceValue
from vectors.cases import Case, Check, Rejected, StepValue, Unsupported
from vectors.operations import perform

_TRACED = (
    *("rsa_", "hkdf", "hotp", "totp", "hmac", "cmac", "kmac", "aead_", "key_", "decrypt"),
    *("ecdsa_", "ecdh", "ed25519_", "ed448_", "x25519", "x448", "ml_kem_", "ml_dsa_verify", "slh_dsa_verify"),
)
"""The operations of which a recording stays small."""

_MOST = 1 << 16  # bytes of input: a recording holds every round of every block
_VERDICTS = ("invalid", "inconsistent")
"""The standards' words for a refusal: steps of these names say in their reason which check it was."""


def explain(case: Case, check: Check) -> str:
    """Return the first step that differs in performing `check`, with its section; nothing if none can be told."""
    size = sum(len(value) for value in check.inputs.values() if isinstance(value, bytes))
    if not check.operation.startswith(_TRACED) or size > _MOST:
        return ""
    refused = False
    with trace.recording() as steps:
        try:
            perform(check.operation, check.inputs)
        except Rejected:
            refused = True
        except Unsupported:
            return ""
    if case.steps:
        return _first_difference(case.steps, steps)
    if refused:
        return _refusal(steps)
    return f"every check held, up to {_last(steps)}" if steps else ""


def _first_difference(published: Iterable[tuple[str, StepValue]], steps: Iterable[Step]) -> str:
    computed = [step for outermost in steps for step in outermost.walk()]
    for name, value in published:
        same_name = [step for step in computed if step.name == name]
        if any(step.value == value for step in same_name):
            continue
        if not same_name:
            return f"{name}: published as {_digits(value)}, but not computed"
        step = same_name[0]
        where, expected, actual = _difference(value, step.value)
        return f"{name}{where} differs, {step.section}: published as {expected}, computed as {actual}"
    return ""


def _difference(published: StepValue, computed: TraceValue) -> tuple[str, str, str]:
    """Return where two values that are not the same differ first, and what stands there in each."""
    if isinstance(published, tuple) and isinstance(computed, tuple) and len(published) == len(computed):
        for i, (ours, theirs) in enumerate(zip(published, computed, strict=True)):
            if ours != theirs:
                where, expected, actual = _difference(ours, theirs)
                return f"[{i}]{where}", expected, actual
    return "", _digits(published), _digits(computed)


def _digits(value: TraceValue) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _refusal(steps: list[Step]) -> str:
    """The first check that did not hold, or the last step before the refusal."""
    for outermost in steps:
        for step in outermost.walk():
            if step.value is False:
                what = step.why if step.name in _VERDICTS else f"{step.name} does not hold"
                return f"{outermost.name}: {what}, {step.section}"
    return f"the last step before the refusal is {_last(steps)}" if steps else ""


def _last(steps: list[Step]) -> str:
    outermost = steps[-1]
    step = outermost.steps[-1] if outermost.steps else outermost
    return f"{_named(outermost, step)}, {step.section}"


def _named(outermost: Step, step: Step) -> str:
    """The step's name, after that of the scheme that it is part of."""
    return step.name if outermost is step else f"{outermost.name}: {step.name}"
