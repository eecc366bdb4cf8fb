"""`python -m demo` and `python -m demo otp`: the command line of the story."""

from __future__ import annotations

import argparse

from demo.asking import ask_on_terminal
from demo.options import PROGRAM, passphrase_options, phases_option, run_options
from demo.otp.combinations import KEY_EXCHANGES
from demo.otp.message_options import message_options
from demo.otp.suite_options import choose_option, suite_options
from demo.subject import DEFAULTS
from primitives.command_line import Parser


def parser() -> Parser:
    """Return the parser of `python -m demo otp`."""
    line = Parser(
        prog=f"{PROGRAM} otp",
        description="Three parties, three processes: a bank's server sends its client a one-time password, first over "
        "a bare socket, then over a channel that they know each other on, thanks to a trusted third party (TTP).",
        epilog="By hand, in three terminals (each has a --help of its own):\n"
        f"  {PROGRAM} ttp\n  {PROGRAM} server\n  {PROGRAM} client",
    )
    run_options(line, directory=None)
    message_options(line)
    suite_options(line)
    line.add_argument(
        "--ask", action="store_true", help="ask for the names in the three certificates, and for what --choose does"
    )
    choose_option(line)
    phases_option(line)
    passphrase_options(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Tell the story and return the exit status."""
    from demo.otp.storyteller import tell_story

    arguments.choose = arguments.choose or arguments.ask
    if arguments.choose and not (arguments.kex or arguments.cipher or arguments.hash or arguments.suite):
        arguments.kex = list(KEY_EXCHANGES)
    subjects = {
        party: ask_on_terminal(subject, about=party) if arguments.ask else subject
        for party, subject in DEFAULTS.items()
    }
    tell_story(arguments, subjects)
    return 0
