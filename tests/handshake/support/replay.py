"""Conversations that were recorded once, to be told again to a fresh party, whole or changed.

A party that gets the same randomness and the same bytes says the same, so what its peer said in the recording still
fits: up to the place where it is changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.messages.handshake import MESSAGES, write_message
from handshake.messages.keys import Finished
from handshake.registries.codes import SENT, Direction, HandshakeType, Role
from handshake.registries.signature_schemes import Authentication
from handshake.sessions.stores import SessionCache, SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.suites.table import SUITES
from record.codes import ContentType
from record.layer import Record, RecordLayer
from record.protection import Protection
from tests.handshake.support.parties import (
    NOW,
    RSA_SUITES,
    Side,
    client_configuration,
    identity,
    seeded,
    server_configuration,
    talk,
    tls12,
)

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
                data += layer._seal(kind, [content])[0].wire
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


class Manner(Enum):
    """How the handshake of a recording goes."""

    FULL = "a full handshake"
    WITH_TICKET = "a full handshake with a ticket"
    BY_ID = "a session resumed by its ID"
    BY_TICKET = "a session resumed by its ticket, which is renewed"


HOUR = timedelta(hours=1)


def ticket_keys() -> TicketKeys:
    """The same keys every time: of them, the one that seals now has half of its time behind it."""
    keys = TicketKeys(random_bytes=seeded("ticket keys"))
    keys.seal(b"", at=NOW - HOUR)
    return keys


@cache
def stored(suite: int, by_ticket: bool, configure: Callable[..., Any]) -> tuple[SessionStore, SessionCache]:
    """What client and server have kept of a session."""
    store, cache = SessionStore(), SessionCache()
    server_keeps: dict[str, Any] = {"ticket_keys": ticket_keys()} if by_ticket else {"session_cache": cache}
    client, server = (
        Side(Connection(configure(Role.CLIENT, sessions=store))),
        Side(Connection(configure(Role.SERVER, **server_keeps))),
    )
    talk(client, server)
    assert (client.error, server.error, len(store)) == (None, None, 1)
    return store, cache


def copied(store: Any) -> Any:
    """What is kept, so that what is done to it does not last."""
    fresh = type(store)()
    for name, session in store._sessions.items():
        fresh.put(name, session)
    return fresh


@cache
def recording(
    victim: Role,
    *,
    mutual: bool = True,
    suite: int = 0xFF01,
    encrypt_then_mac: bool = True,
    manner: Manner = Manner.FULL,
) -> Recording:
    records: list[Record] = []

    def note(direction: Direction, record: Record) -> None:
        if direction is SENT:
            records.append(record)

    def plain(role: Role, **more: Any) -> ClientConfiguration | ServerConfiguration:
        if role is Role.SERVER:
            kind = "P-256" if SUITES[suite].authentication is Authentication.ECDSA else "RSA"
            return server_configuration(
                mutual=mutual,
                who=identity("server.example", kind=kind),
                suites=(*RSA_SUITES, SUITES[suite]),
                **more,
            )
        return client_configuration(
            who=identity("client.example") if mutual else None,
            suites=(SUITES[suite],),
            encrypt_then_mac=encrypt_then_mac,
            **more,
        )

    def configure(role: Role, *, noted: bool = False) -> ClientConfiguration | ServerConfiguration:
        more: dict[str, Any] = {"record_log": note if noted else None}
        resumed = manner in (Manner.BY_ID, Manner.BY_TICKET)
        store, cache = stored(suite, manner is Manner.BY_TICKET, plain) if resumed else (SessionStore(), SessionCache())
        if role is Role.CLIENT and manner is not Manner.FULL:
            more["sessions"] = copied(store)
        if role is Role.SERVER and manner is Manner.BY_ID:
            more["session_cache"] = copied(cache)
        elif role is Role.SERVER and manner is not Manner.FULL:
            more["ticket_keys"] = ticket_keys()
        if resumed:
            more["clock"] = lambda: NOW + HOUR
        return plain(role, **more)

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
        tls12(peer.connection)._protections[victim.peer],
    )


@cache
def one_of_each(suite: int = 0xFF01) -> dict[HandshakeType, bytes]:
    """A message of each type, in its form as good as any."""
    messages = {}
    for victim in Role:
        told = recording(victim, suite=0xC02F, manner=Manner.WITH_TICKET), recording(victim, suite=suite)
        for kind, content in [*told[0].parts, *told[1].parts]:
            if kind is ContentType.HANDSHAKE and content[0] in MESSAGES:
                messages[HandshakeType(content[0])] = content
    messages[HandshakeType.HELLO_REQUEST] = b"\0\0\0\0"
    messages[HandshakeType.FINISHED] = write_message(Finished(bytes(12)))
    assert set(messages) == set(MESSAGES)
    return messages
