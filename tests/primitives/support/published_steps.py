"""Finds steps in a recording by their names."""

from __future__ import annotations

from collections.abc import Callable

from explain import trace
from explain.trace import Step, Value


def recorded(work: Callable[[], object]) -> list[Step]:
    """Return all steps of a computation, those inside of others too, in the order in which they were made."""
    with trace.recording() as steps:
        work()
    return [step for outer in steps for step in outer.walk()]


def own(work: Callable[[], object]) -> list[Step]:
    """Return the steps of the one outermost group of a computation, but not those inside of these."""
    with trace.recording() as steps:
        work()
    (outer,) = steps
    return outer.steps


def named(steps: list[Step], name: str) -> list[Value]:
    """Return the values of the steps of a name."""
    return [step.value for step in steps if step.name == name]
