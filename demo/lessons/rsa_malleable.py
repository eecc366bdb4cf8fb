"""Textbook RSA is malleable: what is multiplied outside is multiplied inside."""

from __future__ import annotations

from demo.lessons.script import Script
from primitives.integers import i2osp, os2ip
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.rsa import RSADP, RSAEP, generate_private_key
from primitives.sha2 import sha256

AMOUNT = 1_000
FACTOR = 100


def lesson(script: Script) -> None:
    """Tell the lesson."""
    key = generate_private_key(2048)
    public = key.public_key
    script.weak_form("A customer encrypts an amount as it is: c = mᵉ mod n.")
    c = RSAEP(public, AMOUNT)
    script.value("amount", AMOUNT)

    script.attack(f"Somebody on the wire multiplies c by {FACTOR}ᵉ. They have the public key; everybody has.")
    changed = c * RSAEP(public, FACTOR) % public.n
    received = RSADP(key, changed)
    script.value("the bank decrypts", received)
    script.succeeded(
        received == AMOUNT * FACTOR, f"(m · {FACTOR})ᵉ = mᵉ · {FACTOR}ᵉ. The attacker never learned the amount."
    )

    script.ours("The same multiplication, on a ciphertext of RSA-OAEP.")
    sealed = oaep_encrypt(public, i2osp(AMOUNT, 8), hash=sha256)
    multiplied = i2osp(os2ip(sealed) * RSAEP(public, FACTOR) % public.n, public.k)
    script.refused(
        lambda: oaep_decrypt(key, multiplied, hash=sha256),
        check="the decrypted block must have OAEP's form: a zero byte, the label's hash, zeros, a one",
        where="primitives/oaep.py: oaep_decrypt",
        section="RFC 8017 §7.1.2 step 3.g",
    )
