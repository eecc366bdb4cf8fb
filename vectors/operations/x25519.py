"""X25519."""

from __future__ import annotations

from primitives.x25519 import x25519 as shared_secret
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def x25519(inputs: Inputs) -> dict[str, Value]:
    """The secret that `private` and `public` share."""
    return {"shared": shared_secret(inputs.octets("private"), inputs.octets("public"))}
