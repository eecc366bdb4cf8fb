"""Signature algorithms under their identifiers: what a certificate says it was signed with, and how to check that.

Standard     RFC 5280 §4.1.1.2 (`AlgorithmIdentifier`); RFC 4055 §2.1, §3.1, §5 (RSA, RSASSA-PSS).
Left out     Algorithms with MD5 or SHA-1, and all others: kept under their names, and verifying nothing.

>>> RSA_PKCS1_SHA384.name, RSA_PSS_SHA256.name
('sha384WithRSAEncryption', 'RSASSA-PSS (SHA-256, MGF1-SHA-256, salt 32)')
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from pki.der import DERError, Reader, context
from pki.der_writer import Element, encoded, integer, null, oid, sequence
from pki.oids import NAMES, OIDS, describe
from pki.private_key_info import PrivateKey
from pki.public_key_info import PublicKey, describe_public_key, is_oversized
from primitives.errors import InvalidSignature
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes
from primitives.pkcs1v15 import pkcs1v15_sign, pkcs1v15_verify
from primitives.pss import pss_sign, pss_verify
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha224, sha256, sha384, sha512

SECTION = "RFC 5280 §4.1.1.2"
PSS_SECTION = "RFC 4055 §3.1"

HASHES: dict[str, HashFunction] = {OIDS[f"id-{hash.name}"]: hash for hash in (sha224, sha256, sha384, sha512)}


class SignatureAlgorithm(Protocol):
    """A signature algorithm with all its parameters."""

    @property
    def name(self) -> str:
        """The name as a person reads it."""

    @property
    def hash_name(self) -> str:
        """The name of the hash function that stands between message and signature, or nothing if it is not known."""

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written."""

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`; raise `ValueError` if the key is not of the algorithm's kind."""

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""


@dataclass(frozen=True, slots=True)
class RSAPKCS1:
    """RSASSA-PKCS1-v1_5 with the given hash function (RFC 4055 §5)."""

    hash: HashFunction

    @property
    def name(self) -> str:
        """The name, such as `sha256WithRSAEncryption`."""
        return f"{self.hash.name}WithRSAEncryption"

    @property
    def hash_name(self) -> str:
        """The name of the hash function."""
        return self.hash.name

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written, with NULL parameters."""
        return sequence(label, oid("algorithm", OIDS[self.name]), null("parameters"), section=SECTION)

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`; the algorithm needs no randomness."""
        return pkcs1v15_sign(_rsa_private(key, self.name), message, hash=self.hash)

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""
        pkcs1v15_verify(_rsa_public(key, self.name), message, signature, hash=self.hash)


@dataclass(frozen=True, slots=True)
class RSASSA_PSS:  # noqa: N801 - the standard's name
    """RSASSA-PSS with the given hash functions, and a salt of `salt_length` bytes (RFC 4055 §3.1)."""

    hash: HashFunction
    mgf_hash: HashFunction
    salt_length: int

    @property
    def name(self) -> str:
        """The name, with the parameters."""
        hash, mgf_hash = (_shown(function.name) for function in (self.hash, self.mgf_hash))
        return f"RSASSA-PSS ({hash}, MGF1-{mgf_hash}, salt {self.salt_length})"

    @property
    def hash_name(self) -> str:
        """The name of the hash function."""
        return self.hash.name

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written; the trailer field is left to its default, as it must be."""
        salt_length = integer("saltLength", self.salt_length, section=PSS_SECTION)
        parameters = [
            _explicit(0, "hashAlgorithm", _hash_element(self.hash)),
            _explicit(
                1,
                "maskGenAlgorithm",
                sequence(
                    "maskGenAlgorithm",
                    oid("algorithm", OIDS["id-mgf1"], section="RFC 4055 §2.2"),
                    _hash_element(self.mgf_hash),
                    section="RFC 4055 §2.2",
                ),
            ),
        ]
        if self.salt_length != 20:  # the default, which DER leaves out (X.690 §11.5)
            parameters.append(_explicit(2, "saltLength", salt_length))
        return sequence(
            label,
            oid("algorithm", OIDS["id-RSASSA-PSS"], section=SECTION),
            sequence("RSASSA-PSS-params", *parameters, section=PSS_SECTION),
            section=SECTION,
        )

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`, with a salt from `random_bytes`."""
        return pss_sign(
            _rsa_private(key, self.name),
            message,
            hash=self.hash,
            mgf_hash=self.mgf_hash,
            salt_length=self.salt_length,
            random_bytes=random_bytes,
        )

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""
        pss_verify(
            _rsa_public(key, self.name),
            message,
            signature,
            hash=self.hash,
            mgf_hash=self.mgf_hash,
            salt_length=self.salt_length,
        )


@dataclass(frozen=True, slots=True)
class UnknownSignatureAlgorithm:
    """A signature algorithm that is not known here, or is too weak to be.

    algorithm: its object identifier, in dotted form.
    parameters: their DER, or nothing if there are none.
    hash_name: the name of the hash function it uses, where the identifier tells.
    """

    algorithm: str
    parameters: bytes
    hash_name: str

    @property
    def name(self) -> str:
        """The name, or the numbers of its identifier."""
        return NAMES.get(self.algorithm, self.algorithm)

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written, as it was read."""
        fields = [oid("algorithm", self.algorithm, section=SECTION)]
        if self.parameters:
            fields.append(encoded("parameters", self.parameters, section=SECTION))
        return sequence(label, *fields, section=SECTION)

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Raise `ValueError`: nothing here can sign with it."""
        raise ValueError(f"nothing here signs with {describe(self.algorithm)}")

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Raise `InvalidSignature`: nothing here can check it."""
        raise InvalidSignature(f"nothing here verifies signatures made with {describe(self.algorithm)}")


RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512 = (RSAPKCS1(hash) for hash in (sha256, sha384, sha512))
RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 = (
    RSASSA_PSS(hash, hash, hash.digest_size) for hash in (sha256, sha384, sha512)
)

_PKCS1 = {OIDS[f"{hash.name}WithRSAEncryption"]: RSAPKCS1(hash) for hash in HASHES.values()}


def read_signature_algorithm(reader: Reader, label: str) -> SignatureAlgorithm:
    """Read an `AlgorithmIdentifier` that names a signature algorithm."""
    with reader.sequence(label, section=SECTION) as identifier:
        algorithm = identifier.oid("algorithm", section=SECTION)
        if algorithm in _PKCS1:
            if identifier.position != identifier.end:  # RFC 4055 §5: they must be NULL, and be taken as such if absent
                identifier.null("parameters", section="RFC 4055 §5")
            return _PKCS1[algorithm]
        if algorithm == OIDS["id-RSASSA-PSS"]:
            return _read_pss(identifier)
        parameters = b"" if identifier.position == identifier.end else identifier.any("parameters", section=SECTION)
        return UnknownSignatureAlgorithm(algorithm, parameters, _hash_in(NAMES.get(algorithm, "")))


def _read_pss(reader: Reader) -> SignatureAlgorithm:
    """Read `RSASSA-PSS-params`. The defaults may be spelled out as well as left out (RFC 4055 §3.1)."""
    hash_oid = mgf_hash_oid = OIDS["id-sha1"]
    mgf = OIDS["id-mgf1"]
    salt_length, trailer = 20, 1
    start = reader.position
    with reader.sequence("RSASSA-PSS-params", section=PSS_SECTION) as parameters:
        whole = parameters.encoding
        if parameters.peek() == context(0, constructed=True):
            with parameters.sequence("[0]", section=PSS_SECTION, tag=context(0, constructed=True)) as explicit:
                hash_oid = _read_hash(explicit, "hashAlgorithm")
        if parameters.peek() == context(1, constructed=True):
            with (
                parameters.sequence("[1]", section=PSS_SECTION, tag=context(1, constructed=True)) as explicit,
                explicit.sequence("maskGenAlgorithm", section=PSS_SECTION) as identifier,
            ):
                mgf = identifier.oid("algorithm", section="RFC 4055 §2.2")
                if mgf == OIDS["id-mgf1"]:
                    mgf_hash_oid = _read_hash(identifier, "parameters")
                elif not identifier.at_end():
                    identifier.any("parameters", section="RFC 4055 §2.2")
        if parameters.peek() == context(2, constructed=True):
            with parameters.sequence("[2]", section=PSS_SECTION, tag=context(2, constructed=True)) as explicit:
                salt_length = explicit.natural("saltLength", section=PSS_SECTION)
        if parameters.peek() == context(3, constructed=True):
            with parameters.sequence("[3]", section=PSS_SECTION, tag=context(3, constructed=True)) as explicit:
                trailer = explicit.natural("trailerField", section=PSS_SECTION)
    if trailer != 1:
        raise DERError(start, f"RSASSA-PSS-params with trailerField {trailer}, expected 1")
    if hash_oid in HASHES and mgf_hash_oid in HASHES and mgf == OIDS["id-mgf1"]:
        return RSASSA_PSS(HASHES[hash_oid], HASHES[mgf_hash_oid], salt_length)
    return UnknownSignatureAlgorithm(OIDS["id-RSASSA-PSS"], whole, NAMES.get(hash_oid, "").removeprefix("id-"))


def _read_hash(reader: Reader, label: str) -> str:
    """Read the `AlgorithmIdentifier` of a hash function, whose parameters are NULL or absent (RFC 4055 §2.1)."""
    with reader.sequence(label, section="RFC 4055 §2.1") as identifier:
        algorithm = identifier.oid("algorithm", section="RFC 4055 §2.1")
        if not identifier.at_end():
            identifier.null("parameters", section="RFC 4055 §2.1")
    return algorithm


def _hash_element(hash: HashFunction) -> Element:
    return sequence(
        "hashAlgorithm",
        oid("algorithm", OIDS[f"id-{hash.name}"], section="RFC 4055 §2.1"),
        null("parameters", section="RFC 4055 §2.1"),
        section="RFC 4055 §2.1",
    )


def _explicit(number: int, label: str, element: Element) -> Element:
    return sequence(f"[{number}]", element, section=PSS_SECTION, tag=context(number, constructed=True))


def _hash_in(name: str) -> str:
    """Return the hash function in the name of a signature algorithm, such as `sha1` in `ecdsa-with-SHA1`."""
    for hash_name in ("md2", "md5", "sha1"):
        if name.lower().startswith(hash_name + "with") or name.lower().endswith("with-" + hash_name):
            return hash_name
    return ""


def _shown(hash_name: str) -> str:
    return hash_name.upper().replace("SHA", "SHA-")


def _rsa_private(key: PrivateKey, name: str) -> RSAPrivateKey:
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{name} signs with an RSA key, but this one is {type(key).__name__}")
    return key


def _rsa_public(key: PublicKey, name: str) -> RSAPublicKey:
    if not isinstance(key, RSAPublicKey):
        raise InvalidSignature(f"{name} needs an RSA key, but this one is: {describe_public_key(key)}")
    if is_oversized(key):
        raise InvalidSignature(f"the key is too large to be used: {describe_public_key(key)}")
    return key
