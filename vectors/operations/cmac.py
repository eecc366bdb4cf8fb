"""CMAC, with AES or Triple-DES."""

from __future__ import annotations

from hmac import compare_digest

from primitives.cmac import cmac as tag_of
from primitives.errors import InvalidTag
from vectors.cases import Value
from vectors.operations.ciphers import block_cipher
from vectors.operations.inputs import Inputs


def cmac(inputs: Inputs) -> dict[str, Value]:
    """The first `length` bytes of the tag of `message` under `key`."""
    return {"tag": _tag(inputs)}


def cmac_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `tag` unless it is the first `length` bytes of the tag of `message` under `key`."""
    if not compare_digest(_tag(inputs), inputs.octets("tag")):
        raise InvalidTag("CMAC: the tag does not belong to this message and key")
    return {}


def _tag(inputs: Inputs) -> bytes:
    cipher = block_cipher(inputs.word("cipher"), inputs.octets("key"))
    return tag_of(cipher, inputs.octets("message"))[: inputs.number("length")]
