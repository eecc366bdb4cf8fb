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
from handshake.registries.groups import DEFAULT_GROUPS
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import LEGACY_SCHEMES, TLS13_SCHEMES, SignatureScheme
from handshake.sessions.external_psk import ExternalPSK
from handshake.sessions.replay import ReplayGuard
from handshake.sessions.stores import ClientSessions, SessionCache
from handshake.sessions.tickets import TicketKeys
from handshake.suites.table import DEFAULT_SUITES, CipherSuite
from handshake.suites.tls13 import DEFAULT_TLS13_SUITES, TLS13Suite
from pki.crl import CertificateRevocationList
from pki.fields.extensions import ExtendedKeyUsage, KeyUsage
from pki.keys import PrivateKey
from pki.path.server_identity import parse_server_name
from pki.x509 import Certificate
from primitives.integers import RandomBytes
from primitives.sha2 import sha256
from record.codes import MAXIMUM_PLAINTEXT, TLS_1_2, TLS_1_3, VERSION_NAMES
from record.layer import Record

VERSIONS = (TLS_1_3, TLS_1_2)  # that are spoken here

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
    versions: the versions of TLS that are spoken: 0x0304, 0x0303, or both.
    suites, groups, signature_schemes: what is accepted, the preferred ones first; the suites are those of TLS 1.2.
    tls13_suites: the same for TLS 1.3.
    protocols: what is spoken over the connection (RFC 7301), the preferred ones first, such as "http/1.1"; if
        either side names none, it is not negotiated.
    encrypt_then_mac, extended_master_secret: whether these extensions are used in TLS 1.2 with peers that know them.
    record_size_limit: how many bytes of data this side takes in a record (RFC 8449): 64 to 16384, which is all.
    crls: certificate revocation lists (CRLs), in any order, trusted in nothing; a peer whose certificate is on one of
        them is refused.
    require_revocation_status: whether these must decide about every certificate of a peer but the root. If they need
        not, a certificate about which they leave it open is taken as not revoked.
    legacy: whether to go along with old peers, which is insecure: signatures with SHA-1 and SHA-224 are made and
        believed, though in no certificate, and a server takes a ClientHello in the form of SSL 2.0 (RFC 5246 appendix
        E.2).
    clock: asked for each chain that is verified, and for each session that is kept or resumed.
    external_psks: keys that were agreed upon outside of TLS, for TLS 1.3, the preferred ones first: with one of them,
        nobody shows a certificate.
    psk_without_key_exchange: whether such a key, or that of a ticket, will do by itself (psk_ke); then anyone who
        learns it later can read what was recorded.
    compress_certificates: whether certificates may come compressed, and go so to a peer that knows that (RFC 8879).
    grease: whether to send values that mean nothing, which peers have to ignore (RFC 8701).
    random_bytes: where all randomness of the handshake and the records comes from.
    record_padding: protected records of TLS 1.3 are padded up to a multiple of so many bytes; 1 for no padding.
    key_log: is given a line in the SSLKEYLOGFILE format for each secret: with it, anyone can read all.
    record_log: is given every record, sent and received.
    """

    certificate_chain: Sequence[Certificate] = ()
    private_key: PrivateKey | None = field(default=None, repr=False)
    versions: Sequence[int] = VERSIONS
    suites: Sequence[CipherSuite] = DEFAULT_SUITES
    tls13_suites: Sequence[TLS13Suite] = DEFAULT_TLS13_SUITES
    groups: Sequence[Group] = DEFAULT_GROUPS
    signature_schemes: Sequence[SignatureScheme] = TLS13_SCHEMES
    protocols: Sequence[str] = ()
    encrypt_then_mac: bool = True
    extended_master_secret: bool = True
    record_size_limit: int = MAXIMUM_PLAINTEXT
    crls: Sequence[CertificateRevocationList] = ()
    require_revocation_status: bool = False
    legacy: bool = False
    record_padding: int = 1
    external_psks: Sequence[ExternalPSK] = ()
    psk_without_key_exchange: bool = False
    compress_certificates: bool = False
    grease: bool = False
    clock: Clock = field(default=system_time, repr=False)
    random_bytes: RandomBytes = field(default=secrets.token_bytes, repr=False)
    key_log: Callable[[str], None] | None = field(default=None, repr=False)
    record_log: Callable[[Direction, Record], None] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.versions or not set(self.versions) <= set(VERSIONS):
            known = " or ".join(f"0x{version:04x} ({VERSION_NAMES[version]})" for version in VERSIONS)
            raise ValueError(f"the configuration's versions are {list(self.versions)}, expected {known}")
        if (TLS_1_2 in self.versions and not self.suites) or (TLS_1_3 in self.versions and not self.tls13_suites):
            raise ValueError("the configuration has no cipher suites, expected at least one")
        if TLS_1_3 in self.versions and not self.groups:
            raise ValueError("the configuration has no groups, expected at least one")
        if not 1 <= self.record_padding <= MAXIMUM_PLAINTEXT:
            raise ValueError(f"the record padding is {self.record_padding}, expected 1 to {MAXIMUM_PLAINTEXT}")
        if not self.signature_schemes:
            raise ValueError("the configuration has no signature schemes, expected at least one")
        if not MINIMUM_RECORD_SIZE_LIMIT <= self.record_size_limit <= MAXIMUM_PLAINTEXT:
            raise ValueError(f"the record size limit is {self.record_size_limit}, expected 64 to {MAXIMUM_PLAINTEXT}")
        identities = [psk.identity for psk in self.external_psks]
        if len(set(identities)) < len(identities):
            raise ValueError("two of the configuration's PSKs have the same identity")
        for protocol in self.protocols:
            if not 1 <= len(protocol.encode()) <= 255:  # RFC 7301 §3.1
                raise ValueError(f"the protocol name {protocol!r} is not 1 to 255 bytes long")
        _ = self.identity  # a ValueError if chain and key do not belong together

    @cached_property
    def diffie_hellman_groups(self) -> Sequence[Group]:
        """The groups that TLS 1.2 can use: those without a KEM."""
        return [group for group in self.groups if not group.post_quantum]

    @cached_property
    def tls12_schemes(self) -> Sequence[SignatureScheme]:
        """The signature schemes of TLS 1.2, with those of old peers behind them if that is wanted."""
        schemes = [scheme for scheme in self.signature_schemes if scheme.in_tls12]
        return (*schemes, *LEGACY_SCHEMES) if self.legacy else schemes

    @cached_property
    def tls13_schemes(self) -> Sequence[SignatureScheme]:
        """The signature schemes with which a handshake of TLS 1.3 is signed."""
        return [scheme for scheme in self.signature_schemes if scheme.in_tls13]

    @cached_property
    def offered_schemes(self) -> Sequence[SignatureScheme]:
        """The signature schemes of all versions that are spoken."""
        if TLS_1_3 not in self.versions:
            return self.tls12_schemes
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
    verify_server: whether a server is refused whose certificate does not hold. If it is not, nobody knows who is at the
        other end: that is for looking at servers, and for nothing else.
    certificate_chain, private_key: shown to servers that ask for them.
    sessions: where sessions are kept, to be resumed by the next connection; None if none shall be. They are secret.
    key_shares: the groups in which the first message of TLS 1.3 has a share already; the first one and the first
        without a KEM, if they are not given. A server that wants another group asks for it, which takes a round trip.
    certificate_on_request: whether a server of TLS 1.3 may ask for our certificate after the handshake, too.
    early_data: what is sent at once if a session of TLS 1.3 is resumed whose server takes early data. An attacker can
        have the server read it several times over; so it must be something that may be said twice (RFC 9846 §8).
    """

    roots: Sequence[Certificate]
    server_name: str
    verify_server: bool = True
    sessions: ClientSessions | None = None
    key_shares: Sequence[Group] | None = None
    certificate_on_request: bool = False
    early_data: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        parse_server_name(self.server_name)  # a ValueError if it is neither
        if not set(self.shares_offered) <= set(self.groups):
            raise ValueError("the configuration has key shares in groups that are not among its groups")

    @cached_property
    def shares_offered(self) -> Sequence[Group]:
        """The groups of the first message's key shares."""
        if self.key_shares is not None:
            return self.key_shares
        first = [*self.groups[:1], *self.diffie_hellman_groups[:1]]
        return list(dict.fromkeys(first))

    @cached_property
    def digest(self) -> bytes:
        """A digest of what the client accepts and who it is: a session is resumed only where that is the same."""
        own = self.certificate_chain[0].fingerprint() if self.certificate_chain else b""
        lists = (self.suites, self.tls13_suites, self.groups, self.offered_schemes)
        codes = ["".join(f"{thing.code:04x}" for thing in things) for things in lists]
        flags = (
            f"{sorted(self.versions)} {self.encrypt_then_mac} {self.extended_master_secret} {self.record_size_limit}"
        )
        return sha256("\n".join([*codes, flags, own.hex()]).encode()).digest()

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
    certificate_filters: the usages and purposes that a client's certificate is asked to have, in TLS 1.3.
    certificate_on_request: whether clients of TLS 1.3 are asked not in the handshake, but by
        `Connection.request_certificate`.
    ticket_keys: what seals the tickets with which clients resume their sessions; None if they get none.
    tickets: how many tickets a client of TLS 1.3 gets; each serves for one connection.
    maximum_early_data: how many bytes of early data a client of TLS 1.3 may send; 0 for none. An attacker may repeat
        them, in spite of `replay_guard`, if several servers share the ticket keys (RFC 9846 §8).
    send_cookie: whether every client has to begin again, and repeat a cookie: for trying that out, as over TCP it is of
        no use (RFC 9846 §4.3.2).
    replay_guard: remembers the tickets that have brought early data, so that none does it twice.
    session_cache: where the sessions of clients are kept that get no ticket; None if they cannot resume any.
    """

    more_identities: Sequence[Identity] = ()
    prefer_client_order: bool = False
    client_roots: Sequence[Certificate] = ()
    require_client_certificate: bool = True
    certificate_filters: Sequence[KeyUsage | ExtendedKeyUsage] = ()
    certificate_on_request: bool = False
    ticket_keys: TicketKeys | None = None
    session_cache: SessionCache | None = None
    tickets: int = 2
    maximum_early_data: int = 0
    send_cookie: bool = False
    replay_guard: ReplayGuard = field(default_factory=ReplayGuard, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.certificate_chain:
            raise ValueError("a server needs a certificate chain and its private key")
        if self.tickets < 0 or not 0 <= self.maximum_early_data < 2**32:
            raise ValueError("the number of tickets and of bytes of early data is 0 or more")
