"""The bank of the lessons, on this stack: a server with a certificate, its client, and the wire between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from demo.lessons.loopback import PATIENCE
from demo.party.address import Address
from demo.wire.flows import Capture, Flow, Tamper
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.suites.table import suite_by_name
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.keys import PrivateKey
from pki.signatures import ECDSA_SHA256, RSA_PKCS1_SHA256
from pki.x509 import Certificate
from primitives.ec import P256, generate_ec_private_key
from primitives.rsa import RSAPrivateKey
from record.codes import TLS_1_2, ContentType
from record.layer import RecordLayer

if TYPE_CHECKING:
    from handshake.stream import Stream

NAME = "bank.example"
OTP_MESSAGE = b"Dear customer, the OTP to transfer Rs 1,00,000 to your friend's account is 492816."
LIFETIME = timedelta(days=1)


class Credentials(NamedTuple):
    """A certificate and its private key, made out to `bank.example`, and the root of the CA that issued it."""

    root: Certificate
    certificate: Certificate
    private_key: PrivateKey


def credentials(authority: str, key: PrivateKey | None = None) -> Credentials:
    """Return new credentials for `bank.example`. Anybody can found an authority, and call it by any name.

    key: the server's; by default a new one on P-256.
    """
    key = key or generate_ec_private_key(P256)
    now = datetime.now(UTC).replace(microsecond=0)
    start, end = now - LIFETIME, now + LIFETIME
    root = Authority.create_root(
        Name.build(common_name=authority),
        generate_ec_private_key(P256),
        validity=Validity(start, end),
        signature_algorithm=ECDSA_SHA256,
    )
    request = CertificateSigningRequest.build(
        Name.build(common_name=NAME),
        [NAME],
        key,
        signature_algorithm=RSA_PKCS1_SHA256 if isinstance(key, RSAPrivateKey) else ECDSA_SHA256,
    )
    certificate = root.issue(
        request,
        validity=Validity(start, end),
        purposes=[Purpose.SERVER_AUTH],
        signature_algorithm=ECDSA_SHA256,
    )
    return Credentials(root.certificate, certificate, key)


class Delivery(NamedTuple):
    """What came of a message: what the client took, what passed on the wire, and the secret that only the two have."""

    received: bytes
    capture: Capture
    master_secret: bytes


def deliver(
    shown: Credentials, trusted: Credentials, *, suite: str, tamper: Tamper | None = None, encrypt_then_mac: bool = True
) -> Delivery:
    """Send the OTP from the server to its client over TLS, on loopback.

    shown: the server's credentials. trusted: whose root the client trusts. suite: the one that both speak.
    tamper: what somebody does on the wire. encrypt_then_mac: whether the two know of it.
    Raises `RemoteProtocolError` if the client refuses, or hears that the server does.
    """
    from demo.wire.tap import Tap
    from handshake.stream import connect, serve

    suites = (suite_by_name(suite),)
    secrets: list[str] = []
    server = ServerConfiguration(
        certificate_chain=(shown.certificate,),
        private_key=shown.private_key,
        versions=(TLS_1_2,),
        suites=suites,
        encrypt_then_mac=encrypt_then_mac,
    )
    client = ClientConfiguration(
        roots=(trusted.root,),
        server_name=NAME,
        versions=(TLS_1_2,),
        suites=suites,
        encrypt_then_mac=encrypt_then_mac,
        key_log=secrets.append,
    )

    def send(stream: Stream) -> None:
        stream.sendall(OTP_MESSAGE)

    with serve(("127.0.0.1", 0), server, send, idle_timeout=PATIENCE, on_error=lambda peer, error: None) as listener:
        with Tap(Address(*listener.address[:2]), tamper=tamper) as tap:
            received = bytearray()
            with connect(tap.address, client, idle_timeout=PATIENCE) as stream:
                while data := stream.recv():
                    received += data
        return Delivery(bytes(received), tap.captures[0], bytes.fromhex(secrets[0].split()[2]))


def records(capture: Capture, flow: Flow, kind: ContentType) -> list[bytes]:
    """Return the records of one kind that went one way, as they were on the wire."""
    layer = RecordLayer()
    layer.receive_data(capture.stream(flow))
    found = []
    while record := layer.next_record():
        if record.content_type is kind:
            found.append(record.wire)
    return found
