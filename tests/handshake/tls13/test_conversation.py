"""Whole conversations of TLS 1.3: every suite, group and scheme; retries, tickets, early data, updates, versions."""

from datetime import timedelta
from typing import Any

import pytest

from explain.trace import recording
from handshake.configuration import ClientConfiguration
from handshake.connection import Connection
from handshake.events import (
    AlertReceived,
    ApplicationData,
    EarlyData,
    EarlyDataAccepted,
    EarlyDataRefused,
    EarlyDataSent,
    HandshakeCompleted,
    KeysUpdated,
    MessageReceived,
    MessageSent,
    PeerSignatureVerified,
    RetryRequested,
    SessionNotResumed,
    SessionResumed,
    TicketReceived,
)
from handshake.machine import State
from handshake.messages.hello import ClientHello, ServerHello
from handshake.messages.tls13_keys import TLS13NewSessionTicket
from handshake.parameters import Parameters, Resumption
from handshake.registries.cipher_suites import FALLBACK_SCSV
from handshake.registries.codes import Role
from handshake.registries.groups import DEFAULT_GROUPS, GROUPS
from handshake.registries.signature_schemes import TLS13_SCHEMES, scheme_by_name
from handshake.sessions.stores import SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.suites.tls13 import TLS13_SUITES
from handshake.tls12 import client as tls12_client
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.support.parties import (
    NOW,
    Side,
    client_configuration,
    identity,
    meet,
    seeded,
    server_configuration,
    talk,
)
from tests.handshake.support.tls13_matrix import KINDS

ONLY: dict[str, Any] = {"versions": (TLS_1_3,)}
QUICK: dict[str, Any] = {"versions": (TLS_1_3,), "groups": (GROUPS[29],)}
BOTH = (TLS_1_3, TLS_1_2)
MINUTE = timedelta(minutes=1)


def both(changes: Any) -> tuple[Any, Any]:
    return client_configuration(**changes), server_configuration(**changes)


def agreed(sides: tuple[Side, Side]) -> Parameters:
    """What the two have agreed upon, after data has gone both ways."""
    assert [side.error for side in sides] == [None, None]
    for one, other in (sides, sides[::-1]):
        one.connection.send(b"data")
        talk(*sides)
        assert other.got(ApplicationData)[-1] == ApplicationData(b"data")
    client, server = (side.got(HandshakeCompleted)[0].parameters for side in sides)
    assert client == server
    found: Parameters = client
    return found


@pytest.mark.parametrize("suite", TLS13_SUITES.values(), ids=str)
def test_every_suite(suite: Any) -> None:
    for padding in (1, 256):
        parameters = agreed(meet(*both({**QUICK, "tls13_suites": (suite,), "record_padding": padding})))
        assert (parameters.version, parameters.suite) == (TLS_1_3, suite)


@pytest.mark.parametrize("group", DEFAULT_GROUPS, ids=str)
def test_every_group(group: Any) -> None:
    parameters = agreed(meet(*both({**ONLY, "groups": (group,)})))
    assert parameters.group is group
    assert not parameters.retried


@pytest.mark.parametrize("name", KINDS)
def test_every_scheme_on_both_sides(name: str) -> None:
    kind, scheme = KINDS[name], scheme_by_name(name)
    sides = meet(
        client_configuration(**QUICK, who=identity("client.example", kind=kind), signature_schemes=(scheme,)),
        server_configuration(
            **QUICK, mutual=True, who=identity("server.example", kind=kind), signature_schemes=(scheme,)
        ),
    )
    agreed(sides)
    for side in sides:
        assert side.got(PeerSignatureVerified) == [PeerSignatureVerified(scheme)]


def test_the_schemes_that_are_left_are_known() -> None:
    left = {scheme.name for scheme in TLS13_SCHEMES if scheme.in_tls13} - KINDS.keys()
    assert left == {"ecdsa_secp521r1_sha512", "mldsa44", "mldsa65", "mldsa87"}


def test_a_share_in_another_group_is_asked_for_once() -> None:
    ours = client_configuration(**ONLY, groups=(GROUPS[29], GROUPS[23]), key_shares=(GROUPS[29],))
    sides = meet(ours, server_configuration(**ONLY, groups=(GROUPS[23],)))
    parameters = agreed(sides)
    assert parameters.retried
    assert parameters.group is GROUPS[23]
    for side in sides:
        assert side.got(RetryRequested) == [RetryRequested("secp256r1")]
    hellos = [e.message for e in sides[0].got(MessageSent) if isinstance(e.message, ClientHello)]
    assert (len(hellos), hellos[0].random) == (2, hellos[1].random)
    # A share that fits is taken, though the server would prefer another group.
    sides = meet(ours, server_configuration(**ONLY, groups=(GROUPS[23], GROUPS[29])))
    assert not agreed(sides).retried


def test_no_group_in_common() -> None:
    _, server = meet(
        client_configuration(**ONLY, groups=(GROUPS[29],)), server_configuration(**ONLY, groups=(GROUPS[23],))
    )
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.HANDSHAKE_FAILURE


class Pair:
    """A client and a server that know each other from before."""

    def __init__(self, *, client: Any = {}, server: Any = {}) -> None:  # noqa: B006 - never changed
        self.store, self.keys, self.now = SessionStore(), TicketKeys(random_bytes=seeded("tickets")), NOW
        self._client, self._server, self._meetings = client, server, 0
        self.guard = server_configuration().replay_guard

    def meet(self, *, client: Any = {}, server: Any = {}) -> tuple[Side, Side]:  # noqa: B006 - never changed
        self._meetings += 1
        fresh: dict[str, Any] = {"clock": lambda: self.now, "random_bytes": seeded(self._meetings)}
        return meet(
            client_configuration(**{**QUICK, "sessions": self.store} | self._client | fresh | client),
            server_configuration(
                **{**QUICK, "ticket_keys": self.keys, "replay_guard": self.guard} | self._server | fresh | server
            ),
        )


def test_a_ticket_resumes_a_session_once() -> None:
    pair = Pair()
    first = pair.meet()
    assert agreed(first).resumption is None
    assert len(first[0].got(TicketReceived)) == 2
    pair.now += MINUTE
    again = pair.meet()
    parameters = agreed(again)
    assert parameters.resumption is Resumption.TICKET
    assert parameters.group is GROUPS[29]  # with a key exchange of its own
    for side in again:
        assert side.got(SessionResumed) == [SessionResumed(Resumption.TICKET)]
    assert again[0].connection.peer_chain == first[0].connection.peer_chain
    tickets = [
        e.message.ticket
        for sides in (first, again)
        for e in sides[0].got(MessageReceived)
        if isinstance(e.message, TLS13NewSessionTicket)
    ]
    assert len(set(tickets)) == 4
    # Without tickets, there is nothing to resume.
    assert not pair.meet(server={"tickets": 0})[0].got(TicketReceived)
    assert agreed(pair.meet()).resumption is None


@pytest.mark.parametrize(
    ("client", "server", "later"),
    [
        ({"server_name": "192.0.2.1"}, {}, MINUTE),
        ({"tls13_suites": (TLS13_SUITES[0x1302],)}, {}, MINUTE),
        ({"groups": (GROUPS[23], GROUPS[29])}, {}, MINUTE),
        ({}, {"ticket_keys": TicketKeys()}, MINUTE),
        ({}, {"tls13_suites": (TLS13_SUITES[0x1302],)}, MINUTE),
        ({}, {}, timedelta(days=8)),
    ],
)
def test_what_is_not_resumed(client: Any, server: Any, later: timedelta) -> None:
    pair = Pair()
    agreed(pair.meet())
    pair.now += later
    sides = pair.meet(client=client, server=server)
    for side in sides:
        assert side.got(SessionResumed) == []
    assert sides[0].got(SessionNotResumed) or sides[0].error is not None


EARLY: dict[str, Any] = {"client": {"early_data": b"early"}, "server": {"maximum_early_data": 100}}


def test_early_data_is_taken_once() -> None:
    pair = Pair(**EARLY)
    first = pair.meet()
    assert first[0].got(EarlyDataSent) == []
    agreed(first)
    pair.now += MINUTE
    client, server = pair.meet()
    assert agreed((client, server)).early_data
    assert client.got(EarlyDataSent) == [EarlyDataSent(5)]
    assert client.got(EarlyDataAccepted) == server.got(EarlyDataAccepted) == [EarlyDataAccepted()]
    assert server.got(EarlyData) == [EarlyData(b"early")]


def flight_of(pair: Pair) -> bytes:
    """What a client with a ticket says first, early data with it."""
    configuration = client_configuration(
        **QUICK, sessions=pair.store, early_data=b"early", clock=lambda: pair.now, random_bytes=seeded("a replay")
    )
    client = Side(Connection(configuration))
    client.drain()
    return client.output()


def test_early_data_that_is_sent_again_is_not_taken_again() -> None:
    pair = Pair(**EARLY)
    agreed(pair.meet())
    pair.now += MINUTE
    flight = flight_of(pair)
    taken = []
    for number in range(3):
        configuration = server_configuration(
            **QUICK,
            ticket_keys=pair.keys,
            replay_guard=pair.guard,
            maximum_early_data=100,
            clock=lambda: pair.now,
            random_bytes=seeded(number),
        )
        server = Side(Connection(configuration))
        server.connection.receive_data(flight)
        server.drain()
        assert server.error is None
        taken.append(server.got(EarlyData))
    assert taken == [[EarlyData(b"early")], [], []]
    assert server.got(EarlyDataRefused) == [EarlyDataRefused("it was seen before: it is a replay")]


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ({"maximum_early_data": 0}, "this server takes none"),
        ({"ticket_keys": TicketKeys()}, "its session is not resumed"),
        ({"groups": (GROUPS[23],)}, "the client had to ask again"),
    ],
)
def test_early_data_that_is_refused_is_lost_and_all_else_goes_on(server: Any, reason: str) -> None:
    pair = Pair(client={"early_data": b"early", "groups": (GROUPS[29], GROUPS[23])}, server={"maximum_early_data": 100})
    agreed(pair.meet())
    pair.now += MINUTE
    sides = pair.meet(server=server)
    assert not agreed(sides).early_data
    assert sides[0].got(EarlyDataSent) == [EarlyDataSent(5)]
    assert sides[1].got(EarlyData) == []
    assert len(sides[0].got(EarlyDataRefused)) == 1
    if reason != "the client had to ask again":
        assert sides[1].got(EarlyDataRefused) == [EarlyDataRefused(reason)]


def test_early_data_from_another_time_is_refused() -> None:
    pair = Pair(**EARLY)
    agreed(pair.meet())
    pair.now += MINUTE
    flight = flight_of(pair)
    pair.now += MINUTE
    server = Side(
        Connection(
            server_configuration(
                **QUICK, ticket_keys=pair.keys, maximum_early_data=100, clock=lambda: pair.now, replay_guard=pair.guard
            )
        )
    )
    server.connection.receive_data(flight)
    server.drain()
    [refused] = server.got(EarlyDataRefused)
    assert "the ticket's age is off by 60 seconds" in refused.reason


def test_more_early_data_than_the_ticket_allows_is_not_sent() -> None:
    pair = Pair(client={"early_data": bytes(101)}, server={"maximum_early_data": 100})
    agreed(pair.meet())
    pair.now += MINUTE
    client, server = pair.meet()
    assert client.got(EarlyDataSent) == []
    assert not agreed((client, server)).early_data


def test_keys_are_updated_when_wanted_and_by_themselves() -> None:
    client, server = meet(*both(QUICK))
    client.connection.update_keys()
    client.connection.send(b"one")
    talk(client, server)
    client.connection.update_keys(request_update=True)
    talk(client, server)
    server.connection.send(b"two")  # under new keys, as was asked
    talk(client, server)
    assert [e.sender for e in server.got(KeysUpdated)] == [Role.CLIENT, Role.CLIENT, Role.SERVER]
    assert server.got(ApplicationData) == [ApplicationData(b"one")]
    assert client.got(ApplicationData) == [ApplicationData(b"two")]
    records = client.connection._channel.records
    records._write_sequence_number = client.connection._party.suite.cipher.most_records  # type: ignore[union-attr]
    server.connection._channel.records._read_sequence_number = records._write_sequence_number
    client.connection.send(b"three")
    talk(client, server)
    assert server.got(ApplicationData)[-1] == ApplicationData(b"three")
    assert len(server.got(KeysUpdated)) == 4
    assert records.sent_records == 1
    old, _ = meet(*both({"versions": (TLS_1_2,)}))
    with pytest.raises(LocalProtocolError):
        old.connection.update_keys()


@pytest.mark.parametrize("ours", [(TLS_1_2,), (TLS_1_3,), BOTH])
@pytest.mark.parametrize("theirs", [(TLS_1_2,), (TLS_1_3,), BOTH])
def test_the_highest_version_of_both_is_spoken(ours: Any, theirs: Any) -> None:
    client, server = meet(client_configuration(versions=ours), server_configuration(versions=theirs))
    common = set(ours) & set(theirs)
    if common:
        assert agreed((client, server)).version == max(common)
    else:
        failed = [side.error for side in (client, server)]
        assert all(isinstance(error, RemoteProtocolError) for error in failed)
        assert AlertDescription.PROTOCOL_VERSION in {getattr(error, "alert", None) for error in failed}


def test_a_downgrade_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes supported_versions out of the hello: the server's random says that it would speak TLS 1.3."""
    client = Side(Connection(client_configuration(versions=BOTH)))
    server = Side(Connection(server_configuration(versions=BOTH)))
    client.drain()
    older = Side(Connection(client_configuration(versions=(TLS_1_2,))))  # the hello that the server is given
    older.drain()
    server.connection.receive_data(older.output())
    server.drain()
    [answer] = [e.message for e in server.got(MessageSent) if isinstance(e.message, ServerHello)]
    assert answer.random.endswith(b"DOWNGRD\1")
    client.connection.receive_data(server.output())
    client.drain()
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.ILLEGAL_PARAMETER


def test_a_fallback_that_was_not_needed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:

    def falling_back(**fields: Any) -> ClientHello:
        return ClientHello(**fields | {"cipher_suites": (*fields["cipher_suites"], FALLBACK_SCSV)})

    monkeypatch.setattr(tls12_client, "ClientHello", falling_back)
    old: ClientConfiguration = client_configuration(versions=(TLS_1_2,))
    client, _ = meet(old, server_configuration(versions=BOTH))
    assert client.got(AlertReceived)[-1].description is AlertDescription.INAPPROPRIATE_FALLBACK
    assert agreed(meet(old, server_configuration(versions=(TLS_1_2,)))).version == TLS_1_2


def test_what_else_is_agreed_upon() -> None:
    sides = meet(
        client_configuration(**QUICK, protocols=("one", "two"), record_size_limit=500),
        server_configuration(**QUICK, protocols=("two",), record_size_limit=1000),
    )
    parameters = agreed(sides)
    assert (parameters.protocol, parameters.server_name) == ("two", "server.example")
    limits = parameters.record_limits
    assert (limits.to_client, limits.to_server) == (500, 1000)
    sides[1].connection.send(bytes(2000))
    talk(*sides)
    assert [len(e.data) for e in sides[0].got(ApplicationData)][-5:] == [499, 499, 499, 499, 4]
    client, _ = meet(
        client_configuration(**QUICK, protocols=("one",)), server_configuration(**QUICK, protocols=("two",))
    )
    assert client.got(AlertReceived)[-1].description is AlertDescription.NO_APPLICATION_PROTOCOL


def test_a_client_that_has_to_show_a_certificate_and_has_none() -> None:
    client, server = meet(client_configuration(**QUICK), server_configuration(**QUICK, mutual=True))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.CERTIFICATE_REQUIRED
    assert client.connection.state is State.FAILED


def test_secrets_are_in_no_repr() -> None:
    logs: list[str] = []
    sides = meet(
        client_configuration(**QUICK, key_log=logs.append, sessions=SessionStore()),
        server_configuration(**QUICK, ticket_keys=TicketKeys()),
    )
    agreed(sides)
    secrets = [line.split()[2] for line in logs]
    assert len(secrets) == 5
    for side in sides:
        party = side.connection._party
        shown = repr(side.events) + repr(vars(party)) + repr(vars(side.connection._channel))
        for secret in secrets:
            assert secret not in shown
            assert repr(bytes.fromhex(secret))[2:-1] not in shown


@pytest.mark.slow
def test_a_conversation_can_be_recorded() -> None:
    with recording() as made:
        sides = meet(*both(QUICK))
    agreed(sides)
    names = {step.name for root in made for step in root.walk()}
    assert {"Early Secret", "Handshake Secret", "Main Secret", "traffic keys", "[sender]_write_iv"} <= names
