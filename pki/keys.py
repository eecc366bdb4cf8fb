"""Keys on disk: private and public keys from and to files, DER or PEM.

Standard     RFC 5958 (PKCS #8), RFC 5280 §4.1.2.7 (SubjectPublicKeyInfo), RFC 8017 appendix A.1 (PKCS #1);
             RFC 7468 §10, §13 (their PEM labels).
Left out     Encrypted keys: refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from pki.der import BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, DERError, Reader
from pki.pem import is_pem, pem_decode, pem_encode
from pki.pkcs1 import read_rsa_private_key, read_rsa_public_key
from pki.private_key_info import PrivateKey, private_key_info, read_private_key_info
from pki.public_key_info import (
    PublicKey,
    UnknownPublicKey,
    describe_public_key,
    key_identifier,
    public_key_info,
    read_public_key_info,
)
from primitives.layout import Field, Layout

__all__ = [
    "Encoding",
    "PrivateKey",
    "PublicKey",
    "UnknownPublicKey",
    "describe_public_key",
    "dump_private_key",
    "dump_public_key",
    "key_identifier",
    "load_private_key",
    "load_public_key",
    "private_key_layout",
    "public_key_info",
    "public_key_layout",
    "read_public_key_info",
]

Key = TypeVar("Key")

# The PEM labels of private keys, each with the reader of what is inside.
PRIVATE_KEY: dict[str, Callable[[Reader], PrivateKey]] = {
    "PRIVATE KEY": read_private_key_info,  # RFC 7468 §10
    "RSA PRIVATE KEY": read_rsa_private_key,  # the older form
}
PUBLIC_KEY: dict[str, Callable[[Reader], PublicKey]] = {
    "PUBLIC KEY": read_public_key_info,  # RFC 7468 §13
    "RSA PUBLIC KEY": read_rsa_public_key,
}


class Encoding(Enum):
    """How a key is written to a file."""

    PEM = "PEM"
    DER = "DER"


def load_private_key(data: bytes) -> PrivateKey:
    """Return the private key in a file's bytes: PKCS #8 or PKCS #1, as DER or as the one private key in PEM.

    Raises `ValueError`, saying what it found, if that is something else.
    """
    if not is_pem(_bytes(data, "a private key")):
        return _read(_private_key_reader(data), data)
    label, der = _only_block(data, "private key", PRIVATE_KEY)
    return _read(PRIVATE_KEY[label], der)


def load_public_key(data: bytes) -> PublicKey:
    """Return the public key in a file's bytes: SubjectPublicKeyInfo or PKCS #1, as DER or as the one public key in PEM.

    Raises `ValueError`, saying what it found, if that is something else.
    """
    if not is_pem(_bytes(data, "a public key")):
        return _read(_public_key_reader(data), data)
    label, der = _only_block(data, "public key", PUBLIC_KEY)
    return _read(PUBLIC_KEY[label], der)


def dump_private_key(key: PrivateKey, *, encoding: Encoding = Encoding.PEM) -> bytes:
    """Return the key as the bytes of a file, in PKCS #8. Who reads that file has the key: see `files.write_private`."""
    return _dump("PRIVATE KEY", private_key_info(key).encoding, encoding)


def dump_public_key(key: PublicKey, *, encoding: Encoding = Encoding.PEM) -> bytes:
    """Return the key as the bytes of a file, as SubjectPublicKeyInfo."""
    return _dump("PUBLIC KEY", public_key_info(key).encoding, encoding)


def private_key_layout(der: bytes) -> list[Field]:
    """Return what each byte of a private key in DER is. The fields name the secrets' lengths and not their values."""
    return _layout(_private_key_reader(der), der)


def public_key_layout(der: bytes) -> list[Field]:
    """Return what each byte of a public key in DER is."""
    return _layout(_public_key_reader(der), der)


def _bytes(data: bytes, what: str) -> bytes:
    if not isinstance(data, bytes):
        raise TypeError(f"{what} to load is {type(data).__name__}, expected bytes")
    return data


def _only_block(data: bytes, what: str, readers: dict[str, Callable[[Reader], Key]]) -> tuple[str, bytes]:
    """Return the label and the DER of the one block that one of the readers can read."""
    blocks = pem_decode(data)
    found = [block for block in blocks if block.label in readers]
    if len(found) != 1:
        raise ValueError(f"expected one {what}, found {', '.join(block.label for block in blocks)}")
    label, headers, der = found[0]
    if headers:
        raise ValueError(f"the {label} has the headers {', '.join(headers)}: it is encrypted, expected a plain one")
    return label, der


def _private_key_reader(der: bytes) -> Callable[[Reader], PrivateKey]:
    """Return the reader for the form of a private key in DER: which fields it begins with tells."""
    tags = _tags(der)
    if tags[:2] == [INTEGER, SEQUENCE]:
        return read_private_key_info
    if tags[:2] == [INTEGER, INTEGER] and len(tags) > 2:
        return read_rsa_private_key
    raise ValueError(f"found {_kind(tags)}, expected a private key (PKCS #8 or PKCS #1)")


def _public_key_reader(der: bytes) -> Callable[[Reader], PublicKey]:
    """Return the reader for the form of a public key in DER."""
    tags = _tags(der)
    if tags == [SEQUENCE, BIT_STRING]:
        return read_public_key_info
    if tags == [INTEGER, INTEGER]:
        return read_rsa_public_key
    raise ValueError(f"found {_kind(tags)}, expected a public key (SubjectPublicKeyInfo or PKCS #1)")


def _kind(tags: list[int]) -> str:
    """Return what the sequence of such elements probably is."""
    if tags == [SEQUENCE, OCTET_STRING]:
        return "an encrypted private key"
    if tags == [SEQUENCE, BIT_STRING] or tags == [INTEGER, INTEGER]:
        return "a public key"
    if tags[:1] == [INTEGER]:
        return "a private key"
    if tags == [SEQUENCE, SEQUENCE, BIT_STRING]:
        return "a certificate or the like"
    return "other DER"


def _tags(der: bytes) -> list[int]:
    """Return the tags of the first elements of the sequence that `der` is."""
    try:
        with Reader(der).sequence("key") as fields:
            tags = []
            while not fields.at_end():
                tags.append(fields.peek())
                fields.contents("field")
    except DERError as error:
        raise ValueError(f"neither PEM nor DER, expected a key ({error})") from None
    return tags


def _read(read: Callable[[Reader], Key], der: bytes, layout: Layout | None = None) -> Key:
    reader = Reader(der, layout=layout)
    key = read(reader)
    reader.finish()
    return key


def _layout(read: Callable[[Reader], Key], der: bytes) -> list[Field]:
    layout = Layout()
    _read(read, der, layout)
    return layout.fields


def _dump(label: str, der: bytes, encoding: Encoding) -> bytes:
    return pem_encode(label, der) if encoding is Encoding.PEM else der
