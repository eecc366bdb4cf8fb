"""Whether a session is resumed: what the client offers, what the server takes up, and what both refuse.

Standard     RFC 5246 §7.4.1.2, §7.4.1.3, §F.1.4; RFC 5077 §3.1, §3.4; RFC 7627 §5.3; RFC 6066 §3.
Left out     Nothing.

The chain of the session is verified anew, by the roots and the clock of now: a certificate that has expired since, or a
root that is not trusted any more, ends the session as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.messages.extensions import (
    EncryptThenMAC,
    ExtendedMasterSecret,
    MaxFragmentLength,
    ServerName,
    SessionTicket,
    find,
)
from handshake.messages.hello import ClientHello, ServerHello
from handshake.parameters import Resumption
from handshake.proofs import verify_client_chain, verify_server_chain
from handshake.record_limits import limits_of_client
from handshake.sessions.state import SessionState
from handshake.sessions.stores import SavedSession
from pki.verify import VerifiedChain
from record.alerts import RemoteProtocolError, handshake_failure, illegal_parameter


@dataclass(frozen=True, slots=True)
class Resumed:
    """A session that the server resumes.

    state: its state. by: how the client asked for it. chain: who the client is, if it has shown that.
    renew: whether the client needs a new ticket.
    """

    state: SessionState
    by: Resumption
    chain: VerifiedChain | None
    renew: bool


class NotResumedError(Exception):
    """The server makes a new session, and this is why."""


def resume(hello: ClientHello, configuration: ServerConfiguration) -> Resumed:
    """Return the session that the client asks for, if it can be resumed.

    Raises `NotResumedError` if there has to be a full handshake, `RemoteProtocolError` if there must not even be that.
    """
    now = configuration.clock()
    state, by, renew = _find(hello, configuration, now)
    # 1. RFC 6066 §3: "MUST NOT accept the request to resume the session if the server_name extension contains a
    #    different name. Instead, it proceeds with a full handshake".
    server_name = find(hello.extensions, ServerName)
    if state.server_name != (server_name.host_name if server_name is not None else None):
        raise NotResumedError("the client asks for another server name than in the session")
    # 2. RFC 5246 §7.4.1.2: the suites "MUST include at least the cipher_suite from that session".
    if state.suite.code not in hello.cipher_suites:
        raise illegal_parameter(f"the client would resume a session of {state.suite}, which it does not offer")
    if state.suite not in configuration.suites:
        raise NotResumedError("the suite of the session is not accepted any more")
    # 3. RFC 7627 §5.3.
    extended = find(hello.extensions, ExtendedMasterSecret) is not None
    if state.extended_master_secret and not extended:
        raise handshake_failure("the client would resume a session without its extended master secret")
    if extended and not state.extended_master_secret:
        raise NotResumedError("the session has no extended master secret, and the client knows that now")
    if state.extended_master_secret and not configuration.extended_master_secret:
        raise NotResumedError("this server does without the extended master secret any more")
    # 4. RFC 7366 §3.1 keeps a session's order of MAC and encryption.
    if state.encrypt_then_mac != encrypts_then_macs(hello, configuration, state.suite.cipher.is_block_cipher):
        raise NotResumedError("the session has another order of MAC and encryption")
    # 5. RFC 6066 §4: max_fragment_length "applies for the duration of the session including session resumptions".
    if state.max_fragment_length != limits_of_client(hello, configuration.record_size_limit).max_fragment_length:
        raise NotResumedError("the session has another max_fragment_length")
    # 6. Who the client is.
    return Resumed(state, by, _client_chain(state, configuration, now), renew)


def encrypts_then_macs(hello: ClientHello, configuration: ServerConfiguration, is_block_cipher: bool) -> bool:
    """Return whether encrypt_then_mac is agreed upon (RFC 7366 §3: with block ciphers, and not with any other)."""
    return configuration.encrypt_then_mac and is_block_cipher and find(hello.extensions, EncryptThenMAC) is not None


def is_resumable(state: SessionState) -> bool:
    """Return whether a session may be resumed at all.

    RFC 7627 §5.3: without the extended master secret, an abbreviated handshake SHOULD not be. A man in the middle of
    both handshakes could pass for a client that has shown its certificate (the triple handshake attack). Where the
    client has shown none, there is nobody to pass for; nothing else here depends on the handshake being of these two
    alone, as there is neither renegotiation nor channel binding. So servers still resume such sessions, for clients
    that do not know RFC 7627. Clients never do.
    """
    return state.extended_master_secret or not state.peer_certificates


def _find(
    hello: ClientHello, configuration: ServerConfiguration, now: datetime
) -> tuple[SessionState, Resumption, bool]:
    """Return the session that is asked for, if it is known, and whether the client needs a new ticket."""
    ticket = find(hello.extensions, SessionTicket)
    keys, cache = configuration.ticket_keys, configuration.session_cache
    # RFC 5077 §3.4: "If a ticket is presented by the client, the server MUST NOT attempt to use the Session ID".
    if ticket is not None and ticket.ticket and keys is not None:
        opened = keys.open(ticket.ticket, at=now)
        if opened is None:
            raise NotResumedError("the ticket was not sealed with a key that is kept here")
        state = SessionState.from_bytes(opened.state)
        if now - state.created >= keys.lifetime:
            raise NotResumedError("the session of the ticket is too old")
        return state, Resumption.TICKET, opened.renew
    if hello.session_id and cache is not None:
        found = cache.get(hello.session_id, at=now)
        if found is None:
            raise NotResumedError("the session ID is not known here, or not any more")
        return found, Resumption.SESSION_ID, False
    raise NotResumedError("the client asks for none")


def _client_chain(state: SessionState, configuration: ServerConfiguration, now: datetime) -> VerifiedChain | None:
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


@dataclass(frozen=True, slots=True)
class Offer:
    """A session that the client offers to resume.

    saved, state: the session. chain: who the server is, verified anew. session_id: what the ClientHello says.
    """

    saved: SavedSession
    state: SessionState
    chain: VerifiedChain
    session_id: bytes

    @property
    def by(self) -> Resumption:
        """How it is asked for."""
        return Resumption.TICKET if self.saved.ticket else Resumption.SESSION_ID


def offer(configuration: ClientConfiguration) -> Offer | None:
    """Return the session to offer to the server, or None if no saved session could be resumed.

    A session is offered only under the configuration that it was made under, as far as that decides what was agreed.
    """
    store = configuration.sessions
    if store is None:
        return None
    now = configuration.clock()
    saved = store.get(configuration.server_name, at=now)
    if saved is None:
        return None
    state = saved.state
    if (
        not isinstance(state, SessionState)  # but one of TLS 1.3
        or not state.extended_master_secret  # RFC 7627 §5.3: "SHOULD NOT offer"
        or state.server_name != configuration.host_name
        or saved.configuration != configuration.digest
    ):
        return None
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
    # RFC 5077 §3.4: with a ticket, the ID is of our own making; a server that takes the ticket repeats it.
    return Offer(saved, state, chain, configuration.random_bytes(32) if saved.ticket else saved.session_id)


def check_resumed(offer: Offer, hello: ServerHello) -> None:
    """Raise `RemoteProtocolError` unless the ServerHello agrees with the session that it resumes.

    illegal_parameter for another suite (RFC 5246 §7.4.1.3) or max_fragment_length (RFC 6066 §4), handshake_failure if
    the extended master secret is missing (RFC 7627 §5.3) or the order of MAC and encryption is another.
    """
    state = offer.state
    if hello.cipher_suite != state.suite.code:
        raise illegal_parameter(
            f"the server resumes a session of {state.suite} with the cipher suite 0x{hello.cipher_suite:04x}"
        )
    if find(hello.extensions, ExtendedMasterSecret) is None:
        raise handshake_failure("the server resumes a session without its extended master secret")
    if (find(hello.extensions, EncryptThenMAC) is not None) != state.encrypt_then_mac:
        raise handshake_failure("the server resumes a session with another order of MAC and encryption")
    fragment = find(hello.extensions, MaxFragmentLength)
    if state.max_fragment_length != (fragment.code if fragment is not None else 0):
        raise illegal_parameter("the server resumes a session with another max_fragment_length")
