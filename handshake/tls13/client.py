"""The client's side of the handshake in TLS 1.3. What comes when, the table in `states` says; what is done, this file.

Standard     RFC 9846 §4, §7.1, §8, appendix E; RFC 6066 §3, RFC 7301 §3.1, RFC 8449 §4.
Left out     Nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handshake.channel import Channel
from handshake.client_hello import common_extensions
from handshake.configuration import ClientConfiguration
from handshake.events import (
    EarlyDataAccepted,
    EarlyDataRefused,
    EarlyDataSent,
    ExternalPSKChosen,
    OwnCertificateNotShown,
    PeerCertificateNotVerified,
    PeerCertificateVerified,
    PeerSignatureVerified,
    RetryRequested,
    SessionNotResumed,
    SessionResumed,
    TicketReceived,
)
from handshake.grease import RANDOM_LENGTH, grease_values, greased
from handshake.machine import Fact, Message
from handshake.messages.compressed_certificate import CompressedCertificate
from handshake.messages.extension_places import check_places
from handshake.messages.extensions import (
    ApplicationProtocols,
    Extension,
    SignatureAlgorithms,
    find,
)
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.hello import ClientHello, ServerHello
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
    ClientKeyShares,
    CompressCertificate,
    Cookie,
    EarlyDataIndication,
    KeyShareEntry,
    MaximumEarlyData,
    PostHandshakeAuth,
    PSKKeyExchangeModes,
    SelectedGroup,
    SelectedPSK,
    SelectedVersion,
    ServerKeyShare,
    SupportedVersions,
)
from handshake.messages.tls13_keys import EncryptedExtensions, EndOfEarlyData, KeyUpdate, TLS13NewSessionTicket
from handshake.messages.transcript import Transcript
from handshake.parameters import Parameters, Resumption
from handshake.proofs import (
    AuthenticatedPeer,
    Peer,
    UnverifiedChain,
    VerifiedSignature,
    authenticate_resumed,
    know_by_psk,
    let_in_unverified,
    require_signature_usage,
    verify_signature,
)
from handshake.record_limits import limits_of_server, limits_to_offer
from handshake.registries import codes
from handshake.registries.codes import Role
from handshake.registries.groups import GROUPS
from handshake.registries.key_agreement import Group, KeyPair
from handshake.registries.signature_schemes import SignatureScheme
from handshake.server_chain import read_server_chain
from handshake.sessions.state import MAXIMUM_LIFETIME, certificates_of
from handshake.sessions.stores import SavedSession
from handshake.sessions.tls13_state import TLS13SessionState
from handshake.suites.secrets import Secret
from handshake.suites.tls13 import TLS13Suite
from handshake.tls12 import resumption as tls12_resumption
from handshake.tls13.external_psks import ExternalOffer, external_offers
from handshake.tls13.key_schedule import EarlySecret, TrafficSecret
from handshake.tls13.negotiation import signing_scheme
from handshake.tls13.party import Party
from handshake.tls13.psks import PSKOffer, bound, extension_of
from handshake.tls13.resumption import Offer, offer
from pki.verify import VerifiedChain
from record.alerts import (
    decode_error,
    illegal_parameter,
    missing_extension,
    protocol_version,
    unexpected_message,
    unsupported_extension,
)
from record.codes import TLS_1_2, TLS_1_3
from record.protection import NullProtection

MAXIMUM_TICKET = 2**14  # bytes: the next ClientHello has to carry it
MAXIMUM_COOKIE = 2**14  # bytes: the same
WEEK = timedelta(days=7)  # §4.7.1: "Clients MUST NOT use tickets for longer than 7 days"


class Client(Party):
    """The client in a handshake."""

    role = Role.CLIENT
    tls12_offer: tls12_resumption.Offer | None = None  # the session of TLS 1.2 that we would resume
    _hello: ClientHello
    _offer: Offer | None = None  # the session of TLS 1.3 that we would resume
    _offers: Sequence[PSKOffer] = ()  # that, and the external PSKs
    _psk: PSKOffer | None = None  # the one that the server takes up
    _retry: ServerHello | None = None
    _retry_group: Group | None = None
    _sends_early_data = False
    _early_traffic: TrafficSecret
    _server_chain: VerifiedChain | UnverifiedChain
    _possession: VerifiedSignature
    _signature_scheme: SignatureScheme | None = None  # what CertificateVerify will be signed with; None: no certificate
    _application: dict[Role, TrafficSecret]
    _context = b""  # of the CertificateRequest
    _criteria: Sequence[Extension] = ()  # the same
    _grease: list[int]  # values that mean nothing, the same in both hellos
    _handshake: Transcript | None = None  # of the whole handshake, if the server may ask for a certificate after it

    def __init__(self, configuration: ClientConfiguration, channel: Channel) -> None:
        super().__init__(configuration, channel)
        self.configuration = configuration
        self._key_pairs: dict[Group, KeyPair] = {}
        self._writes_handshake_keys = False

    @property
    def hello(self) -> ClientHello:
        """The last ClientHello."""
        return self._hello

    @property
    def sends_early_data(self) -> bool:
        """Whether early data was sent, and not refused."""
        return self._sends_early_data

    def send(self, message: Message) -> None:
        """Send what the table says is next."""
        {
            Message.CLIENT_HELLO: self.send_client_hello,
            Message.END_OF_EARLY_DATA: self.send_end_of_early_data,
            Message.CERTIFICATE: self.send_certificate,
            Message.CERTIFICATE_VERIFY: self.send_certificate_verify,
            Message.FINISHED: self.send_finished,
        }[message]()

    def receive(self, message: HandshakeMessage, data: bytes) -> None:
        """Handle a message that the table allows now. data: its bytes."""
        match message:
            case ServerHello() if message.is_retry:
                self.receive_hello_retry_request(message, data)
                return
            case ServerHello():
                self.receive_server_hello(message, data)
                return
            case EncryptedExtensions():
                self.receive_encrypted_extensions(message)
            case TLS13CertificateRequest():
                self.receive_certificate_request(message)
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
        match message:
            case TLS13CertificateRequest():
                self.receive_late_request(message, data)
            case TLS13NewSessionTicket():
                self.receive_new_session_ticket(message)
            case KeyUpdate():
                self.receive_key_update(message)

    def send_client_hello(self) -> None:
        """§4.2.2, the first and the second one."""
        configuration, first = self.configuration, self._retry is None
        if first:
            # 1. A session to resume, of this version or of the other.
            self._offer = offer(configuration)
            self._offers = [*([self._offer] if self._offer is not None else []), *external_offers(configuration)]
            if TLS_1_2 in configuration.versions:
                self.tls12_offer = tls12_resumption.offer(configuration)
            self._sends_early_data = self._may_send_early_data()
            # 2. A key pair for each group that the server is expected to choose.
            for group in configuration.shares_offered:
                self._key_pairs[group] = group.offer(configuration.random_bytes)
            random, session_id = configuration.random_bytes(32), self._session_id()
        else:
            random, session_id = self._hello.random, self._hello.session_id
        # 3. The offer.
        self._hello = ClientHello(
            client_version=TLS_1_2,
            random=random,
            session_id=session_id,
            cipher_suites=self._suites(),
            compression_methods=(codes.COMPRESSION_NULL,),
            extensions=tuple(self._extensions()),
        )
        if configuration.grease:
            if first:
                self._grease = grease_values(configuration.random_bytes(RANDOM_LENGTH))
            self._hello = greased(self._hello, self._grease, has_shares=first or self._retry_group is None)
        if self._offers:
            self._hello = bound(self._hello, self._offers, self.channel.transcript)
        if not first:
            self.send_idle_change_cipher_spec()
        if first and self._sends_early_data and self._offer is not None:
            self.channel.transcript.choose(self._offer.hash)
        self.channel.send_message(self._hello)
        # 4. Early data, under keys that come from the PSK and this message alone.
        if first and self._sends_early_data and self._offer is not None:
            self._send_early_data(self._offer)

    def receive_hello_retry_request(self, hello: ServerHello, data: bytes) -> None:
        """§4.2.4."""
        suite = self._check_hello(hello, "HRR")
        selected, cookie = find(hello.extensions, SelectedGroup), find(hello.extensions, Cookie)
        if selected is None and cookie is None:
            raise illegal_parameter("the HelloRetryRequest would change nothing in the ClientHello")
        if cookie is not None and len(cookie.cookie) > MAXIMUM_COOKIE:
            raise illegal_parameter(f"the cookie has {len(cookie.cookie)} bytes, accepted are {MAXIMUM_COOKIE}")
        if selected is not None:
            group = GROUPS.get(selected.group)
            if group not in self.configuration.groups or group in self._key_pairs or group is None:
                raise illegal_parameter(f"the server asks for a share in the group {selected.group}, not to be had")
            self._retry_group = group
            self._key_pairs = {group: group.offer(self.configuration.random_bytes)}
        self._retry = hello
        # What was sent as early data is lost (§4.2.2).
        if self._sends_early_data:
            self._sends_early_data = False
            self.channel.records.change_write_protection(NullProtection())
            self.channel.emit(EarlyDataRefused("the server asks for another ClientHello"))
        self._offers = [offered for offered in self._offers if offered.hash is suite.prf_hash]
        self.channel.transcript.choose(suite.prf_hash)
        self.channel.transcript.replace_by_hash()
        self.channel.transcript.add(data)
        self.channel.emit(RetryRequested(self._retry_group.name if self._retry_group is not None else ""))

    def receive_server_hello(self, hello: ServerHello, data: bytes) -> None:
        """§4.2.3."""
        configuration = self.configuration
        suite = self._check_hello(hello, "SH")
        if self._retry is not None and suite.code != self._retry.cipher_suite:
            raise illegal_parameter("the server chose another cipher suite than in its HelloRetryRequest")
        # 1. The session that we offered.
        selected = find(hello.extensions, SelectedPSK)
        if selected is not None:
            if selected.index >= len(self._offers):
                raise illegal_parameter(f"the server chose the PSK {selected.index}, which was not offered")
            self._psk = self._offers[selected.index]
            if self._psk.hash is not suite.prf_hash:
                raise illegal_parameter(f"the server chose {suite}, whose hash is not that of the PSK")
            self.channel.machine.facts.add(Fact.PSK)
        # 2. The key exchange.
        group, shared_secret = self._agree(find(hello.extensions, ServerKeyShare))
        # 3. What is agreed upon so far.
        self.suite = suite
        self.parameters = Parameters(
            version=TLS_1_3,
            suite=suite,
            client_random=self._hello.random,
            server_random=hello.random,
            encrypt_then_mac=False,
            extended_master_secret=True,
            server_name=configuration.host_name,
            group=group,
            resumption=Resumption.TICKET if isinstance(self._psk, Offer) else None,
            psk_identity=self._psk.psk.identity if isinstance(self._psk, ExternalOffer) else None,
            retried=self._retry is not None,
        )
        # 4. The keys of the handshake.
        if self._retry is None:
            self.channel.transcript.choose(suite.prf_hash)
        self.channel.transcript.add(data)
        psk = self._psk
        early = psk.early_secret() if psk is not None else EarlySecret.extract(None, hash=suite.prf_hash)
        self.begin_handshake_keys(early, shared_secret, client_random=self._hello.random)
        self.read_under(self._traffic[Role.SERVER])
        self._key_pairs.clear()
        if isinstance(psk, ExternalOffer):
            self.channel.emit(ExternalPSKChosen(psk.psk.identity))
        elif psk is not None:
            self.channel.emit(SessionResumed(Resumption.TICKET))
        elif configuration.sessions is not None:
            offered_none = "no saved session fits this server and configuration"
            self.channel.emit(SessionNotResumed("the server refuses" if self._offer is not None else offered_none))

    def receive_encrypted_extensions(self, message: EncryptedExtensions) -> None:
        """§4.4.1."""
        check_places(message.extensions, "EE")
        self._check_offered(message.extensions)
        # 1. Early data: the server takes it only with the session that it was sent in.
        if find(message.extensions, EarlyDataIndication) is not None:
            if not self._sends_early_data or self._psk is not self._offer:
                raise illegal_parameter("the server takes early data without its session")
            self.channel.machine.facts.add(Fact.EARLY_DATA)
            self.channel.emit(EarlyDataAccepted())
        elif self._sends_early_data:
            self._sends_early_data = False
            self.channel.emit(EarlyDataRefused("the server does not take it"))
        accepted = Fact.EARLY_DATA in self.channel.machine.facts
        # 2. The protocol, and how long records may be.
        protocol = self._chosen_protocol(message.extensions)
        if accepted and self._offer is not None and protocol != self._offer.state.protocol:
            raise illegal_parameter("the server takes early data for another protocol")
        limit = self.configuration.record_size_limit
        self.agree(
            replace(
                self.parameters,
                protocol=protocol,
                early_data=accepted,
                record_limits=limits_of_server(message.extensions, limit, offered=limits_to_offer(limit)),
            )
        )

    def receive_certificate_request(self, request: TLS13CertificateRequest) -> None:
        """§4.4.2."""
        if request.context:
            raise illegal_parameter("the certificate_request_context is not empty, as it is in a handshake")
        self.channel.machine.facts.add(Fact.CERTIFICATE_REQUESTED)
        self._choose_certificate(request)

    def receive_late_request(self, request: TLS13CertificateRequest, data: bytes) -> None:
        """§4.7.2: the server asks after the handshake."""
        if self._handshake is None:
            raise unexpected_message("the server asks for a certificate after the handshake, which was not offered")
        self._context = request.context
        self.channel.transcript = self._handshake.copy()
        self.channel.transcript.add(data)
        self._choose_certificate(request)

    def _choose_certificate(self, request: TLS13CertificateRequest) -> None:
        """Settle whether our certificate is shown, and what is signed with."""
        check_places(request.extensions, "CR")
        self._signature_scheme, self._criteria = None, request.extensions
        self.channel.machine.facts.discard(Fact.CLIENT_CERTIFICATE)
        algorithms = find(request.extensions, SignatureAlgorithms)
        if algorithms is None:
            raise missing_extension("the CertificateRequest has no signature_algorithms")
        chain = self.configuration.certificate_chain
        if not chain:
            self.channel.emit(OwnCertificateNotShown("the client has none"))
            return
        scheme = signing_scheme(chain[0].public_key, self.configuration.tls13_schemes, algorithms.schemes)
        if scheme is None:
            self.channel.emit(OwnCertificateNotShown("the server does not verify signatures of its key"))
            return
        filters = find(request.extensions, OIDFilters)
        if filters is not None and not filters.match(chain[0]):
            self.channel.emit(OwnCertificateNotShown("it has not the usages or purposes that the server wants"))
            return
        self._signature_scheme = scheme
        self.channel.machine.facts.add(Fact.CLIENT_CERTIFICATE)

    def receive_certificate(self, message: TLS13CertificateMessage) -> None:
        """§4.5.1."""
        if message.context:
            raise illegal_parameter("the server's certificate_request_context is not empty")
        if not message.entries:
            raise decode_error("the server shows no certificate, expected one")
        for entry in message.entries:
            check_places(entry.extensions, "CT")
            self._check_offered(entry.extensions)
        configuration = self.configuration
        self._server_chain = read_server_chain(message.certificate_list, configuration)
        require_signature_usage(self._server_chain)
        if isinstance(self._server_chain, UnverifiedChain):
            self.channel.emit(PeerCertificateNotVerified(self._server_chain))
        else:
            self.channel.emit(PeerCertificateVerified(self._server_chain))

    def receive_certificate_verify(self, message: TLS13CertificateVerify) -> None:
        """§4.5.2. The message itself is not in the transcript yet."""
        key = self._server_chain[0].public_key
        schemes = [scheme for scheme in self.configuration.tls13_schemes if scheme.suits_tls13(key)]
        self._possession = verify_signature(
            self._server_chain,
            schemes,
            algorithm=message.algorithm,
            message=signed_content(SERVER_CONTEXT, self.channel.transcript.digest()),
            signature=message.signature,
        )
        self.channel.emit(PeerSignatureVerified(self._possession.scheme))

    def receive_finished(self, message: TLS13Finished, data: bytes) -> None:
        """§4.5.3: the server's, after which come our flight and the keys of the data."""
        self.verify_finished_message(message, self._server())
        self.channel.transcript.add(data)
        self._application = self.derive_application_secrets()
        self._traffic[Role.SERVER] = self._application[Role.SERVER]
        self.read_under(self._traffic[Role.SERVER])
        if Fact.EARLY_DATA not in self.channel.machine.facts:
            self._begin_flight()

    def send_end_of_early_data(self) -> None:
        """§4.6: the last message under the keys of the early data."""
        self.channel.send_message(EndOfEarlyData())
        self._begin_flight()

    def send_certificate(self) -> None:
        """§4.5.1: our chain, or an empty one if there is none that the server would accept."""
        chain = self.configuration.certificate_chain if self._signature_scheme is not None else ()
        entries = tuple(CertificateEntry(certificate.to_der()) for certificate in chain)
        self.send_certificate_message(TLS13CertificateMessage(self._context, entries), offered=self._criteria)

    def send_certificate_verify(self) -> None:
        """§4.5.2."""
        scheme, key = self._signature_scheme, self.configuration.private_key
        if scheme is None or key is None:
            raise ValueError("there is nothing to sign with")
        content = signed_content(CLIENT_CONTEXT, self.channel.transcript.digest())
        signature = scheme.sign(key, content, random_bytes=self.configuration.random_bytes)
        self.channel.send_message(TLS13CertificateVerify(scheme.code, signature))

    def send_finished(self) -> None:
        """§4.5.3: ours, after which the handshake is over; or what the server asked for later."""
        self.send_finished_message()
        if self._handshake is not None:
            return
        if self.configuration.certificate_on_request:
            self._handshake = self.channel.transcript.copy()
        self.derive_resumption_secret()
        self._traffic[Role.CLIENT] = self._application[Role.CLIENT]
        self.write_under(self._traffic[Role.CLIENT])

    def receive_new_session_ticket(self, message: TLS13NewSessionTicket) -> None:
        """§4.7.1."""
        check_places(message.extensions, "NST")
        configuration, now = self.configuration, self.now()
        sessions = configuration.sessions
        if sessions is None or not message.lifetime or len(message.ticket) > MAXIMUM_TICKET:
            return
        if self.peer_chain is None:  # it has none that holds: the ticket would say nothing of the server
            return
        maximum = find(message.extensions, MaximumEarlyData)
        state = TLS13SessionState(
            suite=self.suite,
            psk=Secret(self._resumption_secret.psk(message.nonce)),
            age_add=message.age_add,
            maximum_early_data=maximum.size if maximum is not None else 0,
            protocol=self.parameters.protocol,
            server_name=self.parameters.server_name,
            peer_certificates=certificates_of(self.peer_chain),
            created=now,
            authenticated=self._psk.state.authenticated if isinstance(self._psk, Offer) else now,
        )
        lifetime = min(timedelta(seconds=message.lifetime), WEEK)
        saved = SavedSession(
            state=state,
            session_id=b"",
            ticket=message.ticket,
            expires=min(now + lifetime, state.authenticated + MAXIMUM_LIFETIME),
            configuration=configuration.digest,
        )
        sessions.put(configuration.server_name, saved)
        self.channel.emit(TicketReceived(message.lifetime))

    def before_alert(self) -> None:
        """Appendix A.1: the server can read no alert under other keys than those of the handshake by now."""
        if self._traffic and not self._writes_handshake_keys:
            self._begin_flight()

    def keep_session(self) -> None:
        """Nothing: tickets come when the server sends them."""

    def _begin_flight(self) -> None:
        self.send_idle_change_cipher_spec()
        self._writes_handshake_keys = True
        self.write_under(self._traffic[Role.CLIENT])

    def _server(self) -> Peer:
        if isinstance(self._psk, Offer):
            return authenticate_resumed(self._psk.chain, self._psk.state)
        if isinstance(self._psk, ExternalOffer):
            return know_by_psk(self._psk.psk.identity)
        if isinstance(self._server_chain, UnverifiedChain):
            return let_in_unverified(self._server_chain)
        return AuthenticatedPeer(self._server_chain, self._possession)

    def _agree(self, share: ServerKeyShare | None) -> tuple[Group | None, bytes | None]:
        """Return the group of the server's share, and the secret that the two shares make; None without a share."""
        if share is None:
            if self._psk is None:
                raise missing_extension("the server sends no key_share")
            if not self.configuration.psk_without_key_exchange:
                raise illegal_parameter("the server sends no key_share, and would have the PSK do by itself")
            return None, None
        group = GROUPS.get(share.entry.group)
        pair = self._key_pairs.get(group) if group is not None else None
        if group is None or pair is None:
            raise illegal_parameter(f"the server's share is in the group {share.entry.group}, in which we have none")
        try:
            return group, pair.agree(share.entry.key_exchange)
        except ValueError as error:
            raise illegal_parameter(f"the server's key share is refused: {error}") from error

    def _session_id(self) -> bytes:
        """§4.2.2: of a session of TLS 1.2; else random, as a middlebox expects one (appendix E.4)."""
        if self.tls12_offer is not None:
            return self.tls12_offer.session_id
        return self.configuration.random_bytes(32)

    def _suites(self) -> tuple[int, ...]:
        configuration = self.configuration
        older = [suite.code for suite in configuration.suites] if TLS_1_2 in configuration.versions else []
        return (*(suite.code for suite in configuration.tls13_suites), *older)

    def _extensions(self) -> list[Extension]:
        """Return the extensions of the next ClientHello, those of TLS 1.3 last."""
        configuration = self.configuration
        ticket = None
        if configuration.sessions is not None:
            ticket = self.tls12_offer.saved.ticket if self.tls12_offer is not None else b""
        extensions = common_extensions(configuration, ticket=ticket)
        extensions.append(SupportedVersions(tuple(sorted(configuration.versions, reverse=True))))
        if self._retry is not None:
            cookie = find(self._retry.extensions, Cookie)
            if cookie is not None:
                extensions.append(cookie)
        entries = (KeyShareEntry(group.code, pair.share) for group, pair in self._key_pairs.items())
        extensions.append(ClientKeyShares(tuple(entries)))
        if configuration.sessions is not None or self._offers:
            alone = (codes.PSK_KE,) if configuration.psk_without_key_exchange else ()
            extensions.append(PSKKeyExchangeModes((codes.PSK_DHE_KE, *alone)))
        if self._sends_early_data:
            extensions.append(EarlyDataIndication())
        if configuration.compress_certificates:
            extensions.append(CompressCertificate((codes.ZLIB,)))
        if configuration.certificate_on_request:
            extensions.append(PostHandshakeAuth())
        if self._offers:  # §4.3.11: the last one
            extensions.append(extension_of(self._offers, self.now()))
        return extensions

    def _may_send_early_data(self) -> bool:
        data, offered = self.configuration.early_data, self._offer
        return bool(data) and offered is not None and len(data) <= offered.state.maximum_early_data

    def _send_early_data(self, offered: Offer) -> None:
        """§4.3.10."""
        self.send_idle_change_cipher_spec()
        self._key_log_random = self._hello.random
        self._early_traffic = offered.early_secret().client_early_traffic_secret(
            transcript_hash=self.channel.transcript.digest()
        )
        self.log_secret("CLIENT_EARLY_TRAFFIC_SECRET", self._early_traffic)
        self.suite = offered.state.suite
        self.write_under(self._early_traffic)
        self.channel.send_early_data(self.configuration.early_data)
        self.channel.emit(EarlyDataSent(len(self.configuration.early_data)))

    def _check_hello(self, hello: ServerHello, place: str) -> TLS13Suite:
        """Check what ServerHello and HelloRetryRequest have in common, and return the suite that was chosen."""
        # 1. The version (§4.3.1).
        selected = find(hello.extensions, SelectedVersion)
        if selected is None:
            raise missing_extension("the server sends no supported_versions")
        if selected.version != TLS_1_3:
            raise illegal_parameter(f"the server selects the version 0x{selected.version:04x}, expected 0x0304")
        if hello.server_version != TLS_1_2:
            raise protocol_version(f"the legacy_version is 0x{hello.server_version:04x}, expected 0x0303")
        # 2. What TLS 1.3 has kept for the looks of it (§4.2.3).
        if hello.session_id != self._hello.session_id:
            raise illegal_parameter("the server does not repeat our session ID")
        if hello.compression_method != codes.COMPRESSION_NULL:
            raise illegal_parameter(f"the server chose the compression method {hello.compression_method}")
        # 3. Extensions: answers to ours only, and only those that belong here (§4.3). A cookie is the exception.
        for extension in hello.extensions or ():
            if extension.extension_type != codes.COOKIE or place != "HRR":
                self._check_offered((extension,))
        check_places(hello.extensions, place)
        # 4. The suite.
        for suite in self.configuration.tls13_suites:
            if suite.code == hello.cipher_suite:
                return suite
        raise illegal_parameter(f"the server chose the cipher suite 0x{hello.cipher_suite:04x}, not offered")

    def _check_offered(self, extensions: tuple[Extension, ...]) -> None:
        offered = {extension.extension_type for extension in self._hello.extensions or ()} - codes.GREASE.keys()
        for extension in extensions:
            if extension.extension_type not in offered:
                name = codes.EXTENSION_NAMES.get(extension.extension_type, str(extension.extension_type))
                raise unsupported_extension(f"the server answers the extension {name}, not offered")

    def _chosen_protocol(self, extensions: tuple[Extension, ...]) -> str | None:
        """RFC 7301 §3.1: one name, of those that were offered."""
        answer = find(extensions, ApplicationProtocols)
        if answer is None:
            return None
        names = {protocol.encode(): protocol for protocol in self.configuration.protocols}
        if len(answer.protocols) != 1 or answer.protocols[0] not in names:
            raise illegal_parameter("the server chose a protocol that was not offered, or several")
        return names[answer.protocols[0]]
