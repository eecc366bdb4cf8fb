"""Textbook RSA is deterministic: anyone who can guess a message can check the guess."""

from __future__ import annotations

import secrets

from demo.lessons.script import Script
from primitives.oaep import oaep_encrypt
from primitives.rsa import RSAEP, generate_private_key
from primitives.sha2 import sha256

DIGITS = 4


def lesson(script: Script) -> None:
    """Tell the lesson."""
    key = generate_private_key(2048)
    public = key.public_key
    otp = secrets.randbelow(10**DIGITS)
    script.weak_form(f"The server encrypts an OTP of {DIGITS} digits as a number: c = mᵉ mod n.")
    c = RSAEP(public, otp)

    script.attack("A listener encrypts every number there is, with the public key, until one gives the same c.")
    guessed = next(m for m in range(10**DIGITS) if RSAEP(public, m) == c)
    script.value("the OTP", f"{otp:0{DIGITS}}")
    script.value("the listener's guess", f"{guessed:0{DIGITS}}")
    script.succeeded(guessed == otp, f"At most {10**DIGITS} encryptions, and no decryption.")

    script.ours("The same OTP, encrypted twice with RSA-OAEP.")
    message = f"{otp:0{DIGITS}}".encode()
    first, second = (oaep_encrypt(public, message, hash=sha256) for _ in range(2))
    script.value("first", f"{first.hex():.64}…")
    script.value("second", f"{second.hex():.64}…")
    script.unharmed(
        first != second,
        "A right guess gives another ciphertext: there is nothing to compare with.",
        check="a fresh random seed masks every message",
        where="primitives/oaep.py: oaep_encrypt",
        section="RFC 8017 §7.1.1 step 2.d",
    )
