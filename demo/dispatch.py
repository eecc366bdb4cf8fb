"""From the command line to the subcommand that it names, and from what happens there to the exit status."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NamedTuple

from console.command_line import CommandError, Parser, fill_standard_streams
from console.exit_status import BAD_COMMAND, FAILED
from demo.commands.command import Command
from demo.commands.options import PROGRAM
from demo.failure import ERRORS, one_line


class Entry(NamedTuple):
    """A subcommand.

    module: whose `COMMAND` it is. It is imported only when it is needed, so that every start is fast.
    summary: what it does, in some words.
    """

    module: str
    summary: str


COMMANDS = {
    "otp": Entry("demo.story_command", "a one-time password, from a bank's server to its client: the whole story"),
    "ttp": Entry("demo.ttp.command", "the trusted third party by hand"),
    "server": Entry("demo.otp.server_command", "the server by hand"),
    "client": Entry("demo.otp.client_command", "the client by hand"),
    "chat": Entry("demo.chat.scene_command", "a chat of three: a scene with all of them"),
    "chat server": Entry("demo.chat.server_command", "the chat's server by hand"),
    "chat client": Entry("demo.chat.client_command", "a chat's client by hand"),
    "bank": Entry("demo.bank.scene_command", "a bank and two customers: a scene with all of them"),
    "bank server": Entry("demo.bank.server_command", "the bank by hand"),
    "bank client": Entry("demo.bank.client_command", "a customer by hand: by a menu or by the command line"),
    "lessons": Entry("demo.lessons.list_command", "the lessons that there are"),
    "lesson": Entry("demo.lessons.command", "one lesson: a hole, the attack through it, and what stops it here"),
}
"""By their names, of one word or two: whatever follows the longest that matches is the command's own."""

DEFAULT = "otp"


def run(words: Sequence[str]) -> int:
    """Run `python -m demo` with these arguments and return the exit status."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):  # the last one is Windows's, which has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _terminate)
    _open_streams()
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        name, rest = DEFAULT, words
    elif " ".join(words[:2]) in COMMANDS:
        name, rest = " ".join(words[:2]), words[2:]
    elif words[0] in COMMANDS:
        name, rest = words[0], words[1:]
    else:
        _list_of_commands().parse_args(words[:1])  # for --help and --version; all else is a mistake, which it explains
        return BAD_COMMAND
    command: Command = import_module(COMMANDS[name].module).COMMAND
    try:
        return command.run(command.parser().parse_args(rest))
    except CommandError as error:
        return _fail(name, one_line(error), BAD_COMMAND)
    except ERRORS as error:
        return _fail(name, one_line(error), FAILED)


def _list_of_commands() -> Parser:
    """Return the parser of `python -m demo` by itself, which knows the names of the commands and no more."""
    width = max(map(len, COMMANDS)) + 2
    parser = Parser(
        prog=PROGRAM,
        description=f"Secure communication with its casing removed. Without a command: {DEFAULT}.",
        epilog="the commands, each of which has a --help of its own:\n"
        + "\n".join(f"  {name:{width}}{entry.summary}" for name, entry in COMMANDS.items()),
    )
    parser.add_version()
    parser.add_argument("command", nargs="?", choices=[name for name in COMMANDS if " " not in name], metavar="COMMAND")
    return parser


def _open_streams() -> None:
    """Make sure that there is something to write to and to read from, and that writing to it never fails."""
    fill_standard_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that does not know → gets a ? and no traceback
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # whatever is typed is text, or is not a valid answer


def _fail(name: str, line: str, status: int) -> int:
    sys.stderr.write(f"{name}: {line}\n")
    return status


def _terminate(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # as shells have it; an exception, so that whatever is open is put in order
