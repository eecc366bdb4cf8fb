"""The client's side of the handshake. What comes when, the table in `states` says; what is done, this file.

Standard     RFC 5246 §7.4; RFC 5077 §3, RFC 5746 §3.4, RFC 6066 §3, RFC 7366 §2, RFC 7627 §5.2, §5.3, RFC 7919 §3,
             RFC 8422 §5, RFC 8449 §4. RFC 9846 has obsoleted 5246, 5077, 7627 and 8422, which still define TLS 1.2.
Left out     Nothing.
"""

from __future__ import annotations

from datetime import timedelta

from handshake.channel import Channel
from handshake.client_hello import common_extensions
from handshake.configuration import ClientConfiguration
from handshake.events import (
    OwnCertificateNotShown,
    PeerCertificateNotVerified,
    PeerCertificateVerified,
    PeerSignatureVerified,
    PremasterSecretAgreed,
    PremasterSecretSent,
    SessionNotResumed,
    SessionResumed,
)
from handshake.grease import RANDOM_LENGTH, grease_values, greased
from handshake.machine import Fact, Message
from handshake.messages.authentication import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.messages.extensions import (
    ApplicationProtocols,
    EncryptThenMAC,
    ExtendedMasterSecret,
    RenegotiationInfo,
    SessionTicketPromised,
    find,
)
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.hello import ClientHello, HelloRequest, ServerHello, ServerHelloDone
from handshake.messages.keys import Finished, NewSessionTicket, ServerDHKeyExchange, ServerECDHKeyExchange, signed
from handshake.parameters import Parameters
from handshake.proofs import (
    AuthenticatedPeer,
    TransportedPremaster,
    UnverifiedChain,
    UnverifiedPeer,
    VerifiedSignature,
    authenticate_resumed,
    let_in_unverified,
    require_signing_key,
    transport_premaster,
    verify_signature,
)
from handshake.record_limits import limits_of_server, limits_to_offer
from handshake.registries import codes
from handshake.registries.codes import Role
from handshake.registries.signature_schemes import SignatureScheme, authentication_of, scheme_for
from handshake.server_chain import read_server_chain
from handshake.sessions.state import MAXIMUM_LIFETIME
from handshake.sessions.stores import SavedSession
from handshake.suites.secrets import PremasterSecret
from handshake.suites.table import CipherSuite
from handshake.tls12.party import Party
from handshake.tls12.resumption import Offer, check_resumed, offer
from pki.verify import VerifiedChain
from record.alerts import decode_error, handshake_failure, illegal_parameter, protocol_version, unsupported_extension
from record.codes import TLS_1_2, TLS_1_3, VERSION_NAMES

TLS_1_3_ONLY = {
    codes.SUPPORTED_VERSIONS,
    codes.KEY_SHARE,
    codes.COOKIE,
    codes.PRE_SHARED_KEY,
    codes.PSK_KEY_EXCHANGE_MODES,
    codes.EARLY_DATA,
    codes.POST_HANDSHAKE_AUTH,
}
"""The extensions of a ClientHello that no server answers in TLS 1.2."""

MAXIMUM_TICKET = 2**14  # bytes: all extensions together can have 2^16 - 1 (RFC 5246 §7.4.1.4), and no ticket needs that


class Client(Party):
    """The client in a handshake."""

    role = Role.CLIENT
    _hello: ClientHello
    _offer: Offer | None  # the session that we would resume
    _resumed: Offer | None = None  # the same, once the server takes it up
    _session_id: bytes  # by which the server knows the session
    _new_ticket: NewSessionTicket | None = None
    _saved: SavedSession | None = None  # what is kept of the session
    _server_chain: VerifiedChain | UnverifiedChain
    _signature_scheme: SignatureScheme | None = None  # what CertificateVerify will be signed with; None: no certificate
    _possession: TransportedPremaster | VerifiedSignature  # what shows that the server has the key of its certificate
    _share: bytes  # our public key for this handshake, if the key exchange is ephemeral
    _ephemeral_premaster: PremasterSecret

    def __init__(self, configuration: ClientConfiguration, channel: Channel) -> None:
        super().__init__(configuration, channel)
        self.configuration = configuration

    def send(self, message: Message) -> None:
        """Send what the table says is next."""
        {
            Message.CLIENT_HELLO: self.send_client_hello,
            Message.CERTIFICATE: self.send_certificate,
            Message.CLIENT_KEY_EXCHANGE: self.send_client_key_exchange,
            Message.CERTIFICATE_VERIFY: self.send_certificate_verify,
            Message.CHANGE_CIPHER_SPEC: self.send_change_cipher_spec,
            Message.FINISHED: self.send_finished,
        }[message]()

    def receive(self, message: HandshakeMessage, data: bytes) -> None:
        """Handle a message that the table allows now. data: its bytes."""
        match message:
            case HelloRequest():
                return  # RFC 5246 §7.4.1.1: ignored in the midst of a handshake, and in no transcript
            case ServerHello():
                self.receive_server_hello(message)
            case CertificateMessage():
                self.receive_certificate(message)
            case ServerECDHKeyExchange() | ServerDHKeyExchange():
                self.receive_server_key_exchange(message)
            case CertificateRequest():
                self.receive_certificate_request(message)
            case ServerHelloDone():
                pass  # §7.4.5: says only that it is our turn, which the table knows
            case NewSessionTicket():
                self._new_ticket = message  # RFC 5077 §3.3: nothing is done with it before the server's Finished
            case Finished():
                self.receive_finished(message, self._server())
        self.channel.transcript.add(data)

    def send_client_hello(self) -> None:
        """RFC 5246 §7.4.1.2."""
        configuration = self.configuration
        # 1. A session to resume, if there is one.
        self._offer = offered = offer(configuration)
        # 2. The extensions: what we know beyond the RFC of 2008.
        ticket = (offered.saved.ticket if offered is not None else b"") if configuration.sessions is not None else None
        extensions = common_extensions(configuration, ticket=ticket)
        # 3. The offer. No compression.
        self._hello = ClientHello(
            client_version=TLS_1_2,
            random=configuration.random_bytes(32),
            session_id=offered.session_id if offered is not None else b"",
            cipher_suites=tuple(suite.code for suite in configuration.suites),
            compression_methods=(codes.COMPRESSION_NULL,),
            extensions=tuple(extensions),
        )
        if configuration.grease:
            self._hello = greased(
                self._hello, grease_values(configuration.random_bytes(RANDOM_LENGTH)), has_shares=False
            )
        self.channel.send_message(self._hello)

    def take_over(self, hello: ClientHello, offered: Offer | None) -> None:
        """Go on from a ClientHello that has offered TLS 1.3, too, when the server chooses TLS 1.2.

        offered: the session of TLS 1.2 that it would resume.
        """
        self._hello, self._offer = hello, offered

    def receive_server_hello(self, hello: ServerHello) -> None:
        """RFC 5246 §7.4.1.3."""
        # 1. The version (appendix E.1). The random warns of a downgrade (RFC 9846 §4.2.3): one from TLS 1.3 concerns
        #    only clients that have offered that, and one from TLS 1.2 to TLS 1.1 is refused here as it is.
        if hello.server_version != TLS_1_2 or TLS_1_2 not in self.configuration.versions:
            chosen = VERSION_NAMES.get(hello.server_version, f"0x{hello.server_version:04x}")
            offered = " and ".join(VERSION_NAMES[version] for version in sorted(self.configuration.versions))
            raise protocol_version(f"the server chose the version {chosen}, offered was {offered}")
        if TLS_1_3 in self.configuration.versions and hello.random.endswith(codes.DOWNGRADE):
            raise illegal_parameter("the server's random says that it would speak TLS 1.3: somebody changed our offer")
        # 2. Suite and compression: of those that were offered.
        suite = self._chosen_suite(hello)
        if hello.compression_method != codes.COMPRESSION_NULL:
            raise illegal_parameter(
                f"the server chose the compression method {hello.compression_method}, offered was none"
            )
        # 3. Extensions: answers to ours only (§7.4.1.4).
        ours = {extension.extension_type for extension in self._hello.extensions or ()}
        could_be_answered = ours - TLS_1_3_ONLY - codes.GREASE.keys()
        for extension in hello.extensions or ():
            if extension.extension_type not in could_be_answered:
                name = codes.EXTENSION_NAMES.get(extension.extension_type, str(extension.extension_type))
                raise unsupported_extension(f"the server answers the extension {name}, not offered")
        # 4. RFC 5746 §3.4: this is a first handshake, and the server must know what a second one would be.
        renegotiation = find(hello.extensions, RenegotiationInfo)
        if renegotiation is None or renegotiation.renegotiated_connection:
            raise handshake_failure("the server sends no renegotiation_info, or a wrong one")
        # 5. Whether the server takes up the session that we offered: it repeats the session ID (§7.4.1.3).
        if hello.session_id and hello.session_id == self._hello.session_id:
            if self._offer is None:  # RFC 9846 §4.2.2: it was made up, for the looks of it
                raise illegal_parameter("the server resumes a session that there never was")
            self._resumed = self._offer
        if self._resumed is not None:
            check_resumed(self._resumed, hello)
            self.channel.machine.facts.add(Fact.RESUMED)
        if find(hello.extensions, SessionTicketPromised) is not None:
            self.channel.machine.facts.add(Fact.TICKET)
        self._session_id = hello.session_id
        # 6. What is agreed upon.
        self.agree(
            Parameters(
                version=hello.server_version,
                suite=suite,
                client_random=self._hello.random,
                server_random=hello.random,
                encrypt_then_mac=find(hello.extensions, EncryptThenMAC) is not None,
                extended_master_secret=find(hello.extensions, ExtendedMasterSecret) is not None,
                server_name=self.configuration.host_name,
                protocol=self._chosen_protocol(hello),
                resumption=self._resumed.by if self._resumed is not None else None,
                record_limits=limits_of_server(
                    hello.extensions,
                    self.configuration.record_size_limit,
                    offered=limits_to_offer(self.configuration.record_size_limit),
                ),
            ),
            suite,
        )
        # 7. In a session that is resumed, there is nothing more to agree upon.
        if self._resumed is not None:
            self.channel.emit(SessionResumed(self._resumed.by))
            self.use_again(self._resumed.state.master_secret)
        elif self.configuration.sessions is not None:
            offered_none = "no saved session fits this server and configuration"
            self.channel.emit(SessionNotResumed("the server refuses" if self._offer is not None else offered_none))

    def receive_certificate(self, message: CertificateMessage) -> None:
        """RFC 5246 §7.4.2."""
        if not message.certificate_list:
            raise decode_error("the server shows no certificate, expected one")
        configuration = self.configuration
        self._server_chain = read_server_chain(message.certificate_list, configuration)
        if isinstance(self._server_chain, UnverifiedChain):
            self.channel.emit(PeerCertificateNotVerified(self._server_chain))
        else:
            self.channel.emit(PeerCertificateVerified(self._server_chain))

    def receive_server_key_exchange(self, message: ServerECDHKeyExchange | ServerDHKeyExchange) -> None:
        """RFC 5246 §7.4.3."""
        parameters, configuration = self.parameters, self.configuration
        key_exchange = self.suite.ephemeral
        if key_exchange is None:
            raise ValueError("RSA key transport has no ServerKeyExchange")
        # 1. The server's signature, over both randoms and its ephemeral key: before that, nothing is believed.
        require_signing_key(self._server_chain, self.suite.authentication, groups=configuration.groups)
        possession = verify_signature(
            self._server_chain,
            configuration.tls12_schemes,
            algorithm=message.algorithm,
            message=signed(
                message.params, client_random=parameters.client_random, server_random=parameters.server_random
            ),
            signature=message.signature,
        )
        self._possession = possession
        self.channel.emit(PeerSignatureVerified(possession.scheme))
        # 2. The group: one that was offered.
        group = key_exchange.group_of(message.params, configuration.diffie_hellman_groups)
        self.agree_group(group)
        # 3. Our own share, and the secret that both shares make together.
        self._share, self._ephemeral_premaster = key_exchange.answer(
            group, message.params.public, random_bytes=configuration.random_bytes
        )

    def receive_certificate_request(self, request: CertificateRequest) -> None:
        """RFC 5246 §7.4.4: find out whether there is something to show."""
        chain, schemes = self.configuration.certificate_chain, self.configuration.tls12_schemes
        if not chain:
            self.channel.emit(OwnCertificateNotShown("the client has none"))
            return
        # 1. The kind of key, and something to sign with.
        kind = authentication_of(chain[0].public_key)
        scheme = scheme_for(chain[0].public_key, schemes, offered=request.supported_signature_algorithms)
        if kind is None or kind.value not in request.certificate_types or scheme is None:
            self.channel.emit(OwnCertificateNotShown("the server does not verify signatures of its key"))
            return
        # 2. §7.4.6 would have one of the authorities that the server names among the issuers. There is only one chain
        #    to choose from, and a server that is shown it can say what it misses.
        self._signature_scheme = scheme
        self.channel.machine.facts.add(Fact.CLIENT_CERTIFICATE)

    def send_certificate(self) -> None:
        """RFC 5246 §7.4.6: our chain, or an empty one if we have none that the server would accept."""
        chain = self.configuration.certificate_chain if self._signature_scheme is not None else ()
        self.channel.send_message(CertificateMessage(tuple(certificate.to_der() for certificate in chain)))

    def send_client_key_exchange(self) -> None:
        """RFC 5246 §7.4.7."""
        suite = self.suite
        if suite.transport is not None:
            # 1. Make the premaster secret and encrypt it to the certificate that was verified (§7.4.7.1).
            message, premaster, self._possession = transport_premaster(
                self._server_chain,
                suite.transport,
                client_version=self._hello.client_version,
                random_bytes=self.configuration.random_bytes,
            )
            # 2. Send it.
            self.channel.send_message(message)
            self.channel.emit(PremasterSecretSent(suite.transport.name, message.encrypted))
        elif suite.ephemeral is not None:
            # 1. Send our public key (§7.4.7.2; RFC 8422 §5.7). 2. Both sides can compute the premaster secret now.
            self.channel.send_message(suite.ephemeral.client_message(self._share))
            premaster = self._ephemeral_premaster
            self.channel.emit(PremasterSecretAgreed(suite.ephemeral.name, str(self.parameters.group)))
        # 3. Derive the keys: the handshake up to here is the session (RFC 7627 §3).
        self.derive(premaster)

    def send_certificate_verify(self) -> None:
        """RFC 5246 §7.4.8: sign all handshake messages so far."""
        key, scheme = self.configuration.private_key, self._signature_scheme
        if key is None or scheme is None:
            raise ValueError("there is no key to sign with, or no scheme that the server accepts")
        signature = scheme.sign(key, self.channel.transcript.messages, random_bytes=self.configuration.random_bytes)
        self.channel.send_message(CertificateVerify(scheme.code, signature))

    def keep_session(self) -> None:
        """Keep what the server has given us to resume the session with (RFC 5246 §7.4.1.3, RFC 5077 §3.3)."""
        configuration, ticket = self.configuration, self._new_ticket
        self._saved = self._resumed.saved if self._resumed is not None else None
        if ticket is not None and len(ticket.ticket) > MAXIMUM_TICKET:  # it would not fit into every ClientHello
            ticket = None
        is_new = (ticket is not None and ticket.ticket) or (self._session_id and self._resumed is None)
        if configuration.sessions is None or not is_new or not self.parameters.extended_master_secret:
            return
        if self.peer_chain is None and self._resumed is None:  # it does not hold, so nothing is built on it
            return
        now = configuration.clock()
        # A session is as old as its master secret, however often it is resumed.
        created = self._resumed.state.created if self._resumed is not None else now
        expires = created + MAXIMUM_LIFETIME
        if ticket is not None and ticket.lifetime_hint:
            expires = min(expires, now + timedelta(seconds=ticket.lifetime_hint))
        self._saved = SavedSession(
            state=self.session_state(created),
            session_id=self._session_id,
            ticket=ticket.ticket if ticket is not None else b"",
            expires=expires,
            configuration=configuration.digest,
        )
        configuration.sessions.put(configuration.server_name, self._saved)

    def forget_session(self) -> None:
        """RFC 5246 §7.2.2: the session of a connection that failed is resumed no more, nor the one that was offered."""
        sessions, name = self.configuration.sessions, self.configuration.server_name
        if sessions is not None:
            if self._offer is not None:
                sessions.remove(name, self._offer.saved)
            if self._saved is not None:
                sessions.remove(name, self._saved)

    def _server(self) -> AuthenticatedPeer | UnverifiedPeer:
        if self._resumed is not None:
            return authenticate_resumed(self._resumed.chain, self._resumed.state)
        if isinstance(self._server_chain, UnverifiedChain):
            return let_in_unverified(self._server_chain)
        return AuthenticatedPeer(self._server_chain, self._possession)

    def _chosen_suite(self, hello: ServerHello) -> CipherSuite:
        for suite in self.configuration.suites:
            if suite.code == hello.cipher_suite:
                return suite
        raise illegal_parameter(f"the server chose the cipher suite 0x{hello.cipher_suite:04x}, which was not offered")

    def _chosen_protocol(self, hello: ServerHello) -> str | None:
        """RFC 7301 §3.1: the server names one, of those that were offered."""
        answer = find(hello.extensions, ApplicationProtocols)
        if answer is None:
            return None
        for protocol in self.configuration.protocols:
            if answer.protocols == (protocol.encode(),):
                return protocol
        raise illegal_parameter("the server chose no protocol of those that were offered")
