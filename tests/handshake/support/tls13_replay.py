"""Conversations of TLS 1.3 that were recorded once, to be told again to a fresh party, whole or changed.

A part is what one record carried, with the protection that it was under; so what is changed is sealed again under the
same keys, and the victim opens it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.registries.codes import SENT, Direction, Role
from handshake.registries.groups import GROUPS
from handshake.sessions.external_psk import ExternalPSK
from handshake.sessions.replay import ReplayGuard
from handshake.sessions.stores import SessionStore
from handshake.suites.tls13 import TLS13_SUITES
from record.codes import TLS_1_3, ContentType
from record.layer import Record, RecordLayer
from record.protection import NullProtection, Protection
from tests.handshake.support.parties import (
    NOW,
    Side,
    client_configuration,
    identity,
    seeded,
    server_configuration,
    talk,
)
from tests.handshake.support.replay import copied, ticket_keys


@dataclass(frozen=True)
class Part:
    """What one record carries, and under which protection."""

    kind: ContentType
    content: bytes
    protection: Protection


class Manner(Enum):
    """How the handshake of a recording goes."""

    FULL = "certificates on both sides"
    RETRY = "after a HelloRetryRequest, with a cookie"
    RESUMED = "by a ticket"
    EARLY = "by a ticket, with early data"
    EXTERNAL = "by an external PSK"


class Alike(ReplayGuard):
    """One that lets the same early data in again and again, as every test begins anew."""

    def is_first(self, mark: bytes, *, at: Any) -> bool:
        return True


@dataclass(frozen=True)
class Recording:
    """What the peer of `victim` said, from the first message to close_notify, and how to make the victim anew."""

    victim: Role
    configure: Callable[[], ClientConfiguration | ServerConfiguration]
    parts: tuple[Part, ...]

    def wire(self, parts: Sequence[Part]) -> bytes:
        """The bytes of records that carry these parts, each under its protection, counted from 0 under each."""
        layer, data = RecordLayer(), b""
        current: Protection = NullProtection()
        for part in parts:
            if part.kind is ContentType.CHANGE_CIPHER_SPEC and isinstance(part.protection, NullProtection):
                records = layer.send_unprotected(part.kind, part.content) if part.content else []
            else:
                if part.protection is not current and not (
                    isinstance(part.protection, NullProtection) and isinstance(current, NullProtection)
                ):
                    layer.change_write_protection(part.protection)
                    current = part.protection
                records = (
                    layer._seal(part.kind, [part.content]) if not part.content else layer.send(part.kind, part.content)
                )
            data += b"".join(record.wire for record in records)
        return data

    def tell(self, parts: Sequence[Part], *, size: int = 0, end: bool = True) -> Side:
        """A fresh victim that was told these parts, `size` bytes at a time or whole, and then the end."""
        side, data = Side(Connection(self.configure())), self.wire(parts)
        for start in range(0, len(data), size or len(data) or 1):
            side.connection.receive_data(data[start : start + (size or len(data))])
            side.drain()
        if end:
            side.connection.receive_data(b"")
            side.drain()
        side.output()
        return side

    def protection_at(self, place: int) -> Protection:
        """The protection of what comes at a place."""
        inside = [part for part in self.parts[place:] if part.kind is not ContentType.CHANGE_CIPHER_SPEC]
        return inside[0].protection if inside else self.parts[-1].protection

    def with_part(self, place: int, kind: ContentType, content: bytes) -> list[Part]:
        """All parts before a place, and this one there."""
        return [*self.parts[:place], Part(kind, content, self.protection_at(place))]


SECOND = timedelta(seconds=1)
KEY = ExternalPSK(b"till 7", bytes(range(32)))


def _plain(role: Role, manner: Manner, **more: Any) -> ClientConfiguration | ServerConfiguration:
    common: dict[str, Any] = {
        "versions": (TLS_1_3,),
        "tls13_suites": (TLS13_SUITES[0x1301],),
        "groups": (GROUPS[29],) if manner is not Manner.RETRY or role is Role.SERVER else (GROUPS[23], GROUPS[29]),
        "external_psks": (KEY,) if manner is Manner.EXTERNAL else (),
    }
    mutual = manner in (Manner.FULL, Manner.RETRY)
    if role is Role.SERVER:
        return server_configuration(
            mutual=mutual,
            ticket_keys=ticket_keys(),
            tickets=1,
            maximum_early_data=100,
            replay_guard=Alike(),
            send_cookie=manner is Manner.RETRY,
            **common,
            **more,
        )
    who = identity("client.example") if mutual else None
    early = b"early" if manner is Manner.EARLY else b""
    return client_configuration(who=who, early_data=early, **{"sessions": SessionStore()} | common | more)


@cache
def _stored(manner: Manner) -> SessionStore:
    """What a client keeps of a first connection."""
    store = SessionStore()
    client = Side(Connection(_plain(Role.CLIENT, manner, sessions=store, random_bytes=seeded("first client"))))
    server = Side(Connection(_plain(Role.SERVER, manner, random_bytes=seeded("first server"))))
    talk(client, server)
    assert (client.error, server.error, len(store)) == (None, None, 1)
    return store


@cache
def recording(victim: Role, manner: Manner = Manner.FULL) -> Recording:
    records: list[Record] = []

    def note(direction: Direction, record: Record) -> None:
        if direction is SENT:
            records.append(record)

    def configure(role: Role, *, noted: bool = False) -> ClientConfiguration | ServerConfiguration:
        more: dict[str, Any] = {"record_log": note if noted else None}
        if manner in (Manner.RESUMED, Manner.EARLY):
            more["clock"] = lambda: NOW + SECOND
            if role is Role.CLIENT:
                more["sessions"] = copied(_stored(manner))
        return _plain(role, manner, **more)

    client, server = (Side(Connection(configure(role, noted=role is victim.peer))) for role in Role)
    talk(client, server)
    ours, peer = (client, server) if victim is Role.CLIENT else (server, client)
    assert (ours.error, peer.error) == (None, None)
    peer.connection.send(b"some data of the peer")
    peer.connection.update_keys(request_update=True)
    peer.connection.send(b"and some more")
    peer.connection.close()
    talk(client, server)
    parts = tuple(Part(record.content_type, record.content, record._protection) for record in records)
    return Recording(victim, lambda: configure(victim), parts)
