"""Keys from outside of TLS: who has one needs no certificate, and who has it not gets no further than the hellos."""

from typing import Any

import pytest

from handshake.events import (
    AlertReceived,
    ApplicationData,
    ExternalPSKChosen,
    HandshakeCompleted,
    MessageReceived,
    MessageSent,
    TicketReceived,
)
from handshake.messages.extensions import find
from handshake.messages.tls13_authentication import TLS13CertificateMessage
from handshake.messages.tls13_extensions import OfferedPSKs, PSKKeyExchangeModes, ServerKeyShare
from handshake.registries.codes import PSK_DHE_KE, PSK_KE
from handshake.registries.groups import GROUPS
from handshake.sessions.external_psk import ExternalPSK
from handshake.sessions.stores import SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.suites.tls13 import TLS13_SUITES
from handshake.tls13 import server as server_module
from handshake.tls13.client import Client
from primitives.sha2 import sha256, sha384
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.support.parties import Side, client_configuration, meet, server_configuration, talk

KEY = ExternalPSK(b"till 7", bytes(range(32)))
OTHER = ExternalPSK(b"till 8", bytes(32), hash=sha384)
ONLY: dict[str, Any] = {"versions": (TLS_1_3,), "groups": (GROUPS[29],)}


def meet_with(ours: Any, theirs: Any, **changes: Any) -> tuple[Side, Side]:
    return meet(
        client_configuration(**{**ONLY, "external_psks": ours, "roots": ()} | changes),
        server_configuration(**{**ONLY, "external_psks": theirs} | changes),
    )


def parameters_of(side: Side) -> Any:
    [completed] = side.got(HandshakeCompleted)
    return completed.parameters


def test_a_key_takes_the_place_of_certificates() -> None:
    for ours, theirs in (([KEY], [KEY]), ([OTHER, KEY], [KEY]), ([KEY], [OTHER, KEY])):
        client, server = meet_with(ours, theirs)
        assert (client.error, server.error) == (None, None)
        for side in (client, server):
            assert side.got(ExternalPSKChosen) == [ExternalPSKChosen(b"till 7")]
            assert parameters_of(side).psk_identity == b"till 7"
            assert parameters_of(side).group is GROUPS[29]
            assert parameters_of(side).resumption is None
            assert side.connection.peer_chain is None
        assert not [e for e in client.got(MessageReceived) if isinstance(e.message, TLS13CertificateMessage)]
        client.connection.send(b"to the server")
        talk(client, server)
        assert server.got(ApplicationData) == [ApplicationData(b"to the server")]


def test_the_key_goes_with_the_hash_of_the_suite() -> None:
    for key, suite in ((KEY, 0x1301), (OTHER, 0x1302)):
        client, server = meet_with([key], [key], tls13_suites=(TLS13_SUITES[suite],))
        assert (client.error, server.error) == (None, None)
        assert parameters_of(client).psk_identity == key.identity
    # One that no suite can use is not offered; and if no other is, the server shows its certificate.
    client, server = meet_with([OTHER], [OTHER], tls13_suites=(TLS13_SUITES[0x1301],))
    assert find(client.got(MessageSent)[0].message.extensions, OfferedPSKs) is None
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.UNKNOWN_CA


def test_another_key_of_the_same_name_is_refused() -> None:
    client, server = meet_with([KEY], [ExternalPSK(KEY.identity, bytes(32))])
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.DECRYPT_ERROR
    assert client.got(HandshakeCompleted) == server.got(HandshakeCompleted) == []
    assert client.got(AlertReceived)[0].description is AlertDescription.DECRYPT_ERROR


def test_a_server_that_does_not_know_the_key_shows_its_certificate() -> None:
    client, server = meet(
        client_configuration(**ONLY, external_psks=[KEY]), server_configuration(**ONLY, external_psks=[OTHER])
    )
    assert (client.error, server.error) == (None, None)
    assert parameters_of(client).psk_identity is None
    assert client.connection.peer_chain is not None


@pytest.mark.parametrize("ours", [False, True])
@pytest.mark.parametrize("theirs", [False, True])
def test_without_a_key_exchange_only_if_both_want_that(ours: bool, theirs: bool) -> None:
    client, server = meet(
        client_configuration(**ONLY, external_psks=[KEY], psk_without_key_exchange=ours),
        server_configuration(**ONLY, external_psks=[KEY], psk_without_key_exchange=theirs),
    )
    assert (client.error, server.error) == (None, None)
    hello = client.got(MessageSent)[0].message
    modes = find(hello.extensions, PSKKeyExchangeModes)
    assert modes is not None
    assert modes.modes == ((PSK_DHE_KE, PSK_KE) if ours else (PSK_DHE_KE,))
    # Where both ways are open, the one with forward secrecy is taken.
    assert find(client.got(MessageReceived)[0].message.extensions, ServerKeyShare) is not None


@pytest.mark.parametrize("allowed", [True, False])
def test_a_client_without_a_share(monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    extensions = Client._extensions
    monkeypatch.setattr(
        Client, "_extensions", lambda self: [e for e in extensions(self) if e.extension_type not in (51, 10)]
    )
    client, server = meet(
        client_configuration(**ONLY, external_psks=[KEY], psk_without_key_exchange=True),
        server_configuration(**ONLY, external_psks=[KEY], psk_without_key_exchange=allowed),
    )
    if not allowed:
        assert isinstance(server.error, RemoteProtocolError)
        assert server.error.alert is AlertDescription.MISSING_EXTENSION
        return
    assert (client.error, server.error) == (None, None)
    for side in (client, server):
        assert parameters_of(side).group is None
        assert parameters_of(side).psk_identity == KEY.identity
    assert find(client.got(MessageReceived)[0].message.extensions, ServerKeyShare) is None


def test_a_server_that_leaves_the_key_exchange_out_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "psk_modes", lambda hello, configuration: {PSK_KE})
    client, _ = meet_with([KEY], [KEY])
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.ILLEGAL_PARAMETER


def test_both_versions_and_tickets() -> None:
    """Such a connection gives no ticket; and a server of TLS 1.2 does not know what is offered."""
    store = SessionStore()
    both = (TLS_1_3, TLS_1_2)
    for versions in ((TLS_1_3,), (TLS_1_2,)):
        client, server = meet(
            client_configuration(versions=both, external_psks=[KEY], sessions=store),
            server_configuration(versions=versions, external_psks=[KEY], ticket_keys=TicketKeys()),
        )
        assert (client.error, server.error) == (None, None)
        assert client.got(TicketReceived) == []
        assert (parameters_of(client).psk_identity is None) == (versions == (TLS_1_2,))


def test_what_is_no_key() -> None:
    for identity, key, complaint in (
        (b"", bytes(16), "identity has 0 bytes, expected 1 to 65529"),
        (bytes(65530), bytes(16), "identity has 65530 bytes"),
        (b"a", bytes(15), "the PSK has 15 bytes, expected 16 or more"),
    ):
        with pytest.raises(ValueError, match=complaint):
            ExternalPSK(identity, key)
    with pytest.raises(ValueError, match="the same identity"):
        client_configuration(external_psks=[KEY, ExternalPSK(KEY.identity, bytes(16))])
    assert ExternalPSK(b"a", bytes(16)).hash is sha256
    for form in (bytes(range(32)).hex(), repr(bytes(range(32)))[2:-1]):
        assert form not in repr(KEY)
