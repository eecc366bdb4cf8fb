"""What client and server do alike in TLS 1.3: the key schedule of the connection, changing keys, finishing, updating.

Standard     RFC 9846 §4.5.3, §4.7.3, §5.5, §7.1 to §7.3, §7.5, appendix E.4; RFC 8449 §4; RFC 8879 §4.
Left out     Nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from handshake.channel import Channel
from handshake.configuration import Configuration
from handshake.events import (
    FinishedVerified,
    HandshakeCompleted,
    KeysUpdated,
    ParametersAgreed,
    TrafficSecretsAgreed,
)
from handshake.machine import Message
from handshake.messages.compressed_certificate import CompressedCertificate
from handshake.messages.extensions import Extension, find
from handshake.messages.handshake import TLS13_MESSAGES
from handshake.messages.tls13_authentication import TLS13CertificateMessage, TLS13Finished
from handshake.messages.tls13_extensions import CompressCertificate
from handshake.messages.tls13_keys import KeyUpdate
from handshake.parameters import Parameters
from handshake.proofs import AuthenticatedPeer, Established, Peer, verify_finished
from handshake.registries.codes import ZLIB, Role
from handshake.suites.secrets import Secret
from handshake.suites.tls13 import IV_LENGTH, TLS13Suite
from handshake.tls13.key_schedule import (
    EarlySecret,
    ExporterSecret,
    HandshakeSecret,
    MainSecret,
    ResumptionSecret,
    TrafficSecret,
)
from pki.verify import VerifiedChain
from record.alerts import decode_error, unexpected_message
from record.codes import MAXIMUM_PLAINTEXT

LABELS = {Role.CLIENT: "CLIENT", Role.SERVER: "SERVER"}  # in key logs
MAXIMUM_KEY_UPDATES = 1000  # in a row, with no data between them: each costs a derivation


class Party(ABC):
    """One side of a handshake. The attributes appear as the handshake goes on.

    parameters, suite: from ServerHello on.
    established: from the peer's Finished on.
    """

    role: Role
    parameters: Parameters
    suite: TLS13Suite
    forms = TLS13_MESSAGES
    established: Established | None = None
    _early_secret: EarlySecret
    _handshake_secret: HandshakeSecret
    _main_secret: MainSecret
    _exporter_secret: ExporterSecret
    _resumption_secret: ResumptionSecret

    def __init__(self, configuration: Configuration, channel: Channel) -> None:
        self._configuration, self.channel = configuration, channel
        self._traffic: dict[Role, TrafficSecret] = {}  # of what each side writes: of the handshake, then of the data
        self._key_log_random = b""
        self._update_requested = False  # by the peer, and not answered yet
        self._updates = 0  # by the peer, since its last data
        self._sent_idle_change_cipher_spec = False

    @property
    def peer_chain(self) -> VerifiedChain | None:
        """Who the peer is, once the connection is established and if the peer showed it."""
        if self.established is None or not isinstance(self.established.peer, AuthenticatedPeer):
            return None
        return self.established.peer.chain

    def agree(self, parameters: Parameters) -> None:
        """Keep to what the hellos and EncryptedExtensions have settled from now on."""
        self.parameters = parameters
        self.channel.emit(ParametersAgreed(parameters))
        self.limit_records()

    def begin_handshake_keys(self, early: EarlySecret, shared_secret: bytes | None, *, client_random: bytes) -> None:
        """Derive the secrets of the handshake, when the ServerHello is the last message of the transcript (§7.1)."""
        self._key_log_random = client_random
        self._early_secret, self._handshake_secret = early, early.handshake_secret(shared_secret)
        transcript_hash = self.channel.transcript.digest()
        for role in (Role.CLIENT, Role.SERVER):
            self._traffic[role] = self._handshake_secret.traffic_secret(role, transcript_hash=transcript_hash)
            self.log_secret(f"{LABELS[role]}_HANDSHAKE_TRAFFIC_SECRET", self._traffic[role])
        self.channel.emit(TrafficSecretsAgreed("handshake", self.suite.cipher.name))

    def derive_application_secrets(self) -> dict[Role, TrafficSecret]:
        """Return the first secrets of the data, when the server's Finished is the last message of the transcript."""
        self._main_secret = self._handshake_secret.main_secret()
        transcript_hash = self.channel.transcript.digest()
        secrets = {}
        for role in (Role.CLIENT, Role.SERVER):
            secrets[role] = self._main_secret.traffic_secret(role, transcript_hash=transcript_hash)
            self.log_secret(f"{LABELS[role]}_TRAFFIC_SECRET_0", secrets[role])
        self._exporter_secret = self._main_secret.exporter_secret(transcript_hash=transcript_hash)
        self.log_secret("EXPORTER_SECRET", self._exporter_secret)
        self.channel.emit(TrafficSecretsAgreed("application data", self.suite.cipher.name))
        return secrets

    def derive_resumption_secret(self) -> None:
        """Derive what tickets come from, when the client's Finished is the last message of the transcript."""
        self._resumption_secret = self._main_secret.resumption_secret(transcript_hash=self.channel.transcript.digest())

    def log_secret(self, label: str, secret: Secret) -> None:
        """Write a secret to the key log, if there is one."""
        if self._configuration.key_log is not None:
            self._configuration.key_log(f"{label} {self._key_log_random.hex()} {bytes(secret).hex()}")

    def write_under(self, secret: TrafficSecret) -> None:
        """Protect what this side sends from now on with the keys of this secret (§7.3)."""
        cipher = self.suite.cipher
        keys = secret.write_keys(key_length=cipher.enc_key_length, iv_length=IV_LENGTH)
        protection = cipher.protection(keys, pad_to=self._configuration.record_padding)
        self.channel.records.change_write_protection(protection)

    def read_under(self, secret: TrafficSecret) -> None:
        """Open what the peer sends from now on with the keys of this secret (§7.3)."""
        cipher = self.suite.cipher
        keys = secret.write_keys(key_length=cipher.enc_key_length, iv_length=IV_LENGTH)
        self.channel.records.change_read_protection(cipher.protection(keys))

    def limit_records(self) -> None:
        """Keep to the agreed lengths; in TLS 1.3 the limit counts the content type, too (RFC 8449 §4)."""
        limits, records = self.parameters.record_limits, self.channel.records
        ours, theirs = limits.to_server, limits.to_client
        if self.role is Role.SERVER:
            ours, theirs = theirs, ours
        records.write_limit = ours if ours == MAXIMUM_PLAINTEXT else ours - 1
        records.read_limit = theirs if theirs == MAXIMUM_PLAINTEXT else theirs - 1

    def send_idle_change_cipher_spec(self) -> None:
        """Send a ChangeCipherSpec once, for the looks of it (appendix E.4)."""
        if not self._sent_idle_change_cipher_spec:
            self._sent_idle_change_cipher_spec = True
            self.channel.send_idle_change_cipher_spec()

    def send_certificate_message(
        self, message: TLS13CertificateMessage, *, offered: Sequence[Extension] | None
    ) -> None:
        """Send our certificates, compressed if both sides want that. offered: the extensions of who will read them."""
        algorithms = find(offered, CompressCertificate)
        if self._configuration.compress_certificates and algorithms is not None and ZLIB in algorithms.algorithms:
            self.channel.send_message(CompressedCertificate.of(message))
        else:
            self.channel.send_message(message)

    def decompressed(self, message: TLS13CertificateMessage | CompressedCertificate) -> TLS13CertificateMessage:
        """Return the peer's certificates; raise unexpected_message if they come compressed, which was not offered."""
        if isinstance(message, TLS13CertificateMessage):
            return message
        if not self._configuration.compress_certificates:
            raise unexpected_message("the peer compresses its certificates, which was not offered")
        return message.decompress()

    def send_finished_message(self) -> None:
        """§4.5.3."""
        verify_data = self._traffic[self.role].verify_data(transcript_hash=self.channel.transcript.digest())
        self.channel.send_message(TLS13Finished(verify_data), established=self.established)

    def verify_finished_message(self, message: TLS13Finished, peer: Peer) -> None:
        """§4.5.3. The message itself is not in the transcript yet."""
        sender = self.role.peer
        expected = self._traffic[sender].verify_data(transcript_hash=self.channel.transcript.digest())
        if len(message.verify_data) != len(expected):
            raise decode_error(f"Finished has {len(message.verify_data)} bytes, expected {len(expected)}")
        finished = verify_finished(sender, received=message.verify_data, expected=expected)
        self.channel.emit(FinishedVerified(sender, finished.verify_data))
        self.established = Established(peer, finished)

    def receive_key_update(self, message: KeyUpdate) -> None:
        """§4.7.3: what the peer sends next is under its next keys."""
        self._updates += 1
        if self._updates > MAXIMUM_KEY_UPDATES:
            raise unexpected_message(f"{self._updates} KeyUpdates in a row with no data between them")
        self._traffic[self.role.peer] = self._traffic[self.role.peer].updated()
        self.read_under(self._traffic[self.role.peer])
        self._update_requested |= message.request_update
        self.channel.emit(KeysUpdated(self.role.peer))

    def update_keys(self, *, request_update: bool) -> None:
        """Send a KeyUpdate; what follows it is under our next keys (§4.7.3)."""
        self.channel.send_message(KeyUpdate(request_update))
        self._update_requested = False
        self._traffic[self.role] = self._traffic[self.role].updated()
        self.write_under(self._traffic[self.role])
        self.channel.emit(KeysUpdated(self.role))

    def before_data(self) -> None:
        """Update our keys if the peer has asked for that, or they have protected enough (§4.7.3, §5.5)."""
        if self._update_requested or self.channel.records.sent_records >= self.suite.cipher.most_records:
            self.update_keys(request_update=False)

    def receive_data(self) -> None:
        """Note that the peer has sent data."""
        self._updates = 0

    def export(self, label: bytes, context: bytes | None, length: int) -> bytes:
        """Return keying material for another protocol (§7.5), where no context is the same as an empty one."""
        return self._exporter_secret.export(label, context or b"", length)

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send what the table says is next."""

    @abstractmethod
    def keep_session(self) -> None:
        """Keep the session for later connections, now that the handshake is complete."""

    def complete(self) -> None:
        """Tell that the handshake is over, and give or keep what later connections need."""
        self.channel.emit(HandshakeCompleted(self.parameters, self.peer_chain))
        self.keep_session()

    def now(self) -> datetime:
        """Return the time by the configuration's clock."""
        return self._configuration.clock()
