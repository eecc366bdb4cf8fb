"""The two primes of an RSA key, drawn at random.

Standard     FIPS 186-5 (2023) appendix A.1.3, under the criteria of appendix A.1.1.
Left out     Primes with a prescribed residue modulo 8 (the optional inputs a and b).
Timing       Variable: it tells how many candidates failed, and each is drawn anew, independent of the others.

>>> from random import Random     # so that the example repeats; a key wants `secrets.token_bytes`
>>> p, q = generate_rsa_primes(2048, e=65537, random_bytes=Random(1).randbytes)
>>> p.bit_length(), q.bit_length(), (p * q).bit_length()
(1024, 1024, 2048)
"""

from __future__ import annotations

import math

from explain.trace import note, steps
from primitives.integers import RandomBytes, gcd, i2osp, os2ip
from primitives.primes import has_small_factor, miller_rabin, passes_fermat, rounds_for_random


def generate_rsa_primes(nlen: int, *, e: int, random_bytes: RandomBytes) -> tuple[int, int]:
    """Return the primes p and q of a modulus of exactly `nlen` bits (FIPS 186-5 §A.1.3).

    nlen: the bits of the modulus, a multiple of 16, 208 or more; which are allowed (step 1) is for the caller to
        settle.
    e: the public exponent, odd, above 2^16 and below 2^256.
    random_bytes: where the candidates come from, and the bases that test them.

    Raises `ValueError` for an `nlen` or an `e` out of range, and `RuntimeError` if no prime turns up in many times the
    draws that it takes on average: then the source of randomness is broken.
    """
    if nlen < 208 or nlen % 16:  # each prime is drawn as whole bytes, and the two differ in their first 100 bits
        raise ValueError(f"RSA: a modulus of {nlen} bits, expected a multiple of 16, and 208 at least")
    if not 1 << 16 < e < 1 << 256 or e % 2 == 0:  # step 2
        raise ValueError(f"RSA: the public exponent is {e}, expected an odd number above 2^16 and below 2^256")
    # Step 3, that the source is strong enough for a key of this length, is the caller's promise.
    with steps("FIPS 186-5 §A.1.3 step 4", "p", "a prime that nobody could have guessed or steered") as drawing:
        p = drawing.gives(_draw_prime(nlen, e, 5 * nlen, None, random_bytes))
    with steps("FIPS 186-5 §A.1.3 step 5", "q", "and another, that does not follow from it") as drawing:
        q = drawing.gives(_draw_prime(nlen, e, 10 * nlen, p, random_bytes))
    return p, q  # step 6


def _draw_prime(nlen: int, e: int, limit: int, other: int | None, random_bytes: RandomBytes) -> int:
    """Return one prime: steps 4.1 to 4.7 for p, steps 5.1 to 5.8 for q, which knows p as `other`.

    limit: how many numbers that are large enough are looked at before the source of randomness counts as broken.
    """
    bits = nlen // 2
    rounds = rounds_for_random(bits)
    length = bits // 8
    least = math.isqrt((1 << (nlen - 1)) - 1) + 1  # √2·2^(nlen/2 - 1), rounded up: p·q then has nlen bits
    # Whether p is as large can be seen before it is a number, and odd: byte strings of one length compare as numbers.
    least_octets = i2osp(least & ~1, length)
    i = drawn = 0  # step 4.1
    while i < limit and drawn < 16 * limit:  # step 4.7 (5.8), and an end to draws that never pass step 4.4 (5.5)
        octets = random_bytes(length)  # step 4.2 (5.2)
        drawn += 1
        if octets < least_octets:  # step 4.4 (5.4): seven out of ten
            continue
        p = os2ip(octets) | 1  # step 4.3 (5.3)
        if other is not None and abs(other - p) <= 1 << (bits - 100):  # (5.5): Fermat would find two close primes
            continue
        # Step 4.5 (5.6). The division by small primes (§B.7) comes first
        # here: it is the quickest to refuse, and their order changes nothing.
        if (
            not has_small_factor(p)
            and gcd(p - 1, e) == 1
            and passes_fermat(p)
            and miller_rabin(p, rounds, random_bytes=random_bytes)
        ):
            note("", "drawn", drawn, "so many random numbers it took; most were too small")
            note("", "i", i + 1, "so many of them were large enough to be looked at")
            return p
        i += 1  # step 4.6 (5.7)
    raise RuntimeError(f"RSA: no prime among {drawn} random numbers; the source of randomness is broken")
