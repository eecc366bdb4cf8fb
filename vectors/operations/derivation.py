"""Keys from other secrets: HKDF, PBKDF2, the PRF of TLS 1.2."""

from __future__ import annotations

from primitives.hkdf import hkdf_expand, hkdf_extract
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.tls12_prf import tls12_prf as prf
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def hkdf(inputs: Inputs) -> dict[str, Value]:
    """`length` bytes of key from `ikm`, `salt` and `info`."""
    hash = inputs.hash()
    prk = hkdf_extract(inputs.octets("salt"), inputs.octets("ikm"), hash=hash)
    return {"okm": hkdf_expand(prk, inputs.octets("info"), inputs.number("length"), hash=hash)}


def pbkdf2(inputs: Inputs) -> dict[str, Value]:
    """`length` bytes of key from `password` and `salt`."""
    derived_key = pbkdf2_hmac(
        inputs.octets("password"),
        inputs.octets("salt"),
        inputs.number("iterations"),
        inputs.number("length"),
        hash=inputs.hash(),
    )
    return {"derived_key": derived_key}


def tls12_prf(inputs: Inputs) -> dict[str, Value]:
    """`length` bytes of the PRF of `secret`, `label` and `seed`."""
    output = prf(
        inputs.octets("secret"),
        label=inputs.octets("label"),
        seed=inputs.octets("seed"),
        length=inputs.number("length"),
        hash=inputs.hash(),
    )
    return {"output": output}
