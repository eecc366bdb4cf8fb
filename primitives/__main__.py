"""`python -m primitives`: every algorithm on one's own input, with its steps; and single steps to try."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from console.exit_status import exit_status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    return exit_status(lambda: _run(sys.argv[1:] if arguments is None else arguments))


def _run(words: Sequence[str]) -> int:
    # Inside of main, so that Ctrl-C is handled while modules load, too.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the standards' letters, in a locale that cannot spell them
            stream.reconfigure(errors="backslashreplace")
    from primitives.commands.running import PROGRAM, run

    if not words or words[0] in ("-h", "--help"):
        from primitives.commands.listing import listing

        print(listing())
        return 0
    if words[0] == "--version":
        from console.version import version_line

        print(version_line())
        return 0
    from console.command_line import Parser, did_you_mean
    from primitives.commands.algorithms import ALGORITHMS, find
    from primitives.commands.steps.running import run_single_step, single_steps, step_names

    algorithm = find(words[0])
    if algorithm is None:
        Parser(prog=PROGRAM).error(f"{words[0][:40]!r} is not an algorithm here{did_you_mean(words[0], ALGORITHMS)}")
    if len(words) > 1 and words[1] in single_steps(algorithm.name):
        return run_single_step(algorithm, words[1], words[2:])
    return run(algorithm, words[1:], names=lambda name: step_names(algorithm.name, name))


if __name__ == "__main__":
    sys.exit(main())
