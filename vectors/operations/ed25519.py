"""Ed25519."""

from __future__ import annotations

from primitives.curves.edwards25519 import decode
from primitives.ed25519 import ed25519_public_key as public_key
from primitives.ed25519 import ed25519_sign as sign
from primitives.ed25519 import ed25519_verify as verify
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def ed25519_public_key(inputs: Inputs) -> dict[str, Value]:
    """The public key of `private`."""
    return {"public": public_key(inputs.octets("private"))}


def ed25519_validate(inputs: Inputs) -> dict[str, Value]:
    """Refuse the public key unless it is a point of the curve."""
    decode(inputs.octets("public"))
    return {}


def ed25519_sign(inputs: Inputs) -> dict[str, Value]:
    """The signature of `message` with the secret key `private`."""
    return {"signature": sign(inputs.octets("private"), inputs.octets("message"))}


def ed25519_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is one of `message`."""
    verify(inputs.octets("public"), inputs.octets("message"), inputs.octets("signature"))
    return {}
