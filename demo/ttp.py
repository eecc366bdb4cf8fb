"""The trusted third party (TTP): it makes a root, and certifies whoever shows a code that it gave out.

Everybody else in the exchange trusts the root certificate, and through it whatever the TTP has signed; so
nobody needs to know anybody else beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial

from demo.address import Address, begin_to_listen, bound_socket
from demo.certificate_facts import certificate_facts, fingerprint
from demo.counter import Counter
from demo.enrolment import PURPOSES, VALIDITY, Desk
from demo.failure import PartyError
from demo.identity import (
    KEY_BITS,
    KEY_FILE,
    ROOT_FILE,
    load_certificate,
    load_or_make_key,
    make_folder,
    replace_file,
    why_not_usable,
    write_file,
)
from demo.letter import Letter, write_letter
from demo.party import Party
from demo.subject import TTP_NAME, Subject
from pki.authority import Authority
from pki.extensions import Purpose
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.rsa import RSAPrivateKey

ROOT_VALIDITY = timedelta(days=3650)
SERVICE_KEY_FILE, SERVICE_FILE = "service-key.pem", "service.pem"
ISSUED_FOLDER = "issued"
SERVICE_SUBJECT = Subject(TTP_NAME, organization="Cutaway", dns_names=(TTP_NAME,))


def run_ttp(
    party: Party, *, listen: Address, subject: Subject, applicants: Mapping[str, tuple[str, ...]] | None
) -> None:
    """Run the TTP until every applicant has enrolled.

    applicants: who may enrol, each with the names that it may have, its common name first, or none if any will do;
        None: the server and the client, under any names, unless they have a certificate already.
    Raises `PartyError` if it cannot do its part.
    """
    make_folder(party.folder)
    authority = _authority(party, subject)
    service_key, service = _service(party, authority)
    if applicants is None:
        applicants = {applicant: () for applicant in PURPOSES if not _is_enrolled(party, applicant)}
    if not applicants:
        party.report("nothing to do")
        return
    desk = Desk(authority, names=applicants, keep=partial(_keep, party), world=party.world, report=party.report)
    with bound_socket(listen) as listener:
        _write_letters(party, desk, authority.certificate, applicants)
        party.report("listening", address=str(begin_to_listen(listener, timeout=party.patience)))
        Counter(party, desk, service_key, service).serve(listener)
    if desk.codes.void:
        raise PartyError(f"too many wrong codes: not enrolled: {' and '.join(sorted(desk.codes.void))}")


def _authority(party: Party, subject: Subject) -> Authority:
    """Return the authority with its root, made now or kept from an earlier run."""
    random_bytes, now = party.world.random_bytes("root"), party.world.now()
    path = party.folder / ROOT_FILE
    certificate = load_certificate(path)
    if certificate is not None and not (party.folder / KEY_FILE).exists():
        raise PartyError(f"{path} is there, but its private key is not: take another directory")
    key, made = load_or_make_key(party.folder / KEY_FILE, random_bytes=random_bytes)
    party.report("key", of="root", made="yes" if made else "no", bits=KEY_BITS, file=str(party.folder / KEY_FILE))
    if certificate is None:
        authority = Authority.create_root(
            subject.name,
            key,
            not_before=now,
            not_after=now + ROOT_VALIDITY,
            signature_algorithm=RSA_PKCS1_SHA256,
            random_bytes=random_bytes,
        )
        write_file(path, authority.certificate.to_pem())
    else:
        if not certificate.not_before <= now <= certificate.not_after:
            raise PartyError(f"{path} is not valid at this time: take another directory")
        try:
            authority = Authority(certificate, key)
        except ValueError as error:
            raise PartyError(f"{path} is not this TTP's root: {error}") from None
    party.report(
        "root",
        made="yes" if certificate is None else "no",
        facts=certificate_facts(authority.certificate),
        fingerprint=fingerprint(authority.certificate),
        file=str(path),
    )
    return authority


def _service(party: Party, authority: Authority) -> tuple[RSAPrivateKey, Certificate]:
    """Return the key and the certificate by which the enrolment service is known; the root's key only ever signs."""
    random_bytes, now = party.world.random_bytes("service"), party.world.now()
    key, _ = load_or_make_key(party.folder / SERVICE_KEY_FILE, random_bytes=random_bytes)
    path = party.folder / SERVICE_FILE
    certificate = load_certificate(path)
    found = certificate is not None
    if certificate is None or why_not_usable(certificate, key=key, subject=SERVICE_SUBJECT, at=now):
        found = False
        request = CertificateSigningRequest.build(
            SERVICE_SUBJECT.name,
            SERVICE_SUBJECT.dns_names,
            key,
            signature_algorithm=RSA_PKCS1_SHA384,
            random_bytes=random_bytes,
        )
        certificate = authority.issue(
            request,
            not_before=now,
            not_after=now + VALIDITY,
            purposes=(Purpose.SERVER_AUTH,),
            signature_algorithm=RSA_PKCS1_SHA384,
            random_bytes=random_bytes,
        )
        replace_file(path, certificate.to_pem())
    party.report("service", made="no" if found else "yes", name=TTP_NAME, facts=certificate_facts(certificate))
    return key, certificate


def _keep(party: Party, applicant: str, certificate: Certificate) -> None:
    """Keep what was issued to an applicant last: the TTP has to know for what it is answerable."""
    folder = party.folder / ISSUED_FOLDER
    make_folder(folder)
    replace_file(folder / f"{applicant}.pem", certificate.to_pem())


def _is_enrolled(party: Party, applicant: str) -> bool:
    certificate = load_certificate(party.folder / ISSUED_FOLDER / f"{applicant}.pem")
    return certificate is not None and certificate.not_before <= party.world.now() <= certificate.not_after


def _write_letters(party: Party, desk: Desk, root: Certificate, applicants: Iterable[str]) -> None:
    """Write each applicant a letter with a fresh code."""
    random_bytes = party.world.random_bytes("codes")
    for applicant in applicants:
        code = desk.codes.new(applicant, random_bytes=random_bytes)
        path = write_letter(party.directory, Letter(applicant, fingerprint(root), code))
        party.report("letter", applicant=applicant, file=str(path))
