"""`python -m demo chat server`: the command line of the chat's server."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.chat.options import chat_key_plan, strength_of, strength_options
from demo.commands.options import CHAT_ADDRESS, application_of, listening_options
from demo.commands.party_command import PartyCommand
from demo.party.party import Party


def _options(parser: Parser) -> None:
    listening_options(parser, CHAT_ADDRESS)
    strength_options(parser)


def _chat(party: Party, arguments: argparse.Namespace) -> None:
    from demo.chat.log import Log
    from demo.chat.room import Room
    from demo.chat.screen import Screen
    from demo.chat.server import OWN_NAME, ChatServer

    screen = Screen(OWN_NAME, report=party.report if arguments.json else None)
    server = ChatServer(party, strength_of(arguments), Log(arguments.log), screen, Room(OWN_NAME))
    server.run(arguments.listen, application_of(arguments, party.name, chat_key_plan(arguments)))


COMMAND = PartyCommand(
    name="chat server",
    party="server",
    description="The chat's server: enrols with the TTP, lets in anyone who shows a certificate of it, and passes on "
    "what each says to all others. What is typed here is said by the server; exit, or the end of input, ends it. "
    "Without any input (</dev/null), it serves until it is told to end.",
    options=_options,
    work=_chat,
    reads_input=True,
)
