"""Hash functions, extendable-output functions and HMAC."""

from __future__ import annotations

from hmac import compare_digest
from importlib import import_module

from primitives.errors import InvalidTag
from primitives.hmac import hmac_digest
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

_XOFS = {"SHAKE128": "shake_128", "SHAKE256": "shake_256"}


def hash(inputs: Inputs) -> dict[str, Value]:
    """The digest of `message`."""
    return {"digest": inputs.hash()(inputs.octets("message")).digest()}


def xof(inputs: Inputs) -> dict[str, Value]:
    """The first `length` bytes that the extendable-output function gives for `message`."""
    name = inputs.word("hash")
    if name not in _XOFS:
        raise Unsupported(f"the extendable-output function {name} is not implemented")
    try:
        function = getattr(import_module("primitives.sha3"), _XOFS[name])
    except ImportError:
        raise Unsupported(f"the extendable-output function {name} is not implemented") from None
    output: bytes = function(inputs.octets("message")).digest(inputs.number("length"))
    return {"output": output}


def hmac(inputs: Inputs) -> dict[str, Value]:
    """The first `length` bytes of the tag of `message` under `key`."""
    tag = hmac_digest(inputs.octets("key"), inputs.octets("message"), hash=inputs.hash())
    return {"tag": tag[: inputs.number("length")]}


def hmac_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `tag` unless it is the first `length` bytes of the tag of `message` under `key`."""
    if not compare_digest(bytes(hmac(inputs)["tag"]), inputs.octets("tag")):  # type: ignore[arg-type]  # always bytes
        raise InvalidTag("HMAC: the tag does not belong to this key and message")
    return {}
