"""A modulus short enough to factor. One of the old systems did so to its own peer, whose modulus had a few digits."""

from __future__ import annotations

from demo.lessons.bank import credentials
from demo.lessons.script import Script
from primitives.integers import gcd, mod_exp, mod_inverse
from primitives.primes import generate_prime
from primitives.rsa import RSAPrivateKey

BITS, E = 72, 65537
OTP = 492816
REFUSED_BITS = 1024


def lesson(script: Script) -> None:
    """Tell the lesson."""
    p, q = two_primes(BITS // 2)
    n = p * q
    script.weak_form(f"An RSA key of {BITS} bits: short numbers are easy to print and to type.")
    c = mod_exp(OTP, E, n)
    script.value("n", n)

    script.attack("Pollard's rho (1975) finds a factor in about as many steps as the square root of the factor.")
    factor, steps = pollard_rho(n)
    d = mod_inverse(E, (factor - 1) * (n // factor - 1))
    decrypted = mod_exp(c, d, n)
    script.value("a factor", factor)
    script.value("steps", steps)
    script.value("the OTP, decrypted", decrypted)
    script.succeeded(factor in (p, q) and decrypted == OTP, "With the factors, the private key is one division away.")

    script.ours(f"Somebody asks our authority to certify a key of {REFUSED_BITS} bits. Even that counts as short.")
    short = RSAPrivateKey.from_primes(*two_primes(REFUSED_BITS // 2), e=E)
    script.refused(
        lambda: credentials("Bank root", short),
        check="RSA keys have 2048 bits or more, to be certified and to be accepted",
        where="pki/verify.py: verify_chain",
        section="SP 800-131A rev. 2 §3",
    )


def two_primes(bits: int) -> tuple[int, int]:
    """Return two different primes of this many bits, with which E can be an exponent."""
    while True:
        p, q = generate_prime(bits), generate_prime(bits)
        if p != q and gcd(E, (p - 1) * (q - 1)) == 1:
            return p, q


def pollard_rho(n: int) -> tuple[int, int]:
    """Return a factor of n, and after how many steps it was found.

    x ← x² + c runs into a circle modulo each prime factor, long before it does modulo n. One walker goes twice as
    fast as the other; when they meet modulo p, their difference is a multiple of p.
    """
    c = 0
    while True:
        c += 1
        slow = fast = 2
        steps, divisor = 0, 1
        while divisor == 1:
            product = 1
            for _ in range(256):  # a gcd costs more than a step: one for many
                slow = (slow * slow + c) % n
                fast = (fast * fast + c) % n
                fast = (fast * fast + c) % n
                product = product * (slow - fast) % n
                steps += 1
            divisor = gcd(product, n)
        if divisor != n:
            return divisor, steps
