"""`python -m demo bank server`: the command line of the bank."""

from __future__ import annotations

import argparse

from console.command_line import Parser
from demo.bank.narration import NARRATION
from demo.commands.options import (
    BANK_ADDRESS,
    DIRECTORY,
    PROGRAM,
    introduction_of,
    introduction_options,
    key_plan,
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
    """Return the parser of `python -m demo bank server`."""
    line = Parser(
        prog=f"{PROGRAM} bank server",
        description="The bank: enrols with the TTP, checks its ledger, and serves its customers until it is told to "
        "end. Whoever shows a certificate of the TTP has an account of that name.",
    )
    listening_options(line, BANK_ADDRESS)
    introduction_options(line)
    name_options(line, "server")
    run_options(line, directory=DIRECTORY)
    passphrase_options(line)
    waiting_options(line)
    return line


def run(arguments: argparse.Namespace) -> int:
    """Run the bank and return the exit status."""
    return run_party("server", arguments, _bank, narration=NARRATION)


def _bank(party: Party, arguments: argparse.Namespace) -> None:
    from demo.bank.server import run_bank

    run_bank(
        party,
        listen=arguments.listen,
        subject=subject_of(arguments, party.name),
        introduction=introduction_of(arguments),
        plan=key_plan(arguments),
    )
