"""What a party brings to a connection: whom it trusts, who it is, what it accepts, its randomness and its clock.

Standard     RFC 5246 §7.4.1.2, §7.4.2, §7.4.4 leave all this to the application.
Left out     Nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeAlias

from handshake.registries.codes import MINIMUM_RECORD_SIZE_LIMIT, Direction
from handshake.registries.groups import DEFAULT_GROUPS, Group
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, LEGACY_SCHEMES, SignatureScheme
from handshake.sessions.stores import ClientSessions, SessionCache
from handshake.sessions.tickets import TicketKeys
from handshake.suites.table import DEFAULT_SUITES, CipherSuite
from pki.crl import CertificateRevocationList
from pki.keys import PrivateKey
from pki.path.server_identity import parse_server_name
from pki.x509 import Certificate
from primitives.integers import RandomBytes
from record.codes import MAXIMUM_PLAINTEXT
from record.layer import Record

Clock: TypeAlias = Callable[[], datetime]
"""Returns the time, aware of its zone."""


def system_time() -> datetime:
    """Return the time by the system's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is: a chain of certificates, the own one first, and the private key that belongs to that."""

    certificate_chain: Sequence[Certificate]
    private_key: PrivateKey | None = field(repr=False)

    def __post_init__(self) -> None:
        if bool(self.certificate_chain) != (self.private_key is not None):
            raise ValueError("a certificate chain and its private key are given together or not at all")
        if self.private_key is not None and self.private_key.public_key != self.certificate_chain[0].public_key:
            raise ValueError("the private key does not belong to the first certificate of the chain")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What client and server configurations have in common. Used for any number of connections.

    certificate_chain: the own certificates, the leaf first and then its intermediates; the root may be left out.
    private_key: belongs to the leaf.
    suites, groups, signature_schemes: what is accepted, the preferred ones first.
    protocols: what is spoken over the connection (RFC 7301), the preferred ones first, such as "http/1.1"; if
        either side names none, it is not negotiated.
    encrypt_then_mac, extended_master_secret: whether these extensions are used with peers that know them.
    record_size_limit: how many bytes of data this side takes in a record (RFC 8449): 64 to 16384, which is all.
    crls: certificate revocation lists (CRLs), in any order, trusted in nothing; a peer whose certificate is on one of
        them is refused.
    require_revocation_status: whether these must decide about every certificate of a peer but the root. If they need
        not, a certificate about which they leave it open is taken as not revoked.
    legacy: whether to go along with old peers, which is insecure: signatures with SHA-1 and SHA-224 are made and
        believed, though in no certificate, and a server takes a ClientHello in the form of SSL 2.0 (RFC 5246 appendix
        E.2).
    clock: asked for each chain that is verified, and for each session that is kept or resumed.
    random_bytes: where all randomness of the handshake and the records comes from.
    key_log: is given a line in the SSLKEYLOGFILE format for each master secret: with it, anyone can read all.
    record_log: is given every record, sent and received.
    """

    certificate_chain: Sequence[Certificate] = ()
    private_key: PrivateKey | None = field(default=None, repr=False)
    suites: Sequence[CipherSuite] = DEFAULT_SUITES
    groups: Sequence[Group] = DEFAULT_GROUPS
    signature_schemes: Sequence[SignatureScheme] = DEFAULT_SCHEMES
    protocols: Sequence[str] = ()
    encrypt_then_mac: bool = True
    extended_master_secret: bool = True
    record_size_limit: int = MAXIMUM_PLAINTEXT
    crls: Sequence[CertificateRevocationList] = ()
    require_revocation_status: bool = False
    legacy: bool = False
    clock: Clock = field(default=system_time, repr=False)
    random_bytes: RandomBytes = field(default=secrets.token_bytes, repr=False)
    key_log: Callable[[str], None] | None = field(default=None, repr=False)
    record_log: Callable[[Direction, Record], None] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.suites:
            raise ValueError("the configuration has no cipher suites, expected at least one")
        if not self.signature_schemes:
            raise ValueError("the configuration has no signature schemes, expected at least one")
        if not MINIMUM_RECORD_SIZE_LIMIT <= self.record_size_limit <= MAXIMUM_PLAINTEXT:
            raise ValueError(f"the record size limit is {self.record_size_limit}, expected 64 to {MAXIMUM_PLAINTEXT}")
        for protocol in self.protocols:
            if not 1 <= len(protocol.encode()) <= 255:  # RFC 7301 §3.1
                raise ValueError(f"the protocol name {protocol!r} is not 1 to 255 bytes long")
        _ = self.identity  # a ValueError if chain and key do not belong together

    @cached_property
    def accepted_schemes(self) -> Sequence[SignatureScheme]:
        """The signature schemes, with those of old peers behind them if that is wanted."""
        return (*self.signature_schemes, *LEGACY_SCHEMES) if self.legacy else self.signature_schemes

    @cached_property
    def identity(self) -> Identity:
        """The own certificates, with the key."""
        return Identity(self.certificate_chain, self.private_key)


@dataclass(frozen=True, kw_only=True)
class ClientConfiguration(Configuration):
    """What a client brings.

    roots: the certificates it trusts; the server's chain has to lead to one of them.
    server_name: the DNS name or IP address that the server's certificate must be for. A DNS name is also sent to the
        server (RFC 6066 §3).
    certificate_chain, private_key: shown to servers that ask for them.
    sessions: where sessions are kept, to be resumed by the next connection; None if none shall be. They are secret.
    """

    roots: Sequence[Certificate]
    server_name: str
    sessions: ClientSessions | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        parse_server_name(self.server_name)  # a ValueError if it is neither

    @property
    def host_name(self) -> str | None:
        """The DNS name to send; None if the server is known by an IP address (RFC 6066 §3)."""
        name = parse_server_name(self.server_name)
        return name if isinstance(name, str) else None


@dataclass(frozen=True, kw_only=True)
class ServerConfiguration(Configuration):
    """What a server brings.

    certificate_chain, private_key: who it is. Without them there is no server.
    more_identities: others that it is as well: for other names, or with another kind of key. The client's server_name
        and suites decide.
    prefer_client_order: whether the client's order of suites counts, and not the server's.
    client_roots: the certificates to which a client's chain has to lead; without any, no client is asked.
    require_client_certificate: whether a client that is asked and shows no certificate is refused.
    ticket_keys: what seals the tickets with which clients resume their sessions (RFC 5077); None if they get none.
    session_cache: where the sessions of clients are kept that get no ticket; None if they cannot resume any.
    """

    more_identities: Sequence[Identity] = ()
    prefer_client_order: bool = False
    client_roots: Sequence[Certificate] = ()
    require_client_certificate: bool = True
    ticket_keys: TicketKeys | None = None
    session_cache: SessionCache | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.certificate_chain:
            raise ValueError("a server needs a certificate chain and its private key")
