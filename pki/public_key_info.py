"""Public keys with the name of their algorithm: `SubjectPublicKeyInfo`, as it stands in every certificate.

Standard     RFC 5280 §4.1.2.7; RFC 3279 §2.3.1 (RSA).
Left out     Keys of other algorithms are kept as they are, to be shown and copied, and verify nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pki.der import Reader
from pki.der_writer import Element, bit_string, bits_holding, encoded, null, oid, sequence
from pki.oids import OIDS, describe
from pki.pkcs1 import read_rsa_public_key, rsa_public_key_element
from primitives.rsa import RSAPublicKey
from primitives.sha2 import sha256

# Beyond these, checking one signature takes so long that a certificate with such a key is an attack on our time.
MAX_RSA_BITS, MAX_RSA_EXPONENT_BITS = 8192, 64

SECTION = "RFC 5280 §4.1.2.7"
RSA_SECTION = "RFC 3279 §2.3.1"


@dataclass(frozen=True, slots=True)
class UnknownPublicKey:
    """A public key of an algorithm that is not known here.

    algorithm: its object identifier, in dotted form.
    parameters: their DER, or nothing if there are none.
    key: the octets of the key.
    """

    algorithm: str
    parameters: bytes
    key: bytes


PublicKey: TypeAlias = RSAPublicKey | UnknownPublicKey


def describe_public_key(key: PublicKey) -> str:
    """Return the kind and size of the key as a person reads it, such as `RSA, 2048 bits`."""
    if isinstance(key, RSAPublicKey):
        exponent = "" if key.e.bit_length() <= MAX_RSA_EXPONENT_BITS else f", exponent of {key.e.bit_length()} bits"
        return f"RSA, {key.n.bit_length()} bits{exponent}"
    return f"{describe(key.algorithm)}, unknown here"


def is_oversized(key: PublicKey) -> bool:
    """Return whether the key is larger than anybody needs, and too large to be used."""
    return isinstance(key, RSAPublicKey) and (
        key.n.bit_length() > MAX_RSA_BITS or key.e.bit_length() > MAX_RSA_EXPONENT_BITS
    )


def read_public_key_info(reader: Reader, label: str = "subjectPublicKeyInfo") -> PublicKey:
    """Read a `SubjectPublicKeyInfo`."""
    with reader.sequence(label, section=SECTION) as info:
        parameters = b""
        with info.sequence("algorithm", section=SECTION) as identifier:
            algorithm = identifier.oid("algorithm", section="RFC 5280 §4.1.1.2")
            if algorithm == OIDS["rsaEncryption"]:
                identifier.null("parameters", section=RSA_SECTION)  # they must be there, and be NULL
            elif identifier.position != identifier.end:
                parameters = identifier.any("parameters", section="RFC 5280 §4.1.1.2")
        if algorithm == OIDS["rsaEncryption"]:
            with info.bits_holding("subjectPublicKey", section=SECTION) as bits:
                return read_rsa_public_key(bits)
        return UnknownPublicKey(algorithm, parameters, info.octets_in_bits("subjectPublicKey", section=SECTION))


def public_key_info(key: PublicKey, label: str = "subjectPublicKeyInfo") -> Element:
    """Return a `SubjectPublicKeyInfo` to be written."""
    if isinstance(key, RSAPublicKey):
        return sequence(
            label,
            sequence(
                "algorithm",
                oid("algorithm", OIDS["rsaEncryption"], section="RFC 5280 §4.1.1.2"),
                null("parameters", section=RSA_SECTION),
                section=SECTION,
            ),
            bits_holding("subjectPublicKey", rsa_public_key_element(key), section=SECTION),
            section=SECTION,
        )
    identifier = [oid("algorithm", key.algorithm, section="RFC 5280 §4.1.1.2")]
    if key.parameters:
        identifier.append(encoded("parameters", key.parameters, section="RFC 5280 §4.1.1.2"))
    return sequence(
        label,
        sequence("algorithm", *identifier, section=SECTION),
        bit_string("subjectPublicKey", key.key, section=SECTION),
        section=SECTION,
    )


def key_identifier(key: PublicKey) -> bytes:
    """Return 20 bytes that tell this key from others: the first 160 bits of its SHA-256 (RFC 7093 §2 method 1).

    RFC 5280 §4.2.1.2 describes the same with SHA-1; any identifier serves, as long as it is unique.
    """
    subject_public_key = public_key_info(key).elements[1]
    return sha256(subject_public_key.contents[1:]).digest()[:20]  # without the octet that counts the unused bits
