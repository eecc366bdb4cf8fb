"""Plaintext on the wire.

The trivial approach of all three systems that sent an OTP: a socket, and the text on it.
"""

from __future__ import annotations

from demo.lessons.bank import OTP_MESSAGE, credentials, deliver
from demo.lessons.loopback import calling, serving, tapped
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from demo.wire.eavesdropper import dump
from demo.wire.flows import Flow

HEARD = frozenset({"otp"})


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("A bank's server sends its client an OTP over a bare socket.")

    def send(customer: Dialogue) -> None:
        customer.say(otp=OTP_MESSAGE.decode())

    with serving(send) as bank, tapped(bank) as wire, calling(wire.address) as server:
        server.hear(HEARD)
    script.attack("Somebody at a switch, a router or an access point keeps a copy of what passes.")
    copy = wire.captures[0].stream(Flow.TO_CALLER)
    script.picture(list(dump(copy, len(copy))))
    script.succeeded(OTP_MESSAGE in copy, "The whole text is in the copy. The OTP is not secret any more.")

    script.ours("The same text over TLS, and the same copy.")
    ours = credentials("Bank root")
    delivery = deliver(ours, ours, suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    passed = [delivery.capture.stream(flow) for flow in Flow]
    script.value("the client received", delivery.received.decode())
    script.unharmed(
        delivery.received == OTP_MESSAGE and not any(b"492816" in stream for stream in passed),
        f"{sum(map(len, passed))} bytes passed. The text is not in them.",
        check="every record after ChangeCipherSpec is encrypted, with keys that never go over the wire",
        where="record/aead.py: GCMProtection.seal",
        section="RFC 5246 §6.2.3.3",
    )
