"""`python -m demo chat client`: the command line of the chat's client."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.chat.options import chat_key_plan, strength_of, strength_options
from demo.commands.options import (
    CHAT_ADDRESS,
    DIRECTORY,
    PROGRAM,
    connecting_options,
    introduction_of,
    introduction_options,
    name_options,
    passphrase_options,
    person_option,
    run_options,
    subject_of,
    waiting_options,
)
from demo.commands.party_command import run_party
from demo.party.party import Party

NARRATION = {"chat begins": "is connected with {server} by {suite}. Whatever is typed is said; exit ends it."}


def parser() -> Parser:
    """Return the parser of `python -m demo chat client`."""
    line = Parser(
        prog=f"{PROGRAM} chat client",
        description="A chat's client: enrols with the TTP, says what is typed, and shows what the others say. exit, or "
        "the end of input, ends it.",
    )
    person_option(line)
    connecting_options(line, CHAT_ADDRESS)
    strength_options(line)
    introduction_options(line)
    name_options(line, "client")
    run_options(line, directory=DIRECTORY)
    passphrase_options(line)
    waiting_options(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Run the client and return the exit status."""
    arguments.parent_pipe = False  # it reads its input itself, and ends with it
    return run_party(arguments.name or "client", arguments, _chat, narration=NARRATION)


def _chat(party: Party, arguments: argparse.Namespace) -> None:
    from demo.chat.client import ChatClient
    from demo.chat.log import Log
    from demo.chat.screen import Screen

    subject = subject_of(arguments, party.name)
    screen = Screen(subject.common_name, report=party.report if arguments.json else None)
    ChatClient(party, strength_of(arguments), Log(arguments.log), screen).run(
        arguments.connect,
        arguments.server_name,
        subject=subject,
        introduction=introduction_of(arguments),
        plan=chat_key_plan(arguments),
    )
