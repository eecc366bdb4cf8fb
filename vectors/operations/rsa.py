"""RSA signatures and encryption."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import gcd

from pki.keys import load_private_key
from primitives.integers import mod_exp
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.pkcs1v15 import pkcs1v15_decrypt, pkcs1v15_encrypt, pkcs1v15_sign, pkcs1v15_verify
from primitives.pss import pss_sign, pss_verify
from primitives.rsa import OtherPrimeInfo, RSAPrivateKey, RSAPublicKey
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs


def _public(inputs: Inputs) -> RSAPublicKey:
    return RSAPublicKey(inputs.number("n"), inputs.number("e"))


def _private(inputs: Inputs) -> RSAPrivateKey:
    if "pkcs8" in inputs:
        key = load_private_key(inputs.octets("pkcs8"))
        if not isinstance(key, RSAPrivateKey):
            raise Unsupported("the PKCS #8 key is not an RSA key")
        return key
    n, e, d = (inputs.number(name) for name in ("n", "e", "d"))
    if "p" not in inputs:
        return RSAPrivateKey.from_primes(*factors(n, e, d), e=e)
    others: list[OtherPrimeInfo] = []
    while f"r{len(others) + 3}" in inputs:
        i = len(others) + 3
        others.append(OtherPrimeInfo(*(inputs.number(f"{name}{i}") for name in ("r", "d", "t"))))
    p, q, dP, dQ, qInv = (inputs.number(name) for name in ("p", "q", "dP", "dQ", "qInv"))
    return RSAPrivateKey(n, e, d, p, q, dP, dQ, qInv, tuple(others))


@lru_cache(maxsize=8)
def factors(n: int, e: int, d: int) -> tuple[int, int]:
    """Return the primes of `n`, the larger first, which e and d give away (SP 800-56B rev. 2 appendix C.1).

    A primitive wants the primes; NIST's files have n, e and d alone. Raises `ValueError` if they do not belong
    together.
    """
    odd = e * d - 1
    twos = (odd & -odd).bit_length() - 1
    for g in range(2, 100):
        x = mod_exp(g, odd >> twos, n)
        for _ in range(twos):
            y = x * x % n
            if y == 1 and x not in (1, n - 1):  # a square root of 1 that is neither 1 nor -1 parts the primes
                p = gcd(x - 1, n)
                return max(p, n // p), min(p, n // p)
            x = y
    raise ValueError("n, e and d do not belong together")


def _given(inputs: Inputs, name: str) -> Callable[[int], bytes]:
    """A source of randomness that gives what the vector prescribes."""

    def random_bytes(length: int) -> bytes:
        if len(inputs.octets(name)) != length:
            raise Unsupported(f"the input {name!r} has {len(inputs.octets(name))} bytes, expected {length}")
        return inputs.octets(name)

    return random_bytes


def rsa_pkcs1v15_sign(inputs: Inputs) -> dict[str, Value]:
    """The PKCS #1 v1.5 signature of `message`."""
    return {"signature": pkcs1v15_sign(_private(inputs), inputs.octets("message"), hash=inputs.hash())}


def rsa_pkcs1v15_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is a PKCS #1 v1.5 signature of `message`."""
    pkcs1v15_verify(_public(inputs), inputs.octets("message"), inputs.octets("signature"), hash=inputs.hash())
    return {}


def rsa_pkcs1v15_encrypt(inputs: Inputs) -> dict[str, Value]:
    """The PKCS #1 v1.5 ciphertext of `message`, padded with `seed`."""
    random_bytes = _given(inputs, "seed")
    return {"ciphertext": pkcs1v15_encrypt(_public(inputs), inputs.octets("message"), random_bytes=random_bytes)}


def rsa_pkcs1v15_decrypt(inputs: Inputs) -> dict[str, Value]:
    """The message of a PKCS #1 v1.5 `ciphertext`."""
    return {"message": pkcs1v15_decrypt(_private(inputs), inputs.octets("ciphertext"))}


def rsa_pss_sign(inputs: Inputs) -> dict[str, Value]:
    """The PSS signature of `message` with `salt`."""
    signature = pss_sign(
        _private(inputs),
        inputs.octets("message"),
        hash=inputs.hash(),
        mgf_hash=inputs.hash("mgf_hash"),
        salt_length=inputs.number("salt_length"),
        random_bytes=_given(inputs, "salt"),
    )
    return {"signature": signature}


def rsa_pss_verify(inputs: Inputs) -> dict[str, Value]:
    """Refuse `signature` unless it is a PSS signature of `message` with a salt of `salt_length` bytes."""
    pss_verify(
        _public(inputs),
        inputs.octets("message"),
        inputs.octets("signature"),
        hash=inputs.hash(),
        mgf_hash=inputs.hash("mgf_hash"),
        salt_length=inputs.number("salt_length"),
    )
    return {}


def rsa_oaep_encrypt(inputs: Inputs) -> dict[str, Value]:
    """The OAEP ciphertext of `message` with `seed`."""
    ciphertext = oaep_encrypt(
        _public(inputs),
        inputs.octets("message"),
        hash=inputs.hash(),
        mgf_hash=inputs.hash("mgf_hash"),
        label=inputs.octets("label"),
        random_bytes=_given(inputs, "seed"),
    )
    return {"ciphertext": ciphertext}


def rsa_oaep_decrypt(inputs: Inputs) -> dict[str, Value]:
    """The message of an OAEP `ciphertext`."""
    message = oaep_decrypt(
        _private(inputs),
        inputs.octets("ciphertext"),
        hash=inputs.hash(),
        mgf_hash=inputs.hash("mgf_hash"),
        label=inputs.octets("label"),
    )
    return {"message": message}
