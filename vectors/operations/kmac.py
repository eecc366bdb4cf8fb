"""cSHAKE and KMAC. `function` is one of them, such as `cSHAKE128`, `KMAC256` or `KMACXOF128`."""

from __future__ import annotations

from hmac import compare_digest

from primitives import cshake as cshakes
from primitives import kmac as kmacs
from primitives.errors import InvalidTag
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

_CSHAKE = {"cSHAKE128": cshakes.cshake128, "cSHAKE256": cshakes.cshake256}
_KMAC = {
    "KMAC128": kmacs.kmac128,
    "KMAC256": kmacs.kmac256,
    "KMACXOF128": kmacs.kmacxof128,
    "KMACXOF256": kmacs.kmacxof256,
}


def cshake(inputs: Inputs) -> dict[str, Value]:
    """The first `length` bytes of the output for `message`, with `function_name` and `customization`."""
    name, message, length = inputs.word("function"), inputs.octets("message"), inputs.number("length")
    if name not in _CSHAKE:
        raise Unsupported(f"{name} is not implemented")
    N, S = inputs.octets("function_name"), inputs.octets("customization")
    return {"output": _CSHAKE[name](message, length, function_name=N, customization=S)}


def kmac(inputs: Inputs) -> dict[str, Value]:
    """The tag of `message` under `key`, of `length` bytes, with `customization`."""
    return {"tag": _tag(inputs)}


def kmac_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `tag` unless it is the tag of `message` under `key`, of `length` bytes, with `customization`."""
    if not compare_digest(_tag(inputs), inputs.octets("tag")):
        raise InvalidTag("KMAC: the tag does not belong to this key and message")
    return {}


def _tag(inputs: Inputs) -> bytes:
    name = inputs.word("function")
    if name not in _KMAC:
        raise Unsupported(f"{name} is not implemented")
    key, message, S = inputs.octets("key"), inputs.octets("message"), inputs.octets("customization")
    return _KMAC[name](key, message, inputs.number("length"), S)
