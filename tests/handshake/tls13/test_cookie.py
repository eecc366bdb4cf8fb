"""A server that has every client begin again, and repeat a cookie."""

from typing import Any

import pytest

from handshake.events import MessageSent, RetryRequested
from handshake.messages.extensions import find
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_extensions import ClientKeyShares, Cookie
from handshake.registries.groups import GROUPS
from handshake.tls13.client import Client
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_3
from tests.handshake.support.parties import client_configuration, meet, server_configuration

ONLY: dict[str, Any] = {"versions": (TLS_1_3,)}


@pytest.mark.parametrize("shares", [(GROUPS[29],), (GROUPS[23],)])
def test_the_cookie_is_repeated(shares: Any) -> None:
    client, server = meet(
        client_configuration(**ONLY, groups=(GROUPS[29], GROUPS[23]), key_shares=shares),
        server_configuration(**ONLY, groups=(GROUPS[29],), send_cookie=True),
    )
    assert (client.error, server.error) == (None, None)
    hellos = [e.message for e in client.got(MessageSent) if isinstance(e.message, ClientHello)]
    cookies = [find(hello.extensions, Cookie) for hello in hellos]
    assert cookies[0] is None
    assert cookies[1] is not None
    assert len(cookies[1].cookie) == 32
    told = RetryRequested("x25519" if shares != (GROUPS[29],) else "")
    assert client.got(RetryRequested) == server.got(RetryRequested) == [told]
    kept = [find(hello.extensions, ClientKeyShares) for hello in hellos]
    assert (kept[0] == kept[1]) == (shares == (GROUPS[29],))


def test_another_cookie_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    extensions = Client._extensions

    def without(self: Client) -> list[Any]:
        return [Cookie(b"another") if isinstance(e, Cookie) else e for e in extensions(self)]

    monkeypatch.setattr(Client, "_extensions", without)
    _, server = meet(client_configuration(**ONLY), server_configuration(**ONLY, send_cookie=True))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.ILLEGAL_PARAMETER
