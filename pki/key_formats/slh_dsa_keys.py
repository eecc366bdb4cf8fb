"""Keys of SLH-DSA: strings of octets without a structure of their own.

Standard     RFC 9909 §3, §5, §7.
Left out     HashSLH-DSA, whose identifiers are another twelve (RFC 9909 §3): kept under their names. Whether PK.root is
             what the secret parts lead to: it takes as long as making the key, up to seconds, to find out, and
             signatures with a wrong root are valid for nobody.

>>> from primitives.slh_dsa import SLH_DSA_SHA2_128F
>>> slh_dsa_public_key_element(SLH_DSA_SHA2_128F.public_key(bytes(32))).encoding[:3].hex()
'032100'
"""

from __future__ import annotations

from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import Element, bit_string, octet_string
from pki.asn1.oids import OIDS
from primitives.slh_dsa import PARAMETER_SETS as ALL_SETS
from primitives.slh_dsa import SLH_DSA, SLHDSAPrivateKey, SLHDSAPublicKey

IDENTIFIER_SECTION, PUBLIC_SECTION, PRIVATE_SECTION, PARTS_SECTION = (
    "RFC 9909 §3",
    "RFC 9909 §5",
    "RFC 9909 §7",
    "FIPS 205 §9.1",
)

# RFC 9909 §3: the parameter sets by the identifiers that name them, which have no parameters.
PARAMETER_SETS = {OIDS[f"id-{name.lower()}"]: parameters for name, parameters in ALL_SETS.items()}
IDENTIFIERS = {parameters.name: identifier for identifier, parameters in PARAMETER_SETS.items()}


def read_slh_dsa_public_key(info: Reader, parameters: SLH_DSA) -> SLHDSAPublicKey:
    """Read the BIT STRING that holds a public key."""
    start = info.position
    octets = info.octets_in_bits("subjectPublicKey", section=PUBLIC_SECTION)
    try:
        key = parameters.public_key(octets)
    except ValueError as error:
        raise DERError(start, str(error)) from None
    info.tell_part("PK_seed", parameters.n, section=PARTS_SECTION)
    info.tell_part("PK_root", parameters.n, section=PARTS_SECTION)
    return key


def read_slh_dsa_private_key(info: Reader, parameters: SLH_DSA) -> SLHDSAPrivateKey:
    """Read the OCTET STRING that is a private key: in it is no DER."""
    start = info.position
    octets = info.octet_string("privateKey", section=PRIVATE_SECTION)
    try:
        key = parameters.private_key(octets)
    except ValueError as error:
        raise DERError(start, str(error)) from None
    # A full stop in a label would be that of a field inside another one.
    info.tell_part("SK_seed", parameters.n, section=PARTS_SECTION)
    info.tell_part("SK_prf", parameters.n, section=PARTS_SECTION)
    info.tell_part("PK_seed", parameters.n, section=PARTS_SECTION)
    info.tell_part("PK_root", parameters.n, section=PARTS_SECTION)
    return key


def slh_dsa_public_key_element(key: SLHDSAPublicKey) -> Element:
    """Return a public key to be written."""
    return bit_string("subjectPublicKey", key.to_bytes(), section=PUBLIC_SECTION)


def slh_dsa_private_key_element(key: SLHDSAPrivateKey) -> Element:
    """Return a private key to be written."""
    return octet_string("privateKey", key.to_bytes(), section=PRIVATE_SECTION)
