"""Prime numbers: is this one, and find me a large one.

Standard     FIPS 186-5 (2023) appendix B.3.1 (Miller–Rabin), Table B.1 (how many rounds).
Left out     Provable primes (§A.1.2), auxiliary primes (§A.1.4 to §A.1.6) and the Lucas test (§B.3.3).
Timing       Variable everywhere: how long a search takes tells how many candidates failed, not which one was kept.

>>> is_probable_prime(2**127 - 1), is_probable_prime(2**127 + 1)     # a Mersenne prime; a multiple of 3
(True, False)
>>> is_probable_prime(3825123056546413051)     # composite, yet it deceives the bases 2, 3, 5, …, 23
False
"""

from __future__ import annotations

import math
import secrets
from functools import cache
from itertools import pairwise

from explain.trace import algorithm, note, tracing
from primitives.integers import RandomBytes, big, gcd, mod_exp, os2ip

SMALL_LIMIT = 1 << 16  # below it the sieve is the answer; above it these primes are divided by first


@cache
def sieve(limit: int) -> bytes:
    """Return `limit` bytes, of which byte n is 1 if n is prime and 0 if not: the sieve of Eratosthenes."""
    is_prime = bytearray([1]) * limit
    is_prime[:2] = bytes(2)
    for n in range(2, math.isqrt(limit) + 1):
        if is_prime[n]:  # a smaller factor would have struck out n·n and all before it
            is_prime[n * n :: n] = bytes(len(range(n * n, limit, n)))
    return bytes(is_prime)


@cache
def primorials() -> tuple[int, ...]:
    """Return the product of the primes below 128, that of the others below 1,024, and below `SMALL_LIMIT`."""
    primes = [n for n, prime in enumerate(sieve(SMALL_LIMIT)) if prime]
    limits = (0, 128, 1024, SMALL_LIMIT)
    return tuple(big(math.prod(n for n in primes if low <= n < high)) for low, high in pairwise(limits))


def has_small_factor(w: int) -> bool:
    """Return whether a prime below `SMALL_LIMIT` divides `w`, which is `SMALL_LIMIT` or more.

    One gcd with the product of all those primes does the work of 6,542 divisions. The small products come
    first: they cost a fraction of the large one, and spare five out of six odd numbers that.
    """
    return any(gcd(primorial, w) != 1 for primorial in primorials())


def passes_fermat(w: int) -> bool:
    """Return whether 2^(w-1) ≡ 1 (mod w), as Fermat's little theorem has it for every odd prime.

    Hardly any other random number passes. With gmpy2 the power of 2 takes five sixths of the time of another base's,
    as multiplying by 2 is a shift: so it comes before Miller–Rabin, and leaves that little to refuse.
    """
    why = "1 for every odd prime, and for hardly any other random number"
    return note("Fermat 1640", "2^(w-1)", mod_exp(2, w - 1, w), why) == 1


@algorithm("FIPS 186-5 §B.3.1", "Miller–Rabin", "a prime leaves no other square root of 1 than ±1")
def miller_rabin(w: int, iterations: int, *, random_bytes: RandomBytes) -> bool:
    """Return False if `w` is certainly composite, True if it is probably prime (FIPS 186-5 §B.3.1).

    w: an odd integer of 5 or more.
    iterations: the number of rounds. A composite `w`, even a chosen one, passes each with probability below 1/4.
    """
    a = ((w - 1) & -(w - 1)).bit_length() - 1  # the number of zero bits at the end of w - 1
    note("1", "a", a, "w - 1 can be halved so often, and each half leads to a square root of b^(w-1)")
    m = note("2", "m", (w - 1) >> a, "w - 1 = m·2^a: from b^m, a squarings lead to b^(w-1)")
    wlen = w.bit_length()  # step 3
    # Step 4; a round that returns False is step 4.6, and after all of them comes step 5.
    return all(_miller_rabin_round(w, a, m, wlen, random_bytes) for _ in range(iterations))


def _miller_rabin_round(w: int, a: int, m: int, wlen: int, random_bytes: RandomBytes) -> bool:
    """Return whether a random base fails to prove `w` composite: steps 4.1 to 4.7."""
    length = (wlen + 7) // 8
    while True:  # steps 4.1-4.2
        b = os2ip(random_bytes(length)) >> (8 * length - wlen)
        if 1 < b < w - 1:
            break
    note("4.1", "b", b, "a random base: nobody can prepare a composite for it")
    why = "the first of the powers whose squaring ends at b^(w-1)"
    z = note("4.3", "z = b^m = {b}^{m} mod {w}", mod_exp(b, m, w), why)
    if z in (1, w - 1):  # step 4.4
        return True
    for _ in range(1, a):  # step 4.5
        z = note("4.5.1", "z = z² = {z}² mod {w}", z * z % w, "the next power, on the way to b^(w-1)")
        if z == w - 1:  # step 4.5.2
            return True
        if z == 1:  # step 4.5.3: the last z was a square root of 1 other than ±1
            return False
    return False  # step 4.6: b^(w-1) is not 1, or it came from a root that a prime cannot have


def is_probable_prime(n: int, *, rounds: int = 64, random_bytes: RandomBytes = secrets.token_bytes) -> bool:
    """Return whether `n` is prime, with certainty if it says no.

    n: any integer. Below 65,536 the answer is certain both ways.
    rounds: the rounds of Miller–Rabin. The 64 let a composite that somebody chose to deceive pass with a
        probability below 4^-64; for numbers drawn at random far fewer do, see `rounds_for_random`.
    random_bytes: where the bases come from.
    """
    if not isinstance(n, int):
        raise TypeError(f"is_probable_prime: n is a {type(n).__name__}, expected an int")
    if rounds < 1:
        raise ValueError(f"is_probable_prime: rounds is {rounds}, expected 1 or more")
    if n < SMALL_LIMIT:
        is_prime = n >= 0 and sieve(SMALL_LIMIT)[n] == 1
        if tracing():
            note("Nicomachus I.13", "left in the sieve", is_prime, "no smaller prime has struck it out")
        return is_prime
    passed = not has_small_factor(n)
    if tracing():
        note("FIPS 186-5 §B.7", "no small factor", passed, "dividing by small primes refuses most numbers quickly")
    return passed and miller_rabin(n, rounds, random_bytes=random_bytes)


def rounds_for_random(bits: int) -> int:
    """Return how many rounds of Miller–Rabin settle whether a random number of `bits` bits is prime.

    Fewer than 64: of the composites of this length hardly any deceives even one base in a thousand, and
    a random draw does not seek those out (Damgård, Landrock and Pomerance 1993).
    """
    if bits >= 1536:
        return 4  # FIPS 186-5 Table B.1: the primes of RSA-3072 and RSA-4096
    if bits >= 1024:
        return 5  # FIPS 186-5 Table B.1: the primes of RSA-2048
    if bits >= 512:
        return 7  # FIPS 186-4 Table C.3: the primes of RSA-1024, which FIPS 186-5 no longer lists
    return 64  # no table: as if somebody had chosen it


def generate_prime(bits: int, *, random_bytes: RandomBytes = secrets.token_bytes) -> int:
    """Return a random prime of exactly `bits` bits, each as likely as any other.

    bits: 2 or more.
    """
    if bits < 2:
        raise ValueError(f"generate_prime: bits is {bits}, expected 2 or more: no prime is shorter")
    length, rounds = (bits + 7) // 8, rounds_for_random(bits)
    while True:
        candidate = os2ip(random_bytes(length)) >> (8 * length - bits) | 1 << (bits - 1)
        # Drawing anew, rather than counting on from a failed candidate, favours no prime that follows a long gap.
        if is_probable_prime(candidate, rounds=rounds, random_bytes=random_bytes):
            return candidate
