"""What a client offers, looked at before the handshake begins: for a server whose owner wants to choose.

The bytes stay in the socket (MSG_PEEK), so that the handshake reads them as if nobody had looked.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence

from demo.failure import PartyError
from demo.otp.combinations import Combination, scheme_names
from handshake.messages.extensions import SignatureAlgorithms, find
from handshake.messages.handshake import HandshakeMessage, read_message
from handshake.messages.hello import ClientHello
from handshake.messages.reassembly import Reassembly
from handshake.registries.signature_schemes import scheme_by_name
from handshake.suites.table import suite_by_name
from record.alerts import RemoteProtocolError, unexpected_message
from record.codes import ContentType
from record.layer import RecordLayer

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
            message = _first_message(data)
        except RemoteProtocolError:
            return None
        if message is not None:
            return message if isinstance(message, ClientHello) else None
    raise PartyError(f"the client did not say hello within {timeout:g} s")


def _first_message(data: bytes) -> HandshakeMessage | None:
    """Return the first handshake message in these records, or None if it is not whole yet."""
    layer, messages = RecordLayer(), Reassembly()
    layer.receive_data(data)
    while record := layer.next_record():
        if record.content_type is not ContentType.HANDSHAKE:
            raise unexpected_message("the client did not begin with a handshake")
        messages.add(record.content)
        if (message := messages.take()) is not None:
            return read_message(message)
    return None


def offered_of(hello: ClientHello, candidates: Sequence[Combination]) -> list[Combination]:
    """Return those of the candidates that the client offers, in the order of the candidates.

    To offer one is to offer its suite, and signatures with its hash.
    """
    algorithms = find(hello.extensions, SignatureAlgorithms)
    schemes = algorithms.schemes if algorithms is not None else ()
    return [
        each
        for each in candidates
        if suite_by_name(each.suite).code in hello.cipher_suites
        and any(scheme_by_name(name).code in schemes for name in scheme_names([each])[:2])
    ]
