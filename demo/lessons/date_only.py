"""A certificate checked by its dates only.

One of the old systems says so itself: it found no method that verifies a certificate, and looked at the dates.
"""

from __future__ import annotations

from datetime import UTC, datetime

from demo.lessons.bank import NAME, Credentials, credentials, deliver
from demo.lessons.loopback import calling, serving
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from pki.x509 import Certificate
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from primitives.sha2 import sha256

PIN = b"my PIN is 4711"
SHOWN, ANSWER = frozenset({"certificate"}), frozenset({"pin"})


def looks_valid(certificate: Certificate) -> bool:
    """The weak form: "the certificate is valid", since today is between its dates."""
    return certificate.not_before <= datetime.now(UTC) <= certificate.not_after


def log_in(server: Dialogue) -> None:
    """A client that knows no other check: it encrypts its PIN for anyone who shows a certificate."""
    certificate = Certificate.from_pem(server.hear(SHOWN)["certificate"].encode())
    key = certificate.public_key
    if looks_valid(certificate) and isinstance(key, RSAPublicKey):
        server.say(pin=oaep_encrypt(key, PIN, hash=sha256).hex())


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("The client gets a certificate, finds that today is between its dates, and encrypts its PIN.")
    script.attack(f"The attacker makes a certificate for {NAME}, signed by a root made a moment before.")
    key = generate_private_key(2048)
    forged = credentials("Bank root", key)
    script.value("subject", forged.certificate.subject)
    script.value("issuer", forged.certificate.issuer)
    script.value("valid until", forged.certificate.not_after)
    stolen = pin_given_to(forged, key)
    script.value("the attacker decrypts", stolen.decode())
    script.succeeded(stolen == PIN, "The dates were right. So they are in every certificate that anybody makes today.")

    script.ours("Our client trusts one root. It has the same name as the attacker's, but not the same key.")
    script.refused(
        lambda: deliver(forged, credentials("Bank root"), suite="TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        check="the chain must lead to a trusted root, each signature in it verified",
        where="pki/verify.py: verify_chain",
        section="RFC 5280 §6.1",
    )


def pin_given_to(forged: Credentials, key: RSAPrivateKey) -> bytes:
    """Return what the weak client tells a server that shows the forged certificate."""
    heard: list[bytes] = []

    def pose(customer: Dialogue) -> None:
        customer.say(certificate=forged.certificate.to_pem().decode())
        heard.append(oaep_decrypt(key, bytes.fromhex(customer.hear(ANSWER)["pin"]), hash=sha256))
        customer.say(pin="thank you")

    with serving(pose) as attacker, calling(attacker) as server:
        log_in(server)
        server.hear(ANSWER)
    return heard[0]
