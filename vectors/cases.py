"""What a test case is, whichever file it came from, and what can become of it.

A reader turns a file into cases; an implementation performs a case's checks; the runner compares. A check
names an operation (`vectors.operations` lists them) and its inputs, and says what has to come of it: named
outputs, plain acceptance, or a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

StepValue: TypeAlias = "bytes | int | tuple[StepValue, ...]"
"""An intermediate value: bytes, a number, or several of these, such as the coefficients of polynomials."""

Value: TypeAlias = bytes | int | str
"""An input or output: bytes, a number, or a word such as the name of a hash. Big integers are bytes, big-endian."""


class VectorFileError(Exception):
    """A file of vectors is not of the form that its kind prescribes."""


class Rejected(Exception):
    """The implementation refused the input: a bad signature, tag, padding, key or length."""


class Unsupported(Exception):
    """The implementation does not have this operation, or not with these parameters."""


@dataclass(frozen=True, slots=True)
class Check:
    """One operation and what has to come of it.

    operation: its name, such as `hash`.
    inputs: its inputs by name.
    outputs: the outputs that it must have, by name; empty if acceptance is all that counts.
    accepted: False if the operation must refuse the inputs.
    """

    operation: str
    inputs: Mapping[str, Value]
    outputs: Mapping[str, Value] = field(default_factory=dict)
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One test case.

    source: the file, as the user knows it.
    id: the case's own name in the file, such as `[ENCRYPT] COUNT = 3` or `tcId 17`.
    algorithm: what is tested, such as `AES-CBC`.
    checks: what to do; the case passes if all of them do.
    comment: what the file says about the case.
    flags: the file's labels for the case, each with its bug type and its meaning as the file tells them.
    steps: published intermediate values, in the order in which they arise, by the names that the trace gives them.
    skip: why the case cannot be run; empty if it can.
    policy: for a result that the file leaves open, the rule that settled it.
    open: True if either outcome passes, since no rule settles it: a refusal, or the outputs the file gives.
    follows: the id of the case whose output this one takes as its `seed`, in a Monte Carlo chain.
    effort: how many times the ordinary time limit the case may take.
    """

    source: str
    id: str
    algorithm: str
    checks: tuple[Check, ...] = ()
    comment: str = ""
    flags: tuple[Flag, ...] = ()
    steps: tuple[tuple[str, StepValue], ...] = ()
    skip: str = ""
    policy: str = ""
    open: bool = False
    follows: str = ""
    effort: int = 1


@dataclass(frozen=True, slots=True)
class Flag:
    """A label of a case: its name in the file, the type of bug that it stands for, and what it means."""

    name: str
    bug_type: str = ""
    meaning: str = ""


class Outcome(Enum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"  # another output, or an acceptance for a refusal, or the other way about
    CRASHED = "crashed"  # an exception that no caller expects, or the end of the process
    HUNG = "hung"  # no answer within the time limit
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case.

    reason: why it was skipped, failed, crashed or hung, in one line; empty if it passed.
    operation: the check that did not hold.
    expected, actual: the two outputs, or `accepted` and `refused: …`.
    step: the first step that differs, with its section of the standard, if one was found.
    seconds: how long it took.
    """

    case: Case
    outcome: Outcome
    reason: str = ""
    operation: str = ""
    expected: str = ""
    actual: str = ""
    step: str = ""
    seconds: float = 0.0
