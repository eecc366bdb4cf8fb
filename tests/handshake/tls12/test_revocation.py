"""A peer whose certificate was revoked is refused, in a full handshake and where a session would be resumed."""

from functools import cache

import pytest

from handshake.sessions.stores import SessionCache, SessionStore
from pki.crl import CertificateRevocationList, RevokedCertificate
from pki.signatures import RSA_PKCS1_SHA256
from record.alerts import AlertDescription, RemoteProtocolError
from tests.handshake.support.parties import (
    DAY,
    NOW,
    Side,
    authority,
    client_configuration,
    identity,
    meet,
    server_configuration,
)


@cache
def list_of(*names: str) -> CertificateRevocationList:
    """The root's list, on which the certificates of these are."""
    entries = [RevokedCertificate(identity(name).chain[0].serial_number, NOW - DAY) for name in names]
    return authority().issue_crl(
        entries, number=1, this_update=NOW - DAY, next_update=NOW + DAY, signature_algorithm=RSA_PKCS1_SHA256
    )


def refused(side: Side) -> AlertDescription:
    assert isinstance(side.error, RemoteProtocolError), side.error
    assert not side.error.received
    return side.error.alert


def test_a_server_that_was_revoked() -> None:
    client, server = meet(client_configuration(crls=[list_of("server.example")]), server_configuration())
    assert refused(client) is AlertDescription.CERTIFICATE_REVOKED
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.received


def test_a_client_that_was_revoked() -> None:
    client, server = meet(
        client_configuration(who=identity("client.example")),
        server_configuration(mutual=True, crls=[list_of("client.example")]),
    )
    assert refused(server) is AlertDescription.CERTIFICATE_REVOKED
    assert isinstance(client.error, RemoteProtocolError)


def test_somebody_else_was_revoked() -> None:
    crls = [list_of("another.example")]
    client, server = meet(
        client_configuration(who=identity("client.example"), crls=crls), server_configuration(mutual=True, crls=crls)
    )
    assert (client.error, server.error) == (None, None)
    assert client.connection.parameters is not None


@pytest.mark.parametrize("whose", ["client.example", "server.example"])
def test_a_session_of_somebody_who_was_revoked_since_is_not_resumed(whose: str) -> None:
    kept, cache = SessionStore(), SessionCache()

    def meet_again(time: int, crls: tuple[CertificateRevocationList, ...] = ()) -> tuple[Side, Side]:
        return meet(
            client_configuration(
                f"client {time}",
                who=identity("client.example"),
                sessions=kept,
                crls=crls if whose == "server.example" else (),
            ),
            server_configuration(
                f"server {time}", mutual=True, session_cache=cache, crls=crls if whose == "client.example" else ()
            ),
        )

    for time, resumed in enumerate((False, True)):
        client, server = meet_again(time)
        assert (client.error, server.error) == (None, None)
        assert client.connection.parameters is not None
        assert (client.connection.parameters.resumption is not None) is resumed
    client, server = meet_again(2, (list_of(whose),))
    assert refused(client if whose == "server.example" else server) is AlertDescription.CERTIFICATE_REVOKED
