"""The server's side of the handshake in TLS 1.3. What comes when, the table in `states` says; what is done, this file.

Standard     RFC 9846 §4, §7.1, §8, appendix E; RFC 6066 §3, RFC 7301 §3.2, RFC 8449 §4.
Left out     Several requests for a certificate at a time (§4.7.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handshake.channel import Channel
from handshake.configuration import ServerConfiguration
from handshake.events import (
    EarlyData,
    EarlyDataAccepted,
    EarlyDataRefused,
    ExternalPSKChosen,
    PeerAuthenticated,
    PeerCertificateMissing,
    PeerCertificateVerified,
    PeerSignatureVerified,
    RetryRequested,
    SessionNotResumed,
    SessionResumed,
)
from handshake.grease import grease_values
from handshake.machine import Fact, Message
from handshake.messages.compressed_certificate import CompressedCertificate
from handshake.messages.extension_places import check_places
from handshake.messages.extensions import (
    ApplicationProtocols,
    Extension,
    RecordSizeLimit,
    ServerName,
    ServerNameAcknowledged,
    SignatureAlgorithms,
    SignatureAlgorithmsCert,
    UnknownExtension,
    find,
)
from handshake.messages.handshake import HandshakeMessage, write_message
from handshake.messages.hello import RETRY_RANDOM, ClientHello, ServerHello
from handshake.messages.oid_filters import OIDFilters
from handshake.messages.tls13_authentication import (
    CLIENT_CONTEXT,
    SERVER_CONTEXT,
    CertificateEntry,
    TLS13CertificateMessage,
    TLS13CertificateRequest,
    TLS13CertificateVerify,
    TLS13Finished,
    signed_content,
)
from handshake.messages.tls13_extensions import (
    CertificateAuthorities,
    ClientKeyShares,
    CompressCertificate,
    Cookie,
    EarlyDataIndication,
    KeyShareEntry,
    MaximumEarlyData,
    OfferedPSKs,
    PostHandshakeAuth,
    SelectedGroup,
    SelectedPSK,
    SelectedVersion,
    ServerKeyShare,
)
from handshake.messages.tls13_keys import EncryptedExtensions, EndOfEarlyData, KeyUpdate, TLS13NewSessionTicket
from handshake.messages.transcript import Transcript
from handshake.parameters import Parameters, Resumption
from handshake.proofs import (
    AuthenticatedPeer,
    Peer,
    admit_anonymous,
    authenticate_resumed,
    know_by_psk,
    verify_client_chain,
    verify_signature,
)
from handshake.record_limits import limits_of_client
from handshake.registries import codes
from handshake.registries.codes import Role
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import TLS13_SCHEMES
from handshake.server_answers import choose_protocol
from handshake.sessions.state import certificates_of
from handshake.sessions.tls13_state import TLS13SessionState
from handshake.suites.secrets import Secret
from handshake.suites.tls13 import TLS13Suite
from handshake.tls13.external_psks import find_external
from handshake.tls13.key_schedule import EarlySecret, TrafficSecret
from handshake.tls13.negotiation import Choice, choose_group, choose_identity, choose_suite
from handshake.tls13.party import Party
from handshake.tls13.psks import check_offered, psk_modes, verify_binder
from handshake.tls13.resumption import NotResumedError, Resumed, resume, why_no_early_data
from pki.verify import VerifiedChain
from record.alerts import (
    LocalProtocolError,
    certificate_required,
    illegal_parameter,
    unexpected_message,
    unsupported_extension,
)
from record.codes import TLS_1_2, TLS_1_3

MAY_CHANGE = {codes.KEY_SHARE, codes.EARLY_DATA, codes.COOKIE, codes.PRE_SHARED_KEY, 21}  # 21: padding (§4.2.2)

COOKIE_LENGTH = 32
CONTEXT_LENGTH = 8  # §4.4.2: unique on its connection, and not to be foreseen

SKIPPED_AT_MOST = 2**16  # bytes of early data that was refused, beyond what we would have taken: overhead, old tickets


@dataclass(frozen=True, slots=True)
class ChosenPSK:
    """The key that was taken up. index: of its name in the client's list. external_identity: its name, if external."""

    index: int
    early_secret: EarlySecret
    external_identity: bytes | None = None


class Server(Party):
    """The server in a handshake."""

    role = Role.SERVER
    _hello: ClientHello
    _retried: ClientHello | None = None  # the first one, if there was a second
    _chosen_suite: TLS13Suite
    _group: Group | None = None  # if there is a key exchange
    _share: KeyShareEntry
    _asks_for_share = False  # in the HelloRetryRequest
    _cookie = b""  # the same
    _psk: ChosenPSK | None = None
    _resumed: Resumed | None = None  # the session that the key is of
    _choice: Choice  # if there is no key from before
    _client_chain: VerifiedChain
    _client: Peer  # once that is settled
    _application: dict[Role, TrafficSecret]
    _early_traffic: TrafficSecret
    _early_data_left = 0
    _context = b""  # of the CertificateRequest
    _handshake: Transcript | None = None  # of the whole handshake, if a certificate can be asked for after it
    _request: bytes | None = None  # the CertificateRequest that is not answered yet

    def __init__(self, configuration: ServerConfiguration, channel: Channel) -> None:
        super().__init__(configuration, channel)
        self.configuration = configuration
        if configuration.client_roots and not configuration.certificate_on_request:
            channel.machine.facts.add(Fact.CERTIFICATE_REQUESTED)
        else:
            self._client = admit_anonymous(certificate_required=False)

    def send(self, message: Message) -> None:
        """Send what the table says is next."""
        {
            Message.HELLO_RETRY_REQUEST: self.send_hello_retry_request,
            Message.SERVER_HELLO: self.send_server_hello,
            Message.ENCRYPTED_EXTENSIONS: self.send_encrypted_extensions,
            Message.CERTIFICATE_REQUEST: self.send_certificate_request,
            Message.CERTIFICATE: self.send_certificate,
            Message.CERTIFICATE_VERIFY: self.send_certificate_verify,
            Message.FINISHED: self.send_finished,
        }[message]()

    def receive(self, message: HandshakeMessage, data: bytes) -> None:
        """Handle a message that the table allows now. data: its bytes."""
        match message:
            case ClientHello():
                self.receive_client_hello(message, data)
                return
            case EndOfEarlyData():
                self.read_under(self._traffic[Role.CLIENT])
            case TLS13CertificateMessage() | CompressedCertificate():
                self.receive_certificate(self.decompressed(message))
            case TLS13CertificateVerify():
                self.receive_certificate_verify(message)
            case TLS13Finished():
                self.receive_finished(message, data)
                return
        self.channel.transcript.add(data)

    def receive_later(self, message: HandshakeMessage, data: bytes) -> None:
        """Handle a message that may come after the handshake. data: its bytes."""
        if isinstance(message, KeyUpdate):
            self.receive_key_update(message)
        elif self._request is None:
            raise unexpected_message("the client answers a request for its certificate that was not made")
        elif isinstance(message, TLS13CertificateMessage | CompressedCertificate) and self._handshake is not None:
            # §4.7.2: the transcript of the handshake, and the request.
            self.channel.transcript = self._handshake.copy()
            self.channel.transcript.add(self._request)
            self.channel.machine.facts.discard(Fact.CLIENT_CERTIFICATE)
            self.receive_certificate(self.decompressed(message))
            self.channel.transcript.add(data)

    def receive_client_hello(self, hello: ClientHello, data: bytes) -> None:
        """§4.2.2, the first and the second one."""
        transcript = self.channel.transcript
        # 1. What can be said of the message by itself.
        if hello.compression_methods != (codes.COMPRESSION_NULL,):
            raise illegal_parameter("the client offers compression, which TLS 1.3 does not have")
        check_places(hello.extensions, "CH")
        check_offered(hello)
        if self._retried is not None:
            self._check_second(self._retried, hello)
        self._hello = hello
        # 2. The suite, and with it the hash.
        suite = choose_suite(hello, self.configuration)
        if self._retried is None:
            self._chosen_suite = suite
            transcript.choose(suite.prf_hash)
        elif suite is not self._chosen_suite:
            raise illegal_parameter("the second ClientHello offers other cipher suites than the first")
        # 3. A key that both had before, if it will do by itself.
        modes = psk_modes(hello, self.configuration)
        alone = codes.PSK_KE in modes and (
            codes.PSK_DHE_KE not in modes or find(hello.extensions, ClientKeyShares) is None
        )
        if alone and self._take_psk(hello, data, suite):
            transcript.add(data)
            return
        # 4. The group. Without a share in it, the client is asked for one, once.
        self._group, share = choose_group(hello, self.configuration)
        if share is None or (self.configuration.send_cookie and self._retried is None):
            if self._retried is not None:
                raise illegal_parameter("the second ClientHello has no share in the group that was asked for")
            self._retried, self._asks_for_share = hello, share is None
            if self.configuration.send_cookie:
                self._cookie = self.configuration.random_bytes(COOKIE_LENGTH)
            transcript.add(data)
            transcript.replace_by_hash()
            self.channel.machine.facts.add(Fact.RETRY)
            self._skip_early_data(hello)
            return
        self._share = share
        # 5. The key that both had before, beside the key exchange; or a certificate.
        if codes.PSK_DHE_KE not in modes or not self._take_psk(hello, data, suite):
            self._choice = choose_identity(hello, self.configuration)
        transcript.add(data)

    def send_hello_retry_request(self) -> None:
        """§4.2.4."""
        extensions: list[Extension] = [SelectedVersion(TLS_1_3)]
        group = self._group if self._asks_for_share else None
        if group is not None:
            extensions.append(SelectedGroup(group.code))
        if self._cookie:
            extensions.append(Cookie(self._cookie))
        self.channel.send_message(self._server_hello(RETRY_RANDOM, tuple(extensions)))
        self.channel.emit(RetryRequested(group.name if group is not None else ""))
        if self._hello.session_id:
            self.send_idle_change_cipher_spec()

    def send_server_hello(self) -> None:
        """§4.2.3."""
        configuration, hello, suite = self.configuration, self._hello, self._chosen_suite
        # 1. Our share, and the secret that both shares make together.
        extensions: list[Extension] = [SelectedVersion(TLS_1_3)]
        shared_secret = None
        if self._group is not None:
            try:
                ours, shared_secret = self._group.answer(self._share.key_exchange, configuration.random_bytes)
            except ValueError as error:
                raise illegal_parameter(f"the client's key share is refused: {error}") from error
            extensions.append(ServerKeyShare(KeyShareEntry(self._group.code, ours)))
        # 2. All else that is agreed upon.
        server_name, protocol = find(hello.extensions, ServerName), choose_protocol(hello, configuration)
        resumed = self._resumed
        refusal = why_no_early_data(hello, configuration, resumed, suite=suite, protocol=protocol)
        if self._retried is not None:
            refusal = "the client had to ask again"
        parameters = Parameters(
            version=TLS_1_3,
            suite=suite,
            client_random=hello.random,
            server_random=configuration.random_bytes(32),
            encrypt_then_mac=False,
            extended_master_secret=True,
            server_name=server_name.host_name if server_name is not None else None,
            protocol=protocol,
            group=self._group,
            resumption=Resumption.TICKET if resumed is not None else None,
            psk_identity=self._psk.external_identity if self._psk is not None else None,
            record_limits=limits_of_client(hello, configuration.record_size_limit),
            retried=self._retried is not None,
            early_data=not refusal,
        )
        psk = self._psk
        early = psk.early_secret if psk is not None else EarlySecret.extract(None, hash=suite.prf_hash)
        self._settle_early_data(early, refusal)
        # 3. Send it.
        if psk is not None:
            extensions.append(SelectedPSK(psk.index))
        self.channel.send_message(self._server_hello(parameters.server_random, tuple(extensions)))
        if hello.session_id:
            self.send_idle_change_cipher_spec()
        self.suite = suite
        self.agree(parameters)
        # 4. The keys of the handshake.
        self.begin_handshake_keys(early, shared_secret, client_random=hello.random)
        self.write_under(self._traffic[Role.SERVER])
        self.read_under(self._early_traffic if parameters.early_data else self._traffic[Role.CLIENT])

    def send_encrypted_extensions(self) -> None:
        """§4.4.1."""
        self.channel.send_message(EncryptedExtensions(tuple(self._answers())))

    def request_certificate(self) -> None:
        """§4.7.2: ask for the client's certificate now, where the handshake is over."""
        if self._handshake is None:
            raise LocalProtocolError("the client answers no such request, or no authority of clients is trusted here")
        if self._request is not None:
            raise LocalProtocolError("the client was asked already, and has not answered yet")
        self._context = self.configuration.random_bytes(CONTEXT_LENGTH)
        request = TLS13CertificateRequest(self._context, self._certificate_criteria())
        self.channel.send_message(request)
        self._request = write_message(request)

    def send_certificate_request(self) -> None:
        """§4.4.2."""
        self.channel.send_message(TLS13CertificateRequest(self._context, self._certificate_criteria()))

    def _certificate_criteria(self) -> tuple[Extension, ...]:
        """Return what a CertificateRequest says of the certificate."""
        configuration = self.configuration
        schemes = tuple(scheme.code for scheme in configuration.tls13_schemes)
        roots = tuple(root.subject.element("distinguished_name").encoding for root in configuration.client_roots)
        criteria: list[Extension] = [
            SignatureAlgorithms(schemes),
            SignatureAlgorithmsCert(tuple(scheme.code for scheme in TLS13_SCHEMES)),
            CertificateAuthorities(roots),
        ]
        if configuration.certificate_filters:
            criteria.append(OIDFilters.of(*configuration.certificate_filters))
        if configuration.compress_certificates:
            criteria.append(CompressCertificate((codes.ZLIB,)))
        return (*criteria, *self._meaningless())

    def _meaningless(self) -> tuple[Extension, ...]:
        """Return an extension that means nothing, if that is wanted (RFC 8701 §4.1)."""
        if not self.configuration.grease:
            return ()
        [value] = grease_values(self.configuration.random_bytes(1))
        return (UnknownExtension(value, b""),)

    def send_certificate(self) -> None:
        """§4.5.1."""
        chain = self._choice.identity.certificate_chain
        entries = tuple(CertificateEntry(certificate.to_der()) for certificate in chain)
        self.send_certificate_message(TLS13CertificateMessage(b"", entries), offered=self._hello.extensions)

    def send_certificate_verify(self) -> None:
        """§4.5.2."""
        scheme, key = self._choice.scheme, self._choice.identity.private_key
        if key is None:
            raise ValueError("there is nothing to sign with")
        content = signed_content(SERVER_CONTEXT, self.channel.transcript.digest())
        signature = scheme.sign(key, content, random_bytes=self.configuration.random_bytes)
        self.channel.send_message(TLS13CertificateVerify(scheme.code, signature))

    def send_finished(self) -> None:
        """§4.5.3: ours, after which we write under the keys of the data."""
        self.send_finished_message()
        self._application = self.derive_application_secrets()
        self._traffic[Role.SERVER] = self._application[Role.SERVER]
        self.write_under(self._traffic[Role.SERVER])

    def receive_early_data(self, data: bytes) -> None:
        """§4.3.10: data that may have been sent before, by somebody who has recorded it."""
        self._early_data_left -= len(data)
        if self._early_data_left < 0:
            raise unexpected_message("the client sends more early data than its ticket allows")
        if data:
            self.channel.emit(EarlyData(data))

    def receive_certificate(self, message: TLS13CertificateMessage) -> None:
        """§4.5.1."""
        configuration = self.configuration
        if message.context != self._context:
            raise illegal_parameter("the certificate_request_context is not what the request said")
        if not message.entries:
            self._client = admit_anonymous(
                certificate_required=configuration.require_client_certificate, refuse=certificate_required
            )
            self.channel.emit(PeerCertificateMissing())
            return
        for entry in message.entries:
            check_places(entry.extensions, "CT")
            if entry.extensions:
                raise unsupported_extension("the client's certificate comes with extensions that nobody asked for")
        self._client_chain = verify_client_chain(
            message.certificate_list,
            roots=configuration.client_roots,
            crls=configuration.crls,
            require_revocation_status=configuration.require_revocation_status,
            at=configuration.clock(),
        )
        self.channel.machine.facts.add(Fact.CLIENT_CERTIFICATE)
        self.channel.emit(PeerCertificateVerified(self._client_chain))

    def receive_certificate_verify(self, message: TLS13CertificateVerify) -> None:
        """§4.5.2. The message itself is not in the transcript yet."""
        key = self._client_chain[0].public_key
        signature = verify_signature(
            self._client_chain,
            [scheme for scheme in self.configuration.tls13_schemes if scheme.suits_tls13(key)],
            algorithm=message.algorithm,
            message=signed_content(CLIENT_CONTEXT, self.channel.transcript.digest()),
            signature=message.signature,
        )
        self._client = AuthenticatedPeer(self._client_chain, signature)
        self.channel.emit(PeerSignatureVerified(signature.scheme))

    def receive_finished(self, message: TLS13Finished, data: bytes) -> None:
        """§4.5.3: the client's, after which the handshake is over; or what the client was asked for later is."""
        self.verify_finished_message(message, self._client)
        if self._request is not None:
            self._request = None
            self.channel.emit(PeerAuthenticated(self.peer_chain))
            return
        self.channel.transcript.add(data)
        self.derive_resumption_secret()
        self._traffic[Role.CLIENT] = self._application[Role.CLIENT]
        self.read_under(self._traffic[Role.CLIENT])
        if self.configuration.client_roots and find(self._hello.extensions, PostHandshakeAuth) is not None:
            self._handshake = self.channel.transcript.copy()

    def keep_session(self) -> None:
        """§4.7.1: send tickets, as many as the configuration says."""
        keys = self.configuration.ticket_keys
        if keys is None or not psk_modes(self._hello, self.configuration) or self.parameters.psk_identity is not None:
            return
        now, resumed = self.now(), self._resumed
        authenticated = resumed.state.authenticated if resumed is not None else now
        left = int((keys.lifetime - (now - authenticated)).total_seconds())
        early = (MaximumEarlyData(self.configuration.maximum_early_data),)
        for number in range(self.configuration.tickets if left > 0 else 0):
            nonce = bytes([number])
            state = TLS13SessionState(
                suite=self.suite,
                psk=Secret(self._resumption_secret.psk(nonce)),
                age_add=int.from_bytes(self.configuration.random_bytes(4), "big"),
                maximum_early_data=self.configuration.maximum_early_data,
                protocol=self.parameters.protocol,
                server_name=self.parameters.server_name,
                peer_certificates=certificates_of(self.peer_chain),
                created=now,
                authenticated=authenticated,
            )
            ticket = keys.seal(state.to_bytes(), at=now)
            if ticket:
                extensions = (*(early if state.maximum_early_data else ()), *self._meaningless())
                self.channel.send_message(TLS13NewSessionTicket(left, state.age_add, nonce, ticket, extensions))

    def _server_hello(self, random: bytes, extensions: tuple[Extension, ...]) -> ServerHello:
        return ServerHello(
            server_version=TLS_1_2,
            random=random,
            session_id=self._hello.session_id,
            cipher_suite=self._chosen_suite.code,
            compression_method=codes.COMPRESSION_NULL,
            extensions=extensions,
        )

    def _answers(self) -> Iterator[Extension]:
        """Return the answers to the client's extensions, and only to those that it sent (§4.3)."""
        hello, parameters = self._hello, self.parameters
        if self._psk is None and self._choice.named:
            yield ServerNameAcknowledged()
        if parameters.protocol is not None:
            yield ApplicationProtocols((parameters.protocol.encode(),))
        if find(hello.extensions, RecordSizeLimit) is not None:
            yield RecordSizeLimit(self.configuration.record_size_limit)
        if parameters.early_data:
            yield EarlyDataIndication()

    def _take_psk(self, hello: ClientHello, data: bytes, suite: TLS13Suite) -> bool:
        """Take up a key that the client offers, and say so; return whether there is one that can be."""
        if self._take_external_psk(hello, data, suite) or self._resume(hello, data, suite):
            self.channel.machine.facts.add(Fact.PSK)
            return True
        return False

    def _take_external_psk(self, hello: ClientHello, data: bytes, suite: TLS13Suite) -> bool:
        offered = find(hello.extensions, OfferedPSKs)
        found = find_external(offered.identities, self.configuration, suite) if offered is not None else None
        if offered is None or found is None:
            return False
        index, psk = found
        early_secret = EarlySecret.extract(psk.key, hash=psk.hash)
        verify_binder(offered, index, data, early_secret, is_external=True, transcript=self.channel.transcript)
        self._psk = ChosenPSK(index, early_secret, psk.identity)
        self._client = know_by_psk(psk.identity)
        self.channel.emit(ExternalPSKChosen(psk.identity))
        return True

    def _resume(self, hello: ClientHello, data: bytes, suite: TLS13Suite) -> bool:
        """Take up the session that the client asks for, and say so; or say why not, unless none ever could be."""
        if self.configuration.ticket_keys is None:
            return False
        try:
            resumed = resume(hello, data, self.configuration, suite=suite, transcript=self.channel.transcript)
        except NotResumedError as error:
            self.channel.emit(SessionNotResumed(str(error)))
            return False
        self._resumed, self._psk = resumed, ChosenPSK(resumed.index, resumed.early_secret)
        if resumed.chain is not None:
            self._client = authenticate_resumed(resumed.chain, resumed.state)
        else:
            self._client = admit_anonymous(certificate_required=False)  # the session was let in without
        self.channel.emit(SessionResumed(Resumption.TICKET))
        return True

    def _settle_early_data(self, early: EarlySecret, refusal: str) -> None:
        """Take early data, when the ClientHello is the last message of the transcript; or pass over it (§4.3.10)."""
        hello = self._hello
        if find(hello.extensions, EarlyDataIndication) is None:
            return
        if refusal:
            self.channel.emit(EarlyDataRefused(refusal))
            self._skip_early_data(hello)
            return
        self._key_log_random = hello.random
        self._early_traffic = early.client_early_traffic_secret(transcript_hash=self.channel.transcript.digest())
        self.log_secret("CLIENT_EARLY_TRAFFIC_SECRET", self._early_traffic)
        self._early_data_left = self._resumed.state.maximum_early_data if self._resumed is not None else 0
        self.channel.machine.facts.add(Fact.EARLY_DATA)
        self.channel.emit(EarlyDataAccepted())

    def _skip_early_data(self, hello: ClientHello) -> None:
        if find(hello.extensions, EarlyDataIndication) is not None:
            self.channel.records.early_data_to_skip = self.configuration.maximum_early_data + SKIPPED_AT_MOST

    def _check_second(self, first: ClientHello, second: ClientHello) -> None:
        """§4.2.2: the second ClientHello is the first, but for what was asked for and what depends on it."""
        if find(second.extensions, EarlyDataIndication) is not None:
            raise illegal_parameter("the second ClientHello has early_data")
        shares, first_shares = find(second.extensions, ClientKeyShares), find(first.extensions, ClientKeyShares)
        if not self._asks_for_share and shares != first_shares:
            raise illegal_parameter("the second ClientHello has another key_share, which was not asked for")
        groups = [entry.group for entry in shares.entries] if shares is not None else []
        if self._asks_for_share and self._group is not None and groups != [self._group.code]:
            raise illegal_parameter("the second ClientHello has another key_share than was asked for")
        cookie = find(second.extensions, Cookie)
        if (cookie.cookie if cookie is not None else b"") != self._cookie:
            raise illegal_parameter("the second ClientHello does not repeat the cookie")
        kept = [
            [extension for extension in hello.extensions or () if extension.extension_type not in MAY_CHANGE]
            for hello in (first, second)
        ]
        others = [(h.client_version, h.random, h.session_id, h.cipher_suites) for h in (first, second)]
        if kept[0] != kept[1] or others[0] != others[1]:
            raise illegal_parameter("the second ClientHello differs from the first in what may not change")
