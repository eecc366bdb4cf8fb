"""SLH-DSA. `parameters` is a parameter set, such as `SLH-DSA-SHA2-128f`."""

from __future__ import annotations

from primitives.slh_dsa import PARAMETER_SETS, SLH_DSA
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs
from vectors.operations.ml_dsa import prehash


def slh_dsa_keygen(inputs: Inputs) -> dict[str, Value]:
    """The keys `pk` and `sk` of a seed: SK.seed ‖ SK.prf ‖ PK.seed."""
    pk, sk = _parameters(inputs).keygen(inputs.octets("seed"))
    return {"pk": pk, "sk": sk}


def slh_dsa_sign(inputs: Inputs) -> dict[str, Value]:
    """The signature of `message` with `sk`, `context`, `addrnd`, and `prehash`; deterministic without `addrnd`."""
    parameters, sk = _parameters(inputs), inputs.octets("sk")
    message, context, addrnd = inputs.octets("message"), inputs.octets("context"), _addrnd(inputs, sk)
    return {"signature": parameters.sign(sk, message, context=context, prehash=prehash(inputs), addrnd=addrnd)}


def slh_dsa_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is one of `message`, with `context` and `prehash`."""
    message, signature, context = inputs.octets("message"), inputs.octets("signature"), inputs.octets("context")
    parameters = _parameters(inputs)
    parameters.verify(inputs.octets("pk"), message, signature, context=context, prehash=prehash(inputs))
    return {}


def slh_dsa_sign_internal(inputs: Inputs) -> dict[str, Value]:
    """The signature of the formatted `message`."""
    parameters, sk = _parameters(inputs), inputs.octets("sk")
    return {"signature": parameters.sign_internal(sk, inputs.octets("message"), addrnd=_addrnd(inputs, sk))}


def slh_dsa_verify_internal(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is one of the formatted `message`."""
    _parameters(inputs).verify_internal(inputs.octets("pk"), inputs.octets("message"), inputs.octets("signature"))
    return {}


def _parameters(inputs: Inputs) -> SLH_DSA:
    name = inputs.word("parameters")
    if name not in PARAMETER_SETS:
        raise Unsupported(f"there is no parameter set {name!r}")
    return PARAMETER_SETS[name]


def _addrnd(inputs: Inputs, sk: bytes) -> bytes:
    """Return the additional randomness; without any, PK.seed, which is the third quarter of the private key."""
    return inputs.octets("addrnd") if "addrnd" in inputs else sk[len(sk) // 2 : 3 * len(sk) // 4]
