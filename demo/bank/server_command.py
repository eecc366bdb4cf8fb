"""`python -m demo bank server`: the command line of the bank."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.bank.narration import NARRATION
from demo.commands.options import BANK_ADDRESS, application_of, key_plan, listening_options
from demo.commands.party_command import PartyCommand
from demo.party.party import Party


def _options(parser: Parser) -> None:
    listening_options(parser, BANK_ADDRESS)


def _bank(party: Party, arguments: argparse.Namespace) -> None:
    from demo.bank.server import run_bank

    application = application_of(arguments, party.name, key_plan(arguments))
    run_bank(party, listen=arguments.listen, application=application)


COMMAND = PartyCommand(
    name="bank server",
    party="server",
    description="The bank: enrols with the TTP, checks its ledger, and serves its customers until it is told to end. "
    "Anyone who shows a certificate of the TTP has an account of that name.",
    options=_options,
    work=_bank,
    narration=NARRATION,
)
