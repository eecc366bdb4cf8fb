"""The commands that look at files: show, verify, explain."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from console.command_line import CommandError
from explain.layout import unexplained
from explain.showing.meaning_lines import NOTE
from pki.asn1.as_text import serial_text
from pki.bundle import read_bundle
from pki.commands.option_values import PROFILES, PURPOSES, parse_time
from pki.commands.options import DIRECTORY
from pki.commands.passphrases import Passphrase
from pki.commands.streams import note, read, say, say_json
from pki.crl import CertificateRevocationList
from pki.inspect import explanation
from pki.inspect.facts import as_json, as_text, facts_of, wrapped
from pki.inspect.file_contents import ASN1, Item, Unread, contents_of, items_of
from pki.ocsp import OCSPResponse
from pki.path.refusals import CertificateError
from pki.pkcs12 import PersonalInformation
from pki.verify import Check, verify_chain
from pki.x509 import Certificate

REFUSED = 1
CERTIFICATE_FILE = "certificate.pem"


def show(options: argparse.Namespace) -> int:
    """Print what the files say."""
    now = datetime.now(UTC)
    shown = [_unlocked(item, name, options) for name in options.files for item in _readable(name, _contents(name))]
    found = [(item, facts_of(item, at=now)) for item in shown]
    if options.json:
        say_json([{"kind": item.kind, **as_json(facts)} for item, facts in found])
        return _status(shown)
    for i, (item, facts) in enumerate(found):
        head = item.kind[:1].upper() + item.kind[1:] + (f", from {item.form}" if item.form else "")
        head += f" ({item.where})" if isinstance(item.content, Unread) and item.where else ""
        say(["", head] if i else [head])
        say(as_text(facts))
    return _status(shown)


def _unlocked(item: Item, name: str, options: argparse.Namespace) -> Item:
    """Return a file of PKCS #12 with all its bags opened, if a passphrase is given; anything else as it is."""
    passphrase = Passphrase(options.passphrase_file, options.passphrase_env)
    if not isinstance(item.content, PersonalInformation) or not passphrase.is_given:
        return item
    bags = passphrase.open(item.content, Path(name))
    return replace(item, content=replace(item.content, safes=(bags,)))


def _status(items: Sequence[Item]) -> int:
    """Return the exit status: whether something in the files could not be read."""
    return REFUSED if any(isinstance(item.content, Unread) for item in items) else 0


def _readable(name: str, found: list[Item]) -> list[Item]:
    """Return what is in the file, unless nothing of it can be read, and say on standard error what cannot."""
    unread = [item for item in found if isinstance(item.content, Unread)]
    if len(unread) == len(found):
        raise CommandError(f"{_shown(name)}: {_complaint(unread[0])}")
    for item in unread:
        note(f"{_shown(name)}: {_complaint(item)}")
    return found


def _complaint(item: Item) -> str:
    reason = item.content.reason if isinstance(item.content, Unread) else ""
    return f"{item.where}: {reason}" if item.where else reason


def explain(options: argparse.Namespace) -> int:
    """Print every byte of the files; of what is not as it should be, up to the fault, and then as raw values."""
    found = [item for name in options.files for item in _contents(name, kind=options.kind, is_lenient=options.lenient)]
    for item in found:
        if gaps := unexplained(item.fields, len(item.data)):
            raise CommandError(
                f"the bytes {gaps} of the {item.kind} are not explained: that is a fault of this program"
            )
    status = _status(found) if options.kind != ASN1 else 0
    if options.json:
        say_json(
            [
                {
                    "kind": item.kind,
                    "marks": [mark._asdict() for mark in item.marks],
                    "fields": explanation.as_json(item),
                }
                for item in found
            ]
        )
        return status
    for i, item in enumerate(found):
        head = f"{item.kind}, {len(item.data)} bytes" + (f", from {item.form}" if item.form else "")
        head += f" ({item.where})" if item.where else ""
        say(["", head] if i else [head])
        if isinstance(item.content, Unread) and not (options.kind == ASN1 and item.fields):
            say(_filled(f"✗ not read: {item.content.reason}", "", "  "))
        if not options.hex:
            say([NOTE, "", *explanation.tree(item)])
        if not options.tree:
            say(["", *explanation.hex_dump(item)])
    return status


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
            profile=PROFILES[options.profile],
            max_depth=options.max_depth,
            ocsp_responses=list(map(ocsp_response, options.ocsp)),
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


def _contents(name: str, *, kind: str | None = None, is_lenient: bool = False) -> list[Item]:
    """Return what the file holds, one thing or more, of which some may not be readable."""
    try:
        return contents_of(read(name), kind=kind, is_lenient=is_lenient)
    except ValueError as error:
        raise CommandError(f"{_shown(name)}: {error}") from None


def items(name: str) -> list[Item]:
    """Return what the file holds, all of which must be readable."""
    return _items(name, read(name))


def _items(name: str, data: bytes) -> list[Item]:
    try:
        return items_of(data)
    except ValueError as error:
        raise CommandError(f"{_shown(name)}: {error}") from None


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


def ocsp_response(name: str) -> OCSPResponse:
    """Return the OCSP response in the file, as DER."""
    try:
        return OCSPResponse.from_der(read(name))
    except ValueError as error:
        raise CommandError(f"{_shown(name)}: expected an OCSP response: {error}") from None


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
    return wrapped(text, first, rest) or [first]


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
            "accepted_under": None if error.accepted_under is None else error.accepted_under.value,
            "subject": str(error.certificate.subject),
            "serial_number": serial_text(error.certificate.serial_number),
            "chain": _links(error.chain, error.checks_by_certificate),
        }
        say_json(refused)
        return
    say([*_tree(error.chain, error.checks_by_certificate, error), ""])
    say(_filled(f"✗ REFUSED, {error.reason.name}: {error.reason.value}.", "", "  "))
    say(_filled(f"{error.message}.", "  ", "  "))
