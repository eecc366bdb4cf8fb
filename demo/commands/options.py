"""The options that several commands have, and what their values come to.

A wrong command gets one line that says what was expected, and exit status 2.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.command_line import CommandError, Parser, checked, program_name
from console.files import read_limited
from demo.commands import option_values
from demo.commands.asking import ask_on_terminal
from demo.party.address import Address
from demo.party.subject import DEFAULTS, DNS_NAME, SERVER_NAME, Subject, dns_name

if TYPE_CHECKING:
    from demo.enrolling.applicant import Application
    from demo.party.keys import KeyPlan
    from pki.crl import CertificateRevocationList

PROGRAM = program_name("demo")
TTP_ADDRESS, SERVER_ADDRESS, BANK_ADDRESS, CHAT_ADDRESS = (f"127.0.0.1:{7400 + number}" for number in range(4))
DIRECTORY = Path("cutaway-state")
PATIENCE = 300.0  # seconds in which people can start three parties by hand


def listening_options(parser: Parser, default: str) -> None:
    """Add where to listen."""
    parser.add_argument(
        "--listen",
        type=checked(Address.parse),
        default=Address.parse(default),
        metavar="HOST:PORT",
        help=f"where to listen; port 0 takes a free one (default: {default})",
    )


def crl_option(parser: Parser) -> None:
    """Add the CRLs (certificate revocation lists)."""
    parser.add_argument(
        "--crl",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a CRL, in PEM or DER, as the TTP issues them",
    )


def crls_of(arguments: argparse.Namespace) -> list[CertificateRevocationList]:
    """Return the CRLs; raise `CommandError` if a file is not a CRL."""
    from pki.crl import CertificateRevocationList

    lists = []
    for path in arguments.crl:
        try:
            data = read_limited(path, limit=CertificateRevocationList.MAX_FILE)
            lists += CertificateRevocationList.all_from(data)
        except OSError as error:
            raise CommandError(f"cannot read {path}: {error.strerror}") from None
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from None
    return lists


def connecting_options(parser: Parser, default: str) -> None:
    """Add where the server is, and who it must be."""
    parser.add_argument(
        "--connect",
        type=checked(Address.parse),
        default=Address.parse(default),
        metavar="HOST:PORT",
        help=f"where the server is (default: {default})",
    )
    parser.add_argument(
        "--server-name",
        type=checked(dns_name),
        default=SERVER_NAME,
        metavar="NAME",
        help=f"the DNS name that the server's certificate must be for (default: {SERVER_NAME})",
    )


def introduction_options(parser: Parser) -> None:
    """Add how the party and the TTP come to know each other."""
    group = parser.add_argument_group("the TTP")
    group.add_argument(
        "--ttp",
        type=checked(Address.parse),
        default=Address.parse(TTP_ADDRESS),
        metavar="HOST:PORT",
        help=f"where the TTP is (default: {TTP_ADDRESS})",
    )
    group.add_argument(
        "--code",
        metavar="CODE",
        help="the enrolment code (default: from the TTP's introduction letter in the state directory)",
    )
    group.add_argument(
        "--root", type=Path, metavar="FILE", help="the TTP's root certificate (default: in the state directory)"
    )
    group.add_argument(
        "--fingerprint",
        type=checked(option_values.fingerprint),
        metavar="HEX",
        help="the root certificate's SHA-256 fingerprint (default: from the introduction letter)",
    )


def name_options(parser: Parser, party: str) -> None:
    """Add the names in a party's certificate."""
    default = DEFAULTS[party]
    group = parser.add_argument_group("the names in the certificate")
    group.add_argument("--ask", action="store_true", help="ask for each name on the terminal")
    for option, text in (
        ("--common-name", default.common_name),
        ("--country", default.country),
        ("--state", default.state),
        ("--locality", default.locality),
        ("--organization", default.organization),
    ):
        group.add_argument(option, default=text, metavar="NAME", help=f"(default: {text})")
    if party != "ttp":
        group.add_argument(
            "--dns-name",
            action="append",
            metavar="NAME",
            help=f"may be given several times (default: {default.dns_names[0]})",
        )


def run_options(parser: Parser, *, directory: Path | None) -> None:
    """Add where things are kept, and how the run goes.

    directory: the default; None if nothing is kept then.
    """
    group = parser.add_argument_group("the run")
    group.add_argument(
        "--directory",
        type=Path,
        default=directory,
        metavar="DIR",
        help="where keys and certificates are kept"
        + (f" (default: {directory})" if directory else " (default: nowhere)"),
    )
    group.add_argument(
        "--seed",
        type=checked(option_values.seed),
        metavar="N",
        help="make up randomness and time from N, so that the run repeats byte for byte: INSECURE",
    )
    group.add_argument("--json", action="store_true", help="report in lines of JSON, for programs")


def waiting_options(parser: Parser) -> None:
    """Add a party's time and time limits."""
    group = parser.add_argument_group("time")
    group.add_argument(
        "--at",
        type=checked(option_values.moment),
        metavar="TIME",
        help="take TIME for now, such as 2030-12-31T23:59:59Z",
    )
    group.add_argument(
        "--timeout",
        type=checked(option_values.seconds),
        default=PATIENCE,
        metavar="SECONDS",
        help=f"how long to wait for the others (default: {PATIENCE:g})",
    )
    group.add_argument("--parent-pipe", action="store_true", help="end when standard input ends")


def person_option(parser: Parser) -> None:
    """Add who the client is."""
    parser.add_argument(
        "--name",
        type=checked(option_values.party_name),
        metavar="NAME",
        help="your name, for which the TTP has to have been started with --enrol NAME (default: the client of the OTP "
        "exchange)",
    )


def reveal_option(parser: Parser) -> None:
    """Add whether the party reports its secrets, too."""
    parser.add_argument(
        "--reveal",
        action="store_true",
        help="with --json: report all secrets, too, and the steps of the algorithms: INSECURE",
    )


def subject_of(arguments: argparse.Namespace, party: str) -> Subject:
    """Return the names that the command line gives, and with --ask what the person answers.

    Raises `CommandError` if a certificate cannot carry them.

    A party with a common name of its own that is a DNS name has that as its DNS name, too.
    """
    person = getattr(arguments, "name", None)
    if person is not None and arguments.common_name == DEFAULTS["client"].common_name:
        arguments.common_name = person
    default = DEFAULTS.get(party, DEFAULTS["client"])
    names = tuple(getattr(arguments, "dns_name", None) or ())
    if not names and default.dns_names:
        own = arguments.common_name != default.common_name and DNS_NAME.fullmatch(arguments.common_name)
        names = (arguments.common_name,) if own else default.dns_names
    try:
        subject = Subject(
            arguments.common_name,
            arguments.country,
            arguments.state,
            arguments.locality,
            arguments.organization,
            names,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None
    return ask_on_terminal(subject, about=party) if arguments.ask else subject


def application_of(arguments: argparse.Namespace, party: str, plan: KeyPlan) -> Application:
    """Return what the party applies to the TTP for, and how they come to know each other; raise as `subject_of` does.

    plan: what key it is to have.
    """
    from demo.enrolling.applicant import (  # inside, as below: a command without it starts faster
        Application,
        Introduction,
    )

    subject = subject_of(arguments, party)
    introduction = Introduction(
        ttp=arguments.ttp, root_file=arguments.root, root_fingerprint=arguments.fingerprint, code=arguments.code
    )
    return Application(subject, introduction, plan)


def phases_option(parser: Parser) -> None:
    """Add whether to show more of what is sent."""
    parser.add_argument(
        "--phases",
        action="store_true",
        help="show requests and certificates as PEM, random values whole, and where each check of a certificate is "
        "written",
    )


def passphrase_options(parser: Parser) -> None:
    """Add what encrypts private keys."""
    group = parser.add_argument_group("the passphrase", "Under it, new private keys are encrypted.")
    group.add_argument("--passphrase", action="store_true", help="ask for it on the terminal")
    group.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line")
    group.add_argument("--passphrase-env", metavar="VARIABLE", help="what the environment variable holds")


def key_plan(arguments: argparse.Namespace, hash: str = "sha384") -> KeyPlan:
    """Return what key a party is to have: an RSA key of 2048 bits, and encrypted if the command line says so.

    hash: with which hash function it signs.
    """
    from demo.party.keys import KeyPlan, RSAKeys
    from pki.commands.passphrases import Passphrase

    file, variable = arguments.passphrase_file, arguments.passphrase_env
    wanted = sum((arguments.passphrase, file is not None, variable is not None))
    if wanted > 1:
        raise CommandError("there is one passphrase: give one of --passphrase, --passphrase-file and --passphrase-env")
    return KeyPlan(RSAKeys(2048), hash, Passphrase(file, variable) if wanted else None)
