"""Cipher suites: one table of what each is made of.

Standard     RFC 5246 appendix A.5 (the RSA suites); IANA's private-use range 0xFF00-0xFFFF for the OAEP suites.
Left out     All others, so far.

>>> SUITES[0xFF01].name, suite_by_name("AES128-SHA256").name
('TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA256')
"""

from __future__ import annotations

from dataclasses import dataclass

from handshake.ciphers import AES_128_CBC_SHA256, AES_256_CBC_SHA256, CBCCipher
from handshake.key_exchange import RSA_OAEP, RSA_PKCS1, RSAKeyTransport
from primitives.hashes import HashFunction
from primitives.sha2 import sha256


@dataclass(frozen=True, slots=True)
class CipherSuite:
    """What a connection is secured with.

    code, name: its number and name in IANA's registry. openssl_name: OpenSSL's name for it.
    key_exchange: how the premaster secret comes about, and so what kind of key the server's certificate must hold.
    cipher: what protects the records.
    prf_hash: the hash function of the PRF and of the Finished messages.
    """

    code: int
    name: str
    openssl_name: str
    key_exchange: RSAKeyTransport
    cipher: CBCCipher
    prf_hash: HashFunction

    def __repr__(self) -> str:
        return self.name


DEFAULT_SUITES = (
    CipherSuite(0xFF01, "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256", "", RSA_OAEP, AES_128_CBC_SHA256, sha256),
    CipherSuite(0xFF02, "TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256", "", RSA_OAEP, AES_256_CBC_SHA256, sha256),
    CipherSuite(0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256", RSA_PKCS1, AES_128_CBC_SHA256, sha256),
    CipherSuite(0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256", RSA_PKCS1, AES_256_CBC_SHA256, sha256),
)
"""All that are known here, the preferred ones first."""

SUITES = {suite.code: suite for suite in DEFAULT_SUITES}


def suite_by_name(name: str) -> CipherSuite:
    """Return the suite with this name, IANA's or OpenSSL's; raise `ValueError` if there is none."""
    for suite in DEFAULT_SUITES:
        if name in (suite.name, suite.openssl_name):
            return suite
    known = ", ".join(suite.name for suite in DEFAULT_SUITES)
    raise ValueError(f"there is no cipher suite {name!r}, expected one of {known}")
