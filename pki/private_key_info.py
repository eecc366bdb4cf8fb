"""Private keys with the name of their algorithm: PKCS #8.

Standard     RFC 5958 §2 (`OneAsymmetricKey`, version 1 of which is PKCS #8's `PrivateKeyInfo`); RFC 3279 §2.3.1 (RSA),
             RFC 5915 §3, RFC 5480 §2.1.1 (elliptic curves), RFC 8410 §7 (Ed25519).
Left out     What attributes mean: they are read over, and none are written. Keys of other algorithms: refused by name.
"""

from __future__ import annotations

from typing import TypeAlias

from pki.der import DERError, Reader, context
from pki.der_writer import Element, integer, null, octet_string, octets_holding, oid, sequence
from pki.ed25519_keys import Ed25519PrivateKey
from pki.oids import OIDS, describe
from pki.pkcs1 import read_rsa_private_key, rsa_private_key_element
from pki.public_key_info import ALGORITHM, CURVE_OIDS, EC_SECTION, RSA_SECTION, public_key_info
from pki.sec1 import ec_private_key_element, read_ec_private_key, read_named_curve
from primitives.ec import ECPrivateKey, ECPublicKey
from primitives.rsa import RSAPrivateKey
from primitives.weierstrass import Curve

SECTION, ED25519_KEY = "RFC 5958 §2", "RFC 8410 §7"
ATTRIBUTES, PUBLIC_KEY = context(0, constructed=True), context(1)

PrivateKey: TypeAlias = RSAPrivateKey | ECPrivateKey | Ed25519PrivateKey


def read_private_key_info(reader: Reader) -> PrivateKey:
    """Read a `OneAsymmetricKey`, of version 1 or 2. The public key in version 2 must be the private key's."""
    start = reader.position
    with reader.sequence("OneAsymmetricKey", section=SECTION) as info:
        version = info.natural("version", section=SECTION)
        if version not in (0, 1):
            raise DERError(start, f"OneAsymmetricKey of version {version}, expected 0 (v1) or 1 (v2)")
        with info.sequence("privateKeyAlgorithm", section=SECTION) as identifier:
            algorithm, curve = _read_algorithm(identifier)
        with info.octets_holding("privateKey", section=SECTION) as octets:
            key = _read_key(octets, algorithm, curve)
        if info.peek() == ATTRIBUTES:
            with info.set_of("attributes", section=SECTION, tag=ATTRIBUTES) as attributes:
                while not attributes.at_end():
                    attributes.any("attribute", section=SECTION)
        if version == 1:  # which exists for the sake of this field
            start = info.position
            public = info.octets_in_bits("publicKey", section=SECTION, tag=PUBLIC_KEY)
            if not _belongs(public, key):
                raise DERError(start, "publicKey does not belong to privateKey")
    return key


def _read_algorithm(identifier: Reader) -> tuple[str, Curve | None]:
    """Read an `AlgorithmIdentifier`; return which algorithm it names, and on which curve it works."""
    start = identifier.position
    algorithm = identifier.oid("algorithm", section=ALGORITHM)
    if algorithm == OIDS["rsaEncryption"]:
        identifier.null("parameters", section=RSA_SECTION)
    elif algorithm == OIDS["id-ecPublicKey"]:
        return algorithm, read_named_curve(identifier, "namedCurve", section=EC_SECTION)
    elif algorithm != OIDS["id-Ed25519"]:  # whose parameters must be absent
        raise DERError(start, f"a private key of {describe(algorithm)}, expected one of RSA, ECDSA or Ed25519")
    return algorithm, None


def _read_key(octets: Reader, algorithm: str, curve: Curve | None) -> PrivateKey:
    """Read what the OCTET STRING `privateKey` holds."""
    if algorithm == OIDS["rsaEncryption"]:
        return read_rsa_private_key(octets)
    if curve is not None:
        return read_ec_private_key(octets, curve)
    start = octets.position
    seed = octets.octet_string("CurvePrivateKey", section=ED25519_KEY)
    try:
        return Ed25519PrivateKey(seed)
    except ValueError as error:
        raise DERError(start, str(error)) from None


def _belongs(public: bytes, key: PrivateKey) -> bool:
    """Return whether these are the octets of the public key, in any form that it has."""
    if isinstance(key, ECPrivateKey):
        try:
            return ECPublicKey.from_bytes(key.curve, public) == key.public_key
        except ValueError:
            return False
    return public == public_key_info(key.public_key).elements[1].contents[1:]  # without the count of unused bits


def private_key_info(key: PrivateKey) -> Element:
    """Return a `PrivateKeyInfo` to be written."""
    match key:
        case RSAPrivateKey():
            identifier = [oid("algorithm", OIDS["rsaEncryption"], section=ALGORITHM)]
            identifier.append(null("parameters", section=RSA_SECTION))
            inner = rsa_private_key_element(key)
        case ECPrivateKey():
            identifier = [oid("algorithm", OIDS["id-ecPublicKey"], section=ALGORITHM)]
            identifier.append(oid("namedCurve", CURVE_OIDS[key.curve.name], section=EC_SECTION))
            inner = ec_private_key_element(key, named_curve=False)  # it is named here already
        case Ed25519PrivateKey():
            identifier = [oid("algorithm", OIDS["id-Ed25519"], section=ALGORITHM)]
            inner = octet_string("CurvePrivateKey", key.key, section=ED25519_KEY)
    return sequence(
        "OneAsymmetricKey",
        integer("version", 0, section=SECTION),
        sequence("privateKeyAlgorithm", *identifier, section=SECTION),
        octets_holding("privateKey", inner, section=SECTION),
        section=SECTION,
    )
