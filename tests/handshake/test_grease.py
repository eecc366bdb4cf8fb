"""Values that mean nothing: sent by ours, ignored by ours, and never taken for an answer."""

from dataclasses import replace
from typing import Any

import pytest

from handshake.connection import Connection
from handshake.events import HandshakeCompleted, MessageReceived, MessageSent, RetryRequested, TicketReceived
from handshake.grease import grease_values, greased
from handshake.messages.extensions import SignatureAlgorithms, SupportedGroups, UnknownExtension, find
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_authentication import TLS13CertificateRequest
from handshake.messages.tls13_extensions import ClientKeyShares, OfferedPSKs, SupportedVersions
from handshake.messages.tls13_keys import TLS13NewSessionTicket
from handshake.registries.codes import GREASE, HandshakeType
from handshake.registries.groups import GROUPS
from handshake.sessions.stores import SessionStore
from handshake.sessions.tickets import TicketKeys
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.support.parties import (
    Side,
    client_configuration,
    identity,
    meet,
    seeded,
    server_configuration,
    talk,
)
from tests.handshake.tls12.test_faults import say_otherwise

VERSIONS = pytest.mark.parametrize("versions", [(TLS_1_2,), (TLS_1_3,), (TLS_1_3, TLS_1_2)])


def hellos_of(side: Side) -> list[ClientHello]:
    return [e.message for e in side.got(MessageSent) if isinstance(e.message, ClientHello)]


@VERSIONS
def test_a_client_sends_them_and_a_server_ignores_them(versions: Any) -> None:
    for seed in range(10):
        client, server = meet(
            client_configuration(versions=versions, grease=True, random_bytes=seeded(seed)),
            server_configuration(versions=versions),
        )
        assert (client.error, server.error) == (None, None)
        [hello] = hellos_of(client)
        kinds = [extension.extension_type for extension in hello.extensions or ()]
        assert kinds[0] in GREASE
        assert kinds[-1] in GREASE
        assert len(set(kinds)) == len(kinds)
        assert hello.cipher_suites[0] in GREASE
        for kind, name in (
            (SupportedGroups, "groups"),
            (SignatureAlgorithms, "schemes"),
            (SupportedVersions, "versions"),
        ):
            extension: Any = find(hello.extensions, kind)
            if extension is not None:
                assert getattr(extension, name)[0] in GREASE
        shares = find(hello.extensions, ClientKeyShares)
        assert (shares is not None) == (TLS_1_3 in versions)
        if shares is not None:
            assert shares.entries[0].group in GREASE


def test_without_it_there_are_none() -> None:
    client, _ = meet(client_configuration(versions=(TLS_1_3,)), server_configuration(versions=(TLS_1_3,)))
    [hello] = hellos_of(client)
    assert not GREASE.keys() & {extension.extension_type for extension in hello.extensions or ()}
    assert not GREASE.keys() & set(hello.cipher_suites)


def test_the_second_hello_has_the_same_and_no_share() -> None:
    store = SessionStore()
    ours = client_configuration(
        versions=(TLS_1_3,),
        groups=(GROUPS[29], GROUPS[23]),
        key_shares=(GROUPS[29],),
        grease=True,
        sessions=store,
    )
    theirs = server_configuration(versions=(TLS_1_3,), groups=(GROUPS[23],), ticket_keys=TicketKeys(), grease=True)
    for resumed in (False, True):  # the second time, the PSK is the last extension all the same
        client, server = meet(ours, theirs)
        assert (client.error, server.error) == (None, None)
        assert client.got(RetryRequested)
        first, second = hellos_of(client)
        assert first.cipher_suites == second.cipher_suites
        shares = find(second.extensions, ClientKeyShares)
        assert shares is not None
        assert [entry.group for entry in shares.entries] == [23]
        assert isinstance((second.extensions or ())[-1], OfferedPSKs) == resumed
        assert client.got(TicketReceived)


def test_a_server_sends_them_and_a_client_ignores_them() -> None:
    who = identity("client.example")
    client, server = meet(
        client_configuration(versions=(TLS_1_3,), who=who, sessions=SessionStore()),
        server_configuration(versions=(TLS_1_3,), mutual=True, grease=True, ticket_keys=TicketKeys()),
    )
    assert (client.error, server.error) == (None, None)
    messages = [e.message for e in client.got(MessageReceived)]
    for kind in (TLS13CertificateRequest, TLS13NewSessionTicket):
        [message, *_] = [message for message in messages if isinstance(message, kind)]
        assert GREASE.keys() & {extension.extension_type for extension in message.extensions}


@VERSIONS
def test_a_server_that_answers_one_is_refused(versions: Any) -> None:
    client = Side(Connection(client_configuration(versions=versions, grease=True)))
    server = Side(Connection(server_configuration(versions=versions)))
    client.drain()
    [hello] = hellos_of(client)
    answer = (hello.extensions or ())[0]
    newer = TLS_1_3 in versions
    kind = HandshakeType.ENCRYPTED_EXTENSIONS if newer else HandshakeType.SERVER_HELLO

    def change(message: Any) -> Any:
        extensions = (*(message.extensions or ()), answer)
        return replace(message, extensions=extensions)

    say_otherwise(server.connection, kind, change)
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.UNSUPPORTED_EXTENSION
    assert client.got(HandshakeCompleted) == []


def test_the_values_are_drawn() -> None:
    assert set(grease_values(bytes(range(256)))) == set(GREASE)
    hello = ClientHello(TLS_1_2, bytes(32), b"", (0xC02F,), (0,), None)
    same = greased(hello, [0x0A0A] * 6, has_shares=True)
    assert same.extensions == (UnknownExtension(0x0A0A, b""), UnknownExtension(0x1A1A, b"\0"))
