"""What of a session of TLS 1.3 outlives its connection: a ticket's PSK, and what belongs to it; and the same as bytes.

Standard     RFC 9846 §4.7.1, §4.3.11; the form is this project's own, after RFC 5077 §4.
Left out     External PSKs, which no connection makes.

>>> state = TLS13SessionState(
...     suite=TLS13_SUITES[0x1301], psk=Secret(bytes(32)), age_add=7, maximum_early_data=0, protocol=None,
...     server_name="bank.example", peer_certificates=(), created=datetime(2030, 6, 1, tzinfo=UTC),
...     authenticated=datetime(2030, 6, 1, tzinfo=UTC))
>>> TLS13SessionState.from_bytes(state.to_bytes()) == state
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from handshake.suites.secrets import Secret
from handshake.suites.tls13 import TLS13_SUITES, TLS13Suite
from record.codes import TLS_1_3
from record.presentation import Reader, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class TLS13SessionState:
    """The state of a session. Anyone who has it can resume the session: it holds the PSK.

    suite: the cipher suite. psk: as long as its hash's digest. age_add: hides the ticket's age (§4.3.11.1).
    maximum_early_data: how many bytes of early data may come with the ticket; 0 for none.
    protocol: what is spoken over the connection (RFC 7301); None if that was not negotiated.
    server_name: the name by which the client asked for the server, if it did.
    peer_certificates: the peer's chain in DER, its own certificate first, without the root; empty if it showed none.
    created: when the ticket was given. authenticated: when the full handshake was that the PSK comes from.
    """

    suite: TLS13Suite
    psk: Secret
    age_add: int = field(repr=False)
    maximum_early_data: int
    protocol: str | None
    server_name: str | None
    peer_certificates: tuple[bytes, ...] = field(repr=False)
    created: datetime
    authenticated: datetime

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TLS13SessionState) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the state as bytes. It is secret."""
        writer = Writer()
        writer.uint16("protocol_version", TLS_1_3)
        writer.uint16("cipher_suite", self.suite.code)
        writer.vector("psk", bytes(self.psk), length_bytes=1)
        writer.uint32("ticket_age_add", self.age_add)
        writer.uint32("max_early_data_size", self.maximum_early_data)
        writer.vector("protocol", (self.protocol or "").encode(), length_bytes=1)
        writer.vector("server_name", (self.server_name or "").encode("ascii"), length_bytes=2)
        with writer.block("certificate_list", length_bytes=3):
            for certificate in self.peer_certificates:
                writer.vector("certificate", certificate, length_bytes=3)
        for moment in (self.created, self.authenticated):
            milliseconds = round(moment.timestamp() * 1000)
            writer.opaque("timestamp", milliseconds.to_bytes(8, "big"))
        return writer.data

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return what `to_bytes` has written; raise `RemoteProtocolError` or `ValueError` for anything else."""
        reader = Reader(data)
        version, code = reader.uint16("protocol_version"), reader.uint16("cipher_suite")
        if version != TLS_1_3 or code not in TLS13_SUITES:
            raise ValueError("the session is of a version or a cipher suite that is not known here")
        psk = Secret(reader.vector("psk", length_bytes=1))
        age_add, maximum = reader.uint32("ticket_age_add"), reader.uint32("max_early_data_size")
        protocol = reader.vector("protocol", length_bytes=1).decode()
        server_name = reader.vector("server_name", length_bytes=2).decode("ascii")
        certificates = []
        with reader.block("certificate_list", length_bytes=3) as block:
            while not block.at_end():
                certificates.append(block.vector("certificate", length_bytes=3, minimum=1))
        created, authenticated = (
            datetime.fromtimestamp(int.from_bytes(reader.opaque("timestamp", 8), "big") / 1000, UTC) for _ in range(2)
        )
        reader.finish()
        return cls(
            suite=TLS13_SUITES[code],
            psk=psk,
            age_add=age_add,
            maximum_early_data=maximum,
            protocol=protocol or None,
            server_name=server_name or None,
            peer_certificates=tuple(certificates),
            created=created,
            authenticated=authenticated,
        )
