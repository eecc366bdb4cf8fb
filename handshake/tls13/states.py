"""The state machines of TLS 1.3, as tables: who may send what, in which state, and what comes after it.

Standard     RFC 9846 §2, appendix A; §4.3.10 (early data), §4.7 (after the handshake), §4.7.2 (late certificates).
Left out     ChangeCipherSpec, which changes nothing in TLS 1.3 and moves no state.

>>> from handshake.machine import Machine
>>> machine = Machine(TABLES[Role.CLIENT], START[Role.CLIENT])
>>> machine.to_send()
<Message.CLIENT_HELLO: 'ClientHello'>
>>> machine.advance(SENT, Message.CLIENT_HELLO)
>>> machine.advance(RECEIVED, Message.HELLO_RETRY_REQUEST)
>>> machine.state
<State.SEND_SECOND_CLIENT_HELLO: 'send second client hello'>
"""

from __future__ import annotations

from collections.abc import Mapping

from handshake.machine import Fact, If, Message, Rows, State, Table
from handshake.proofs import Established
from handshake.registries.codes import RECEIVED, SENT, Role

CLIENT: Rows = {
    State.SEND_CLIENT_HELLO: {(SENT, Message.CLIENT_HELLO): State.WAIT_SERVER_HELLO},
    State.WAIT_SERVER_HELLO: {
        (RECEIVED, Message.SERVER_HELLO): State.WAIT_ENCRYPTED_EXTENSIONS,
        (RECEIVED, Message.HELLO_RETRY_REQUEST): State.SEND_SECOND_CLIENT_HELLO,
    },
    State.SEND_SECOND_CLIENT_HELLO: {(SENT, Message.CLIENT_HELLO): State.WAIT_SERVER_HELLO_AGAIN},
    State.WAIT_SERVER_HELLO_AGAIN: {(RECEIVED, Message.SERVER_HELLO): State.WAIT_ENCRYPTED_EXTENSIONS},
    State.WAIT_ENCRYPTED_EXTENSIONS: {
        (RECEIVED, Message.ENCRYPTED_EXTENSIONS): If(
            Fact.PSK, State.WAIT_FINISHED, otherwise=State.WAIT_SERVER_CERTIFICATE_OR_REQUEST
        )
    },
    State.WAIT_SERVER_CERTIFICATE_OR_REQUEST: {
        (RECEIVED, Message.CERTIFICATE_REQUEST): State.WAIT_SERVER_CERTIFICATE,
        (RECEIVED, Message.CERTIFICATE): State.WAIT_SERVER_CERTIFICATE_VERIFY,
    },
    State.WAIT_SERVER_CERTIFICATE: {(RECEIVED, Message.CERTIFICATE): State.WAIT_SERVER_CERTIFICATE_VERIFY},
    State.WAIT_SERVER_CERTIFICATE_VERIFY: {(RECEIVED, Message.CERTIFICATE_VERIFY): State.WAIT_FINISHED},
    State.WAIT_FINISHED: {
        (RECEIVED, Message.FINISHED): If(
            Fact.EARLY_DATA,
            State.SEND_END_OF_EARLY_DATA,
            otherwise=If(Fact.CERTIFICATE_REQUESTED, State.SEND_CLIENT_CERTIFICATE, otherwise=State.SEND_FINISHED),
        )
    },
    # No certificate is asked for where there is early data: a PSK authenticates the client (§4.4.2).
    State.SEND_END_OF_EARLY_DATA: {(SENT, Message.END_OF_EARLY_DATA): State.SEND_FINISHED},
    State.SEND_CLIENT_CERTIFICATE: {
        (SENT, Message.CERTIFICATE): If(
            Fact.CLIENT_CERTIFICATE, State.SEND_CERTIFICATE_VERIFY, otherwise=State.SEND_FINISHED
        )
    },
    State.SEND_CERTIFICATE_VERIFY: {(SENT, Message.CERTIFICATE_VERIFY): State.SEND_FINISHED},
    State.SEND_FINISHED: {(SENT, Message.FINISHED): State.CONNECTED},
    State.CONNECTED: {
        (SENT, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.NEW_SESSION_TICKET): State.CONNECTED,
        (RECEIVED, Message.CERTIFICATE_REQUEST): State.SEND_LATE_CERTIFICATE,
        (SENT, Message.KEY_UPDATE): State.CONNECTED,
        (RECEIVED, Message.KEY_UPDATE): State.CONNECTED,
        (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.SEND_LATE_CERTIFICATE: {
        (SENT, Message.CERTIFICATE): If(
            Fact.CLIENT_CERTIFICATE, State.SEND_LATE_CERTIFICATE_VERIFY, otherwise=State.SEND_LATE_FINISHED
        )
    },
    State.SEND_LATE_CERTIFICATE_VERIFY: {(SENT, Message.CERTIFICATE_VERIFY): State.SEND_LATE_FINISHED},
    State.SEND_LATE_FINISHED: {(SENT, Message.FINISHED): State.CONNECTED},
    State.CLOSING: {
        (RECEIVED, Message.APPLICATION_DATA): State.CLOSING,
        (RECEIVED, Message.CERTIFICATE_REQUEST): State.CLOSING,  # nobody will answer it
        (RECEIVED, Message.NEW_SESSION_TICKET): State.CLOSING,
        (RECEIVED, Message.KEY_UPDATE): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.CLOSED: {},
    State.FAILED: {},
}

SERVER: Rows = {
    State.WAIT_CLIENT_HELLO: {
        (RECEIVED, Message.CLIENT_HELLO): If(
            Fact.RETRY, State.SEND_HELLO_RETRY_REQUEST, otherwise=State.SEND_SERVER_HELLO
        )
    },
    State.SEND_HELLO_RETRY_REQUEST: {(SENT, Message.HELLO_RETRY_REQUEST): State.WAIT_SECOND_CLIENT_HELLO},
    State.WAIT_SECOND_CLIENT_HELLO: {(RECEIVED, Message.CLIENT_HELLO): State.SEND_SERVER_HELLO},
    State.SEND_SERVER_HELLO: {(SENT, Message.SERVER_HELLO): State.SEND_ENCRYPTED_EXTENSIONS},
    State.SEND_ENCRYPTED_EXTENSIONS: {
        (SENT, Message.ENCRYPTED_EXTENSIONS): If(
            Fact.PSK,
            State.SEND_FINISHED,
            otherwise=If(
                Fact.CERTIFICATE_REQUESTED, State.SEND_CERTIFICATE_REQUEST, otherwise=State.SEND_SERVER_CERTIFICATE
            ),
        )
    },
    State.SEND_CERTIFICATE_REQUEST: {(SENT, Message.CERTIFICATE_REQUEST): State.SEND_SERVER_CERTIFICATE},
    State.SEND_SERVER_CERTIFICATE: {(SENT, Message.CERTIFICATE): State.SEND_SERVER_CERTIFICATE_VERIFY},
    State.SEND_SERVER_CERTIFICATE_VERIFY: {(SENT, Message.CERTIFICATE_VERIFY): State.SEND_FINISHED},
    State.SEND_FINISHED: {
        (SENT, Message.FINISHED): If(
            Fact.EARLY_DATA,
            State.WAIT_END_OF_EARLY_DATA,
            otherwise=If(
                Fact.PSK,
                State.WAIT_FINISHED,
                otherwise=If(Fact.CERTIFICATE_REQUESTED, State.WAIT_CLIENT_CERTIFICATE, otherwise=State.WAIT_FINISHED),
            ),
        )
    },
    State.WAIT_END_OF_EARLY_DATA: {
        (RECEIVED, Message.APPLICATION_DATA): State.WAIT_END_OF_EARLY_DATA,
        (RECEIVED, Message.END_OF_EARLY_DATA): State.WAIT_FINISHED,
    },
    State.WAIT_CLIENT_CERTIFICATE: {
        (RECEIVED, Message.CERTIFICATE): If(
            Fact.CLIENT_CERTIFICATE, State.WAIT_CERTIFICATE_VERIFY, otherwise=State.WAIT_FINISHED
        )
    },
    State.WAIT_CERTIFICATE_VERIFY: {(RECEIVED, Message.CERTIFICATE_VERIFY): State.WAIT_FINISHED},
    State.WAIT_FINISHED: {(RECEIVED, Message.FINISHED): State.CONNECTED},
    State.CONNECTED: {
        (SENT, Message.APPLICATION_DATA): State.CONNECTED,
        (RECEIVED, Message.APPLICATION_DATA): State.CONNECTED,
        (SENT, Message.NEW_SESSION_TICKET): State.CONNECTED,
        (SENT, Message.CERTIFICATE_REQUEST): State.CONNECTED,
        (RECEIVED, Message.CERTIFICATE): If(
            Fact.CLIENT_CERTIFICATE, State.WAIT_LATE_CERTIFICATE_VERIFY, otherwise=State.WAIT_LATE_FINISHED
        ),
        (SENT, Message.KEY_UPDATE): State.CONNECTED,
        (RECEIVED, Message.KEY_UPDATE): State.CONNECTED,
        (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    # The client sends the three messages one after the other (§4.7.2); the server may send at any time.
    State.WAIT_LATE_CERTIFICATE_VERIFY: {
        (RECEIVED, Message.CERTIFICATE_VERIFY): State.WAIT_LATE_FINISHED,
        (SENT, Message.APPLICATION_DATA): State.WAIT_LATE_CERTIFICATE_VERIFY,
        (SENT, Message.KEY_UPDATE): State.WAIT_LATE_CERTIFICATE_VERIFY,
        (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
    },
    State.WAIT_LATE_FINISHED: {
        (RECEIVED, Message.FINISHED): State.CONNECTED,
        (SENT, Message.APPLICATION_DATA): State.WAIT_LATE_FINISHED,
        (SENT, Message.KEY_UPDATE): State.WAIT_LATE_FINISHED,
        (SENT, Message.CLOSE_NOTIFY): State.CLOSING,
    },
    State.CLOSING: {
        (RECEIVED, Message.APPLICATION_DATA): State.CLOSING,
        (RECEIVED, Message.CERTIFICATE): State.CLOSING,  # what was asked for before, and is not looked at any more
        (RECEIVED, Message.CERTIFICATE_VERIFY): State.CLOSING,
        (RECEIVED, Message.FINISHED): State.CLOSING,
        (RECEIVED, Message.KEY_UPDATE): State.CLOSING,
        (RECEIVED, Message.CLOSE_NOTIFY): State.CLOSED,
    },
    State.CLOSED: {},
    State.FAILED: {},
}

TABLES: Mapping[Role, Table] = {Role.CLIENT: Table(CLIENT, Established), Role.SERVER: Table(SERVER, Established)}
START = {Role.CLIENT: State.SEND_CLIENT_HELLO, Role.SERVER: State.WAIT_CLIENT_HELLO}
