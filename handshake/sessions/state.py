"""What of a session outlives its connection, so that a later connection can resume it; and the same as bytes.

Standard     RFC 5246 §7 (the session state), §F.1.4; RFC 5077 §4 (StatePlaintext); RFC 7627 §5.3.
Left out     Compression; identities that are not certificates.

>>> state = SessionState(
...     suite=SUITES[0xC02F], master_secret=Secret(bytes(48)),
...     extended_master_secret=True, encrypt_then_mac=False, max_fragment_length=0,
...     server_name="bank.example", peer_certificates=(), created=datetime(2030, 6, 1, tzinfo=UTC))
>>> SessionState.from_bytes(state.to_bytes()).server_name, len(state.to_bytes())
('bank.example', 76)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, IntFlag
from typing import Self

from handshake.suites.secrets import MASTER_SECRET_LENGTH, Secret
from handshake.suites.table import SUITES, CipherSuite
from pki.verify import VerifiedChain
from record.codes import TLS_1_2, VERSION_NAMES
from record.presentation import Reader, Writer

LIFETIME = timedelta(hours=2)  # for which a server keeps a session that it can resume, unless it is told otherwise
MAXIMUM_LIFETIME = timedelta(hours=24)  # RFC 5246 §F.1.4: "an upper limit of 24 hours is suggested"

SECTION = "RFC 5077 §4"


class _ClientAuthenticationType(IntEnum):
    """RFC 5077 §4."""

    ANONYMOUS = 0
    CERTIFICATE_BASED = 1


class _Extensions(IntFlag):
    """What RFC 5077 does not have yet: the extensions that the session was made with."""

    EXTENDED_MASTER_SECRET = 1
    ENCRYPT_THEN_MAC = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """The state of a session (RFC 5246 §7). Anyone who has it can resume the session: it holds the master secret.

    suite: the cipher suite. master_secret: what the keys of every connection of the session are derived from.
    extended_master_secret, encrypt_then_mac: whether these extensions were in use.
    max_fragment_length: the number in that extension (RFC 6066 §4), 0 if it was not in use.
    server_name: the name by which the client asked for the server, if it did.
    peer_certificates: the peer's chain in DER, its own certificate first, without the root; empty if it showed none.
    created: when the full handshake was that the master secret comes from.
    """

    suite: CipherSuite
    master_secret: Secret
    extended_master_secret: bool
    encrypt_then_mac: bool
    max_fragment_length: int
    server_name: str | None
    peer_certificates: tuple[bytes, ...] = field(repr=False)
    created: datetime

    def to_bytes(self) -> bytes:
        """Return StatePlaintext (RFC 5077 §4), with what was added to sessions since. It is secret."""
        extensions = _Extensions.EXTENDED_MASTER_SECRET * self.extended_master_secret
        extensions |= _Extensions.ENCRYPT_THEN_MAC * self.encrypt_then_mac
        kind = _ClientAuthenticationType(bool(self.peer_certificates))
        writer = Writer()
        writer.uint16("protocol_version", TLS_1_2, section=SECTION, names=VERSION_NAMES)
        writer.uint16("cipher_suite", self.suite.code, section=SECTION)
        writer.opaque("master_secret", bytes(self.master_secret), section=SECTION)
        writer.uint8("client_authentication_type", kind, section=SECTION)
        with writer.block("certificate_list", length_bytes=3, section=SECTION):
            for certificate in self.peer_certificates:
                writer.vector("certificate", certificate, length_bytes=3, section=SECTION)
        writer.uint32("timestamp", int(self.created.timestamp()), section=SECTION)
        writer.uint8("extension_flags", extensions)
        writer.uint8("max_fragment_length", self.max_fragment_length)
        writer.vector("server_name", (self.server_name or "").encode("ascii"), length_bytes=2)
        return writer.data

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return what `to_bytes` has written; raise `RemoteProtocolError` or `ValueError` for anything else."""
        reader = Reader(data)
        version, code = reader.uint16("protocol_version"), reader.uint16("cipher_suite")
        if version != TLS_1_2 or code not in SUITES:
            raise ValueError("the session is of a version or a cipher suite that is not known here")
        master_secret = Secret(reader.opaque("master_secret", MASTER_SECRET_LENGTH))
        kind = _ClientAuthenticationType(reader.uint8("client_authentication_type"))
        certificates = []
        with reader.block("certificate_list", length_bytes=3) as block:
            while not block.at_end():
                certificates.append(block.vector("certificate", length_bytes=3, minimum=1))
        if bool(certificates) != bool(kind):
            raise ValueError("the session's certificates do not fit the way in which the peer was authenticated")
        created = datetime.fromtimestamp(reader.uint32("timestamp"), UTC)
        extensions = _Extensions(reader.uint8("extension_flags"))
        max_fragment_length = reader.uint8("max_fragment_length")
        server_name = reader.vector("server_name", length_bytes=2).decode("ascii")
        reader.finish()
        return cls(
            suite=SUITES[code],
            master_secret=master_secret,
            extended_master_secret=_Extensions.EXTENDED_MASTER_SECRET in extensions,
            encrypt_then_mac=_Extensions.ENCRYPT_THEN_MAC in extensions,
            max_fragment_length=max_fragment_length,
            server_name=server_name or None,
            peer_certificates=tuple(certificates),
            created=created,
        )


def certificates_of(chain: VerifiedChain | None) -> tuple[bytes, ...]:
    """Return what is kept of a chain: the root will be found again, or not be trusted any more."""
    if chain is None:
        return ()
    return tuple(certificate.to_der() for certificate in (chain[:-1] or chain))
