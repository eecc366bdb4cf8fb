"""TLS 1.2 between two threads of this process, over TCP: ours and tlslite-ng's, in the same manner.

tlslite-ng is kept to its implementations in Python, whatever else is installed; its hash functions are hashlib's all
the same, which are in C. Its client checks no certificate, and ours does.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from importlib import import_module
from typing import Any, Literal, TypeAlias

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.registries.groups import X25519
from handshake.registries.signature_schemes import scheme_by_name
from handshake.stream import Stream
from handshake.suites.table import suite_by_name
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.signatures import RSA_PKCS1_SHA256
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey, generate_private_key
from record.codes import TLS_1_2

Signatures: TypeAlias = Literal["pkcs1", "pss"]
"""How the server signs its ephemeral key, with SHA-256."""

TIMEOUT = 600.0  # seconds; a bulk transfer of others takes long
NAME = "server.example"


@cache
def identity() -> tuple[Certificate, Certificate, RSAPrivateKey]:
    """Return a root, a server's certificate by it, and the server's key of 2048 bits."""
    now, day = datetime.now(UTC), timedelta(days=1)
    root = Authority.create_root(
        Name.build(common_name="Root"),
        generate_private_key(2048),
        validity=Validity(now - day, now + day),
        signature_algorithm=RSA_PKCS1_SHA256,
    )
    key = generate_private_key(2048)
    request = CertificateSigningRequest.build(
        Name.build(common_name=NAME), [NAME], key, signature_algorithm=RSA_PKCS1_SHA256
    )
    certificate = root.issue(
        request,
        validity=Validity(now - day, now + day),
        purposes=(Purpose.SERVER_AUTH,),
        signature_algorithm=RSA_PKCS1_SHA256,
    )
    return root.certificate, certificate, key


@contextmanager
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname())
        far, _ = listening.accept()
    with near, far:
        for end in near, far:
            end.settimeout(TIMEOUT)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield near, far


def both(client: Callable[[], object], server: Callable[[], object]) -> None:
    """Run the two at the same time."""
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(server)
        client()
        other.result()


class Ours:
    """A client and a server of ours, on a pair of sockets."""

    def __init__(self, suite: str, *, signatures: Signatures = "pkcs1") -> None:
        self._suites = (suite_by_name(suite),)
        names = {"pkcs1": ("rsa_pkcs1_sha256",), "pss": ("rsa_pss_rsae_sha256", "rsa_pkcs1_sha256")}[signatures]
        self._schemes = [scheme_by_name(name) for name in names]  # the certificates are signed with the last

    @cached_property
    def _client(self) -> ClientConfiguration:
        root, _, _ = identity()
        return ClientConfiguration(
            roots=(root,),
            server_name=NAME,
            versions=(TLS_1_2,),
            suites=self._suites,
            groups=(X25519,),
            signature_schemes=self._schemes,
        )

    @cached_property
    def _server(self) -> ServerConfiguration:
        _, certificate, key = identity()
        return ServerConfiguration(
            certificate_chain=(certificate,),
            private_key=key,
            versions=(TLS_1_2,),
            suites=self._suites,
            groups=(X25519,),
            signature_schemes=self._schemes,
        )

    def handshake(self, near: socket.socket, far: socket.socket) -> tuple[Stream, Stream]:
        """Establish a connection."""
        client = Stream(near, Connection(self._client), idle_timeout=TIMEOUT)
        server = Stream(far, Connection(self._server), idle_timeout=TIMEOUT)
        both(lambda: client.handshake(TIMEOUT), lambda: server.handshake(TIMEOUT))
        return client, server


class Tlslite:
    """The same of tlslite-ng's."""

    def __init__(self, cipher: str, mac: str, *, signatures: Signatures = "pkcs1") -> None:
        """Take the names that its settings have for the cipher and the MAC: "aes128" and "sha256", say."""
        _, certificate, key = identity()
        self.settings = import_module("tlslite.handshakesettings").HandshakeSettings()
        self.settings.minVersion = self.settings.maxVersion = (3, 3)
        self.settings.cipherImplementations = ["python"]
        self.settings.cipherNames, self.settings.macNames = [cipher], [mac]
        self.settings.keyExchangeNames, self.settings.eccCurves = ["ecdhe_rsa"], ["x25519"]
        self.settings.keyShares, self.settings.defaultCurve = [], "x25519"
        self.settings.rsaSchemes, self.settings.rsaSigHashes = [signatures], ["sha256"]
        theirs = import_module("tlslite.x509").X509()
        theirs.parseBinary(certificate.to_der())
        self.chain = import_module("tlslite.x509certchain").X509CertChain([theirs])
        self.key = import_module("tlslite.utils.python_rsakey").Python_RSAKey(
            key.n, key.e, key.d, key.p, key.q, key.dP, key.dQ, key.qInv
        )

    def handshake(self, near: socket.socket, far: socket.socket) -> tuple[Any, Any]:
        """Establish a connection."""
        connection = import_module("tlslite.tlsconnection").TLSConnection
        client, server = connection(near), connection(far)
        both(
            lambda: client.handshakeClientCert(settings=self.settings, serverName=NAME),
            lambda: server.handshakeServer(certChain=self.chain, privateKey=self.key, settings=self.settings),
        )
        return client, server
