"""Events: what happened on a connection, in order, as values that do not change.

Standard     None: this is the engine's face.
Left out     Secrets: no event holds one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from explain.layout import Field, Layout
from handshake.messages.handshake import HandshakeMessage, message_layout
from handshake.messages.keys import ChangeCipherSpec
from handshake.messages.ssl2_hello import SSL2ClientHello
from handshake.parameters import Parameters, Resumption
from handshake.proofs import UnverifiedChain
from handshake.registries.codes import Role
from handshake.registries.signature_schemes import SignatureScheme
from pki.verify import VerifiedChain
from record.alerts import AlertDescription, AlertLevel
from record.presentation import Reader


class NeedData(Enum):
    """What `next_event` returns when nothing more happens before the peer's next bytes."""

    NEED_DATA = "need data"


NEED_DATA = NeedData.NEED_DATA


@dataclass(frozen=True, slots=True)
class _MessageEvent:
    """message: what was said. data: its bytes, a handshake message's with the header."""

    message: HandshakeMessage | ChangeCipherSpec
    data: bytes = field(repr=False)

    def layout(self) -> list[Field]:
        """Return what each byte of `data` is."""
        if not isinstance(self.message, ChangeCipherSpec):
            return message_layout(self.data, forms={self.message.handshake_type: type(self.message)})
        layout = Layout()
        ChangeCipherSpec.read(Reader(self.data, layout=layout))
        return layout.fields


class MessageSent(_MessageEvent):
    """A handshake message or ChangeCipherSpec was sent."""


class MessageReceived(_MessageEvent):
    """A handshake message or ChangeCipherSpec was received. Its form is right; what it says is checked next."""


@dataclass(frozen=True, slots=True)
class SSL2ClientHelloReceived:
    """The client greeted in the form of SSL 2.0. data: its message, without the two bytes of its length."""

    message: SSL2ClientHello
    data: bytes = field(repr=False)

    def layout(self) -> list[Field]:
        """Return what each byte of `data` is."""
        layout = Layout()
        SSL2ClientHello.read(Reader(self.data, layout=layout))
        return layout.fields


@dataclass(frozen=True, slots=True)
class ParametersAgreed:
    """ClientHello and ServerHello have settled these parameters. Nobody has vouched for them before Finished."""

    parameters: Parameters


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """The hellos have taken up a session of before, with its master secret and what is known of the peer.

    by: how the client asked for it.
    """

    by: Resumption


@dataclass(frozen=True, slots=True)
class ExternalPSKChosen:
    """The hellos have settled on a key that both sides had before; each shows by its messages that it has it.

    identity: the name of the key.
    """

    identity: bytes


@dataclass(frozen=True, slots=True)
class SessionNotResumed:
    """There will be a full handshake, though this side could have resumed a session. reason: why."""

    reason: str


@dataclass(frozen=True, slots=True)
class PeerCertificateVerified:
    """The peer's chain holds. That the peer has its key is not shown yet.

    chain: the certificates, the peer's first; `chain.checks` tells what was checked.
    """

    chain: VerifiedChain


@dataclass(frozen=True, slots=True)
class PeerCertificateNotVerified:
    """The server's chain does not hold, and this client goes on all the same: nobody knows who the server is.

    chain: the certificates; `chain.failure` tells what is wrong, and what was checked before.
    """

    chain: UnverifiedChain


@dataclass(frozen=True, slots=True)
class PeerCertificateMissing:
    """The client showed no certificate, and may go on without."""


@dataclass(frozen=True, slots=True)
class OwnCertificateNotShown:
    """The server asks for a certificate, and the client shows none. reason: why."""

    reason: str


@dataclass(frozen=True, slots=True)
class PremasterSecretSent:
    """The client made the premaster secret and encrypted it to the server's certificate.

    key_exchange: by which method. encrypted: the ciphertext.
    """

    key_exchange: str
    encrypted: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PremasterSecretReceived:
    """The server decrypted what the client sent. Whether that was a premaster secret, only Finished will show.

    key_exchange: by which method. encrypted: the ciphertext.
    """

    key_exchange: str
    encrypted: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PremasterSecretAgreed:
    """Both sides have computed the premaster secret from their ephemeral keys, and nobody has sent it.

    key_exchange: by which method. group: where.
    """

    key_exchange: str
    group: str


@dataclass(frozen=True, slots=True)
class MasterSecretAgreed:
    """The master secret and the keys of the records are derived.

    extended: whether from the hash of the handshake (RFC 7627) instead of the two randoms.
    protection: what the records will be protected with.
    """

    extended: bool
    protection: str


@dataclass(frozen=True, slots=True)
class RetryRequested:
    """The server asks for another ClientHello, which TLS 1.3 calls HelloRetryRequest.

    group: the name of the group in which it wants a share; empty if it only wants its cookie back.
    """

    group: str


@dataclass(frozen=True, slots=True)
class TrafficSecretsAgreed:
    """Both sides have the secrets, and the keys, of one phase of TLS 1.3.

    phase: "handshake" or "application data". protection: what the records will be protected with.
    """

    phase: str
    protection: str


@dataclass(frozen=True, slots=True)
class KeysUpdated:
    """What one side sends is protected with its next keys from now on. sender: which side."""

    sender: Role


@dataclass(frozen=True, slots=True)
class TicketReceived:
    """The server gave a ticket of TLS 1.3, which was kept. lifetime: for how many seconds it may be used."""

    lifetime: int


@dataclass(frozen=True, slots=True)
class EarlyDataSent:
    """So many bytes of early data were sent. Anyone who recorded them can have the server read them again."""

    length: int


@dataclass(frozen=True, slots=True)
class EarlyDataAccepted:
    """The server takes the client's early data."""


@dataclass(frozen=True, slots=True)
class EarlyDataRefused:
    """The server does not take the client's early data, which is lost. reason: why."""

    reason: str


@dataclass(frozen=True, slots=True)
class EarlyData:
    """The client sent this data at once, before any handshake. It may be a replay: see RFC 9846 §8.

    A server acts on it only if it may be done twice.
    """

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PeerSignatureVerified:
    """The peer has the private key of its certificate: it signed something of this handshake with it.

    A client signs all its messages so far. So does a server in TLS 1.3; in TLS 1.2 it signs its ephemeral key and the
    randoms.
    """

    scheme: SignatureScheme


@dataclass(frozen=True, slots=True)
class FinishedVerified:
    """The peer's Finished is right: it has seen the same handshake and knows the master secret."""

    sender: Role
    verify_data: bytes


@dataclass(frozen=True, slots=True)
class HandshakeCompleted:
    """Data may go both ways from now on.

    parameters: what was agreed upon. peer_chain: who the peer is, if it showed that.
    """

    parameters: Parameters
    peer_chain: VerifiedChain | None


@dataclass(frozen=True, slots=True)
class PeerAuthenticated:
    """The client has answered a request for its certificate that came after the handshake (RFC 9846 §4.7.2).

    chain: who it is; None if it has none to show, and may go on without.
    """

    chain: VerifiedChain | None


@dataclass(frozen=True, slots=True)
class ApplicationData:
    """The peer sent this data. It is never empty."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApplicationDataSent:
    """So many bytes of data were sent. Only a `Stream` tells that, to its `on_event`."""

    length: int


@dataclass(frozen=True, slots=True)
class AlertSent:
    """An alert was sent."""

    level: AlertLevel
    description: AlertDescription


@dataclass(frozen=True, slots=True)
class AlertReceived:
    """An alert was received. After a fatal one, `next_event` raises."""

    level: AlertLevel
    description: AlertDescription


@dataclass(frozen=True, slots=True)
class ConnectionClosed:
    """The connection is over.

    confirmed: whether the peer said so: then nothing is missing of what it sent. If not, this side had closed
        before, and the peer did not answer that.
    """

    confirmed: bool


Event: TypeAlias = (
    MessageSent
    | MessageReceived
    | SSL2ClientHelloReceived
    | ParametersAgreed
    | SessionResumed
    | ExternalPSKChosen
    | SessionNotResumed
    | PeerCertificateVerified
    | PeerCertificateNotVerified
    | PeerCertificateMissing
    | OwnCertificateNotShown
    | PremasterSecretSent
    | PremasterSecretReceived
    | PremasterSecretAgreed
    | MasterSecretAgreed
    | PeerSignatureVerified
    | RetryRequested
    | TrafficSecretsAgreed
    | KeysUpdated
    | TicketReceived
    | EarlyDataSent
    | EarlyDataAccepted
    | EarlyDataRefused
    | EarlyData
    | FinishedVerified
    | HandshakeCompleted
    | PeerAuthenticated
    | ApplicationData
    | ApplicationDataSent
    | AlertSent
    | AlertReceived
    | ConnectionClosed
)
