"""A nonce used twice (Joux, 2006): first the messages fall, then the authentication.

AES-GCM is a stream cipher with a MAC that is a polynomial. Both hold as long as no nonce comes twice under a key.
"""

from __future__ import annotations

import secrets

from demo.lessons.bank import credentials, deliver, records
from demo.lessons.script import Script
from demo.wire.flows import Flow
from primitives.gcm import AESGCM, multiply
from primitives.octets import xor
from record.codes import ContentType

KNOWN = b"Your balance: 0."
SECRET = b"The OTP: 492816."
FORGED = b"The OTP: 111111."


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("A server encrypts with AES-GCM, and begins with the same nonce whenever it is restarted.")
    bank = AESGCM(secrets.token_bytes(16))
    nonce = bytes(12)
    first, second = bank.encrypt(nonce, KNOWN, b""), bank.encrypt(nonce, SECRET, b"")
    c1, t1, c2, t2 = first[:16], first[16:], second[:16], second[16:]
    script.value("first record", first)
    script.value("second record", second)

    script.attack("The attacker knows what the first message said. Both were masked with the same key stream.")
    read = xor(xor(c1, c2), KNOWN)
    script.value("the second message", read.decode())
    script.succeeded(read == SECRET, "C1 ⊕ C2 = P1 ⊕ P2. The key is not needed.")
    script.note(
        "The tags give more. T = (C·H² ⊕ L·H) ⊕ mask, with the same lengths L and the same mask. So T1 ⊕ T2 = "
        "(C1 ⊕ C2)·H², and H, the authentication key, is the square root of a quotient in GF(2¹²⁸)."
    )
    H = square_root(multiply(xor(t1, t2), inverse(xor(c1, c2))))
    script.value("H", H)
    c3 = xor(xor(c1, KNOWN), FORGED)
    t3 = xor(t1, multiply(xor(c1, c3), multiply(H, H)))
    accepted = bank.decrypt(nonce, c3 + t3, b"")
    script.value("the bank accepts", accepted.decode())
    script.succeeded(accepted == FORGED, "With H, the attacker makes the tag of any message under that nonce.")

    script.ours("The nonces of a connection, as they went over the wire.")
    ours = credentials("Bank root")
    delivery = deliver(ours, ours, suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    sealed = [
        *records(delivery.capture, Flow.TO_CALLER, ContentType.HANDSHAKE)[-1:],
        *records(delivery.capture, Flow.TO_CALLER, ContentType.APPLICATION_DATA),
        *records(delivery.capture, Flow.TO_CALLER, ContentType.ALERT),
    ]
    explicit = [record[5:13] for record in sealed]
    for number, part in enumerate(explicit):
        script.value(f"record {number}", part)
    script.unharmed(
        len(explicit) >= 3 and len(set(explicit)) == len(explicit),
        "Every record has a nonce of its own, and every connection a key of its own.",
        check="the nonce is the record's number; the connection ends before the numbers do",
        where="record/layer.py: RecordLayer.send",
        section="RFC 5288 §3",
    )


def inverse(x: bytes) -> bytes:
    """Return 1/x in GF(2¹²⁸), which is x to the power of 2¹²⁸ - 2."""
    result, power = multiply(x, x), multiply(x, x)
    for _ in range(126):
        power = multiply(power, power)
        result = multiply(result, power)
    return result


def square_root(x: bytes) -> bytes:
    """Return the one y with y² = x: squared 127 times, since squaring 128 times changes nothing (Fermat)."""
    for _ in range(127):
        x = multiply(x, x)
    return x
