"""`python -m demo` and `python -m demo otp`: the command line of the story."""

from __future__ import annotations

import argparse
from pathlib import Path

from console.command_line import CommandError, Parser, checked
from demo.commands.asking import ask_on_terminal
from demo.commands.options import PROGRAM, passphrase_options, phases_option, run_options
from demo.otp.combinations import KEY_EXCHANGES
from demo.otp.message_options import message_options
from demo.otp.suite_options import choose_option, suite_options
from demo.party.subject import DEFAULTS


def _broken(text: str) -> str:
    """Return the name of something that can be broken."""
    from demo.breaking.catalogue import BREAKS

    if text not in BREAKS:
        raise ValueError(f"{text!r} is nothing that can be broken, expected one of {', '.join(BREAKS)}")
    return text


class StoryCommand:
    """The command that tells the story."""

    def parser(self) -> Parser:
        """Return the parser of `python -m demo otp`."""
        line = Parser(
            prog=f"{PROGRAM} otp",
            description="Three parties, three processes: a bank's server sends its client a one-time password, first "
            "over a bare socket, then over a channel that they know each other on, thanks to a trusted third party "
            "(TTP).",
            epilog="By hand, in three terminals (each has a --help of its own):\n"
            f"  {PROGRAM} ttp\n  {PROGRAM} server\n  {PROGRAM} client",
        )
        run_options(line, directory=None)
        message_options(line)
        suite_options(line)
        line.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="write a page that shows every byte of this run, with all its secrets",
        )
        line.add_argument(
            "--ask", action="store_true", help="ask for the names in the three certificates, and for what --choose does"
        )
        choose_option(line)
        phases_option(line)
        passphrase_options(line)
        line.add_argument(
            "--break",
            dest="broken",
            type=checked(_broken),
            metavar="WHAT",
            help="break the exchange on purpose, and see who notices: wrong-name, expired, untrusted, revoked, "
            "swapped-key, downgraded, bad-oaep, tampered-finished, wrong-finished, tampered-record, bad-mac, "
            "bad-padding, replayed, reordered, truncated",
        )
        return line

    def run(self, arguments: argparse.Namespace) -> int:
        """Tell the story, or that of a broken exchange, and return the exit status."""
        if arguments.broken is not None and arguments.report is not None:
            raise CommandError("--report shows a whole exchange: give it without --break")
        if arguments.broken is not None:
            from demo.breaking.narration import tell_broken

            tell_broken(arguments.broken, json=arguments.json)
            return 0
        from demo.otp.storyteller import tell_story

        arguments.choose = arguments.choose or arguments.ask
        if arguments.choose and not (arguments.kex or arguments.cipher or arguments.hash or arguments.suite):
            arguments.kex = list(KEY_EXCHANGES)
        if arguments.report is not None:
            from demo.report.page import check_target

            check_target(arguments.report)
        subjects = {
            party: ask_on_terminal(subject, about=party) if arguments.ask else subject
            for party, subject in DEFAULTS.items()
        }
        tell_story(arguments, subjects)
        return 0


COMMAND = StoryCommand()
