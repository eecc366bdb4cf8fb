"""Private keys with the name of their algorithm: PKCS #8.

Standard     RFC 5958 §2 (`OneAsymmetricKey`, version 1 of which is PKCS #8's `PrivateKeyInfo`); RFC 3279 §2.3.1 (RSA),
             RFC 4055 §3.1 (RSA for RSASSA-PSS alone), RFC 5915 §3, RFC 5480 §2.1.1 (elliptic curves), RFC 8410 §7
             (Ed25519, Ed448, X25519, X448), RFC 9881 §6 (ML-DSA), RFC 9935 §6 (ML-KEM), RFC 9909 §7 (SLH-DSA).
Left out     What attributes mean: they are read over, and none are written. Keys of other algorithms: refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, integer, null, octets_holding, oid, sequence
from pki.asn1.oids import OIDS, describe
from pki.key_formats.lattice_keys import (
    IDENTIFIERS,
    PARAMETER_SETS,
    LatticePrivateKey,
    PrivateKeyForm,
    identifier_section,
    lattice_private_key_element,
    read_lattice_private_key,
)
from pki.key_formats.octet_keys import (
    OCTET_ALGORITHMS,
    PRIVATE_KEYS,
    OctetPrivateKey,
    algorithm_name,
    octet_private_key_element,
    read_octet_private_key,
)
from pki.key_formats.pkcs1 import read_rsa_private_key, rsa_private_key_element
from pki.key_formats.pss_parameters import PSSParameters, UnknownPSSParameters, read_pss_parameters
from pki.key_formats.public_key_info import (
    ALGORITHM,
    CURVE_OIDS,
    EC_SECTION,
    RSA_SECTION,
    RSAPSSPublicKey,
    public_key_info,
)
from pki.key_formats.sec1 import ec_private_key_element, read_ec_private_key, read_named_curve
from pki.key_formats.slh_dsa_keys import IDENTIFIER_SECTION as SLH_DSA_SECTION
from pki.key_formats.slh_dsa_keys import IDENTIFIERS as SLH_DSA_IDENTIFIERS
from pki.key_formats.slh_dsa_keys import PARAMETER_SETS as SLH_DSA_SETS
from pki.key_formats.slh_dsa_keys import read_slh_dsa_private_key, slh_dsa_private_key_element
from primitives.ec import ECPrivateKey, ECPublicKey
from primitives.ed448_keys import Ed448PrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.ml_dsa import MLDSAPrivateKey
from primitives.ml_kem import DecapsulationKey
from primitives.rsa import RSAPrivateKey
from primitives.slh_dsa import SLH_DSA, SLHDSAPrivateKey
from primitives.x448_keys import X448PrivateKey
from primitives.x25519_keys import X25519PrivateKey

SECTION = "RFC 5958 §2"
ATTRIBUTES, PUBLIC_KEY = context(0, constructed=True), context(1)


@dataclass(frozen=True, slots=True)
class RSAPSSPrivateKey:
    """An RSA private key that is for RSASSA-PSS alone (RFC 4055 §3.1).

    parameters: with which hash functions, and with how long a salt at least (RFC 4055 §3.3); None for any.
    """

    rsa: RSAPrivateKey
    parameters: PSSParameters | None

    @property
    def public_key(self) -> RSAPSSPublicKey:
        """The public key that belongs to it, which is for the same alone."""
        return RSAPSSPublicKey(self.rsa.public_key, self.parameters)


PrivateKey: TypeAlias = (
    RSAPrivateKey | RSAPSSPrivateKey | ECPrivateKey | OctetPrivateKey | LatticePrivateKey | SLHDSAPrivateKey
)


def read_private_key_info(reader: Reader) -> PrivateKey:
    """Read a `OneAsymmetricKey`, of version 1 or 2. The public key in version 2 must be the private key's."""
    start = reader.position
    with reader.sequence("OneAsymmetricKey", section=SECTION) as info:
        version = info.natural("version", section=SECTION)
        if version not in (0, 1):
            raise DERError(start, f"OneAsymmetricKey of version {version}, expected 0 (v1) or 1 (v2)")
        with info.sequence("privateKeyAlgorithm", section=SECTION) as identifier:
            read_key = _read_algorithm(identifier)
        key: PrivateKey
        if isinstance(read_key, SLH_DSA):
            key = read_slh_dsa_private_key(info, read_key)
        else:
            with info.octets_holding("privateKey", section=SECTION) as octets:
                key = read_key(octets)
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


def _read_algorithm(identifier: Reader) -> Callable[[Reader], PrivateKey] | SLH_DSA:
    """Read an `AlgorithmIdentifier`; return the reader of what the OCTET STRING `privateKey` holds then.

    Of SLH-DSA, return the parameter set: there the OCTET STRING holds no DER, but is the key.
    """
    start = identifier.position
    algorithm = identifier.oid("algorithm", section=ALGORITHM)
    if algorithm == OIDS["rsaEncryption"]:
        identifier.null("parameters", section=RSA_SECTION)
        return read_rsa_private_key
    if algorithm == OIDS["id-RSASSA-PSS"]:
        limits = None if identifier.at_end() else read_pss_parameters(identifier)
        if isinstance(limits, UnknownPSSParameters):
            hash_name = limits.hash_name or "a hash or mask function unknown here"
            raise DERError(start, f"a private key for RSASSA-PSS with {hash_name}, expected one with SHA-2 and MGF1")
        return partial(_read_pss_key, parameters=limits)
    if algorithm == OIDS["id-ecPublicKey"]:
        return partial(read_ec_private_key, curve=read_named_curve(identifier, "namedCurve", section=EC_SECTION))
    if algorithm in PRIVATE_KEYS:  # whose parameters must be absent
        return partial(read_octet_private_key, kind=PRIVATE_KEYS[algorithm])
    if algorithm in PARAMETER_SETS:  # whose parameters must be absent, too
        return partial(read_lattice_private_key, parameters=PARAMETER_SETS[algorithm])
    if algorithm in SLH_DSA_SETS:  # here, too
        return SLH_DSA_SETS[algorithm]
    kinds = "RSA, ECDSA, Ed25519, Ed448, X25519, X448, ML-DSA, SLH-DSA or ML-KEM"
    raise DERError(start, f"a private key of {describe(algorithm)}, expected one of {kinds}")


def _read_pss_key(octets: Reader, *, parameters: PSSParameters | None) -> RSAPSSPrivateKey:
    return RSAPSSPrivateKey(read_rsa_private_key(octets), parameters)


def _belongs(public: bytes, key: PrivateKey) -> bool:
    """Return whether these are the octets of the public key, in any form that it has."""
    if isinstance(key, ECPrivateKey):
        try:
            return ECPublicKey.from_bytes(key.curve, public) == key.public_key
        except ValueError:
            return False
    return public == public_key_info(key.public_key).elements[1].contents[1:]  # without the count of unused bits


def private_key_info(key: PrivateKey, form: PrivateKeyForm | None = None) -> Element:
    """Return a `PrivateKeyInfo` to be written.

    form: of a key of ML-DSA or ML-KEM; None for its seed, or for the expanded key if that is all there is.
    """
    if form is not None and not isinstance(key, MLDSAPrivateKey | DecapsulationKey):
        raise ValueError(f"the private key has one form only, and not that of {form.value}")
    match key:
        case RSAPrivateKey():
            identifier = [oid("algorithm", OIDS["rsaEncryption"], section=ALGORITHM)]
            identifier.append(null("parameters", section=RSA_SECTION))
            inner = rsa_private_key_element(key)
        case RSAPSSPrivateKey():
            identifier = [oid("algorithm", OIDS["id-RSASSA-PSS"], section=ALGORITHM)]
            if key.parameters is not None:
                identifier.append(key.parameters.element())
            inner = rsa_private_key_element(key.rsa)
        case ECPrivateKey():
            identifier = [oid("algorithm", OIDS["id-ecPublicKey"], section=ALGORITHM)]
            identifier.append(oid("namedCurve", CURVE_OIDS[key.curve.name], section=EC_SECTION))
            inner = ec_private_key_element(key, named_curve=False)  # it is named here already
        case Ed25519PrivateKey() | Ed448PrivateKey() | X25519PrivateKey() | X448PrivateKey():
            identifier = [oid("algorithm", OCTET_ALGORITHMS[algorithm_name(key)], section=ALGORITHM)]
            inner = octet_private_key_element(key)
        case MLDSAPrivateKey() | DecapsulationKey():
            name = oid("algorithm", IDENTIFIERS[key.parameters.name], section=identifier_section(key.parameters))
            identifier = [name]
            inner = lattice_private_key_element(key, form)
        case SLHDSAPrivateKey():
            identifier = [oid("algorithm", SLH_DSA_IDENTIFIERS[key.parameters.name], section=SLH_DSA_SECTION)]
    octets = (
        slh_dsa_private_key_element(key)
        if isinstance(key, SLHDSAPrivateKey)
        else octets_holding("privateKey", inner, section=SECTION)
    )
    return sequence(
        "OneAsymmetricKey",
        integer("version", 0, section=SECTION),
        sequence("privateKeyAlgorithm", *identifier, section=SECTION),
        octets,
        section=SECTION,
    )
