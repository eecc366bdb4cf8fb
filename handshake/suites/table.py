"""Cipher suites: one table of what each is made of.

Standard     RFC 5246 appendix A.5, RFC 5288 §3, RFC 5289 §3, RFC 7905 §2, RFC 8422 §6; IANA's private-use range
             0xFF00-0xFFFF for what IANA never assigned: RSA key transport with OAEP, and AES-CFB.
Left out     Static and anonymous Diffie–Hellman, pre-shared keys, CCM, Camellia and ARIA; whatever is broken.

>>> SUITES[0xFF01].name, suite_by_name("AES128-SHA256").name
('TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA256')
>>> suite_by_name("ECDHE-RSA-AES128-SHA256")
TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from handshake.registries.signature_schemes import Authentication
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

    code, name: its number and name in IANA's registry. openssl_name: OpenSSL's name for it; empty if it has none.
    key_exchange: how the premaster secret comes about.
    authentication: what kind of key the server's certificate must hold.
    cipher: what protects the records.
    prf_hash: the hash function of the PRF and of the Finished messages.
    """

    code: int
    name: str
    openssl_name: str
    key_exchange: RSAKeyTransport | EphemeralKeyExchange
    authentication: Authentication
    cipher: RecordCipher
    prf_hash: HashFunction

    def __repr__(self) -> str:
        return self.name


RSA, ECDSA = Authentication.RSA, Authentication.ECDSA

DEFAULT_SUITES = (
    CipherSuite(
        0xC02B,
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        ECDHE(),
        ECDSA,
        AES_128_GCM,
        sha256,
    ),
    CipherSuite(
        0xC02C,
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        ECDHE(),
        ECDSA,
        AES_256_GCM,
        sha384,
    ),
    CipherSuite(
        0xCCA9,
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        ECDHE(),
        ECDSA,
        CHACHA20_POLY1305,
        sha256,
    ),
    CipherSuite(
        0xC02F,
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        ECDHE(),
        RSA,
        AES_128_GCM,
        sha256,
    ),
    CipherSuite(
        0xC030,
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
        ECDHE(),
        RSA,
        AES_256_GCM,
        sha384,
    ),
    CipherSuite(
        0xCCA8,
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "ECDHE-RSA-CHACHA20-POLY1305",
        ECDHE(),
        RSA,
        CHACHA20_POLY1305,
        sha256,
    ),
    CipherSuite(
        0xC023,
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "ECDHE-ECDSA-AES128-SHA256",
        ECDHE(),
        ECDSA,
        AES_128_CBC_SHA256,
        sha256,
    ),
    CipherSuite(
        0xC024,
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        "ECDHE-ECDSA-AES256-SHA384",
        ECDHE(),
        ECDSA,
        AES_256_CBC_SHA384,
        sha384,
    ),
    CipherSuite(
        0xC027,
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        "ECDHE-RSA-AES128-SHA256",
        ECDHE(),
        RSA,
        AES_128_CBC_SHA256,
        sha256,
    ),
    CipherSuite(
        0xC028,
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        "ECDHE-RSA-AES256-SHA384",
        ECDHE(),
        RSA,
        AES_256_CBC_SHA384,
        sha384,
    ),
    CipherSuite(
        0xC009,
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "ECDHE-ECDSA-AES128-SHA",
        ECDHE(),
        ECDSA,
        AES_128_CBC_SHA,
        sha256,
    ),
    CipherSuite(
        0xC00A,
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        "ECDHE-ECDSA-AES256-SHA",
        ECDHE(),
        ECDSA,
        AES_256_CBC_SHA,
        sha256,
    ),
    CipherSuite(
        0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA", ECDHE(), RSA, AES_128_CBC_SHA, sha256
    ),
    CipherSuite(
        0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA", ECDHE(), RSA, AES_256_CBC_SHA, sha256
    ),
    CipherSuite(
        0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256", DHE(), RSA, AES_128_GCM, sha256
    ),
    CipherSuite(
        0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384", DHE(), RSA, AES_256_GCM, sha384
    ),
    CipherSuite(
        0xCCAA,
        "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "DHE-RSA-CHACHA20-POLY1305",
        DHE(),
        RSA,
        CHACHA20_POLY1305,
        sha256,
    ),
    CipherSuite(
        0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", "DHE-RSA-AES128-SHA256", DHE(), RSA, AES_128_CBC_SHA256, sha256
    ),
    CipherSuite(
        0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "DHE-RSA-AES256-SHA256", DHE(), RSA, AES_256_CBC_SHA256, sha256
    ),
    CipherSuite(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA", DHE(), RSA, AES_128_CBC_SHA, sha256),
    CipherSuite(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA", DHE(), RSA, AES_256_CBC_SHA, sha256),
    CipherSuite(0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256", RSA_PKCS1, RSA, AES_128_GCM, sha256),
    CipherSuite(0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384", RSA_PKCS1, RSA, AES_256_GCM, sha384),
    CipherSuite(0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256", RSA_PKCS1, RSA, AES_128_CBC_SHA256, sha256),
    CipherSuite(0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256", RSA_PKCS1, RSA, AES_256_CBC_SHA256, sha256),
    CipherSuite(0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA", RSA_PKCS1, RSA, AES_128_CBC_SHA, sha256),
    CipherSuite(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA", RSA_PKCS1, RSA, AES_256_CBC_SHA, sha256),
)
"""Those of the standards, the preferred ones first: with forward secrecy before without, curves before primes,
authenticated encryption before CBC, SHA-1 last."""

PRIVATE_SUITES = (
    CipherSuite(0xFF01, "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256", "", RSA_OAEP, RSA, AES_128_CBC_SHA256, sha256),
    CipherSuite(0xFF02, "TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256", "", RSA_OAEP, RSA, AES_256_CBC_SHA256, sha256),
    CipherSuite(0xFF03, "TLS_DHE_RSA_WITH_AES_128_CFB_SHA256", "", DHE(), RSA, AES_128_CFB_SHA256, sha256),
    CipherSuite(0xFF04, "TLS_DHE_RSA_WITH_AES_256_CFB_SHA256", "", DHE(), RSA, AES_256_CFB_SHA256, sha256),
    CipherSuite(0xFF05, "TLS_ECDHE_RSA_WITH_AES_128_CFB_SHA256", "", ECDHE(), RSA, AES_128_CFB_SHA256, sha256),
    CipherSuite(0xFF06, "TLS_ECDHE_RSA_WITH_AES_256_CFB_SHA256", "", ECDHE(), RSA, AES_256_CFB_SHA256, sha256),
    CipherSuite(0xFF07, "TLS_ECDHE_ECDSA_WITH_AES_128_CFB_SHA256", "", ECDHE(), ECDSA, AES_128_CFB_SHA256, sha256),
    CipherSuite(0xFF08, "TLS_ECDHE_ECDSA_WITH_AES_256_CFB_SHA256", "", ECDHE(), ECDSA, AES_256_CFB_SHA256, sha256),
)
"""Those that IANA never assigned: only this project knows them, and only where they are asked for."""

SUITES = {suite.code: suite for suite in (*DEFAULT_SUITES, *PRIVATE_SUITES)}


def suite_by_name(name: str) -> CipherSuite:
    """Return the suite with this name, IANA's or OpenSSL's; raise `ValueError`, with the nearest, if there is none."""
    for suite in SUITES.values():
        if name and name in (suite.name, suite.openssl_name):
            return suite
    names = [known for suite in SUITES.values() for known in (suite.name, suite.openssl_name) if known]
    near = get_close_matches(name, names, n=3, cutoff=0.0)
    raise ValueError(f"there is no cipher suite {name!r} here; the nearest names are {', '.join(near)}")
