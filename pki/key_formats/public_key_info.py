"""Public keys with the name of their algorithm: `SubjectPublicKeyInfo`, as it stands in every certificate.

Standard     RFC 5280 §4.1.2.7; RFC 3279 §2.3.1 (RSA), RFC 4055 §1.2, §3.1 (RSA for RSASSA-PSS alone);
             RFC 5480 §2.1.1, §2.2 (elliptic curves), RFC 8410 §3, §4 (Ed25519, Ed448, X25519, X448);
             RFC 9881 §4 (ML-DSA), RFC 9935 §4 (ML-KEM), RFC 9909 §5 (SLH-DSA).
Left out     Keys of other algorithms and curves are kept as they are, to be shown and copied, and verify nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pki.asn1.der import OBJECT_IDENTIFIER, DERError, Reader
from pki.asn1.der_writer import Element, bit_string, bits_holding, encoded, null, oid, sequence
from pki.asn1.oids import OIDS, describe
from pki.key_formats.lattice_keys import (
    IDENTIFIERS,
    PARAMETER_SETS,
    LatticePublicKey,
    identifier_section,
    public_key_section,
    read_lattice_public_key,
)
from pki.key_formats.octet_keys import (
    IDENTIFIER,
    OCTET_ALGORITHMS,
    PUBLIC_KEY,
    PUBLIC_KEYS,
    OctetPublicKey,
    algorithm_name,
)
from pki.key_formats.pkcs1 import read_rsa_public_key, rsa_public_key_element
from pki.key_formats.pss_parameters import PSSParameters, read_pss_parameters
from pki.key_formats.slh_dsa_keys import IDENTIFIER_SECTION as SLH_DSA_SECTION
from pki.key_formats.slh_dsa_keys import IDENTIFIERS as SLH_DSA_IDENTIFIERS
from pki.key_formats.slh_dsa_keys import PARAMETER_SETS as SLH_DSA_SETS
from pki.key_formats.slh_dsa_keys import read_slh_dsa_public_key, slh_dsa_public_key_element
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPublicKey
from primitives.ed448_keys import Ed448PublicKey
from primitives.ed25519_keys import Ed25519PublicKey
from primitives.ml_dsa import MLDSAPublicKey
from primitives.ml_kem import EncapsulationKey
from primitives.rsa import RSAPublicKey
from primitives.sha2 import sha256
from primitives.slh_dsa import SLHDSAPublicKey
from primitives.x448_keys import X448PublicKey
from primitives.x25519_keys import X25519PublicKey

# Beyond these, checking one signature takes so long that a certificate with such a key is an attack on our time.
MAX_RSA_BITS, MAX_RSA_EXPONENT_BITS = 8192, 64

SECTION, ALGORITHM = "RFC 5280 §4.1.2.7", "RFC 5280 §4.1.1.2"
RSA_SECTION, EC_SECTION = "RFC 3279 §2.3.1", "RFC 5480 §2.1.1"

# RFC 5480 §2.1.1.1: the curves by the identifiers that name them.
CURVES: dict[str, Curve] = {OIDS["secp256r1"]: P256, OIDS["secp384r1"]: P384, OIDS["secp521r1"]: P521}
WITHOUT_PARAMETERS = {*PUBLIC_KEYS, *PARAMETER_SETS, *SLH_DSA_SETS}  # they must be absent
CURVE_OIDS = {curve.name: identifier for identifier, curve in CURVES.items()}


@dataclass(frozen=True, slots=True)
class RSAPSSPublicKey:
    """An RSA key that is for RSASSA-PSS alone (RFC 4055 §3.1).

    parameters: with which hash functions, and with how long a salt at least (RFC 4055 §3.3); None for any.
    """

    rsa: RSAPublicKey
    parameters: PSSParameters | None

    def allows(self, used: PSSParameters) -> bool:
        """Return whether a signature may have been made with these parameters (RFC 4055 §3.3)."""
        limits = self.parameters
        return limits is None or (
            (limits.hash, limits.mgf_hash) == (used.hash, used.mgf_hash) and limits.salt_length <= used.salt_length
        )


@dataclass(frozen=True, slots=True)
class UnknownPublicKey:
    """A public key of an algorithm, or on a curve, that is not known here.

    algorithm: its object identifier, in dotted form.
    parameters: their DER, or nothing if they are absent.
    key: the octets of the key.
    """

    algorithm: str
    parameters: bytes
    key: bytes


PublicKey: TypeAlias = (
    RSAPublicKey
    | RSAPSSPublicKey
    | ECPublicKey
    | OctetPublicKey
    | LatticePublicKey
    | SLHDSAPublicKey
    | UnknownPublicKey
)


def describe_public_key(key: PublicKey) -> str:
    """Return the kind and size of the key as a person reads it, such as `RSA, 2048 bits`."""
    match key:
        case RSAPublicKey():
            exponent = "" if key.e.bit_length() <= MAX_RSA_EXPONENT_BITS else f", exponent of {key.e.bit_length()} bits"
            return f"RSA, {key.n.bit_length()} bits{exponent}"
        case RSAPSSPublicKey():
            limits = "" if key.parameters is None else f" ({key.parameters} or more)"
            return f"{describe_public_key(key.rsa)}, for RSASSA-PSS{limits}"
        case ECPublicKey():
            return f"elliptic curve, {key.curve.name}"
        case Ed25519PublicKey() | Ed448PublicKey() | X25519PublicKey() | X448PublicKey():
            return algorithm_name(key)
        case MLDSAPublicKey() | EncapsulationKey() | SLHDSAPublicKey():
            return key.parameters.name
        case UnknownPublicKey():
            return f"{describe(key.algorithm)}, unknown here"


def rsa_key(key: PublicKey) -> RSAPublicKey | None:
    """Return the numbers of an RSA key, whatever it may be used for; None for a key of another kind."""
    match key:
        case RSAPublicKey():
            return key
        case RSAPSSPublicKey():
            return key.rsa
        case _:
            return None


def is_oversized(key: PublicKey) -> bool:
    """Return whether the key is larger than anybody needs, and too large to be used."""
    rsa = rsa_key(key)
    return rsa is not None and (rsa.n.bit_length() > MAX_RSA_BITS or rsa.e.bit_length() > MAX_RSA_EXPONENT_BITS)


def read_public_key_info(reader: Reader, label: str = "subjectPublicKeyInfo") -> PublicKey:
    """Read a `SubjectPublicKeyInfo`."""
    with reader.sequence(label, section=SECTION) as info:
        is_rsa, pss, curve = False, None, None
        with info.sequence("algorithm", section=SECTION) as identifier:
            algorithm = identifier.oid("algorithm", section=ALGORITHM)
            start = identifier.position
            if algorithm == OIDS["rsaEncryption"]:
                identifier.null("parameters", section=RSA_SECTION)  # they must be there, and be NULL
                is_rsa = True
            elif algorithm == OIDS["id-RSASSA-PSS"]:
                limits = None if identifier.at_end() else read_pss_parameters(identifier)
                pss = limits if isinstance(limits, PSSParameters) else None
                is_rsa = limits == pss
            elif algorithm == OIDS["id-ecPublicKey"] and identifier.peek() == OBJECT_IDENTIFIER:
                curve = CURVES.get(identifier.oid("namedCurve", section=EC_SECTION))
            elif algorithm not in WITHOUT_PARAMETERS and not identifier.at_end():
                identifier.any("parameters", section=ALGORITHM)
            parameters = info.data[start : identifier.position]
        if is_rsa:
            with info.bits_holding("subjectPublicKey", section=SECTION) as bits:
                rsa = read_rsa_public_key(bits)
            return rsa if algorithm == OIDS["rsaEncryption"] else RSAPSSPublicKey(rsa, pss)
        if algorithm in PARAMETER_SETS:
            return read_lattice_public_key(info, PARAMETER_SETS[algorithm])
        if algorithm in SLH_DSA_SETS:
            return read_slh_dsa_public_key(info, SLH_DSA_SETS[algorithm])
        start = info.position
        octets = info.octets_in_bits("subjectPublicKey", section=SECTION)
    try:
        if curve is not None:
            return ECPublicKey.from_bytes(curve, octets)
        if algorithm in PUBLIC_KEYS:
            return PUBLIC_KEYS[algorithm].from_bytes(octets)
    except ValueError as error:
        raise DERError(start, str(error)) from None
    return UnknownPublicKey(algorithm, parameters, octets)


def public_key_info(key: PublicKey, label: str = "subjectPublicKeyInfo") -> Element:
    """Return a `SubjectPublicKeyInfo` to be written; points of curves in uncompressed form (RFC 5480 §2.2)."""
    match key:
        case RSAPublicKey():
            identifier = [oid("algorithm", OIDS["rsaEncryption"], section=ALGORITHM)]
            identifier.append(null("parameters", section=RSA_SECTION))
            bits = bits_holding("subjectPublicKey", rsa_public_key_element(key), section=SECTION)
        case RSAPSSPublicKey():
            identifier = [oid("algorithm", OIDS["id-RSASSA-PSS"], section=ALGORITHM)]
            if key.parameters is not None:
                identifier.append(key.parameters.element())
            bits = bits_holding("subjectPublicKey", rsa_public_key_element(key.rsa), section=SECTION)
        case ECPublicKey():
            identifier = [
                oid("algorithm", OIDS["id-ecPublicKey"], section=ALGORITHM),
                oid("namedCurve", CURVE_OIDS[key.curve.name], section=EC_SECTION),
            ]
            bits = bit_string("subjectPublicKey", key.to_bytes(), section="RFC 5480 §2.2")
        case Ed25519PublicKey() | Ed448PublicKey() | X25519PublicKey() | X448PublicKey():
            identifier = [oid("algorithm", OCTET_ALGORITHMS[algorithm_name(key)], section=IDENTIFIER)]
            bits = bit_string("subjectPublicKey", key.to_bytes(), section=PUBLIC_KEY)
        case MLDSAPublicKey() | EncapsulationKey():
            name = oid("algorithm", IDENTIFIERS[key.parameters.name], section=identifier_section(key.parameters))
            identifier = [name]
            bits = bit_string("subjectPublicKey", key.to_bytes(), section=public_key_section(key.parameters))
        case SLHDSAPublicKey():
            identifier = [oid("algorithm", SLH_DSA_IDENTIFIERS[key.parameters.name], section=SLH_DSA_SECTION)]
            bits = slh_dsa_public_key_element(key)
        case UnknownPublicKey():
            identifier = [oid("algorithm", key.algorithm, section=ALGORITHM)]
            if key.parameters:
                identifier.append(encoded("parameters", key.parameters, section=ALGORITHM))
            bits = bit_string("subjectPublicKey", key.key, section=SECTION)
    return sequence(label, sequence("algorithm", *identifier, section=SECTION), bits, section=SECTION)


def key_identifier(key: PublicKey) -> bytes:
    """Return 20 bytes that tell this key from others: the first 160 bits of its SHA-256 (RFC 7093 §2 method 1).

    RFC 5280 §4.2.1.2 describes the same with SHA-1; any identifier serves, as long as it is unique.
    """
    subject_public_key = public_key_info(key).elements[1]
    return sha256(subject_public_key.contents[1:]).digest()[:20]  # without the octet that counts the unused bits
