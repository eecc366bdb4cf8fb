"""Two keys with one modulus: a message for both needs no private key (Simmons, 1983), and any owner has all keys.

Anyone who knows both exponents of one key can factor the modulus (Miller, 1975), and compute everybody else's
private key.
"""

from __future__ import annotations

from math import gcd

from demo.lessons.script import Script
from primitives.integers import i2osp, mod_exp, mod_inverse, os2ip
from primitives.oaep import oaep_encrypt
from primitives.rsa import RSAEP, RSAPublicKey, generate_private_key
from primitives.sha2 import sha256

MESSAGE = b"The OTP is 492816."


def lesson(script: Script) -> None:
    """Tell the lesson."""
    primes = generate_private_key(2048)
    n = primes.n
    server, client = RSAPublicKey(n, 65537), RSAPublicKey(n, 257)
    d_of_client = mod_inverse(client.e, (primes.p - 1) * (primes.q - 1))  # what the TTP gives to the client
    script.weak_form("A TTP makes one modulus, to save time, and gives everybody an exponent of their own.")
    c1, c2 = RSAEP(server, os2ip(MESSAGE)), RSAEP(client, os2ip(MESSAGE))

    script.attack("The same message goes to both. The exponents have no common factor, so that u·e₁ + v·e₂ = 1.")
    message = i2osp(recovered(c1, c2, server, client), len(MESSAGE))
    script.value("the listener reads", message.decode())
    script.succeeded(message == MESSAGE, "c₁ᵘ · c₂ᵛ = m to the power of u·e₁ + v·e₂, which is m.")

    p = factor(n, client.e, d_of_client)
    script.value("a factor of n", f"{p:x}"[:32] + "…")
    d_of_server = mod_inverse(server.e, (p - 1) * (n // p - 1))
    script.succeeded(
        mod_exp(c1, d_of_server, n) == os2ip(MESSAGE),
        "The client, with its own two exponents, has factored n, and decrypts what was for the server alone.",
    )

    script.ours("The same, with OAEP. (And the TTP here never sees a private key: everybody makes their own modulus.)")
    sealed = [os2ip(oaep_encrypt(key, MESSAGE, hash=sha256)) for key in (server, client)]
    script.unharmed(
        recovered(sealed[0], sealed[1], server, client) != os2ip(MESSAGE),
        "Noise: the two ciphertexts hold two different numbers, each masked by a seed of its own.",
        check="a fresh random seed masks every message",
        where="primitives/oaep.py: oaep_encrypt",
        section="RFC 8017 §7.1.1 step 2.d",
    )


def factor(n: int, e: int, d: int) -> int:
    """Return a prime factor of n, given both exponents of a key.

    e·d − 1 is a multiple of the order of every number modulo n. Halved until it is odd, it gives for half of all
    numbers a square root of 1 other than 1 and −1, and that minus 1 shares one prime with n.
    """
    exponent = e * d - 1
    halvings = (exponent & -exponent).bit_length() - 1
    for base in range(2, 1000):
        root = mod_exp(base, exponent >> halvings, n)
        for _ in range(halvings):
            square = root * root % n
            if square == 1:
                break
            root = square
        if root not in (1, n - 1):
            return gcd(root - 1, n)
    raise ValueError("no factor was found: e and d do not belong together")


def recovered(c1: int, c2: int, first: RSAPublicKey, second: RSAPublicKey) -> int:
    """Return c₁ᵘ · c₂ᵛ mod n, with u·e₁ + v·e₂ = 1."""
    u = mod_inverse(first.e, second.e)
    v = (1 - u * first.e) // second.e  # below zero: so it is a power of the inverse
    return mod_exp(c1, u, first.n) * mod_exp(mod_inverse(c2, first.n), -v, first.n) % first.n
