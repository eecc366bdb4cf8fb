"""Alerts as their definitions have them (RFC 5246 §7.2.2, RFC 7919, RFC 8422), and what strangers cannot end."""

from typing import Any

import pytest

from handshake.connection import MAXIMUM_IDLE_MESSAGES, Connection
from handshake.events import HandshakeCompleted
from handshake.machine import State
from handshake.messages.extensions import SupportedGroups
from handshake.messages.handshake import read_message, write_message
from handshake.messages.hello import ClientHello
from handshake.messages.keys import ClientDHPublic, NewSessionTicket
from handshake.parameters import Resumption
from handshake.registries.codes import HandshakeType, Role
from handshake.registries.groups import GROUPS
from handshake.registries.signature_schemes import SCHEMES, scheme_for
from handshake.suites.table import SUITES
from handshake.tls12.client import MAXIMUM_TICKET
from primitives.dh import FFDHE2048
from primitives.rsa import generate_private_key
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import ContentType
from tests.handshake.support.parties import (
    Side,
    client_configuration,
    identity,
    meet,
    seeded,
    server_configuration,
    talk,
)
from tests.handshake.support.replay import CHANGE_CIPHER_SPEC, recording
from tests.handshake.tls12.test_faults import instead, say_otherwise, without
from tests.handshake.tls12.test_legality import alert_of, tell
from tests.handshake.tls12.test_resumption import Pair, resumption

DHE = SUITES[0x009E]


def refusal(client: dict[str, Any], server: dict[str, Any]) -> AlertDescription:
    _, refusing = meet(client_configuration(**client), server_configuration(**server))
    assert isinstance(refusing.error, RemoteProtocolError)
    return refusing.error.alert


def test_insufficient_security_is_for_primes_that_are_not_accepted_and_nothing_else() -> None:
    """RFC 7919 §4; that a signature scheme is missing is a handshake_failure."""
    primes = {"suites": (DHE,), "groups": (GROUPS[257],)}
    assert refusal(primes, primes | {"groups": (GROUPS[256],)}) is AlertDescription.INSUFFICIENT_SECURITY
    schemes = {"signature_schemes": (SCHEMES[0x0403],)}
    assert refusal(primes | schemes, primes) is AlertDescription.HANDSHAKE_FAILURE
    both = {"suites": (DHE, SUITES[0xC02F]), "groups": (GROUPS[257],)}
    assert refusal(primes, both | {"groups": (GROUPS[29],)}) is AlertDescription.INSUFFICIENT_SECURITY


@pytest.mark.parametrize("named", [True, False])
def test_a_public_key_out_of_range_has_an_alert_of_its_own_for_clients_that_know_of_it(named: bool) -> None:
    """RFC 7919 §4 wants handshake_failure; before it, RFC 5246 §7.2.2's illegal_parameter said so."""
    client = Side(Connection(client_configuration(suites=(DHE,))))
    server = Side(Connection(server_configuration(suites=(DHE,))))
    if not named:
        hello = read_message(client.connection.data_to_send()[5:])
        assert isinstance(hello, ClientHello)
        told = recording(Role.SERVER, suite=DHE.code)
        changed = write_message(without(SupportedGroups)(hello))
        share = write_message(ClientDHPublic((FFDHE2048.p - 1).to_bytes(256, "big")))
        parts = [(ContentType.HANDSHAKE, changed), (ContentType.HANDSHAKE, share)]
        server.connection.receive_data(told.wire(parts))
        server.drain()
    else:
        kind = HandshakeType.CLIENT_KEY_EXCHANGE
        say_otherwise(client.connection, kind, lambda _: ClientDHPublic((FFDHE2048.p - 1).to_bytes(256, "big")))
        talk(client, server)
    assert isinstance(server.error, RemoteProtocolError)
    expected = AlertDescription.HANDSHAKE_FAILURE if named else AlertDescription.ILLEGAL_PARAMETER
    assert server.error.alert is expected


@pytest.mark.parametrize("victim", Role)
def test_a_length_that_cannot_be_is_refused_at_once(victim: Role) -> None:
    """Of a Finished 12 bytes long, whose header says 13, nobody waits for the last."""
    told = recording(victim)
    place = told.parts.index(CHANGE_CIPHER_SPEC) + 1
    kind, finished = told.parts[place]
    parts = [*told.parts[:place], (kind, finished[:3] + b"\x0d" + finished[4:])]
    side = told.tell(told.wire(parts), end=False)
    assert alert_of(side) is AlertDescription.DECODE_ERROR


@pytest.mark.parametrize("victim", Role)
def test_half_an_alert_does_not_wait_for_keys(victim: Role) -> None:
    """Otherwise a stranger's first half and the peer's second would be one alert (the alert attack)."""
    place = recording(victim).parts.index(CHANGE_CIPHER_SPEC)
    side = tell(victim, place, (ContentType.ALERT, b"\1"), CHANGE_CIPHER_SPEC, end=False)
    assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
    assert tell(victim, place, (ContentType.ALERT, b"\1"), (ContentType.ALERT, b"\x5a"), end=False).error is None


def test_the_fifth_warning_in_a_row_is_one_too_many() -> None:
    warnings = [(ContentType.ALERT, b"\1\x5a")] * 5
    assert tell(Role.SERVER, 0, *warnings[:4], end=False).error is None
    assert alert_of(tell(Role.SERVER, 0, *warnings, end=False)) is AlertDescription.UNEXPECTED_MESSAGE
    assert MAXIMUM_IDLE_MESSAGES == 4


def test_no_scheme_is_chosen_that_the_key_is_too_short_for() -> None:
    """RFC 8017 §9.1.1 step 3: 64 bytes of hash, as many of salt, and two more do not fit into 128."""
    short = generate_private_key(1024, for_tests_only=True, random_bytes=seeded("short")).public_key
    offered = (0x0806, 0x0805, 0x0401)
    schemes = [SCHEMES[code] for code in offered]
    assert scheme_for(short, schemes, offered=offered) is SCHEMES[0x0805]
    assert scheme_for(short, schemes[:1], offered=offered) is None


def test_a_server_key_on_a_curve_that_was_not_offered_is_refused() -> None:
    """RFC 8422 §5.1: the groups that a client names are those of the keys it verifies with, too."""
    suite = SUITES[0xC02B]
    client = Side(Connection(client_configuration(suites=(suite,), groups=(GROUPS[24],))))
    server = Side(Connection(server_configuration(who=identity("server.example", kind="P-256"), suites=(suite,))))
    [hello] = [read_message(client.connection.data_to_send()[5:])]
    wider = write_message(instead(SupportedGroups((24, 23)))(hello))
    server.connection.receive_data(b"\x16\3\3" + len(wider).to_bytes(2, "big") + wider)
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert (client.error.alert, client.error.received) == (AlertDescription.ILLEGAL_PARAMETER, False)


@pytest.mark.parametrize("victim", Role)
def test_nothing_comes_behind_the_last_message_of_a_flight(victim: Role) -> None:
    told = recording(victim)
    last = HandshakeType.CLIENT_HELLO if victim is Role.SERVER else HandshakeType.SERVER_HELLO_DONE
    place = next(i for i, (_, content) in enumerate(told.parts) if content[0] == last)
    kind, message = told.parts[place]
    side = told.tell(told.wire([*told.parts[:place], (kind, message + b"\0")]), end=False)
    assert alert_of(side) is AlertDescription.UNEXPECTED_MESSAGE
    assert told.tell(told.wire(told.parts[: place + 1]), end=False).error is None


def test_a_malformed_alert_after_our_goodbye_forgets_no_session() -> None:
    pair = Pair(Resumption.TICKET)
    client, server = pair.meet()
    client.connection.close()
    assert client.connection.state is State.CLOSING
    for record in server.connection._channel.records.send(ContentType.ALERT, b"\3\0"):
        client.connection.receive_data(record.wire)
    client.drain()
    assert isinstance(client.error, RemoteProtocolError)
    assert len(pair.store) == 1
    assert resumption(pair.meet()[0]) is Resumption.TICKET


@pytest.mark.parametrize(("length", "kept"), [(MAXIMUM_TICKET, True), (MAXIMUM_TICKET + 1, False), (65450, False)])
def test_a_ticket_that_would_not_fit_is_not_kept(length: int, kept: bool) -> None:
    pair = Pair(Resumption.TICKET)
    client, server = Side(Connection(pair.client)), Side(Connection(pair.server))
    kind = HandshakeType.NEW_SESSION_TICKET
    say_otherwise(server.connection, kind, lambda message: NewSessionTicket(message.lifetime_hint, bytes(length)))
    talk(client, server)
    assert client.got(HandshakeCompleted)
    assert len(pair.store) == kept
    assert resumption(pair.meet()[0]) is None  # what it says is nothing to the server


def test_a_stranger_who_has_seen_a_session_id_cannot_end_the_session() -> None:
    pair = Pair(Resumption.SESSION_ID)
    pair.meet()
    stranger, server = Side(Connection(pair.client)), Side(Connection(pair.server))
    server.connection.receive_data(stranger.connection.data_to_send())  # with the session's ID
    server.drain()
    server.connection.receive_data(b"\x15\3\3\0\2\2\x28")  # and then a fatal alert
    server.drain()
    assert isinstance(server.error, RemoteProtocolError)
    assert len(pair.cache) == 1
    assert resumption(pair.meet()[0]) is Resumption.SESSION_ID
