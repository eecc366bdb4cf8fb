"""What all commands here have in common: a bad command gets one line, and exit status 2; no stream is missing.

>>> Parser(prog="python -m example", description="An example.").prog
'python -m example'
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from typing import NoReturn

BAD_COMMAND = 2  # the exit status of a command that cannot be understood or done


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

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, in one line, and exit with status 2."""
        self.exit(BAD_COMMAND, f"{self.prog}: {' '.join(message.split())} (try {self.prog} --help)\n")
