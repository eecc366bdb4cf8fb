"""`python -m demo chat client`: the command line of the chat's client."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.chat.options import chat_key_plan, strength_of, strength_options
from demo.commands.options import CHAT_ADDRESS, application_of, connecting_options, person_option
from demo.commands.party_command import PartyCommand
from demo.party.party import Party

NARRATION = {"chat begins": "is connected with {server} by {suite}. Whatever is typed is said; exit ends it."}


def _options(parser: Parser) -> None:
    person_option(parser)
    connecting_options(parser, CHAT_ADDRESS)
    strength_options(parser)


def _chat(party: Party, arguments: argparse.Namespace) -> None:
    from demo.chat.client import ChatClient
    from demo.chat.log import Log
    from demo.chat.screen import Screen

    application = application_of(arguments, party.name, chat_key_plan(arguments))
    screen = Screen(application.subject.common_name, report=party.report if arguments.json else None)
    client = ChatClient(party, strength_of(arguments), Log(arguments.log), screen)
    client.run(arguments.connect, arguments.server_name, application)


COMMAND = PartyCommand(
    name="chat client",
    party="client",
    description="A chat's client: enrols with the TTP, says what is typed, and shows what the others say. exit, or "
    "the end of input, ends it.",
    options=_options,
    work=_chat,
    narration=NARRATION,
    reads_input=True,
)
