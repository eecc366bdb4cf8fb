"""AES key wrap, with and without padding."""

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


def key_wrap_padded(inputs: Inputs) -> dict[str, Value]:
    """`key`, of any length, wrapped under `kek`."""
    return {"wrapped": keywrap.key_wrap_padded(inputs.octets("kek"), inputs.octets("key"))}


def key_unwrap_padded(inputs: Inputs) -> dict[str, Value]:
    """The key that was `wrapped` under `kek` with padding."""
    return {"key": keywrap.key_unwrap_padded(inputs.octets("kek"), inputs.octets("wrapped"))}
