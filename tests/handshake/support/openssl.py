"""OpenSSL as a peer in memory, by way of Python's `ssl`."""

import ssl
from typing import Protocol

from tests.handshake.support.parties import Side

NO_ENCRYPT_THEN_MAC = 1 << 19  # SSL_OP_NO_ENCRYPT_THEN_MAC, which Python's ssl has no name for
NO_EXTENDED_MASTER_SECRET = 1 << 0  # SSL_OP_NO_EXTENDED_MASTER_SECRET
PARTIAL_CHAIN, NO_CHECK_TIME = 0x80000, 0x200000  # X509_V_FLAG_…; OpenSSL takes the time from the system


class Memory(Protocol):
    """Bytes on their way."""

    def write(self, data: bytes, /) -> int: ...

    def read(self, size: int = ..., /) -> bytes: ...


class Peer(Protocol):
    """Another implementation's side of a connection."""

    received: bytes
    established: bool
    ended: bool  # by close_notify

    @property
    def error(self) -> Exception | None:
        """What it complains of."""

    @property
    def incoming(self) -> Memory: ...

    @property
    def outgoing(self) -> Memory: ...

    def step(self) -> None:
        """Go on until more bytes are needed."""

    def write(self, data: bytes) -> None:
        """Send data."""

    @property
    def resumed(self) -> bool:
        """Whether it takes the session to be resumed."""


class OpenSSL:
    """One side of a connection. session: that of another one, which the client would resume."""

    def __init__(self, context: ssl.SSLContext, *, server_side: bool, session: ssl.SSLSession | None = None) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        name = None if server_side else "server.example"
        self.tls = context.wrap_bio(
            self.incoming, self.outgoing, server_side=server_side, server_hostname=name, session=session
        )
        self.established = False
        self.error: ssl.SSLError | None = None
        self.received = b""
        self.ended = False

    def step(self) -> None:
        try:
            if not self.established:
                self.tls.do_handshake()
                self.established = True
            while data := self.tls.read(2**14):
                self.received += data
            self.ended = True
            self.tls.unwrap()  # sends close_notify, too
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.error = error

    def write(self, data: bytes) -> None:
        self.tls.write(data)

    @property
    def resumed(self) -> bool:
        return bool(self.tls.session_reused)


def talk(ours: Side, theirs: Peer) -> None:
    """Carry bytes to and fro until neither says anything more."""
    while True:
        ours.drain()
        to_them = ours.output()
        theirs.incoming.write(to_them)
        if theirs.error is None and not theirs.ended:
            theirs.step()
        to_us = theirs.outgoing.read()
        if to_us:
            ours.connection.receive_data(to_us)
        if not to_them and not to_us:
            return
