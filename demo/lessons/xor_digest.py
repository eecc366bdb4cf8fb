"""“Semantic RSA”: one of the old systems hid its messages by XOR with a digest that never changed."""

from __future__ import annotations

from demo.lessons.script import Script
from primitives.oaep import oaep_encrypt
from primitives.octets import xor
from primitives.rsa import generate_private_key
from primitives.sha2 import sha256

MASK = sha256(b"the bank's secret").digest()
KNOWN = b"Welcome! Your balance is Rs 1000"
SECRET = b"The OTP is 492816. Tell nobody.."


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("c = message ⊕ SHA-256(something), since a digest looks random, and the something is secret.")
    first, second = xor(KNOWN, MASK), xor(SECRET, MASK)
    script.value("first", first)
    script.value("second", second)

    script.attack("The first message says what such messages say. XOR with it gives the mask, for good.")
    mask = xor(first, KNOWN)
    read = xor(second, mask)
    script.value("the second, unmasked", read.decode())
    script.succeeded(read == SECRET, "A mask is good for one message. A digest is one number, however random it looks.")

    script.ours("RSA-OAEP masks with a digest as well (MGF1), but with that of a seed which is new every time.")
    public = generate_private_key(2048).public_key
    first, second = (oaep_encrypt(public, message, hash=sha256) for message in (KNOWN, SECRET))
    guessed = xor(xor(first, second)[: len(KNOWN)], KNOWN)
    script.value("the same XOR gives", guessed)
    script.unharmed(
        guessed != SECRET and oaep_encrypt(public, KNOWN, hash=sha256) != first,
        "Noise; and the same message again gives another ciphertext.",
        check="seed and message mask each other, and the whole is encrypted",
        where="primitives/oaep.py: oaep_encrypt",
        section="RFC 8017 §7.1.1 step 2",
    )
