"""The trivial approach: the OTP sent over a bare socket. It is here to be eavesdropped on.

Standard     None. That is the point.
Left out     Knowing who is at the other end; hiding what is sent; noticing that it was changed.
"""

from __future__ import annotations

from demo.failure import PartyError
from demo.party.address import Address
from demo.party.connections import dial
from demo.party.listening import accept, begin_to_listen, bound_socket
from demo.party.reporting import Report

MAX_MESSAGE = 4096


def send_in_the_clear(listen: Address, text: str, *, report: Report, timeout: float) -> None:
    """The server's side: wait for one connection, no matter whose it is, and send the text as it is."""
    with bound_socket(listen) as listener:
        report("listening", address=str(begin_to_listen(listener, timeout=timeout)))
        with accept(listener, whom="the client") as connection:
            connection.settimeout(timeout)
            connection.sendall(text.encode())
    report("sent in the clear", text=text, bytes=len(text.encode()))


def receive_in_the_clear(server: Address, *, report: Report, timeout: float) -> None:
    """The client's side: connect, and believe whatever comes."""
    received = bytearray()
    with dial(server, whom="the server") as connection:
        connection.settimeout(timeout)
        while len(received) < MAX_MESSAGE and (data := connection.recv(MAX_MESSAGE)):
            received += data
    if not received:
        raise PartyError("the server closed the connection without a message")
    report("received in the clear", text=received.decode(errors="replace"))
