"""The symmetric key sent in the clear, with a good signature beside it.

One of the old systems signed its messages well, and sent the AES key along so that the other side could read them.
"""

from __future__ import annotations

import json
import secrets

from demo.lessons.bank import OTP_MESSAGE, credentials, deliver
from demo.lessons.loopback import calling, serving, tapped
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from demo.wire.flows import Flow
from primitives.aes import AES
from primitives.modes import ctr_xor
from primitives.pss import pss_sign, pss_verify
from primitives.rsa import generate_private_key
from primitives.sha2 import sha256

HEARD = frozenset({"key", "iv", "sealed", "signature"})
SALT = 32


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form(
        "The server encrypts with AES, signs the ciphertext with RSA-PSS, and sends the AES key beside it."
    )
    signing_key = generate_private_key(2048)

    def send(customer: Dialogue) -> None:
        key, iv = secrets.token_bytes(16), secrets.token_bytes(16)
        sealed = ctr_xor(AES(key), iv, OTP_MESSAGE)
        signature = pss_sign(signing_key, sealed, hash=sha256, salt_length=SALT)
        customer.say(key=key.hex(), iv=iv.hex(), sealed=sealed.hex(), signature=signature.hex())

    with serving(send) as bank, tapped(bank) as wire, calling(wire.address) as server:
        heard = {name: bytes.fromhex(value) for name, value in server.hear(HEARD).items()}
    pss_verify(signing_key.public_key, heard["sealed"], heard["signature"], hash=sha256, salt_length=SALT)
    script.note("The customer verifies the signature. It is good: nothing was changed, and the server sent it.")

    script.attack("A listener takes the key from the same message.")
    copy = json.loads(wire.captures[0].stream(Flow.TO_CALLER))
    script.value("key", copy["key"])
    text = ctr_xor(AES(bytes.fromhex(copy["key"])), bytes.fromhex(copy["iv"]), bytes.fromhex(copy["sealed"]))
    script.value("the listener reads", text.decode())
    script.succeeded(text == OTP_MESSAGE, "A signature says who sent something. It hides nothing.")

    script.ours(
        "The secret goes over the wire as well, but encrypted with RSA-OAEP for the one who has the private key."
    )
    ours = credentials("Bank root", generate_private_key(2048))
    delivery = deliver(ours, ours, suite="TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256")
    wires = b"".join(delivery.capture.stream(flow) for flow in Flow)
    script.unharmed(
        delivery.received == OTP_MESSAGE and delivery.master_secret not in wires,
        "Neither the master secret nor a key made from it is in what passed.",
        check="the premaster secret leaves the client encrypted for the key that was verified, and no other way",
        where="handshake/suites/rsa_transport.py: RSAKeyTransport.send",
        section="RFC 5246 §7.4.7.1",
    )
