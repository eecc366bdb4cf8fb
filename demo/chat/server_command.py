"""`python -m demo chat server`: the command line of the chat's server."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.chat.options import chat_key_plan, strength_of, strength_options
from demo.commands.options import (
    CHAT_ADDRESS,
    DIRECTORY,
    PROGRAM,
    introduction_of,
    introduction_options,
    listening_options,
    name_options,
    passphrase_options,
    run_options,
    subject_of,
    waiting_options,
)
from demo.commands.party_command import run_party
from demo.party.party import Party


def parser() -> Parser:
    """Return the parser of `python -m demo chat server`."""
    line = Parser(
        prog=f"{PROGRAM} chat server",
        description="The chat's server: enrols with the TTP, lets in whoever shows a certificate of it, and passes on "
        "what each says to all others. What is typed here is said by the server; exit, or the end of input, ends it. "
        "Without any input (</dev/null), it serves until it is told to end.",
    )
    listening_options(line, CHAT_ADDRESS)
    strength_options(line)
    introduction_options(line)
    name_options(line, "server")
    run_options(line, directory=DIRECTORY)
    passphrase_options(line)
    waiting_options(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Run the server and return the exit status."""
    arguments.parent_pipe = False  # it reads its input itself, and ends with it
    return run_party("server", arguments, _chat)


def _chat(party: Party, arguments: argparse.Namespace) -> None:
    from demo.chat.log import Log
    from demo.chat.room import Room
    from demo.chat.screen import Screen
    from demo.chat.server import OWN_NAME, ChatServer

    screen = Screen(OWN_NAME, report=party.report if arguments.json else None)
    ChatServer(party, strength_of(arguments), Log(arguments.log), screen, Room(OWN_NAME)).run(
        arguments.listen,
        subject=subject_of(arguments, party.name),
        introduction=introduction_of(arguments),
        plan=chat_key_plan(arguments),
    )
