"""Who meets in the tests of the handshake: an authority, a server, a client; and how they are let talk."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import NEED_DATA, Event
from handshake.suites.table import SUITES
from handshake.tls12.client import Client as TLS12Client
from handshake.tls12.server import Server as TLS12Server
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.key_formats.private_key_info import PrivateKey, RSAPSSPrivateKey
from pki.signatures import (
    ECDSA_SHA256,
    ECDSA_SHA384,
    ED448,
    ED25519,
    MLDSA,
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PSS_SHA256,
    SignatureAlgorithm,
)
from pki.x509 import Certificate
from primitives.ec import P256, P384, generate_ec_private_key
from primitives.ed448_keys import Ed448PrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.ml_dsa import ML_DSA_44, ML_DSA_65, ML_DSA_87
from primitives.rsa import RSAPrivateKey, generate_private_key
from record.codes import TLS_1_2

RSA_SUITES = (SUITES[0xFF01], SUITES[0xFF02], SUITES[0x003C], SUITES[0x003D])
"""What the parties speak unless a test says otherwise: RSA key transport, of TLS 1.2."""

NOW = datetime(2030, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def seeded(seed: object) -> Callable[[int], bytes]:
    """A source of randomness that repeats itself."""
    return random.Random(str(seed)).randbytes


@cache
def key(name: str) -> RSAPrivateKey:
    """The key of somebody: the same in every run."""
    return generate_private_key(2048, random_bytes=seeded(name))


ML_DSAS = {each.name: each for each in (ML_DSA_44, ML_DSA_65, ML_DSA_87)}


@cache
def private_key(name: str, kind: str) -> PrivateKey:
    """The key of somebody, of another kind."""
    match kind:
        case "P-256":
            return generate_ec_private_key(P256, random_bytes=seeded(name))
        case "P-384":
            return generate_ec_private_key(P384, random_bytes=seeded(name))
        case "Ed25519":
            return Ed25519PrivateKey(seeded(name)(32))
        case "Ed448":
            return Ed448PrivateKey(seeded(name)(57))
        case "RSA-PSS":
            return RSAPSSPrivateKey(key(name), None)
        case "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87":
            return ML_DSAS[kind].generate_private_key(seed=seeded(name)(32))
        case _:
            return key(name)


REQUESTS: dict[str, SignatureAlgorithm] = {
    **{kind: MLDSA(parameters) for kind, parameters in ML_DSAS.items()},
    "P-256": ECDSA_SHA256,
    "P-384": ECDSA_SHA384,
    "Ed25519": ED25519,
    "Ed448": ED448,
    "RSA-PSS": RSA_PSS_SHA256,
}


@dataclass(frozen=True)
class Identity:
    chain: tuple[Certificate, ...]
    private_key: PrivateKey


@cache
def authority(name: str = "root") -> Authority:
    return Authority.create_root(
        Name.build(common_name=name, country="IN"),
        key(name),
        validity=Validity(NOW - 100 * DAY, NOW + 100 * DAY),
        signature_algorithm=RSA_PKCS1_SHA256,
        random_bytes=seeded(name),
    )


@cache
def identity(
    name: str,
    *,
    purposes: tuple[Purpose, ...] = (Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH),
    issuer: str = "root",
    kind: str = "RSA",
    begin: datetime = NOW - DAY,
    end: datetime = NOW + DAY,
) -> Identity:
    """A certificate for a name, and its key."""
    own = private_key(name, kind)
    request = CertificateSigningRequest.build(
        Name.build(common_name=name), [name], own, signature_algorithm=REQUESTS.get(kind, RSA_PKCS1_SHA256)
    )
    certificate = authority(issuer).issue(
        request,
        validity=Validity(begin, end),
        purposes=purposes,
        signature_algorithm=RSA_PKCS1_SHA384,
        random_bytes=seeded(name),
    )
    return Identity((certificate,), own)


def client_configuration(
    seed: object = "client", *, who: Identity | None = None, **changes: Any
) -> ClientConfiguration:
    configuration = ClientConfiguration(
        roots=(authority().certificate,),
        server_name="server.example",
        certificate_chain=who.chain if who else (),
        private_key=who.private_key if who else None,
        versions=(TLS_1_2,),
        suites=RSA_SUITES,
        clock=lambda: NOW,
        random_bytes=seeded(seed),
    )
    return replace(configuration, **changes)


def server_configuration(
    seed: object = "server", *, who: Identity | None = None, mutual: bool = False, **changes: Any
) -> ServerConfiguration:
    who = who or identity("server.example")
    configuration = ServerConfiguration(
        certificate_chain=who.chain,
        private_key=who.private_key,
        versions=(TLS_1_2,),
        suites=RSA_SUITES,
        client_roots=(authority().certificate,) if mutual else (),
        clock=lambda: NOW,
        random_bytes=seeded(seed),
    )
    return replace(configuration, **changes)


def tls12(connection: Connection) -> TLS12Client | TLS12Server:
    """The party of a connection of TLS 1.2."""
    party = connection._party
    assert isinstance(party, TLS12Client | TLS12Server)
    return party


@dataclass
class Side:
    """A connection, with all that happened on it and all that it sent."""

    connection: Connection
    events: list[Event] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    error: Exception | None = None

    def drain(self) -> None:
        """Take all events there are; an error ends them."""
        while self.error is None:
            try:
                event = self.connection.next_event()
            except Exception as error:  # which kind, the test says
                self.error = error
                return
            if event is NEED_DATA:
                return
            self.events.append(event)

    def output(self) -> bytes:
        data = self.connection.data_to_send()
        if data:
            self.sent.append(data)
        return data

    def got(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def talk(client: Side, server: Side) -> None:
    """Carry bytes to and fro until neither says anything more."""
    while True:
        client.drain()
        to_server = client.output()
        if to_server:
            server.connection.receive_data(to_server)
        server.drain()
        to_client = server.output()
        if to_client:
            client.connection.receive_data(to_client)
        if not to_server and not to_client:
            return


def meet(client: ClientConfiguration, server: ServerConfiguration) -> tuple[Side, Side]:
    """A client and a server that have talked until neither had more to say."""
    sides = Side(Connection(client)), Side(Connection(server))
    talk(*sides)
    return sides
