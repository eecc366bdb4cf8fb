"""`python -m demo client`: the command line of the bank's client."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.commands.options import (
    SERVER_ADDRESS,
    application_of,
    connecting_options,
    crl_option,
    crls_of,
    key_plan,
    phases_option,
    reveal_option,
)
from demo.commands.party_command import PartyCommand
from demo.otp.fault_option import fault_option
from demo.otp.suite_options import suite_options
from demo.party.party import Party


def _options(parser: Parser) -> None:
    connecting_options(parser, SERVER_ADDRESS)
    parser.add_argument("--trivial", action="store_true", help="the trivial approach: a bare socket, no TLS")
    suite_options(parser)
    crl_option(parser)
    fault_option(parser)
    phases_option(parser)
    reveal_option(parser)


def _client(party: Party, arguments: argparse.Namespace) -> None:
    if arguments.trivial:
        from demo.otp.trivial import receive_in_the_clear

        receive_in_the_clear(arguments.connect, report=party.report, timeout=party.step_timeout)
        return
    from demo.otp.client import run_client
    from demo.otp.terms import terms_of_party

    plan = key_plan(arguments, arguments.hash[0] if arguments.hash else "sha384")
    run_client(
        party,
        server=arguments.connect,
        server_name=arguments.server_name,
        application=application_of(arguments, party.name, plan),
        terms=terms_of_party(arguments),
        crls=crls_of(arguments),
    )


COMMAND = PartyCommand(
    name="client",
    party="client",
    description="The bank's client: enrols with the TTP, connects to the server, receives the OTP, and acknowledges "
    "it.",
    options=_options,
    work=_client,
)
