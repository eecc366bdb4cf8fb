"""`python -m demo server`: the command line of the bank's server."""

from __future__ import annotations

import argparse

from console.command_line import CommandError, Parser
from demo.commands.options import (
    SERVER_ADDRESS,
    application_of,
    key_plan,
    listening_options,
    phases_option,
    reveal_option,
)
from demo.commands.party_command import PartyCommand
from demo.otp import message
from demo.otp.fault_option import fault_option
from demo.otp.message_options import message_options
from demo.otp.suite_options import choose_option, suite_options
from demo.party.party import Party


def _options(parser: Parser) -> None:
    listening_options(parser, SERVER_ADDRESS)
    parser.add_argument("--stay", action="store_true", help="go on, and serve any number of clients, many at a time")
    parser.add_argument("--trivial", action="store_true", help="the trivial approach: a bare socket, no TLS")
    message_options(parser)
    choose_option(parser)
    phases_option(parser)
    suite_options(parser)
    fault_option(parser)
    reveal_option(parser)


def _server(party: Party, arguments: argparse.Namespace) -> None:
    random_bytes = party.world.random_bytes("otp")

    def text() -> str:
        code = message.random_code(random_bytes) if arguments.otp == "random" else arguments.otp
        return message.otp_message(amount=arguments.amount, payee=arguments.payee, code=code)

    if arguments.trivial:
        from demo.otp.trivial import send_in_the_clear

        send_in_the_clear(arguments.listen, text(), report=party.report, timeout=party.patience)
        return
    from demo.otp.server import Service, run_server
    from demo.otp.terms import terms_of_party

    choosing = arguments.choose or arguments.ask
    if choosing and arguments.stay:
        raise CommandError("somebody is to choose for one client (--ask, --choose) and not for many (--stay)")
    service = Service(arguments.listen, terms_of_party(arguments, choosing=choosing), choosing, text)
    plan = key_plan(arguments, arguments.hash[0] if arguments.hash else "sha384")
    application = application_of(arguments, party.name, plan)
    run_server(party, service, application=application, stay=arguments.stay)


COMMAND = PartyCommand(
    name="server",
    party="server",
    description="The bank's server: enrols with the TTP, waits for the client, sends it the OTP, and ends when that is "
    "acknowledged.",
    options=_options,
    work=_server,
)
