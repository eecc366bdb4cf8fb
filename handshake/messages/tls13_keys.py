"""The other messages of TLS 1.3: EncryptedExtensions, EndOfEarlyData, NewSessionTicket, KeyUpdate.

Standard     RFC 9846 §4.4.1, §4.6, §4.7.1, §4.7.3.
Left out     Nothing.

>>> writer = Writer()
>>> KeyUpdate(request_update=True).write(writer)
>>> writer.data.hex()
'01'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.extension_places import IN_ENCRYPTED_EXTENSIONS, IN_NEW_SESSION_TICKET
from handshake.messages.extensions import Extension, write_extensions
from handshake.messages.tls13_authentication import required_extensions
from handshake.registries import codes
from handshake.registries.codes import HandshakeType
from record.alerts import illegal_parameter
from record.presentation import Reader, Writer


@dataclass(frozen=True, slots=True)
class EncryptedExtensions:
    """EncryptedExtensions (§4.4.1): the server's answers to the extensions that do not decide about the keys."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.ENCRYPTED_EXTENSIONS
    extensions: tuple[Extension, ...]

    def write(self, writer: Writer) -> None:
        """Write the body."""
        write_extensions(writer, self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(required_extensions(reader, IN_ENCRYPTED_EXTENSIONS))


@dataclass(frozen=True, slots=True)
class EndOfEarlyData:
    """EndOfEarlyData (§4.6): what the client sends next is under the keys of the handshake."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.END_OF_EARLY_DATA

    def write(self, writer: Writer) -> None:
        """Write the body, which is empty."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body, which is empty."""
        return cls()


@dataclass(frozen=True, slots=True)
class TLS13NewSessionTicket:
    """NewSessionTicket (§4.7.1): with this ticket, the client may resume the session.

    lifetime: in seconds, at most a week. age_add: hides the ticket's age when it is used. nonce: tells the PSKs of a
    connection's tickets apart, 0 to 255 bytes. ticket: what only the server can read.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.NEW_SESSION_TICKET
    lifetime: int
    age_add: int = field(repr=False)
    nonce: bytes
    ticket: bytes = field(repr=False)
    extensions: tuple[Extension, ...]

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint32("ticket_lifetime", self.lifetime, section="RFC 9846 §4.7.1")
        writer.uint32("ticket_age_add", self.age_add, section="RFC 9846 §4.7.1")
        writer.vector("ticket_nonce", self.nonce, length_bytes=1, section="RFC 9846 §4.7.1")
        writer.vector("ticket", self.ticket, length_bytes=2, section="RFC 9846 §4.7.1")
        write_extensions(writer, self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        lifetime = reader.uint32("ticket_lifetime", section="RFC 9846 §4.7.1")
        age_add = reader.uint32("ticket_age_add", section="RFC 9846 §4.7.1")
        nonce = reader.vector("ticket_nonce", length_bytes=1, section="RFC 9846 §4.7.1")
        ticket = reader.vector("ticket", length_bytes=2, minimum=1, section="RFC 9846 §4.7.1")
        return cls(lifetime, age_add, nonce, ticket, required_extensions(reader, IN_NEW_SESSION_TICKET))


@dataclass(frozen=True, slots=True)
class KeyUpdate:
    """KeyUpdate (§4.7.3): what the sender sends next is under its next keys.

    request_update: whether the peer is to do so, too.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.KEY_UPDATE
    request_update: bool

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint8(
            "request_update", int(self.request_update), section="RFC 9846 §4.7.3", names=codes.KEY_UPDATE_NAMES
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body. Raises illegal_parameter for any other number than the two."""
        request = reader.uint8("request_update", section="RFC 9846 §4.7.3", names=codes.KEY_UPDATE_NAMES)
        if request not in codes.KEY_UPDATE_NAMES:
            raise illegal_parameter(f"the request_update is {request}, expected 0 or 1")
        return cls(request == codes.UPDATE_REQUESTED)
