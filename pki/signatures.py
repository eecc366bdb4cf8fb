"""Signature algorithms under their identifiers: what a certificate says it was signed with, and how to check that.

Standard     RFC 5280 §4.1.1.2 (`AlgorithmIdentifier`); RFC 4055 §3.1, §3.3, §5 (RSA, RSASSA-PSS);
             RFC 5758 §3.2 (ECDSA); RFC 8410 §3 (Ed25519, Ed448); RFC 9881 §2, §3 (ML-DSA);
             RFC 9909 §3, §4 (SLH-DSA).
Left out     HashSLH-DSA, algorithms with MD5 or SHA-1, and all others: kept under their names, and verifying nothing.

>>> RSA_PKCS1_SHA384.name, RSA_PSS_SHA256.name
('sha384WithRSAEncryption', 'RSASSA-PSS (SHA-256, MGF1-SHA-256, salt 32)')
>>> ECDSA_SHA256.name, ED25519.name
('ecdsa-with-SHA256', 'Ed25519')
>>> MLDSA(ML_DSA_65).name
'ML-DSA-65'
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pki.asn1.der import Reader
from pki.asn1.der_writer import Element, encoded, null, oid, sequence
from pki.asn1.oids import NAMES, OIDS, describe
from pki.key_formats.private_key_info import PrivateKey, RSAPSSPrivateKey
from pki.key_formats.pss_parameters import HASHES, PSSParameters, read_pss_parameters
from pki.key_formats.public_key_info import PublicKey, RSAPSSPublicKey, describe_public_key, is_oversized
from primitives.ec import ECPrivateKey, ECPublicKey
from primitives.ecdsa import ecdsa_sign, ecdsa_verify
from primitives.ed448 import ed448_sign, ed448_verify
from primitives.ed448_keys import Ed448PrivateKey, Ed448PublicKey
from primitives.ed25519 import ed25519_sign, ed25519_verify
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey
from primitives.errors import InvalidSignature
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes
from primitives.ml_dsa import ML_DSA, ML_DSA_44, ML_DSA_65, ML_DSA_87, MLDSAPrivateKey, MLDSAPublicKey
from primitives.pkcs1v15 import pkcs1v15_sign, pkcs1v15_verify
from primitives.pss import pss_sign, pss_verify
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha256, sha384, sha512
from primitives.slh_dsa import PARAMETER_SETS, SLH_DSA, SLHDSAPrivateKey, SLHDSAPublicKey

SECTION = "RFC 5280 §4.1.1.2"

WEAK_HASHES = ("md2", "md4", "md5", "sha1")  # for all of these, people have made two messages with one hash


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

    def __hash__(self) -> int:
        """Return a hash that is equal for algorithms that are."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and how it signs.

    random_bytes: where the randomness of a signature comes from, if it has any.
    """

    private_key: PrivateKey = field(repr=False)
    algorithm: SignatureAlgorithm
    random_bytes: RandomBytes = field(default=secrets.token_bytes, repr=False)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of `message`."""
        return self.algorithm.sign(self.private_key, message, random_bytes=self.random_bytes)


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
        return f"RSASSA-PSS ({self.parameters})"

    @property
    def hash_name(self) -> str:
        """The name of the hash function."""
        return self.hash.name

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written."""
        algorithm = oid("algorithm", OIDS["id-RSASSA-PSS"], section=SECTION)
        return sequence(label, algorithm, self.parameters.element(), section=SECTION)

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`, with a salt from `random_bytes`."""
        if isinstance(key, RSAPSSPrivateKey):
            if not key.public_key.allows(self.parameters):
                raise ValueError(self._not_for(key.public_key))
            key = key.rsa
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
        if isinstance(key, RSAPSSPublicKey):
            if not key.allows(self.parameters):
                raise InvalidSignature(self._not_for(key))
            key = key.rsa
        pss_verify(
            _rsa_public(key, self.name),
            message,
            signature,
            hash=self.hash,
            mgf_hash=self.mgf_hash,
            salt_length=self.salt_length,
        )

    @property
    def parameters(self) -> PSSParameters:
        """The parameters, as they stand in the identifier."""
        return PSSParameters(self.hash, self.mgf_hash, self.salt_length)

    def _not_for(self, key: RSAPSSPublicKey) -> str:
        return f"{self.name} is not what the key is for: {describe_public_key(key)}"


@dataclass(frozen=True, slots=True)
class ECDSA:
    """ECDSA with the given hash function; the key tells the curve (RFC 5758 §3.2)."""

    hash: HashFunction

    @property
    def name(self) -> str:
        """The name, such as `ecdsa-with-SHA256`."""
        return f"ecdsa-with-{self.hash.name.upper()}"

    @property
    def hash_name(self) -> str:
        """The name of the hash function."""
        return self.hash.name

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written, without parameters."""
        return sequence(label, oid("algorithm", OIDS[self.name], section="RFC 5758 §3.2"), section=SECTION)

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`; the nonce comes from key and message, and needs no randomness."""
        if not isinstance(key, ECPrivateKey):
            raise ValueError(f"{self.name} signs with a key on an elliptic curve, but this one is {_kind(key)}")
        return ecdsa_sign(key, message, hash=self.hash)

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""
        if not isinstance(key, ECPublicKey):
            found = describe_public_key(key)
            raise InvalidSignature(f"{self.name} needs a key on an elliptic curve, but this one is: {found}")
        ecdsa_verify(key, message, signature, hash=self.hash)


@dataclass(frozen=True, slots=True)
class EdDSA:
    """Ed25519 or Ed448, which have their hash function built in (RFC 8410 §3).

    name: which of them. hash_name: the name of the hash function.
    """

    name: Literal["Ed25519", "Ed448"]
    hash_name: str

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written, without parameters."""
        return sequence(label, oid("algorithm", OIDS[f"id-{self.name}"], section="RFC 8410 §3"), section=SECTION)

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`; the algorithm needs no randomness."""
        match self.name, key:
            case "Ed25519", Ed25519PrivateKey():
                return ed25519_sign(key.key, message)
            case "Ed448", Ed448PrivateKey():
                return ed448_sign(key.key, message)
            case _:
                raise ValueError(f"{self.name} signs with a key of its own, but this one is {_kind(key)}")

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""
        if isinstance(key, Ed25519PublicKey | Ed448PublicKey) and key.has_small_order:
            raise InvalidSignature("the key has small order: anyone can make signatures for it")
        match self.name, key:
            case "Ed25519", Ed25519PublicKey():
                ed25519_verify(key.key, message, signature)
            case "Ed448", Ed448PublicKey():
                ed448_verify(key.key, message, signature)
            case _:
                found = describe_public_key(key)
                raise InvalidSignature(f"{self.name} needs a key of its own, but this one is: {found}")


@dataclass(frozen=True, slots=True)
class MLDSA:
    """ML-DSA with a parameter set: pure, and with an empty context (RFC 9881 §3)."""

    parameters: ML_DSA

    @property
    def name(self) -> str:
        """The name, such as `ML-DSA-65`."""
        return self.parameters.name

    @property
    def hash_name(self) -> str:
        """The name of the hash function, which is built in."""
        return "shake256"

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written, without parameters."""
        return sequence(
            label, oid("algorithm", OIDS[f"id-{self.name.lower()}"], section="RFC 9881 §2"), section=SECTION
        )

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`: the hedged variant, which takes 32 bytes of `random_bytes`."""
        if not isinstance(key, MLDSAPrivateKey) or key.parameters != self.parameters:
            raise ValueError(f"{self.name} signs with a key of its own, but this one is {_kind(key)}")
        return key.sign(message, random_bytes=random_bytes)

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""
        if not isinstance(key, MLDSAPublicKey) or key.parameters != self.parameters:
            raise InvalidSignature(f"{self.name} needs a key of its own, but this one is: {describe_public_key(key)}")
        key.verify(message, signature)


@dataclass(frozen=True, slots=True)
class SLHDSA:
    """SLH-DSA with a parameter set: pure, and with an empty context (RFC 9909 §4)."""

    parameters: SLH_DSA

    @property
    def name(self) -> str:
        """The name, such as `SLH-DSA-SHA2-128f`."""
        return self.parameters.name

    @property
    def hash_name(self) -> str:
        """The name of the hash function that makes the digest, which is built in."""
        if "SHAKE" in self.name:
            return "shake256"
        return "sha256" if self.parameters.n == 16 else "sha512"

    def element(self, label: str) -> Element:
        """Return the `AlgorithmIdentifier` to be written, without parameters."""
        return sequence(
            label, oid("algorithm", OIDS[f"id-{self.name.lower()}"], section="RFC 9909 §3"), section=SECTION
        )

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
        """Return the signature of `message`: the hedged variant, which takes n bytes of `random_bytes`."""
        if not isinstance(key, SLHDSAPrivateKey) or key.parameters != self.parameters:
            raise ValueError(f"{self.name} signs with a key of its own, but this one is {_kind(key)}")
        return key.sign(message, random_bytes=random_bytes)

    def verify(self, key: PublicKey, message: bytes, signature: bytes) -> None:
        """Return if the signature is that of `message`, and raise `InvalidSignature` if not."""
        if not isinstance(key, SLHDSAPublicKey) or key.parameters != self.parameters:
            raise InvalidSignature(f"{self.name} needs a key of its own, but this one is: {describe_public_key(key)}")
        key.verify(message, signature)


@dataclass(frozen=True, slots=True)
class UnknownSignatureAlgorithm:
    """A signature algorithm that is not known here, or is too weak to be.

    algorithm: its object identifier, in dotted form.
    parameters: their DER, or nothing if they are absent.
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
ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 = (ECDSA(hash) for hash in (sha256, sha384, sha512))
ED25519, ED448 = EdDSA("Ed25519", "sha512"), EdDSA("Ed448", "shake256")

_PKCS1 = {OIDS[f"{hash.name}WithRSAEncryption"]: RSAPKCS1(hash) for hash in HASHES.values()}
_WITHOUT_PARAMETERS: dict[str, SignatureAlgorithm] = {
    OIDS["id-Ed25519"]: ED25519,
    OIDS["id-Ed448"]: ED448,
    **{OIDS[ECDSA(hash).name]: ECDSA(hash) for hash in HASHES.values()},
    **{OIDS[f"id-{each.name.lower()}"]: MLDSA(each) for each in (ML_DSA_44, ML_DSA_65, ML_DSA_87)},
    **{OIDS[f"id-{each.name.lower()}"]: SLHDSA(each) for each in PARAMETER_SETS.values()},
}


def read_signature_algorithm(reader: Reader, label: str) -> SignatureAlgorithm:
    """Read an `AlgorithmIdentifier` that names a signature algorithm."""
    with reader.sequence(label, section=SECTION) as identifier:
        algorithm = identifier.oid("algorithm", section=SECTION)
        if algorithm in _PKCS1:
            if identifier.position != identifier.end:  # RFC 4055 §5: they must be NULL, and be taken as such if absent
                identifier.null("parameters", section="RFC 4055 §5")
            return _PKCS1[algorithm]
        if algorithm in _WITHOUT_PARAMETERS:
            return _WITHOUT_PARAMETERS[algorithm]
        if algorithm == OIDS["id-RSASSA-PSS"]:
            pss = read_pss_parameters(identifier)
            if isinstance(pss, PSSParameters):
                return RSASSA_PSS(pss.hash, pss.mgf_hash, pss.salt_length)
            return UnknownSignatureAlgorithm(algorithm, pss.encoding, pss.hash_name)
        parameters = b"" if identifier.position == identifier.end else identifier.any("parameters", section=SECTION)
        return UnknownSignatureAlgorithm(algorithm, parameters, _hash_in(NAMES.get(algorithm, "")))


def _hash_in(name: str) -> str:
    """Return the hash function in the name of a signature algorithm, such as `sha1` in `ecdsa-with-SHA1`."""
    for hash_name in ("md2", "md5", "sha1"):
        if name.lower().startswith(hash_name + "with") or name.lower().endswith("with-" + hash_name):
            return hash_name
    return ""


def _kind(key: object) -> str:
    return type(key).__name__


def _rsa_private(key: PrivateKey, name: str) -> RSAPrivateKey:
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{name} signs with an RSA key, but this one is {_kind(key)}")
    return key


def _rsa_public(key: PublicKey, name: str) -> RSAPublicKey:
    if not isinstance(key, RSAPublicKey):
        raise InvalidSignature(f"{name} needs an RSA key, but this one is: {describe_public_key(key)}")
    if is_oversized(key):
        raise InvalidSignature(f"the key is too large to be used: {describe_public_key(key)}")
    return key
