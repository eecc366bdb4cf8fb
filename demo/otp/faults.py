"""Faulty parties: what a party can do wrong that has the keys, and whom the other side must not believe all the same.

Each fault is a cipher suite of which one part is wrong, so that all else of the party is as it always is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handshake.messages.keys import EncryptedPremasterSecret
from handshake.suites.ciphers import CBCCipher
from handshake.suites.rsa_transport import RSAKeyTransport
from handshake.suites.secrets import PremasterSecret, WriteKeys
from handshake.suites.table import CipherSuite
from primitives.integers import RandomBytes
from primitives.modes import cbc_encrypt
from primitives.rsa import RSAPublicKey
from record.cbc import CBCProtection
from record.codes import ContentType

BLOCK = 16


class _WrongMAC(CBCProtection):
    """Spoils the MAC of application data."""

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        sealed = super().seal(plaintext, sequence_number=sequence_number, content_type=content_type, version=version)
        if content_type is not ContentType.APPLICATION_DATA:
            return sealed
        return sealed[:-1] + bytes([sealed[-1] ^ 1])  # with encrypt-then-MAC, the MAC stands at the end


class _WrongPadding(CBCProtection):
    """Pads application data with zeros, but for the last byte, which tells the padding's length as it should."""

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        if content_type is not ContentType.APPLICATION_DATA:
            return super().seal(plaintext, sequence_number=sequence_number, content_type=content_type, version=version)
        content = plaintext + self._mac(sequence_number, content_type, version, plaintext)
        length = -(len(content) + 1) % BLOCK + BLOCK  # one block more than is needed, so that there is always some
        iv = self._random_bytes(BLOCK)
        return iv + cbc_encrypt(self._cipher, iv, content + bytes(length) + bytes([length]))


class _WrongFinished(CBCProtection):
    """Changes the last bit of the verify_data before it is protected as it should be."""

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        if content_type is ContentType.HANDSHAKE:  # the only handshake message under these keys is Finished
            plaintext = plaintext[:-1] + bytes([plaintext[-1] ^ 1])
        return super().seal(plaintext, sequence_number=sequence_number, content_type=content_type, version=version)


@dataclass(frozen=True, slots=True)
class _FaultyCipher(CBCCipher):
    """AES in CBC mode, with a protection that does something wrong."""

    faulty: type[CBCProtection] = CBCProtection

    def protection(self, keys: WriteKeys, *, encrypt_then_mac: bool, random_bytes: RandomBytes) -> CBCProtection:
        """Return the protection of the records of one direction."""
        return self.faulty(
            encryption_key=keys.enc_key,
            mac_key=keys.mac_key,
            hash=self.mac_hash,
            encrypt_then_mac=encrypt_then_mac,
            random_bytes=random_bytes,
        )


class _PaddingSeen(_FaultyCipher):
    """Does not agree on encrypt-then-MAC, so that the padding is what the other side looks at first."""

    __slots__ = ()
    is_block_cipher = False


@dataclass(frozen=True, slots=True)
class _WrongOAEP(RSAKeyTransport):
    """Encrypts the premaster secret, and changes a bit of what it then sends."""

    def send(
        self, key: RSAPublicKey, *, client_version: int, random_bytes: RandomBytes
    ) -> tuple[EncryptedPremasterSecret, PremasterSecret]:
        """Return the client's message and the premaster secret that should be in it."""
        message, premaster = RSAKeyTransport.send(self, key, client_version=client_version, random_bytes=random_bytes)
        return EncryptedPremasterSecret(message.encrypted[:-1] + bytes([message.encrypted[-1] ^ 1])), premaster


def faulty(suites: Sequence[CipherSuite], fault: str) -> tuple[CipherSuite, ...]:
    """Return these suites with something wrong in each; raise `ValueError` if that cannot be done to one of them.

    fault: one of FAULTS.
    """
    return tuple(_faulty(suite, fault) for suite in suites)


def _faulty(suite: CipherSuite, fault: str) -> CipherSuite:
    cipher, key_exchange = suite.cipher, suite.key_exchange
    if fault == "bad-oaep":
        if not isinstance(key_exchange, RSAKeyTransport):
            raise ValueError(f"{suite.name} does not encrypt a premaster secret, which {fault} would change")
        wrong = _WrongOAEP(key_exchange.name, key_exchange._encrypt, key_exchange._decrypt_or_random)
        return replace(suite, key_exchange=wrong)
    if not isinstance(cipher, CBCCipher):
        raise ValueError(f"{suite.name} is not of the CBC suites, for which {fault} is made")
    if fault == "bad-padding":
        return replace(suite, cipher=_PaddingSeen(cipher.enc_key_length, cipher.mac_hash, _WrongPadding))
    protection = _WrongFinished if fault == "bad-finished" else _WrongMAC
    return replace(suite, cipher=_FaultyCipher(cipher.enc_key_length, cipher.mac_hash, protection))
