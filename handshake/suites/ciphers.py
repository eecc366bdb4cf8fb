"""The ciphers of suites: what keys they need, and the record protection made of these keys.

Standard     RFC 5246 §6.1 (SecurityParameters), §6.3, appendix C; RFC 5288 §3, RFC 7905 §2.
Left out     The null and the stream ciphers, and 3DES.

>>> AES_128_CBC_SHA256.name, AES_128_CBC_SHA256.mac_key_length, AES_128_CBC_SHA256.enc_key_length
('AES-128-CBC with HMAC-SHA256', 32, 16)
>>> AES_256_GCM.name, AES_256_GCM.mac_key_length, AES_256_GCM.fixed_iv_length
('AES-256-GCM', 0, 4)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handshake.suites.secrets import WriteKeys
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha384
from record.aead import ChaCha20Poly1305Protection, GCMProtection
from record.cbc import CBCProtection
from record.cfb import CFBProtection
from record.protection import Protection


class RecordCipher(Protocol):
    """What a suite protects records with."""

    @property
    def name(self) -> str:
        """What it is, for a person."""

    @property
    def is_block_cipher(self) -> bool:
        """Whether encrypt_then_mac may be agreed upon (RFC 7366 §3)."""

    @property
    def mac_key_length(self) -> int:
        """The length of the MAC key, in bytes (RFC 5246 §6.3)."""

    @property
    def enc_key_length(self) -> int:
        """The length of the encryption key, in bytes."""

    @property
    def fixed_iv_length(self) -> int:
        """The length of the part of the nonce that both sides derive, in bytes."""

    def protection(self, keys: WriteKeys, *, encrypt_then_mac: bool, random_bytes: RandomBytes) -> Protection:
        """Return the protection of the records of one direction."""


@dataclass(frozen=True, slots=True)
class CBCCipher:
    """AES in CBC mode with HMAC.

    enc_key_length: the length of the AES key, in bytes.
    mac_hash: the hash function of the HMAC.
    """

    enc_key_length: int
    mac_hash: HashFunction

    is_block_cipher = True
    fixed_iv_length = 0  # RFC 5246 §6.2.3.2: IVs are explicit

    @property
    def name(self) -> str:
        """What it is, for a person."""
        return f"AES-{8 * self.enc_key_length}-CBC with HMAC-{self.mac_hash.name.upper()}"

    @property
    def mac_key_length(self) -> int:
        """The length of the HMAC key, in bytes (RFC 5246 appendix C)."""
        return self.mac_hash.digest_size

    def protection(self, keys: WriteKeys, *, encrypt_then_mac: bool, random_bytes: RandomBytes) -> Protection:
        """Return the protection of the records of one direction."""
        return CBCProtection(
            encryption_key=keys.enc_key,
            mac_key=keys.mac_key,
            hash=self.mac_hash,
            encrypt_then_mac=encrypt_then_mac,
            random_bytes=random_bytes,
        )


@dataclass(frozen=True, slots=True)
class CFBCipher:
    """AES in CFB mode with HMAC over the ciphertext, always: no extension needs to ask for that.

    enc_key_length: the length of the AES key, in bytes.
    mac_hash: the hash function of the HMAC.
    """

    enc_key_length: int
    mac_hash: HashFunction

    is_block_cipher = False
    fixed_iv_length = 0

    @property
    def name(self) -> str:
        """What it is, for a person."""
        return f"AES-{8 * self.enc_key_length}-CFB with HMAC-{self.mac_hash.name.upper()}"

    @property
    def mac_key_length(self) -> int:
        """The length of the HMAC key, in bytes."""
        return self.mac_hash.digest_size

    def protection(self, keys: WriteKeys, *, encrypt_then_mac: bool, random_bytes: RandomBytes) -> Protection:
        """Return the protection of the records of one direction."""
        return CFBProtection(
            encryption_key=keys.enc_key, mac_key=keys.mac_key, hash=self.mac_hash, random_bytes=random_bytes
        )


@dataclass(frozen=True, slots=True)
class GCMCipher:
    """AES-GCM, which needs no MAC beside it.

    enc_key_length: the length of the AES key, in bytes.
    """

    enc_key_length: int

    is_block_cipher = False
    mac_key_length = 0
    fixed_iv_length = 4  # RFC 5288 §3: the salt

    @property
    def name(self) -> str:
        """What it is, for a person."""
        return f"AES-{8 * self.enc_key_length}-GCM"

    def protection(self, keys: WriteKeys, *, encrypt_then_mac: bool, random_bytes: RandomBytes) -> Protection:
        """Return the protection of the records of one direction."""
        return GCMProtection(key=keys.enc_key, fixed_iv=keys.fixed_iv)


@dataclass(frozen=True, slots=True)
class ChaCha20Poly1305Cipher:
    """ChaCha20-Poly1305, which needs no MAC beside it."""

    name = "ChaCha20-Poly1305"
    is_block_cipher = False
    mac_key_length = 0
    enc_key_length = 32
    fixed_iv_length = 12  # RFC 7905 §2: as long as the nonce

    def protection(self, keys: WriteKeys, *, encrypt_then_mac: bool, random_bytes: RandomBytes) -> Protection:
        """Return the protection of the records of one direction."""
        return ChaCha20Poly1305Protection(key=keys.enc_key, fixed_iv=keys.fixed_iv)


AES_128_CBC_SHA, AES_256_CBC_SHA = CBCCipher(16, sha1), CBCCipher(32, sha1)
AES_128_CBC_SHA256, AES_256_CBC_SHA256 = CBCCipher(16, sha256), CBCCipher(32, sha256)
AES_256_CBC_SHA384 = CBCCipher(32, sha384)
AES_128_CFB_SHA256, AES_256_CFB_SHA256 = CFBCipher(16, sha256), CFBCipher(32, sha256)
AES_128_GCM, AES_256_GCM = GCMCipher(16), GCMCipher(32)
CHACHA20_POLY1305 = ChaCha20Poly1305Cipher()
