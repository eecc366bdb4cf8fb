"""How the server and the client come by their identities: a key, a request, a visit to the TTP, a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo.enrolling.crl_fetching import crl_copy, service_configuration
from demo.enrolling.enrolment import ask_for_certificate, purpose_of, signed_request
from demo.enrolling.introduction_letter import IntroductionLetter, introduction_letter_path, read_introduction_letter
from demo.facts.certificates import certificate_facts, common_name, fingerprint, objection_rows
from demo.failure import PartyError
from demo.party.address import Address
from demo.party.files import make_folder, replace_file
from demo.party.identity import (
    CERTIFICATE_FILE,
    KEY_FILE,
    REQUEST_FILE,
    ROOT_FILE,
    Identity,
    load_certificate,
    why_not_usable,
)
from demo.party.keys import KeyPlan, load_or_make_key
from demo.party.party import Party
from demo.party.revealing import reveal_code, reveal_key
from demo.party.subject import TTP_NAME, Subject
from pki.est.client import EnrolmentClient
from pki.keys import PrivateKey
from pki.path.refusals import CertificateError
from pki.verify import VerifiedChain, verify_chain
from pki.x509 import Certificate, CertificateSigningRequest

if TYPE_CHECKING:
    from handshake.stream import Stream


@dataclass(frozen=True)
class Introduction:
    """How an applicant and the TTP come to know each other.

    ttp: where the TTP is.
    root_file: the TTP's root certificate, received by a trustworthy way; None: as it lies in the state directory.
    root_fingerprint, code: what the introduction letter says; None: as it lies in the state directory.
    """

    ttp: Address
    root_file: Path | None
    root_fingerprint: str | None
    code: str | None


@dataclass(frozen=True)
class Application:
    """What a party applies for, and how. subject: its names. plan: what key it is to have."""

    subject: Subject
    introduction: Introduction
    plan: KeyPlan


def obtain_identity(party: Party, application: Application) -> Identity:
    """Return the party's identity, from an earlier run if it is still good, or else by enrolling with the TTP.

    Raises `PartyError` if that cannot be.
    """
    subject, introduction, plan = application.subject, application.introduction, application.plan
    make_folder(party.folder)
    random_bytes = party.world.random_bytes("key")
    key_file = party.folder / KEY_FILE
    key, made = load_or_make_key(key_file, plan, random_bytes=random_bytes)
    party.report("key", of=party.name, made="yes" if made else "no", what=str(plan.kind), file=str(key_file))
    reveal_key(party, key, of=party.name)
    held = _held_identity(party, key, subject, introduction)
    if held is not None:
        held.crls.update()
        return held
    request = signed_request(subject, key, plan, random_bytes=random_bytes)
    replace_file(party.folder / REQUEST_FILE, request.to_pem())
    party.report(
        "request",
        facts=[
            ["subject", str(request.subject)],
            ["DNS names", ", ".join(request.dns_names)],
            ["signed with", request.signature_algorithm.name],
        ],
        pem=request.to_pem().decode(),
        file=str(party.folder / REQUEST_FILE),
    )
    return _enrol(party, key, request, introduction)


def _held_identity(party: Party, key: PrivateKey, subject: Subject, introduction: Introduction) -> Identity | None:
    """Return what an earlier run has left, if it is whole and can be used now."""
    certificate = load_certificate(party.folder / CERTIFICATE_FILE)
    root = load_certificate(party.folder / ROOT_FILE)
    if certificate is None or root is None:
        return None
    reason = why_not_usable(certificate, key=key, subject=subject, at=party.world.now())
    told = introduction.root_file and load_certificate(introduction.root_file)
    if (told and told != root) or introduction.root_fingerprint not in (None, fingerprint(root)):
        reason = "it is from another TTP than the one that is meant now"
    if reason is not None:
        party.report("certificate not usable", reason=reason)
        return None
    party.report("certificate", made="no", facts=certificate_facts(certificate), pem=certificate.to_pem().decode())
    return Identity(key, certificate, root, crl_copy(party, root, introduction.ttp))


def _enrol(party: Party, key: PrivateKey, request: CertificateSigningRequest, introduction: Introduction) -> Identity:
    """Visit the TTP, and keep what it gives."""
    from demo.party.connections import dial, secured

    with dial(introduction.ttp, whom="the TTP") as socket:  # once the TTP listens, its introduction letter is there too
        letter = _letter(party, introduction)
        reveal_code(party, letter.code, of=party.name)
        root = _root(party, introduction, letter)
        configuration = service_configuration(party, root, purpose="enrolment")
        with secured(party, socket, configuration) as stream:
            _report_channel(party, stream)
            client = EnrolmentClient(stream, host=TTP_NAME)
            certificate = ask_for_certificate(client, applicant=party.name, code=letter.code, request=request)
            chain = _check_issued(party, certificate, request, root)
            _keep_issued(party, chain)  # before anything else can go wrong: the code is used up
            crls = crl_copy(party, root, introduction.ttp)
            crls.update(client.crl)
    return Identity(key, certificate, root, crls)


def _keep_issued(party: Party, chain: VerifiedChain) -> None:
    """Write down what the TTP has given, and report it."""
    certificate, root = chain[0], chain[-1]
    replace_file(party.folder / ROOT_FILE, root.to_pem())
    replace_file(party.folder / CERTIFICATE_FILE, certificate.to_pem())
    introduction_letter_path(party.directory, party.name).unlink(missing_ok=True)
    party.report(
        "certificate",
        made="yes",
        facts=certificate_facts(certificate),
        pem=certificate.to_pem().decode(),
        file=str(party.folder / CERTIFICATE_FILE),
        objections=objection_rows(chain),
    )


def _report_channel(party: Party, stream: Stream) -> None:
    """Report that the TTP is who it says: the certificate of its service holds under the root."""
    if stream.parameters is not None and stream.peer_chain is not None:
        chain = [common_name(certificate) for certificate in stream.peer_chain]
        objections = objection_rows(stream.peer_chain)
        party.report("channel", suite=stream.parameters.suite.name, chain=chain, objections=objections)


def _letter(party: Party, introduction: Introduction) -> IntroductionLetter:
    """Return what the applicant was told: by the command line, or else by the introduction letter."""
    path = introduction_letter_path(party.directory, party.name)
    found = read_introduction_letter(path)
    code = introduction.code or (found.code if found else None)
    if code is None:
        raise PartyError(
            f"there is no introduction letter from the TTP at {path}: start the TTP with --enrol {party.name}, or give "
            "--code"
        )
    known = introduction.root_fingerprint or (found.fingerprint if found else "")
    return IntroductionLetter(party.name, known, code)


def _root(party: Party, introduction: Introduction, letter: IntroductionLetter) -> Certificate:
    """Return the TTP's root certificate, if it is the one that the letter speaks of."""
    path = introduction.root_file or party.directory / "ttp" / CERTIFICATE_FILE
    root = load_certificate(path)
    if root is None:
        raise PartyError(f"there is no root certificate at {path}: give the TTP's by --root")
    if letter.fingerprint and letter.fingerprint != fingerprint(root):
        raise PartyError(f"the root certificate at {path} is not the one that the introduction letter speaks of")
    if not letter.fingerprint and introduction.root_file is None:
        raise PartyError("nothing tells whether the root certificate is the TTP's: give --root or --fingerprint")
    party.report(
        "root trusted",
        fingerprint=fingerprint(root),
        file=str(path),
        by="introduction letter" if letter.fingerprint else "file",
    )
    return root


def _check_issued(
    party: Party, certificate: Certificate, request: CertificateSigningRequest, root: Certificate
) -> VerifiedChain:
    """Return the chain if the certificate is the one that was asked for; raise `PartyError` if not."""
    if certificate.public_key != request.public_key or certificate.subject != request.subject:
        raise PartyError("the TTP sent a certificate for another key or name than was asked for")
    try:
        return verify_chain(certificate, roots=(root,), at=party.world.now(), purpose=purpose_of(party.name))
    except CertificateError as error:
        raise PartyError(f"the TTP sent a certificate that does not hold: {error}") from None
