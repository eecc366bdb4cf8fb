"""Private keys with the name of their algorithm: PKCS #8.

Standard     RFC 5958 §2 (`OneAsymmetricKey`, version 1 of which is PKCS #8's `PrivateKeyInfo`), RFC 3279 §2.3.1 (RSA).
Left out     What attributes mean: they are read over, and none are written.
"""

from __future__ import annotations

from typing import TypeAlias

from pki.der import DERError, Reader, context
from pki.der_writer import Element, integer, null, octets_holding, oid, sequence
from pki.oids import OIDS, describe
from pki.pkcs1 import read_rsa_private_key, rsa_private_key_element
from primitives.rsa import RSAPrivateKey

SECTION = "RFC 5958 §2"

PrivateKey: TypeAlias = RSAPrivateKey


def read_private_key_info(reader: Reader) -> PrivateKey:
    """Read a `OneAsymmetricKey`, of version 1 or 2."""
    start = reader.position
    with reader.sequence("OneAsymmetricKey", section=SECTION) as info:
        version = info.natural("version", section=SECTION)
        if version not in (0, 1):
            raise DERError(start, f"OneAsymmetricKey of version {version}, expected 0 (v1) or 1 (v2)")
        with info.sequence("privateKeyAlgorithm", section=SECTION) as identifier:
            algorithm = identifier.oid("algorithm", section="RFC 5280 §4.1.1.2")
            if algorithm != OIDS["rsaEncryption"]:
                raise DERError(start, f"a private key of {describe(algorithm)}, expected an RSA key")
            identifier.null("parameters", section="RFC 3279 §2.3.1")
        with info.octets_holding("privateKey", section=SECTION) as octets:
            key = read_rsa_private_key(octets)
        if info.peek() == context(0, constructed=True):
            with info.set_of("attributes", section=SECTION, tag=context(0, constructed=True)) as attributes:
                while not attributes.at_end():
                    attributes.any("attribute", section=SECTION)
        if version == 1:  # which exists for the sake of this field
            info.bit_string("publicKey", section=SECTION, tag=context(1))
    return key


def private_key_info(key: PrivateKey) -> Element:
    """Return a `PrivateKeyInfo` to be written."""
    return sequence(
        "OneAsymmetricKey",
        integer("version", 0, section=SECTION),
        sequence(
            "privateKeyAlgorithm",
            oid("algorithm", OIDS["rsaEncryption"], section="RFC 5280 §4.1.1.2"),
            null("parameters", section="RFC 3279 §2.3.1"),
            section=SECTION,
        ),
        octets_holding("privateKey", rsa_private_key_element(key), section=SECTION),
        section=SECTION,
    )
