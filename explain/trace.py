"""The recording of an algorithm's steps, by the code that computes them.

Inside `with recording() as made:` every algorithm adds its steps to `made`: a name and a value in the standard's own
terms, the section that prescribes the step, and in one sentence why it is there. Steps nest as the calls nest:
PSS → MGF1 → SHA-256 → block 2 → round 17. Outside of a recording, all that is here returns at once and keeps nothing.

A step returns its value, so that one line computes and tells:

    lHash = note("2.a", "lHash", hash(label).digest(), "stands for the label, which need not be sent")

A group of steps is a function, or the block of a `with`, and has a result:

    @algorithm("RFC 8017 §7.1.1", "RSAES-OAEP-ENCRYPT", "only the owner of the private key can read the message")
    def oaep_encrypt(key: RSAPublicKey, message: bytes, …) -> bytes:

    with steps("3", f"round {t}", "a and e are new, the rest moves on", bits=32) as turn:
        …
        a, b, c, d, e, f, g, h = turn.gives(((T1 + T2) % modulus, a, b, c, (d + T1) % modulus, e, f, g))

The standard is named once for each group, in full: `RFC 8017 §7.1.1`. Inside it a section can be shorter, and its first
character says how it goes on from the citation of the group:

| section of the step | inside `RFC 8017 §7.1.1` | inside `FIPS 180-4 §6.2.2 step 3` |
| --- | --- | --- |
| empty: the group's own | RFC 8017 §7.1.1 | FIPS 180-4 §6.2.2 step 3 |
| a number, or a single letter: a step | `2.a` → RFC 8017 §7.1.1 step 2.a | `4` → FIPS 180-4 §6.2.2 step 4 |
| a word in lower case, or `(`: goes on | `rule 4` → RFC 8017 §7.1.1 rule 4 | `(4.4)` → FIPS 180-4 §6.2.2 (4.4) |
| `§` or `appendix`: of the same standard | `§7.1.2` → RFC 8017 §7.1.2 | `§4.1.2 (4.4)` → FIPS 180-4 §4.1.2 (4.4) |
| a capital letter: a citation in full | `SEC 1 §2.2.1` stays what it is | `RFC 6979 §2.4` stays what it is |

The name of a step can go on with the formula of its value, as the standard writes it, with braces around each name
whose value a reader may want in its place:

    c = note("2", "c = {m}^{key.e} mod {key.n}", pow(m, key.e, key.n), "anyone who has the public key can do this")

A name in braces is a variable that the function sees (`{m}`, `{key.e}`; `{W_t-2}` and `{X[k]}` are items of `W` and
`X`), or else the name of a step that the same group has made already (`{Σ1(e)}`). Nothing else is computed there.
A name that is a formula itself needs no equals sign: `{P} + {Q}`.

Where an algorithm has a fast path beside its textbook path, it asks `tracing()` and takes the textbook path while
somebody is recording: the steps shown are the steps that computed the result. The same question goes before a step
where so little is computed that the call of `note` would show in its time. There is no other guard.

A recording holds every secret that passes through the algorithms. It is for looking at, never for a log.

>>> @algorithm("Horner 1819 §1", "polynomial of degree {degree}", "an example")
... def polynomial(x, degree, *, coefficients):
...     y = 0
...     for i in range(degree, -1, -1):
...         y = note("2", f"y_{i} = {{coefficients[i]}} + {{x}}·{{y}}", coefficients[i] + x * y, "one power less")
...     return y
>>> with recording() as made:
...     polynomial(10, 2, coefficients=(3, 2, 1))
123
>>> print(made[0].name, made[0].value, [(step.name, step.value) for step in made[0].steps])
polynomial of degree 2 123 [('y_2', 1), ('y_1', 12), ('y_0', 123)]
>>> last = made[0].steps[-1]
>>> last.section, last.formula, last.operands
('Horner 1819 §1 step 2', '{coefficients[i]} + {x}·{y}', {'coefficients[i]': 3, 'x': 10, 'y': 12})
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps
from operator import attrgetter, index
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any, Literal, NamedTuple, ParamSpec, Protocol, SupportsBytes, TypeAlias, TypeVar

Value: TypeAlias = "bytes | int | str | bool | tuple[Value, ...] | None"
"""What a step can show: bytes, a number, a truth, a word, or several of these."""

Form: TypeAlias = Literal["", "state", "key", "matrix", "lanes", "point", "polynomial", "residues"]
"""How the standard writes a value that is more than a row of digits.

state: 16 bytes that a cipher changes, in a square of 4 columns, as AES's (FIPS 197 §3.4).
key: 16 bytes in the same square, which do not change.
matrix: 16 words in 4 rows, as ChaCha20's state (RFC 8439 §2.3).
lanes: 25 words in 5 rows, as KECCAK's state (FIPS 202 §3.1.2).
point: the coordinates of a point of a curve, or None for infinity.
polynomial: the coefficients of a polynomial, or a vector or matrix of such (FIPS 203 §2.4.4 (2.5), §2.4.6).
residues: the same of what the NTT makes of it, residues of two coefficients each (FIPS 203 §2.4.4 (2.7)).
"""

Parts: TypeAlias = tuple[tuple[str, int], ...]
"""What a value is made of, in order: the name of each part, and how many bytes (or words) it has."""

V = TypeVar("V")
P = ParamSpec("P")


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
    formula: how the value was computed, as the standard writes it, with each operand in braces.
    operands: the value of each name in the braces.
    line: the file and the number of the line that made the step, such as `primitives/sha2.py:170`.
    steps: the steps that it is made of.
    """

    name: str
    value: Value
    section: str
    why: str
    bits: int = 0
    form: Form = ""
    parts: Parts = ()
    formula: str = ""
    operands: dict[str, Value] = field(default_factory=dict)
    line: str = ""
    steps: list[Step] = field(default_factory=list)

    def walk(self) -> Iterator[Step]:
        """Return this step and all below it, in the order in which they were begun."""
        yield self
        for inner in self.steps:
            yield from inner.walk()


class Watcher(Protocol):
    """An observer that sees the steps while they happen."""

    def step(self, step: Step, /) -> None:
        """Take note of a step that has no steps inside it."""

    def enter(self, group: Step, /) -> None:
        """Take note of a step that others will be inside of; its value is not there yet."""

    def leave(self, group: Step, /) -> None:
        """Take note that all steps of a group have been made, and its value is there, unless something was refused."""


_open: ContextVar[Step | None] = ContextVar("open", default=None)  # the group that the next step goes into
_is_active: ContextVar[bool] = ContextVar("is_active", default=False)  # whether `_open` has one
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)  # looked at only while recording

tracing: Callable[[], bool] = _is_active.get
"""Return whether the current thread or task is recording. This is the context variable's own method, as it is quick."""


@contextmanager
def recording(watcher: Watcher | None = None) -> Iterator[list[Step]]:
    """Record the steps of everything that is called in this block, in this thread or task.

    watcher: is told of each step as it happens; what it raises ends the block.

    The list it gives fills as the steps happen. A recording inside a recording keeps its steps to itself.
    """
    root = Step("", None, "", "")
    tokens = _open.set(root), _is_active.set(True), _watcher.set(watcher)
    try:
        yield root.steps
    finally:
        _open.reset(tokens[0])
        _is_active.reset(tokens[1])
        _watcher.reset(tokens[2])


@contextmanager
def unrecorded() -> Iterator[None]:
    """Record nothing of what is called in this block: for the thousands of repetitions of what was shown already."""
    tokens = _open.set(None), _is_active.set(False)
    try:
        yield
    finally:
        _open.reset(tokens[0])
        _is_active.reset(tokens[1])


# --- Steps.


def note(
    section: str,
    name: str,
    value: V,
    why: str,
    *,
    bits: int | None = None,
    form: Form = "",
    parts: Parts = (),
    show: Callable[[V], object] | None = None,
) -> V:
    """Return `value`, and record it as one step if somebody is recording.

    section: where the standard prescribes it; short inside a group (see the head of the module).
    name: as in `Step`, with the formula of the value, if it has one with braces (see there, too).
    why, bits, form, parts: as in `Step`. Numbers without `bits` have those of the group.
    show: makes a `Value` of a value that is not one yet. Without that, what has `__bytes__` is shown as bytes, and a
        list as a tuple.
    """
    group = _open.get()
    if group is not None:
        frame = sys._getframe(1)
        shown = _shown(value if show is None else show(value))
        if bits is None:
            bits = group.bits if _is_number(shown) else 0
        made = Step(name, shown, citation(section, group.section), why, bits, form, parts, line=_line(frame))
        if "{" in name:
            made.name, formula = _name_and_formula(name)
            made.formula, made.operands = _substituted(formula, frame, group)
        group.steps.append(made)
        if (watcher := _watcher.get()) is not None:
            watcher.step(made)
    return value


class Group:
    """The steps of a block, while they are being recorded."""

    __slots__ = ("_step", "_token")

    def __init__(self, step: Step) -> None:
        self._step = step

    def gives(self, value: V, formula: str = "", *, show: Callable[[V], object] | None = None) -> V:
        """Return `value`, and record it as the result of the group.

        formula: as in the name that `note` takes. show: as for `note`.
        """
        self._step.value = _shown(value if show is None else show(value))
        if formula:
            self._step.formula, self._step.operands = _substituted(formula, sys._getframe(1), self._step)
        return value

    def __enter__(self) -> Group:
        outer = _open.get()
        if outer is not None:
            outer.steps.append(self._step)
        self._token: Token[Step | None] = _open.set(self._step)
        if (watcher := _watcher.get()) is not None:
            watcher.enter(self._step)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        _open.reset(self._token)
        if (watcher := _watcher.get()) is not None:
            watcher.leave(self._step)


class _NoGroup(Group):
    """The group while nobody is recording: it gives the value back and forgets it."""

    __slots__ = ()

    def __init__(self) -> None:
        pass

    def gives(self, value: V, formula: str = "", *, show: Callable[[V], object] | None = None) -> V:
        return value

    def __enter__(self) -> Group:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        pass


_NO_GROUP = _NoGroup()


def steps(section: str, name: str, why: str, *, bits: int = 0, form: Form = "", parts: Parts = ()) -> Group:
    """Open a step that holds the steps of a `with` block. Where it has a result, `as whole` names it for `gives`.

    section: as for `note`. name, why, bits, form, parts: as in `Step`.
    """
    outer = _open.get()
    if outer is None:
        return _NO_GROUP
    made = Step(name, None, citation(section, outer.section), why, bits, form, parts, line=_line(sys._getframe(1)))
    return Group(made)


def algorithm(
    section: str,
    name: str,
    why: str,
    *,
    bits: int = 0,
    form: Form = "",
    parts: Parts = (),
    show: Callable[[Any], object] | None = None,
) -> Callable[[Callable[P, V]], Callable[P, V]]:
    """Make a function the group of the steps that it makes; what it returns is the group's result.

    section: as for `note`. name, why, bits, form, parts: as in `Step`. In section and name, braces hold arguments of
    the function: `block {counter}`, `P_{self.name}`. show: as for `note`.
    """

    def decorate(function: Callable[P, V]) -> Callable[P, V]:
        code: CodeType = inspect.unwrap(function).__code__

        @wraps(function)
        def recorded(*args: P.args, **kwargs: P.kwargs) -> V:
            outer = _open.get()
            if outer is None:
                return function(*args, **kwargs)
            about, title = section, name
            if "{" in about + title:
                bound = inspect.signature(function).bind(*args, **kwargs)
                bound.apply_defaults()
                about, title = about.format(**bound.arguments), title.format(**bound.arguments)
            line = _place(code.co_filename, code.co_firstlineno)
            made = Step(title, None, citation(about, outer.section), why, bits, form, parts, line=line)
            with Group(made) as whole:
                return whole.gives(function(*args, **kwargs), show=show)

        return recorded

    return decorate


# --- Sections, formulas, values and lines. Nothing of this runs unless somebody is recording.

_CITATION = re.compile(r"(?P<section>(?P<standard>.*?)(?: (?:§|appendix )\S+)?)(?: (?:step|line|rule|\().*)?")
_STEP = re.compile(r"\d|[a-z](\.|$)")


@lru_cache(maxsize=4096)  # a recording asks the same again and again
def citation(section: str, around: str) -> str:
    """Return the citation in full of a `section` in a group that cites `around`, by the rules of the module's head."""
    if not section:
        return around
    if section[0].isupper():
        return section
    found = _CITATION.fullmatch(around)
    standard, whole = (found["standard"], found["section"]) if found else (around, around)
    if section.startswith(("§", "appendix ")):
        return f"{standard} {section}".strip()
    return f"{whole} {'step ' if _STEP.match(section) else ''}{section}".strip()


_OPERAND = re.compile(r"\{([^{}]+)\}")
_ITEM = re.compile(r"(?P<name>\w+?)(?:_(?P<low>[\w+-]+)|\[(?P<square>[\w+-]+)\])")
_TERM = re.compile(r"([+-]?)(\w+)")


@lru_cache(maxsize=4096)
def _name_and_formula(name: str) -> tuple[str, str]:
    """Return the name of a step, and its formula, which begins after the last equals sign before the first brace."""
    before = name.rfind(" = ", 0, name.index("{"))
    return (name[:before], name[before + 3 :]) if before >= 0 else (_OPERAND.sub(r"\1", name), name)


class _Operand(NamedTuple):
    """A name in the braces of a formula, taken apart.

    name, label: `key.n` and `n`.
    variable: that which it is an attribute or an item of, as far as its spelling tells; else an empty string.
    attributes: takes the attribute of the variable; None for an item.
    offset, terms: the place of the item: a number, and the variables that are added to it (1) or subtracted (-1).
    """

    name: str
    label: str
    variable: str = ""
    attributes: Callable[[Any], object] | None = None
    offset: int = 0
    terms: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=4096)
def _parsed(formula: str) -> tuple[str, tuple[_Operand, ...]]:
    """Return the formula with the operands' labels in its braces, and the operands."""
    names = dict.fromkeys(_OPERAND.findall(formula))
    labelled = _OPERAND.sub(lambda found: f"{{{found[1].rpartition('.')[2]}}}", formula)
    return labelled, tuple(map(_operand, names))


def _operand(name: str) -> _Operand:
    """Return a name in the braces of a formula, taken apart."""
    label = name.rpartition(".")[2]
    first, _, attributes = name.partition(".")
    if attributes:
        return _Operand(name, label, first, attrgetter(attributes))
    item = _ITEM.fullmatch(name)
    if item is None:
        return _Operand(name, label)
    signed = [(-1 if sign == "-" else 1, term) for sign, term in _TERM.findall(item["low"] or item["square"])]
    offset = sum(sign * int(term) for sign, term in signed if term.isdigit())
    return _Operand(name, label, item["name"], None, offset, tuple(t for t in signed if not t[1].isdigit()))


def _substituted(formula: str, frame: FrameType, group: Step) -> tuple[str, dict[str, Value]]:
    """Return the formula with the operands' labels in its braces, and the value of each."""
    labelled, operands = _parsed(formula)
    variables, others = frame.f_locals, frame.f_globals
    values = {}
    for operand in operands:
        name = operand.name
        value = variables[name] if name in variables else _value(operand, variables, others, group)
        values[operand.label] = value if type(value) is int else _shown(value)  # most often it is one
    return labelled, values


def _value(operand: _Operand, variables: Mapping[str, Any], others: Mapping[str, Any], group: Step) -> object:
    """Return the value of an operand that is not simply one of the function's own variables."""
    name, _, variable, attributes, place, terms = operand
    if name in others:
        return others[name]
    if variable in variables or variable in others:
        whole = variables[variable] if variable in variables else others[variable]
        if attributes is not None:
            return attributes(whole)
        for sign, term in terms:
            place += sign * (variables[term] if term in variables else others[term])
        return whole[place]
    for step in reversed(group.steps):
        if step.name == name:
            return step.value
    raise LookupError(f"a formula names {name!r}, which is neither a variable nor a step of the group so far")


def _shown(value: object) -> Value:
    """Return what a step shows for `value`: bytes of what has some, tuples of lists, integers of gmpy2's numbers."""
    if value is None or isinstance(value, (int, bytes, str)):  # a union would be slower
        return value
    if type(value) in (list, tuple):
        return tuple(map(_shown, value))  # type: ignore[call-overload]  # it is one of the two
    if isinstance(value, SupportsBytes):  # a list, too, that the standard writes as bytes
        return bytes(value)
    return tuple(map(_shown, value)) if isinstance(value, list | tuple) else index(value)  # type: ignore[arg-type]  # TypeError is its answer to what is not a number


def _is_number(value: Value) -> bool:
    """Return whether a value is a number, or several of them."""
    if type(value) is int:
        return True
    return isinstance(value, tuple) and bool(value) and all(map(_is_number, value))


_ROOT = Path(__file__).parents[1]


_LINES: dict[tuple[int, int], tuple[CodeType, str]] = {}
"""The places of the steps so far, by the identity of the code and the offset in it. The code is kept, so that no other
gets its identity. (To hash the code, or to find the number of its line, takes longer than the rest of a step.)"""


def _line(frame: FrameType) -> str:
    """Return the place of the line that a frame is at."""
    key = id(frame.f_code), frame.f_lasti
    known = _LINES.get(key)
    if known is None:
        known = _LINES[key] = frame.f_code, _place(frame.f_code.co_filename, frame.f_lineno)
    return known[1]


@cache
def _place(filename: str, number: int) -> str:
    """Return the place of a line of source, from the folder that the rooms are in."""
    path = Path(filename)
    return f"{path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name}:{number}"
