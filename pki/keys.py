"""Keys on disk: private and public keys from and to files, in DER or PEM, in OpenSSH's forms, and as JWK.

Standard     RFC 5958 (PKCS #8, plain and encrypted), RFC 5280 §4.1.2.7 (SubjectPublicKeyInfo), RFC 8017 appendix A.1
             (PKCS #1), RFC 5915 (SEC 1); RFC 7468 §10, §11, §13, RFC 5915 §4 (their PEM labels). For the forms of
             OpenSSH and JSON, see `pki.key_formats`; `pki.recognition` says which a file has.
Left out     Writing the older forms, PKCS #1, SEC 1 and encrypted PEM: all that reads these reads PKCS #8. Writing
             private keys for OpenSSH and as JWK.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TypeVar

from explain.layout import Field, Layout
from pki.asn1.der import BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, DERError, Reader
from pki.asn1.pem import PEMBlock, pem_decode, pem_encode
from pki.key_formats.encryption_schemes import Encrypted, read_encrypted_private_key_info
from pki.key_formats.jwk import jwk, read_jwks
from pki.key_formats.lattice_keys import PrivateKeyForm
from pki.key_formats.openssh import read_ssh_public_key, ssh_public_key
from pki.key_formats.openssh_private import PEM_LABEL as SSH_PRIVATE_LABEL
from pki.key_formats.openssh_private import read_openssh_private_key
from pki.key_formats.pbes2 import MAX_ITERATIONS, PBES2Encrypted, encrypted_private_key_info
from pki.key_formats.pkcs1 import read_rsa_private_key, read_rsa_public_key
from pki.key_formats.pkcs12_pbe import PKCS12Encrypted
from pki.key_formats.private_key_info import PrivateKey, private_key_info, read_private_key_info
from pki.key_formats.public_key_info import (
    PublicKey,
    UnknownPublicKey,
    describe_public_key,
    key_identifier,
    public_key_info,
    read_public_key_info,
)
from pki.key_formats.sec1 import read_ec_private_key
from pki.key_formats.traditional_pem import decrypt_traditional
from pki.recognition import Form, Named, recognise
from primitives.errors import DecryptionError
from primitives.integers import RandomBytes

__all__ = [
    "Encoding",
    "PasswordMissing",
    "PrivateKey",
    "PrivateKeyForm",
    "PublicKey",
    "UnknownPublicKey",
    "describe_public_key",
    "dump_private_key",
    "dump_public_key",
    "jwk",
    "key_identifier",
    "load_private_key",
    "load_public_key",
    "private_key_layout",
    "public_key_info",
    "public_key_layout",
    "read_private_key",
    "read_public_key",
    "read_public_key_info",
    "ssh_public_key",
]

Key = TypeVar("Key")

# The PEM labels, each with the reader of what is inside. The older forms may be encrypted as in RFC 1421.
OLD_PRIVATE_KEY: dict[str, Callable[[Reader], PrivateKey]] = {
    "RSA PRIVATE KEY": read_rsa_private_key,
    "EC PRIVATE KEY": read_ec_private_key,  # RFC 5915 §4
}
PRIVATE_KEY: dict[str, Callable[[Reader], PrivateKey | Encrypted]] = {
    "PRIVATE KEY": read_private_key_info,  # RFC 7468 §10
    "ENCRYPTED PRIVATE KEY": read_encrypted_private_key_info,  # RFC 7468 §11
    **OLD_PRIVATE_KEY,
}
PUBLIC_KEY: dict[str, Callable[[Reader], PublicKey]] = {
    "PUBLIC KEY": read_public_key_info,  # RFC 7468 §13
    "RSA PUBLIC KEY": read_rsa_public_key,
}


class Encoding(Enum):
    """How a key is written to a file."""

    PEM = "PEM"
    DER = "DER"


class PasswordMissing(ValueError):  # noqa: N818 - it is what happened: the caller may ask and try again
    """The private key is encrypted, and no password was given."""

    def __init__(self) -> None:
        super().__init__("the private key is encrypted, expected a password with it")


def load_private_key(data: bytes, *, password: bytes | None = None, max_iterations: int = MAX_ITERATIONS) -> PrivateKey:
    """Return the one private key in a file's bytes.

    In PEM or DER, that is PKCS #8, PKCS #1 or SEC 1; PKCS #8 may be encrypted with PBES2 or as in older files of
    PKCS #12, and the other two as in RFC 1421. It may be OpenSSH's, unencrypted, or a JWK as well. Base64 without the
    lines of PEM, hexadecimal digits and text in UTF-16 are read as what they spell.

    password: decrypts an encrypted key, and makes no difference to another one.
    max_iterations: of PBKDF2; at some 0.1 ms each, more than so many are not tried.

    Raises `ValueError`, saying what it found, if that is something else; its `PasswordMissing` if only the password
    is missing; `DecryptionError` if what is decrypted is not a key that is known here, as with a wrong password.
    """
    data = _bytes(data, "a private key")
    password = None if password is None else _bytes(password, "a password")
    form, data = _recognised(data, "a private key")
    match form:
        case Form.PEM:
            block = _only_block(data, "private key", (*PRIVATE_KEY, SSH_PRIVATE_LABEL))
            if block.headers:
                return _read_traditional(block, password)
            if block.label == SSH_PRIVATE_LABEL:
                return read_openssh_private_key(block.der)[0]
            found = _read(PRIVATE_KEY[block.label], block.der)
        case Form.SSH_PRIVATE:
            return read_openssh_private_key(data)[0]
        case Form.SSH_LINES:
            raise ValueError("found an SSH public key, expected a private key")
        case Form.JWK:
            keys = [key for key in read_jwks(data) if isinstance(key, PrivateKey)]
            return _only(keys, "a private key in a JWK")
        case Form.DER:
            found = _read(read_private_key, data)
    if isinstance(found, PBES2Encrypted | PKCS12Encrypted):
        return _read_decrypted(read_private_key_info, found.decrypt(_required(password), max_iterations=max_iterations))
    return found


def load_public_key(data: bytes) -> PublicKey:
    """Return the one public key in a file's bytes.

    In PEM or DER, that is SubjectPublicKeyInfo or PKCS #1; it may be a line of OpenSSH or a JWK as well.

    Raises `ValueError`, saying what it found, if that is something else.
    """
    form, data = _recognised(_bytes(data, "a public key"), "a public key")
    match form:
        case Form.PEM:
            block = _only_block(data, "public key", PUBLIC_KEY)
            if block.headers:
                raise _unexpected_headers(block)
            return _read(PUBLIC_KEY[block.label], block.der)
        case Form.SSH_LINES:
            return read_ssh_public_key(_only([line for line in data.splitlines() if line.strip()], "an SSH key"))[0]
        case Form.SSH_PRIVATE:
            raise ValueError("found a private key of OpenSSH, expected a public key")
        case Form.JWK:
            keys = [key for key in read_jwks(data) if not isinstance(key, PrivateKey)]
            return _only(keys, "a public key in a JWK")
        case Form.DER:
            return _read(read_public_key, data)


def dump_private_key(
    key: PrivateKey,
    *,
    password: bytes | None = None,
    encoding: Encoding = Encoding.PEM,
    form: PrivateKeyForm | None = None,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> bytes:
    """Return the key as the bytes of a file, in PKCS #8.

    password: encrypts it with PBES2 (see `pki.key_formats.pbes2`), if given; one byte or more.
    Without it, anyone who reads the file has the key: see `console.files.write_private`.
    form: of a key of ML-DSA or ML-KEM: its seed, the expanded key, or both; None for the seed, if there is one.
    random_bytes: where the salt and the IV of an encrypted key come from.
    """
    plain = private_key_info(key, form).encoding
    if password is None:
        return _dump("PRIVATE KEY", plain, encoding)
    info = encrypted_private_key_info(plain, _bytes(password, "a password"), random_bytes=random_bytes)
    return _dump("ENCRYPTED PRIVATE KEY", info.encoding, encoding)


def dump_public_key(key: PublicKey, *, encoding: Encoding = Encoding.PEM) -> bytes:
    """Return the key as the bytes of a file, as SubjectPublicKeyInfo; `ssh_public_key` and `jwk` write others."""
    return _dump("PUBLIC KEY", public_key_info(key).encoding, encoding)


def read_private_key(reader: Reader) -> PrivateKey | Encrypted:
    """Read a private key in DER, in any of its forms; raise `ValueError` if `data` is something else."""
    return _private_key_reader(reader)(reader)


def read_public_key(reader: Reader) -> PublicKey:
    """Read a public key in DER, in any of its forms; raise `ValueError` if `data` is something else."""
    return _public_key_reader(reader)(reader)


def private_key_layout(der: bytes) -> list[Field]:
    """Return what each byte of a private key in DER is, and of an encrypted one, what surrounds the encrypted bytes.

    The fields name the secrets' lengths and not their values.
    """
    return _layout(read_private_key, der)


def public_key_layout(der: bytes) -> list[Field]:
    """Return what each byte of a public key in DER is."""
    return _layout(read_public_key, der)


def _bytes(data: bytes, what: str) -> bytes:
    if not isinstance(data, bytes):
        raise TypeError(f"{what} is {type(data).__name__}, expected bytes")
    return data


def _recognised(data: bytes, expected: str) -> tuple[Form, bytes]:
    """Return in which form the file holds something, and the bytes in it; raise `ValueError` if that is not read."""
    found = recognise(data)
    if isinstance(found, Named):
        raise ValueError(f"{found.reason}; expected {expected}")
    return found.form, found.data


def _only(found: Sequence[Key], expected: str) -> Key:
    if len(found) != 1:
        raise ValueError(f"found {len(found)} of what was expected: {expected}")
    return found[0]


def _required(password: bytes | None) -> bytes:
    if password is None:
        raise PasswordMissing
    return password


def _only_block(data: bytes, what: str, labels: Iterable[str]) -> PEMBlock:
    """Return the one block that has one of the labels."""
    blocks = pem_decode(data)
    found = [block for block in blocks if block.label in labels]
    if len(found) != 1:
        raise ValueError(f"expected one {what}, found {', '.join(block.label for block in blocks)}")
    return found[0]


def _unexpected_headers(block: PEMBlock) -> ValueError:
    return ValueError(f"the {block.label} has the headers {', '.join(block.headers)}, expected none")


def _private_key_reader(reader: Reader) -> Callable[[Reader], PrivateKey | Encrypted]:
    """Return the reader for the form of the private key ahead: which fields it begins with tells."""
    tags = _tags(reader)
    if tags[:2] == [INTEGER, SEQUENCE]:
        return read_private_key_info
    if tags[:2] == [INTEGER, INTEGER] and len(tags) > 2:
        return read_rsa_private_key
    if tags[:2] == [INTEGER, OCTET_STRING]:
        return read_ec_private_key
    if tags == [SEQUENCE, OCTET_STRING]:
        return read_encrypted_private_key_info
    raise ValueError(f"found {_kind(tags)}, expected a private key (PKCS #8, PKCS #1 or SEC 1)")


def _public_key_reader(reader: Reader) -> Callable[[Reader], PublicKey]:
    """Return the reader for the form of the public key ahead."""
    tags = _tags(reader)
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


def _tags(reader: Reader) -> list[int]:
    """Return the tags of the elements of the sequence that is ahead, which stays unread."""
    try:
        with type(reader)(reader.data).sequence("key") as fields:
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


def _read_traditional(block: PEMBlock, password: bytes | None) -> PrivateKey:
    """Return the key that the headers of an old PEM block encrypt."""
    if block.label not in OLD_PRIVATE_KEY:
        raise _unexpected_headers(block)
    der = decrypt_traditional(block.headers, block.der, _required(password))
    return _read_decrypted(OLD_PRIVATE_KEY[block.label], der)


def _read_decrypted(read: Callable[[Reader], PrivateKey], der: bytes) -> PrivateKey:
    """Read what was decrypted: all that can be wrong with it is one error, the one of a wrong padding."""
    try:
        return _read(read, der)
    except ValueError:
        raise DecryptionError from None


def _layout(read: Callable[[Reader], object], der: bytes) -> list[Field]:
    layout = Layout()
    _read(read, der, layout)
    return layout.fields


def _dump(label: str, der: bytes, encoding: Encoding) -> bytes:
    return pem_encode(label, der) if encoding is Encoding.PEM else der
