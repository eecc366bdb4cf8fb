"""What every command of the demo is: a command line, and what is done with it."""

from __future__ import annotations

import argparse
from typing import Protocol

from console.command_line import Parser


class Command(Protocol):
    """A command: the `COMMAND` of the module that it is in."""

    def parser(self) -> Parser:
        """Return the parser of its command line."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do what the command line says, and return the exit status."""
