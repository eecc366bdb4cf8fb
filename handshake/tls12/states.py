"""The state machine: one table of who may send what, in which state, and what comes after it.

Standard     RFC 5246 §7.3 (figures 1 and 2), §7.1, §7.2.1, §7.4.1.1; RFC 5077 §3.1 (figures 1 and 2);
             RFC 5746 §4.5 (renegotiation, which is refused).
Left out     Nothing.

Nothing else decides the order of messages. A message that has no row in its state is an error: of the peer if
it is received, ours if we are about to send it. A state whose name begins with SEND has one row, and it says
what is sent next; so the table also drives the sending.

>>> machine = Machine(Role.CLIENT)
>>> machine.to_send()
<Message.CLIENT_HELLO: 'ClientHello'>
>>> machine.advance(SENT, Message.CLIENT_HELLO)
>>> machine.state, machine.to_send()
(<State.WAIT_SERVER_HELLO: 'wait server hello'>, None)
>>> machine.check(RECEIVED, Message.FINISHED)
Traceback (most recent call last):
    ...
record.alerts.RemoteProtocolError: Finished received in the state "wait server hello", expected ServerHello or \
HelloRequest (alert unexpected_message)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from handshake.registries.codes import Role
from handshake.tls12.proofs import Established
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError


class State(Enum):
    """Where a party is in the protocol, named after what comes next."""

    __hash__ = object.__hash__  # two members are equal if they are the same; hashing their names is slow

    SEND_CLIENT_HELLO = "send client hello"
    WAIT_SERVER_HELLO = "wait server hello"
    WAIT_SERVER_CERTIFICATE = "wait server certificate"
    WAIT_SERVER_KEY_EXCHANGE = "wait server key exchange"
    WAIT_CERTIFICATE_REQUEST = "wait certificate request"
    WAIT_SERVER_HELLO_DONE = "wait server hello done"
    SEND_CLIENT_CERTIFICATE = "send client certificate"
    SEND_CLIENT_KEY_EXCHANGE = "send client key exchange"
    SEND_CERTIFICATE_VERIFY = "send certificate verify"

    WAIT_CLIENT_HELLO = "wait client hello"
    SEND_SERVER_HELLO = "send server hello"
    SEND_SERVER_CERTIFICATE = "send server certificate"
    SEND_SERVER_KEY_EXCHANGE = "send server key exchange"
    SEND_CERTIFICATE_REQUEST = "send certificate request"
    SEND_SERVER_HELLO_DONE = "send server hello done"
    WAIT_CLIENT_CERTIFICATE = "wait client certificate"
    WAIT_CLIENT_KEY_EXCHANGE = "wait client key exchange"
    WAIT_CERTIFICATE_VERIFY = "wait certificate verify"

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


class Message(Enum):
    """What moves a party from state to state: the handshake messages, and what else goes over a connection."""

    __hash__ = object.__hash__  # two members are equal if they are the same; hashing their names is slow

    HELLO_REQUEST = "HelloRequest"
    CLIENT_HELLO = "ClientHello"
    SERVER_HELLO = "ServerHello"
    CERTIFICATE = "Certificate"
    SERVER_KEY_EXCHANGE = "ServerKeyExchange"
    CERTIFICATE_REQUEST = "CertificateRequest"
    SERVER_HELLO_DONE = "ServerHelloDone"
    CERTIFICATE_VERIFY = "CertificateVerify"
    CLIENT_KEY_EXCHANGE = "ClientKeyExchange"
    NEW_SESSION_TICKET = "NewSessionTicket"
    FINISHED = "Finished"
    CHANGE_CIPHER_SPEC = "ChangeCipherSpec"
    APPLICATION_DATA = "application data"
    CLOSE_NOTIFY = "close_notify"


class Direction(Enum):
    """Who sent a message: the peer, or this party."""

    __hash__ = object.__hash__  # two members are equal if they are the same; hashing their names is slow

    RECEIVED = "received"
    SENT = "sent"


class Fact(Enum):
    """What the handshake settles and the order of later messages depends on."""

    __hash__ = object.__hash__  # two members are equal if they are the same; hashing their names is slow

    EPHEMERAL = "the key exchange is ephemeral"
    CERTIFICATE_REQUESTED = "the server asks for a certificate"
    CLIENT_CERTIFICATE = "the client shows a certificate"
    RESUMED = "a session is resumed"
    TICKET = "the server promises a ticket"


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

    def branches(self, condition: str = "") -> Iterator[tuple[State, str]]:
        """Go through all states that it can be, each with its condition in words."""
        for target, words in ((self.then, f"if {self.fact.value}"), (self.otherwise, "otherwise")):
            both = f"{condition}, {words}" if condition else words
            if isinstance(target, If):
                yield from target.branches(both)
            else:
                yield target, both


RECEIVED, SENT = Direction.RECEIVED, Direction.SENT
Key: TypeAlias = tuple[Direction, Message]
Rows: TypeAlias = Mapping[State, Mapping[Key, State | If]]

CLIENT: Rows = {
    State.SEND_CLIENT_HELLO: {(SENT, Message.CLIENT_HELLO): State.WAIT_SERVER_HELLO},
    # RFC 5246 §7.4.1.1: in the midst of a handshake, HelloRequest is ignored.
    State.WAIT_SERVER_HELLO: {
        (RECEIVED, Message.SERVER_HELLO): If(
            Fact.RESUMED,
            If(Fact.TICKET, State.WAIT_NEW_SESSION_TICKET, otherwise=State.WAIT_CHANGE_CIPHER_SPEC),
            otherwise=State.WAIT_SERVER_CERTIFICATE,
        ),
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_SERVER_HELLO,
    },
    State.WAIT_SERVER_CERTIFICATE: {
        (RECEIVED, Message.CERTIFICATE): If(
            Fact.EPHEMERAL, State.WAIT_SERVER_KEY_EXCHANGE, otherwise=State.WAIT_CERTIFICATE_REQUEST
        ),
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_SERVER_CERTIFICATE,
    },
    State.WAIT_SERVER_KEY_EXCHANGE: {
        (RECEIVED, Message.SERVER_KEY_EXCHANGE): State.WAIT_CERTIFICATE_REQUEST,
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_SERVER_KEY_EXCHANGE,
    },
    State.WAIT_CERTIFICATE_REQUEST: {
        (RECEIVED, Message.CERTIFICATE_REQUEST): State.WAIT_SERVER_HELLO_DONE,
        (RECEIVED, Message.SERVER_HELLO_DONE): State.SEND_CLIENT_KEY_EXCHANGE,
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_CERTIFICATE_REQUEST,
    },
    State.WAIT_SERVER_HELLO_DONE: {
        (RECEIVED, Message.SERVER_HELLO_DONE): State.SEND_CLIENT_CERTIFICATE,
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_SERVER_HELLO_DONE,
    },
    State.SEND_CLIENT_CERTIFICATE: {(SENT, Message.CERTIFICATE): State.SEND_CLIENT_KEY_EXCHANGE},
    State.SEND_CLIENT_KEY_EXCHANGE: {
        (SENT, Message.CLIENT_KEY_EXCHANGE): If(
            Fact.CLIENT_CERTIFICATE, State.SEND_CERTIFICATE_VERIFY, otherwise=State.SEND_CHANGE_CIPHER_SPEC
        )
    },
    State.SEND_CERTIFICATE_VERIFY: {(SENT, Message.CERTIFICATE_VERIFY): State.SEND_CHANGE_CIPHER_SPEC},
    State.SEND_CHANGE_CIPHER_SPEC: {(SENT, Message.CHANGE_CIPHER_SPEC): State.SEND_FINISHED},
    # In a full handshake the client finishes first, and in an abbreviated one the server (figures 1 and 2 of §7.3).
    State.SEND_FINISHED: {
        (SENT, Message.FINISHED): If(
            Fact.RESUMED,
            State.CONNECTED,
            otherwise=If(Fact.TICKET, State.WAIT_NEW_SESSION_TICKET, otherwise=State.WAIT_CHANGE_CIPHER_SPEC),
        )
    },
    State.WAIT_NEW_SESSION_TICKET: {
        (RECEIVED, Message.NEW_SESSION_TICKET): State.WAIT_CHANGE_CIPHER_SPEC,
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_NEW_SESSION_TICKET,
    },
    State.WAIT_CHANGE_CIPHER_SPEC: {
        (RECEIVED, Message.CHANGE_CIPHER_SPEC): State.WAIT_FINISHED,
        (RECEIVED, Message.HELLO_REQUEST): State.WAIT_CHANGE_CIPHER_SPEC,
    },
    State.WAIT_FINISHED: {
        (RECEIVED, Message.FINISHED): If(Fact.RESUMED, State.SEND_CHANGE_CIPHER_SPEC, otherwise=State.CONNECTED)
    },
    State.CONNECTED: {
        (SENT, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.HELLO_REQUEST): State.CONNECTED,  # answered with no_renegotiation
        (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.CLOSING: {
        (RECEIVED, Message.APPLICATION_DATA): State.CLOSING,
        (RECEIVED, Message.HELLO_REQUEST): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.CLOSED: {},
    State.FAILED: {},
}

SERVER: Rows = {
    State.WAIT_CLIENT_HELLO: {(RECEIVED, Message.CLIENT_HELLO): State.SEND_SERVER_HELLO},
    State.SEND_SERVER_HELLO: {
        (SENT, Message.SERVER_HELLO): If(
            Fact.RESUMED,
            If(Fact.TICKET, State.SEND_NEW_SESSION_TICKET, otherwise=State.SEND_CHANGE_CIPHER_SPEC),
            otherwise=State.SEND_SERVER_CERTIFICATE,
        )
    },
    State.SEND_SERVER_CERTIFICATE: {
        (SENT, Message.CERTIFICATE): If(
            Fact.EPHEMERAL,
            State.SEND_SERVER_KEY_EXCHANGE,
            otherwise=If(
                Fact.CERTIFICATE_REQUESTED, State.SEND_CERTIFICATE_REQUEST, otherwise=State.SEND_SERVER_HELLO_DONE
            ),
        )
    },
    State.SEND_SERVER_KEY_EXCHANGE: {
        (SENT, Message.SERVER_KEY_EXCHANGE): If(
            Fact.CERTIFICATE_REQUESTED, State.SEND_CERTIFICATE_REQUEST, otherwise=State.SEND_SERVER_HELLO_DONE
        )
    },
    State.SEND_CERTIFICATE_REQUEST: {(SENT, Message.CERTIFICATE_REQUEST): State.SEND_SERVER_HELLO_DONE},
    State.SEND_SERVER_HELLO_DONE: {
        (SENT, Message.SERVER_HELLO_DONE): If(
            Fact.CERTIFICATE_REQUESTED, State.WAIT_CLIENT_CERTIFICATE, otherwise=State.WAIT_CLIENT_KEY_EXCHANGE
        )
    },
    State.WAIT_CLIENT_CERTIFICATE: {(RECEIVED, Message.CERTIFICATE): State.WAIT_CLIENT_KEY_EXCHANGE},
    State.WAIT_CLIENT_KEY_EXCHANGE: {
        (RECEIVED, Message.CLIENT_KEY_EXCHANGE): If(
            Fact.CLIENT_CERTIFICATE, State.WAIT_CERTIFICATE_VERIFY, otherwise=State.WAIT_CHANGE_CIPHER_SPEC
        )
    },
    State.WAIT_CERTIFICATE_VERIFY: {(RECEIVED, Message.CERTIFICATE_VERIFY): State.WAIT_CHANGE_CIPHER_SPEC},
    State.WAIT_CHANGE_CIPHER_SPEC: {(RECEIVED, Message.CHANGE_CIPHER_SPEC): State.WAIT_FINISHED},
    State.WAIT_FINISHED: {
        (RECEIVED, Message.FINISHED): If(
            Fact.RESUMED,
            State.CONNECTED,
            otherwise=If(Fact.TICKET, State.SEND_NEW_SESSION_TICKET, otherwise=State.SEND_CHANGE_CIPHER_SPEC),
        )
    },
    State.SEND_NEW_SESSION_TICKET: {(SENT, Message.NEW_SESSION_TICKET): State.SEND_CHANGE_CIPHER_SPEC},
    State.SEND_CHANGE_CIPHER_SPEC: {(SENT, Message.CHANGE_CIPHER_SPEC): State.SEND_FINISHED},
    State.SEND_FINISHED: {
        (SENT, Message.FINISHED): If(Fact.RESUMED, State.WAIT_CHANGE_CIPHER_SPEC, otherwise=State.CONNECTED)
    },
    State.CONNECTED: {
        (SENT, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.CLIENT_HELLO): State.CONNECTED,  # answered with no_renegotiation
        (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.CLOSING: {
        (RECEIVED, Message.APPLICATION_DATA): State.CLOSING,
        (RECEIVED, Message.CLIENT_HELLO): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.CLOSED: {},
    State.FAILED: {},
}

TABLE: Mapping[Role, Rows] = {Role.CLIENT: CLIENT, Role.SERVER: SERVER}
START = {Role.CLIENT: State.SEND_CLIENT_HELLO, Role.SERVER: State.WAIT_CLIENT_HELLO}
OVER = (State.CLOSED, State.FAILED)


class Machine:
    """The state of one party: a walk through the table.

    facts: what the handshake has settled; whoever handles the messages adds to it.
    """

    def __init__(self, role: Role) -> None:
        self.role = role
        self.facts: set[Fact] = set()
        self._state = START[role]

    @property
    def state(self) -> State:
        """Where the party is."""
        return self._state

    def to_send(self) -> Message | None:
        """Return what this party has to send now, if it is its turn."""
        if not self._state.name.startswith("SEND_"):
            return None
        [(_, message)] = TABLE[self.role][self._state]
        return message

    def check(self, direction: Direction, message: Message) -> None:
        """Raise unless the table has a row for this message now.

        `RemoteProtocolError` with unexpected_message if it was received, `LocalProtocolError` if it is to be sent.
        """
        rows = TABLE[self.role][self._state]
        if (direction, message) in rows:
            return
        if direction is SENT:
            raise LocalProtocolError(f'{message.value} cannot be sent in the state "{self._state.value}"')
        expected = " or ".join(row.value for way, row in rows if way is RECEIVED) or "nothing"
        raise RemoteProtocolError(
            AlertDescription.UNEXPECTED_MESSAGE,
            f'{message.value} received in the state "{self._state.value}", expected {expected}',
        )

    def advance(self, direction: Direction, message: Message, *, established: Established | None = None) -> None:
        """Go to the state that the table says.

        established: the proofs of all that was verified, without which nobody comes to CONNECTED.
        """
        self.check(direction, message)
        target = TABLE[self.role][self._state][direction, message]
        if isinstance(target, If):
            target = target.choose(self.facts)
        enters = target is State.CONNECTED and self._state is not State.CONNECTED
        if enters and not isinstance(established, Established):
            raise LocalProtocolError("a connection cannot be established without what proves the peer genuine")
        self._state = target

    def end(self, state: State) -> None:
        """Go to CLOSED or FAILED, which is possible from everywhere and leads nowhere."""
        if state not in OVER:
            raise ValueError(f"{state} is no end")
        self._state = state


def mermaid() -> str:
    """Return the table as a page with two Mermaid diagrams, for the documentation."""
    lines = [
        "# The state machine",
        "",
        "Drawn from the table in `handshake/tls12/states.py`, which is what runs. ← is a message received, → one sent.",
        "A message that has no arrow in its state ends the connection with the alert unexpected_message; so does any",
        "other error, with its own alert, and every fatal alert received. All these lead to the state *failed*.",
    ]
    for role, rows in TABLE.items():
        lines += ["", f"## The {role.value}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {START[role].name}"]
        for state, row in rows.items():
            for (direction, message), target in row.items():
                label = f"{'←' if direction is RECEIVED else '→'} {message.value}"
                if isinstance(target, If):
                    for branch, condition in target.branches():
                        lines.append(f"    {state.name} --> {branch.name}: {label}, {condition}")
                else:
                    lines.append(f"    {state.name} --> {target.name}: {label}")
        lines += ["    CLOSED --> [*]", "```"]
    return "\n".join(lines) + "\n"
