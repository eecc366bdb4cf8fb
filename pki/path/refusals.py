"""Why a certificate is refused: an enumerated reason, the certificate concerned, and a sentence.

Standard     RFC 5280 §6.1 for what is checked; the reasons are this project's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from pki.asn1.as_text import serial_text
from pki.path.checks import Check
from pki.path.profiles import Profile
from pki.x509 import Certificate

MAX_SHOWN = 300  # characters


class Reason(Enum):
    """What is wrong, each with what it means in general."""

    UNKNOWN_ISSUER = "no certificate of its issuer is at hand, and no trusted root has that name"
    BAD_SIGNATURE = "the signature was not made with the issuer's key over these bytes"
    ALGORITHM_MISMATCH = "the signature algorithm is named differently inside and outside of what is signed"
    UNSUPPORTED_ALGORITHM = "the signature algorithm is not known here"
    WEAK_HASH = "the signature rests on a hash function for which collisions can be made"
    UNSUPPORTED_KEY = "the public key is of a kind or size that is not known here"
    WEAK_KEY = "the public key is so short, or of such a form, that others can make its signatures"
    NOT_YET_VALID = "its validity has not begun"
    EXPIRED = "its validity is over"
    BAD_SERIAL_NUMBER = "the serial number is longer than 20 octets, or its profile demands a positive one"
    DUPLICATE_EXTENSION = "an extension occurs twice"
    UNKNOWN_CRITICAL_EXTENSION = "it has an extension that is not understood here and must not be ignored"
    NOT_A_CA = "it issued a certificate without being a certificate authority"
    PATH_TOO_LONG = "an authority above it allows no further authority in its place"
    CANNOT_SIGN_CERTIFICATES = "its key may not be used to sign certificates"
    MALFORMED_NAME = "one of its names is not as names of its kind are written"
    NAME_NOT_PERMITTED = "one of its names is outside of those for which an authority above it may vouch"
    NAME_EXCLUDED = "one of its names is among those for which an authority above it may not vouch"
    UNSUPPORTED_CONSTRAINT = "its names are constrained in a way that is not understood here"
    NO_VALID_POLICY = "a certificate policy is demanded, and none that is accepted holds for the whole chain"
    BAD_POLICY_MAPPING = "it maps the policy that stands for all policies"
    BAD_VERSION = "it is of an older version than its profile demands"
    EMPTY_NAME = "its issuer or its subject has no name, and its profile demands one"
    WRONG_CRITICALITY = "an extension is critical, or is not, against its profile"
    MISSING_EXTENSION = "it lacks an extension, or a field of one, that its profile demands"
    FORBIDDEN_EXTENSION = "it has an extension, or something in one, that its profile forbids in its place"
    FORBIDDEN_KEY = "its key is of a kind or size that its profile does not allow"
    FORBIDDEN_PURPOSE = "it may be used for other purposes than its profile allows"
    UNEXPECTED_AUTHORITY = "it is an authority's, and its profile demands that the last in a chain is none"
    BAD_COMMON_NAME = "its common name is a name that its subjectAltName does not have, or not in that spelling"
    REVOKED = "its issuer has revoked it"
    REVOCATION_UNKNOWN = "neither a certificate revocation list (CRL) nor an OCSP response tells whether it was revoked"
    WRONG_KEY_USAGE = "its key may not be used for this purpose"
    WRONG_PURPOSE = "it was not issued for this purpose"
    WRONG_NAME = "it is not for the name that was expected"
    CHAIN_TOO_LONG = "the chain has more certificates than are looked at"
    TOO_MUCH_WORK = "verifying it would take more work than is done for one certificate"


def brief(thing: object) -> str:
    """Return what a person reads of a name or a list of them, cut off where somebody made it very long."""
    text = str(thing)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


class CertificateError(Exception):
    """A certificate was refused.

    reason: why, as one of `Reason`.
    certificate: the one that is refused, which need not be the first of its chain.
    message: the reason in a sentence, with the facts.
    chain: the certificates that were looked at, the first one first, as far up as they led.
    checks_by_certificate: what was checked of each until then and held, in the same order.
    accepted_under: the strongest weaker profile under which the chain holds, which the message names, too; None if
        there is no such profile.
    """

    accepted_under: Profile | None = None
    chain: tuple[Certificate, ...] = ()
    checks_by_certificate: Sequence[Sequence[Check]] = ()

    def __init__(self, reason: Reason, certificate: Certificate, message: str) -> None:
        super().__init__(message)
        self.reason, self.certificate, self.message = reason, certificate, message


def refusal(reason: Reason, certificate: Certificate, message: str) -> CertificateError:
    """Return the error that says whose certificate is refused, and why."""
    return CertificateError(reason, certificate, f"the certificate of {who(certificate)}: {message}")


def accepted_under(error: CertificateError, profile: Profile) -> CertificateError:
    """Return the error that says, too, under which profile the chain holds."""
    message = f"{error.message}; under the profile {profile.name} the chain holds"
    found = CertificateError(error.reason, error.certificate, message)
    found.chain, found.checks_by_certificate, found.accepted_under = error.chain, error.checks_by_certificate, profile
    return found


def who(certificate: Certificate) -> str:
    """Return the subject as a person reads it."""
    return brief(certificate.subject) or f"an unnamed subject (serial number {serial_text(certificate.serial_number)})"
