"""The commands that look at files: show, verify, explain."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from console.command_line import CommandError
from explain.layout import unexplained
from explain.showing.meaning_lines import NOTE
from pki.asn1.as_text import serial_text
from pki.bundle import read_bundle
from pki.commands.option_values import PURPOSES, parse_time
from pki.commands.options import DIRECTORY
from pki.commands.streams import note, read, say, say_json
from pki.crl import CertificateRevocationList
from pki.inspect import explanation
from pki.inspect.facts import as_json, as_text, facts_of
from pki.inspect.file_contents import Item, items_of
from pki.path.refusals import CertificateError
from pki.verify import Check, verify_chain
from pki.x509 import Certificate

REFUSED = 1
CERTIFICATE_FILE = "certificate.pem"
WIDTH = 80


def show(options: argparse.Namespace) -> int:
    """Print what the files say."""
    now = datetime.now(UTC)
    found = [(item, facts_of(item, at=now)) for name in options.files for item in items(name)]
    if options.json:
        say_json([{"kind": item.kind, **as_json(facts)} for item, facts in found])
        return 0
    for i, (item, facts) in enumerate(found):
        head = item.kind[:1].upper() + item.kind[1:]
        say(["", head] if i else [head])
        say(as_text(facts))
    return 0


def explain(options: argparse.Namespace) -> int:
    """Print every byte of the files."""
    found = [item for name in options.files for item in items(name)]
    for item in found:
        if gaps := unexplained(item.fields, len(item.data)):
            raise CommandError(
                f"the bytes {gaps} of the {item.kind} are not explained: that is a fault of this program"
            )
    if options.json:
        say_json([{"kind": item.kind, "fields": explanation.as_json(item)} for item in found])
        return 0
    for i, item in enumerate(found):
        say(["", f"{item.kind}, {len(item.data)} bytes"] if i else [f"{item.kind}, {len(item.data)} bytes"])
        if not options.hex:
            say([NOTE, "", *explanation.tree(item)])
        if not options.tree:
            say(["", *explanation.hex_dump(item)])
    return 0


def verify(options: argparse.Namespace) -> int:
    """Verify a chain, and print the tree of it."""
    leaf, *others = certificates(options.file)
    for name in options.chain:
        others += certificates(name)
    roots = [root for name in options.root or [str(DIRECTORY / CERTIFICATE_FILE)] for root in _roots(name)]
    at = parse_time(options.at, start=datetime.now(UTC), end_of_day=False)
    try:
        chain = verify_chain(
            leaf,
            intermediates=others,
            roots=roots,
            at=at,
            server_name=options.name,
            purpose=PURPOSES[options.purpose] if options.purpose else None,
            crls=[crl for name in options.crl for crl in _crls(name)],
        )
    except CertificateError as error:
        _refused(error, json=options.json)
        return REFUSED
    if options.json:
        say_json({"valid": True, "chain": _links(chain, chain.checks_by_certificate)})
    else:
        say(_tree(chain, chain.checks_by_certificate))
        say(["", "The chain holds."])
    return 0


def items(name: str) -> list[Item]:
    """Return what the file holds."""
    return _items(name, read(name))


def _items(name: str, data: bytes) -> list[Item]:
    try:
        found = items_of(data)
    except ValueError as error:
        raise CommandError(f"{_shown(name)}: {error}") from None
    if not found:
        raise CommandError(f"{_shown(name)}: nothing is in it")
    return found


def certificates(name: str) -> list[Certificate]:
    """Return the certificates in the file, one or more."""
    return _certificates(name, items(name))


def _certificates(name: str, among: list[Item]) -> list[Certificate]:
    found: list[Certificate] = []
    for item in among:
        match item.content:
            case Certificate() as certificate:
                found.append(certificate)
            case tuple() as several:
                found += several
    if not found:
        raise CommandError(f"{_shown(name)}: found {among[0].kind}, expected a certificate")
    return found


def _roots(name: str) -> list[Certificate]:
    """Return the certificates in a file of trusted ones, and say which are left out because they are not DER."""
    data = read(name)
    try:
        found, left_out = read_bundle(data)
    except ValueError:  # another form, or something else
        return _certificates(name, _items(name, data))
    for text in left_out:
        note(f"left out of {_shown(name)}: {text}")
    return found


def _crls(name: str) -> list[CertificateRevocationList]:
    try:
        return CertificateRevocationList.all_from(read(name, limit=CertificateRevocationList.MAX_FILE))
    except ValueError as error:
        raise CommandError(f"{_shown(name)}: expected a CRL: {error}") from None


def _shown(name: str) -> str:
    return "standard input" if name == "-" else str(Path(name))


def _from_root(
    chain: Sequence[Certificate], checks_by_certificate: Sequence[Sequence[Check]]
) -> list[tuple[Certificate, Sequence[Check]]]:
    return list(zip(reversed(chain), reversed(checks_by_certificate), strict=True))


def _tree(
    chain: Sequence[Certificate],
    checks_by_certificate: Sequence[Sequence[Check]],
    refused: CertificateError | None = None,
) -> Iterator[str]:
    """Give the lines of the chain as a tree, the root at its top, each certificate with its checks.

    refused: what came of the check that failed, if one did; those after it were not done.
    """
    links = _from_root(chain, checks_by_certificate)
    for depth, (certificate, checks) in enumerate(links):
        indent = "   " * depth
        head = str(certificate.subject) or f"serial number {serial_text(certificate.serial_number)}"
        branch = f"{indent[:-3]}└─ " if depth else ""
        yield from _filled(head, branch, indent)
        stem = indent + ("│  " if depth + 1 < len(links) else "   ")
        for check in checks:
            yield from _filled(f"✓ {check.name}: {check.outcome} ({check.section})", stem, stem + "  ")
        if refused is not None and certificate == refused.certificate:
            yield from _filled(f"✗ {refused.reason.name}", stem, stem + "  ")


def _filled(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False) or [first]


def _links(chain: Sequence[Certificate], checks_by_certificate: Sequence[Sequence[Check]]) -> list[dict[str, object]]:
    return [
        {
            "subject": str(certificate.subject),
            "serial_number": serial_text(certificate.serial_number),
            "checks": [check._asdict() for check in checks],
        }
        for certificate, checks in _from_root(chain, checks_by_certificate)
    ]


def _refused(error: CertificateError, *, json: bool) -> None:
    if json:
        refused = {
            "valid": False,
            "reason": error.reason.name,
            "message": error.message,
            "subject": str(error.certificate.subject),
            "serial_number": serial_text(error.certificate.serial_number),
            "chain": _links(error.chain, error.checks_by_certificate),
        }
        say_json(refused)
        return
    say([*_tree(error.chain, error.checks_by_certificate, error), ""])
    say(_filled(f"✗ REFUSED, {error.reason.name}: {error.reason.value}.", "", "  "))
    say(_filled(f"{error.message}.", "  ", "  "))
