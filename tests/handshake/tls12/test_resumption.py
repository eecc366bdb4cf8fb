"""Sessions that are resumed, and those that must not be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handshake.connection import Connection
from handshake.events import (
    AlertReceived,
    ApplicationData,
    HandshakeCompleted,
    MessageReceived,
    MessageSent,
    SessionNotResumed,
    SessionResumed,
)
from handshake.machine import State
from handshake.messages.extensions import (
    EncryptThenMAC,
    ExtendedMasterSecret,
    ServerNameAcknowledged,
    SessionTicket,
    find,
)
from handshake.messages.handshake import write_message
from handshake.messages.hello import ClientHello
from handshake.messages.keys import NewSessionTicket
from handshake.parameters import Resumption
from handshake.registries.codes import HandshakeType, Role
from handshake.sessions.state import SessionState
from handshake.sessions.stores import SessionCache, SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.suites.table import SUITES
from pki.fields.extensions import Purpose
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import ContentType
from record.layer import RecordLayer
from tests.handshake.support.parties import (
    DAY,
    NOW,
    RSA_SUITES,
    Side,
    authority,
    client_configuration,
    identity,
    meet,
    seeded,
    server_configuration,
    talk,
    tls12,
)
from tests.handshake.tls12.test_conversation import names
from tests.handshake.tls12.test_faults import Change, adding, say_otherwise, without

HOUR = timedelta(hours=1)
WAYS = pytest.mark.parametrize("by", Resumption)


class Pair:
    """A client and a server that keep sessions, and meet again and again."""

    def __init__(self, by: Resumption, *, mutual: bool = False, suite: int = 0xC014) -> None:
        self.now = NOW
        self.store = SessionStore()
        self.cache, self.keys = SessionCache(), TicketKeys(random_bytes=seeded("keys"))
        keeping: dict[str, Any] = (
            {"ticket_keys": self.keys} if by is Resumption.TICKET else {"session_cache": self.cache}
        )
        self.client = client_configuration(
            who=identity("client.example") if mutual else None,
            suites=(SUITES[suite],),
            sessions=self.store,
            clock=lambda: self.now,
        )
        self.server = server_configuration(
            mutual=mutual, suites=(SUITES[suite], *RSA_SUITES), clock=lambda: self.now, **keeping
        )
        self._meetings = 0

    def meet(self, *, client: Any = {}, server: Any = {}) -> tuple[Side, Side]:  # noqa: B006 - never changed
        """Let them meet, with other configurations than usual."""
        self._meetings += 1
        fresh: dict[str, Any] = {"random_bytes": seeded(self._meetings)}
        return meet(replace(self.client, **fresh, **client), replace(self.server, **fresh, **server))

    def state(self) -> SessionState:
        """What the client keeps of the session."""
        [session] = self.store._sessions.values()
        assert isinstance(session.state, SessionState)
        return session.state

    def change(self, **changes: Any) -> None:
        """Change what both sides keep."""
        [(name, session)] = self.store._sessions.items()
        changed = replace(session.state, **changes)
        self.store.put(name, replace(session, state=changed))
        for session_id, state in self.cache._sessions.items():
            self.cache.put(session_id, replace(state, **changes))


def resumption(side: Side) -> Resumption | None:
    assert side.error is None, side.error
    assert side.connection.parameters is not None
    return side.connection.parameters.resumption


def exchange(client: Side, server: Side) -> None:
    client.connection.send(b"a question")
    talk(client, server)
    server.connection.send(b"an answer")
    talk(client, server)
    assert server.got(ApplicationData) == [ApplicationData(b"a question")]
    assert client.got(ApplicationData) == [ApplicationData(b"an answer")]


@WAYS
@pytest.mark.parametrize("mutual", [False, True])
@pytest.mark.parametrize("suite", [0xC014, 0xC030, 0xFF01])
def test_a_session_is_resumed(by: Resumption, mutual: bool, suite: int) -> None:
    pair = Pair(by, mutual=mutual, suite=suite)
    first = pair.meet()
    assert [resumption(side) for side in first] == [None, None]
    for _ in range(2):
        client, server = again = pair.meet()
        assert [resumption(side) for side in again] == [by, by]
        exchange(*again)
        assert client.connection.parameters == server.connection.parameters
        for side, before in zip(again, first, strict=True):
            assert side.connection.peer_chain == before.connection.peer_chain  # who the peer is, is still known
            assert side.got(SessionResumed) == [SessionResumed(by)]
            assert tls12(side.connection).master_secret._value == tls12(before.connection).master_secret._value
        assert names(event.message for event in client.got(MessageSent)) == "ClientHello ChangeCipherSpec Finished"
        assert names(event.message for event in client.got(MessageReceived)) == "ServerHello ChangeCipherSpec Finished"
        hello = client.got(MessageReceived)[0].message
        assert find(hello.extensions, ServerNameAcknowledged) is None  # RFC 6066 §3
    assert (server.connection.peer_chain is not None) == mutual
    assert len(pair.cache) == (by is Resumption.SESSION_ID)


def test_the_keys_are_new_though_the_master_secret_is_old() -> None:
    pair = Pair(Resumption.TICKET)
    pair.meet()
    sent = set()
    for _ in range(3):
        client, _ = pair.meet()
        client.connection.send(b"the same")
        sent.add(client.connection.data_to_send()[21:])  # without header and IV
    assert len(sent) == 3


def test_a_resumed_session_is_logged_for_wireshark() -> None:
    lines: list[str] = []
    pair = Pair(Resumption.SESSION_ID)
    for _ in range(2):
        pair.meet(client={"key_log": lines.append})
    (_, random, secret), (_, random_again, secret_again) = (line.split() for line in lines)
    assert random != random_again
    assert secret == secret_again


def test_a_ticket_comes_before_the_id() -> None:
    pair = Pair(Resumption.TICKET)
    both = {"session_cache": pair.cache}
    client, _ = pair.meet(server=both)
    assert client.got(MessageReceived)[0].message.session_id == b""  # RFC 5077 §3.4
    assert len(pair.cache) == 0
    assert resumption(pair.meet(server=both)[0]) is Resumption.TICKET
    # A client that knows no tickets gets an ID.
    client, _ = pair.meet(client={"sessions": None}, server=both)
    assert len(client.got(MessageReceived)[0].message.session_id) == 32
    assert len(pair.cache) == 1


def reason(side: Side) -> str:
    assert resumption(side) is None
    [event] = side.got(SessionNotResumed)
    return str(event.reason)


@WAYS
def test_sessions_grow_old(by: Resumption) -> None:
    pair = Pair(by)
    pair.meet()
    pair.now = NOW + 2 * HOUR - timedelta(seconds=1)
    assert resumption(pair.meet()[0]) is by
    pair.now = NOW + 2 * HOUR
    _, server = pair.meet()
    if by is Resumption.SESSION_ID:
        assert "not any more" in reason(server)
    else:
        assert reason(server) == "the client asks for none"  # by the lifetime hint
    pair.now = NOW + 3 * HOUR  # and the new one is as young as it is
    assert resumption(pair.meet()[0]) is by


def test_a_ticket_outlives_its_session_for_nobody() -> None:
    """Though the key of the ticket is there still, and the client does not heed the lifetime hint."""
    pair = Pair(Resumption.TICKET)
    pair.meet()
    [(name, session)] = pair.store._sessions.items()
    pair.store.put(name, replace(session, expires=NOW + DAY))
    pair.now = NOW + 2 * HOUR
    assert reason(pair.meet()[1]) == "the session of the ticket is too old"


@pytest.mark.parametrize("change", [{"server_name": "other.example"}, {"extended_master_secret": False}])
def test_what_a_store_should_not_have_kept_is_not_offered(change: dict[str, Any]) -> None:
    pair = Pair(Resumption.SESSION_ID)
    pair.meet()
    pair.change(**change)
    client = Side(Connection(pair.client))
    client.drain()
    assert client.got(MessageSent)[0].message.session_id == b""


def test_no_client_keeps_a_session_for_longer_than_a_day() -> None:
    pair = Pair(Resumption.SESSION_ID)
    pair.meet()
    pair.now = NOW + 24 * HOUR - timedelta(seconds=1)
    assert pair.store.get("server.example", at=pair.now) is not None
    client = Side(Connection(replace(pair.client, clock=lambda: NOW + 24 * HOUR)))
    client.drain()
    assert client.got(MessageSent)[0].message.session_id == b""


def test_a_ticket_is_renewed_before_its_key_is_forgotten() -> None:
    pair = Pair(Resumption.TICKET)
    pair.keys.seal(b"", at=NOW - HOUR)  # the key is an hour old already
    client, _ = pair.meet()
    [first] = [e.message for e in client.got(MessageReceived) if isinstance(e.message, NewSessionTicket)]
    assert first.lifetime_hint == 7200
    pair.now = NOW + HOUR
    client, server = pair.meet()
    assert resumption(client) is resumption(server) is Resumption.TICKET
    assert names(event.message for event in client.got(MessageReceived)) == (
        "ServerHello NewSessionTicket ChangeCipherSpec Finished"
    )
    renewed = client.got(MessageReceived)[1].message
    assert renewed.lifetime_hint == 3600  # the session does not get younger
    assert pair.state().created == NOW
    assert renewed.ticket[:16] != first.ticket[:16]  # RFC 5077 §4: the name of the key
    exchange(client, server)
    client, server = pair.meet()
    assert resumption(client) is Resumption.TICKET
    assert names(event.message for event in client.got(MessageReceived)) == "ServerHello ChangeCipherSpec Finished"
    pair.now = NOW + 2 * HOUR
    assert resumption(pair.meet()[0]) is None


def test_tickets_of_other_keys_and_spoilt_ones_are_no_error() -> None:
    pair = Pair(Resumption.TICKET)
    pair.meet()
    [(name, session)] = pair.store._sessions.items()
    whole = session.ticket
    for ticket in (whole[:-1], whole + b"\0", whole[:16], b"x", bytes(len(whole)), whole[:40] + b"\1" + whole[41:]):
        pair.store.put(name, replace(session, ticket=ticket))
        client, server = pair.meet()
        assert "not sealed with a key" in reason(server)
        assert reason(client) == "the server refuses"
    pair.store.put(name, session)
    assert "not sealed" in reason(pair.meet(server={"ticket_keys": TicketKeys()})[1])
    pair.store.put(name, session)
    _, server = pair.meet(server={"ticket_keys": None, "session_cache": SessionCache()})
    assert "not known here" in reason(server)


FULL_HANDSHAKES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("another suite of the server", {}, {"suites": RSA_SUITES}, "not accepted any more"),
    ("no extended master secret", {}, {"extended_master_secret": False}, "extended master secret any more"),
    ("no encrypt-then-MAC", {}, {"encrypt_then_mac": False}, "another order"),
    ("no client certificate", {}, {"client_roots": (authority().certificate,)}, "requires one"),
]


@WAYS
@pytest.mark.parametrize(
    ("server", "why"), [case[2:] for case in FULL_HANDSHAKES], ids=[case[0] for case in FULL_HANDSHAKES]
)
def test_what_the_server_does_not_resume(by: Resumption, server: dict[str, Any], why: str) -> None:
    pair = Pair(by)
    pair.client = replace(pair.client, suites=(SUITES[0xC014], SUITES[0x003C]))
    pair.meet()
    sides = pair.meet(server=server)
    [event] = sides[1].got(SessionNotResumed)
    assert why in event.reason
    if "client_roots" in server:
        assert isinstance(sides[1].error, RemoteProtocolError)  # it is asked for in the full handshake, and not shown
        assert sides[1].error.alert is AlertDescription.HANDSHAKE_FAILURE
    else:
        assert [resumption(side) for side in sides] == [None, None]


@WAYS
def test_a_client_that_showed_its_certificate(by: Resumption) -> None:
    pair = Pair(by, mutual=True)
    pair.meet()
    # The server trusts others now.
    _, server = pair.meet(server={"client_roots": (authority("another root").certificate,)})
    assert "does not hold any more" in server.got(SessionNotResumed)[0].reason
    # It does not ask any more: then it has nobody to trust, either.
    pair.meet()
    _, server = pair.meet(server={"client_roots": ()})
    assert "does not hold any more" in reason(server)
    # The certificate has expired.
    short = identity("short.example", end=NOW + HOUR)
    pair = Pair(by, mutual=True)
    pair.client = replace(pair.client, certificate_chain=short.chain, private_key=short.private_key)
    pair.meet()
    pair.now = NOW + HOUR + timedelta(seconds=1)
    assert "expired" in pair.meet()[1].got(SessionNotResumed)[0].reason
    # One that is wanted and was not shown is not asked for again.
    pair = Pair(by)
    wanted = {"client_roots": (authority().certificate,), "require_client_certificate": False}
    pair.meet(server=wanted)
    assert resumption(pair.meet(server=wanted)[1]) is by


@WAYS
def test_what_the_client_does_not_offer(by: Resumption) -> None:
    others: list[dict[str, Any]] = [
        {"roots": (authority("another root").certificate,)},
        {"suites": (SUITES[0xC014], SUITES[0xC030])},
        {"signature_schemes": client_configuration().tls12_schemes[:-1]},
        {"groups": client_configuration().groups[:-1]},
        {"encrypt_then_mac": False},
        {"extended_master_secret": False},
        {
            "certificate_chain": identity("client.example").chain,
            "private_key": identity("client.example").private_key,
        },
        {"server_name": "192.0.2.1"},
        {"clock": lambda: NOW + DAY + HOUR},
    ]
    pair = Pair(by)
    pair.meet()
    [session] = pair.store._sessions.values()
    for other in others:
        store = SessionStore()
        configuration = replace(pair.client, **{"sessions": store} | other)
        store.put(configuration.server_name, replace(session, expires=NOW + 10 * DAY))
        client = Side(Connection(configuration))
        client.drain()
        hello = client.got(MessageSent)[0].message
        assert hello.session_id == b"", other
    # And the same configuration offers it.
    client = Side(Connection(pair.client))
    client.drain()
    assert client.got(MessageSent)[0].message.session_id != b""


def test_sessions_are_of_one_server_name() -> None:
    """RFC 6066 §3: whatever the client thinks, the server looks at the name."""
    pair = Pair(Resumption.SESSION_ID)
    pair.meet()
    client = Side(Connection(pair.client))
    server = Side(Connection(pair.server))
    [(session_id, state)] = pair.cache._sessions.items()
    pair.cache.put(session_id, replace(state, server_name="other.example"))
    talk(client, server)
    assert "another server name" in reason(server)
    assert resumption(client) is None


def answer(pair: Pair, change: Change) -> Side:
    """The server that gets another ClientHello than the client would send."""
    client, server = Side(Connection(pair.client)), Side(Connection(pair.server))
    party: Any = client.connection._party
    for record in RecordLayer().send(ContentType.HANDSHAKE, write_message(change(party._hello))):
        server.connection.receive_data(record.wire)
    server.drain()
    return server


def is_ticket(message: object) -> bool:
    return isinstance(message, NewSessionTicket)


@WAYS
def test_client_hellos_that_must_not_be(by: Resumption) -> None:
    pair = Pair(by)
    pair.meet()
    # RFC 5246 §7.4.1.2: the suite of the session "MUST" be offered.
    server = answer(pair, lambda hello: replace(hello, cipher_suites=(0x003C,)))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.ILLEGAL_PARAMETER
    pair = Pair(by)
    pair.meet()
    # RFC 7627 §5.3: "the server MUST abort".
    server = answer(pair, without(ExtendedMasterSecret))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.HANDSHAKE_FAILURE
    pair = Pair(by)
    pair.meet()
    server = answer(pair, without(EncryptThenMAC))
    assert "another order" in server.got(SessionNotResumed)[0].reason


@WAYS
@pytest.mark.parametrize("mutual", [False, True])
def test_sessions_without_the_extended_master_secret(by: Resumption, mutual: bool) -> None:
    """RFC 7627 §5.3. A client of ours never offers one; a server resumes it only where nothing depends on it."""
    pair = Pair(by, mutual=mutual)
    client, _ = pair.meet(client={"extended_master_secret": False})
    assert len(pair.store) == 0  # the client does not even keep it
    # A client that would resume it all the same.
    session_id = client.got(MessageReceived)[0].message.session_id
    tickets = [event.message.ticket for event in client.got(MessageReceived) if is_ticket(event.message)]

    def offer(hello: ClientHello) -> ClientHello:
        said: Any = adding(SessionTicket(*tickets))(without(SessionTicket)(hello))
        changed: ClientHello = replace(said, session_id=session_id or bytes(32))
        return changed

    server = answer(pair, lambda hello: offer(without(ExtendedMasterSecret)(hello)))  # type: ignore[arg-type]  # a ClientHello
    if mutual:
        assert server.got(SessionResumed) == []
        assert tickets == ([b""] if by is Resumption.TICKET else [])
    else:
        assert server.got(SessionResumed) == [SessionResumed(by)]
        # With the extension in the new hello, it "MUST NOT" be resumed.
        [event] = answer(pair, offer).got(SessionNotResumed)
        assert "the client knows that now" in event.reason


SERVER_HELLOS: list[tuple[str, Change, AlertDescription]] = [
    ("another suite", lambda h: replace(h, cipher_suite=0xC030), AlertDescription.ILLEGAL_PARAMETER),
    ("no extended master secret", without(ExtendedMasterSecret), AlertDescription.HANDSHAKE_FAILURE),
    ("no encrypt-then-MAC", without(EncryptThenMAC), AlertDescription.HANDSHAKE_FAILURE),
    ("no session ID", lambda h: replace(h, session_id=b""), AlertDescription.UNEXPECTED_MESSAGE),
    ("another session ID", lambda h: replace(h, session_id=bytes(32)), AlertDescription.UNEXPECTED_MESSAGE),
]


@WAYS
@pytest.mark.parametrize(("change", "alert"), [c[1:] for c in SERVER_HELLOS], ids=[c[0] for c in SERVER_HELLOS])
def test_server_hellos_that_must_not_be(by: Resumption, change: Change, alert: AlertDescription) -> None:
    pair = Pair(by)
    pair.client = replace(pair.client, suites=(SUITES[0xC014], SUITES[0xC030]))
    pair.meet()
    client, server = Side(Connection(pair.client)), Side(Connection(pair.server))
    say_otherwise(server.connection, HandshakeType.SERVER_HELLO, change)
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert (client.error.alert, client.error.received) == (alert, False)
    assert len(pair.store) == 0  # RFC 5246 §7.2.2: the client resumes it no more
    assert len(pair.cache) == (by is Resumption.SESSION_ID)  # nobody has shown the server that the session is theirs


@WAYS
@pytest.mark.parametrize("victim", Role)
def test_a_fatal_alert_ends_the_session(by: Resumption, victim: Role) -> None:
    """RFC 5246 §7.2.2, on either side; a ticket cannot be taken back, so there only the client forgets."""
    pair = Pair(by)
    client, server = pair.meet()
    assert len(pair.store) == 1
    junk = b"\x17\3\3\0\x40" + bytes(64)
    (client if victim is Role.CLIENT else server).connection.receive_data(junk)
    talk(client, server)
    assert client.got(AlertReceived) or server.got(AlertReceived)
    assert client.connection.state is server.connection.state is State.FAILED
    assert len(pair.store) == len(pair.cache) == 0
    assert resumption(pair.meet()[1]) is None


def test_a_cut_does_not_end_the_session() -> None:
    """RFC 5246 §7.2.1: "failure to properly close a connection no longer requires that a session not be resumed"."""
    pair = Pair(Resumption.SESSION_ID)
    for side in pair.meet():
        side.connection.receive_data(b"")
        side.drain()
        assert side.connection.state is State.FAILED
    assert resumption(pair.meet()[0]) is Resumption.SESSION_ID


def test_a_session_that_another_has_replaced_is_not_forgotten_with_it() -> None:
    pair = Pair(Resumption.TICKET)
    first, _ = pair.meet()
    pair.meet(client={"sessions": pair.store}, server={"ticket_keys": TicketKeys()})  # a new session
    first.connection.receive_data(b"\xff" * 5)
    first.drain()
    assert first.connection.state is State.FAILED
    assert len(pair.store) == 1


def test_an_empty_ticket_is_none() -> None:
    """RFC 5077 §3.3: a server that has promised a ticket may think better of it."""
    pair = Pair(Resumption.TICKET)
    client, server = Side(Connection(pair.client)), Side(Connection(pair.server))
    say_otherwise(server.connection, HandshakeType.NEW_SESSION_TICKET, lambda message: NewSessionTicket(0, b""))
    talk(client, server)
    exchange(client, server)
    assert len(pair.store) == 0


def test_protocols_are_of_the_connection() -> None:
    """RFC 7301 §3.1: "the previous contents of this extension are irrelevant"."""
    pair = Pair(Resumption.TICKET)
    for protocols, expected in ((["a"], "a"), (["b", "a"], "b"), ([], None)):
        client, server = pair.meet(client={"protocols": protocols}, server={"protocols": ["b", "a"]})
        for side in (client, server):
            assert side.connection.parameters is not None
            assert side.connection.parameters.protocol == expected
    assert resumption(client) is Resumption.TICKET


def test_a_ticket_holds_nothing_that_can_be_read() -> None:
    pair = Pair(Resumption.TICKET, mutual=True)
    client, _ = pair.meet()
    [ticket] = [e.message.ticket for e in client.got(MessageReceived) if isinstance(e.message, NewSessionTicket)]
    secret = tls12(client.connection).master_secret._value
    assert secret not in ticket
    assert b"client.example" not in ticket
    opened = pair.keys.open(ticket, at=NOW)
    assert opened is not None
    assert secret in opened.state  # only the holder of the key sees it
    assert secret.hex() not in repr(opened) + repr(pair.state()) + repr(pair.keys)


def test_the_purpose_of_a_certificate_is_looked_at_again() -> None:
    pair = Pair(Resumption.SESSION_ID, mutual=True)
    pair.meet()
    [(session_id, state)] = pair.cache._sessions.items()
    server_only = identity("server.example", purposes=(Purpose.SERVER_AUTH,)).chain[0].to_der()
    pair.cache.put(session_id, replace(state, peer_certificates=(server_only,)))
    _, server = pair.meet()
    assert "does not hold any more" in reason(server)
    assert server.got(HandshakeCompleted)[0].peer_chain is not None  # in the full handshake
