"""The machine that walks through a version's table: who may send what, in which state, and what comes after it.

Standard     RFC 5246 §7.3, §7.2.2 (unexpected_message).
Left out     The tables: each version of TLS has its own, in its own folder.

Nothing but a table decides the order of messages. A message that has no row in its state is an error: of the peer if
it is received, ours if we are about to send it. A state whose name begins with SEND has one row, and it says
what is sent next; so the table also drives the sending.

>>> rows = {State.SEND_FINISHED: {(SENT, Message.FINISHED): State.WAIT_FINISHED},
...         State.WAIT_FINISHED: {(RECEIVED, Message.FINISHED): State.CONNECTED}}
>>> machine = Machine(Table(rows, proof=bool), State.SEND_FINISHED)
>>> machine.to_send()
<Message.FINISHED: 'Finished'>
>>> machine.advance(SENT, Message.FINISHED)
>>> machine.state, machine.to_send()
(<State.WAIT_FINISHED: 'wait finished'>, None)
>>> machine.check(RECEIVED, Message.APPLICATION_DATA)
Traceback (most recent call last):
    ...
record.alerts.RemoteProtocolError: application data received in the state "wait finished", expected Finished \
(alert unexpected_message)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handshake.registries.codes import RECEIVED, SENT, Direction, IdentityEnum
from record.alerts import LocalProtocolError, unexpected_message


class State(IdentityEnum):
    """Where a party is in the protocol, named after what comes next."""

    SEND_CLIENT_HELLO = "send client hello"
    WAIT_SERVER_HELLO = "wait server hello"
    SEND_SECOND_CLIENT_HELLO = "send second client hello"
    WAIT_SERVER_HELLO_AGAIN = "wait server hello again"
    WAIT_ENCRYPTED_EXTENSIONS = "wait encrypted extensions"
    WAIT_SERVER_CERTIFICATE_OR_REQUEST = "wait server certificate or request"
    WAIT_SERVER_CERTIFICATE = "wait server certificate"
    WAIT_SERVER_CERTIFICATE_VERIFY = "wait server certificate verify"
    WAIT_SERVER_KEY_EXCHANGE = "wait server key exchange"
    WAIT_CERTIFICATE_REQUEST = "wait certificate request"
    WAIT_SERVER_HELLO_DONE = "wait server hello done"
    SEND_CLIENT_CERTIFICATE = "send client certificate"
    SEND_CLIENT_KEY_EXCHANGE = "send client key exchange"
    SEND_CERTIFICATE_VERIFY = "send certificate verify"

    WAIT_CLIENT_HELLO = "wait client hello"
    SEND_HELLO_RETRY_REQUEST = "send hello retry request"
    WAIT_SECOND_CLIENT_HELLO = "wait second client hello"
    SEND_SERVER_HELLO = "send server hello"
    SEND_ENCRYPTED_EXTENSIONS = "send encrypted extensions"
    SEND_SERVER_CERTIFICATE = "send server certificate"
    SEND_SERVER_CERTIFICATE_VERIFY = "send server certificate verify"
    SEND_SERVER_KEY_EXCHANGE = "send server key exchange"
    SEND_CERTIFICATE_REQUEST = "send certificate request"
    SEND_SERVER_HELLO_DONE = "send server hello done"
    WAIT_CLIENT_CERTIFICATE = "wait client certificate"
    WAIT_CLIENT_KEY_EXCHANGE = "wait client key exchange"
    WAIT_CERTIFICATE_VERIFY = "wait certificate verify"

    SEND_LATE_CERTIFICATE = "send late certificate"
    SEND_LATE_CERTIFICATE_VERIFY = "send late certificate verify"
    SEND_LATE_FINISHED = "send late finished"
    WAIT_LATE_CERTIFICATE_VERIFY = "wait late certificate verify"
    WAIT_LATE_FINISHED = "wait late finished"

    SEND_END_OF_EARLY_DATA = "send end of early data"
    WAIT_END_OF_EARLY_DATA = "wait end of early data"
    SEND_NEW_SESSION_TICKET = "send new session ticket"
    WAIT_NEW_SESSION_TICKET = "wait new session ticket"
    SEND_CHANGE_CIPHER_SPEC = "send change cipher spec"
    SEND_FINISHED = "send finished"
    WAIT_CHANGE_CIPHER_SPEC = "wait change cipher spec"
    WAIT_FINISHED = "wait finished"
    CONNECTED = "connected"
    CLOSING = "closing"
    CLOSED = "closed"
    FAILED = "failed"


class Message(IdentityEnum):
    """What moves a party from state to state: the handshake messages, and what else goes over a connection."""

    HELLO_REQUEST = "HelloRequest"
    CLIENT_HELLO = "ClientHello"
    SERVER_HELLO = "ServerHello"
    HELLO_RETRY_REQUEST = "HelloRetryRequest"
    ENCRYPTED_EXTENSIONS = "EncryptedExtensions"
    CERTIFICATE = "Certificate"
    SERVER_KEY_EXCHANGE = "ServerKeyExchange"
    CERTIFICATE_REQUEST = "CertificateRequest"
    SERVER_HELLO_DONE = "ServerHelloDone"
    CERTIFICATE_VERIFY = "CertificateVerify"
    CLIENT_KEY_EXCHANGE = "ClientKeyExchange"
    NEW_SESSION_TICKET = "NewSessionTicket"
    END_OF_EARLY_DATA = "EndOfEarlyData"
    FINISHED = "Finished"
    KEY_UPDATE = "KeyUpdate"
    CHANGE_CIPHER_SPEC = "ChangeCipherSpec"
    APPLICATION_DATA = "application data"
    CLOSE_NOTIFY = "close_notify"


class Fact(IdentityEnum):
    """What the handshake settles and the order of later messages depends on."""

    EPHEMERAL = "the key exchange is ephemeral"
    CERTIFICATE_REQUESTED = "the server asks for a certificate"
    CLIENT_CERTIFICATE = "the client shows a certificate"
    RESUMED = "a session is resumed"
    PSK = "a key is in use that both had before"
    TICKET = "the server promises a ticket"
    RETRY = "the client has to ask again"
    EARLY_DATA = "early data is accepted"


@dataclass(frozen=True, slots=True)
class If:
    """A next state that depends on a fact."""

    fact: Fact
    then: State | If
    otherwise: State | If

    def choose(self, facts: Collection[Fact]) -> State:
        """Return the state that it is, by these facts."""
        chosen = self.then if self.fact in facts else self.otherwise
        return chosen.choose(facts) if isinstance(chosen, If) else chosen

    def branches(self, known: Decided = ()) -> Iterator[tuple[State, Decided]]:
        """Go through all states that it can be, each with the facts that decide for it.

        known: the facts that are decided before.
        """
        for target, holds in ((self.then, True), (self.otherwise, False)):
            decided = (*known, (self.fact, holds))
            if isinstance(target, If):
                yield from target.branches(decided)
            else:
                yield target, decided


Decided: TypeAlias = tuple[tuple[Fact, bool], ...]
"""Facts, each with whether it holds."""
Key: TypeAlias = tuple[Direction, Message]
Rows: TypeAlias = Mapping[State, Mapping[Key, State | If]]

OVER = (State.CLOSED, State.FAILED)
OPEN = (State.CONNECTED, State.WAIT_LATE_CERTIFICATE_VERIFY, State.WAIT_LATE_FINISHED)
"""The states in which data may be sent."""


@dataclass(frozen=True, slots=True)
class Table:
    """What one party of one version does.

    rows: for each state the messages that may come or go, and where they lead.
    proof: the type of the value without which nobody comes to CONNECTED: only verifying everything makes one.
    """

    rows: Rows
    proof: type


def ending(asks_again: Message) -> Rows:
    """Return the rows of an established connection and its end, which are the same for everybody.

    asks_again: the message by which the peer would begin a handshake anew.
    """
    return {
        State.CONNECTED: {
            (SENT, Message.APPLICATION_DATA): State.CONNECTED,
            (RECEIVED, Message.APPLICATION_DATA): State.CONNECTED,
            (RECEIVED, asks_again): State.CONNECTED,  # answered with no_renegotiation
            (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
            (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
        },
        State.CLOSING: {
            (RECEIVED, Message.APPLICATION_DATA): State.CLOSING,
            (RECEIVED, asks_again): State.CLOSING,
            (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
        },
        State.CLOSED: {},
        State.FAILED: {},
    }


class Machine:
    """The state of one party: a walk through a table, from its start.

    facts: what the handshake has settled; the handlers of the messages add to it.
    """

    def __init__(self, table: Table, start: State) -> None:
        self.facts: set[Fact] = set()
        self._table, self._state = table, start

    @property
    def state(self) -> State:
        """Where the party is."""
        return self._state

    def to_send(self) -> Message | None:
        """Return what this party has to send now, if it is its turn."""
        if not self._state.name.startswith("SEND_"):
            return None
        [(_, message)] = self._table.rows[self._state]
        return message

    def check(self, direction: Direction, message: Message) -> None:
        """Raise unless the table has a row for this message now.

        `RemoteProtocolError` with unexpected_message if it was received, `LocalProtocolError` if it is to be sent.
        """
        rows = self._table.rows[self._state]
        if (direction, message) in rows:
            return
        if direction is SENT:
            raise LocalProtocolError(f'{message.value} cannot be sent in the state "{self._state.value}"')
        expected = " or ".join(row.value for way, row in rows if way is RECEIVED) or "nothing"
        raise unexpected_message(f'{message.value} received in the state "{self._state.value}", expected {expected}')

    def advance(self, direction: Direction, message: Message, *, established: object = None) -> None:
        """Go to the state that the table says.

        established: the table's proof that all was verified, without which nobody comes to CONNECTED.
        """
        self.check(direction, message)
        target = self._table.rows[self._state][direction, message]
        if isinstance(target, If):
            target = target.choose(self.facts)
        enters = target is State.CONNECTED and self._state is not State.CONNECTED
        if enters and not isinstance(established, self._table.proof):
            raise LocalProtocolError("a connection cannot be established without what proves the peer genuine")
        self._state = target

    def end(self, state: State) -> None:
        """Go to CLOSED or FAILED, which is possible from everywhere and leads nowhere."""
        if state not in OVER:
            raise ValueError(f"{state} is not an end")
        self._state = state
