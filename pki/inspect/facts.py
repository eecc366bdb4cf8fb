"""What a person wants to read of a certificate, a request, a certificate revocation list (CRL) or a key.

The facts are collected once, as pairs of a label and a value, and written as text for people or JSON for programs.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from console.printable import printable
from pki.asn1.as_text import moment_text, serial_text
from pki.asn1.oids import describe
from pki.certificate_status import CertID, SingleResponse
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Extension, UnknownExtension
from pki.inspect.file_contents import EncryptedOldKey, Item, NamedCurve, Signature, Unread
from pki.key_formats.encryption_schemes import Encrypted
from pki.key_formats.pbes2 import PBES2Encrypted
from pki.key_formats.pkcs12_pbe import PKCS12Encrypted
from pki.key_formats.private_key_info import RSAPSSPrivateKey
from pki.key_formats.public_key_info import RSAPSSPublicKey, UnknownPublicKey
from pki.keys import PrivateKey, PublicKey, describe_public_key, key_identifier
from pki.ocsp import OCSPRequest, OCSPResponse
from pki.pkcs12 import Bag, PersonalInformation
from pki.x509 import Certificate
from primitives.ec import ECPrivateKey, ECPublicKey
from primitives.ed448_keys import Ed448PrivateKey, Ed448PublicKey
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey
from primitives.errors import InvalidSignature
from primitives.ml_dsa import MLDSAPrivateKey, MLDSAPublicKey
from primitives.ml_kem import DecapsulationKey, EncapsulationKey
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha256
from primitives.slh_dsa import SLHDSAPrivateKey, SLHDSAPublicKey
from primitives.x448_keys import X448PrivateKey, X448PublicKey
from primitives.x25519_keys import X25519PrivateKey, X25519PublicKey

Value: TypeAlias = "str | int | bool | bytes | Facts | list[Facts]"
Facts: TypeAlias = list[tuple[str, "Value"]]

WIDTH, INDENT = 80, "    "
OCTETS_IN_LINE = 16


def facts_of(item: Item, *, at: datetime) -> Facts:
    """Return the facts of one thing in a file; `at` is the time that validities are compared with."""
    facts = _facts(item, at=at)
    if item.marks and not isinstance(item.content, Unread):
        more = f", and {len(item.marks) - 1} more such places" if len(item.marks) > 1 else ""
        facts.append(("Not DER", f"byte {item.marks[0].offset}: {item.marks[0].text}{more}"))
    return facts


def _facts(item: Item, *, at: datetime) -> Facts:
    match item.content:
        case Unread(reason):
            return [("Not read", printable(reason))]
        case NamedCurve(identifier):
            return [("Curve", describe(identifier)), ("Key", "none: only EC PARAMETERS is in the file")]
        case Certificate() as certificate:
            return _certificate(certificate, at)
        case CertificateSigningRequest() as request:
            return _request(request)
        case CertificateRevocationList() as crl:
            return _crl(crl, at)
        case OCSPRequest() as asked:
            return _ocsp_request(asked)
        case OCSPResponse() as answer:
            return _ocsp_response(answer)
        case tuple() as certificates:
            return [("Certificates", [_certificate(certificate, at) for certificate in certificates])]
        case PBES2Encrypted() | PKCS12Encrypted() as info:
            return [("Encrypted with", _encryption(info))]
        case PersonalInformation() as information:
            return _personal_information(information, at)
        case EncryptedOldKey() as old:
            return [
                ("Encrypted with", f"{old.cipher}, one MD5 per guess at the password: replace it"),
                ("Kind", old.label),
            ]
        case Signature() as signature:
            if signature.r is None or signature.s is None:
                return [("Octets", item.data)]
            return [("r", f"{signature.r:x}"), ("s", f"{signature.s:x}")]
        case RSAPrivateKey() | RSAPSSPrivateKey() | ECPrivateKey() | SLHDSAPrivateKey() as key:
            return _private_key(key)
        case Ed25519PrivateKey() | Ed448PrivateKey() | X25519PrivateKey() | X448PrivateKey() as key:
            return _private_key(key)
        case MLDSAPrivateKey() | DecapsulationKey() as key:
            form = "the expanded key alone" if key.seed is None else "the seed, which all of it can be computed from"
            return [*_private_key(key), ("In the file", form)]
        case key:
            return _public_key(key)


def _encryption(encrypted: Encrypted) -> str:
    if isinstance(encrypted, PBES2Encrypted):
        derivation = f"PBKDF2 with HMAC-{encrypted.hash.name} and {encrypted.iterations} iterations"
        return f"{encrypted.cipher.name}, {derivation}"
    return f"3DES-CBC, PKCS #12's derivation with SHA-1 and {encrypted.iterations} iterations"


def _personal_information(information: PersonalInformation, at: datetime) -> Facts:
    mac = information.mac
    parts: list[Facts] = []
    for safe in information.safes:
        if isinstance(safe, tuple):
            parts += [_bag(bag, at) for bag in safe]
        else:
            parts.append([("Kind", "encrypted bags"), ("Encrypted with", _encryption(safe))])
    return [
        ("MAC", "none" if mac is None else f"HMAC-{mac.hash.name}, {mac.iterations} iterations"),
        ("Contents", parts),
    ]


def _bag(bag: Bag, at: datetime) -> Facts:
    match bag.content:
        case Certificate() as certificate:
            facts: Facts = [("Kind", "certificate"), *_certificate(certificate, at)]
        case PBES2Encrypted() | PKCS12Encrypted() as encrypted:
            facts = [("Kind", "encrypted private key"), ("Encrypted with", _encryption(encrypted))]
        case str() as kind:
            facts = [("Kind", f"{kind}, not read here")]
        case key:
            facts = _private_key(key)
    if bag.name is not None:
        facts.insert(1, ("Name", printable(bag.name)))
    return facts


def _certificate(certificate: Certificate, at: datetime) -> Facts:
    return [
        ("Version", certificate.version),
        ("Serial number", serial_text(certificate.serial_number)),
        ("Signature algorithm", certificate.signature_algorithm.name),
        ("Issuer", str(certificate.issuer)),
        ("Not before", moment_text(certificate.not_before)),
        ("Not after", moment_text(certificate.not_after)),
        ("State", _state(certificate, at)),
        ("Subject", str(certificate.subject)),
        ("Public key", _public_key(certificate.public_key)),
        ("Extensions", list(_extensions(certificate.extensions))),
        ("Signature", certificate.signature),
        ("SHA-256 fingerprint", certificate.fingerprint(sha256)),
    ]


def _request(request: CertificateSigningRequest) -> Facts:
    try:
        request.verify()
        held = "right: the requester has the private key"
    except InvalidSignature:
        held = "WRONG: the requester does not have the private key, or the request was altered"
    attributes: Facts = [(describe(type), f"{len(values)} octets") for type, values in request.attributes]
    return [
        ("Version", 1),
        ("Subject", str(request.subject)),
        ("Public key", _public_key(request.public_key)),
        ("Attributes", attributes),
        ("Requested extensions", list(_extensions(request.extensions))),
        ("Signature algorithm", request.signature_algorithm.name),
        ("Signature", request.signature),
        ("Its signature is", held),
    ]


def _crl(crl: CertificateRevocationList, at: datetime) -> Facts:
    entries: list[Facts] = []
    for entry in crl.entries:
        facts: Facts = [
            ("Serial number", serial_text(entry.serial_number)),
            ("Revoked", moment_text(entry.revocation_date)),
        ]
        if entry.issuer is not None:
            facts.append(("Issuer", str(entry.issuer)))
        entries.append([*facts, *_extensions(entry.extensions)])
    late = crl.next_update is not None and at > crl.next_update
    return [
        ("Version", crl.version),
        ("Signature algorithm", crl.signature_algorithm.name),
        ("Issuer", str(crl.issuer)),
        ("This update", moment_text(crl.this_update)),
        ("Next update", "not said" if crl.next_update is None else moment_text(crl.next_update)),
        ("State", "OVERDUE: there should be a newer one" if late else "current"),
        ("Extensions", list(_extensions(crl.extensions))),
        ("Revoked certificates", entries or "none"),
        ("Signature", crl.signature),
    ]


def _ocsp_request(request: OCSPRequest) -> Facts:
    signed = "nobody" if request.signature_algorithm is None else request.signature_algorithm.name
    return [
        ("Asks about", [_cert_id(one) for one in request.cert_ids]),
        ("Extensions", list(_extensions(request.extensions))),
        ("Requestor", "not said" if request.requestor is None else printable(str(request.requestor))),
        ("Signed by", signed),
    ]


def _cert_id(cert_id: CertID) -> Facts:
    return [
        ("Serial number", serial_text(cert_id.serial_number)),
        ("Hash algorithm", describe(cert_id.hash_algorithm)),
        ("Hash of the issuer's name", cert_id.issuer_name_hash),
        ("Hash of the issuer's key", cert_id.issuer_key_hash),
    ]


def _ocsp_response(response: OCSPResponse) -> Facts:
    facts: Facts = [("Status", str(response.status))]
    basic = response.basic
    if basic is None:
        return facts
    by_key = isinstance(basic.responder, bytes)
    certificates: list[Facts] = [
        [("Subject", str(one.subject)), ("Issuer", str(one.issuer))] for one in basic.certificates
    ]
    return [
        *facts,
        ("Responder", basic.responder if isinstance(basic.responder, bytes) else str(basic.responder)),
        ("Named by", "the SHA-1 of its key" if by_key else "its name"),
        ("Produced", moment_text(basic.produced_at)),
        ("Responses", [_single_response(one) for one in basic.responses]),
        ("Extensions", list(_extensions(basic.extensions))),
        ("Signature algorithm", basic.signature_algorithm.name),
        ("Signature", basic.signature),
        ("Certificates", certificates),
    ]


def _single_response(single: SingleResponse) -> Facts:
    facts: Facts = [("Status", single.status.value), *_cert_id(single.cert_id)]
    if single.revocation_date is not None:
        facts += [("Revoked", moment_text(single.revocation_date)), ("Reason", str(single.reason))]
    facts.append(("This update", moment_text(single.this_update)))
    until = "at any time" if single.next_update is None else moment_text(single.next_update)
    return [*facts, ("Next update", until), *_extensions(single.extensions)]


def _private_key(key: PrivateKey) -> Facts:
    """Return the facts of a private key, which are those of its public half: the rest is nobody's business."""
    return [
        ("Kind", f"private key, {describe_public_key(key.public_key)}"),
        ("Public key", _public_key(key.public_key)),
    ]


def _public_key(key: PublicKey) -> Facts:
    facts: Facts = [("Kind", describe_public_key(key))]
    match key:
        case RSAPublicKey(n, e) | RSAPSSPublicKey(RSAPublicKey(n, e)):
            facts.append(("Modulus", _number(n)))
            facts.append(("Exponent", f"{e} (0x{e:x})" if e.bit_length() <= 64 else f"0x{e:x}"[:MAX_NUMBER]))
        case ECPublicKey():
            facts.append(("Point", key.to_bytes()))
        case MLDSAPublicKey() | EncapsulationKey() | SLHDSAPublicKey():
            facts.append(("Octets", key.to_bytes()))
        case Ed25519PublicKey() | Ed448PublicKey() | X25519PublicKey() | X448PublicKey():
            facts.append(("Octets", key.to_bytes()))
        case UnknownPublicKey():
            facts.append(("Octets", key.key))
    return [*facts, ("Key identifier", key_identifier(key))]


MAX_NUMBER = 200  # characters of a number that somebody made absurdly long


def _number(number: int) -> bytes:
    return int(number).to_bytes(number.bit_length() // 8 + 1, "big")  # as in DER, with the octet of the sign


def _extensions(extensions: Iterable[Extension]) -> Iterator[tuple[str, Value]]:
    for extension in extensions:
        label = describe(extension.oid) + (", critical" if extension.critical else "")
        yield label, extension.value if isinstance(extension, UnknownExtension) else printable(str(extension))


def _state(certificate: Certificate, at: datetime) -> str:
    if at < certificate.not_before:
        return f"NOT YET VALID, for another {_span(certificate.not_before - at)}"
    if not certificate.is_valid_at(at):
        return f"EXPIRED, {_span(at - certificate.not_after)} ago"
    return f"within its validity, for another {_span(certificate.not_after - at.replace(microsecond=0))}"


def _span(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return f"{span.days} days"
    return (
        f"{span // timedelta(hours=1)} hours"
        if span >= timedelta(hours=2)
        else f"{span // timedelta(minutes=1)} minutes"
    )


# --- As text.


def as_text(facts: Facts, indent: str = INDENT) -> Iterator[str]:
    """Give the lines for people, at most 80 columns wide where the words allow it."""
    for label, value in facts:
        if isinstance(value, bytes):
            yield f"{indent}{label}:"
            yield from _octets(value, indent + INDENT)
        elif isinstance(value, list):
            if not value:
                continue
            yield f"{indent}{label}:"
            for part in value:
                if isinstance(part, tuple):
                    yield from as_text([part], indent + INDENT)
                else:
                    lines = list(as_text(part, indent + INDENT))
                    yield f"{indent}  - {lines[0].lstrip()}"
                    yield from lines[1:]
        else:
            yield from wrapped(f"{label}: {value}", indent, indent + INDENT)


def wrapped(text: str, first: str, rest: str) -> list[str]:
    """Return the text in lines of the usual width, which begin with `first` and `rest`.

    No line is broken after a backslash, so that the blank that it keeps at the end of a name stays (RFC 4514 §2.4).
    """
    lines = textwrap.wrap(
        text.replace("\\ ", "\\\0"), WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    return [line.replace("\\\0", "\\ ") for line in lines]


def _octets(octets: bytes, indent: str) -> Iterator[str]:
    for i in range(0, len(octets), OCTETS_IN_LINE):
        yield indent + octets[i : i + OCTETS_IN_LINE].hex(":") + (":" if i + OCTETS_IN_LINE < len(octets) else "")


# --- As JSON.


def as_json(facts: Facts) -> dict[str, object]:
    """Return the facts for programs: octets in hexadecimal digits, and a list where a label comes more than once."""
    found: dict[str, list[object]] = {}
    for label, value in facts:
        found.setdefault(_key(label), []).append(_json_value(value))
    return {label: values[0] if len(values) == 1 else values for label, values in found.items()}


def _key(label: str) -> str:
    """Return the label in small letters with underscores; object identifiers and their names keep their spelling."""
    return label if re.search(r"[0-9]\.[0-9]", label) else label.lower().replace(" ", "_").replace("-", "_")


def _json_value(value: Value) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if not isinstance(value, list):
        return value
    pairs = [part for part in value if isinstance(part, tuple)]
    return [as_json(part) for part in value if isinstance(part, list)] if value and not pairs else as_json(pairs)
