"""What a certificate says, as rows of a name and a value in plain words."""

from __future__ import annotations

from pki.asn1.as_text import moment_text, serial_text
from pki.fields.extensions import BasicConstraints, ExtendedKeyUsage, KeyUsage, Purpose
from pki.keys import describe_public_key
from pki.verify import Profile, VerifiedChain
from pki.x509 import Certificate

NAMED = {
    BasicConstraints: "authority",
    KeyUsage: "key usage",
    ExtendedKeyUsage: "purposes",
}


def certificate_facts(certificate: Certificate) -> list[list[str]]:
    """Return what a person looks at first: who, by whom, version, serial number, validity, key, signature, uses."""
    begin, end = map(moment_text, (certificate.not_before, certificate.not_after))
    rows = [
        ["common name", common_name(certificate)],
        ["subject", str(certificate.subject)],
        ["issuer", str(certificate.issuer)],
        ["version", f"v{certificate.version}"],
        ["serial number", serial_text(certificate.serial_number)],
        ["valid", f"{begin.removesuffix(' UTC')} to {end}"],
        ["public key", describe_public_key(certificate.public_key)],
        ["signed with", certificate.signature_algorithm.name],
    ]
    if certificate.dns_names:
        rows.append(["DNS names", ", ".join(certificate.dns_names)])
    for kind, name in NAMED.items():
        extension = certificate.extension(kind)
        if extension is not None:
            rows.append([name, str(extension)])
    return rows


def objection_rows(chain: VerifiedChain) -> list[list[str]]:
    """Return what stricter profiles would refuse in a chain: that of RFC 5280, and for servers that of the Web."""
    purposes = chain[0].extension(ExtendedKeyUsage)
    is_server = purposes is not None and Purpose.SERVER_AUTH in purposes.purposes
    return [
        ["warning", f"the profile {one.profile.name} would refuse it, {one.reason.name}: {one.message}"]
        for one in chain.objections(Profile.WEB if is_server else Profile.RFC5280)
    ]


def common_name(certificate: Certificate) -> str:
    """Return by what the certificate's subject is called: its common name, or else all of its name."""
    return certificate.subject.common_name or str(certificate.subject)


def fingerprint(certificate: Certificate) -> str:
    """Return the certificate's SHA-256 fingerprint as people compare it: hexadecimal with colons."""
    return certificate.fingerprint().hex(":").upper()
