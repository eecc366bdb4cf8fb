"""`python -m demo ttp`: the command line of the trusted third party."""

from __future__ import annotations

import argparse

from console.command_line import Parser, checked
from demo.commands import option_values
from demo.commands.options import (
    TTP_ADDRESS,
    key_plan,
    listening_options,
    phases_option,
    reveal_option,
    subject_of,
)
from demo.commands.party_command import PartyCommand
from demo.party.party import Party

APPLICANTS = {"rsa": ("server", "client"), "ecdsa": ("server-ec", "client-ec")}


def _options(parser: Parser) -> None:
    listening_options(parser, TTP_ADDRESS)
    parser.add_argument(
        "--enrol",
        type=checked(option_values.applicant),
        action="append",
        metavar="APPLICANT[=NAME]",
        help="let the server or the client enrol, under that common name only; given again with another name, that may "
        "be a DNS name of its own as well; or anybody else, such as asha, as a client of that name "
        "(default: server and client, if not enrolled yet, under any names)",
    )
    parser.add_argument(
        "--kex",
        choices=tuple(APPLICANTS),
        action="append",
        help="for which kind of keys the server and the client are to enrol by default (default: rsa)",
    )
    parser.add_argument(
        "--hash",
        choices=("sha256", "sha384"),
        default="sha384",
        help="the hash function that signs certificates; the root's own has SHA-256 (default: sha384)",
    )
    parser.add_argument(
        "--stay",
        action="store_true",
        help="go on when everybody has enrolled: serve certificates to those who renew, and the CRL",
    )
    phases_option(parser)
    reveal_option(parser)


def _ttp(party: Party, arguments: argparse.Namespace) -> None:
    from demo.ttp.ttp import Admission, run_ttp

    run_ttp(
        party,
        listen=arguments.listen,
        subject=subject_of(arguments, party.name),
        admission=Admission(_applicants_of(arguments), only_new=arguments.enrol is None, stay=arguments.stay),
        plan=key_plan(arguments, arguments.hash),
    )


def _applicants_of(arguments: argparse.Namespace) -> dict[str, tuple[str, ...]]:
    """Return who may enrol, each with the names that it may have (none: any)."""
    if arguments.enrol is None:
        kinds = dict.fromkeys(arguments.kex or ("rsa",))
        return {who: () for kind in kinds for who in APPLICANTS[kind]}
    return {
        who: tuple(name for applicant, name in arguments.enrol if applicant == who and name)
        for who, _ in arguments.enrol
    }


COMMAND = PartyCommand(
    name="ttp",
    party="ttp",
    description="The trusted third party: makes a root, writes each applicant an introduction letter with a one-time "
    "code, and certifies anyone who shows it. Ends when everybody has enrolled.",
    options=_options,
    work=_ttp,
)
