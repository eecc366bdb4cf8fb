"""`python -m demo server`: the command line of the bank's server."""

from __future__ import annotations

import argparse

from console.command_line import CommandError, Parser
from demo.commands.options import (
    DIRECTORY,
    PROGRAM,
    SERVER_ADDRESS,
    introduction_of,
    introduction_options,
    key_plan,
    listening_options,
    name_options,
    passphrase_options,
    phases_option,
    reveal_option,
    run_options,
    subject_of,
    waiting_options,
)
from demo.commands.party_command import run_party
from demo.otp import message
from demo.otp.fault_option import fault_option
from demo.otp.message_options import message_options
from demo.otp.suite_options import choose_option, suite_options
from demo.party.party import Party


def parser() -> Parser:
    """Return the parser of `python -m demo server`."""
    line = Parser(
        prog=f"{PROGRAM} server",
        description="The bank's server: enrols with the TTP, waits for the client, sends it the OTP, and ends when "
        "that is acknowledged.",
    )
    listening_options(line, SERVER_ADDRESS)
    line.add_argument("--stay", action="store_true", help="go on, and serve any number of clients, many at a time")
    line.add_argument("--trivial", action="store_true", help="the trivial approach: a bare socket, no TLS")
    message_options(line)
    choose_option(line)
    phases_option(line)
    suite_options(line)
    fault_option(line)
    introduction_options(line)
    name_options(line, "server")
    run_options(line, directory=DIRECTORY)
    passphrase_options(line)
    waiting_options(line)
    reveal_option(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Run the server and return the exit status."""
    return run_party("server", arguments, _server)


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
    run_server(
        party,
        Service(arguments.listen, terms_of_party(arguments, choosing=choosing), choosing, text),
        subject=subject_of(arguments, party.name),
        introduction=introduction_of(arguments),
        plan=key_plan(arguments, arguments.hash[0] if arguments.hash else "sha384"),
        stay=arguments.stay,
    )
