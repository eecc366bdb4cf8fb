"""The arguments that many commands have in common, and the shape of a command.

Standard     None.
Left out     Arguments of one command alone: they are where it is.
Timing       Nothing here computes.

>>> from console.command_line import Parser
>>> arguments = Arguments(Parser(prog="example"), Inputs())
>>> arguments.message()
>>> arguments.parser.parse_args(["abc"]).message
b'abc'
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from console.command_line import Parser, checked
from primitives.commands.inputs import FORMS, STANDARD_INPUT, Inputs
from primitives.commands.results import Result
from primitives.hash_names import hash_named

MAX_LENGTH = 1 << 20  # bytes of output

Run: TypeAlias = Callable[[argparse.Namespace], Result]
"""What does a command's work, once its options are known."""


class Arguments:
    """A parser that is being given its arguments. Each method adds one."""

    def __init__(self, parser: Parser, inputs: Inputs) -> None:
        self.parser, self.inputs = parser, inputs

    def message(self, what: str = "the message", name: str = "message") -> None:
        """Add the input, which comes last on the command line; without it, standard input is read."""
        self.parser.add_argument(
            name,
            nargs="?",
            default=STANDARD_INPUT,
            type=checked(self.inputs.message),
            metavar=name.upper(),
            help=f"{what}: {FORMS} (default: -, standard input)",
        )

    def octets(self, option: str, what: str, *, default: bytes | None = None, required: bool = False) -> None:
        """Add an option for bytes, such as a key."""
        given = "" if required or default is None else f" (default: {default.hex() or 'empty'})"
        self.parser.add_argument(
            option,
            type=checked(self.inputs.key),
            default=default,
            required=required,
            metavar="BYTES",
            help=what + given,
        )

    def key(self, what: str = "the key") -> None:
        """Add the key."""
        self.octets("--key", what, required=True)

    def length(self, what: str, *, default: int | None = None, required: bool = False) -> None:
        """Add the length of the output, which has to fit into memory, and to come before people lose patience."""
        self.number("--length", f"{what}, in bytes", default=default, required=required, most=MAX_LENGTH)

    def number(
        self, option: str, what: str, *, default: int | None = None, required: bool = False, most: int | None = None
    ) -> None:
        """Add an option for a number, of `most` at most."""

        def number(text: str) -> int:
            value = self.inputs.number(text)
            if most is not None and value > most:
                raise ValueError(f"{text[:40]} is too much, expected at most {most}")
            return value

        self.parser.add_argument(
            option,
            type=checked(number),
            default=default,
            required=required,
            metavar="N",
            help=what + ("" if default is None else f" (default: {default})"),
        )

    def hash(self, option: str = "--hash", what: str = "the hash function", default: str | None = "sha256") -> None:
        """Add the name of a hash function."""
        self.parser.add_argument(
            option,
            type=checked(hash_named),
            default=default,
            metavar="NAME",
            help=what + (f" (default: {default})" if default else ""),
        )

    def flag(self, option: str, what: str) -> None:
        """Add an option that is there or not."""
        self.parser.add_argument(option, action="store_true", help=what)
