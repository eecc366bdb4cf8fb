"""The operations that checks name, performed by this project's own primitives.

An operation takes named inputs and returns named outputs, or refuses. The table below is the whole list; what
each takes and gives is documented in `docs/vectors.md`, which is also the protocol of `--implementation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import TypeAlias

from primitives.errors import DecryptionError, InvalidSignature, InvalidTag
from vectors.cases import Rejected, Unsupported, Value
from vectors.operations.inputs import Inputs

Perform: TypeAlias = Callable[[str, Mapping[str, Value]], Mapping[str, Value]]
"""An implementation: takes an operation's name and inputs; returns outputs, or raises Rejected or Unsupported."""

OPERATIONS = {
    "hash": "hashes",
    "xof": "hashes",
    "cshake": "kmac",
    "hmac": "hashes",
    "hmac_verify": "hashes",
    "kmac": "kmac",
    "kmac_verify": "kmac",
    "cmac": "cmac",
    "cmac_verify": "cmac",
    "hkdf": "derivation",
    "pbkdf2": "derivation",
    "scrypt": "derivation",
    "tls12_prf": "derivation",
    "hotp": "one_time_passwords",
    "totp": "one_time_passwords",
    "encrypt": "ciphers",
    "decrypt": "ciphers",
    "aead_encrypt": "aead",
    "aead_decrypt": "aead",
    "chacha20": "chacha",
    "poly1305": "chacha",
    "key_wrap": "key_wrap",
    "key_unwrap": "key_wrap",
    "key_wrap_padded": "key_wrap",
    "key_unwrap_padded": "key_wrap",
    "rsa_pkcs1v15_sign": "rsa",
    "rsa_pkcs1v15_verify": "rsa",
    "rsa_pkcs1v15_encrypt": "rsa",
    "rsa_pkcs1v15_decrypt": "rsa",
    "rsa_pss_sign": "rsa",
    "rsa_pss_verify": "rsa",
    "rsa_oaep_encrypt": "rsa",
    "rsa_oaep_decrypt": "rsa",
    "is_prime": "primality",
    "ec_public_key": "curves",
    "ec_validate": "curves",
    "ecdh": "curves",
    "ecdh_validity": "curves",
    "ecdsa_sign": "curves",
    "ecdsa_verify": "curves",
    "ecdsa_p1363_verify": "curves",
    "x25519": "x25519",
    "x448": "x25519",
    "ed25519_public_key": "ed25519",
    "ed25519_validate": "ed25519",
    "ed25519_sign": "ed25519",
    "ed25519_verify": "ed25519",
    "ed448_public_key": "ed448",
    "ed448_validate": "ed448",
    "ed448_sign": "ed448",
    "ed448_verify": "ed448",
    "ml_kem_keygen": "ml_kem",
    "ml_kem_draft_keygen": "ml_kem",
    "ml_kem_encaps": "ml_kem",
    "ml_kem_decaps": "ml_kem",
    "ml_kem_check_ek": "ml_kem",
    "ml_kem_check_dk": "ml_kem",
    "ml_dsa_keygen": "ml_dsa",
    "ml_dsa_sign": "ml_dsa",
    "ml_dsa_verify": "ml_dsa",
    "ml_dsa_sign_internal": "ml_dsa",
    "ml_dsa_verify_internal": "ml_dsa",
    "slh_dsa_keygen": "slh_dsa",
    "slh_dsa_sign": "slh_dsa",
    "slh_dsa_verify": "slh_dsa",
    "slh_dsa_sign_internal": "slh_dsa",
    "slh_dsa_verify_internal": "slh_dsa",
}
"""Every operation, with the module of this package that performs it by a function of the same name."""

REFUSALS = (InvalidSignature, InvalidTag, DecryptionError, ValueError)
"""The exceptions by which a primitive refuses its input. Any other is a crash."""


@cache
def _operation(name: str) -> Callable[[Inputs], dict[str, Value]]:
    if name not in OPERATIONS:
        raise Unsupported(f"there is no operation {name!r}")
    try:
        module = import_module(f"vectors.operations.{OPERATIONS[name]}")
    except ImportError as missing:
        raise Unsupported(f"not implemented: {missing}") from None
    operation: Callable[[Inputs], dict[str, Value]] = getattr(module, name)
    return operation


def perform(operation: str, inputs: Mapping[str, Value]) -> Mapping[str, Value]:
    """Perform `operation` with this project's primitives and return its outputs.

    Raises `Rejected` if the primitive refuses the inputs, `Unsupported` if there is no such primitive.
    """
    try:
        return _operation(operation)(Inputs(inputs))
    except REFUSALS as refusal:
        raise Rejected(f"{type(refusal).__name__}: {refusal}") from refusal
