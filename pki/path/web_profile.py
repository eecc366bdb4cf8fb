"""The profile of the Web: what the CA/Browser Forum demands of the certificates of TLS servers, beyond RFC 5280.

Standard     CABF BR §6.1.5, §7.1.1, §7.1.2, §7.1.4.3 (Baseline Requirements for TLS Server Certificates, as numbered
             since version 2.0.0).
Left out     What only the authority can know (who was asked, how long is allowed when), Certificate Transparency, and
             the extensions that say where something is found. nameConstraints may be not critical (§7.1.2.5.2). A
             common name that is neither a host name nor an address, or of a kind that subjectAltName has none of, is
             let pass, as is the name above a wildcard: nobody goes by it (RFC 9525 §2).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from pki.asn1.oids import OIDS, describe
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    Purpose,
    SubjectAltName,
    SubjectKeyIdentifier,
)
from pki.fields.general_names import DNSName, IPAddress
from pki.key_formats.public_key_info import describe_public_key, rsa_key
from pki.path.checks import Check
from pki.path.places import Place, Rule
from pki.path.refusals import CertificateError, Reason, brief, refusal
from pki.path.rfc5280_profile import critical_name_constraints
from primitives.ec import P256, P384, P521, ECPublicKey

MINIMUM_RSA_BITS = 2048
CURVES = (P256, P384, P521)
PRECERTIFICATE_SIGNING = "1.3.6.1.4.1.11129.2.4.4"  # RFC 6962 §3.1
FORBIDDEN_PURPOSES = (
    Purpose.ANY,
    Purpose.CODE_SIGNING,
    Purpose.EMAIL_PROTECTION,
    Purpose.TIME_STAMPING,
    Purpose.OCSP_SIGNING,
    PRECERTIFICATE_SIGNING,
)


def version(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.1: version 3."""
    if place.certificate.version == 3:
        yield Check("version", "3", "CABF BR §7.1.1")
    else:
        message = f"it is of version {place.certificate.version}, expected 3"
        yield refusal(Reason.BAD_VERSION, place.certificate, message)


def key_size(place: Place) -> Iterator[Check | CertificateError]:
    """§6.1.5: RSA of whole octets, or a curve of NIST."""
    key = place.certificate.public_key
    rsa = rsa_key(key)
    if rsa is not None:
        bits = rsa.n.bit_length()
        expected = f"{MINIMUM_RSA_BITS} or more, a multiple of 8"
        is_allowed = bits >= MINIMUM_RSA_BITS and bits % 8 == 0
    else:
        expected = "RSA, P-256, P-384 or P-521"
        is_allowed = isinstance(key, ECPublicKey) and key.curve in CURVES
    if is_allowed:
        yield Check("key size", describe_public_key(key), "CABF BR §6.1.5")
    else:
        message = f"its key is {describe_public_key(key)}, expected {expected}"
        yield refusal(Reason.FORBIDDEN_KEY, place.certificate, message)


def root_identifiers(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.2.1.3: a root names itself by its own key identifier alone, if at all."""
    identifier = place.certificate.extension(AuthorityKeyIdentifier)
    if not place.is_root or not place.certificate.is_self_issued or identifier is None:
        return
    own = place.certificate.extension(SubjectKeyIdentifier)
    if identifier.issuer or identifier.serial_number is not None:
        message = "its authorityKeyIdentifier names a certificate, expected a keyIdentifier alone in a root"
        yield refusal(Reason.FORBIDDEN_EXTENSION, place.certificate, message)
    elif identifier.identifier is None:
        message = "its authorityKeyIdentifier is without a keyIdentifier"
        yield refusal(Reason.MISSING_EXTENSION, place.certificate, message)
    elif own is not None and identifier.identifier != own.identifier:
        message = "the keyIdentifier of its authorityKeyIdentifier differs from its subjectKeyIdentifier"
        yield refusal(Reason.FORBIDDEN_EXTENSION, place.certificate, message)
    else:
        yield Check("root's key identifier", "its own", "CABF BR §7.1.2.1.3")


def root_purposes(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.2.1.2: a root has no extKeyUsage."""
    if not place.is_root or not place.is_authority:
        return
    if place.certificate.extension(ExtendedKeyUsage) is None:
        yield Check("root's purposes", "not limited", "CABF BR §7.1.2.1.2")
    else:
        yield refusal(Reason.FORBIDDEN_EXTENSION, place.certificate, "it has an extKeyUsage, expected none in a root")


def no_authority(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.2.7.8: a server is no authority."""
    if not place.is_leaf:
        return
    constraints = place.certificate.extension(BasicConstraints)
    if place.is_authority:
        message = "its basicConstraints say that it is a certificate authority, expected none in the place of a server"
        yield refusal(Reason.UNEXPECTED_AUTHORITY, place.certificate, message)
    else:
        yield Check("no authority", str(constraints or "no basicConstraints"), "CABF BR §7.1.2.7.8")


def purposes(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.2.7.6, §7.1.2.7.10: extKeyUsage is there, not critical, and for servers, with clients if need be."""
    if not place.is_leaf:
        return
    certificate = place.certificate
    extended = certificate.extension(ExtendedKeyUsage)
    if extended is None:
        yield refusal(Reason.MISSING_EXTENSION, certificate, "it has no extKeyUsage, expected one with serverAuth")
        return
    if extended.critical:
        message = "its extKeyUsage is critical, expected it to be not critical"
        yield refusal(Reason.WRONG_CRITICALITY, certificate, message)
    forbidden = [purpose for purpose in extended.purposes if purpose in FORBIDDEN_PURPOSES]
    if forbidden or Purpose.SERVER_AUTH not in extended.purposes:
        expected = f"not {', '.join(map(describe, forbidden))}" if forbidden else describe(Purpose.SERVER_AUTH)
        message = f"it may be used for {brief(extended)}, expected {expected}"
        yield refusal(Reason.FORBIDDEN_PURPOSE, certificate, message)
    elif not extended.critical:
        yield Check("server's purposes", brief(extended), "CABF BR §7.1.2.7.10")


def alternative_names(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.2.7.12: host names and addresses, in an extension that is critical only without a subject."""
    if not place.is_leaf:
        return
    certificate = place.certificate
    names = certificate.extension(SubjectAltName)
    if names is None:
        yield refusal(Reason.MISSING_EXTENSION, certificate, "it has no subjectAltName")
        return
    others = [name for name in names.names if not isinstance(name, DNSName | IPAddress)]
    if others:
        message = f"its subjectAltName has {brief(others[0])}, expected host names and IP addresses only"
        yield refusal(Reason.FORBIDDEN_EXTENSION, certificate, message)
    if names.critical and certificate.subject:
        message = "its subjectAltName is critical beside a subject, expected it to be not critical"
        yield refusal(Reason.WRONG_CRITICALITY, certificate, message)
    elif not others:
        yield Check("server's names", brief(names), "CABF BR §7.1.2.7.12")


def common_name(place: Place) -> Iterator[Check | CertificateError]:
    """§7.1.4.3: a name in the common name is, character for character, one of those in subjectAltName."""
    names = place.certificate.extension(SubjectAltName)
    if not place.is_leaf or names is None:
        return
    for text in (a.text for rdn in place.certificate.subject.rdns for a in rdn if a.oid == OIDS["commonName"]):
        if _is_misspelt(text, names):
            message = f"its common name is {brief(repr(text))}, which its subjectAltName does not have in that spelling"
            yield refusal(Reason.BAD_COMMON_NAME, place.certificate, f"{message}: {brief(names)}")
        else:
            yield Check("common name", brief(repr(text)), "CABF BR §7.1.4.3")


def _is_misspelt(text: str, names: SubjectAltName) -> bool:
    """Return whether the text is a name, of a kind that is among `names`, which is not there as it is spelt."""
    hosts = names.dns_names
    if text in hosts or text in [str(ipaddress.ip_address(octets)) for octets in names.ip_addresses]:
        return False
    if text.lower() in [host.lower() for host in hosts]:
        return True
    if _addresses(text):
        return bool(names.ip_addresses)
    is_host = "." in text and not any(character.isspace() for character in text)
    return is_host and bool(hosts) and f"*.{text}" not in hosts


def _addresses(text: str) -> list[bytes]:
    """Return the addresses that the text may stand for, in whatever spelling resolvers take."""
    bare = text.strip("[]")
    try:
        return [ipaddress.ip_address(bare).packed]
    except ValueError:
        pass
    parts = bare.lower().split(".")
    if len(parts) > 4 or not all(part.isascii() and part.isalnum() for part in parts):
        return []
    found = []
    for base in (10, 0, 8):  # leading zeros stand for nothing, or for base 8
        try:
            numbers = [int(part, 16 if part.startswith("0x") else base) for part in parts]
        except ValueError:
            continue
        *first, last = numbers
        if all(number < 256 for number in first) and last < 1 << 8 * (5 - len(parts)):
            found.append(bytes(first) + last.to_bytes(5 - len(parts), "big"))
    return found


WAIVED: tuple[Rule, ...] = (critical_name_constraints,)
"""The rules of RFC 5280 of which the Baseline Requirements make an exception: CABF BR §7.1.2.5.2."""

RULES: tuple[Rule, ...] = (
    version,
    key_size,
    root_identifiers,
    root_purposes,
    no_authority,
    purposes,
    alternative_names,
    common_name,
)
