"""ML-KEM. `parameters` is a parameter set, such as `ML-KEM-768`."""

from __future__ import annotations

from primitives.ml_kem import ML_KEM, PARAMETER_SETS, G
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs


class _Draft(ML_KEM):
    """ML-KEM as in the draft of August 2023, whose keys come from d alone (FIPS 203 appendix C.2)."""

    def expanded(self, d: bytes) -> bytes:
        """Return ρ ‖ σ."""
        return G(d)


def _parameters(inputs: Inputs) -> ML_KEM:
    name = inputs.word("parameters")
    if name not in PARAMETER_SETS:
        raise Unsupported(f"there is no parameter set {name!r}")
    return PARAMETER_SETS[name]


def ml_kem_keygen(inputs: Inputs) -> dict[str, Value]:
    """The keys `ek` and `dk` of a seed, d ‖ z."""
    ek, dk = _parameters(inputs).keygen(inputs.octets("seed"))
    return {"ek": ek, "dk": dk}


def ml_kem_draft_keygen(inputs: Inputs) -> dict[str, Value]:
    """The keys `ek` and `dk` that the draft made of a seed, d ‖ z."""
    ek, dk = _Draft(**vars(_parameters(inputs))).keygen(inputs.octets("seed"))
    return {"ek": ek, "dk": dk}


def ml_kem_encaps(inputs: Inputs) -> dict[str, Value]:
    """The ciphertext `c` and the shared secret `K` for `ek`, made with the randomness `m`."""
    K, c = _parameters(inputs).encaps(inputs.octets("ek"), inputs.octets("m"))
    return {"c": c, "K": K}


def ml_kem_decaps(inputs: Inputs) -> dict[str, Value]:
    """The shared secret `K` of the ciphertext `c`, with `dk`, or with the key that `seed` makes."""
    parameters = _parameters(inputs)
    dk = inputs.octets("dk") if "dk" in inputs else parameters.keygen(inputs.octets("seed"))[1]
    return {"K": parameters.decaps(dk, inputs.octets("c"))}


def ml_kem_check_ek(inputs: Inputs) -> dict[str, Value]:
    """Refuses an encapsulation key that `encaps` must not take."""
    _parameters(inputs).encapsulation_key(inputs.octets("ek"))
    return {}


def ml_kem_check_dk(inputs: Inputs) -> dict[str, Value]:
    """Refuses a decapsulation key that `decaps` must not take."""
    _parameters(inputs).decapsulation_key(inputs.octets("dk"))
    return {}
