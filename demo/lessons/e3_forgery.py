"""A signature for e = 3, made without the private key (Bleichenbacher, 2006).

It takes a verifier that parses what the signature holds, and does not mind what follows.
"""

from __future__ import annotations

from demo.lessons.script import Script
from primitives.integers import i2osp, os2ip
from primitives.pkcs1v15 import digest_info_prefix, pkcs1v15_verify
from primitives.rsa import RSAVP1, RSAPublicKey, generate_private_key
from primitives.sha2 import icbrt, sha256

MESSAGE = b"Transfer Rs 1,00,000 to the attacker."


def weak_verify(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    """The weak form: strip 00 01 FF … FF 00, read what kind of hash it is, compare the hash. The rest goes unread."""
    EM = i2osp(RSAVP1(key, os2ip(signature)), key.k)
    if EM[:2] != b"\0\1":
        return False
    rest = EM[2:].lstrip(b"\xff")
    expected = b"\0" + digest_info_prefix("sha256") + sha256(message).digest()
    return rest.startswith(expected)


def lesson(script: Script) -> None:
    """Tell the lesson."""
    key = RSAPublicKey(generate_private_key(2048).n, 3)
    script.weak_form("A verifier computes s³ mod n, and reads the padding and the hash from the left.")
    script.attack("The attacker wants a cube that begins right. What it ends with, nobody reads.")
    begin = b"\0\1" + b"\xff" * 8 + b"\0" + digest_info_prefix("sha256") + sha256(MESSAGE).digest()
    wanted = os2ip(begin) << 8 * (key.k - len(begin))
    root = icbrt(wanted) + 1  # the next cube: it differs in the lower two thirds only
    forged = i2osp(root, key.k)
    block = i2osp(root**3, key.k)
    script.value("s³ begins", f"{block[:62].hex()}")
    script.value("and goes on", f"{block[62:94].hex()}…")
    script.succeeded(weak_verify(key, MESSAGE, forged), "The weak verifier accepts. No private key was there.")

    script.ours("The same signature, verified by this stack.")
    script.refused(
        lambda: pkcs1v15_verify(key, MESSAGE, forged, hash=sha256),
        check="the one right block is built, and compared whole: there is no parser to fool",
        where="primitives/pkcs1v15.py: pkcs1v15_verify",
        section="RFC 8017 §8.2.2 step 4",
    )
