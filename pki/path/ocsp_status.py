"""Revocation by OCSP: whether a responder says that a certificate holds no longer.

Standard     RFC 6960 §3.2 (what makes a response acceptable), §4.2.2.1 (the times), §4.2.2.2 (who may sign).
Left out     Asking: the responses at hand are used, as they come from a peer or from `pki ocsp`; so nonces are compared
             by whoever asked. Constraints of names on a responder, which answers for certificates by its issuer's word.

A response decides only if it is fresh, is about the certificate, and is signed by the certificate's issuer, or by
somebody whom that issuer itself has certified as a responder. Everything else leaves the question open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pki.asn1.as_text import moment_text
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import ExtendedKeyUsage, Purpose, UnknownExtension, Usage
from pki.fields.ocsp_extensions import OCSPNoCheck
from pki.key_formats.public_key_info import UnknownPublicKey, is_oversized, rsa_key
from pki.ocsp import BasicOCSPResponse, CertStatus, OCSPResponse, SingleResponse
from pki.path.budget import Budget, Work
from pki.path.refusals import CertificateError, Reason, brief, refusal
from pki.path.revocation import Revocation, ValidateIssuer
from pki.signatures import WEAK_HASHES
from pki.signed import Signed
from pki.x509 import Certificate
from primitives.errors import InvalidSignature

# Without nextUpdate, there is news at any time (§4.2.2.1): for so long, what was true is taken to be.
FRESH = timedelta(minutes=5)


class OCSPStatus:
    """The responses at hand, and what they say.

    responses: from anywhere, trusted in nothing.
    revocation: the CRLs at hand, which may tell that a responder's own certificate was revoked.
    minimum_rsa_bits: what counts as long enough for an RSA key of a responder.
    budget: what the verification may cost, of which this is a part.
    """

    def __init__(
        self,
        responses: Iterable[OCSPResponse],
        *,
        revocation: Revocation,
        at: datetime,
        minimum_rsa_bits: int,
        budget: Budget,
    ) -> None:
        found = dict.fromkeys(one.basic for one in responses if one.basic is not None)
        self._responses = [one for one in found if not one.has_unknown_critical]
        self._revocation, self._at, self._minimum_rsa_bits, self._budget = revocation, at, minimum_rsa_bits, budget
        self._entitled: dict[tuple[BasicOCSPResponse, Certificate], bool] = {}

    def __bool__(self) -> bool:
        return bool(self._responses)

    def check(self, chain: Sequence[Certificate], validate: ValidateIssuer) -> str | None:
        """Return by which response the first certificate of `chain` is not revoked, or None if they leave it open.

        chain: the certificate, its issuer, and so on to the root.
        validate: tells whether the issuer of a CRL that is not in the chain holds under the same root.

        Raises `CertificateError` if the certificate was revoked.
        """
        certificate, issuer = chain[0], chain[1]
        decision = None
        for response in self._responses:
            for single in response.responses:
                is_about_it = single.cert_id.serial_number == certificate.serial_number and single.cert_id.names_issuer(
                    certificate.issuer, issuer.public_key
                )
                if not is_about_it or single.status is CertStatus.UNKNOWN or single.this_update > self._at:
                    continue
                is_fresh = self._at <= (single.next_update or single.this_update + FRESH)
                is_for_good = single.status is CertStatus.REVOKED and single.reason not in (
                    RevocationReason.CERTIFICATE_HOLD,
                    RevocationReason.REMOVE_FROM_CRL,
                )
                # That a certificate was revoked, an old response shows as well as on its first day.
                if not (is_fresh or is_for_good) or not self._is_signed(response, chain, validate):
                    continue
                if single.status is CertStatus.REVOKED:
                    raise _revoked(certificate, single, response)
                decision = _shown(response)
        return decision

    def _is_signed(self, response: BasicOCSPResponse, chain: Sequence[Certificate], validate: ValidateIssuer) -> bool:
        """Return whether somebody entitled to it signed the response (§4.2.2.2)."""
        issuer = chain[1]
        edge = response, issuer
        if edge not in self._entitled:
            self._entitled[edge] = self._is_by(response, issuer) or any(
                self._is_by(response, responder) and self._is_delegated(responder, chain, validate)
                for responder in response.certificates
            )
        return self._entitled[edge]

    def _is_by(self, response: BasicOCSPResponse, signer: Certificate) -> bool:
        """Return whether the response names the signer, and the signer's key made the signature (§3.2)."""
        return response.is_by(signer.subject, signer.public_key) and self._verifies(response, signer)

    def _is_delegated(self, responder: Certificate, chain: Sequence[Certificate], validate: ValidateIssuer) -> bool:
        """Return whether the issuer itself has certified the responder as one, and has not revoked it (§4.2.2.2)."""
        issuer = chain[1]
        extended = responder.extension(ExtendedKeyUsage)
        if (
            responder.issuer != issuer.subject
            or not responder.algorithms_agree
            or not responder.not_before <= self._at <= responder.not_after
            or extended is None
            or Purpose.OCSP_SIGNING not in extended.purposes  # in so many words: `anyExtendedKeyUsage` is not enough
            or not (responder.allows(Usage.DIGITAL_SIGNATURE) or responder.allows(Usage.CONTENT_COMMITMENT))
            or any(isinstance(one, UnknownExtension) and one.critical for one in responder.extensions)
            or not self._is_strong(responder)
            or not self._verifies(responder, issuer)
        ):
            return False
        if responder.extension(OCSPNoCheck) is not None:  # §4.2.2.2.1: trusted as long as it is valid
            return True
        try:
            self._revocation.check((responder, *chain[1:]), validate)
        except CertificateError as error:
            if error.reason is Reason.TOO_MUCH_WORK:
                raise
            return False
        return True

    def _is_strong(self, responder: Certificate) -> bool:
        key = responder.public_key
        rsa = rsa_key(key)
        return not isinstance(key, UnknownPublicKey) and (rsa is None or rsa.n.bit_length() >= self._minimum_rsa_bits)

    def _verifies(self, signed: Signed, signer: Certificate) -> bool:
        self._budget.spend(Work.OCSP_SIGNATURES, 1, signer)
        if signed.signature_algorithm.hash_name in WEAK_HASHES or is_oversized(signer.public_key):
            return False
        try:
            signed.verify_signature_by(signer.public_key)
        except InvalidSignature:
            return False
        return True


def _revoked(certificate: Certificate, single: SingleResponse, response: BasicOCSPResponse) -> CertificateError:
    reason = "" if single.reason is RevocationReason.UNSPECIFIED else f", for {single.reason}"
    since = "" if single.revocation_date is None else f" on {moment_text(single.revocation_date)}"
    message = f"it was revoked{since}{reason}, says {_shown(response)}"
    return refusal(Reason.REVOKED, certificate, message)


def _shown(response: BasicOCSPResponse) -> str:
    named = brief(response.responder) if not isinstance(response.responder, bytes) else response.responder.hex()
    return f"the OCSP response of {named} of {moment_text(response.produced_at)}"
