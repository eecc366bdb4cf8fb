"""The parser of all command lines here: a user's bad command gets one line, and exit status 2.

>>> Parser(prog="python -m example", description="An example.").prog
'python -m example'
"""

from __future__ import annotations

import argparse
import textwrap
from typing import NoReturn

BAD_COMMAND = 2  # the exit status of a command that cannot be understood or done


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
