"""Runs one command: reads its words, computes, shows the steps as they happen, prints the result.

Standard     None.
Left out     What each command does: the functions that the table names.
Timing       That of the algorithm; while steps are shown, that of its textbook path.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from importlib import import_module

from console.command_line import Parser, program_name
from explain import trace
from explain.showing.stepping import StoppedError, key_presses
from explain.trace import Step
from primitives.commands.algorithms import Algorithm
from primitives.commands.arguments import Arguments, Run
from primitives.commands.inputs import Inputs
from primitives.commands.results import ENCODINGS, Result
from primitives.errors import DecryptionError, InvalidSignature, InvalidTag

PROGRAM = program_name("primitives")
DONE, REFUSED = 0, 1  # exit statuses: REFUSED where a signature, a tag or a ciphertext does not hold
PAGE_WIDTH = 80, 120  # columns: of a page that is not a terminal; of a terminal, at most

EPILOG = """\
example:
  {command}

Inputs are a text, or text:…, hex:…, base64:…, @FILE, or - for standard input.
The exit status is 0; 1 if a signature, a tag or a ciphertext was refused; 2 if
the command could not be done.
"""


def run(algorithm: Algorithm, words: Sequence[str], *, names: Callable[[str], Sequence[str]]) -> int:
    """Run the command of an algorithm and return the exit status.

    names: for a name that is given to `--only`, the names that such steps have.
    """
    name = f"{PROGRAM} {algorithm.name}"
    parser = Parser(
        prog=name,
        description=f"{algorithm.title} ({algorithm.standard}).",
        epilog=EPILOG.format(command=f"{name} {algorithm.example}"),
    )
    module, _, function = algorithm.command.partition(".")
    make: Callable[[str, Arguments], Run] = getattr(import_module(f"primitives.commands.families.{module}"), function)
    work = make(algorithm.name, Arguments(parser, Inputs()))
    add_output_options(parser)
    options = parse(parser, words)
    return perform(parser, options, work, " ".join([algorithm.name, *words]), names=names)


def parse(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    """Return the options. A request for help is met before any file is read, whatever else the words are."""
    return parser.parse_args(["--help"] if {"-h", "--help"} & set(words) else words)


def add_output_options(parser: Parser) -> None:
    """Add the options for the result, and those for the steps."""
    result = parser.add_argument_group("the result")
    encoding = result.add_mutually_exclusive_group()
    for form, text in zip(ENCODINGS, ("hexadecimal digits (default)", "Base64", "the bytes themselves"), strict=True):
        encoding.add_argument(f"--{form}", dest="encoding", action="store_const", const=form, default="hex", help=text)
    result.add_argument("--json", action="store_true", help="answer in JSON, for programs; the steps too, if traced")
    steps = parser.add_argument_group("the steps")
    steps.add_argument("--trace", action="store_true", help="print each step as it happens; so do the options below")
    steps.add_argument("--depth", type=_level, metavar="N", help="show N levels of steps, and fold what is inside them")
    steps.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="show only the steps of this name, such as 'W_*', and what is inside them",
    )
    steps.add_argument("--binary", action="store_true", help="show words in binary")
    steps.add_argument("--step", action="store_true", help="wait for a key after each step; q stops")
    steps.add_argument("--html", metavar="FILE", help="write the steps to this new file, a page to unfold them on")


def _level(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a number of levels, expected 1 or more")
    return int(text)


def perform(
    parser: Parser,
    options: argparse.Namespace,
    work: Run,
    command: str,
    *,
    names: Callable[[str], Sequence[str]],
) -> int:
    """Do the work of a command, show what the options ask for, and return the exit status.

    command: the words of the user, as the title of the page.
    """
    only = _chooser([alias for name in options.only for alias in names(name)])
    printed = options.trace or options.depth is not None or options.only or options.binary or options.step
    refusal = ""
    result = Result(None)
    try:
        with _steps(options, only, is_printed=bool(printed) and not options.json) as steps:
            try:
                result = work(options)
            except (InvalidSignature, InvalidTag, DecryptionError) as error:
                refusal = str(error)
        shown = steps if only is None else list(_chosen(steps, only))
        if options.only and not shown:
            raise ValueError(f"no step of this run is named {options.only[0][:40]!r}; --trace shows their names")
        if options.html:
            _write_page(options, command, result.text("hex") if not refusal else f"refused: {refusal}", shown)
    except StoppedError:
        return DONE
    except BrokenPipeError:  # nobody reads any more: no mistake of the user's
        raise
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error))
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        parser.error(str(error))
    if options.json:
        _print_json(options, result, refusal, shown if printed else None)
    elif not refusal:
        _print(options, result, after_steps=bool(printed))
    if refusal:
        sys.stdout.flush()
        sys.stderr.write(f"{parser.prog}: {refusal}\n")
    return REFUSED if refusal else DONE


@contextmanager
def _steps(
    options: argparse.Namespace, only: Callable[[str], bool] | None, *, is_printed: bool
) -> Iterator[list[Step]]:
    """Record the steps that are made in this block, if the options ask for any, and print them while they happen."""
    is_kept = bool(options.html or options.json or options.only)
    if not (is_printed or is_kept):
        yield []
        return
    with ExitStack() as stack:
        printer = None
        if is_printed:
            from explain.showing.terminal import Printer

            pause = None
            if options.step:
                if not sys.stdout.isatty():
                    raise ValueError("--step waits for keys, and so needs a terminal")
                pause = stack.enter_context(key_presses())
                sys.stderr.write("Any key shows the next step, q stops.\n")
            printer = Printer(
                print,
                width=_width(),
                colours=_has_colours(),
                binary=options.binary,
                depth=options.depth,
                only=only,
                pause=pause,
                keep=is_kept,
            )
        yield stack.enter_context(trace.recording(printer))


def _width() -> int:
    """Return how many columns there are for the steps."""
    least, most = PAGE_WIDTH
    return min(most, shutil.get_terminal_size((least, 24)).columns) if sys.stdout.isatty() else least


def _has_colours() -> bool:
    """Return whether to use colours: on a terminal that has some, for a user who wants them (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _chooser(wanted: Sequence[str]) -> Callable[[str], bool] | None:
    """Return what tells whether a step's name is wanted; None if all are.

    A pattern is for the whole name, or for its end after a dot: `s_box` for `round[3].s_box`.
    """
    if not wanted:
        return None

    def is_wanted(name: str) -> bool:
        end = name.rpartition(".")[2]
        return any(name == pattern or fnmatchcase(name, pattern) or end == pattern for pattern in wanted)

    return is_wanted


def _chosen(steps: Iterable[Step], is_wanted: Callable[[str], bool]) -> Iterator[Step]:
    """Return the steps that are wanted, but none that is inside of another one."""
    for step in steps:
        if is_wanted(step.name):
            yield step
        else:
            yield from _chosen(step.steps, is_wanted)


def _write_page(options: argparse.Namespace, command: str, result: str, steps: Sequence[Step]) -> None:
    from console.files import write_new
    from explain.showing.page import page

    write_new(options.html, page(command, result, steps, binary=options.binary, depth=options.depth).encode())


def _print(options: argparse.Namespace, result: Result, *, after_steps: bool) -> None:
    if after_steps:
        print()
    if options.encoding == "raw" and isinstance(result.value, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(result.value)
    else:
        print(result.text(options.encoding, binary=options.binary))


def _print_json(options: argparse.Namespace, result: Result, refusal: str, steps: Sequence[Step] | None) -> None:
    from explain.showing.trace_json import step_json, steps_json

    shown = step_json(result.step())
    answer: dict[str, object] = {"refused": refusal} if refusal else {"result": shown.get("value")}
    answer |= {key: shown[key] for key in ("number", "bits", "form") if key in shown}
    if steps is not None:
        answer["steps"] = steps_json(steps, depth=options.depth)
    print(json.dumps(answer, indent=2, ensure_ascii=False))
