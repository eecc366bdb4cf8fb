"""PSKs from tickets: what a client offers, what a server takes up, and what becomes of early data.

Standard     RFC 9846 §4.3.11, §4.3.10, §4.7.1, §8 (early data).
Left out     The binders, and PSKs from elsewhere: see `psks` and `external_psks`.

The chain of the session is verified anew, by the roots and the clock of now: a certificate that has expired since, or a
root that is not trusted any more, ends the session as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.messages.extensions import ServerName, find
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_extensions import EarlyDataIndication, OfferedPSKs, PSKIdentity
from handshake.messages.transcript import Transcript
from handshake.proofs import verify_client_chain, verify_server_chain
from handshake.sessions.state import MAXIMUM_LIFETIME
from handshake.sessions.stores import SavedSession
from handshake.sessions.tls13_state import TLS13SessionState
from handshake.suites.tls13 import TLS13Suite
from handshake.tls13.key_schedule import EarlySecret
from handshake.tls13.psks import verify_binder
from pki.verify import VerifiedChain
from primitives.hashes import HashFunction
from record.alerts import RemoteProtocolError

MOST_IDENTITIES = 8  # that are tried: each costs an attempt to open it


@dataclass(frozen=True, slots=True)
class Offer:
    """A session that the client offers to resume.

    saved, state: the session. chain: who the server is, verified anew.
    """

    saved: SavedSession
    state: TLS13SessionState
    chain: VerifiedChain

    @property
    def is_external(self) -> bool:
        """False: the key was made in a connection."""
        return False

    @property
    def hash(self) -> HashFunction:
        """The hash function of the session's suite."""
        return self.state.suite.prf_hash

    def identity(self, at: datetime) -> PSKIdentity:
        """Return the ticket, with its age (§4.3.11.1)."""
        age = (at - self.state.created) // timedelta(milliseconds=1)
        return PSKIdentity(self.saved.ticket, (age + self.state.age_add) % 2**32)

    def early_secret(self) -> EarlySecret:
        """Return the Early Secret of the session's PSK."""
        return EarlySecret.extract(bytes(self.state.psk), hash=self.hash)


def offer(configuration: ClientConfiguration) -> Offer | None:
    """Return the session to offer to the server; None if there is none that could be resumed.

    A ticket is offered once: somebody who watches could tell by it that two connections are of one client (RFC 9846
    appendix C.4).
    """
    store = configuration.sessions
    if store is None:
        return None
    now = configuration.clock()
    saved = store.get(configuration.server_name, at=now)
    if saved is None or not isinstance(saved.state, TLS13SessionState):
        return None
    state = saved.state
    if (
        state.server_name != configuration.host_name
        or state.suite not in configuration.tls13_suites
        or saved.configuration != configuration.digest
    ):
        return None
    store.remove(configuration.server_name, saved)
    try:
        chain = verify_server_chain(
            state.peer_certificates,
            roots=configuration.roots,
            crls=configuration.crls,
            require_revocation_status=configuration.require_revocation_status,
            at=now,
            server_name=configuration.server_name,
        )
    except RemoteProtocolError:  # it does not hold any more
        return None
    return Offer(saved, state, chain)


@dataclass(frozen=True, slots=True)
class Resumed:
    """A session that the server resumes.

    index: of its identity in the client's list. state: its state. early_secret: of its PSK. chain: who the client is,
    if it has shown that.
    """

    index: int
    state: TLS13SessionState
    early_secret: EarlySecret
    chain: VerifiedChain | None


class NotResumedError(Exception):
    """There has to be a full handshake, and this is why."""


def resume(
    hello: ClientHello, data: bytes, configuration: ServerConfiguration, *, suite: TLS13Suite, transcript: Transcript
) -> Resumed:
    """Return the session that the client asks for, if it can be resumed.

    data: the ClientHello's bytes. suite: the one that was chosen, whose hash is the transcript's.
    Raises `NotResumedError` if there has to be a full handshake, `RemoteProtocolError` with decrypt_error for a binder
    that does not verify.
    """
    offered = find(hello.extensions, OfferedPSKs)
    if offered is None or configuration.ticket_keys is None:
        raise NotResumedError("the client asks for none")
    keys = configuration.ticket_keys
    now, reason = configuration.clock(), "the ticket was not sealed with a key that is kept here"
    for index, identity in enumerate(offered.identities[:MOST_IDENTITIES]):
        opened = keys.open(identity.identity, at=now)
        if opened is None:
            continue
        try:
            state = TLS13SessionState.from_bytes(opened.state)
            if now - state.authenticated >= min(keys.lifetime, MAXIMUM_LIFETIME):
                raise NotResumedError("the session of the ticket is too old")
            chain = _check(state, hello, configuration, suite, now)
        except (NotResumedError, ValueError, RemoteProtocolError) as error:  # one of TLS 1.2, too
            reason = str(error)
            continue
        early_secret = EarlySecret.extract(bytes(state.psk), hash=suite.prf_hash)
        verify_binder(offered, index, data, early_secret, is_external=False, transcript=transcript)
        return Resumed(index, state, early_secret, chain)
    raise NotResumedError(reason)


def _check(
    state: TLS13SessionState, hello: ClientHello, configuration: ServerConfiguration, suite: TLS13Suite, now: datetime
) -> VerifiedChain | None:
    """Return who the client is, if it has shown that; raise `NotResumedError` unless the session can be resumed."""
    # §4.3.11: "server MUST ensure that it selects a compatible PSK (if any) and cipher suite".
    if state.suite.prf_hash is not suite.prf_hash:
        raise NotResumedError(f"the session was of {state.suite}, which has another hash than {suite}")
    server_name = find(hello.extensions, ServerName)
    if state.server_name != (server_name.host_name if server_name is not None else None):
        raise NotResumedError("the client asks for another server name than in the session")
    if not state.peer_certificates:
        if configuration.client_roots and configuration.require_client_certificate:
            raise NotResumedError("the client has shown no certificate in the session, and this server requires one")
        return None
    try:
        return verify_client_chain(
            state.peer_certificates,
            roots=configuration.client_roots,
            crls=configuration.crls,
            require_revocation_status=configuration.require_revocation_status,
            at=now,
        )
    except RemoteProtocolError as error:
        raise NotResumedError(f"the client's certificate does not hold any more: {error.reason}") from error


def why_no_early_data(
    hello: ClientHello,
    configuration: ServerConfiguration,
    resumed: Resumed | None,
    *,
    suite: TLS13Suite,
    protocol: str | None,
) -> str:
    """Return why the client's early data is refused; empty if it is taken (§4.3.10, §8)."""
    offered = find(hello.extensions, OfferedPSKs)
    if find(hello.extensions, EarlyDataIndication) is None:
        return "the client sends none"
    if not configuration.maximum_early_data:
        return "this server takes none"
    if resumed is None or resumed.index != 0 or offered is None:
        return "its session is not resumed"
    if not resumed.state.maximum_early_data:
        return "the ticket does not allow any"
    if resumed.state.suite != suite or resumed.state.protocol != protocol:
        return "the session was of another suite or protocol"
    # §8.3: the client's view of the ticket's age against ours.
    now = configuration.clock()
    age = (offered.identities[0].obfuscated_ticket_age - resumed.state.age_add) % 2**32
    off = abs((now - resumed.state.created) - timedelta(milliseconds=age))
    if off > configuration.replay_guard.window:
        return f"the ticket's age is off by {off.total_seconds():.0f} seconds: it may be a replay"
    if not configuration.replay_guard.is_first(offered.binders[0], at=now):
        return "it was seen before: it is a replay"
    return ""
