from collections.abc import Iterable

import pytest

from handshake.events import (
    ApplicationData,
    ConnectionClosed,
    FinishedVerified,
    HandshakeCompleted,
    MasterSecretAgreed,
    MessageReceived,
    MessageSent,
    PeerCertificateVerified,
)
from handshake.machine import State
from handshake.registries.signature_schemes import Authentication
from handshake.suites.table import SUITES, CipherSuite
from tests.handshake.support.parties import Identity, client_configuration, identity, meet, server_configuration, talk

FEATURES = [(False, True, True), (True, True, True), (True, False, False), (False, False, True), (False, True, False)]
TALKS = [  # the everyday run has one or two with each suite, and each of these features with many
    pytest.param(suite, *features, marks=[] if (turn + i) % 3 == 0 else pytest.mark.slow)
    for turn, suite in enumerate(SUITES.values())
    for i, features in enumerate(FEATURES)
]
"""A suite, and whether with a client's certificate, encrypt-then-MAC and extended master secret."""


def server_of(suite: CipherSuite) -> Identity:
    return identity("server.example", kind="P-256" if suite.authentication is Authentication.ECDSA else "RSA")


@pytest.mark.parametrize(("suite", "mutual", "encrypt_then_mac", "extended"), TALKS)
def test_client_and_server_talk(suite: CipherSuite, mutual: bool, encrypt_then_mac: bool, extended: bool) -> None:
    client, server = meet(
        client_configuration(
            who=identity("client.example") if mutual else None,
            suites=(suite,),
            encrypt_then_mac=encrypt_then_mac,
        ),
        server_configuration(mutual=mutual, who=server_of(suite), suites=(suite,), extended_master_secret=extended),
    )
    assert client.error is None
    assert server.error is None
    for side in (client, server):
        assert side.connection.state is State.CONNECTED
        parameters = side.connection.parameters
        assert parameters is not None
        assert parameters.suite is suite
        assert (parameters.encrypt_then_mac, parameters.extended_master_secret) == (
            encrypt_then_mac and suite.cipher.is_block_cipher,
            extended,
        )
        assert parameters.server_name == "server.example"
    assert client.connection.parameters == server.connection.parameters
    assert client.connection.peer_chain is not None
    assert client.connection.peer_chain[0] == server_of(suite).chain[0]
    assert (server.connection.peer_chain is not None) == mutual
    for data in (b"x", b"a message of a certain length", bytes(20_000)):
        client.connection.send(data)
        server.connection.send(data[::-1])
        talk(client, server)
        assert b"".join(event.data for event in server.got(ApplicationData)) == data
        assert b"".join(event.data for event in client.got(ApplicationData)) == data[::-1]
        client.events.clear()
        server.events.clear()
    client.connection.close()
    talk(client, server)
    assert client.events[-1] == server.events[-1] == ConnectionClosed(confirmed=True)
    assert client.connection.state is server.connection.state is State.CLOSED


def names(things: Iterable[object]) -> str:
    return " ".join(type(thing).__name__ for thing in things)


def test_the_events_tell_the_whole_story() -> None:
    client, server = meet(client_configuration(who=identity("client.example")), server_configuration(mutual=True))
    assert names(client.events) == (
        "MessageSent MessageReceived ParametersAgreed MessageReceived PeerCertificateVerified MessageReceived "
        "MessageReceived MessageSent MessageSent PremasterSecretSent MasterSecretAgreed MessageSent MessageSent "
        "MessageSent MessageReceived MessageReceived FinishedVerified HandshakeCompleted"
    )
    assert names(server.events) == (
        "MessageReceived MessageSent ParametersAgreed MessageSent MessageSent MessageSent MessageReceived "
        "PeerCertificateVerified MessageReceived PremasterSecretReceived MasterSecretAgreed MessageReceived "
        "PeerSignatureVerified MessageReceived MessageReceived FinishedVerified MessageSent MessageSent "
        "HandshakeCompleted"
    )
    assert names(event.message for event in client.got(MessageSent)) == (
        "ClientHello CertificateMessage EncryptedPremasterSecret CertificateVerify ChangeCipherSpec Finished"
    )
    assert names(event.message for event in server.got(MessageSent)) == (
        "ServerHello CertificateMessage CertificateRequest ServerHelloDone ChangeCipherSpec Finished"
    )
    assert [e.data for e in client.got(MessageSent)] == [e.data for e in server.got(MessageReceived)]
    assert [e.data for e in server.got(MessageSent)] == [e.data for e in client.got(MessageReceived)]
    assert client.got(PeerCertificateVerified)[0].chain.checks
    assert client.got(MasterSecretAgreed) == server.got(MasterSecretAgreed)
    assert client.got(MasterSecretAgreed)[0].extended
    assert len(client.got(FinishedVerified)[0].verify_data) == 12
    assert client.got(HandshakeCompleted)[0].parameters == server.got(HandshakeCompleted)[0].parameters


def test_the_same_seeds_give_the_same_bytes() -> None:
    who = identity("client.example")
    first = meet(client_configuration(1, who=who), server_configuration(2, mutual=True))
    again = meet(client_configuration(1, who=who), server_configuration(2, mutual=True))
    other = meet(client_configuration(3, who=who), server_configuration(2, mutual=True))
    assert [side.sent for side in first] == [side.sent for side in again]
    assert first[0].sent != other[0].sent
