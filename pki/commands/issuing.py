"""The commands of an authority and its applicants: init, request, key, sign, issue, list, renew, revoke, crl.

An authority is a directory with its private key, its certificate, and the registry of all it did.
"""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, datetime
from pathlib import Path

from console.command_line import CommandError
from console.files import write_new, write_private
from console.waiting import waiting
from pki.asn1.as_text import moment_text, serial_text
from pki.ca.authority import Authority, require_sense
from pki.ca.permission import Permission
from pki.ca.records import CertificateRecord, RegistryError
from pki.ca.registrar import Issued, Registrar
from pki.ca.registry import Registry
from pki.commands.inspecting import CERTIFICATE_FILE, certificates, items
from pki.commands.option_values import PUBLIC_FORMS, PURPOSES, algorithm_for, new_key, parse_time
from pki.commands.options import REASONS
from pki.commands.passphrases import Passphrase
from pki.commands.streams import STANDARD, note, read, require_writable, say, say_json, write
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import SubjectAltName
from pki.fields.general_names import DNSName, IPAddress
from pki.fields.name_constraints import NameConstraints
from pki.fields.validity import Validity
from pki.keys import (
    PrivateKey,
    PrivateKeyForm,
    describe_public_key,
    dump_private_key,
    load_public_key,
)
from pki.x509 import Certificate

KEY_FILE, REGISTRY_FILE = "key.pem", "registry.db"
# What the operator signs by hand may say whatever a request can: that it may, is the operator's decision.
NO_PROOF = (
    "no proof of possession: a key of ML-KEM cannot sign a request, so nobody has shown that they hold its "
    "private key; certify it only if you know whose it is"
)
ATTRIBUTES = ("countryName", "stateOrProvinceName", "localityName", "organizationName", "organizationalUnitName")


def init(options: argparse.Namespace) -> int:
    """Make an authority: one that vouches for itself, or one that another authority vouches for.

    The registry is made first, then the key's file, and at last the certificate's, with which the authority is whole.
    So what was interrupted can be told from the files of others: done again, it is finished, or begun anew.
    """
    directory: Path = options.directory
    if (options.name is None) == (options.certificate is None) or (options.key is None) != (
        options.certificate is None
    ):
        raise CommandError("expected a NAME, or --certificate and --key")
    certificate = _interrupted(options)
    if certificate is None:
        authority, key_file = _new_root(options) if options.certificate is None else _vouched_for(options)
        certificate = authority.certificate
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        Registry.create(directory / REGISTRY_FILE, certificate)
        write_private(directory / KEY_FILE, key_file)
    write_new(directory / CERTIFICATE_FILE, certificate.to_pem())
    _report_certificate(options, certificate, file=str(directory / CERTIFICATE_FILE))
    return 0


def _interrupted(options: argparse.Namespace) -> Certificate | None:
    """Return the certificate of the authority whose making was interrupted when all but that was on the disk.

    A registry whose key never got there is removed: nobody can use it. Raises `CommandError` if there is anything else.
    """
    key, certificate, registry = (options.directory / name for name in (KEY_FILE, CERTIFICATE_FILE, REGISTRY_FILE))
    for path in (certificate, *(() if registry.exists() else (key,))):
        if path.exists():
            raise CommandError(f"{path} exists already, and nothing is overwritten")
    if not registry.exists():
        return None
    made = _only_founded(registry)
    if not key.exists():
        registry.unlink()
        return None
    if made is None:
        raise CommandError(f"{key} exists already, and nothing is overwritten")
    given = None if options.certificate is None else certificates(options.certificate)[0]
    if made != given and (given is not None or made.subject != options.name):
        raise CommandError(
            f"making the authority {made.subject} was interrupted: say the same again to finish it, or remove "
            f"{options.directory}"
        )
    Authority(made, _passphrase(options).load(key))  # a ValueError if this is not its key
    return made


def _only_founded(path: Path) -> Certificate | None:
    """Return the certificate in a registry in which there is nothing else, None in one that is empty."""
    try:
        registry = Registry(path)
    except RegistryError:  # SQLite has undone by now what was interrupted
        if path.stat().st_size:
            raise
        return None
    with registry.look() as records:
        if any(record.certificate != registry.certificate for record in records.certificates()):
            raise CommandError(f"{path} exists already, and is in use")
    return registry.certificate


def _new_root(options: argparse.Namespace) -> tuple[Authority, bytes]:
    """Return a new root, and what goes into the file of its key."""
    not_before, not_after = _validity(options, datetime.now(UTC))
    passphrase = _new_passphrase(options, options.directory / KEY_FILE)
    key = _new_key(options)
    authority = Authority.create_root(
        options.name,
        key,
        validity=Validity(not_before, not_after),
        signature_algorithm=algorithm_for(key, pss=options.pss),
    )
    return authority, _key_file(key, passphrase)


def _vouched_for(options: argparse.Namespace) -> tuple[Authority, bytes]:
    """Return the authority with the certificate and key that there are, and the file of its key, as it is."""
    certificate = certificates(options.certificate)[0]
    key_file = read(str(options.key))
    return Authority(certificate, _passphrase(options).unlock(key_file, options.key)), key_file


def request(options: argparse.Namespace) -> int:
    """Make a request, and a key for it unless there is one."""
    require_writable(options.out)
    is_new = str(options.key) != STANDARD and not options.key.exists()
    if is_new:
        passphrase = _new_passphrase(options, options.key)
        key = _new_key(options)
    else:
        key = _passphrase(options).load(options.key)
    made = CertificateSigningRequest.build(
        options.name,
        [name.name for name in options.names if isinstance(name, DNSName)],
        key,
        ip_addresses=[name.octets for name in options.names if isinstance(name, IPAddress)],
        signature_algorithm=algorithm_for(key, pss=options.pss),
    )
    require_sense(made)  # before anything is written
    if is_new:
        write_private(options.key, _key_file(key, passphrase))
        note(f"wrote a new private key to {options.key}")
    if options.json:
        _write_json(options, made.to_pem(), {"subject": str(made.subject), "key": str(options.key)}, "request")
    else:
        write(options.out, made.to_pem())
    return 0


def key(options: argparse.Namespace) -> int:
    """Make a private key, unless there is one, and write its public key."""
    require_writable(options.out)
    if str(options.key) == STANDARD or options.key.exists():
        if options.form is not None:
            raise CommandError(f"{options.key} exists already: --form is for a new key")
        private = _passphrase(options).load(options.key)
        public = PUBLIC_FORMS[options.public_form](private.public_key)
    else:
        form = None if options.form is None else PrivateKeyForm(options.form)
        passphrase = _new_passphrase(options, options.key)
        private = _new_key(options)
        public = PUBLIC_FORMS[options.public_form](private.public_key)  # which may not be possible
        write_private(options.key, _key_file(private, passphrase, form))
        note(f"wrote a new private key to {options.key}")
    if options.json:
        facts: dict[str, object] = {"algorithm": describe_public_key(private.public_key), "key": str(options.key)}
        _write_json(options, public, facts, "public_key")
    else:
        write(options.out, public)
    return 0


def issue(options: argparse.Namespace) -> int:
    """Issue a certificate for a key that cannot sign a request, and say what nobody has proved by that."""
    require_writable(options.out)
    now = datetime.now(UTC)
    not_before, not_after = _validity(options, now)
    public_key = load_public_key(read(options.public_key))
    certificate = _registrar(options, pss=options.pss).issue_unproved(
        public_key,
        subject=options.name,
        names=options.names,
        at=now,
        validity=Validity(not_before, not_after),
    )
    note(NO_PROOF)
    _hand_out(options, Issued(certificate, ()))
    return 0


def sign(options: argparse.Namespace) -> int:
    """Issue a certificate for a request."""
    require_writable(options.out)
    now = datetime.now(UTC)
    not_before, not_after = _validity(options, now)
    if options.path_length is not None and (not options.authority or options.path_length < 0):
        raise CommandError("--path-length takes a number from 0, and goes with --authority")
    if options.authority and options.purposes:
        raise CommandError("--for does not go with --authority")
    if (options.permit or options.exclude) and not options.authority:
        raise CommandError("--permit and --exclude go with --authority")
    asked = _read_request(options.request)
    registrar = _registrar(options, pss=options.pss)
    if options.authority:
        constraints = NameConstraints(tuple(options.permit), tuple(options.exclude))
        issued = registrar.issue_authority(
            asked,
            at=now,
            validity=Validity(not_before, not_after),
            path_length=options.path_length,
            name_constraints=constraints if options.permit or options.exclude else None,
        )
    else:
        permission = Permission(
            names=("*",),
            attributes=ATTRIBUTES,
            purposes=tuple(PURPOSES[purpose] for purpose in options.purposes or ("server", "client")),
            validity=not_after - not_before,
        )
        issued = registrar.issue(
            asked,
            permission,
            at=now,
            validity=Validity(not_before, not_after),
        )
    _hand_out(options, issued)
    return 0


def list_(options: argparse.Namespace) -> int:
    """List what the authority has issued, the oldest first."""
    now = datetime.now(UTC)
    with _registry(options).look() as records:
        certificates = list(records.certificates())
    if options.json:
        say_json([_record(record, now) for record in certificates])
        return 0
    for record in certificates:
        certificate = record.certificate
        say([f"{serial_text(certificate.serial_number)}  {_state(record, now)}"])
        names = ", ".join(certificate.dns_names) if certificate.subject else ""
        say([f"    {_holder(certificate)}{f' ({names})' if names else ''}"])
        say([f"    from {moment_text(certificate.not_before)} until {moment_text(certificate.not_after)}"])
    return 0


def renew(options: argparse.Namespace) -> int:
    """Issue a certificate that follows another one, for its old request or a new one."""
    require_writable(options.out)
    registrar = _registrar(options, pss=options.pss)
    with registrar.registry.look() as records:
        record = records.certificate(options.serial_number)
        if record is None:
            raise RegistryError(f"no certificate has the serial number {serial_text(options.serial_number)}")
        old = None if record.request is None else records.request(record.request)
    if options.request is not None:
        asked = _read_request(options.request)
    elif old is not None:
        asked = CertificateSigningRequest.from_der(old.der)
    else:
        raise CommandError("that certificate was not issued for a request: it cannot be renewed")
    _hand_out(options, registrar.renew(asked, replacing=record.certificate, at=datetime.now(UTC)))
    return 0


def revoke(options: argparse.Namespace) -> int:
    """Record that a certificate holds no longer."""
    registrar = _registrar(options)
    revocation = registrar.revoke(options.serial_number, at=datetime.now(UTC), reason=REASONS[options.reason])
    if options.json:
        say_json(
            {
                "serial_number": serial_text(revocation.serial_number),
                "revoked": revocation.date.isoformat(),
                "reason": options.reason,
            }
        )
    else:
        note(f"revoked {serial_text(options.serial_number)}; the next list says so")
    return 0


def crl(options: argparse.Namespace) -> int:
    """Issue the certificate revocation list (CRL)."""
    require_writable(options.out)
    now = datetime.now(UTC)
    next_update = parse_time(options.next_update, start=now, end_of_day=True)
    if next_update <= now:
        raise CommandError(f"the next update would be at {moment_text(next_update)}, expected a time to come")
    made = _registrar(options, pss=options.pss).issue_crl(at=now, next_update=next_update)
    if options.json:
        _write_json(options, made.to_pem(), {"number": made.number, "next_update": next_update.isoformat()}, "crl")
    else:
        write(options.out, made.to_pem())
        note(f"list number {made.number} of {len(made.entries)} revoked certificates, until {moment_text(next_update)}")
    return 0


def _validity(options: argparse.Namespace, now: datetime) -> tuple[datetime, datetime]:
    not_before = parse_time(options.not_before, start=now, end_of_day=False)
    not_after = parse_time(options.not_after, start=not_before, end_of_day=True)
    if not_after <= not_before:
        raise CommandError(
            f"the validity would end at {moment_text(not_after)}, before it begins at {moment_text(not_before)}"
        )
    return not_before, not_after


def _new_key(options: argparse.Namespace) -> PrivateKey:
    with waiting("making a key"):
        return new_key(options.kind, random_bytes=secrets.token_bytes)


def _key_file(key: PrivateKey, passphrase: bytes | None, form: PrivateKeyForm | None = None) -> bytes:
    """Return what goes into the key's file: it is encrypted if there is a passphrase."""
    with waiting("encrypting the key"):
        return dump_private_key(key, password=passphrase, form=form)


def _passphrase(options: argparse.Namespace) -> Passphrase:
    return Passphrase(options.passphrase_file, options.passphrase_env)


def _new_passphrase(options: argparse.Namespace, path: Path) -> bytes | None:
    """Return the passphrase of a new key, or None if it is to have none."""
    passphrase = _passphrase(options)
    return passphrase.choose(path) if options.encrypt or passphrase.is_given else None


def _read_request(name: str) -> CertificateSigningRequest:
    found = items(name)
    for item in found:
        if isinstance(item.content, CertificateSigningRequest):
            return item.content
    raise CommandError(f"{name}: found {found[0].kind}, expected a certification request")


def _registry(options: argparse.Namespace) -> Registry:
    file = options.directory / REGISTRY_FILE
    if not file.exists():
        raise CommandError(f"{options.directory} has no authority: `python -m pki init` makes one")
    return Registry(file)


def _registrar(options: argparse.Namespace, *, pss: bool = False) -> Registrar:
    registry = _registry(options)
    [certificate, *_] = certificates(str(options.directory / CERTIFICATE_FILE))
    key = _passphrase(options).load(options.directory / KEY_FILE)
    algorithm = algorithm_for(key, pss=pss)
    return Registrar(registry, Authority(certificate, key), signature_algorithm=algorithm)


def _hand_out(options: argparse.Namespace, issued: Issued) -> None:
    """Write the certificate, and say what of the request it leaves out."""
    for lost in issued.left_out:
        note(f"left out what was asked for: {lost}")
    if options.json:
        facts: dict[str, object] = {**_certificate_facts(issued.certificate), "left_out": list(issued.left_out)}
        _write_json(options, issued.certificate.to_pem(), facts, "certificate")
        return
    write(options.out, issued.certificate.to_pem())
    note(_sentence(issued.certificate))


def _report_certificate(options: argparse.Namespace, certificate: Certificate, *, file: str) -> None:
    if options.json:
        say_json({**_certificate_facts(certificate), "file": file})
        return
    note(_sentence(certificate))
    note(f"SHA-256 fingerprint {certificate.fingerprint().hex()}")
    note(f"it is in {file}, for everybody who is to trust it")


def _write_json(options: argparse.Namespace, pem: bytes, facts: dict[str, object], what: str) -> None:
    """Write the file, if there is to be one, and print the facts with its contents."""
    if options.out != "-":
        write(options.out, pem)
        facts = {**facts, "file": options.out}
    say_json({**facts, what: pem.decode()})


def _sentence(certificate: Certificate) -> str:
    serial_number = serial_text(certificate.serial_number)
    return f"certificate {serial_number} for {_holder(certificate)}, until {moment_text(certificate.not_after)}"


def _holder(certificate: Certificate) -> str:
    """Return who a certificate is for: its subject, or the names that stand for an empty one (RFC 5280 §4.1.2.6)."""
    return str(certificate.subject or certificate.extension(SubjectAltName) or "nobody")


def _certificate_facts(certificate: Certificate) -> dict[str, object]:
    return {
        "serial_number": serial_text(certificate.serial_number),
        "subject": str(certificate.subject),
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "sha_256_fingerprint": certificate.fingerprint().hex(),
    }


def _record(record: CertificateRecord, now: datetime) -> dict[str, object]:
    facts = {**_certificate_facts(record.certificate), "dns_names": record.certificate.dns_names}
    facts["state"] = _state(record, now)
    if record.replaces is not None:
        facts["replaces"] = serial_text(record.replaces)
    if record.revocation is not None:
        facts["revoked"] = record.revocation.date.isoformat()
    return facts


def _state(record: CertificateRecord, now: datetime) -> str:
    if record.revocation is not None:
        return "revoked"
    if record.certificate.is_valid_at(now):
        return "valid"
    return "expired" if now > record.certificate.not_after else "not yet valid"
