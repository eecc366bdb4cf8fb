"""ECDSA and ECDH on the curves of SP 800-186."""

from __future__ import annotations

from hmac import compare_digest

from pki.keys import load_public_key
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPrivateKey, ECPublicKey
from primitives.ecdh import ecdh as shared_secret
from primitives.ecdsa import ecdsa_sign as sign
from primitives.ecdsa import ecdsa_verify as verify
from primitives.ecdsa import ecdsa_verify_p1363 as verify_p1363
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

_CURVES = {"P-256": P256, "P-384": P384, "P-521": P521}


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
    if not isinstance(key, ECPublicKey) or key.curve != _curve(inputs):
        raise ValueError(f"the public key is not one of {inputs.word('curve')}")
    return key


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
