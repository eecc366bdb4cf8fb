"""`python -m demo client`: the command line of the bank's client."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.commands.options import (
    DIRECTORY,
    PROGRAM,
    SERVER_ADDRESS,
    connecting_options,
    crl_option,
    crls_of,
    introduction_of,
    introduction_options,
    key_plan,
    name_options,
    passphrase_options,
    phases_option,
    reveal_option,
    run_options,
    subject_of,
    waiting_options,
)
from demo.commands.party_command import run_party
from demo.otp.fault_option import fault_option
from demo.otp.suite_options import suite_options
from demo.party.party import Party


def parser() -> Parser:
    """Return the parser of `python -m demo client`."""
    line = Parser(
        prog=f"{PROGRAM} client",
        description="The bank's client: enrols with the TTP, connects to the server, receives the OTP, and "
        "acknowledges it.",
    )
    connecting_options(line, SERVER_ADDRESS)
    line.add_argument("--trivial", action="store_true", help="the trivial approach: a bare socket, no TLS")
    suite_options(line)
    crl_option(line)
    fault_option(line)
    introduction_options(line)
    name_options(line, "client")
    run_options(line, directory=DIRECTORY)
    passphrase_options(line)
    phases_option(line)
    waiting_options(line)
    reveal_option(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Run the client and return the exit status."""
    return run_party("client", arguments, _client)


def _client(party: Party, arguments: argparse.Namespace) -> None:
    if arguments.trivial:
        from demo.otp.trivial import receive_in_the_clear

        receive_in_the_clear(arguments.connect, report=party.report, timeout=party.step_timeout)
        return
    from demo.otp.client import run_client
    from demo.otp.terms import terms_of_party

    run_client(
        party,
        server=arguments.connect,
        server_name=arguments.server_name,
        subject=subject_of(arguments, party.name),
        introduction=introduction_of(arguments),
        plan=key_plan(arguments, arguments.hash[0] if arguments.hash else "sha384"),
        terms=terms_of_party(arguments),
        crls=crls_of(arguments),
    )
