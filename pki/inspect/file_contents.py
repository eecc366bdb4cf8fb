"""What a file holds: certificates, requests, certificate revocation lists (CRLs), keys, signatures, as DER or PEM.

Standard     RFC 7468 for the PEM labels; RFC 3279 §2.2.3 (`Ecdsa-Sig-Value`); RFC 8032 §5.1.6, RFC 8017 §8 for what
             signatures without any structure look like.
Left out     Kinds of files that the rest of this room does not read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from explain.layout import Field, Layout
from pki import keys
from pki.asn1.der import DERError, Reader
from pki.asn1.pem import PEMBlock, is_pem, pem_decode
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.key_formats.pbes2 import EncryptedPrivateKeyInfo, read_encrypted_private_key_info
from pki.key_formats.traditional_pem import parse_headers
from pki.pkcs7 import certs_only_layout, read_certs_only
from pki.x509 import Certificate

SIGNATURE_SIZES = (128, 256, 384, 512)  # bytes, of RSA signatures as people have them


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


Content: TypeAlias = (
    Certificate
    | CertificateSigningRequest
    | CertificateRevocationList
    | tuple[Certificate, ...]
    | keys.PrivateKey
    | keys.PublicKey
    | EncryptedPrivateKeyInfo
    | EncryptedOldKey
    | Signature
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file holds.

    kind: what it is, in words. content: as it was read. data: its bytes; DER, but for some signatures and old keys.
    fields: what each byte is.
    """

    kind: str
    content: Content
    data: bytes
    fields: list[Field]


def items_of(data: bytes) -> list[Item]:
    """Return what a file holds, in order, one thing or more; raise `ValueError` if that is nothing known here."""
    if not is_pem(data):
        return [_item_from_der(data)]
    blocks = [block for block in pem_decode(data) if block.label != "EC PARAMETERS"]  # OpenSSL's, before a key
    return [_item_from_block(block) for block in blocks]


def _certificate(der: bytes) -> Item:
    certificate = Certificate.from_der(der)
    return Item("certificate", certificate, der, certificate.layout())


def _request(der: bytes) -> Item:
    request = CertificateSigningRequest.from_der(der)
    return Item("certification request", request, der, request.layout())


def _crl(der: bytes) -> Item:
    crl = CertificateRevocationList.from_der(der)
    return Item("list of revoked certificates", crl, der, crl.layout())


def _certificates(der: bytes) -> Item:
    return Item("certificates in a PKCS #7 message", read_certs_only(der), der, certs_only_layout(der))


def _private_key(der: bytes) -> Item:
    fields = keys.private_key_layout(der)
    if fields[0].label == "EncryptedPrivateKeyInfo":
        return Item("encrypted private key", read_encrypted_private_key_info(Reader(der)), der, fields)
    return Item("private key", keys.load_private_key(der), der, fields)


def _public_key(der: bytes) -> Item:
    fields = keys.public_key_layout(der)
    return Item("public key", keys.load_public_key(der), der, fields)


def _signature(der: bytes) -> Item:
    """Read an `Ecdsa-Sig-Value`."""
    layout = Layout()
    reader = Reader(der, layout=layout)
    with reader.sequence("Ecdsa-Sig-Value", section="RFC 3279 §2.2.3") as numbers:
        r = numbers.integer("r", section="RFC 3279 §2.2.3")
        s = numbers.integer("s", section="RFC 3279 §2.2.3")
    reader.finish()
    if min(r, s) < 1 or max(r, s).bit_length() > 521:
        raise DERError(0, "r or s is out of range, expected 1 to n − 1 of a curve")
    return Item("ECDSA signature", Signature(r, s), der, layout.fields)


READERS: dict[str, Callable[[bytes], Item]] = {
    "CERTIFICATE": _certificate,
    "CERTIFICATE REQUEST": _request,
    "NEW CERTIFICATE REQUEST": _request,
    "X509 CRL": _crl,
    "PKCS7": _certificates,
    "PRIVATE KEY": _private_key,
    "ENCRYPTED PRIVATE KEY": _private_key,
    "RSA PRIVATE KEY": _private_key,
    "EC PRIVATE KEY": _private_key,
    "PUBLIC KEY": _public_key,
    "RSA PUBLIC KEY": _public_key,
}
# A public key in PKCS #1 and an ECDSA signature are both two numbers; the exponent of a key is the odd and short one.
IN_DER = (_certificate, _request, _crl, _certificates, _private_key, _signature, _public_key)


def _item_from_block(block: PEMBlock) -> Item:
    if block.label not in READERS:
        raise ValueError(f"found the PEM block {block.label}, expected one of {', '.join(READERS)}")
    if block.headers:
        parse_headers(block.headers)
        cipher = block.headers["DEK-Info"].partition(",")[0]
        field = Field("encrypted key", 0, len(block.der), f"{len(block.der)} octets, by {cipher}", "RFC 1421 §4.6.1.1")
        return Item("encrypted private key, the old way", EncryptedOldKey(block.label, cipher), block.der, [field])
    return READERS[block.label](block.der)


def _item_from_der(data: bytes) -> Item:
    """Try one kind after the other; the complaint of the one that came farthest tells most."""
    farthest: ValueError | None = None
    for read in IN_DER:
        try:
            return read(data)
        except ValueError as error:
            if farthest is None or _offset(error) > _offset(farthest):
                farthest = error
    if len(data) == 64:
        halves = [Field("R", 0, 32, "a point", "RFC 8032 §5.1.6"), Field("S", 32, 64, "a number", "RFC 8032 §5.1.6")]
        return Item("signature of 64 bytes, as Ed25519 makes them", Signature(), data, halves)
    if len(data) in SIGNATURE_SIZES:
        field = Field("signature", 0, len(data), f"{8 * len(data)}-bit number", "RFC 8017 §8")
        return Item(f"signature of {len(data)} bytes, as RSA makes them", Signature(), data, [field])
    raise ValueError(f"expected a certificate, a request, a CRL, a key or a signature, as PEM or DER ({farthest})")


def _offset(error: ValueError) -> int:
    return error.offset if isinstance(error, DERError) else -1
