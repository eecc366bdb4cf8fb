"""One party as a command: its options, its world, its report, its parent pipe, and how its failing is reported."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from console.command_line import CommandError, Parser
from demo.commands.asking import choose_on_terminal
from demo.commands.options import (
    DIRECTORY,
    PROGRAM,
    introduction_options,
    name_options,
    passphrase_options,
    run_options,
    waiting_options,
)
from demo.failure import ERRORS, one_line
from demo.party.party import Party
from demo.party.reporting import Fact, Report, json_report
from demo.party.world import World
from demo.stage.parent_pipe import ParentPipe


@dataclass(frozen=True)
class PartyCommand:
    """What a party's command has of its own.

    name: of the command, such as `chat client`. party: `ttp`, `server` or `client`, which a person may be instead.
    description, epilog: for the help. options: adds the options that no other party has, or not all have.
    work: does the party's part. narration: for events beyond those of the OTP exchange.
    reads_input: whether the party reads its standard input itself, and ends with it.
    """

    name: str
    party: str
    description: str
    options: Callable[[Parser], None]
    work: Callable[[Party, argparse.Namespace], None]
    epilog: str | None = None
    narration: Mapping[str, str] = field(default_factory=dict)
    reads_input: bool = False

    def parser(self) -> Parser:
        """Return the parser of its command line."""
        parser = Parser(prog=f"{PROGRAM} {self.name}", description=self.description, epilog=self.epilog)
        self.options(parser)
        if self.party != "ttp":
            introduction_options(parser)
        name_options(parser, self.party)
        run_options(parser, directory=DIRECTORY)
        passphrase_options(parser)
        waiting_options(parser)
        return parser

    def run(self, arguments: argparse.Namespace) -> int:
        """Run the party and return the exit status; raise what its work raises, once it is reported."""
        name = getattr(arguments, "name", None) or self.party
        reveal = getattr(arguments, "reveal", False)
        if reveal and not arguments.json:
            raise CommandError("--reveal is for programs: give --json with it")
        phases = getattr(arguments, "phases", False)
        report = json_report(name) if arguments.json else _told(name, phases=phases, narration=self.narration)
        on_pipe = arguments.parent_pipe and not self.reads_input
        choose = ParentPipe(report, arguments.timeout).choose if on_pipe else choose_on_terminal
        world = World(name, seed=arguments.seed, at=arguments.at)
        party = Party(name, arguments.directory, world, report, arguments.timeout, choose, reveal)
        if arguments.seed is not None:
            report("insecure", seed=arguments.seed)
        try:
            self.work(party, arguments)
        except ERRORS as error:
            report("failed", reason=one_line(error))
            raise
        report("finished")
        return 0


def _told(name: str, *, phases: bool, narration: Mapping[str, str]) -> Report:
    """Return a report that tells a person at a terminal."""
    from demo.stage.narration import Narrator
    from demo.stage.terminal import standard_output

    narrator = Narrator(standard_output(), files=True, phases=phases, narration=narration)
    lock = threading.Lock()  # what several threads tell does not mix

    def report(event: str, /, **facts: Fact) -> None:
        with lock:
            narrator.tell({"party": name, "event": event, **facts})

    return report
