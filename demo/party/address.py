"""Where a party listens: `host:port`, and the socket that does it.

>>> Address.parse("127.0.0.1:7400"), str(Address.parse("[::1]:0"))
(Address(host='127.0.0.1', port=7400), '[::1]:0')
"""

from __future__ import annotations

import re
import socket
from typing import NamedTuple, Self

from demo.failure import PartyError

BACKLOG = 512  # connections that the kernel keeps until they are accepted; the system may keep fewer


class Address(NamedTuple):
    """A TCP address, in the form in which `socket` takes it. Port 0 asks for any free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address that `host:port` or `[IPv6 host]:port` spells, or raise `ValueError`."""
        match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\[\]:\s]+)):([0-9]{1,5})", text)
        if match is None or int(match[3]) > 0xFFFF:
            raise ValueError(f"{text!r} is not an address, expected host:port such as 127.0.0.1:7400")
        return cls(match[1] or match[2], int(match[3]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


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
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
