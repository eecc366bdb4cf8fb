"""The state machine of TLS 1.2: one table of who may send what, in which state, and what comes after it.

Standard     RFC 5246 §7.3 (figures 1 and 2), §7.1, §7.2.1, §7.4.1.1; RFC 5077 §3.1 (figures 1 and 2);
             RFC 5746 §4.5 (renegotiation, which is refused). RFC 9846 has obsoleted RFC 5246 and RFC 5077, which still
             define TLS 1.2.
Left out     Nothing.

>>> from handshake.machine import Machine
>>> machine = Machine(TABLES[Role.CLIENT], START[Role.CLIENT])
>>> machine.to_send()
<Message.CLIENT_HELLO: 'ClientHello'>
>>> machine.advance(SENT, Message.CLIENT_HELLO)
>>> machine.check(RECEIVED, Message.FINISHED)
Traceback (most recent call last):
    ...
record.alerts.RemoteProtocolError: Finished received in the state "wait server hello", expected ServerHello or \
HelloRequest (alert unexpected_message)
"""

from __future__ import annotations

from collections.abc import Mapping

from handshake.machine import Fact, If, Message, Rows, State, Table, ending
from handshake.proofs import Established
from handshake.registries.codes import RECEIVED, SENT, Role

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
    **ending(Message.HELLO_REQUEST),
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
    **ending(Message.CLIENT_HELLO),
}

TABLES: Mapping[Role, Table] = {Role.CLIENT: Table(CLIENT, Established), Role.SERVER: Table(SERVER, Established)}
START = {Role.CLIENT: State.SEND_CLIENT_HELLO, Role.SERVER: State.WAIT_CLIENT_HELLO}
