"""One party as a command: its world, its report, its lifeline, and how its failing is reported."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable

from demo.failure import ERRORS, one_line
from demo.party import Party
from demo.reporting import Fact, Report, json_report
from demo.world import World


def run_party(name: str, arguments: argparse.Namespace, runner: Callable[[Party, argparse.Namespace], None]) -> int:
    """Run a party by `runner` and return the exit status; raise what `runner` raises, once it is reported.

    name: `ttp`, `server` or `client`.
    """
    if arguments.lifeline:
        threading.Thread(target=_hold_lifeline, daemon=True).start()
    report = json_report(name) if arguments.json else _told(name)
    party = Party(
        name, arguments.directory, World(name, seed=arguments.seed, at=arguments.at), report, arguments.timeout
    )
    if arguments.seed is not None:
        report("insecure", seed=arguments.seed)
    try:
        runner(party, arguments)
    except ERRORS as error:
        report("failed", reason=one_line(error))
        raise
    report("finished")
    return 0


def _told(name: str) -> Report:
    """Return a report that tells a person at a terminal."""
    from demo.narration import Narrator, terminal

    narrator = Narrator(terminal(), files=True)
    lock = threading.Lock()  # what several threads tell does not mix

    def report(event: str, /, **facts: Fact) -> None:
        with lock:
            narrator.tell({"party": name, "event": event, **facts})

    return report


def _hold_lifeline() -> None:
    """End like Ctrl-C when standard input ends. (`os.read`: a reading thread must not hold Python's own buffer.)"""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
