"""An authority with a responder and two certificates, and what they say about these: for the tests of OCSP."""

from datetime import datetime, timedelta
from typing import Any

from pki.ca.authority import Authority
from pki.ca.responder import Delegate
from pki.certificate_status import CertID, CertStatus, SingleResponse
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.ocsp import BasicOCSPResponse, OCSPResponse
from pki.signatures import ECDSA_SHA256
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from tests.pki.conftest import NOW, ROOT, VALIDITY

HOUR = timedelta(hours=1)
ROOT_KEY, RESPONDER_KEY, LEAF_KEY = (ECPrivateKey(P256, d) for d in (0x1234567, 0x7654321, 0x1111111))
BY: dict[str, Any] = {"signature_algorithm": ECDSA_SHA256}
AUTHORITY = Authority.create_root(ROOT, ROOT_KEY, **BY, **VALIDITY)


def requested(name: str, key: ECPrivateKey) -> CertificateSigningRequest:
    return CertificateSigningRequest.build(Name.build(common_name=name), [f"{name}.example"], key, **BY)


LEAF = AUTHORITY.issue(requested("leaf", LEAF_KEY), purposes=[Purpose.SERVER_AUTH], **BY, **VALIDITY)
RESPONDER = AUTHORITY.issue(requested("responder", RESPONDER_KEY), purposes=[Purpose.OCSP_SIGNING], **BY, **VALIDITY)
DELEGATE = Delegate(RESPONDER, RESPONDER_KEY)


def about(certificate: Certificate = LEAF, issuer: Certificate = AUTHORITY.certificate, **more: Any) -> CertID:
    return CertID.build(certificate.issuer, issuer.public_key, certificate.serial_number, **more)


def single(
    status: CertStatus = CertStatus.GOOD,
    *,
    cert_id: CertID | None = None,
    this_update: datetime = NOW - HOUR,
    next_update: datetime | None = NOW + HOUR,
    **more: Any,
) -> SingleResponse:
    if status is CertStatus.REVOKED:
        more = {"revocation_date": NOW - 2 * HOUR} | more
    return SingleResponse(cert_id or about(), status, this_update, next_update, **more)


def response(
    *singles: SingleResponse,
    signer: Authority | Delegate = AUTHORITY,
    nonce: bytes | None = None,
    produced_at: datetime = NOW - HOUR,
) -> OCSPResponse:
    found = singles or (single(),)
    return OCSPResponse.build(signer.issue_ocsp_response(found, produced_at=produced_at, nonce=nonce, **BY))


def basic(answer: OCSPResponse) -> BasicOCSPResponse:
    assert answer.basic is not None
    return answer.basic
