"""Whole numbers as RFC 8017 needs them: their octet strings, modular powers and inverses, unbiased random ones.

Standard     RFC 8017 §4 (I2OSP, OS2IP); FIPS 186-5 appendix A.2.2 (random integers by rejection).
Left out     Arithmetic itself: gmpy2 does it (GMP), or without gmpy2 Python's own `int`.
Timing       `mod_exp_secret` runs in a time that does not depend on the exponent's bits with gmpy2
             (GMP's `mpz_powm_sec`); without gmpy2 it does not hide them. All else runs in variable time.

>>> i2osp(65537, 4).hex(), os2ip(bytes([1, 0, 1]))
('00010001', 65537)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

try:
    import gmpy2

    HAVE_GMPY2 = True
except ImportError:
    HAVE_GMPY2 = False

RandomBytes: TypeAlias = Callable[[int], bytes]
"""A source of randomness: takes a number of bytes, returns that many (`secrets.token_bytes` is one)."""


def require_int(value: int, name: str) -> int:
    """Return `value`; raise `TypeError`, naming it by `name`, if it is not an int, or is a bool."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name}: expected int, got {type(value).__name__}")
    return value


def i2osp(x: int, xLen: int) -> bytes:
    """Return `x` as an octet string of `xLen` bytes, most significant first (RFC 8017 §4.1).

    Raises `ValueError` if `x` is negative or does not fit.
    """
    if x < 0:
        raise ValueError("I2OSP: the integer is negative, expected 0 or more")
    if x.bit_length() > 8 * xLen:
        raise ValueError(f"I2OSP: integer too large: it has {x.bit_length()} bits, expected at most {8 * xLen}")
    return int(x).to_bytes(xLen, "big")


def os2ip(X: bytes) -> int:
    """Return the non-negative integer that the octet string `X` spells, most significant byte first (RFC 8017 §4.2)."""
    return int.from_bytes(X, "big")


if HAVE_GMPY2:

    def big(x: int) -> int:
        """Return `x` as the integer type that is fastest here: gmpy2's `mpz`, which mixes freely with `int`."""
        return gmpy2.mpz(x)  # type: ignore[no-any-return]  # gmpy2 ships no types

    def changeable(x: int) -> int:
        """Return a copy of `x` that `+=` and `&=` change where it stands (`xmpz`), so nobody else may hold it."""
        return gmpy2.xmpz(x)  # type: ignore[no-any-return]  # gmpy2 ships no types

    big_from_bytes: Callable[[bytes, Literal["big", "little"]], int] = gmpy2.mpz.from_bytes
    """Return `big(int.from_bytes(octets, byteorder))`, without the step between."""

    def mod_exp(base: int, exponent: int, modulus: int) -> int:
        """Return `base ** exponent mod modulus`, for a public exponent of 0 or more."""
        return int(gmpy2.powmod(base, exponent, modulus))

    def mod_exp_secret(base: int, exponent: int, modulus: int) -> int:
        """Return `base ** exponent mod modulus` for a secret exponent above 0 and an odd modulus."""
        return int(gmpy2.powmod_sec(base, exponent, modulus))

    def mod_inverse(a: int, modulus: int) -> int:
        """Return the `x` in `[0, modulus)` with `a * x ≡ 1 (mod modulus)`; raise `ValueError` if `a` has no inverse."""
        try:
            return int(gmpy2.invert(a, modulus))
        except ZeroDivisionError:
            raise ValueError("the number has no inverse: it shares a factor with the modulus") from None

    def gcd(a: int, b: int) -> int:
        """Return the greatest common divisor of `a` and `b`."""
        return int(gmpy2.gcd(a, b))

else:

    def big(x: int) -> int:
        """Return `x` as the integer type that is fastest here: without gmpy2, Python's own `int`."""
        return x

    def changeable(x: int) -> int:
        """Return `x`, which without gmpy2 never changes: `+=` makes another integer."""
        return x

    big_from_bytes = int.from_bytes

    def mod_exp(base: int, exponent: int, modulus: int) -> int:
        """Return `base ** exponent mod modulus`, for a public exponent of 0 or more."""
        return pow(base, exponent, modulus)

    def mod_exp_secret(base: int, exponent: int, modulus: int) -> int:
        """Return `base ** exponent mod modulus` for a secret exponent above 0 and an odd modulus."""
        return pow(base, exponent, modulus)

    def mod_inverse(a: int, modulus: int) -> int:
        """Return the `x` in `[0, modulus)` with `a * x ≡ 1 (mod modulus)`; raise `ValueError` if `a` has no inverse."""
        try:
            return pow(a, -1, modulus)
        except ValueError:
            raise ValueError("the number has no inverse: it shares a factor with the modulus") from None

    def gcd(a: int, b: int) -> int:
        """Return the greatest common divisor of `a` and `b`."""
        return math.gcd(a, b)


def random_below(bound: int, *, random_bytes: RandomBytes) -> int:
    """Return a uniformly random integer in `[0, bound)`; `bound` is 1 or more.

    By rejection (FIPS 186-5 appendix A.2.2): taking a random number modulo `bound` instead would favour the small
    results, and a slight bias in a nonce is enough to find an ECDSA key.
    """
    if bound < 1:
        raise ValueError(f"the bound is {bound}, expected 1 or more")
    bits = (bound - 1).bit_length()
    length = (bits + 7) // 8
    while True:  # each turn succeeds with probability over one half
        candidate = os2ip(random_bytes(length)) >> (8 * length - bits)
        if candidate < bound:
            return candidate
