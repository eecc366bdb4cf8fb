"""Diffie–Hellman with nobody in particular.

The chat of one of the old systems agreed on keys like this: a secret with anyone who answered.
"""

from __future__ import annotations

from demo.lessons.bank import OTP_MESSAGE, credentials, deliver
from demo.lessons.loopback import calling, serving
from demo.lessons.script import Script
from demo.party.address import Address
from demo.party.dialogue import Dialogue
from demo.wire.flows import Flow
from primitives.aes import AES
from primitives.dh import FFDHE2048, DHPublicKey, dh, generate_dh_private_key
from primitives.modes import ctr_xor
from primitives.sha2 import sha256
from primitives.x25519 import BASE_POINT, x25519

PUBLIC, SEALED = frozenset({"public"}), frozenset({"sealed"})
SERVER_KEY_EXCHANGE = 12  # RFC 5246 §7.4


def agree(other: Dialogue) -> bytes:
    """The weak form: exchange public keys with anyone who is there, and hash the secret into a key."""
    ours = generate_dh_private_key(FFDHE2048)
    other.say(public=ours.public_key.to_bytes().hex())
    theirs = DHPublicKey.from_bytes(FFDHE2048, bytes.fromhex(other.hear(PUBLIC)["public"]))
    return sha256(dh(ours, theirs)).digest()


def mask(key: bytes, data: bytes) -> bytes:
    """Encrypt or decrypt one message under a key that is used once."""
    return ctr_xor(AES(key), bytes(16), data)


def bank(customer: Dialogue) -> None:
    """The bank of the weak form."""
    key = agree(customer)
    customer.say(sealed=mask(key, OTP_MESSAGE).hex())


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("Bank and customer exchange Diffie–Hellman keys. A listener learns nothing from them.")
    script.attack("Somebody in the middle does not listen. They exchange keys with both, and pass everything on.")
    overheard: list[bytes] = []
    with (
        serving(bank) as real,
        serving(lambda customer: relay(customer, real, overheard)) as middle,
        calling(middle) as server,
    ):
        received = mask(agree(server), bytes.fromhex(server.hear(SEALED)["sealed"]))
    script.value("the customer received", received.decode())
    script.value("the man in between read", overheard[0].decode())
    script.succeeded(
        received == overheard[0] == OTP_MESSAGE,
        "Both have a secret that nobody else knows: with the attacker. Neither can notice.",
    )

    script.ours(
        "Our server signs its ephemeral key, together with both random numbers. The attacker swaps it for their own."
    )
    ours = credentials("Bank root")
    script.refused(
        lambda: deliver(ours, ours, suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", tamper=put_in_another_key),
        check="the signature over the server's ephemeral key must verify with the key in its certificate",
        where="handshake/proofs.py: verify_signature",
        section="RFC 8422 §5.4",
    )


def relay(customer: Dialogue, bank_address: Address, overheard: list[bytes]) -> None:
    """The man in the middle: a bank to the customer, a customer to the bank."""
    with calling(bank_address) as real:
        key = agree(real)
        plaintext = mask(key, bytes.fromhex(real.hear(SEALED)["sealed"]))
    overheard.append(plaintext)
    customer.say(sealed=mask(agree(customer), plaintext).hex())


def put_in_another_key(flow: Flow, number: int, record: bytes) -> list[bytes]:
    """Replace the X25519 key in the ServerKeyExchange: behind two headers, the kind of curve, its name, a length."""
    if flow is Flow.TO_CALLER and record[5] == SERVER_KEY_EXCHANGE and record[0] == 22:
        own = x25519(bytes(31) + b"\x40", BASE_POINT)
        return [record[:13] + own + record[13 + len(own) :]]
    return [record]
