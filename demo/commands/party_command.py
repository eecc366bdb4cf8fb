"""One party as a command: its world, its report, its parent pipe, and how its failing is reported."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Mapping

from console.command_line import CommandError
from demo.commands.asking import choose_on_terminal
from demo.failure import ERRORS, one_line
from demo.party.party import Party
from demo.party.reporting import Fact, Report, json_report
from demo.party.world import World
from demo.stage.parent_pipe import ParentPipe


def run_party(
    name: str,
    arguments: argparse.Namespace,
    runner: Callable[[Party, argparse.Namespace], None],
    *,
    narration: Mapping[str, str] | None = None,
) -> int:
    """Run a party by `runner` and return the exit status; raise what `runner` raises, once it is reported.

    name: `ttp`, `server`, `client`, or that of a person. narration: for events beyond those of the OTP exchange.
    """
    reveal = getattr(arguments, "reveal", False)
    if reveal and not arguments.json:
        raise CommandError("--reveal is for programs: give --json with it")
    phases = getattr(arguments, "phases", False)
    report = json_report(name) if arguments.json else _told(name, phases=phases, narration=narration or {})
    choose = ParentPipe(report, arguments.timeout).choose if arguments.parent_pipe else choose_on_terminal
    world = World(name, seed=arguments.seed, at=arguments.at)
    party = Party(name, arguments.directory, world, report, arguments.timeout, choose, reveal)
    if arguments.seed is not None:
        report("insecure", seed=arguments.seed)
    try:
        runner(party, arguments)
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
