"""Conversations that were recorded once, to be told again to a fresh party, whole or changed.

A party that gets the same randomness and the same bytes says the same, so what its peer said in the recording still
fits: up to the place where it is changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from handshake.codes import HandshakeType, Role
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.key_messages import Finished
from handshake.messages import MESSAGES, write_message
from handshake.signature_schemes import Authentication
from handshake.states import SENT, Direction
from handshake.suites import SUITES
from record.codes import ContentType
from record.layer import Record, RecordLayer
from record.protection import Protection
from tests.handshake.parties import RSA_SUITES, Side, client_configuration, identity, server_configuration, talk

Part = tuple[ContentType, bytes]
"""What one record carries."""

CHANGE_CIPHER_SPEC: Part = (ContentType.CHANGE_CIPHER_SPEC, b"\1")
CLOSE_NOTIFY: Part = (ContentType.ALERT, b"\1\0")


@dataclass(frozen=True)
class Recording:
    """What the peer of `victim` said, from the first message to close_notify.

    configure: makes the victim's configuration, with its randomness at the beginning.
    answers: what the victim said itself.
    """

    victim: Role
    configure: Callable[[], ClientConfiguration | ServerConfiguration]
    records: tuple[Record, ...]
    answers: bytes
    protection: Protection

    @property
    def parts(self) -> list[Part]:
        return [(record.content_type, record.content) for record in self.records]

    def wire(self, parts: Sequence[Part]) -> bytes:
        """The bytes of records that carry these parts, protected from the first ChangeCipherSpec on."""
        layer = RecordLayer()
        data = b""
        protected = False
        for part in parts:
            kind, content = part
            if content:
                data += b"".join(record.wire for record in layer.send(kind, content))
            else:  # the layer itself sends no empty record
                data += layer._seal(kind, content).wire
            if part == CHANGE_CIPHER_SPEC and not protected:
                layer.change_write_protection(self.protection)
                protected = True
        return data

    def tell(self, data: bytes, *, size: int = 0, end: bool = True) -> Side:
        """A fresh victim that was given this data, `size` bytes at a time or whole, and then the end."""
        side = Side(Connection(self.configure()))
        for start in range(0, len(data), size or len(data) or 1):
            side.connection.receive_data(data[start : start + (size or len(data))])
            side.drain()
        if end:
            side.connection.receive_data(b"")
            side.drain()
        side.output()
        return side


@cache
def recording(victim: Role, *, mutual: bool = True, suite: int = 0xFF01, encrypt_then_mac: bool = True) -> Recording:
    records: list[Record] = []

    def note(direction: Direction, record: Record) -> None:
        if direction is SENT:
            records.append(record)

    def configure(role: Role, *, noted: bool = False) -> ClientConfiguration | ServerConfiguration:
        record_log = note if noted else None
        if role is Role.SERVER:
            kind = "P-256" if SUITES[suite].authentication is Authentication.ECDSA else "RSA"
            return server_configuration(
                mutual=mutual,
                who=identity("server.example", kind=kind),
                suites=(*RSA_SUITES, SUITES[suite]),
                record_log=record_log,
            )
        return client_configuration(
            who=identity("client.example") if mutual else None,
            suites=(SUITES[suite],),
            encrypt_then_mac=encrypt_then_mac,
            record_log=record_log,
        )

    client, server = (Side(Connection(configure(role, noted=role is victim.peer))) for role in Role)
    talk(client, server)
    ours, peer = (client, server) if victim is Role.CLIENT else (server, client)
    assert (ours.error, peer.error) == (None, None)
    peer.connection.send(b"some data of the peer")
    peer.connection.send(b"and some more")
    peer.connection.close()
    talk(client, server)
    return Recording(
        victim,
        lambda: configure(victim),
        tuple(records),
        b"".join(ours.sent),
        peer.connection._party._protections[victim.peer],
    )


@cache
def one_of_each(suite: int = 0xFF01) -> dict[HandshakeType, bytes]:
    """A message of each type, in its form as good as any."""
    messages = {}
    for victim in Role:
        for kind, content in [*recording(victim, suite=0xC02F).parts, *recording(victim, suite=suite).parts]:
            if kind is ContentType.HANDSHAKE and content[0] in MESSAGES:
                messages[HandshakeType(content[0])] = content
    messages[HandshakeType.HELLO_REQUEST] = b"\0\0\0\0"
    messages[HandshakeType.FINISHED] = write_message(Finished(bytes(12)))
    assert set(messages) == set(MESSAGES)
    return messages
