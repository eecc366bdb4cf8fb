"""The command line of `python -m pki ocsp`, which has commands of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from console.command_line import Parser, checked
from pki.certificate_status import ID_HASHES
from pki.commands.option_values import time_text

HASHES = [hash.name for hash in ID_HASHES.values()]


def add_actions(parser: Parser, directory: Path) -> None:
    """Add the commands. directory: the authority's, if none is given."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, description, add in ACTIONS:
        action = actions.add_parser(name, description=description, help=description)
        add(action)
        if name == "answer":
            action.add_argument(
                "--directory", type=Path, default=directory, metavar="DIR", help=f"(default: {directory})"
            )
        action.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def _request(parser: argparse.ArgumentParser) -> None:
    _about(parser)
    _asking(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="where to write the request, in DER")


def _answer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("request", metavar="REQUEST", help="the file with the request")
    parser.add_argument(
        "--responder", metavar="FILE", help="the certificate of a responder, for OCSPSigning (default: the authority)"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the responder's private key")
    parser.add_argument(
        "--next-update",
        type=checked(time_text),
        default="1h",
        metavar="TIME",
        help="until when the answer may be relied on (default: 1h)",
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the key's passphrase is its first line")
    group.add_argument("--passphrase-env", metavar="VARIABLE", help="it is in this environment variable")
    parser.add_argument("--out", required=True, metavar="FILE", help="where to write the response, in DER")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("response", metavar="RESPONSE", help="the file with the response")
    _about(parser)
    parser.add_argument("--request", metavar="FILE", help="the request, whose nonce the response must repeat")
    parser.add_argument("--at", type=checked(time_text), default="0s", metavar="TIME", help="take this for now")


def _ask(parser: argparse.ArgumentParser) -> None:
    _about(parser)
    parser.add_argument("--url", metavar="URL", help="the responder's (default: what the certificate says)")
    _asking(parser)
    parser.add_argument("--out", metavar="FILE", help="where to write the response, in DER")


ACTIONS = (
    ("request", "Make a request about a certificate.", _request),
    ("answer", "Answer a request out of the authority's registry.", _answer),
    ("check", "Check a response, and tell how the certificate stands.", _check),
    ("ask", "Ask a responder by HTTP, check what it says, and tell how the certificate stands.", _ask),
)


def _about(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("certificate", metavar="CERTIFICATE", help="the certificate that is asked about")
    parser.add_argument("--issuer", required=True, metavar="FILE", help="the certificate of its issuer")


def _asking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hash", choices=HASHES, default="sha1", help="names the issuer (default: sha1)")
    parser.add_argument("--no-nonce", action="store_true", help="do not ask for an answer made for this request")
