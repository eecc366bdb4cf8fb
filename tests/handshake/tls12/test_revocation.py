"""A peer whose certificate was revoked is refused, in a full handshake and where a session would be resumed."""

from functools import cache
from typing import Any

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


def ended(*names: str) -> CertificateRevocationList:
    """A list of the root's whose time is over."""
    entries = [RevokedCertificate(identity(name).chain[0].serial_number, NOW - 3 * DAY) for name in names]
    return authority().issue_crl(
        entries, number=1, this_update=NOW - 2 * DAY, next_update=NOW - DAY, signature_algorithm=RSA_PKCS1_SHA256
    )


@pytest.mark.parametrize("whose", ["client.example", "server.example"])
def test_who_demands_a_decision_lets_nobody_in_by_a_list_that_has_ended(whose: str) -> None:
    """The list has ended, begins only later, is signed by somebody else, or is missing."""
    later = authority().issue_crl(
        [], number=2, this_update=NOW + DAY, next_update=NOW + 2 * DAY, signature_algorithm=RSA_PKCS1_SHA256
    )
    foreign = authority("another").issue_crl(
        [], number=1, this_update=NOW - DAY, next_update=NOW + DAY, signature_algorithm=RSA_PKCS1_SHA256
    )
    for crls in ([], [ended()], [later], [foreign]):
        strict: dict[str, Any] = {"crls": crls, "require_revocation_status": True}
        client, server = meet(
            client_configuration(who=identity("client.example"), **(strict if whose == "server.example" else {})),
            server_configuration(mutual=True, **(strict if whose == "client.example" else {})),
        )
        strict_side = client if whose == "server.example" else server
        assert refused(strict_side) is AlertDescription.CERTIFICATE_UNKNOWN
    strict = {"crls": [list_of()], "require_revocation_status": True}
    client, server = meet(
        client_configuration(who=identity("client.example"), **strict), server_configuration(mutual=True, **strict)
    )
    assert (client.error, server.error) == (None, None)


def test_an_entry_of_a_list_that_has_ended_still_counts() -> None:
    client, _ = meet(client_configuration(crls=[ended("server.example")]), server_configuration())
    assert refused(client) is AlertDescription.CERTIFICATE_REVOKED
    client, server = meet(client_configuration(crls=[ended("another.example")]), server_configuration())
    assert (client.error, server.error) == (None, None)
