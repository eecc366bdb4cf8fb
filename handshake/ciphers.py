"""The ciphers of suites: what keys they need, and the record protection made of these keys.

Standard     RFC 5246 §6.1 (SecurityParameters), §6.3, appendix C.
Left out     Stream ciphers, AEADs.

>>> AES_128_CBC_SHA256.name, AES_128_CBC_SHA256.mac_key_length, AES_128_CBC_SHA256.enc_key_length
('AES-128-CBC with HMAC-SHA256', 32, 16)
"""

from __future__ import annotations

from dataclasses import dataclass

from handshake.key_schedule import WriteKeys
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes
from primitives.sha2 import sha256
from record.protection import CBCProtection, Protection


@dataclass(frozen=True, slots=True)
class CBCCipher:
    """AES in CBC mode with HMAC.

    enc_key_length: the length of the AES key, in bytes.
    mac_hash: the hash function of the HMAC.
    """

    enc_key_length: int
    mac_hash: HashFunction

    is_block_cipher = True  # so that encrypt_then_mac may be agreed upon (RFC 7366 §3)
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


AES_128_CBC_SHA256 = CBCCipher(16, sha256)
AES_256_CBC_SHA256 = CBCCipher(32, sha256)
