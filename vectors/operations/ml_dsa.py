"""ML-DSA. `parameters` is a parameter set, such as `ML-DSA-65`."""

from __future__ import annotations

from primitives.ml_dsa import ML_DSA, PARAMETER_SETS
from primitives.prehash import Prehash
from primitives.sha3 import shake_128, shake_256
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

SHAKES: dict[str, Prehash] = {"SHAKE128": shake_128, "SHAKE256": shake_256}


def ml_dsa_keygen(inputs: Inputs) -> dict[str, Value]:
    """The keys `pk` and `sk` of a seed."""
    pk, sk = _parameters(inputs).keygen(inputs.octets("seed"))
    return {"pk": pk, "sk": sk}


def ml_dsa_sign(inputs: Inputs) -> dict[str, Value]:
    """The signature of `message` with `sk`, or with the key that `seed` makes, with `context`, `rnd`, and `prehash`."""
    parameters = _parameters(inputs)
    message, rnd, context = inputs.octets("message"), inputs.octets("rnd"), inputs.octets("context")
    sk = _private(inputs, parameters)
    return {"signature": parameters.sign(sk, message, context=context, prehash=prehash(inputs), rnd=rnd)}


def ml_dsa_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is one of `message`, with `context` and `prehash`."""
    message, signature, context = inputs.octets("message"), inputs.octets("signature"), inputs.octets("context")
    parameters = _parameters(inputs)
    parameters.verify(inputs.octets("pk"), message, signature, context=context, prehash=prehash(inputs))
    return {}


def ml_dsa_sign_internal(inputs: Inputs) -> dict[str, Value]:
    """The signature of the formatted `message`, or of its representative `mu`."""
    parameters = _parameters(inputs)
    message, mu = _message(inputs)
    sk = _private(inputs, parameters)
    return {"signature": parameters.sign_internal(sk, message, rnd=inputs.octets("rnd"), mu=mu)}


def ml_dsa_verify_internal(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is one of the formatted `message`, or of its representative `mu`."""
    message, mu = _message(inputs)
    _parameters(inputs).verify_internal(inputs.octets("pk"), message, inputs.octets("signature"), mu=mu)
    return {}


def _parameters(inputs: Inputs) -> ML_DSA:
    name = inputs.word("parameters")
    if name not in PARAMETER_SETS:
        raise Unsupported(f"there is no parameter set {name!r}")
    return PARAMETER_SETS[name]


def _private(inputs: Inputs, parameters: ML_DSA) -> bytes:
    return inputs.octets("sk") if "sk" in inputs else parameters.keygen(inputs.octets("seed"))[1]


def prehash(inputs: Inputs) -> Prehash | None:
    """Return the hash function that makes a digest of the message; None if the message itself is signed."""
    if "prehash" not in inputs:
        return None
    return SHAKES.get(inputs.word("prehash")) or inputs.hash("prehash")


def _message(inputs: Inputs) -> tuple[bytes, bytes | None]:
    return (b"", inputs.octets("mu")) if "mu" in inputs else (inputs.octets("message"), None)
