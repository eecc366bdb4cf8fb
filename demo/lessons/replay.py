"""“Prove it”: a signature that is as good the second time.

The handshake of the old bank: Hello. Hi, I'm Bob, Bob's public key. Prove it. A signature.
"""

from __future__ import annotations

from demo.lessons.bank import credentials, deliver, records
from demo.lessons.loopback import calling, connected, serving, tapped
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from demo.wire.flows import Flow
from primitives.ec import P256, ECPublicKey, generate_ec_private_key
from primitives.ecdsa import ecdsa_sign, ecdsa_verify
from primitives.errors import InvalidSignature
from primitives.sha2 import sha256
from record.codes import ContentType

CLAIM = b"Hi, I'm Bob"
HELLO, PROOF, WELCOME = frozenset({"name", "key"}), frozenset({"signature"}), frozenset({"welcome"})
SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
SERVER_KEY_EXCHANGE = 12  # RFC 5246 §7.4


def weak_bank(caller: Dialogue) -> None:
    """The weak form: anyone who can show Bob's signature is Bob."""
    hello = caller.hear(HELLO)
    caller.say(prove="it")
    signature = bytes.fromhex(caller.hear(PROOF)["signature"])
    try:
        key = ECPublicKey.from_bytes(P256, bytes.fromhex(hello["key"]))
        ecdsa_verify(key, CLAIM, signature, hash=sha256)
        caller.say(welcome="Bob")
    except InvalidSignature:
        caller.say(welcome="nobody")


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("Hello. — Hi, I'm Bob, and this is my public key. — Prove it. — Bob signs “Hi, I'm Bob”.")
    bobs = generate_ec_private_key(P256)
    with serving(weak_bank) as bank:
        with tapped(bank) as wire, calling(wire.address) as server:
            server.say(name="Bob", key=bobs.public_key.to_bytes().hex())
            server.hear(frozenset({"prove"}))
            server.say(signature=ecdsa_sign(bobs, CLAIM, hash=sha256).hex())
            server.hear(WELCOME)
        script.attack(
            "Somebody has listened. They have no private key, but they have Bob's two lines, and send them again."
        )
        recorded = wire.captures[0].stream(Flow.TO_TARGET)
        with connected(bank) as connection:
            connection.sendall(recorded)
            server = Dialogue(connection, other="the bank")
            server.hear(frozenset({"prove"}))
            welcome = server.hear(WELCOME)["welcome"]
    script.value("the bank says", f"welcome, {welcome}")
    script.succeeded(
        welcome == "Bob", "The signature proves that Bob once signed. It does not prove that it is Bob now."
    )

    script.ours("A server's signature, recorded on one connection and shown on the next, in place of that one's own.")
    ours = credentials("Bank root")
    [old] = [
        record
        for record in records(deliver(ours, ours, suite=SUITE).capture, Flow.TO_CALLER, ContentType.HANDSHAKE)
        if record[5] == SERVER_KEY_EXCHANGE
    ]

    def show_again(flow: Flow, number: int, record: bytes) -> list[bytes]:
        again = flow is Flow.TO_CALLER and record[0] == 22 and record[5] == SERVER_KEY_EXCHANGE
        return [old if again else record]

    script.refused(
        lambda: deliver(ours, ours, suite=SUITE, tamper=show_again),
        check="what is signed begins with the random number that the other side has just drawn",
        where="handshake/proofs.py: verify_signature",
        section="RFC 5246 §7.4.3",
    )
