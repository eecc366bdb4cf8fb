"""The trusted third party (TTP): it makes a root, and certifies anyone who shows a code that it gave out.

Everybody else in the exchange trusts the root certificate, and through it whatever the TTP has signed; so
nobody needs to know anybody else beforehand.

Its folder is an authority's as `python -m pki` makes and keeps one, so that its operator can list and revoke, also
while it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from demo.enrolling.enrolment import ATTRIBUTES, CODE_VALIDITY, VALIDITY, permission, signed_request
from demo.enrolling.introduction_letter import IntroductionLetter, write_introduction_letter
from demo.facts.certificates import certificate_facts, fingerprint
from demo.failure import PartyError
from demo.party.address import Address
from demo.party.files import make_folder, replace_file, write_file
from demo.party.identity import CERTIFICATE_FILE, KEY_FILE, load_certificate, why_not_usable
from demo.party.keys import RSA_SIGNATURES, KeyPlan, load_or_make_key
from demo.party.listening import begin_to_listen, bound_socket
from demo.party.party import Party
from demo.party.revealing import reveal_code, reveal_key
from demo.party.subject import TTP_NAME, Subject
from demo.ttp.crl_file import CRLFile
from demo.ttp.enrolment_server import EnrolmentServer
from pki.ca.authority import Authority
from pki.ca.permission import ANY_NAME, Permission
from pki.ca.records import RegistryError
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.fields.extensions import Purpose
from pki.fields.validity import Validity
from pki.keys import PrivateKey
from pki.signatures import RSA_PKCS1_SHA256
from pki.x509 import Certificate

ROOT_VALIDITY = timedelta(days=3650)
SERVICE_KEY_FILE, SERVICE_FILE = "service-key.pem", "service.pem"
REGISTRY_FILE = "registry.db"
SERVICE_SUBJECT = Subject(TTP_NAME, organization="Cutaway", dns_names=(TTP_NAME,))


class Admission(NamedTuple):
    """Who may enrol, and until when.

    applicants: each with the names that it may have, or none if any will do.
    only_new: whether to pass over those who have a certificate already.
    stay: run for ever, also if nobody is to enrol.
    """

    applicants: Mapping[str, tuple[str, ...]]
    only_new: bool
    stay: bool


def run_ttp(
    party: Party,
    *,
    listen: Address,
    subject: Subject,
    admission: Admission,
    plan: KeyPlan,
) -> None:
    """Run the TTP until every applicant has enrolled.

    plan: what keys it has itself; its hash signs the certificates, except for the root's own.
    Raises `PartyError` if it cannot do its part.
    """
    make_folder(party.folder)
    authority = _authority(party, subject, plan)
    try:
        registry = Registry.create(party.folder / REGISTRY_FILE, authority.certificate)
        registrar = Registrar(registry, authority, signature_algorithm=RSA_SIGNATURES[plan.hash])
        service_key, service = _service(party, registrar, plan)
        crl_file = CRLFile(party, registrar)
        crl_file.update()
        applicants, stay = admission.applicants, admission.stay
        if admission.only_new:
            applicants = {who: names for who, names in applicants.items() if not _is_enrolled(party, registrar, who)}
        if not applicants and not stay:
            party.report("nothing to do")
            return
        with bound_socket(listen) as listener:
            _write_introduction_letters(party, registrar, applicants)
            server = EnrolmentServer(party, registrar, service_key, service, applicants)
            party.report("listening", address=str(begin_to_listen(listener, timeout=party.patience)))
            server.serve(listener, stay=stay, each_second=crl_file.update)
    except RegistryError as error:
        raise PartyError(str(error)) from None
    if void := server.void():
        raise PartyError(f"too many refused requests: not enrolled: {' and '.join(void)}")


def _authority(party: Party, subject: Subject, plan: KeyPlan) -> Authority:
    """Return the authority with its root, made now or kept from an earlier run."""
    random_bytes, now = party.world.random_bytes("root"), party.world.now()
    path = party.folder / CERTIFICATE_FILE
    certificate = load_certificate(path)
    if certificate is not None and not (party.folder / KEY_FILE).exists():
        raise PartyError(f"{path} is there, but its private key is not: take another directory")
    key, made = load_or_make_key(party.folder / KEY_FILE, plan, random_bytes=random_bytes)
    party.report("key", of="root", made="yes" if made else "no", what=str(plan.kind), file=str(party.folder / KEY_FILE))
    if certificate is None:
        authority = Authority.create_root(
            subject.name,
            key,
            validity=Validity(now, now + ROOT_VALIDITY),
            signature_algorithm=RSA_PKCS1_SHA256,
            random_bytes=random_bytes,
        )
        write_file(path, authority.certificate.to_pem())
    else:
        if not certificate.is_valid_at(now):
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
        pem=authority.certificate.to_pem().decode(),
        file=str(path),
    )
    reveal_key(party, key, of="root", certificate=authority.certificate)
    return authority


def _service(party: Party, registrar: Registrar, plan: KeyPlan) -> tuple[PrivateKey, Certificate]:
    """Return the key and the certificate by which the enrolment service is known; the root's key only ever signs."""
    random_bytes, now = party.world.random_bytes("service"), party.world.now()
    key, _ = load_or_make_key(party.folder / SERVICE_KEY_FILE, plan, random_bytes=random_bytes)
    path = party.folder / SERVICE_FILE
    certificate = load_certificate(path)
    found = certificate is not None
    if certificate is None or why_not_usable(certificate, key=key, subject=SERVICE_SUBJECT, at=now):
        found = False
        request = signed_request(SERVICE_SUBJECT, key, plan, random_bytes=random_bytes)
        own = Permission(
            names=SERVICE_SUBJECT.dns_names, attributes=ATTRIBUTES, purposes=(Purpose.SERVER_AUTH,), validity=VALIDITY
        )
        certificate = registrar.issue(
            request, own, at=now, validity=Validity(now, now + own.validity), random_bytes=random_bytes
        ).certificate
        replace_file(path, certificate.to_pem())
    party.report("service", made="no" if found else "yes", name=TTP_NAME, facts=certificate_facts(certificate))
    reveal_key(party, key, of="service", certificate=certificate)
    return key, certificate


def _is_enrolled(party: Party, registrar: Registrar, applicant: str) -> bool:
    """Return whether the applicant has a certificate that holds now."""
    with registrar.registry.look() as records:
        for record in records.certificates():
            request = None if record.request is None else records.request(record.request)
            certificate = record.certificate
            valid = certificate.is_valid_at(party.world.now()) and not record.revocation
            if valid and request is not None and request.applicant == applicant:
                return True
    return False


def _write_introduction_letters(party: Party, registrar: Registrar, applicants: Mapping[str, tuple[str, ...]]) -> None:
    """Write each applicant an introduction letter with a fresh code."""
    random_bytes, not_after = party.world.random_bytes("codes"), party.world.now() + CODE_VALIDITY
    with registrar.registry.look() as records:
        settled = {code.applicant: code.permission.names for code in records.codes()} | dict(applicants)
    for applicant, names in applicants.items():
        others = {name for who, theirs in settled.items() if who != applicant for name in theirs} - {ANY_NAME}
        code = registrar.new_code(
            applicant, permission(applicant, names, others=others), not_after=not_after, random_bytes=random_bytes
        )
        root = registrar.authority.certificate
        path = write_introduction_letter(party.directory, IntroductionLetter(applicant, fingerprint(root), code))
        reveal_code(party, code, of=applicant)
        party.report("introduction letter", applicant=applicant, file=str(path))
