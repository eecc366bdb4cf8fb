"""`python -m demo lessons`: which lessons there are."""

from __future__ import annotations

import argparse
import sys

from console.command_line import Parser
from demo.commands.options import PROGRAM
from demo.lessons.catalogue import LESSONS
from demo.party.reporting import print_json


class ListCommand:
    """The command that lists the lessons."""

    def parser(self) -> Parser:
        """Return the command's parser."""
        parser = Parser(
            prog=f"{PROGRAM} lessons",
            description=f"Lists the lessons, a line each: its name and its title. {PROGRAM} lesson NAME tells one.",
        )
        parser.add_argument("--json", action="store_true", help="a line of JSON for each, for programs")
        return parser

    def run(self, arguments: argparse.Namespace) -> int:
        """List the lessons; return the exit status."""
        width = max(map(len, LESSONS)) + 2
        for name, lesson in LESSONS.items():
            if arguments.json:
                print_json({"name": name, "title": lesson.title})
            else:
                sys.stdout.write(f"{name:{width}}{lesson.title}\n")
        return 0


COMMAND = ListCommand()
