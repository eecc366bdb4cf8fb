"""ChaCha20 and Poly1305, each by itself."""

from __future__ import annotations

from primitives.chacha20 import chacha20_xor
from primitives.poly1305 import poly1305 as authenticate
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def chacha20(inputs: Inputs) -> dict[str, Value]:
    """`data`, encrypted or decrypted from the block number `counter` on."""
    key, nonce, data = inputs.octets("key"), inputs.octets("nonce"), inputs.octets("data")
    return {"data": chacha20_xor(key, inputs.number("counter"), nonce, data)}


def poly1305(inputs: Inputs) -> dict[str, Value]:
    """The tag of `message` under the one-time `key`."""
    return {"tag": authenticate(inputs.octets("key"), inputs.octets("message"))}
