"""The primality test."""

from __future__ import annotations

from primitives.primes import is_probable_prime
from vectors.cases import Value
from vectors.operations.inputs import Inputs


def is_prime(inputs: Inputs) -> dict[str, Value]:
    """Refuse `value`, a number in big-endian two's complement, unless it is prime."""
    value = int.from_bytes(inputs.octets("value"), "big", signed=True)
    if not is_probable_prime(value):
        raise ValueError("the number is not prime")
    return {}
