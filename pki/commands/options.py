"""The command line of `python -m pki`. A wrong one gets one line that says what was expected, and exit status 2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from console.command_line import Parser, checked, program_name
from pki.commands.ocsp_options import add_actions
from pki.commands.option_values import (
    ALGORITHMS,
    PROFILES,
    PUBLIC_FORMS,
    PURPOSES,
    SIGNING,
    depth,
    general_subtree,
    parse_name,
    requested_name,
    serial_number,
    time_text,
)
from pki.crl import RevocationReason
from pki.inspect.file_contents import ASN1
from pki.inspect.file_contents import KINDS as FILE_KINDS
from pki.keys import PrivateKeyForm
from pki.path.profiles import Profile

PROGRAM = program_name("pki")
DIRECTORY = Path("authority")
REASONS = {
    reason.name.lower().replace("_", "-"): reason
    for reason in RevocationReason
    if reason not in (RevocationReason.CERTIFICATE_HOLD, RevocationReason.REMOVE_FROM_CRL)
}
TIME_HELP = "a date, with or without a time, or a duration such as 90d or 2y, backwards with =-90d"

EPILOG = f"""\
First steps, with an authority in the directory `authority`:
  {PROGRAM} init "Example Root"
  {PROGRAM} request bank.example bank.example --key bank.key --out bank.req
  {PROGRAM} sign bank.req --out bank.pem
  {PROGRAM} verify bank.pem --name bank.example
  {PROGRAM} explain bank.pem | less

`-` is standard input or output. No file is ever overwritten; private keys are for
their owner alone. The exit status is 0; 1 if something was refused; 2 if the
command could not be done.
"""


def parser() -> Parser:
    """Return the parser of the whole command line."""
    whole = Parser(
        prog=PROGRAM,
        description="A certificate authority in a directory, and a magnifying glass for certificates, requests, lists "
        "of revoked certificates and keys.",
        epilog=EPILOG,
    )
    whole.add_version()
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, description, add in COMMANDS:
        command = commands.add_parser(name, description=description, help=description)
        add(command)
        if name != "ocsp":  # whose commands have the option each
            command.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    return whole


def _init(parser: Parser) -> None:
    _subject(parser, "the authority's", nargs="?")
    _directory(parser)
    parser.add_argument(
        "--certificate", metavar="FILE", help="instead of a name: the certificate that another authority issued for it"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the private key of that certificate")
    _algorithm(parser, SIGNING)
    _validity(parser, "10y")
    _pss(parser)
    _passphrase(parser)
    _encrypt(parser)


def _request(parser: Parser) -> None:
    _subject(parser, "your")
    _names(parser)
    parser.add_argument(
        "--key",
        type=Path,
        default=Path("key.pem"),
        metavar="FILE",
        help="the private key; made and written there if the file does not exist (default: key.pem)",
    )
    _algorithm(parser, SIGNING)
    _pss(parser)
    _passphrase(parser)
    _encrypt(parser)
    _out(parser, "the request")


def _key(parser: Parser) -> None:
    parser.add_argument(
        "--key",
        type=Path,
        default=Path("key.pem"),
        metavar="FILE",
        help="the private key; made and written there if the file does not exist (default: key.pem)",
    )
    _algorithm(parser, ALGORITHMS)
    parser.add_argument(
        "--public-form",
        choices=list(PUBLIC_FORMS),
        default="pem",
        help="what the public key is written as: for OpenSSH, or in JSON (JWK) (default: pem)",
    )
    parser.add_argument(
        "--form",
        choices=[form.value for form in PrivateKeyForm],
        help="what a new key of ML-DSA or ML-KEM is written as (default: seed)",
    )
    _passphrase(parser)
    _encrypt(parser)
    _out(parser, "the public key")


def _issue(parser: Parser) -> None:
    _subject(parser, "the holder's")
    _names(parser)
    parser.add_argument(
        "--public-key",
        required=True,
        metavar="FILE",
        help="a public key of ML-KEM, X25519 or X448; others are certified by `sign`",
    )
    _directory(parser)
    _validity(parser, "1y")
    _pss(parser)
    _passphrase(parser)
    _out(parser, "the certificate")


def _sign(parser: Parser) -> None:
    parser.add_argument("request", metavar="REQUEST", help="the file with the request")
    _directory(parser)
    _validity(parser, "1y")
    parser.add_argument(
        "--for",
        dest="purposes",
        action="append",
        choices=sorted(PURPOSES),
        help="what the certificate is for; may be given several times (default: server and client)",
    )
    parser.add_argument("--authority", action="store_true", help="certify an authority below this one")
    parser.add_argument(
        "--path-length", type=int, metavar="N", help="how many authorities may stand below that one (default: any)"
    )
    for option, text in (
        ("--permit", "that authority may certify only these"),
        ("--exclude", "it may not certify these"),
    ):
        parser.add_argument(
            option,
            type=checked(general_subtree),
            action="append",
            default=[],
            metavar="NAMES",
            help=f"{text}: a host name and all below it, or addresses such as 192.0.2.0/24",
        )
    _pss(parser)
    _passphrase(parser)
    _out(parser, "the certificate")


def _show(parser: Parser) -> None:
    _files(parser)
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="opens PKCS #12: the passphrase is the file's first line"
    )
    group.add_argument("--passphrase-env", metavar="VARIABLE", help="it is in this environment variable")


def _export(parser: Parser) -> None:
    parser.add_argument(
        "certificate", metavar="FILE", help="the certificate, and after it any others of its chain, the own one first"
    )
    parser.add_argument(
        "--key", type=Path, default=Path("key.pem"), metavar="FILE", help="its private key (default: key.pem)"
    )
    parser.add_argument(
        "--chain", action="append", default=[], metavar="FILE", help="certificates of the authorities above it"
    )
    parser.add_argument("--name", metavar="TEXT", help="what programs show (default: the common name)")
    _passphrase(parser)
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE", help="the new file's passphrase is this file's first line"
    )
    group.add_argument("--new-passphrase-env", metavar="VARIABLE", help="it is in this environment variable")
    _out(parser, "the file")


def _verify(parser: Parser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="the certificate, and after it any others of its chain, in any order"
    )
    parser.add_argument(
        "--root",
        action="append",
        metavar="FILE",
        help=f"certificates that are trusted; may be given several times (default: {DIRECTORY}/certificate.pem)",
    )
    parser.add_argument(
        "--chain", action="append", default=[], metavar="FILE", help="more certificates that may be of help"
    )
    parser.add_argument("--crl", action="append", default=[], metavar="FILE", help="certificate revocation list (CRL)")
    parser.add_argument("--ocsp", action="append", default=[], metavar="FILE", help="OCSP response")
    parser.add_argument("--name", metavar="NAME", help="the host name or IP address that it must be for")
    parser.add_argument(
        "--for", dest="purpose", choices=sorted(PURPOSES), help="what it must be for (default: anything)"
    )
    parser.add_argument(
        "--profile",
        choices=sorted(PROFILES),
        default=Profile.PATH.value,
        help="insist on path validation alone (default), also on RFC 5280's profile, or also on the Web's rules",
    )
    parser.add_argument(
        "--max-depth",
        type=checked(depth),
        metavar="N",
        help="at most so many authorities between it and a root",
    )
    parser.add_argument(
        "--at", type=checked(time_text), default="0s", metavar="TIME", help=f"take this for now: {TIME_HELP}"
    )


def _explain(parser: Parser) -> None:
    _files(parser)
    parser.add_argument(
        "--as",
        dest="kind",
        choices=(*FILE_KINDS, ASN1),
        help=f"take it for this, whatever it seems to be; {ASN1}: for values of which only the types are known",
    )
    parser.add_argument(
        "--lenient", action="store_true", help="read on where DER forbids what BER allows, and mark each such place"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--tree", action="store_true", help="only the tree of fields")
    form.add_argument("--hex", action="store_true", help="only the annotated hex dump")


def _list(parser: Parser) -> None:
    _directory(parser)


def _renew(parser: Parser) -> None:
    parser.add_argument(
        "serial_number", type=checked(serial_number), metavar="SERIAL", help="of the certificate to be followed"
    )
    parser.add_argument("--request", metavar="FILE", help="a new request, with a new key (default: the old request)")
    _directory(parser)
    _pss(parser)
    _passphrase(parser)
    _out(parser, "the certificate")


def _revoke(parser: Parser) -> None:
    parser.add_argument("serial_number", type=checked(serial_number), metavar="SERIAL", help="of the certificate")
    parser.add_argument("--reason", choices=list(REASONS), default="unspecified", help="(default: unspecified)")
    _directory(parser)
    _passphrase(parser)


def _crl(parser: Parser) -> None:
    parser.add_argument(
        "--next-update",
        type=checked(time_text),
        default="7d",
        metavar="TIME",
        help="by when there will be another list (default: 7d)",
    )
    _directory(parser)
    _pss(parser)
    _passphrase(parser)
    _out(parser, "the list")


def _ocsp(parser: Parser) -> None:
    add_actions(parser, DIRECTORY)


COMMANDS = (
    ("init", "Make an authority: private key, certificate and registry.", _init),
    ("request", "Ask for a certificate: make a key, unless there is one, and a request.", _request),
    ("key", "Make a private key, unless there is one, and write its public key.", _key),
    ("sign", "Issue a certificate for a request, and record it.", _sign),
    (
        "issue",
        "Issue a certificate for a key that cannot sign a request (ML-KEM, X25519, X448), and record it.",
        _issue,
    ),
    ("show", "Print what certificates, requests, lists and keys say.", _show),
    ("verify", "Verify a certificate and its chain, and tell each check and its outcome.", _verify),
    ("explain", "Print every byte of a file: its label, value and section, what it is and why.", _explain),
    ("export", "Put a key and its certificates into one file (PKCS #12), for browsers and Windows.", _export),
    ("list", "List the certificates that the authority has issued.", _list),
    ("renew", "Issue a certificate that follows another one.", _renew),
    ("revoke", "Record that a certificate holds no longer.", _revoke),
    ("ocsp", "Ask how a certificate stands, or answer that (OCSP).", _ocsp),
    ("crl", "Issue the certificate revocation list (CRL).", _crl),
)


def _subject(parser: Parser, whose: str, *, nargs: str | None = None) -> None:
    parser.add_argument(
        "name",
        nargs=nargs,
        type=checked(parse_name),
        metavar="NAME",
        help=f"{whose} name: a common name, or such as 'C=IN, O=Example, CN=Example Root'",
    )


def _names(parser: Parser) -> None:
    parser.add_argument(
        "names",
        nargs="*",
        type=checked(requested_name),
        metavar="HOST",
        help="a host name or an IP address to be certified, as well",
    )


def _directory(parser: Parser) -> None:
    parser.add_argument(
        "--directory", type=Path, default=DIRECTORY, metavar="DIR", help=f"the authority's (default: {DIRECTORY})"
    )


def _algorithm(parser: Parser, choices: Sequence[str]) -> None:
    parser.add_argument(
        "--algorithm",
        "--kind",
        dest="kind",
        choices=choices,
        default="rsa",
        help="the algorithm of a new key (default: rsa, 2048 bits)",
    )


def _pss(parser: Parser) -> None:
    parser.add_argument("--pss", action="store_true", help="sign with RSASSA-PSS, if the key is an RSA key")


def _validity(parser: Parser, default: str) -> None:
    for option, initial, what in (("--not-before", "0s", "from when"), ("--not-after", default, "until when")):
        parser.add_argument(
            option,
            type=checked(time_text),
            default=initial,
            metavar="TIME",
            help=f"{what} it holds: {TIME_HELP} (default: {'now' if initial == '0s' else initial})",
        )


def _passphrase(parser: Parser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="the private key's passphrase is the file's first line"
    )
    group.add_argument("--passphrase-env", metavar="VARIABLE", help="it is in this environment variable")


def _encrypt(parser: Parser) -> None:
    parser.add_argument(
        "--encrypt", action="store_true", help="encrypt a new private key (as both options above do), and ask with what"
    )


def _out(parser: Parser, what: str) -> None:
    parser.add_argument("--out", default="-", metavar="FILE", help=f"where to write {what} (default: -)")


def _files(parser: Parser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="PEM or DER")
