"""Encryption without a MAC.

One of the old systems had no MAC at all: what decrypts was taken for what was sent.
"""

from __future__ import annotations

import secrets

from demo.lessons.bank import credentials, deliver
from demo.lessons.loopback import calling, serving
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from demo.wire.flows import Flow
from primitives.aes import AES
from primitives.modes import cbc_decrypt, cbc_encrypt, cfb_decrypt, cfb_encrypt

OTP = b"OTP: 492816 now."  # one block of AES, so that every form of the attack can be seen whole
GREETING = b"From your bank: "  # another one
DIGITS = slice(5, 11)
FLIP = bytes(5) + b"\1" * 6 + bytes(5)  # ⊕ 1 makes one digit of another: 0↔1, 2↔3, 4↔5, 6↔7, 8↔9
SEALED = frozenset({"iv", "sealed"})
APPLICATION_DATA = 23


def lesson(script: Script) -> None:
    """Tell the lesson."""
    key = secrets.token_bytes(16)
    script.weak_form(
        "Both have a key that nobody else knows. The server encrypts the OTP with AES-CFB, and that is all."
    )

    def send(customer: Dialogue) -> None:
        iv = secrets.token_bytes(16)
        customer.say(iv=iv.hex(), sealed=cfb_encrypt(AES(key), iv, GREETING + OTP).hex())

    script.attack("Somebody on the wire, who has no key, changes six bits: the lowest of each digit.")

    def relay(customer: Dialogue) -> None:
        with calling(bank) as server:
            heard = server.hear(SEALED)
        customer.say(iv=heard["iv"], sealed=xor(bytes.fromhex(heard["sealed"]), bytes(16) + FLIP).hex())

    with serving(send) as bank, serving(relay) as middle, calling(middle) as server:
        heard = {name: bytes.fromhex(value) for name, value in server.hear(SEALED).items()}
    received = cfb_decrypt(AES(key), heard["iv"], heard["sealed"])
    script.value("the server sent", (GREETING + OTP).decode())
    script.value("the customer decrypts", received.decode())
    script.succeeded(
        received == GREETING + xor(OTP, FLIP) and received[16:][DIGITS].isdigit(),
        "A well-formed OTP, and not the one that was sent: in CFB, a bit changed in a block of the ciphertext is the "
        "same bit changed in its block of the text.",
    )
    iv = secrets.token_bytes(16)
    received = cfb_decrypt(AES(key), iv, xor(cfb_encrypt(AES(key), iv, OTP + GREETING), FLIP + bytes(16)))
    script.value("before another block", received[:16].decode())
    script.value("the block behind it", received[16:])
    script.succeeded(
        received[:16] == xor(OTP, FLIP) and received[16:] != GREETING,
        "The block behind it is garbled, since its mask is the encryption of the ciphertext that was changed. Nothing "
        "here looks for that, and behind the last block there is nothing to garble.",
    )
    iv = secrets.token_bytes(16)
    received = cbc_decrypt(AES(key), xor(iv, FLIP), cbc_encrypt(AES(key), iv, OTP))
    script.value("with CBC, by the IV", received.decode())
    script.succeeded(received == xor(OTP, FLIP), "CBC does not help: its first block is changed through the IV.")

    script.ours("The same bits of the record with the OTP, in AES-CBC with HMAC-SHA256.")
    ours = credentials("Bank root")
    script.refused(
        lambda: deliver(ours, ours, suite="TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", tamper=change_digits),
        check="the MAC over record number, type, length and content must hold",
        where="record/cbc.py: CBCProtection.open",
        section="RFC 7366 §3",
    )


def change_digits(flow: Flow, number: int, record: bytes) -> list[bytes]:
    """Change the IV of application data, which stands behind the record's header of five bytes."""
    if flow is Flow.TO_CALLER and record[0] == APPLICATION_DATA:
        return [record[:5] + xor(record[5:21], FLIP) + record[21:]]
    return [record]


def xor(data: bytes, mask: bytes) -> bytes:
    """Return the exclusive or of two strings of equal length."""
    return bytes(a ^ b for a, b in zip(data, mask, strict=True))
