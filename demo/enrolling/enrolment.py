"""Enrolment: what an applicant may ask the TTP for, and how it asks: by EST (RFC 7030), which is HTTP inside of TLS.

In TLS the TTP has shown a certificate under the root that the applicant knows from its introduction letter. So the code
goes to nobody but the TTP.

    applicant → TTP    POST /.well-known/est/simpleenroll, with its name and code, and a request (PKCS #10)
    TTP → applicant    200 and the certificate (PKCS #7), or another status and why
    applicant → TTP    GET /crl
    TTP → applicant    200 and the certificate revocation list (CRL)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from demo.failure import PartyError
from demo.party.keys import KeyPlan
from demo.party.subject import TTP_NAME, Subject
from pki.ca.permission import ANY_NAME, Permission
from pki.est.client import EnrolmentClient, EnrolmentError
from pki.fields.extensions import Purpose
from pki.keys import PrivateKey
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.integers import RandomBytes

SERVERS = ("server", "server-ec")
"""Who is certified as a server, with a key of the one kind or the other. All others are clients."""

VALIDITY = timedelta(days=365)
CODE_VALIDITY = timedelta(days=7)
ATTRIBUTES = ("countryName", "stateOrProvinceName", "localityName", "organizationName")


def purpose_of(applicant: str) -> Purpose:
    """Return what the applicant's certificate is good for: a client's makes nobody a server."""
    return Purpose.SERVER_AUTH if applicant in SERVERS else Purpose.CLIENT_AUTH


def permission(applicant: str, names: Sequence[str], *, others: Iterable[str] = ()) -> Permission:
    """Return what the applicant may ask for.

    names: what it may be called; none if the operator has not settled it. others: the names that are settled for
        others, which it may not have then. The TTP's own name is for the TTP alone.
    """
    return Permission(
        names=tuple(names) or (ANY_NAME,),
        excluded=(TTP_NAME, *(() if names else sorted(others))),
        attributes=ATTRIBUTES,
        purposes=(purpose_of(applicant),),
        validity=VALIDITY,
    )


def signed_request(
    subject: Subject, key: PrivateKey, plan: KeyPlan, *, random_bytes: RandomBytes
) -> CertificateSigningRequest:
    """Return a request for a certificate of these names and this key, which signs it. plan: what key it is."""
    return CertificateSigningRequest.build(
        subject.name,
        subject.dns_names,
        key,
        signature_algorithm=plan.kind.signature(plan.hash),
        random_bytes=random_bytes,
    )


def ask_for_certificate(
    client: EnrolmentClient, *, applicant: str, code: str, request: CertificateSigningRequest
) -> Certificate:
    """Return the certificate that the TTP issues; raise `PartyError` if it refuses, or talks nonsense."""
    try:
        return client.enrol(request, applicant=applicant, code=code)
    except EnrolmentError as error:
        said = str(error) if error.status is None else f"the TTP refused: {error}"
        raise PartyError(said) from None
