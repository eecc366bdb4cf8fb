"""Keys on Curve25519 and Curve448, which are octets and nothing else: those of Ed25519, Ed448, X25519 and X448.

Standard     RFC 8410 §3 (identifiers, without parameters), §4 (public keys), §7 (private keys).
Left out     What a key may be used for by its certificate (§5): verifiers have long accepted any usage.

>>> private_octets(read_octet_private_key(Reader(bytes.fromhex("0420" + "11" * 32)), kind=Ed25519PrivateKey)).hex()[:8]
'11111111'
"""

from __future__ import annotations

from typing import TypeAlias

from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import Element, octet_string
from pki.asn1.oids import OIDS
from primitives.ed448_keys import Ed448PrivateKey, Ed448PublicKey
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey
from primitives.x448_keys import X448PrivateKey, X448PublicKey
from primitives.x25519_keys import X25519PrivateKey, X25519PublicKey

OctetPublicKey: TypeAlias = Ed25519PublicKey | Ed448PublicKey | X25519PublicKey | X448PublicKey
OctetPrivateKey: TypeAlias = Ed25519PrivateKey | Ed448PrivateKey | X25519PrivateKey | X448PrivateKey

IDENTIFIER, PUBLIC_KEY, PRIVATE_KEY = "RFC 8410 §3", "RFC 8410 §4", "RFC 8410 §7"

OCTET_ALGORITHMS = {name: OIDS[f"id-{name}"] for name in ("Ed25519", "Ed448", "X25519", "X448")}  # §3
PUBLIC_KEYS: dict[str, type[OctetPublicKey]] = {
    OIDS["id-Ed25519"]: Ed25519PublicKey,
    OIDS["id-Ed448"]: Ed448PublicKey,
    OIDS["id-X25519"]: X25519PublicKey,
    OIDS["id-X448"]: X448PublicKey,
}
PRIVATE_KEYS: dict[str, type[OctetPrivateKey]] = {
    OIDS["id-Ed25519"]: Ed25519PrivateKey,
    OIDS["id-Ed448"]: Ed448PrivateKey,
    OIDS["id-X25519"]: X25519PrivateKey,
    OIDS["id-X448"]: X448PrivateKey,
}


def algorithm_name(key: OctetPublicKey | OctetPrivateKey) -> str:
    """Return the name of the algorithm that the key is for, such as `Ed448`."""
    return type(key).__name__.removesuffix("PublicKey").removesuffix("PrivateKey")


def private_octets(key: OctetPrivateKey) -> bytes:
    """Return the octets that the private key is."""
    return key.key if isinstance(key, Ed25519PrivateKey | Ed448PrivateKey) else key.scalar


def read_octet_private_key(octets: Reader, *, kind: type[OctetPrivateKey]) -> OctetPrivateKey:
    """Read a `CurvePrivateKey`: what the OCTET STRING `privateKey` holds is one more OCTET STRING (§7)."""
    start = octets.position
    key = octets.octet_string("CurvePrivateKey", section=PRIVATE_KEY)
    try:
        return kind(key)
    except ValueError as error:
        raise DERError(start, str(error)) from None


def octet_private_key_element(key: OctetPrivateKey) -> Element:
    """Return a `CurvePrivateKey` to be written."""
    return octet_string("CurvePrivateKey", private_octets(key), section=PRIVATE_KEY)
