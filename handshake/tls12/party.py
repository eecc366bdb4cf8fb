"""What client and server do alike in a handshake: deriving keys, changing to them, finishing.

Standard     RFC 5246 §7.1, §7.3, §7.4.8, §7.4.9, §8.1, §7.2.2; RFC 5077 §3.1, RFC 5705 §4,
             RFC 7627 §4, RFC 8449 §4.
Left out     Nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import datetime

from handshake.channel import Channel
from handshake.configuration import Configuration
from handshake.events import FinishedVerified, HandshakeCompleted, MasterSecretAgreed, ParametersAgreed
from handshake.machine import Fact
from handshake.messages.handshake import MESSAGES, Forms, forms
from handshake.messages.keys import Finished
from handshake.parameters import Parameters
from handshake.proofs import AuthenticatedPeer, Established, Peer, verify_finished
from handshake.registries.codes import Role
from handshake.registries.key_agreement import Group
from handshake.sessions.state import SessionState, certificates_of
from handshake.suites.secrets import PremasterSecret, Secret
from handshake.suites.table import CipherSuite
from handshake.tls12.key_schedule import MasterSecret
from pki.verify import VerifiedChain
from record.alerts import LocalProtocolError
from record.protection import Protection


class Party(ABC):
    """One side of a handshake. The attributes appear as the handshake goes on.

    parameters, suite: from ServerHello on.
    master_secret: from ClientKeyExchange on.
    established: from the peer's Finished on.
    forms: what messages are read as, which the suite decides in part.
    """

    role: Role
    parameters: Parameters
    suite: CipherSuite
    forms: Forms
    master_secret: MasterSecret
    _protections: dict[Role, Protection]  # of what each side writes
    established: Established | None = None

    def __init__(self, configuration: Configuration, channel: Channel) -> None:
        self._configuration, self.channel = configuration, channel
        self.forms = MESSAGES

    @property
    def peer_chain(self) -> VerifiedChain | None:
        """Who the peer is, once the connection is established and if the peer showed it."""
        if self.established is None or not isinstance(self.established.peer, AuthenticatedPeer):
            return None
        return self.established.peer.chain

    def agree(self, parameters: Parameters, suite: CipherSuite) -> None:
        """Keep to what the hellos have settled from now on."""
        self.parameters, self.suite = parameters, suite
        self.forms = forms(suite.key_exchange)
        if suite.ephemeral is not None:
            self.channel.machine.facts.add(Fact.EPHEMERAL)
        self.channel.transcript.choose(suite.prf_hash)
        self.channel.records.version = parameters.version
        self.channel.records.version_agreed = True
        if parameters.record_limits.max_fragment_length:  # RFC 6066 §4: "MUST immediately begin fragmenting messages"
            self._limit_sent()
            self._limit_received()
        self.channel.emit(ParametersAgreed(parameters))

    def agree_group(self, group: Group) -> None:
        """Do Diffie–Hellman here, as the ServerKeyExchange says."""
        self.parameters = replace(self.parameters, group=group)

    def derive(self, premaster: PremasterSecret) -> None:
        """Derive master secret and keys, when the ClientKeyExchange is the last message of the transcript."""
        parameters, hash = self.parameters, self.suite.prf_hash
        if parameters.extended_master_secret:  # RFC 7627 §4
            session_hash = self.channel.transcript.digest()
            master_secret = MasterSecret.derive_extended(premaster, session_hash=session_hash, hash=hash)
        else:  # RFC 5246 §8.1
            master_secret = MasterSecret.derive(
                premaster, client_random=parameters.client_random, server_random=parameters.server_random, hash=hash
            )
        self._use(master_secret)

    def use_again(self, secret: Secret) -> None:
        """Take the master secret of the session that is resumed."""
        self._use(MasterSecret(bytes(secret), hash=self.suite.prf_hash))

    def _use(self, master_secret: MasterSecret) -> None:
        """Derive the keys of this connection from the master secret."""
        parameters, suite = self.parameters, self.suite
        self.master_secret = master_secret
        key_block = master_secret.key_block(  # RFC 5246 §6.3: the randoms are new, so the keys are
            client_random=parameters.client_random,
            server_random=parameters.server_random,
            mac_key_length=suite.cipher.mac_key_length,
            enc_key_length=suite.cipher.enc_key_length,
            fixed_iv_length=suite.cipher.fixed_iv_length,
        )
        self._protections = {
            writer: suite.cipher.protection(
                keys, encrypt_then_mac=parameters.encrypt_then_mac, random_bytes=self._configuration.random_bytes
            )
            for writer, keys in key_block.writes.items()
        }
        if self._configuration.key_log is not None:
            self._configuration.key_log(self.master_secret.key_log_line(client_random=parameters.client_random))
        self.channel.emit(MasterSecretAgreed(parameters.extended_master_secret, self._protections[self.role].name))

    def send_change_cipher_spec(self) -> None:
        """RFC 5246 §7.1: from now on, what this side sends is protected."""
        self.channel.send_change_cipher_spec(self._protections[self.role])
        self._limit_sent()

    def receive_change_cipher_spec(self) -> None:
        """RFC 5246 §7.1: from now on, what the peer sends is protected."""
        self.channel.records.change_read_protection(self._protections[self.role.peer])
        self._limit_received()

    def _limit_sent(self) -> None:
        limits = self.parameters.record_limits
        self.channel.records.write_limit = limits.to_server if self.role is Role.CLIENT else limits.to_client

    def _limit_received(self) -> None:
        limits = self.parameters.record_limits
        self.channel.records.read_limit = limits.to_client if self.role is Role.CLIENT else limits.to_server

    def send_finished(self) -> None:
        """RFC 5246 §7.4.9."""
        verify_data = self.master_secret.verify_data(self.role, handshake_hash=self.channel.transcript.digest())
        self.channel.send_message(Finished(verify_data), established=self.established)

    def receive_finished(self, message: Finished, peer: Peer) -> None:
        """RFC 5246 §7.4.9. The message itself is not in the transcript yet."""
        sender = self.role.peer
        expected = self.master_secret.verify_data(sender, handshake_hash=self.channel.transcript.digest())
        finished = verify_finished(sender, received=message.verify_data, expected=expected)
        self.channel.emit(FinishedVerified(sender, finished.verify_data))
        self.established = Established(peer, finished)

    def export(self, label: bytes, context: bytes | None, length: int) -> bytes:
        """Return keying material for another protocol (RFC 5705 §4).

        Raises `LocalProtocolError` without the extended master secret: an attacker in the middle of two connections can
        then have both export the same (RFC 7627 §5.4).
        """
        parameters = self.parameters
        if not parameters.extended_master_secret:
            raise LocalProtocolError("nothing is exported from a connection without the extended master secret")
        return self.master_secret.export(
            label, context, length, client_random=parameters.client_random, server_random=parameters.server_random
        )

    def session_state(self, created: datetime) -> SessionState:
        """Return what another connection needs to resume this one's session."""
        parameters = self.parameters
        return SessionState(
            suite=self.suite,
            master_secret=self.master_secret,
            extended_master_secret=parameters.extended_master_secret,
            encrypt_then_mac=parameters.encrypt_then_mac,
            max_fragment_length=parameters.record_limits.max_fragment_length,
            server_name=parameters.server_name,
            peer_certificates=certificates_of(self.peer_chain),
            created=created,
        )

    @abstractmethod
    def keep_session(self) -> None:
        """Keep the session for later connections, now that the handshake is complete."""

    @abstractmethod
    def forget_session(self) -> None:
        """Forget the session: its connection has failed (RFC 5246 §7.2.2)."""

    def complete(self) -> None:
        """Keep the session, and tell that the handshake is over."""
        self.keep_session()
        self.channel.emit(HandshakeCompleted(self.parameters, self.peer_chain))
