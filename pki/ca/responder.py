"""The responder: answers OCSP requests out of an authority's registry.

Standard     RFC 6960 §2.2 (what is good, revoked, unknown), §2.3 (refusals), §4.2.2.1 (times), §4.2.2.2 (who signs);
             RFC 9654 §2.1 (the nonce).
Left out     Signatures of requests: whoever asks is answered. Responses signed in advance.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pki.asn1.der import DERError
from pki.ca.records import Records, RegistryError
from pki.ca.registry import Registry
from pki.fields.extensions import ExtendedKeyUsage, Purpose
from pki.fields.validity import Validity
from pki.key_formats.private_key_info import PrivateKey
from pki.ocsp import (
    BasicOCSPResponse,
    CertID,
    CertStatus,
    OCSPRequest,
    OCSPResponse,
    ResponseStatus,
    SingleResponse,
)
from pki.signatures import SignatureAlgorithm, Signer
from pki.x509 import Certificate
from primitives.integers import RandomBytes


class ResponseSigner(Protocol):
    """Who signs responses: the authority itself, or a `Delegate`."""

    def issue_ocsp_response(
        self,
        responses: Iterable[SingleResponse],
        *,
        produced_at: datetime,
        nonce: bytes | None,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes,
    ) -> BasicOCSPResponse:
        """Return these responses, signed."""


class Delegate:
    """A responder whom the authority has certified as one (RFC 6960 §4.2.2.2), so that its own key can stay away.

    certificate: the responder's, issued by the authority itself, for OCSPSigning. private_key: that of the certificate.
    """

    def __init__(self, certificate: Certificate, private_key: PrivateKey) -> None:
        purposes = certificate.extension(ExtendedKeyUsage)
        if purposes is None or Purpose.OCSP_SIGNING not in purposes.purposes:
            raise ValueError(f"the certificate of {certificate.subject} is not for OCSPSigning")
        if certificate.public_key != private_key.public_key:
            raise ValueError(f"the private key is not the one of the certificate of {certificate.subject}")
        self.certificate, self._private_key = certificate, private_key

    def issue_ocsp_response(
        self,
        responses: Iterable[SingleResponse],
        *,
        produced_at: datetime,
        nonce: bytes | None,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> BasicOCSPResponse:
        """Return these responses, signed, with the responder's certificate."""
        return BasicOCSPResponse.build(
            responses,
            responder=self.certificate.subject,
            produced_at=produced_at,
            nonce=nonce,
            signer=Signer(self._private_key, signature_algorithm, random_bytes),
            certificates=[self.certificate],
        )


def answer(
    request: bytes,
    *,
    registry: Registry,
    signer: ResponseSigner,
    signature_algorithm: SignatureAlgorithm,
    validity: Validity,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> OCSPResponse:
    """Return the answer to a request, whatever its bytes are.

    registry: the record of the authority whose certificates are asked about. signer: the authority, or its delegate.
    validity: now, and until when what the answer says may be relied on.
    """
    try:
        asked = OCSPRequest.from_der(request)
    except DERError:
        return OCSPResponse.build(ResponseStatus.MALFORMED_REQUEST)
    if asked.has_unknown_critical:
        return OCSPResponse.build(ResponseStatus.MALFORMED_REQUEST)
    issuer = registry.certificate
    if not any(one.names_issuer(issuer.subject, issuer.public_key) for one in asked.cert_ids):
        return OCSPResponse.build(ResponseStatus.UNAUTHORIZED)  # §2.3: it speaks for no such authority
    try:
        with registry.look() as records:
            responses = [_single(one, records, issuer, validity) for one in asked.cert_ids]
    except RegistryError:
        return OCSPResponse.build(ResponseStatus.TRY_LATER)
    basic = signer.issue_ocsp_response(
        responses,
        produced_at=validity.not_before,
        nonce=asked.nonce,
        signature_algorithm=signature_algorithm,
        random_bytes=random_bytes,
    )
    return OCSPResponse.build(basic)


def _single(asked: CertID, records: Records, issuer: Certificate, validity: Validity) -> SingleResponse:
    """Return how one certificate stands: unknown, if there is none of that number and issuer (§2.2)."""
    own = asked.names_issuer(issuer.subject, issuer.public_key)
    record = records.certificate(asked.serial_number) if own else None
    at, until = validity.not_before, validity.not_after
    if record is None:
        return SingleResponse(asked, CertStatus.UNKNOWN, at, until)
    if record.revocation is None:
        return SingleResponse(asked, CertStatus.GOOD, at, until)
    revocation = record.revocation
    return SingleResponse(asked, CertStatus.REVOKED, at, until, revocation.date, revocation.reason)
