"""Textbook RSA with e = 3, and a message so small that its cube is less than the modulus."""

from __future__ import annotations

from demo.lessons.script import Script
from primitives.integers import i2osp, os2ip
from primitives.oaep import oaep_encrypt
from primitives.rsa import RSAEP, RSAPublicKey, generate_private_key
from primitives.sha2 import icbrt, sha256

MESSAGE = b"The OTP is 492816."


def lesson(script: Script) -> None:
    """Tell the lesson."""
    public = RSAPublicKey(generate_private_key(2048).n, 3)
    script.weak_form("c = m³ mod n, since a small exponent is fast.")
    c = RSAEP(public, os2ip(MESSAGE))
    script.value("bits of n", public.n.bit_length())
    script.value("bits of c", c.bit_length())

    script.attack("c is shorter than n: nothing was ever reduced. A cube root of whole numbers does it.")
    root = icbrt(c)
    message = i2osp(root, len(MESSAGE))
    script.value("the cube root", message.decode())
    script.succeeded(message == MESSAGE, "No key, no factoring, a few microseconds.")

    script.ours("The same message and exponent, with OAEP.")
    sealed = os2ip(oaep_encrypt(public, MESSAGE, hash=sha256))
    script.value("bits of c", sealed.bit_length())
    script.unharmed(
        icbrt(sealed) ** 3 != sealed,
        "No cube: the padded message is nearly as long as n, and its cube was reduced many times.",
        check="the message is padded to the length of the modulus, and masked",
        where="primitives/oaep.py: oaep_encrypt",
        section="RFC 8017 §7.1.1 step 2",
    )
