"""Cipher suites: one table of what each is made of.

Standard     RFC 5246 appendix A.5, RFC 5288 §3, RFC 5289 §3, RFC 7905 §2, RFC 8422 §6.
Left out     Static and anonymous Diffie–Hellman, pre-shared keys, CCM, Camellia and ARIA; whatever is broken.

>>> SUITES[0xFF01].name, suite_by_name("AES128-SHA256").name
('TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA256')
>>> suite_by_name("ECDHE-RSA-AES128-SHA256")
TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
"""

from __future__ import annotations

from dataclasses import dataclass

from handshake.registries.cipher_suites import SUITE_CODES, openssl_name
from handshake.registries.signature_schemes import Authentication
from handshake.suites.by_name import suite_of
from handshake.suites.ciphers import (
    AES_128_CBC_SHA,
    AES_128_CBC_SHA256,
    AES_128_CFB_SHA256,
    AES_128_GCM,
    AES_256_CBC_SHA,
    AES_256_CBC_SHA256,
    AES_256_CBC_SHA384,
    AES_256_CFB_SHA256,
    AES_256_GCM,
    CHACHA20_POLY1305,
    RecordCipher,
)
from handshake.suites.ephemeral import DHE, ECDHE, EphemeralKeyExchange
from handshake.suites.rsa_transport import RSA_OAEP, RSA_PKCS1, RSAKeyTransport
from primitives.hashes import HashFunction
from primitives.sha2 import sha256, sha384


@dataclass(frozen=True, slots=True)
class CipherSuite:
    """What a connection is secured with.

    code, name: its number and name in IANA's registry.
    key_exchange: how the premaster secret comes about.
    authentication: what kind of key the server's certificate must hold.
    cipher: what protects the records.
    prf_hash: the hash function of the PRF and of the Finished messages.
    """

    code: int
    name: str
    key_exchange: RSAKeyTransport | EphemeralKeyExchange
    authentication: Authentication
    cipher: RecordCipher
    prf_hash: HashFunction

    def __repr__(self) -> str:
        return self.name

    @property
    def openssl_name(self) -> str:
        """OpenSSL's name for it; empty if it has none."""
        return openssl_name(self.name)

    @property
    def ephemeral(self) -> EphemeralKeyExchange | None:
        """The key exchange, if both sides make a key pair for each handshake."""
        return None if isinstance(self.key_exchange, RSAKeyTransport) else self.key_exchange

    @property
    def transport(self) -> RSAKeyTransport | None:
        """The key exchange, if the client encrypts a secret to the server's certificate."""
        return self.key_exchange if isinstance(self.key_exchange, RSAKeyTransport) else None

    @property
    def on_curves(self) -> bool:
        """Whether the key exchange is Diffie–Hellman on a curve."""
        return self.ephemeral is not None and self.ephemeral.on_curves


def _suite(
    name: str,
    key_exchange: RSAKeyTransport | EphemeralKeyExchange,
    authentication: Authentication,
    cipher: RecordCipher,
    prf_hash: HashFunction,
) -> CipherSuite:
    """Return the suite with this name of IANA's; the registry has its number."""
    return CipherSuite(SUITE_CODES[name], name, key_exchange, authentication, cipher, prf_hash)


RSA, ECDSA = Authentication.RSA, Authentication.ECDSA

DEFAULT_SUITES = (
    _suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", ECDHE(), ECDSA, AES_128_GCM, sha256),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", ECDHE(), ECDSA, AES_256_GCM, sha384),
    _suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", ECDHE(), ECDSA, CHACHA20_POLY1305, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ECDHE(), RSA, AES_128_GCM, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", ECDHE(), RSA, AES_256_GCM, sha384),
    _suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", ECDHE(), RSA, CHACHA20_POLY1305, sha256),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", ECDHE(), ECDSA, AES_128_CBC_SHA256, sha256),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", ECDHE(), ECDSA, AES_256_CBC_SHA384, sha384),
    _suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", ECDHE(), RSA, AES_128_CBC_SHA256, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", ECDHE(), RSA, AES_256_CBC_SHA384, sha384),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", ECDHE(), ECDSA, AES_128_CBC_SHA, sha256),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", ECDHE(), ECDSA, AES_256_CBC_SHA, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", ECDHE(), RSA, AES_128_CBC_SHA, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", ECDHE(), RSA, AES_256_CBC_SHA, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", DHE(), RSA, AES_128_GCM, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", DHE(), RSA, AES_256_GCM, sha384),
    _suite("TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", DHE(), RSA, CHACHA20_POLY1305, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", DHE(), RSA, AES_128_CBC_SHA256, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", DHE(), RSA, AES_256_CBC_SHA256, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", DHE(), RSA, AES_128_CBC_SHA, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_256_CBC_SHA", DHE(), RSA, AES_256_CBC_SHA, sha256),
    _suite("TLS_RSA_WITH_AES_128_GCM_SHA256", RSA_PKCS1, RSA, AES_128_GCM, sha256),
    _suite("TLS_RSA_WITH_AES_256_GCM_SHA384", RSA_PKCS1, RSA, AES_256_GCM, sha384),
    _suite("TLS_RSA_WITH_AES_128_CBC_SHA256", RSA_PKCS1, RSA, AES_128_CBC_SHA256, sha256),
    _suite("TLS_RSA_WITH_AES_256_CBC_SHA256", RSA_PKCS1, RSA, AES_256_CBC_SHA256, sha256),
    _suite("TLS_RSA_WITH_AES_128_CBC_SHA", RSA_PKCS1, RSA, AES_128_CBC_SHA, sha256),
    _suite("TLS_RSA_WITH_AES_256_CBC_SHA", RSA_PKCS1, RSA, AES_256_CBC_SHA, sha256),
)
"""Those of the standards, the preferred ones first: with forward secrecy before without, curves before primes,
authenticated encryption before CBC, SHA-1 last."""

PRIVATE_SUITES = (
    _suite("TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256", RSA_OAEP, RSA, AES_128_CBC_SHA256, sha256),
    _suite("TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256", RSA_OAEP, RSA, AES_256_CBC_SHA256, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_128_CFB_SHA256", DHE(), RSA, AES_128_CFB_SHA256, sha256),
    _suite("TLS_DHE_RSA_WITH_AES_256_CFB_SHA256", DHE(), RSA, AES_256_CFB_SHA256, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_128_CFB_SHA256", ECDHE(), RSA, AES_128_CFB_SHA256, sha256),
    _suite("TLS_ECDHE_RSA_WITH_AES_256_CFB_SHA256", ECDHE(), RSA, AES_256_CFB_SHA256, sha256),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_128_CFB_SHA256", ECDHE(), ECDSA, AES_128_CFB_SHA256, sha256),
    _suite("TLS_ECDHE_ECDSA_WITH_AES_256_CFB_SHA256", ECDHE(), ECDSA, AES_256_CFB_SHA256, sha256),
)
"""Those that IANA never assigned: only this project knows them, and only where they are asked for."""

SUITES = {suite.code: suite for suite in (*DEFAULT_SUITES, *PRIVATE_SUITES)}


def suite_by_name(name: str) -> CipherSuite:
    """Return the suite with this name, IANA's or OpenSSL's; raise `ValueError`, with the nearest, for another."""
    return suite_of(name, tuple(SUITES.values()))
