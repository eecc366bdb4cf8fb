"""Single steps to try: the sub-functions of each algorithm, one by one, on the user's own input.

Standard     That of each step, in its row.
Left out     Steps that take no input of their own.
Timing       That of the textbook path.

>>> step = single_steps("sha256")["big_sigma0"]
>>> step.section, step.takes, step.gives
('FIPS 180-4 §4.1.2 (4.4)', ('word32',), 'word32')
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from console.command_line import Parser
from explain.trace import note, steps
from primitives.commands.algorithms import Algorithm
from primitives.commands.results import Result
from primitives.commands.steps.table import TABLE


@dataclass(frozen=True)
class SingleStep:
    """A single step.

    name: of the function, and of the command. section: the standard's.
    takes, gives: the notations of its arguments and of its result.
    where: the module and the name of the function. name_in_trace: what such steps are called in a trace, if otherwise.
    example: arguments that show it.
    """

    name: str
    section: str
    takes: tuple[str, ...]
    gives: str
    where: str
    name_in_trace: str
    example: str

    def function(self) -> Callable[..., Any]:
        """Return the function."""
        module, _, path = self.where.partition(":")
        found: Any = import_module(f"primitives.{module}")
        for name in path.split("."):
            found = getattr(found, name)
        function: Callable[..., Any] = found
        return function


def single_steps(algorithm: str) -> dict[str, SingleStep]:
    """Return the single steps of an algorithm by their names."""
    steps = {}
    for algorithms, rows in TABLE:
        if algorithm in algorithms:
            for name, section, notations, where, name_in_trace, example in rows:
                takes, _, gives = notations.partition(" -> ")
                steps[name] = SingleStep(name, section, tuple(takes.split()), gives, where, name_in_trace, example)
    return steps


def step_names(algorithm: str, name: str) -> Sequence[str]:
    """Return the names that steps of a function have in a trace, as well as `name` itself: for mix_columns, m_col."""
    step = single_steps(algorithm).get(name)
    return (name, step.name_in_trace) if step and step.name_in_trace else (name,)


def run_single_step(algorithm: Algorithm, name: str, words: Sequence[str]) -> int:
    """Run a single step on the user's input, show it with its own steps, and return the exit status."""
    from primitives.commands.running import PROGRAM, add_output_options, parse, perform
    from primitives.commands.steps.notations import Context, notation

    step = single_steps(algorithm.name)[name]
    function = step.function()
    purpose = _purpose(function)
    parser = Parser(
        prog=f"{PROGRAM} {algorithm.name} {name}",
        description=f"{purpose} ({step.section}).",
        epilog=f"example:\n  {PROGRAM} {algorithm.name} {name} {step.example}\n",
    )
    parameters = list(inspect.signature(function).parameters)[: len(step.takes)]
    for parameter, takes in zip(parameters, step.takes, strict=True):
        parser.add_argument(parameter, metavar=parameter, help=notation(takes).hint)
    add_output_options(parser)
    options = parse(parser, words)

    def work(options: argparse.Namespace) -> Result:
        context, values, gives = Context(), {}, notation(step.gives)
        for parameter, takes in zip(parameters, step.takes, strict=True):
            values[parameter] = notation(takes).parse(getattr(options, parameter), context)
        with steps(step.section, name, purpose, bits=gives.bits, form=gives.form) as whole:
            for (parameter, value), takes in zip(values.items(), step.takes, strict=True):
                shown = notation(takes)
                note("", parameter, value, "given", bits=shown.bits, form=shown.form, show=shown.show)
            result = whole.gives(gives.show(function(**values)))
        return Result(result, gives.bits, gives.form)

    options.trace = True
    return perform(
        parser,
        options,
        work,
        " ".join([algorithm.name, name, *words]),
        names=lambda wanted: step_names(algorithm.name, wanted),
    )


def _purpose(function: Callable[..., Any]) -> str:
    """Return the first sentence of a function's docstring, without its section."""
    first = (inspect.getdoc(function) or "").split("\n")[0].rstrip(".").replace("`", "")
    return re.sub(r" \([^()]*§[^()]*(?:\([^()]*\)[^()]*)*\)", "", first)
