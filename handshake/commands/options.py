"""The command line of `python -m handshake`: its options, and the configurations that they make.

Standard     None: in the manner of `openssl s_client` and `openssl s_server`.
Left out     Nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from console.command_line import Parser, program_name
from console.files import read_limited
from handshake.commands.crl_files import CRLFiles
from handshake.commands.psk_files import read_psks
from handshake.commands.system_roots import system_roots
from handshake.configuration import ClientConfiguration, Identity, ServerConfiguration, system_time
from handshake.listener import USUAL_LIMITS
from handshake.registries.groups import group_by_name
from handshake.registries.signature_schemes import scheme_by_name
from handshake.sessions.file import SessionFile
from handshake.sessions.stores import SessionCache
from handshake.sessions.tickets import TicketKeys
from handshake.suites.by_name import suite_of
from handshake.suites.table import SUITES, CipherSuite
from handshake.suites.tls13 import TLS13_SUITES, TLS13Suite
from pki.bundle import read_bundle
from pki.commands.passphrases import Passphrase
from pki.path.server_identity import parse_server_name
from pki.x509 import Certificate
from record.codes import TLS_1_2, TLS_1_3

PROGRAM = program_name("handshake")

VERSIONS = {"1.3": TLS_1_3, "1.2": TLS_1_2}

Thing = TypeVar("Thing")


def parser() -> Parser:
    """Return the parser of the whole command line."""
    whole = Parser(prog=PROGRAM, description="TLS 1.3 and 1.2 over TCP, with our own implementation.")
    whole.add_version()
    commands = whole.add_subparsers(dest="command", required=True, metavar="client|server", parser_class=Parser)
    client = commands.add_parser("client", help="connect: standard input goes to the peer, and what it says to output")
    client.add_argument("address", metavar="HOST:PORT", type=_address)
    client.add_argument("--ca", metavar="FILE", help="the trusted certificates, in PEM (default: the system's)")
    client.add_argument(
        "--no-verify", action="store_true", help="go on if the certificate does not hold, and say why: insecure"
    )
    client.add_argument("--certs", metavar="FILE", help="keep the certificates that the server shows, in PEM")
    client.add_argument("--json", action="store_true", help="tell as JSON what was negotiated, or what went wrong")
    client.add_argument("--key-update", action="store_true", help="have both sides change keys before any data")
    client.add_argument("--post-handshake-auth", action="store_true", help="show our certificate later, too, if asked")
    client.add_argument("--cert", metavar="FILE", help="our certificate and its intermediates, in PEM")
    client.add_argument("--key", metavar="FILE", help="the private key of our certificate")
    client.add_argument("--server-name", metavar="NAME", help="whom the certificate must be for (default: HOST)")
    client.add_argument("--session", metavar="FILE", help="resume the session in FILE, and keep it there: it is secret")
    client.add_argument(
        "--key-shares", metavar="NAMES", type=_list_of(group_by_name), help="groups to send a share in at once"
    )
    client.add_argument(
        "--early-data",
        metavar="FILE",
        help="send FILE at once if the session allows it; an attacker can have the server read it again",
    )
    server = commands.add_parser("server", help="listen, and serve many clients at a time")
    server.add_argument("port", metavar="PORT", type=_port, help="0 takes any that is free, and says which")
    server.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    server.add_argument("--cert", metavar="FILE", required=True, action="append", help="certificate and intermediates")
    server.add_argument("--key", metavar="FILE", required=True, action="append", help="its key; both may repeat")
    server.add_argument("--client-ca", metavar="FILE", help="require certificates of clients, issued by one of these")
    server.add_argument("--client-optional", action="store_true", help="ask for them, and let others in as well")
    server.add_argument("--ask-later", action="store_true", help="ask for them after the handshake, in TLS 1.3")
    server.add_argument("--cookie", action="store_true", help="have each client of TLS 1.3 begin again, with a cookie")
    server.add_argument("--tickets", metavar="N", type=_number, default=2, help="give so many tickets in TLS 1.3")
    server.add_argument("--client-order", action="store_true", help="choose the suite that the client prefers")
    server.add_argument("--no-tickets", action="store_true", help="resume sessions by their IDs only")
    server.add_argument(
        "--early-data", metavar="BYTES", type=_count, default=0, help="take so many bytes of early data in TLS 1.3"
    )
    server.add_argument("--no-resumption", action="store_true", help="resume no sessions")
    server.add_argument(
        "--per-address",
        metavar="N",
        type=_count,
        default=USUAL_LIMITS.per_address,
        help="clients of one address in their handshake at a time; more of them wait (default: %(default)s)",
    )
    manner = server.add_mutually_exclusive_group()
    manner.add_argument("--echo", action="store_true", help="send everything back")
    manner.add_argument("--http", action="store_true", help="answer GET with a small page")
    for command in (client, server):
        _add_common(command)
    return whole


def _add_common(command: argparse.ArgumentParser) -> None:
    for name, kind, find in (
        ("suites", "cipher suites, by IANA's names or OpenSSL's", _suite),
        ("groups", "groups, such as X25519MLKEM768:x25519:secp256r1:ffdhe2048", group_by_name),
        ("schemes", "signature schemes, such as ed25519:rsa_pss_rsae_sha256", scheme_by_name),
    ):
        command.add_argument(f"--{name}", metavar="NAMES", type=_list_of(find), help=f"{kind}; colons between them")
    command.add_argument("--tls", choices=list(VERSIONS), help="speak this version only (default: the highest of both)")
    command.add_argument(
        "--crl",
        metavar="FILE",
        action="append",
        default=[],
        help="a CRL, in PEM or DER, read again when it changes; every certificate of the peer has to be decided by one",
    )
    command.add_argument(
        "--crl-lenient", action="store_true", help="let peers in about whom the CRLs leave it open: insecure"
    )
    command.add_argument(
        "--legacy",
        action="store_true",
        help="go along with old peers: signatures with SHA-1 and SHA-224, and ClientHellos of SSL 2.0's form: insecure",
    )
    command.add_argument("--psk", metavar="FILE", help="keys that both sides have: lines 'identity:key in hex'")
    command.add_argument("--psk-ke", action="store_true", help="let them do without a key exchange: no forward secrecy")
    command.add_argument("--compress-certificates", action="store_true", help="take and send them compressed")
    command.add_argument("--grease", action="store_true", help="send values that mean nothing, for peers to ignore")
    command.add_argument("--alpn", metavar="NAMES", type=_list_of(str), help="protocols, such as http/1.1:h2")
    command.add_argument("--no-encrypt-then-mac", action="store_true", help="do without RFC 7366")
    command.add_argument("--no-extended-master-secret", action="store_true", help="do without RFC 7627")
    command.add_argument("--record-size-limit", metavar="BYTES", type=int, help="take only records of so many bytes")
    command.add_argument(
        "--keylog", metavar="FILE", help="append the secrets for Wireshark (default: the variable SSLKEYLOGFILE)"
    )
    command.add_argument("--pcap", metavar="FILE", help="capture what goes over the wire, with the secrets to read it")
    passphrase = command.add_mutually_exclusive_group()
    passphrase.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="the private key's passphrase is the file's first line"
    )
    passphrase.add_argument("--passphrase-env", metavar="VARIABLE", help="it is in this environment variable")
    command.add_argument(
        "--explain", action="store_true", help="print every message: its fields, what each is and why it is there"
    )


def client_configuration(arguments: argparse.Namespace, warn: Callable[[str], None]) -> ClientConfiguration:
    """Return what the client's options say; raise `ValueError`, `OSError` or `CommandError` for unusable files."""
    if (arguments.cert is None) != (arguments.key is None):
        raise ValueError("--cert and --key are given together or not at all")
    return ClientConfiguration(
        roots=read_trusted(arguments.ca) if arguments.ca else read_system_roots(),
        verify_server=not arguments.no_verify,
        certificate_on_request=arguments.post_handshake_auth,
        server_name=arguments.server_name or arguments.address[0],
        certificate_chain=read_certificates(arguments.cert) if arguments.cert else (),
        private_key=_passphrase(arguments).load(Path(arguments.key)) if arguments.key else None,
        sessions=SessionFile(arguments.session) if arguments.session else None,
        key_shares=arguments.key_shares,
        early_data=read_limited(arguments.early_data) if arguments.early_data else b"",
        **_common(arguments, warn),
    )


def server_configuration(arguments: argparse.Namespace, warn: Callable[[str], None]) -> ServerConfiguration:
    """Return what the server's options say; raise `ValueError`, `OSError` or `CommandError` for unusable files."""
    if len(arguments.cert) != len(arguments.key):
        raise ValueError("there must be as many --key as --cert")
    for option in ("client_optional", "ask_later"):
        if getattr(arguments, option) and not arguments.client_ca:
            raise ValueError(f"--{option.replace('_', '-')} needs --client-ca")
    first, *others = (
        Identity(read_certificates(cert), _passphrase(arguments).load(Path(key)))
        for cert, key in zip(arguments.cert, arguments.key, strict=True)
    )
    return ServerConfiguration(
        certificate_chain=first.certificate_chain,
        private_key=first.private_key,
        more_identities=others,
        prefer_client_order=arguments.client_order,
        client_roots=read_trusted(arguments.client_ca) if arguments.client_ca else (),
        require_client_certificate=not arguments.client_optional,
        ticket_keys=None if arguments.no_tickets or arguments.no_resumption else TicketKeys(),
        session_cache=None if arguments.no_resumption else SessionCache(),
        maximum_early_data=arguments.early_data,
        certificate_on_request=arguments.ask_later,
        send_cookie=arguments.cookie,
        tickets=arguments.tickets,
        **_common(arguments, warn),
    )


def read_trusted(path: str) -> Sequence[Certificate]:
    """Return the certificates in a file of trusted ones, and say which are left out because they are no DER."""
    try:
        certificates, left_out = read_bundle(read_limited(path))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    for text in left_out:
        sys.stderr.write(f"left out of {path}: {text}\n")
    return certificates


def read_system_roots() -> Sequence[Certificate]:
    """Return the certificates that this system trusts; raise `ValueError` if its file is not where it is looked for.

    What is left out of them is not said: nobody here has chosen the file.
    """
    path = system_roots()
    try:
        return read_bundle(read_limited(path))[0]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def read_certificates(path: str) -> Sequence[Certificate]:
    """Return the certificates in a file; raise `ValueError` if it holds no certificate."""
    try:
        certificates = Certificate.all_from_pem(read_limited(path))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not certificates:
        raise ValueError(f"{path} holds no certificate")
    return certificates


def _passphrase(arguments: argparse.Namespace) -> Passphrase:
    return Passphrase(arguments.passphrase_file, arguments.passphrase_env)


def _common(arguments: argparse.Namespace, warn: Callable[[str], None]) -> dict[str, Any]:
    suites = arguments.suites or ()
    older = [suite for suite in suites if isinstance(suite, CipherSuite)]
    newer = [suite for suite in suites if isinstance(suite, TLS13Suite)]
    versions = (VERSIONS[arguments.tls],) if arguments.tls else tuple(VERSIONS.values())
    if suites:  # a version of which no suite is named is not spoken
        versions = tuple(version for version in versions if (newer if version == TLS_1_3 else older))
        if not versions:
            raise ValueError(f"--suites has no suite of TLS {arguments.tls}")
    chosen = {
        "versions": versions,
        "suites": older or None,
        "tls13_suites": newer or None,
        "groups": arguments.groups,
        "signature_schemes": arguments.schemes,
        "protocols": arguments.alpn,
        "record_size_limit": arguments.record_size_limit,
        "external_psks": read_psks(arguments.psk) if arguments.psk else None,
    }
    return {name: value for name, value in chosen.items() if value is not None} | {
        "crls": CRLFiles(arguments.crl, clock=system_time, warn=warn) if arguments.crl else (),
        "require_revocation_status": bool(arguments.crl) and not arguments.crl_lenient,
        "legacy": arguments.legacy,
        "psk_without_key_exchange": arguments.psk_ke,
        "compress_certificates": arguments.compress_certificates,
        "grease": arguments.grease,
        "encrypt_then_mac": not arguments.no_encrypt_then_mac,
        "extended_master_secret": not arguments.no_extended_master_secret,
    }


def _suite(name: str) -> CipherSuite | TLS13Suite:
    suites: list[CipherSuite | TLS13Suite] = [*TLS13_SUITES.values(), *SUITES.values()]
    return suite_of(name, suites)


def _list_of(find: Callable[[str], Thing]) -> Callable[[str], list[Thing]]:
    def read(text: str) -> list[Thing]:
        try:
            return [find(name) for name in text.replace(",", ":").split(":")]
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _count(text: str) -> int:
    """Return a number of at least 1."""
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def _number(text: str) -> int:
    """Return a number of at most 100."""
    if not text.isascii() or not text.isdecimal() or int(text) > 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 100")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, expected a number from 0 to 65535")
    return int(text)


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address, expected HOST:PORT")
    try:
        parse_server_name(host)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return host, _port(port)
