"""A certificate that the server asks for after the handshake."""

from typing import Any

import pytest

from handshake.events import (
    AlertReceived,
    ApplicationData,
    HandshakeCompleted,
    OwnCertificateNotShown,
    PeerAuthenticated,
)
from handshake.machine import State
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.support.parties import Side, client_configuration, identity, meet, server_configuration, talk

ONLY: dict[str, Any] = {"versions": (TLS_1_3,)}
WHO = identity("client.example")


def connected(client: Any = {}, server: Any = {}) -> tuple[Side, Side]:  # noqa: B006 - never changed
    sides = meet(
        client_configuration(**{**ONLY, "who": WHO, "certificate_on_request": True} | client),
        server_configuration(**{**ONLY, "mutual": True, "certificate_on_request": True} | server),
    )
    assert [side.error for side in sides] == [None, None]
    return sides


def test_the_client_shows_who_it_is_when_it_is_asked() -> None:
    client, server = connected()
    assert server.connection.peer_chain is None
    for time in range(2):  # as often as the server likes
        server.connection.send(b"who are you?")
        server.connection.request_certificate()
        server.connection.send(b"and on we go")
        client.connection.update_keys()
        talk(client, server)
        assert (client.error, server.error) == (None, None)
        assert len(server.got(PeerAuthenticated)) == time + 1
        assert server.connection.peer_chain is not None
        assert server.connection.peer_chain[0] == WHO.chain[0]
    assert b"".join(e.data for e in client.got(ApplicationData)) == b"who are you?and on we go" * 2
    client.connection.send(b"data")
    talk(client, server)
    assert server.got(ApplicationData) == [ApplicationData(b"data")]
    assert len(server.got(HandshakeCompleted)) == 1
    client.connection.close()
    talk(client, server)
    assert (client.connection.state, server.connection.state) == (State.CLOSED, State.CLOSED)


def test_data_goes_on_while_the_answer_is_on_its_way() -> None:
    client, server = connected()
    server.connection.request_certificate()
    client.connection.receive_data(server.output())
    client.drain()
    answer = client.output()
    for byte in answer:  # the answer comes byte by byte, and in the midst of it the server sends
        server.connection.receive_data(bytes([byte]))
        server.drain()
        if server.connection.state is State.WAIT_LATE_CERTIFICATE_VERIFY:
            server.connection.send(b"-")
            server.connection.update_keys()
            client.connection.receive_data(server.output())
            client.drain()
    assert (client.error, server.error) == (None, None)
    assert len(server.got(PeerAuthenticated)) == 1
    assert set(b"".join(e.data for e in client.got(ApplicationData))) == {ord("-")}


@pytest.mark.parametrize("required", [True, False])
def test_a_client_without_a_certificate(required: bool) -> None:
    client, server = connected({"who": None}, {"require_client_certificate": required})
    server.connection.request_certificate()
    talk(client, server)
    assert client.got(OwnCertificateNotShown) == [OwnCertificateNotShown("the client has none")]
    if required:
        assert isinstance(server.error, RemoteProtocolError)
        assert server.error.alert is AlertDescription.CERTIFICATE_REQUIRED
        assert client.got(AlertReceived)[-1].description is AlertDescription.CERTIFICATE_REQUIRED
    else:
        assert server.got(PeerAuthenticated) == [PeerAuthenticated(None)]
        assert server.connection.state is State.CONNECTED


def test_a_client_that_nobody_trusts() -> None:
    client, server = connected({"who": identity("client.example", issuer="another root")})
    server.connection.request_certificate()
    talk(client, server)
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.UNKNOWN_CA


def test_who_cannot_be_asked() -> None:
    client, server = connected({"certificate_on_request": False})
    with pytest.raises(LocalProtocolError, match="answers no such request"):
        server.connection.request_certificate()
    with pytest.raises(LocalProtocolError, match="only a server of TLS"):
        client.connection.request_certificate()
    _, server = connected()
    server.connection.request_certificate()
    with pytest.raises(LocalProtocolError, match="was asked already"):
        server.connection.request_certificate()
    _, server = meet(
        client_configuration(versions=(TLS_1_2,), who=WHO), server_configuration(versions=(TLS_1_2,), mutual=True)
    )
    with pytest.raises(LocalProtocolError, match="only a server of TLS"):
        server.connection.request_certificate()


def test_a_request_that_was_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    client, server = connected()
    client.connection._party._handshake = None  # type: ignore[union-attr]  # as if it had not offered to answer
    server.connection.request_certificate()
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.UNEXPECTED_MESSAGE


def test_an_answer_to_no_request() -> None:
    client, server = connected()
    server.connection.request_certificate()
    client.connection.receive_data(server.output())
    client.drain()
    server.connection._party._request = None  # type: ignore[union-attr]  # as if it had not asked
    talk(client, server)
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.UNEXPECTED_MESSAGE


def test_an_answer_to_another_request() -> None:
    client, server = connected()
    server.connection.request_certificate()
    server.connection._party._context = b"another"  # type: ignore[union-attr]
    talk(client, server)
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.ILLEGAL_PARAMETER


def test_an_answer_that_comes_after_the_goodbye() -> None:
    client, server = connected()
    server.connection.request_certificate()
    request = server.output()
    server.connection.close()
    client.connection.receive_data(request)
    client.drain()
    client.connection.send(b"bye")
    client.connection.close()
    talk(client, server)
    assert (client.error, server.error) == (None, None)
    assert (client.connection.state, server.connection.state) == (State.CLOSED, State.CLOSED)


def test_a_request_that_comes_after_the_goodbye() -> None:
    client, server = connected()
    client.connection.close()
    server.connection.request_certificate()
    talk(client, server)
    assert (client.error, server.error) == (None, None)
    assert (client.connection.state, server.connection.state) == (State.CLOSED, State.CLOSED)
