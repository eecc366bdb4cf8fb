"""What two parties have agreed upon.

Standard     RFC 5246 §6.1 (SecurityParameters), §7 (session state); RFC 5077, RFC 7366, RFC 7627; RFC 9846 §2.
Left out     The secrets, which the key schedule keeps to itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from handshake.record_limits import RecordLimits
from handshake.registries.key_agreement import Group
from handshake.suites.table import CipherSuite
from handshake.suites.tls13 import TLS13Suite


class Resumption(Enum):
    """How a client asks for a session to be resumed."""

    SESSION_ID = "session ID"  # RFC 5246 §7.4.1.2: the server has kept the session
    TICKET = "ticket"  # RFC 5077, RFC 9846 §2.2: the client has, in a form that only the server can read


@dataclass(frozen=True, slots=True)
class Parameters:
    """What ClientHello and ServerHello settle.

    version: the protocol version: 0x0303 or 0x0304.
    suite: the cipher suite.
    client_random, server_random: 32 bytes each.
    encrypt_then_mac, extended_master_secret: whether these extensions are in use; TLS 1.3 always does what the second
        one is for, and never what the first one is (RFC 9846 appendix E).
    group: where Diffie–Hellman is done; None before the server has said so, or if the suite does none, or in a session
        that is resumed, where nothing is exchanged.
    server_name: the name by which the client asked for the server, if it did.
    protocol: what is spoken over the connection, if that was negotiated (RFC 7301).
    resumption: how the session was resumed that this connection belongs to; None if it is new.
    record_limits: how long records may be (RFC 8449).
    retried: whether the server asked the client for another share first (RFC 9846 §4.2.4).
    psk_identity: the name of the external PSK that takes the place of certificates (RFC 9846 §2.2); None without one.
    early_data: whether the server took the client's early data (RFC 9846 §4.3.10).
    """

    version: int
    suite: CipherSuite | TLS13Suite
    client_random: bytes = field(repr=False)
    server_random: bytes = field(repr=False)
    encrypt_then_mac: bool
    extended_master_secret: bool
    server_name: str | None
    protocol: str | None = None
    group: Group | None = None
    resumption: Resumption | None = None
    record_limits: RecordLimits = field(default_factory=RecordLimits)
    psk_identity: bytes | None = None
    retried: bool = False
    early_data: bool = False
