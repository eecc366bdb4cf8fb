"""`python -m demo bank client`: the command line of a customer, with one errand or with a menu."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.bank.errands import parse_errand
from demo.bank.narration import NARRATION
from demo.commands.options import BANK_ADDRESS, application_of, connecting_options, key_plan, person_option
from demo.commands.party_command import PartyCommand
from demo.party.party import Party


def _options(parser: Parser) -> None:
    parser.add_argument("errand", nargs="*", metavar="WHAT", help="what to do, see below (default: ask by a menu)")
    person_option(parser)
    parser.add_argument(
        "--confirm", action="store_true", help="confirm a transfer by the password that came, without asking for it"
    )
    parser.add_argument(
        "--request",
        metavar="ID",
        help="the id under which it is done once and no more, though the command be given again (default: a new one)",
    )
    connecting_options(parser, BANK_ADDRESS)


def _customer(party: Party, arguments: argparse.Namespace) -> None:
    errand = parse_errand(arguments.errand, arguments.request) if arguments.errand else None
    from demo.bank.customer import Customer
    from demo.bank.menu import Menu
    from demo.enrolling.applicant import obtain_identity  # now that the command is understood: they take long to load
    from demo.party.configurations import client_configuration

    identity = obtain_identity(party, application_of(arguments, party.name, key_plan(arguments)))
    configuration = client_configuration(party, identity, server_name=arguments.server_name)
    with Customer(arguments.connect, configuration, party.step_timeout, party.patience) as customer:
        menu = Menu(party, customer, confirm=arguments.confirm)
        if errand is None:
            menu.ask()
        else:
            menu.do(errand)


COMMAND = PartyCommand(
    name="bank client",
    party="client",
    description="A customer of the bank: enrols with the TTP, and does one thing, or asks by a menu what to do.",
    epilog="what to do:\n"
    "  balance                  how much there is in your account\n"
    "  deposit AMOUNT           put rupees into it, such as 250 or 99.50\n"
    "  withdraw AMOUNT          take them out\n"
    "  transfer PAYEE AMOUNT    to somebody else's account, by a one-time password",
    options=_options,
    work=_customer,
    narration=NARRATION,
)
