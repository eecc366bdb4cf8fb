"""Two keys with one modulus: a message for both needs no private key (Simmons, 1983)."""

from __future__ import annotations

from demo.lessons.script import Script
from primitives.integers import i2osp, mod_exp, mod_inverse, os2ip
from primitives.oaep import oaep_encrypt
from primitives.rsa import RSAEP, RSAPublicKey, generate_private_key
from primitives.sha2 import sha256

MESSAGE = b"The OTP is 492816."


def lesson(script: Script) -> None:
    """Tell the lesson."""
    n = generate_private_key(2048).n
    server, client = RSAPublicKey(n, 65537), RSAPublicKey(n, 257)
    script.weak_form("A TTP makes one modulus, to save time, and gives everybody an exponent of their own.")
    c1, c2 = RSAEP(server, os2ip(MESSAGE)), RSAEP(client, os2ip(MESSAGE))

    script.attack("The same message goes to both. The exponents have no common factor, so that u·e₁ + v·e₂ = 1.")
    message = i2osp(recovered(c1, c2, server, client), len(MESSAGE))
    script.value("the listener reads", message.decode())
    script.succeeded(message == MESSAGE, "c₁ᵘ · c₂ᵛ = m to the power of u·e₁ + v·e₂, which is m.")

    script.ours("The same, with OAEP. (And the TTP here never sees a private key: everybody makes their own modulus.)")
    sealed = [os2ip(oaep_encrypt(key, MESSAGE, hash=sha256)) for key in (server, client)]
    script.unharmed(
        recovered(sealed[0], sealed[1], server, client) != os2ip(MESSAGE),
        "Noise: the two ciphertexts hold two different numbers, each masked by a seed of its own.",
        check="a fresh random seed masks every message",
        where="primitives/oaep.py: oaep_encrypt",
        section="RFC 8017 §7.1.1 step 2.d",
    )


def recovered(c1: int, c2: int, first: RSAPublicKey, second: RSAPublicKey) -> int:
    """Return c₁ᵘ · c₂ᵛ mod n, with u·e₁ + v·e₂ = 1."""
    u = mod_inverse(first.e, second.e)
    v = (1 - u * first.e) // second.e  # below zero: so it is a power of the inverse
    return mod_exp(c1, u, first.n) * mod_exp(mod_inverse(c2, first.n), -v, first.n) % first.n
