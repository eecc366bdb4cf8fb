"""The sockets by which a party listens, with an end to every wait."""

from __future__ import annotations

import socket

from demo.failure import PartyError
from demo.party.address import Address

BACKLOG = 512  # connections that the kernel keeps until they are accepted; the system may keep fewer


def bound_socket(address: Address) -> socket.socket:
    """Return a socket that has the address for itself, but does not listen yet: who connects is refused.

    Raises `PartyError` if the port is in use or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PartyError(f"cannot listen on {address}: {error.strerror or error}") from None
    try:
        # Elsewhere, SO_REUSEADDR takes over what an ended server has left; on Windows, what a living one has.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        bound.setsockopt(socket.SOL_SOCKET, option, 1)
        bound.bind(place)
    except OSError as error:
        bound.close()
        raise PartyError(f"cannot listen on {address}: {error.strerror or error}") from None
    return bound


def begin_to_listen(bound: socket.socket, *, timeout: float | None) -> Address:
    """Make a bound socket listen, its `accept` wait at most `timeout` seconds or for ever; return where it listens."""
    address = Address(*bound.getsockname()[:2])
    try:
        bound.listen(BACKLOG)
    except OSError as error:
        raise PartyError(f"cannot listen on {address}: {error.strerror or error}") from None
    bound.settimeout(timeout)
    return address


def accept(listener: socket.socket, *, whom: str) -> socket.socket:
    """Return the next connection; raise `PartyError` if none comes while the listener waits."""
    try:
        transport, _ = listener.accept()
    except TimeoutError:
        raise PartyError(f"{whom} did not connect within {listener.gettimeout():g} s") from None
    return transport
