"""The cipher suites of TLS 1.3: an AEAD and a hash function. Key exchange and signature are agreed upon by themselves.

Standard     RFC 9846 appendix B.4, §5.2, §7.3.
Left out     Suites for integrity alone (RFC 9150).

>>> TLS13_SUITES[0x1301], TLS13_SUITES[0x1301].cipher.name
(TLS_AES_128_GCM_SHA256, 'AES-128-GCM')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handshake.registries.cipher_suites import SUITE_CODES, openssl_name
from handshake.suites.secrets import WriteKeys
from primitives.ccm import AESCCM
from primitives.chacha20_poly1305 import ChaCha20Poly1305
from primitives.gcm import AESGCM
from primitives.hashes import HashFunction
from primitives.sha2 import sha256, sha384
from record.protection import Protection
from record.tls13 import TLS13GCMProtection, TLS13Protection

IV_LENGTH = 12  # bytes: of all these AEADs' nonces (RFC 9846 §5.3)


@dataclass(frozen=True, slots=True)
class TLS13Cipher:
    """What protects the records.

    name: for a person. enc_key_length: in bytes. make: makes the protection from keys and the multiple to pad to.
    most_records: after how many under one key the next key is due (RFC 9846 §5.5). tag_length: in bytes.
    """

    name: str
    enc_key_length: int
    make: Callable[[WriteKeys, int], Protection]
    most_records: int
    tag_length: int = 16

    is_block_cipher = False

    def protection(self, keys: WriteKeys, *, pad_to: int = 1) -> Protection:
        """Return the protection of the records of one direction, padded up to a multiple of so many bytes."""
        return self.make(keys, pad_to)


def _gcm(bits: int) -> TLS13Cipher:
    name = f"AES-{bits}-GCM"

    def make(keys: WriteKeys, pad_to: int) -> Protection:
        return TLS13GCMProtection(AESGCM(keys.enc_key), write_iv=keys.fixed_iv, name=name, pad_to=pad_to)

    return TLS13Cipher(name, bits // 8, make, most_records=2**24)  # §5.5: 2^24.5


def _ccm(tag: int) -> TLS13Cipher:
    name = "AES-128-CCM" if tag == 16 else f"AES-128-CCM, tags of {tag} bytes"

    def make(keys: WriteKeys, pad_to: int) -> Protection:
        aead = AESCCM(keys.enc_key, tag_length=tag)
        return TLS13Protection(aead, write_iv=keys.fixed_iv, name=name, pad_to=pad_to, tag=tag)

    return TLS13Cipher(name, 16, make, most_records=2**23, tag_length=tag)


def _chacha20_poly1305(keys: WriteKeys, pad_to: int) -> Protection:
    aead = ChaCha20Poly1305(keys.enc_key)
    return TLS13Protection(aead, write_iv=keys.fixed_iv, name="ChaCha20-Poly1305", pad_to=pad_to)


@dataclass(frozen=True, slots=True)
class TLS13Suite:
    """What a connection of TLS 1.3 is secured with.

    code, name: its number and name in IANA's registry. cipher: what protects the records.
    prf_hash: the hash function of the key schedule, the transcript and the Finished messages.
    """

    code: int
    name: str
    cipher: TLS13Cipher
    prf_hash: HashFunction

    def __repr__(self) -> str:
        return self.name

    @property
    def openssl_name(self) -> str:
        """OpenSSL's name for it, which is IANA's."""
        return openssl_name(self.name)


def _suite(name: str, cipher: TLS13Cipher, prf_hash: HashFunction) -> TLS13Suite:
    return TLS13Suite(SUITE_CODES[name], name, cipher, prf_hash)


DEFAULT_TLS13_SUITES = (
    _suite("TLS_AES_128_GCM_SHA256", _gcm(128), sha256),
    _suite("TLS_AES_256_GCM_SHA384", _gcm(256), sha384),
    _suite(
        "TLS_CHACHA20_POLY1305_SHA256",
        TLS13Cipher("ChaCha20-Poly1305", 32, _chacha20_poly1305, most_records=2**62),  # §5.5: none before 2^64
        sha256,
    ),
    _suite("TLS_AES_128_CCM_SHA256", _ccm(16), sha256),
)
"""Those that are offered, the preferred ones first."""

SHORT_TAGS = _suite("TLS_AES_128_CCM_8_SHA256", _ccm(8), sha256)
"""For small devices, and only where it is asked for: one forged record in 2^64 is taken for genuine."""

TLS13_SUITES = {suite.code: suite for suite in (*DEFAULT_TLS13_SUITES, SHORT_TAGS)}
