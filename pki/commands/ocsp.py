"""The commands of `python -m pki ocsp`: make requests, answer them, ask responders, and check what they say.

Standard     RFC 6960 §3.2 (what is checked of a response), appendix A.1 (HTTP); RFC 9654 §2.1 (nonces).
Left out     Responders by HTTPS: a response is signed, and needs no TLS; for `pki`, TLS is a room above.
"""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from console.command_line import CommandError
from pki.asn1.as_text import moment_text, serial_text
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority
from pki.ca.registry import Registry
from pki.ca.responder import Delegate, ResponseSigner, answer
from pki.certificate_status import CertID
from pki.commands.inspecting import CERTIFICATE_FILE, REFUSED, certificates, ocsp_response
from pki.commands.option_values import algorithm_for, parse_time
from pki.commands.passphrases import Passphrase
from pki.commands.streams import note, read, require_writable, say, say_json, write
from pki.est.client import EnrolmentClient, EnrolmentError, HTTPSocket
from pki.fields.access import AuthorityInfoAccess
from pki.fields.general_names import UniformResourceIdentifier
from pki.fields.validity import Validity
from pki.ocsp import OCSPRequest, OCSPResponse, ResponseStatus
from pki.path.budget import Budget
from pki.path.ocsp_status import OCSPStatus
from pki.path.refusals import CertificateError, Reason, refusal
from pki.path.revocation import Revocation
from pki.verify import MINIMUM_RSA_BITS
from pki.x509 import Certificate
from primitives.hash_names import hash_named

NONCE = 32  # octets (RFC 9654 §2.1)
PATIENCE = 10.0  # seconds in which a responder has to answer
KEY_FILE, REGISTRY_FILE = "key.pem", "registry.db"


def ocsp(options: argparse.Namespace) -> int:
    """Do what is asked for."""
    actions = {"request": _request, "answer": _answer, "check": _check, "ask": _ask}
    return actions[options.action](options)


def _request(options: argparse.Namespace) -> int:
    require_writable(options.out)
    certificate, issuer = _about(options)
    request = _new_request(options, certificate, issuer)
    write(options.out, request.to_der())
    if options.json:
        nonce = None if request.nonce is None else request.nonce.hex()
        say_json({"serial_number": serial_text(certificate.serial_number), "nonce": nonce, "file": options.out})
    return 0


def _answer(options: argparse.Namespace) -> int:
    require_writable(options.out)
    if (options.responder is None) != (options.key is None):
        raise CommandError("--responder and --key go together")
    now = datetime.now(UTC)
    until = parse_time(options.next_update, start=now, end_of_day=True)
    if until <= now:
        raise CommandError(f"the answer would hold until {moment_text(until)}, expected a time to come")
    passphrase = Passphrase(options.passphrase_file, options.passphrase_env)
    key = passphrase.load(options.key or options.directory / KEY_FILE)
    [certificate, *_] = certificates(options.responder or str(options.directory / CERTIFICATE_FILE))
    signer: ResponseSigner = Authority(certificate, key) if options.responder is None else Delegate(certificate, key)
    response = answer(
        read(options.request),
        registry=Registry(options.directory / REGISTRY_FILE),
        signer=signer,
        signature_algorithm=algorithm_for(key, pss=False),
        validity=Validity(now, until),
    )
    write(options.out, response.to_der())
    statuses = [] if response.basic is None else [(one.cert_id, one.status) for one in response.basic.responses]
    if options.json:
        said = [{"serial_number": serial_text(one.serial_number), "status": status.value} for one, status in statuses]
        say_json({"response_status": str(response.status), "responses": said, "file": options.out})
    else:
        note(f"the answer is {response.status}")
        for cert_id, status in statuses:
            note(f"{serial_text(cert_id.serial_number)}: {status.value}")
    return 0 if response.status is ResponseStatus.SUCCESSFUL else REFUSED


def _check(options: argparse.Namespace) -> int:
    certificate, issuer = _about(options)
    response = ocsp_response(options.response)
    nonce = None if options.request is None else _request_in(options.request).nonce
    at = parse_time(options.at, start=datetime.now(UTC), end_of_day=False)
    return _tell(options, response, certificate, issuer, at=at, nonce=nonce)


def _ask(options: argparse.Namespace) -> int:
    if options.out is not None:
        require_writable(options.out)
    certificate, issuer = _about(options)
    request = _new_request(options, certificate, issuer)
    response = _asked(options.url or _url_in(certificate), request)
    if options.out is not None:
        write(options.out, response.to_der())
    return _tell(options, response, certificate, issuer, at=datetime.now(UTC), nonce=request.nonce)


def _about(options: argparse.Namespace) -> tuple[Certificate, Certificate]:
    """Return the certificate that is asked about, and that of its issuer."""
    certificate, issuer = certificates(options.certificate)[0], certificates(options.issuer)[0]
    if certificate.issuer != issuer.subject:
        raise CommandError(f"the certificate was issued by {certificate.issuer}, and not by {issuer.subject}")
    return certificate, issuer


def _new_request(options: argparse.Namespace, certificate: Certificate, issuer: Certificate) -> OCSPRequest:
    hash, serial_number = hash_named(options.hash), certificate.serial_number
    about = CertID.build(certificate.issuer, issuer.public_key, serial_number, hash=hash)
    return OCSPRequest.build([about], nonce=None if options.no_nonce else secrets.token_bytes(NONCE))


def _request_in(name: str) -> OCSPRequest:
    try:
        return OCSPRequest.from_der(read(name))
    except ValueError as error:
        raise CommandError(f"{name}: expected an OCSP request: {error}") from None


def _url_in(certificate: Certificate) -> str:
    """Return where the certificate says that its responder is (RFC 5280 §4.2.2.1)."""
    access = certificate.extension(AuthorityInfoAccess)
    for method, location in () if access is None else access.descriptions:
        if method == OIDS["id-ad-ocsp"] and isinstance(location, UniformResourceIdentifier):
            return location.uri
    raise CommandError("the certificate does not say where its responder is, expected --url")


def _asked(url: str, request: OCSPRequest) -> OCSPResponse:
    """Return what the responder at this URL answers."""
    from http.client import HTTPConnection  # imports sockets, which not every system has

    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise CommandError(f"{url[:100]!r} is not a URL for OCSP here, expected http://HOST[:PORT][/PATH]")
    connection = HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        connection.connect()
        client = EnrolmentClient(cast(HTTPSocket, connection.sock), host=parts.netloc)
        return client.ocsp_response(request, path=parts._replace(scheme="", netloc="").geturl() or "/")
    except (OSError, EnrolmentError) as error:
        raise CommandError(f"the responder at {url[:100]} did not answer: {error}") from None
    finally:
        connection.close()


def _tell(
    options: argparse.Namespace,
    response: OCSPResponse,
    certificate: Certificate,
    issuer: Certificate,
    *,
    at: datetime,
    nonce: bytes | None,
) -> int:
    """Say how the certificate stands by the response; return the exit status."""
    try:
        decision = _decision(response, certificate, issuer, at=at, nonce=nonce)
    except CertificateError as error:
        if options.json:
            say_json({"good": False, "reason": error.reason.name, "message": error.message})
        else:
            say([f"✗ {error.reason.name}: {error.message}"])
        return REFUSED
    if nonce is not None and response.basic is not None and response.basic.nonce is None:
        note("the response has no nonce: it may have been made before the request")
    if options.json:
        say_json({"good": True, "by": decision})
    else:
        say([f"✓ not revoked, by {decision}"])
    return 0


def _decision(
    response: OCSPResponse, certificate: Certificate, issuer: Certificate, *, at: datetime, nonce: bytes | None
) -> str:
    """Return by what the certificate is not revoked; raise `CertificateError` if it is, or that is not said."""
    if response.basic is None:
        message = f"the responder answers {response.status}"
        raise refusal(Reason.REVOCATION_UNKNOWN, certificate, message)
    if nonce is not None and response.basic.nonce not in (None, nonce):
        message = "the response repeats another nonce: it was not made for this request"
        raise refusal(Reason.REVOCATION_UNKNOWN, certificate, message)
    budget = Budget()
    revocation = Revocation((), (), at, budget)
    status = OCSPStatus([response], revocation=revocation, at=at, minimum_rsa_bits=MINIMUM_RSA_BITS, budget=budget)
    decision = status.check((certificate, issuer), lambda _: False)
    if decision is None:
        message = "the response is not a fresh one about it, or is not signed by its issuer or a responder of that one"
        if any(one.cert_id.serial_number == certificate.serial_number for one in response.basic.responses):
            said = ", ".join(one.status.value for one in response.basic.responses)
            message += f"; it says {said}"
        raise refusal(Reason.REVOCATION_UNKNOWN, certificate, message)
    return decision
