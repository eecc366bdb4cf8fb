"""The profile of RFC 5280: what conforming authorities write into certificates, one rule after another.

Standard     RFC 5280 §4.
Left out     What the reader of DER or path validation itself refuses; what an authority only should do; what says how
             an authority finds its facts. The basicConstraints of an intermediate authority may be not critical,
             against §4.2.1.9: NIST's PKITS takes such a path for valid (4.6.4), as all verifiers do. keyUsage may be
             missing in an authority, against §4.2.1.3: §6.1.4 (n) and §6.3.3 (f) look at it only where it is present.
"""

from __future__ import annotations

from collections.abc import Iterator

from pki.asn1.as_text import serial_text
from pki.asn1.oids import NAMES
from pki.fields.access import AuthorityInfoAccess, SubjectInfoAccess
from pki.fields.distribution_points import FreshestCRL
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    KeyUsage,
    KnownExtension,
    SubjectAltName,
    SubjectKeyIdentifier,
    Usage,
)
from pki.fields.name_constraints import NameConstraints
from pki.fields.policy_extensions import InhibitAnyPolicy, PolicyConstraints
from pki.path.checks import Check
from pki.path.places import Place, Rule
from pki.path.refusals import CertificateError, Reason, brief, refusal

# Whether an extension must be critical, or must not be, and where that is said. Others may be either.
CRITICALITY: dict[type[KnownExtension], tuple[bool, str]] = {
    AuthorityKeyIdentifier: (False, "RFC 5280 §4.2.1.1"),
    SubjectKeyIdentifier: (False, "RFC 5280 §4.2.1.2"),
    PolicyConstraints: (True, "RFC 5280 §4.2.1.11"),
    InhibitAnyPolicy: (True, "RFC 5280 §4.2.1.14"),
    FreshestCRL: (False, "RFC 5280 §4.2.1.15"),
    AuthorityInfoAccess: (False, "RFC 5280 §4.2.2.1"),
    SubjectInfoAccess: (False, "RFC 5280 §4.2.2.2"),
}


def algorithms(place: Place) -> Iterator[Check | CertificateError]:
    """§4.1.1.2: the signature algorithm is named alike inside and outside of what is signed."""
    if place.certificate.algorithms_agree:
        yield Check("algorithm identifiers", "the same inside and outside", "RFC 5280 §4.1.1.2")
    else:
        message = "its signature algorithm is named differently inside and outside of what is signed"
        yield refusal(Reason.ALGORITHM_MISMATCH, place.certificate, message)


def serial_number(place: Place) -> Iterator[Check | CertificateError]:
    """§4.1.2.2: positive. Some roots are older than that, and have the number 0."""
    number = place.certificate.serial_number
    if number > 0 or (number == 0 and place.is_root):
        yield Check("serial number", "positive" if number else "0, as in some old roots", "RFC 5280 §4.1.2.2")
    else:
        message = f"its serial number is {serial_text(number)}, expected a positive one"
        yield refusal(Reason.BAD_SERIAL_NUMBER, place.certificate, message)


def names(place: Place) -> Iterator[Check | CertificateError]:
    """§4.1.2.4, §4.1.2.6, §4.2.1.6: issuers and authorities have names; others have them in subjectAltName at least."""
    certificate = place.certificate
    alternative = certificate.extension(SubjectAltName)
    if not certificate.issuer:
        yield refusal(
            Reason.EMPTY_NAME, certificate, "the name of its issuer is empty, expected at least one attribute"
        )
    else:
        yield Check("issuer", brief(certificate.issuer), "RFC 5280 §4.1.2.4")
    if certificate.subject:
        yield Check("subject", brief(certificate.subject), "RFC 5280 §4.1.2.6")
    elif place.is_authority:
        message = "its subject is empty, expected the name of the authority"
        yield refusal(Reason.EMPTY_NAME, certificate, message)
    elif alternative is None:
        yield refusal(Reason.MISSING_EXTENSION, certificate, "its subject is empty, and it has no subjectAltName")
    elif not alternative.critical:
        message = "its subject is empty and its subjectAltName is not critical, expected it to be"
        yield refusal(Reason.WRONG_CRITICALITY, certificate, message)
    else:
        yield Check("subject", "empty, and subjectAltName is critical", "RFC 5280 §4.2.1.6")


def criticality(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1, §4.2.2: extensions that must be critical are, and those that must not be are not."""
    for extension in place.certificate.extensions:
        expected, section = CRITICALITY.get(type(extension), (extension.critical, ""))  # type: ignore[arg-type]
        if extension.critical != expected:
            message = f"its {NAMES[extension.oid]} is {_critical(extension.critical)}, expected it to be"
            message += " critical" if expected else " not critical"
            yield refusal(Reason.WRONG_CRITICALITY, place.certificate, message)
        elif section:
            yield Check("criticality", f"{NAMES[extension.oid]} is {_critical(expected)}", section)


def authority_key_identifier(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1.1: which key made the signature is said, except by roots that made their own."""
    certificate = place.certificate
    identifier = certificate.extension(AuthorityKeyIdentifier)
    if identifier is not None and identifier.identifier is not None:
        yield Check("authority key identifier", identifier.identifier.hex(":"), "RFC 5280 §4.2.1.1")
    elif place.is_root and certificate.is_self_issued:
        yield Check("authority key identifier", "none, as it is self-signed", "RFC 5280 §4.2.1.1")
    else:
        message = "it does not say whose key signed it, expected an authorityKeyIdentifier with a keyIdentifier"
        yield refusal(Reason.MISSING_EXTENSION, certificate, message)


def subject_key_identifier(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1.2: authorities say which key is theirs."""
    if not place.is_authority:
        return
    identifier = place.certificate.extension(SubjectKeyIdentifier)
    if identifier is None:
        message = "it is an authority's, expected a subjectKeyIdentifier"
        yield refusal(Reason.MISSING_EXTENSION, place.certificate, message)
    else:
        yield Check("subject key identifier", brief(identifier), "RFC 5280 §4.2.1.2")


def key_usage(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1.3, §4.2.1.9: the key of an end entity does not sign certificates."""
    usage = place.certificate.extension(KeyUsage)
    if place.is_authority or usage is None:
        return
    if Usage.KEY_CERT_SIGN in usage.usages:
        message = f"its keyUsage is {usage}, expected no keyCertSign where basicConstraints do not say cA"
        yield refusal(Reason.FORBIDDEN_EXTENSION, place.certificate, message)
    else:
        yield Check("no keyCertSign", f"{usage}, in an end entity", "RFC 5280 §4.2.1.3")


def basic_constraints(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1.9: critical in roots; with a path length only where certificates are signed."""
    certificate = place.certificate
    constraints = certificate.extension(BasicConstraints)
    if constraints is None:
        return
    if place.is_root and constraints.ca and not constraints.critical:
        message = "its basicConstraints are not critical, expected them to be in a root"
        yield refusal(Reason.WRONG_CRITICALITY, certificate, message)
    elif constraints.path_length is not None and not (constraints.ca and certificate.allows(Usage.KEY_CERT_SIGN)):
        message = "its basicConstraints have a path length, expected none where it may not sign certificates"
        yield refusal(Reason.FORBIDDEN_EXTENSION, certificate, message)
    else:
        outcome = f"{constraints}, {_critical(constraints.critical)}"
        yield Check("basic constraints", outcome, "RFC 5280 §4.2.1.9")


def critical_name_constraints(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1.10: critical, so that nobody passes over them."""
    constraints = place.certificate.extension(NameConstraints)
    if constraints is None:
        return
    if constraints.critical:
        yield Check("criticality", "nameConstraints is critical", "RFC 5280 §4.2.1.10")
    else:
        message = "its nameConstraints is not critical, expected it to be critical"
        yield refusal(Reason.WRONG_CRITICALITY, place.certificate, message)


def name_constraints(place: Place) -> Iterator[Check | CertificateError]:
    """§4.2.1.10: for authorities only."""
    if place.is_authority or place.certificate.extension(NameConstraints) is None:
        return
    message = "it has nameConstraints, expected them in certificates of authorities only"
    yield refusal(Reason.FORBIDDEN_EXTENSION, place.certificate, message)


def _critical(critical: bool) -> str:
    return "critical" if critical else "not critical"


RULES: tuple[Rule, ...] = (
    algorithms,
    serial_number,
    names,
    criticality,
    authority_key_identifier,
    subject_key_identifier,
    key_usage,
    basic_constraints,
    critical_name_constraints,
    name_constraints,
)
"""In the order of the sections."""
