"""ECDSA and ECDH on the curves of SP 800-186, and on secp256k1."""

from __future__ import annotations

from hmac import compare_digest

from pki.asn1.der_writer import oid
from pki.key_formats.public_key_info import UnknownPublicKey
from pki.keys import load_public_key
from primitives.curves.weierstrass import Curve
from primitives.ec import P224, P256, P384, P521, SECP256K1, ECPrivateKey, ECPublicKey
from primitives.ecdh import ecdh as shared_secret
from primitives.ecdsa import ecdsa_sign as sign
from primitives.ecdsa import ecdsa_verify as verify
from primitives.ecdsa import ecdsa_verify_p1363 as verify_p1363
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

_CURVES = {curve.name: curve for curve in (P224, P256, P384, P521, SECP256K1)}


def _curve(inputs: Inputs) -> Curve:
    name = inputs.word("curve")
    if name not in _CURVES:
        raise Unsupported(f"the curve {name} is not implemented")
    return _CURVES[name]


def _private(inputs: Inputs) -> ECPrivateKey:
    return ECPrivateKey(_curve(inputs), inputs.number("private"))


def _public(inputs: Inputs) -> ECPublicKey:
    """The public key: a point in `public`, or a SubjectPublicKeyInfo in `spki` (RFC 5480 §2)."""
    if "spki" not in inputs:
        return ECPublicKey.from_bytes(_curve(inputs), inputs.octets("public"))
    key = load_public_key(inputs.octets("spki"))
    if isinstance(key, UnknownPublicKey):
        return _of_other_curve(_curve(inputs), key)
    if not isinstance(key, ECPublicKey) or key.curve != _curve(inputs):
        raise ValueError(f"the public key is not one of {inputs.word('curve')}")
    return key


_OTHER = {"P-224": "1.3.132.0.33", "secp256k1": "1.3.132.0.10"}
"""The curves that no certificate's key is on here, with their object identifiers of Certicom's."""


def _of_other_curve(curve: Curve, key: UnknownPublicKey) -> ECPublicKey:
    """Return a key that `pki` has read, but has no use for."""
    expected = oid("namedCurve", _OTHER.get(curve.name, "0.0")).encoding
    if key.algorithm != "1.2.840.10045.2.1" or key.parameters != expected:
        raise ValueError(f"the public key is not one of {curve.name}")
    return ECPublicKey.from_bytes(curve, key.key)


def ec_public_key(inputs: Inputs) -> dict[str, Value]:
    """The public key of `private`, as an uncompressed point."""
    return {"public": _private(inputs).public_key.to_bytes()}


def ec_validate(inputs: Inputs) -> dict[str, Value]:
    """Refuse the public key unless it is a point of the curve."""
    _public(inputs)
    return {}


def ecdh(inputs: Inputs) -> dict[str, Value]:
    """The x-coordinate that `private` and the public key share."""
    return {"shared": shared_secret(_private(inputs), _public(inputs))}


def ecdh_validity(inputs: Inputs) -> dict[str, Value]:
    """Refuse unless both public keys are valid, `own_public` is that of `private`, and the secret has this hash."""
    curve, private = _curve(inputs), _private(inputs)
    if private.public_key != ECPublicKey.from_bytes(curve, inputs.octets("own_public")):
        raise ValueError("the private key does not belong to the public key")
    digest = inputs.hash()(shared_secret(private, _public(inputs))).digest()
    if not compare_digest(digest, inputs.octets("shared_hash")):
        raise ValueError("the shared secret has another hash")
    return {}


def ecdsa_sign(inputs: Inputs) -> dict[str, Value]:
    """The deterministic signature of `message`, in DER (RFC 6979)."""
    return {"signature": sign(_private(inputs), inputs.octets("message"), hash=inputs.hash())}


def ecdsa_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature`, in DER, unless it is one of `message`."""
    verify(_public(inputs), inputs.octets("message"), inputs.octets("signature"), hash=inputs.hash())
    return {}


def ecdsa_p1363_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature`, r ‖ s, unless it is one of `message`."""
    verify_p1363(_public(inputs), inputs.octets("message"), inputs.octets("signature"), hash=inputs.hash())
    return {}
