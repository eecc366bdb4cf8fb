"""Keys of ML-DSA and ML-KEM: a private key is a seed, the key that the seed expands to, or both.

Standard     RFC 9881 §2, §4, §6, §8.2 (ML-DSA); RFC 9935 §3, §4, §6, §8 (ML-KEM), which differ in sizes only.
Left out     HashML-DSA, which RFC 9881 §8.3 does not allow in certificates.

>>> key = ML_DSA_44.generate_private_key(bytes(range(32)))     # RFC 9881 appendix C.1.1.1
>>> lattice_private_key_element(key).encoding.hex()
'8020000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
>>> len(lattice_private_key_element(key, PrivateKeyForm.EXPANDED).encoding)
2564
"""

from __future__ import annotations

from enum import Enum
from hmac import compare_digest
from typing import TypeAlias

from pki.asn1.der import SEQUENCE, DERError, Reader, context
from pki.asn1.der_writer import Element, octet_string, sequence
from pki.asn1.oids import OIDS
from primitives.ml_dsa import ML_DSA, ML_DSA_44, ML_DSA_65, ML_DSA_87, MLDSAPrivateKey, MLDSAPublicKey
from primitives.ml_kem import ML_KEM, ML_KEM_512, ML_KEM_768, ML_KEM_1024, DecapsulationKey, EncapsulationKey

SEED = context(0)

LatticeParameters: TypeAlias = ML_DSA | ML_KEM
LatticePublicKey: TypeAlias = MLDSAPublicKey | EncapsulationKey
LatticePrivateKey: TypeAlias = MLDSAPrivateKey | DecapsulationKey

# RFC 9881 §2, RFC 9935 §3: the parameter sets by the identifiers that name them, which have no parameters.
PARAMETER_SETS: dict[str, LatticeParameters] = {
    **{OIDS[f"id-{each.name.lower()}"]: each for each in (ML_DSA_44, ML_DSA_65, ML_DSA_87)},
    **{OIDS[f"id-alg-{each.name.lower()}"]: each for each in (ML_KEM_512, ML_KEM_768, ML_KEM_1024)},
}
IDENTIFIERS = {parameters.name: identifier for identifier, parameters in PARAMETER_SETS.items()}


class PrivateKeyForm(Enum):
    """What of a private key is written."""

    SEED = "seed"
    EXPANDED = "expanded"
    BOTH = "both"


def identifier_section(parameters: LatticeParameters) -> str:
    """Return where the identifiers of the algorithm are defined."""
    return "RFC 9881 §2" if isinstance(parameters, ML_DSA) else "RFC 9935 §3"


def public_key_section(parameters: LatticeParameters) -> str:
    """Return where the form of public keys is defined."""
    return "RFC 9881 §4" if isinstance(parameters, ML_DSA) else "RFC 9935 §4"


def private_key_section(parameters: LatticeParameters) -> str:
    """Return where the forms of private keys are defined."""
    return "RFC 9881 §6" if isinstance(parameters, ML_DSA) else "RFC 9935 §6"


def read_lattice_public_key(info: Reader, parameters: LatticeParameters) -> LatticePublicKey:
    """Read the BIT STRING that holds a public key."""
    start = info.position
    octets = info.octets_in_bits("subjectPublicKey", section=public_key_section(parameters))
    try:
        if isinstance(parameters, ML_DSA):
            dsa_key = parameters.public_key(octets)
            info.tell_part("rho", 32, section="FIPS 204 §7.2")
            info.tell_part("t_1", len(octets) - 32, section="FIPS 204 §7.2")
            return dsa_key
        kem_key = parameters.encapsulation_key(octets)
    except ValueError as error:
        raise DERError(start, str(error)) from None
    info.tell_part("t_hat", len(octets) - 32, section="FIPS 203 §5.1")
    info.tell_part("rho", 32, section="FIPS 203 §5.1")
    return kem_key


def read_lattice_private_key(octets: Reader, *, parameters: LatticeParameters) -> LatticePrivateKey:
    """Read a private key, in the form that its tag tells; raise `DERError` if its parts do not belong together."""
    start, section = octets.position, private_key_section(parameters)
    seed = expanded = None
    match octets.peek():
        case tag if tag == SEED:
            seed = octets.octet_string("seed", section=section, tag=SEED)
        case tag if tag == SEQUENCE:
            with octets.sequence("both", section=section) as both:
                seed = both.octet_string("seed", section=section)
                expanded = _read_expanded(both, parameters)
        case _:
            expanded = _read_expanded(octets, parameters)
    try:
        if seed is None:
            return _checked(parameters, expanded or b"")
        key = _of_seed(parameters, seed)
    except ValueError as error:
        raise DERError(start, str(error)) from None
    if expanded is not None and not compare_digest(expanded, expanded_key(key)):
        raise DERError(start, f"{parameters.name}: expandedKey is not what the seed expands to")
    return key


def _read_expanded(reader: Reader, parameters: LatticeParameters) -> bytes:
    octets = reader.octet_string("expandedKey", section=private_key_section(parameters))
    k = parameters.k
    if isinstance(parameters, ML_DSA) and len(octets) == parameters.sk_size:
        reader.tell_part("rho", 32, section="FIPS 204 §7.2")
        reader.tell_part("K", 32, section="FIPS 204 §7.2")
        reader.tell_part("tr", 64, section="FIPS 204 §7.2")
        reader.tell_part("s_1", parameters.small_size * parameters.l, section="FIPS 204 §7.2")
        reader.tell_part("s_2", parameters.small_size * k, section="FIPS 204 §7.2")
        reader.tell_part("t_0", 416 * k, section="FIPS 204 §7.2")  # 13 bits each of 256 coefficients
    elif isinstance(parameters, ML_KEM) and len(octets) == parameters.dk_size:
        reader.tell_part("s_hat", 384 * k, section="FIPS 203 §6.1")
        reader.tell_part("t_hat", 384 * k, section="FIPS 203 §6.1")
        reader.tell_part("rho", 32, section="FIPS 203 §6.1")
        reader.tell_part("H(ek)", 32, section="FIPS 203 §6.1")
        reader.tell_part("z", 32, section="FIPS 203 §6.1")
    return octets


def _of_seed(parameters: LatticeParameters, seed: bytes) -> LatticePrivateKey:
    if isinstance(parameters, ML_DSA):
        return parameters.generate_private_key(seed)
    return parameters.generate_decapsulation_key(seed)


def _checked(parameters: LatticeParameters, expanded: bytes) -> LatticePrivateKey:
    """Return the key that was kept without its seed; raise `ValueError` if its parts do not belong together."""
    if isinstance(parameters, ML_DSA):
        dsa_key = parameters.private_key(expanded)
        _ = dsa_key.public_key  # whose making is the check
        return dsa_key
    kem_key = parameters.decapsulation_key(expanded)
    parameters.encapsulation_key(kem_key.ek.to_bytes())
    kem_key.check_pair()
    return kem_key


def expanded_key(key: LatticePrivateKey) -> bytes:
    """Return the octets of the key that a seed expands to."""
    return key.sk if isinstance(key, MLDSAPrivateKey) else key.dk


def lattice_private_key_element(key: LatticePrivateKey, form: PrivateKeyForm | None = None) -> Element:
    """Return a private key to be written.

    form: None for the seed, as both RFCs recommend, or for the expanded key if that is all there is.

    Raises `ValueError` if the form needs a seed, and the key was read without.
    """
    section = private_key_section(key.parameters)
    if form is None:
        form = PrivateKeyForm.EXPANDED if key.seed is None else PrivateKeyForm.SEED
    if form is PrivateKeyForm.EXPANDED:
        return octet_string("expandedKey", expanded_key(key), section=section)
    if key.seed is None:
        raise ValueError(f"the key of {key.parameters.name} came without its seed, which cannot be computed from it")
    if form is PrivateKeyForm.SEED:
        return octet_string("seed", key.seed, section=section, tag=SEED)
    return sequence(
        "both",
        octet_string("seed", key.seed, section=section),
        octet_string("expandedKey", expanded_key(key), section=section),
        section=section,
    )
