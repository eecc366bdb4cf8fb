"""Connections between the parties: reaching each other over TCP, and speaking TLS there, with an end to every wait."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from demo.failure import PartyError, one_line
from demo.party.address import Address
from demo.party.party import Party
from demo.party.revealing import revealed
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.connection import Connection
from handshake.events import Event
from handshake.listener import Address as PeerAddress
from handshake.listener import Limits
from handshake.stream import Stream, serve

CROWD = 600  # clients that a server which stays serves at a time; others wait in the kernel's queue
DIAL_TIMEOUT = 3.0  # seconds in which a party that was started at the same time may begin to listen


def dial(address: Address, *, whom: str, patience: float = DIAL_TIMEOUT) -> socket.socket:
    """Return a TCP connection to `address`; raise `PartyError` if nobody answers there.

    patience: how many seconds it may take until somebody begins to listen there.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(address, timeout=DIAL_TIMEOUT)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise PartyError(f"{whom} is not there: nobody answers at {address}") from None
            time.sleep(0.05)
        except OSError as error:
            raise PartyError(f"cannot reach {whom} at {address}: {error.strerror or error}") from None


@contextmanager
def secured(
    party: Party,
    transport: socket.socket,
    configuration: ClientConfiguration | ServerConfiguration,
    *,
    handshake_timeout: float | None = None,
    on_event: Callable[[Event], None] | None = None,
    in_full: bool = False,
) -> Iterator[Stream]:
    """Give the TLS connection over this TCP connection, once it is established; close both at the end, or cut them off.

    party: who makes it. on_event: is told of everything that happens on it.
    handshake_timeout: seconds for the handshake, if that may take longer than any step.
    in_full: whether a party that reveals its steps shows the first of each kind with everything inside it.
    Raises what `handshake.stream.Stream.handshake` does.
    """
    timeout = party.step_timeout
    with transport, revealed(party, configuration, in_full=in_full) as watched:
        stream = Stream(transport, Connection(watched), idle_timeout=timeout)
        stream.on_event = on_event
        stream.handshake(handshake_timeout or timeout)
        yield stream
        stream.close()  # only if all went well: a peer cut off without a goodbye knows that something is missing


def serve_for_ever(
    party: Party, listener: socket.socket, configuration: ServerConfiguration, handle: Callable[[Stream], None]
) -> None:
    """Serve all who come, many at a time. A visit that fails is reported, and changes nothing for the others.

    listener: listens already. handle: is called with each established connection, which is closed when it returns.
    """

    def on_error(peer: PeerAddress, error: Exception) -> None:
        party.report("visit failed", reason=one_line(error))

    with serve(
        listener,
        configuration,
        handle,
        handshake_timeout=party.crowd_timeout,
        idle_timeout=party.crowd_timeout,
        limits=Limits(connections=CROWD),
        on_error=on_error,
    ) as running:
        running.wait()
