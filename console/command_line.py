"""What all commands here have in common: a bad command gets one line, and exit status 2; no stream is missing.

>>> Parser(prog="python -m example", description="An example.").prog
'python -m example'
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn, TypeVar

from console.exit_status import BAD_COMMAND

T = TypeVar("T")


class CommandError(Exception):
    """The command cannot be done as it was given; the message is the line to show, and the exit status BAD_COMMAND."""


def fill_standard_streams() -> None:
    """Put the null device where a standard stream is closed.

    Otherwise the next file or socket would get its number, and be read and written in its place.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115  # open while the program runs


def program_name(room: str) -> str:
    """Return how the command of a room was called: `cutaway pki`, or `python -m pki`."""
    return f"cutaway {room}" if Path(sys.argv[0]).stem == "cutaway" else f"python -m {room}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a complaint about a word: the one that was probably meant, or nothing if none is near.

    >>> did_you_mean("sha265", ["sha1", "sha256", "aes"])
    ', did you mean sha256?'
    >>> did_you_mean("quux", ["sha1", "sha256", "aes"])
    ''
    """
    near = difflib.get_close_matches(word.lower(), known, n=1)
    return f", did you mean {near[0]}?" if near else ""


def checked(convert: Callable[[str], T]) -> Callable[[str], T]:
    """Return `convert` such that argparse shows its own complaint instead of a general one."""

    def converted(text: str) -> T:
        try:
            return convert(text)
        except OSError as error:
            raise argparse.ArgumentTypeError(f"{error.filename}: {error.strerror}") from None
        except (ValueError, OverflowError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return converted


class _ShowVersion(argparse.Action):
    """The option `--version`: looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from console.version import version_line

        print(version_line())
        parser.exit()


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, and which takes options by their whole names only."""

    def __init__(self, *, prog: str, description: str = "", epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=textwrap.fill(description, 79),
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def add_version(self) -> None:
        """Add the option that shows the version and ends."""
        self.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version, and exit")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, in one line, and exit with status 2."""
        self.exit(BAD_COMMAND, f"{self.prog}: {' '.join(message.split())} (try {self.prog} --help)\n")
