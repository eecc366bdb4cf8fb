"""Why a certificate is refused: an enumerated reason, the certificate concerned, and a sentence.

Standard     RFC 5280 §6.1 for what is checked; the reasons are this project's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from pki.asn1.as_text import serial_text
from pki.path.checks import Check
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
    BAD_SERIAL_NUMBER = "the serial number is longer than 20 octets"
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
    REVOKED = "its issuer has revoked it"
    REVOCATION_UNKNOWN = "no certificate revocation list (CRL) tells whether it was revoked"
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
    """

    chain: tuple[Certificate, ...] = ()
    checks_by_certificate: Sequence[Sequence[Check]] = ()

    def __init__(self, reason: Reason, certificate: Certificate, message: str) -> None:
        super().__init__(message)
        self.reason, self.certificate, self.message = reason, certificate, message


def refusal(reason: Reason, certificate: Certificate, message: str) -> CertificateError:
    """Return the error that says whose certificate is refused, and why."""
    return CertificateError(reason, certificate, f"the certificate of {who(certificate)}: {message}")


def who(certificate: Certificate) -> str:
    """Return the subject as a person reads it."""
    return brief(certificate.subject) or f"an unnamed subject (serial number {serial_text(certificate.serial_number)})"
