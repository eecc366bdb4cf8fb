"""`python -m benchmarks`: how fast all of it is, beside others."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import benchmarks
from benchmarks import tables
from benchmarks.row import Result, Row
from benchmarks.timing import measure
from console.command_line import Parser
from console.exit_status import BAD_COMMAND

FRAME = ("__main__", "crowd", "document", "loopback", "machine", "row", "tables", "timing")
DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def groups() -> list[str]:
    """Return the names of the files that hold rows."""
    return sorted(module.name for module in iter_modules(benchmarks.__path__) if module.name not in FRAME)


def picked(words: Sequence[str]) -> Iterator[Row]:
    """Yield the rows whose group or text holds one of the words, or all of them if there are no words."""
    for group in groups():
        for row in import_module(f"benchmarks.{group}").rows():
            if not words or any(word.lower() in f"{group}: {row.what}".lower() for word in words):
                yield row


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(
        prog="python -m benchmarks",
        description="Times all that is here, in turns with peers, and shows how many times as fast as those it is. "
        "The extra `benchmarks` installs the peers; if one is missing, its row says so.",
    )
    parser.add_argument("-k", metavar="WORD", action="append", default=[], help="only rows with this word; repeatable")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each one in each row (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of the table")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its plot; needs all rows")
    options = parser.parse_args(arguments)
    if options.write and options.k:
        parser.error("--write writes all rows, so it does not go together with -k")
    results: list[Result] = []
    for row in picked(options.k):
        if not options.json and not results:
            print(tables.HEAD)
        _progress(f"measuring {row.what} …")
        results.append(measure(row, seconds=options.seconds))
        _progress("")
        if not options.json:
            print("\n".join(tables.lines(results[-1])), flush=True)
    if not results:
        print(f"python -m benchmarks: no row has {' or '.join(map(repr, options.k))} in it", file=sys.stderr)
        return BAD_COMMAND
    _output(results, as_json=options.json, write=options.write)
    return 0


def _output(results: list[Result], *, as_json: bool, write: bool) -> None:
    from benchmarks.machine import describe  # asks for the versions of all peers: not for --help

    if as_json:
        print(json.dumps({"machine": describe(), "rows": [result.as_json() for result in results]}, indent=2))
    if write:
        from benchmarks.document import write_document

        write_document(DOCUMENT, results, describe())


def _progress(text: str) -> None:
    """Say what is going on, on a terminal only, in a line that the next one overwrites."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text[:78]}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
