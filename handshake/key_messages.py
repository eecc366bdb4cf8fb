"""The messages that agree on keys and begin to use them: ClientKeyExchange, ChangeCipherSpec, Finished.

Standard     RFC 5246 §7.4.7, §7.1, §7.4.9.
Left out     ServerKeyExchange, which RSA key transport does without.

>>> writer = Writer()
>>> EncryptedPremasterSecret(b"encrypted").write(writer)
>>> writer.data.hex()
'0009656e63727970746564'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.codes import HandshakeType
from record.presentation import Reader, Writer

VERIFY_DATA_LENGTH = 12  # RFC 5246 §7.4.9: of all suites that do not say otherwise


@dataclass(frozen=True, slots=True)
class EncryptedPremasterSecret:
    """ClientKeyExchange of RSA key transport (§7.4.7.1): the premaster secret, encrypted to the server's key.

    encrypted: the ciphertext, by PKCS #1 v1.5 or by OAEP, as the suite says. Its length is the modulus's, which
        is checked where the key is known.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CLIENT_KEY_EXCHANGE
    encrypted: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.vector("EncryptedPreMasterSecret", self.encrypted, length_bytes=2, section="RFC 5246 §7.4.7.1")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(reader.vector("EncryptedPreMasterSecret", length_bytes=2, section="RFC 5246 §7.4.7.1"))


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished (§7.4.9): the sender has seen the same handshake, and knows the master secret.

    verify_data: PRF(master_secret, finished_label, Hash(handshake_messages)), 12 bytes.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.FINISHED
    verify_data: bytes

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.opaque("verify_data", self.verify_data, section="RFC 5246 §7.4.9")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(reader.opaque("verify_data", VERIFY_DATA_LENGTH, section="RFC 5246 §7.4.9"))


CHANGE_CIPHER_SPEC_NAMES = {1: "change_cipher_spec"}


@dataclass(frozen=True, slots=True)
class ChangeCipherSpec:
    """ChangeCipherSpec (§7.1): what the sender sends next is protected by the new keys. No handshake message.

    type: 1, the only value there is.
    """

    type: int = 1

    def write(self, writer: Writer) -> None:
        """Write the message."""
        writer.uint8("type", self.type, section="RFC 5246 §7.1", names=CHANGE_CIPHER_SPEC_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the message."""
        return cls(reader.uint8("type", section="RFC 5246 §7.1", names=CHANGE_CIPHER_SPEC_NAMES))
