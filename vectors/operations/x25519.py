"""X25519 and X448."""

from __future__ import annotations

from primitives import x448 as curve448
from primitives import x25519 as curve25519
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def x25519(inputs: Inputs) -> dict[str, Value]:
    """The secret that `private` and `public` share; the public key of `private` if there is no `public`."""
    public = inputs.octets("public") if "public" in inputs else curve25519.BASE_POINT
    return {"shared": curve25519.x25519(inputs.octets("private"), public)}


def x448(inputs: Inputs) -> dict[str, Value]:
    """The same on Curve448."""
    public = inputs.octets("public") if "public" in inputs else curve448.BASE_POINT
    return {"shared": curve448.x448(inputs.octets("private"), public)}
