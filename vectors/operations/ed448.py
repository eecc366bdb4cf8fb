"""Ed448, and Ed448ph where `prehash` is 1."""

from __future__ import annotations

from primitives.curves.edwards448 import decode
from primitives.ed448 import ed448_public_key as public_key
from primitives.ed448 import ed448_sign as sign
from primitives.ed448 import ed448_verify as verify
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def ed448_public_key(inputs: Inputs) -> dict[str, Value]:
    """The public key of `private`."""
    return {"public": public_key(inputs.octets("private"))}


def ed448_validate(inputs: Inputs) -> dict[str, Value]:
    """Refuse the public key unless it is a point of the curve."""
    decode(inputs.octets("public"))
    return {}


def ed448_sign(inputs: Inputs) -> dict[str, Value]:
    """The signature of `message` with the secret key `private`, with `context`."""
    private, message, context = inputs.octets("private"), inputs.octets("message"), inputs.octets("context")
    return {"signature": sign(private, message, context=context, prehash=bool(inputs.number("prehash")))}


def ed448_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is one of `message`, with `context`."""
    public, message, signature = inputs.octets("public"), inputs.octets("message"), inputs.octets("signature")
    verify(public, message, signature, context=inputs.octets("context"), prehash=bool(inputs.number("prehash")))
    return {}
