"""Keys from other secrets: HKDF, PBKDF2, scrypt, the PRF of TLS 1.2."""

from __future__ import annotations

from primitives.hkdf import hkdf_expand, hkdf_extract
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.scrypt import MAX_MEMORY
from primitives.scrypt import scrypt as derive
from primitives.tls12_prf import tls12_prf as prf
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

MOST_ROUNDS = 2_000_000  # some minutes
MOST_CORES = 4_000_000  # of scrypt: likewise


def hkdf(inputs: Inputs) -> dict[str, Value]:
    """`length` bytes of key from `ikm`, `salt` and `info`."""
    hash = inputs.hash()
    prk = hkdf_extract(inputs.octets("salt"), inputs.octets("ikm"), hash=hash)
    return {"okm": hkdf_expand(prk, inputs.octets("info"), inputs.number("length"), hash=hash)}


def pbkdf2(inputs: Inputs) -> dict[str, Value]:
    """`length` bytes of key from `password` and `salt`."""
    rounds = inputs.number("iterations") * -(-inputs.number("length") // inputs.hash().digest_size)
    if rounds > MOST_ROUNDS:
        raise Unsupported(f"{rounds:,} iterations take too long in Python; at most {MOST_ROUNDS:,} are made")
    derived_key = pbkdf2_hmac(
        inputs.octets("password"),
        inputs.octets("salt"),
        inputs.number("iterations"),
        inputs.number("length"),
        hash=inputs.hash(),
    )
    return {"derived_key": derived_key}


def scrypt(inputs: Inputs) -> dict[str, Value]:
    """`length` bytes of key from `password` and `salt`."""
    n, r, p = inputs.number("n"), inputs.number("r"), inputs.number("p")
    if (memory := 128 * r * (n + p)) > MAX_MEMORY or 4 * n * r * p > MOST_CORES:
        raise Unsupported(f"{memory:,} bytes of memory, used {p} times, take too long in Python")
    return {"derived_key": derive(inputs.octets("password"), inputs.octets("salt"), n, r, p, inputs.number("length"))}


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
