"""The command lines of the demo: the story's, and one for each party by hand.

A wrong command gets one line that says what was expected, and exit status 2.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demo import option_types, otp
from demo.address import Address
from demo.failure import CommandError
from demo.option_types import checked
from demo.subject import DEFAULTS, DNS_NAME, SERVER_NAME, Subject, dns_name
from primitives.command_line import Parser

PROGRAM = "python -m demo"
TTP_ADDRESS, SERVER_ADDRESS = "127.0.0.1:7400", "127.0.0.1:7401"
DIRECTORY = Path("cutaway-state")
PATIENCE = 300.0  # seconds in which people can start three parties by hand


def story_parser() -> Parser:
    """Return the parser of `python -m demo`."""
    parser = Parser(
        prog=PROGRAM,
        description="Three parties, three processes: a bank's server sends its client a one-time password, first over "
        "a bare socket, then over a channel that they know each other on, thanks to a trusted third party (TTP).",
        epilog="By hand, in three terminals (each has a --help of its own):\n"
        f"  {PROGRAM} ttp\n  {PROGRAM} server\n  {PROGRAM} client",
    )
    _general(parser, directory=None)
    _message(parser)
    _suites(parser)
    parser.add_argument("--ask", action="store_true", help="ask for the names in the three certificates")
    return parser


def ttp_parser() -> Parser:
    """Return the parser of `python -m demo ttp`."""
    parser = Parser(
        prog=f"{PROGRAM} ttp",
        description="The trusted third party: makes a root, writes each applicant a letter with a one-time code, and "
        "certifies whoever shows it. Ends when everybody has enrolled.",
    )
    _listening(parser, TTP_ADDRESS)
    parser.add_argument(
        "--enrol",
        type=checked(option_types.applicant),
        action="append",
        metavar="APPLICANT[=NAME]",
        help="let the server or the client enrol, under that common name only; given again with another name, that may "
        "be a DNS name of its own as well (default: both, if not enrolled yet, under any names)",
    )
    parser.add_argument(
        "--stay",
        action="store_true",
        help="go on when everybody has enrolled: serve certificates to those who renew, and the list of revoked ones",
    )
    _names(parser, "ttp")
    _general(parser, directory=DIRECTORY)
    _party(parser)
    return parser


def server_parser() -> Parser:
    """Return the parser of `python -m demo server`."""
    parser = Parser(
        prog=f"{PROGRAM} server",
        description="The bank's server: enrols with the TTP, waits for the client, sends it the OTP, and ends when "
        "that is acknowledged.",
    )
    _listening(parser, SERVER_ADDRESS)
    parser.add_argument("--trivial", action="store_true", help="the trivial approach: a bare socket, no TLS")
    _message(parser)
    _suites(parser)
    _introduction(parser)
    _names(parser, "server")
    _general(parser, directory=DIRECTORY)
    _party(parser)
    return parser


def client_parser() -> Parser:
    """Return the parser of `python -m demo client`."""
    parser = Parser(
        prog=f"{PROGRAM} client",
        description="The bank's client: enrols with the TTP, connects to the server, receives the OTP, and "
        "acknowledges it.",
    )
    parser.add_argument(
        "--connect",
        type=checked(Address.parse),
        default=Address.parse(SERVER_ADDRESS),
        metavar="HOST:PORT",
        help=f"where the server is (default: {SERVER_ADDRESS})",
    )
    parser.add_argument(
        "--server-name",
        type=checked(dns_name),
        default=SERVER_NAME,
        metavar="NAME",
        help=f"the DNS name that the server's certificate must be for (default: {SERVER_NAME})",
    )
    parser.add_argument("--trivial", action="store_true", help="the trivial approach: a bare socket, no TLS")
    _suites(parser)
    _introduction(parser)
    _names(parser, "client")
    _general(parser, directory=DIRECTORY)
    _party(parser)
    return parser


def _listening(parser: Parser, default: str) -> None:
    parser.add_argument(
        "--listen",
        type=checked(Address.parse),
        default=Address.parse(default),
        metavar="HOST:PORT",
        help=f"where to listen; port 0 takes a free one (default: {default})",
    )


def _message(parser: Parser) -> None:
    group = parser.add_argument_group("the OTP message")
    group.add_argument(
        "--amount",
        type=checked(option_types.amount),
        default=otp.DEFAULT_AMOUNT,
        metavar="RUPEES",
        help="whole rupees (default: 1,00,000)",
    )
    group.add_argument(
        "--payee",
        type=checked(option_types.payee),
        default=otp.DEFAULT_PAYEE,
        metavar="WHO",
        help="whose account (default: your friend)",
    )
    group.add_argument(
        "--otp",
        type=checked(option_types.otp_code),
        default=otp.DEFAULT_CODE,
        metavar="CODE",
        help=f"the code, or the word random (default: {otp.DEFAULT_CODE})",
    )


def _suites(parser: Parser) -> None:
    parser.add_argument(
        "--suite",
        type=checked(option_types.suite),
        action="append",
        metavar="NAME",
        help="a cipher suite to agree on; may be given several times, the preferred one first "
        "(default: TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256, and its 256-bit sister)",
    )


def _introduction(parser: Parser) -> None:
    group = parser.add_argument_group("the TTP")
    group.add_argument(
        "--ttp",
        type=checked(Address.parse),
        default=Address.parse(TTP_ADDRESS),
        metavar="HOST:PORT",
        help=f"where the TTP is (default: {TTP_ADDRESS})",
    )
    group.add_argument(
        "--code", metavar="CODE", help="the enrolment code (default: from the TTP's letter in the state directory)"
    )
    group.add_argument(
        "--root", type=Path, metavar="FILE", help="the TTP's root certificate (default: in the state directory)"
    )
    group.add_argument(
        "--fingerprint",
        type=checked(option_types.fingerprint),
        metavar="HEX",
        help="the root certificate's SHA-256 fingerprint (default: from the letter)",
    )


def _names(parser: Parser, party: str) -> None:
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


def _general(parser: Parser, *, directory: Path | None) -> None:
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
        type=checked(option_types.seed),
        metavar="N",
        help="make up randomness and time from N, so that the run repeats byte for byte: INSECURE",
    )
    group.add_argument("--json", action="store_true", help="report in lines of JSON, for programs")


def _party(parser: Parser) -> None:
    group = parser.add_argument_group("time")
    group.add_argument(
        "--at",
        type=checked(option_types.moment),
        metavar="TIME",
        help="take TIME for now, such as 2030-12-31T23:59:59Z",
    )
    group.add_argument(
        "--timeout",
        type=checked(option_types.seconds),
        default=PATIENCE,
        metavar="SECONDS",
        help=f"how long to wait for the others (default: {PATIENCE:g})",
    )
    group.add_argument("--lifeline", action="store_true", help="end when standard input ends")


def applicants_of(arguments: argparse.Namespace) -> dict[str, tuple[str, ...]] | None:
    """Return who may enrol, each with the names that it may have (none: any); None if the command line does not say."""
    if arguments.enrol is None:
        return None
    return {
        who: tuple(name for applicant, name in arguments.enrol if applicant == who and name)
        for who, _ in arguments.enrol
    }


def subject_of(arguments: argparse.Namespace, party: str) -> Subject:
    """Return the names that the command line gives; raise `CommandError` if a certificate cannot carry them.

    A party with a common name of its own that is a DNS name has that as its DNS name, too.
    """
    default = DEFAULTS[party]
    names = tuple(getattr(arguments, "dns_name", None) or ())
    if not names and default.dns_names:
        own = arguments.common_name != default.common_name and DNS_NAME.fullmatch(arguments.common_name)
        names = (arguments.common_name,) if own else default.dns_names
    try:
        return Subject(
            arguments.common_name,
            arguments.country,
            arguments.state,
            arguments.locality,
            arguments.organization,
            names,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None
