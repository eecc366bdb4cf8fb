"""`python -m vectors`: runs test vectors, those of this project or files that you bring, and tells what came of it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from console.command_line import Parser, program_name
from console.exit_status import exit_status
from vectors import rendering, report, runner
from vectors.cases import Case, Outcome, Result
from vectors.own import cases_of
from vectors.readers.files import Found, read_paths
from vectors.sources import read_source, sources

_DESCRIPTION = "Runs test vectors, those of this project or files that you bring, and tells what came of it."
_EPILOG = """\
With no FILE or DIR it runs all that is in vectors/data. Files are recognised by their content: NIST CAVP response
files, NIST ACVP JSON (prompt and expectedResults), Wycheproof JSON. The exit status is 0 if something ran, nothing
failed, and nothing that must run was skipped; else 1. docs/vectors.md tells the rest.
"""


def _parser() -> Parser:
    """Return the parser of the command line."""
    parser = Parser(prog=program_name("vectors"), description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_version()
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE|DIR", help="what to run, in its native format")
    parser.add_argument("-k", metavar="TEXT", default="", help="only cases with TEXT in source, id, algorithm or flags")
    parser.add_argument("--list", action="store_true", help="list the cases, run none")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="report in JSON")
    form.add_argument("--markdown", action="store_true", help="report in Markdown")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit XML report as well")
    parser.add_argument("--implementation", metavar="COMMAND", default="", help="put this program to the test instead")
    parser.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="for one case (default: 60)")
    return parser


def _own() -> Found:
    """The cases of vectors/data, counted against what SOURCES.toml declares."""
    found = Found()
    for source in sources():
        contents = read_source(source)
        for file in source.files:
            name = f"{source.name}/{file.name}"
            cases = cases_of(source, file, contents)
            found.cases += cases
            if len(cases) != file.cases:
                found.problems.append(f"{name}: {len(cases)} cases, but SOURCES.toml declares {file.cases}")
    return found


def _selected(cases: list[Case], wanted: str) -> list[Case]:
    def names(case: Case) -> str:
        return f"{case.source} {case.id} {case.algorithm} {' '.join(flag.name for flag in case.flags)}"

    return [case for case in cases if wanted.lower() in names(case).lower()]


def _run(cases: list[Case], options: argparse.Namespace) -> list[Result]:
    """Run the cases, with a bar on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("vectors", total=len(cases))
        failed = 0

        def progress(result: Result) -> None:
            nonlocal failed
            failed += result.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
            described = f"{result.case.algorithm}{f', {failed} failed' if failed else ''}"
            bar.update(task, advance=1, description=described)

        return runner.run(cases, implementation=options.implementation, timeout=options.timeout, progress=progress)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    return exit_status(lambda: _main(_parser().parse_args(arguments)))


def _main(options: argparse.Namespace) -> int:
    """Run what the options say; return the exit status."""
    found = read_paths(options.paths) if options.paths else _own()
    cases = _selected(found.cases, options.k)
    if options.list:
        for case in cases:
            print(f"{case.source}  {case.id}  {case.algorithm}")
        for problem in found.problems:
            print(f"PROBLEM {problem}", file=sys.stderr)
        return 0 if cases and not found.problems else 1
    begun = time.monotonic()
    collected: Callable[[str], str] = (lambda name: name) if options.paths else (lambda name: name.split("/")[0])
    made = report.make(_run(cases, options), source=collected)
    made.seconds = time.monotonic() - begun
    made.problems, made.notes = found.problems, found.notes
    made.must_run = not options.paths and not options.implementation
    if options.json:
        print(rendering.as_json(made))
    else:
        print(rendering.markdown(made) if options.markdown else rendering.text(made))
    if options.junit:
        try:
            options.junit.write_bytes(rendering.junit(made))
        except OSError as error:
            print(f"{options.junit}: {error.strerror}", file=sys.stderr)
            return 1
    return 0 if made.holds else 1


if __name__ == "__main__":
    sys.exit(main())
