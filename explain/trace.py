"""The recording of an algorithm's steps, by the code that computes them.

Inside `with recording() as steps:` every algorithm adds its steps to `steps`: a name and a value in the
standard's own terms, the section that prescribes the step, and in one sentence why it is there. Steps
nest as the calls nest: PSS → MGF1 → SHA-256 → block 2 → round 17. Outside of a recording, `step` and
`group` return at once and keep nothing.

Where an algorithm has a fast path beside its textbook path, it asks `active()` and takes the textbook
path while somebody is watching: the steps shown are the steps that computed the result. Where so little
is computed that the calls of `step` would show in its time, it asks `anybody` before them.

A recording holds every secret that passes through the algorithms. It is for looking at, never for a log.

>>> with recording() as steps:
...     with group("double", "example §1", why="to show a group") as doubling:
...         step("x", 21, "example §1 step 1", why="the input")
...         doubling.value = 42
>>> print(steps[0].name, steps[0].value, [(s.name, s.value) for s in steps[0].steps])
double 42 [('x', 21)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from types import TracebackType
from typing import Literal, Protocol, TypeAlias

Value: TypeAlias = "bytes | int | str | bool | tuple[Value, ...] | None"
"""What a step can show: bytes, a number, a truth, a word, or several of these."""

Form: TypeAlias = Literal["", "state", "key", "matrix", "lanes", "point"]
"""How the standard writes a value that is more than a row of digits.

state: 16 bytes that a cipher changes, in a square of 4 columns, as AES's (FIPS 197 §3.4).
key: 16 bytes in the same square, which do not change.
matrix: 16 words in 4 rows, as ChaCha20's state (RFC 8439 §2.3).
lanes: 25 words in 5 rows, as KECCAK's state (FIPS 202 §3.1.2).
point: the coordinates of a point of a curve, or None for infinity.
"""

Parts: TypeAlias = tuple[tuple[str, int], ...]
"""What a value is made of, in order: the name of each part, and how many bytes (or words) it has."""


@dataclass(slots=True)
class Step:
    """One named step.

    name: the standard's name of the value or operation.
    value: what the step computed; for a group, its result.
    section: the standard and its section, such as `FIPS 180-4 §6.2.2 step 3`.
    why: one sentence.
    bits: the width of the words in `value`, where it is made of words (32 for SHA-256); else 0.
    form: how the standard writes the value, where that is more than a row of digits.
    parts: the names and lengths of what the value is made of, such as `maskedSeed` and `maskedDB`.
    steps: the steps that it is made of.
    """

    name: str
    value: Value
    section: str
    why: str
    bits: int = 0
    form: Form = ""
    parts: Parts = ()
    steps: list[Step] = field(default_factory=list)

    def walk(self) -> Iterator[Step]:
        """Return this step and all below it, in the order in which they were begun."""
        yield self
        for inner in self.steps:
            yield from inner.walk()


class Watcher(Protocol):
    """Whoever wants to see the steps while they happen."""

    def step(self, step: Step, /) -> None:
        """Take note of a step that has no steps inside it."""

    def enter(self, group: Step, /) -> None:
        """Take note of a step that others will be inside of; its value is not there yet."""

    def leave(self, group: Step, /) -> None:
        """Take note that all steps of a group have been made, and its value is there, unless something was refused."""


_steps: ContextVar[list[Step] | None] = ContextVar("steps", default=None)
_is_active: ContextVar[bool] = ContextVar("is_active", default=False)  # whether `_steps` has a list
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)  # looked at only while recording

active: Callable[[], bool] = _is_active.get
"""Return whether the current thread or task is recording. This is the context variable's own method, as it is quick."""

anybody = 0
"""How many recordings there are in the whole process, of any thread or task: 0 says for certain that nobody is
recording, and takes no call to ask. In a thread that is not recording, `step` and `group` keep nothing all the same."""

_counting = Lock()


@contextmanager
def recording(watcher: Watcher | None = None) -> Iterator[list[Step]]:
    """Record the steps of everything that is called in this block, in this thread or task.

    watcher: is told of each step as it happens; what it raises ends the block.

    The list it gives fills as the steps happen. A recording inside a recording keeps its steps to itself.
    """
    steps: list[Step] = []
    tokens = _steps.set(steps), _is_active.set(True), _watcher.set(watcher)
    _count(1)
    try:
        yield steps
    finally:
        _count(-1)
        _steps.reset(tokens[0])
        _is_active.reset(tokens[1])
        _watcher.reset(tokens[2])


def _count(difference: int) -> None:
    global anybody
    with _counting:
        anybody += difference


@contextmanager
def unrecorded() -> Iterator[None]:
    """Record nothing of what is called in this block: for the thousands of repetitions of what was shown already."""
    tokens = _steps.set(None), _is_active.set(False)
    try:
        yield
    finally:
        _steps.reset(tokens[0])
        _is_active.reset(tokens[1])


def step(name: str, value: Value, section: str, *, why: str, bits: int = 0, form: Form = "", parts: Parts = ()) -> None:
    """Record one step, if anybody is recording."""
    steps = _steps.get()
    if steps is not None:
        made = Step(name, value, section, why, bits, form, parts)
        steps.append(made)
        if (watcher := _watcher.get()) is not None:
            watcher.step(made)


class _Group:
    """A step that is being recorded, with the steps inside it."""

    def __init__(self, steps: list[Step], group: Step) -> None:
        self._outer, self._group = steps, group

    def __enter__(self) -> Step:
        self._outer.append(self._group)
        self._token = _steps.set(self._group.steps)
        if (watcher := _watcher.get()) is not None:
            watcher.enter(self._group)
        return self._group

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        _steps.reset(self._token)
        if (watcher := _watcher.get()) is not None:
            watcher.leave(self._group)


class _Nothing:
    """The group of nobody's recording: takes its value and forgets it."""

    __slots__ = ()
    value = property(fset=lambda self, value: None)

    def __enter__(self) -> Step:
        return self  # type: ignore[return-value]  # it looks like a Step to whoever sets its value

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        return None


_NOTHING = _Nothing()


def group(
    name: str, section: str, *, why: str, bits: int = 0, form: Form = "", parts: Parts = ()
) -> AbstractContextManager[Step]:
    """Open a step that holds the steps of this block. Set `.value` on what it gives to record the result."""
    steps = _steps.get()
    return _NOTHING if steps is None else _Group(steps, Step(name, None, section, why, bits, form, parts))
