"""AES key wrap."""

from __future__ import annotations

from primitives import keywrap
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def key_wrap(inputs: Inputs) -> dict[str, Value]:
    """`key`, wrapped under `kek`."""
    return {"wrapped": keywrap.key_wrap(inputs.octets("kek"), inputs.octets("key"))}


def key_unwrap(inputs: Inputs) -> dict[str, Value]:
    """The key that was `wrapped` under `kek`."""
    return {"key": keywrap.key_unwrap(inputs.octets("kek"), inputs.octets("wrapped"))}
