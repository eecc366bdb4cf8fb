"""What a file holds: certificates, requests, certificate revocation lists (CRLs), keys, signatures, as DER or PEM.

Standard     RFC 7468 for the PEM labels, with those of its appendix A that others write; RFC 3279 §2.2.3
             (`Ecdsa-Sig-Value`); RFC 8032 §5.1.6, RFC 8017 §8 for what signatures without any structure look like.
Left out     Kinds of files that the rest of this room does not read: they are shown as plain ASN.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from explain.layout import Field, Layout
from pki import keys
from pki.asn1.ber import LenientReader
from pki.asn1.der import DERError, Reader
from pki.asn1.pem import PEMBlock, PEMFault, pem_blocks
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.inspect.raw_values import Mark, complete, raw_values
from pki.key_formats.encryption_schemes import Encrypted
from pki.key_formats.jwk import read_jwks
from pki.key_formats.octet_keys import PRIVATE_KEYS
from pki.key_formats.openssh import read_ssh_public_key
from pki.key_formats.openssh_private import PEM_LABEL as SSH_PRIVATE_LABEL
from pki.key_formats.openssh_private import read_openssh_private_key
from pki.key_formats.pbes2 import PBES2Encrypted
from pki.key_formats.pkcs12_pbe import PKCS12Encrypted
from pki.key_formats.traditional_pem import parse_headers
from pki.ocsp import OCSPRequest, OCSPResponse
from pki.pkcs7 import read_certs_only_message
from pki.pkcs12 import PersonalInformation, read_personal_information
from pki.recognition import Form, Named, recognise
from pki.x509 import Certificate
from primitives.ec import ECPrivateKey
from primitives.rsa import RSAPrivateKey

EDDSA_SIZES = {64: ("Ed25519", "RFC 8032 §5.1.6"), 114: ("Ed448", "RFC 8032 §5.2.6")}
SIGNATURE_SIZES = (128, 256, 384, 512)  # bytes, of RSA signatures as people have them
MAX_SIZE = CertificateRevocationList.MAX_FILE  # bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature on its own; r and s are None where it has no such numbers."""

    r: int | None = None
    s: int | None = None


@dataclass(frozen=True, slots=True)
class EncryptedOldKey:
    """A private key that is encrypted by the headers of its PEM block.

    label: that of the block; cipher: its name in the headers.
    """

    label: str
    cipher: str


@dataclass(frozen=True, slots=True)
class NamedCurve:
    """The name of a curve without a key, which OpenSSL writes before a key. identifier: in dotted form."""

    identifier: str


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read as the kind of thing that it should be. reason: why, with the place of the fault."""

    reason: str


Content: TypeAlias = (
    Certificate
    | CertificateSigningRequest
    | CertificateRevocationList
    | tuple[Certificate, ...]
    | keys.PrivateKey
    | keys.PublicKey
    | Encrypted
    | EncryptedOldKey
    | NamedCurve
    | OCSPRequest
    | OCSPResponse
    | PersonalInformation
    | Signature
    | Unread
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file holds.

    kind: what it is, in words. content: as it was read. data: its bytes; DER, but for some signatures and old keys.
    fields: what each byte is.
    marks: the places that are not as they should be: where reading ended, and what DER does not allow.
    where: in which block of a file with several of them, such as `block 3 of 4, line 19`.
    form: how the file spells the bytes, if that is neither PEM nor the bytes themselves, such as `base64`.
    """

    kind: str
    content: Content
    data: bytes
    fields: list[Field]
    marks: tuple[Mark, ...] = ()
    where: str = ""
    form: str = ""


def items_of(data: bytes) -> list[Item]:
    """Return what a file holds, in order, one thing or more.

    Raises `ValueError` if that is nothing known here, or if one of several things cannot be read, and says which.
    """
    found = contents_of(data)
    for item in found:
        if isinstance(item.content, Unread):
            raise ValueError(f"{item.where}: {item.content.reason}" if item.where else item.content.reason)
    return found


def contents_of(data: bytes, *, kind: str | None = None, is_lenient: bool = False) -> list[Item]:
    """Return what a file holds, in order, with an `Unread` in the place of each thing that cannot be read.

    kind: one of `KINDS`, which all of it is taken for, whatever the labels in PEM say.
    is_lenient: whether to read on where DER forbids what BER allows, and mark those places.
    """
    recognised = recognise(data)
    if isinstance(recognised, Named):
        return [_unknown(data, f"{recognised.reason}; {EXPECTED}")]
    form, data, spelling = recognised
    match form:
        case Form.PEM:
            found = _items_from_pem(data, kind, is_lenient)
        case Form.SSH_LINES:
            found = [_ssh_key(line) for line in data.splitlines() if line.strip()]
        case Form.JWK:
            found = _jwks(data)
        case Form.SSH_PRIVATE:
            found = [_ssh_private_key(data)]
        case Form.DER:
            found = [_item_from_der(data, kind, is_lenient)]
    if not spelling:
        return found
    return [replace(item, form=f"{spelling}, {item.form}" if item.form else spelling) for item in found]


def _items_from_pem(data: bytes, kind: str | None, is_lenient: bool) -> list[Item]:
    blocks = pem_blocks(data, max_size=MAX_SIZE)
    items = []
    for number, block in enumerate(blocks, 1):
        item = _item_from_block(block, kind, is_lenient)
        if isinstance(item.content, NamedCurve) and len(blocks) > 1:  # OpenSSL's, before a key that says it again
            continue
        label = f"{block.label}, " if block.label else ""
        where = f"block {number} of {len(blocks)}, {label}line {block.line}" if len(blocks) > 1 else ""
        items.append(replace(item, where=where))
    return items


# --- The readers of each kind.

Read: TypeAlias = Callable[[Reader], tuple[str, Content]]


def _certificate(reader: Reader) -> tuple[str, Content]:
    return "certificate", Certificate.read(reader)


def _request(reader: Reader) -> tuple[str, Content]:
    return "certification request", CertificateSigningRequest.read(reader)


def _crl(reader: Reader) -> tuple[str, Content]:
    return "CRL", CertificateRevocationList.read(reader)


def _ocsp_request(reader: Reader) -> tuple[str, Content]:
    return "OCSP request", OCSPRequest.read(reader)


def _ocsp_response(reader: Reader) -> tuple[str, Content]:
    return "OCSP response", OCSPResponse.read(reader)


def _certificates(reader: Reader) -> tuple[str, Content]:
    return "certificates in a PKCS #7 message", read_certs_only_message(reader)


def _pkcs12(reader: Reader) -> tuple[str, Content]:
    return "keys and certificates in PKCS #12", read_personal_information(reader)


def _private_key(reader: Reader) -> tuple[str, Content]:
    key = keys.read_private_key(reader)
    return "encrypted private key" if isinstance(key, PBES2Encrypted | PKCS12Encrypted) else "private key", key


def _public_key(reader: Reader) -> tuple[str, Content]:
    return "public key", keys.read_public_key(reader)


def _curve(reader: Reader) -> tuple[str, Content]:
    return "name of a curve, and no key", NamedCurve(reader.oid("namedCurve", section="RFC 5480 §2.1.1"))


def _signature(reader: Reader) -> tuple[str, Content]:
    """Read an `Ecdsa-Sig-Value`."""
    with reader.sequence("Ecdsa-Sig-Value", section="RFC 3279 §2.2.3") as numbers:
        r = numbers.integer("r", section="RFC 3279 §2.2.3")
        s = numbers.integer("s", section="RFC 3279 §2.2.3")
    if min(r, s) < 1 or max(r, s).bit_length() > 521:
        raise DERError(0, "r or s is out of range, expected 1 to n − 1 of a curve")
    return "ECDSA signature", Signature(r, s)


ASN1 = "asn1"
# In the order in which DER is tried. A public key in PKCS #1 and an ECDSA signature are both two numbers; the exponent
# of a key is the odd and short one.
KINDS: dict[str, Read] = {
    "certificate": _certificate,
    "request": _request,
    "crl": _crl,
    "ocsp-request": _ocsp_request,
    "ocsp-response": _ocsp_response,
    "pkcs7": _certificates,
    "pkcs12": _pkcs12,
    "private-key": _private_key,
    "signature": _signature,
    "public-key": _public_key,
}
READERS: dict[str, Read] = {
    "CERTIFICATE": _certificate,
    "X509 CERTIFICATE": _certificate,
    "X.509 CERTIFICATE": _certificate,
    "CERTIFICATE REQUEST": _request,
    "NEW CERTIFICATE REQUEST": _request,
    "X509 CRL": _crl,
    "OCSP REQUEST": _ocsp_request,  # in no standard, but in use
    "OCSP RESPONSE": _ocsp_response,
    "PKCS7": _certificates,
    "CMS": _certificates,  # RFC 7468 §9
    "PRIVATE KEY": _private_key,
    "ENCRYPTED PRIVATE KEY": _private_key,
    "RSA PRIVATE KEY": _private_key,
    "EC PRIVATE KEY": _private_key,
    "PUBLIC KEY": _public_key,
    "RSA PUBLIC KEY": _public_key,
    "EC PARAMETERS": _curve,
}
MAYBE_BER = (_certificates, _pkcs12)  # RFC 5652 §4; the certificates in them are DER all the same
# Labels whose contents have a form of their own.
OTHERS = {
    "TRUSTED CERTIFICATE": "TRUSTED CERTIFICATE is a form of OpenSSL's own: a certificate, and after it what OpenSSL "
    "may trust it for; `openssl x509` writes the certificate alone",
}
EXPECTED = "expected a certificate, a request, a CRL, an OCSP message, a key or a signature, as PEM or DER"
LEAST = 8  # octets that a reader must get past for the bytes to be taken for what it reads


def _read(read: Read, der: bytes, is_lenient: bool) -> Item:
    """Read DER as one kind of thing. If it is not, the fields are those up to the fault, and raw values after it."""
    item = _try(read, der, LenientReader if is_lenient else Reader)
    if read in MAYBE_BER and isinstance(item.content, Unread) and not is_lenient:
        lenient = _try(read, der, LenientReader)
        return item if isinstance(lenient.content, Unread) else lenient
    return item


def _try(read: Read, der: bytes, kind_of_reader: type[Reader]) -> Item:
    layout = Layout()
    reader = kind_of_reader(der, layout=layout, max_size=MAX_SIZE)
    try:
        kind, content = read(reader)
        reader.finish()
    except ValueError as error:
        fault = _fault(error)
        if not layout.fields:  # the whole breaks off, or it is something else
            layout, more = _first_parts(read, der)
        else:
            more = []
        more += [*complete(layout, der, secret=read is _private_key), *_departures(reader)]
        others = {mark.offset: mark for mark in reversed(more) if mark.offset != fault.offset}
        marks = (Mark(fault.offset, fault.reason, True), *(others[offset] for offset in sorted(others)))
        return Item(_name(read), Unread(str(error)), der, layout.fields, marks)
    return Item(kind, content, der, layout.fields, _departures(reader))


def _first_parts(read: Read, der: bytes) -> tuple[Layout, list[Mark]]:
    """Return what can be noted of a value that breaks off, and where that ends."""
    layout = Layout()
    try:
        read(LenientReader(der, layout=layout, max_size=MAX_SIZE, is_cut=True))
    except ValueError as error:
        fault = _fault(error)
        return layout, [Mark(fault.offset, fault.reason, True)]
    return layout, []


def _fault(error: ValueError) -> DERError:
    return error if isinstance(error, DERError) else DERError(0, str(error))


def _departures(reader: Reader) -> tuple[Mark, ...]:
    if not isinstance(reader, LenientReader):
        return ()
    return tuple(Mark(offset, reason, False) for offset, reason in reader.departures)


def _name(read: Read) -> str:
    return next((name.replace("-", " ") for name, reader in KINDS.items() if reader is read), "name of a curve")


def _plain(der: bytes, kind: str, reason: str | None) -> Item:
    """Return the bytes as plain ASN.1. reason: why they are nothing else, unless nothing else was asked for."""
    fields, marks = raw_values(der, 0, len(der))
    return Item(kind, Unread(reason or "plain ASN.1, whose meaning is not asked for"), der, fields, tuple(marks))


def _ssh_key(line: bytes) -> Item:
    try:
        key, blob, fields = read_ssh_public_key(line)
    except ValueError as error:
        return _unknown(line, f"it is text with an SSH public key, and no PEM block: {error}")
    return Item("public key", key, blob, fields, form="a line of OpenSSH")


def _ssh_private_key(data: bytes) -> Item:
    layout = Layout()
    try:
        key, fields = read_openssh_private_key(data, layout)
    except ValueError as error:
        rest = layout.position(0)
        if rest < len(data):
            layout.leaf("bytes", rest, len(data), value=f"{len(data) - rest} octets", section="PROTOCOL.key §1")
        while layout.open_fields:
            layout.finish(len(data))
        mark = Mark(rest, str(error), True)
        return Item("private key of OpenSSH", Unread(str(error)), data, layout.fields, (mark,))
    return Item("private key", key, data, fields, form="OpenSSH's form")


def _jwks(data: bytes) -> list[Item]:
    """Return the keys in JSON; each of them is all of the file, as far as its bytes are concerned."""
    field = Field("JWK", 0, len(data), f"{len(data)} octets of JSON", "RFC 7517 §4")
    try:
        found = read_jwks(data)
    except ValueError as error:
        return [Item("key in JSON", Unread(str(error)), data, [field])]
    private = (RSAPrivateKey, ECPrivateKey, *PRIVATE_KEYS.values())
    return [
        Item("private key" if isinstance(key, private) else "public key", key, data, [field], form="JSON (JWK)")
        for key in found
    ]


def _unknown(data: bytes, reason: str) -> Item:
    """Return bytes that are not ASN.1 at all."""
    field = Field("bytes", 0, len(data), f"{len(data)} octets", "RFC 7468 §2")
    return Item("something else", Unread(reason), data, [field] if data else [])


def _item_from_block(block: PEMBlock | PEMFault, kind: str | None, is_lenient: bool) -> Item:
    if isinstance(block, PEMFault):
        return Item(
            f"{block.label or 'PEM'} that is not read", Unread(f"PEM, line {block.line}: {block.reason}"), b"", []
        )
    if kind is not None:
        return _item_as(block.der, kind, is_lenient)
    if block.headers:
        return _encrypted_old_key(block)
    if block.label == SSH_PRIVATE_LABEL:
        return _ssh_private_key(block.der)
    if block.label in READERS:
        return _read(READERS[block.label], block.der, is_lenient)
    reason = OTHERS.get(block.label, f"found the PEM block {block.label}, expected one of {', '.join(READERS)}")
    return _plain(block.der, f"{block.label}, as plain ASN.1", reason)


def _encrypted_old_key(block: PEMBlock) -> Item:
    value = f"{len(block.der)} octets"
    content: Content
    try:
        parse_headers(block.headers)
        cipher = block.headers["DEK-Info"].partition(",")[0]
        content, value = EncryptedOldKey(block.label, cipher), f"{value}, by {cipher}"
    except ValueError as error:
        content = Unread(str(error))
    field = Field("encrypted key", 0, len(block.der), value, "RFC 1421 §4.6.1.1")
    return Item("encrypted private key, the old way", content, block.der, [field])


def _item_as(der: bytes, kind: str, is_lenient: bool) -> Item:
    return _plain(der, "plain ASN.1", None) if kind == ASN1 else _read(KINDS[kind], der, is_lenient)


def _item_from_der(data: bytes, kind: str | None, is_lenient: bool) -> Item:
    """Try one kind after the other; the complaint of the one that came farthest tells most."""
    if kind is not None:
        return _item_as(data, kind, is_lenient)
    farthest: Read = _certificate
    fault = DERError(-1, "")
    for read in KINDS.values():
        found = _fault_in(read, data, is_lenient)
        if found is None:
            return _read(read, data, is_lenient)
        if found.offset > fault.offset:
            farthest, fault = read, found
    if len(data) in EDDSA_SIZES:
        name, section = EDDSA_SIZES[len(data)]
        half = len(data) // 2
        halves = [Field("R", 0, half, "a point", section), Field("S", half, len(data), "a number", section)]
        return Item(f"signature of {len(data)} bytes, as {name} makes them", Signature(), data, halves)
    if len(data) in SIGNATURE_SIZES:
        field = Field("signature", 0, len(data), f"{8 * len(data)}-bit number", "RFC 8017 §8")
        return Item(f"signature of {len(data)} bytes, as RSA makes them", Signature(), data, [field])
    reason = f"{EXPECTED} ({fault})"
    if fault.offset >= LEAST:
        return replace(_read(farthest, data, is_lenient), content=Unread(reason))
    return _plain(data, "DER of a kind that is not known here", reason)


def _fault_in(read: Read, data: bytes, is_lenient: bool) -> DERError | None:
    """Return what keeps the bytes from being of this kind, None if nothing does."""
    first = None
    strict, lenient = not is_lenient, is_lenient or read in MAYBE_BER
    for kind_of_reader in [Reader] * strict + [LenientReader] * lenient:
        reader = kind_of_reader(data, max_size=MAX_SIZE)
        try:
            read(reader)
            reader.finish()
        except ValueError as error:
            first = first or _fault(error)
        else:
            return None
    return first
