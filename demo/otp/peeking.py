"""What a client says first, looked at before the handshake begins.

The bytes stay in the socket (MSG_PEEK), so that the handshake reads them as if nobody had looked.
"""

from __future__ import annotations

import socket
import time

from demo.failure import PartyError
from demo.otp.offer import first_message
from handshake.messages.hello import ClientHello
from record.alerts import RemoteProtocolError

LARGEST = 20_000  # bytes of records in which a ClientHello must be whole
POLL = 0.02  # seconds between two looks


def peek_hello(transport: socket.socket, *, timeout: float) -> ClientHello | None:
    """Return the ClientHello that a client has sent; None if it sends something else, which the handshake answers.

    Raises `PartyError` if it says nothing in time.
    """
    deadline = time.monotonic() + timeout
    transport.settimeout(timeout)
    seen = 0
    while time.monotonic() < deadline:
        try:
            data = transport.recv(LARGEST, socket.MSG_PEEK)
        except TimeoutError:
            break
        if not data:
            return None
        if len(data) == seen:
            time.sleep(POLL)
            continue
        seen = len(data)
        try:
            message = first_message(data)
        except RemoteProtocolError:
            return None
        if message is not None:
            return message if isinstance(message, ClientHello) else None
    raise PartyError(f"the client did not say hello within {timeout:g} s")
