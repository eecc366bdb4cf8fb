"""Keys in JSON (JWK), public and private, and sets of them.

Standard     RFC 7517 §4 (JWK), §5 (sets of them); RFC 7518 §6.2 (EC), §6.3 (RSA); RFC 8037 §2 (Ed25519, Ed448, X25519,
             X448).
Left out     Symmetric keys, other curves, RSA keys of more than two primes and those without them: refused. What a key
             is for (`use`, `key_ops`, `alg`) and certificates beside it: read over. Writing private keys.

>>> read_jwks(b'{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}')[0].key.hex()[:16]
'd75a980182b10ab7'
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from pki.key_formats.octet_keys import (
    OCTET_ALGORITHMS,
    PRIVATE_KEYS,
    PUBLIC_KEYS,
    OctetPrivateKey,
    OctetPublicKey,
    algorithm_name,
)
from pki.key_formats.private_key_info import PrivateKey
from pki.key_formats.public_key_info import PublicKey, describe_public_key
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPrivateKey, ECPublicKey
from primitives.ed448_keys import Ed448PublicKey
from primitives.ed25519_keys import Ed25519PublicKey
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.x448_keys import X448PublicKey
from primitives.x25519_keys import X25519PublicKey

CURVES: dict[str, Curve] = {"P-256": P256, "P-384": P384, "P-521": P521}  # RFC 7518 §6.2.1.1
RSA_PRIVATE = ("d", "p", "q", "dp", "dq", "qi")  # RFC 7518 §6.3.2
MAX_SIZE = 1 << 20  # bytes


def read_jwks(data: bytes) -> list[PublicKey | PrivateKey]:
    """Return the key that a JWK is, or the keys of a set, one or more; raise `ValueError` if it is something else."""
    if len(data) > MAX_SIZE:
        raise ValueError(f"a JWK of {len(data)} bytes, expected at most {MAX_SIZE}")
    try:
        found = json.loads(data.decode(), object_pairs_hook=_members)
    except RecursionError:
        raise ValueError("JSON that is nested too deep for a JWK") from None
    if not isinstance(found, dict):
        raise ValueError("JSON that is not an object, expected a JWK")
    keys = found.get("keys", [found])
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise ValueError("keys of a JWK set is not an array of keys, expected one or more (RFC 7517 §5)")
    return [_read(key) for key in keys]


def jwk(key: PublicKey) -> bytes:
    """Return the key in JSON that ends with a line feed; raise `ValueError` if there is no JWK of such keys."""
    match key:
        case RSAPublicKey(n, e):
            members = {"kty": "RSA", "n": _spelled_number(n), "e": _spelled_number(e)}
        case ECPublicKey(curve) if curve.name in CURVES:
            coordinates = key.to_bytes()[1:]
            x, y = coordinates[: curve.coordinate_size], coordinates[curve.coordinate_size :]
            members = {"kty": "EC", "crv": curve.name, "x": _spelled(x), "y": _spelled(y)}
        case Ed25519PublicKey() | Ed448PublicKey() | X25519PublicKey() | X448PublicKey():
            members = {"kty": "OKP", "crv": algorithm_name(key), "x": _spelled(key.to_bytes())}
        case _:
            raise ValueError(f"there is no JWK for {describe_public_key(key)}")
    return json.dumps(members, indent=2).encode() + b"\n"


def _spelled(octets: bytes) -> str:
    """Return octets in base64url, without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _spelled_number(number: int) -> str:
    """Return a number in as few octets as it needs (RFC 7518 §2, Base64urlUInt)."""
    return _spelled(int(number).to_bytes((int(number).bit_length() + 7) // 8, "big"))


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):  # RFC 7517 §4: names must be unique
        raise ValueError("a JWK with one name twice, expected each once (RFC 7517 §4)")
    return members


def _read(jwk: dict[str, Any]) -> PublicKey | PrivateKey:
    match jwk.get("kty"), jwk.get("crv"):
        case "RSA", _:
            return _read_rsa(jwk)
        case "EC", str() as name if name in CURVES:
            return _read_ec(jwk, CURVES[name])
        case "OKP", str() as name if name in OCTET_ALGORITHMS:
            algorithm = OCTET_ALGORITHMS[name]
            public = PUBLIC_KEYS[algorithm].from_bytes(_octets(jwk, "x"))
            return _belonging(public, PRIVATE_KEYS[algorithm](_octets(jwk, "d")) if "d" in jwk else None)
        case kind, curve:
            kinds = f"RSA, EC or {', '.join(OCTET_ALGORITHMS)}"
            raise ValueError(f"a JWK of the kind {kind!r:.40} and curve {curve!r:.40}, expected {kinds}")


def _read_rsa(jwk: dict[str, Any]) -> PublicKey | PrivateKey:
    public = RSAPublicKey(_number(jwk, "n"), _number(jwk, "e"))
    if "d" not in jwk:
        return public
    if "oth" in jwk or not all(name in jwk for name in RSA_PRIVATE):
        raise ValueError(f"an RSA key in a JWK, expected two primes, and {', '.join(RSA_PRIVATE)} (RFC 7518 §6.3.2)")
    d, p, q, dp, dq, qi = (_number(jwk, name) for name in RSA_PRIVATE)
    return RSAPrivateKey(public.n, public.e, d, p, q, dp, dq, qi)


def _read_ec(jwk: dict[str, Any], curve: Curve) -> PublicKey | PrivateKey:
    coordinates = [_octets(jwk, name) for name in ("x", "y")]
    if any(len(octets) != curve.coordinate_size for octets in coordinates):  # RFC 7518 §6.2.1.2
        raise ValueError(f"x or y of a JWK is not of {curve.coordinate_size} octets, as {curve.name} has them")
    public = ECPublicKey.from_bytes(curve, b"\x04" + b"".join(coordinates))
    if "d" not in jwk:
        return public
    return _belonging(public, ECPrivateKey(curve, _number(jwk, "d")))


def _belonging(
    public: ECPublicKey | OctetPublicKey, private: ECPrivateKey | OctetPrivateKey | None
) -> PublicKey | PrivateKey:
    if private is None:
        return public
    if private.public_key != public:
        raise ValueError("d of a JWK does not belong to its public key")
    return private


def _octets(jwk: dict[str, Any], name: str) -> bytes:
    """Return what a member spells in base64url, without padding."""
    text = jwk.get(name)
    if not isinstance(text, str) or not re.fullmatch("[A-Za-z0-9_-]+", text):
        raise ValueError(f"{name} of a JWK is not base64url")
    try:
        octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError(f"{name} of a JWK is not base64url") from None
    if _spelled(octets) != text:
        raise ValueError(f"{name} of a JWK is not base64url")
    return octets


def _number(jwk: dict[str, Any], name: str) -> int:
    return int.from_bytes(_octets(jwk, name), "big")
