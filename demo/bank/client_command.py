"""`python -m demo bank client`: the command line of a customer, with one errand or with a menu."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.bank.errands import parse_errand
from demo.bank.narration import NARRATION
from demo.commands.options import (
    BANK_ADDRESS,
    DIRECTORY,
    PROGRAM,
    connecting_options,
    introduction_of,
    introduction_options,
    key_plan,
    name_options,
    passphrase_options,
    person_option,
    run_options,
    subject_of,
    waiting_options,
)
from demo.commands.party_command import run_party
from demo.party.party import Party


def parser() -> Parser:
    """Return the parser of `python -m demo bank client`."""
    line = Parser(
        prog=f"{PROGRAM} bank client",
        description="A customer of the bank: enrols with the TTP, and does one thing, or asks by a menu what to do.",
        epilog="what to do:\n"
        "  balance                  how much there is in your account\n"
        "  deposit AMOUNT           put rupees into it, such as 250 or 99.50\n"
        "  withdraw AMOUNT          take them out\n"
        "  transfer PAYEE AMOUNT    to somebody else's account, by a one-time password",
    )
    line.add_argument("errand", nargs="*", metavar="WHAT", help="what to do, see below (default: ask by a menu)")
    person_option(line)
    line.add_argument(
        "--confirm", action="store_true", help="confirm a transfer by the password that came, without asking for it"
    )
    line.add_argument(
        "--request",
        metavar="ID",
        help="the id under which it is done once and no more, though the command be given again (default: a new one)",
    )
    connecting_options(line, BANK_ADDRESS)
    introduction_options(line)
    name_options(line, "client")
    run_options(line, directory=DIRECTORY)
    passphrase_options(line)
    waiting_options(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Run the customer and return the exit status."""
    return run_party(arguments.name or "client", arguments, _customer, narration=NARRATION)


def _customer(party: Party, arguments: argparse.Namespace) -> None:
    errand = parse_errand(arguments.errand, arguments.request) if arguments.errand else None
    from demo.bank.customer import Customer
    from demo.bank.menu import Menu
    from demo.enrolling.applicant import obtain_identity  # now that the command is understood: they take long to load
    from demo.party.connections import client_configuration

    identity = obtain_identity(
        party, subject_of(arguments, party.name), introduction_of(arguments), key_plan(arguments)
    )
    configuration = client_configuration(party, identity, server_name=arguments.server_name)
    with Customer(arguments.connect, configuration, party.step_timeout, party.patience) as customer:
        menu = Menu(party, customer, confirm=arguments.confirm)
        if errand is None:
            menu.ask()
        else:
            menu.do(errand)
