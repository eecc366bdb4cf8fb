"""The server's side of the handshake. What comes when, the table in `states` says; what is done, this file.

Standard     RFC 5246 §7.4; RFC 5077 §3, RFC 5746 §3.6, RFC 6066 §3, RFC 7366 §2, RFC 7507 §3, RFC 7627 §5.3,
             RFC 7919 §4, RFC 8422 §5, RFC 8449 §4. RFC 9846 has obsoleted 5246, 5077, 7627 and 8422, which still
             define TLS 1.2.
Left out     Nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from handshake.channel import Channel
from handshake.configuration import ServerConfiguration
from handshake.events import (
    PeerCertificateMissing,
    PeerCertificateVerified,
    PeerSignatureVerified,
    PremasterSecretAgreed,
    PremasterSecretReceived,
    SessionNotResumed,
    SessionResumed,
)
from handshake.machine import Fact, Message
from handshake.messages.authentication import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.messages.extensions import (
    ApplicationProtocols,
    ECPointFormats,
    EncryptThenMAC,
    ExtendedMasterSecret,
    Extension,
    RenegotiationInfo,
    ServerName,
    ServerNameAcknowledged,
    SessionTicket,
    SessionTicketPromised,
    find,
)
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.hello import ClientHello, ServerHello, ServerHelloDone
from handshake.messages.keys import (
    ClientDHPublic,
    ClientECDHPublic,
    EncryptedPremasterSecret,
    Finished,
    NewSessionTicket,
    signed,
)
from handshake.parameters import Parameters
from handshake.proofs import (
    AdmittedAnonymous,
    AuthenticatedPeer,
    admit_anonymous,
    authenticate_resumed,
    verify_client_chain,
    verify_signature,
)
from handshake.record_limits import limits_of_client, limits_to_answer
from handshake.registries import codes
from handshake.registries.cipher_suites import EMPTY_RENEGOTIATION_INFO_SCSV
from handshake.registries.codes import Role
from handshake.registries.key_agreement import KeyPair
from handshake.registries.signature_schemes import Authentication
from handshake.server_answers import choose_protocol
from handshake.suites.table import CipherSuite
from handshake.tls12.negotiation import Choice, choose, names_primes
from handshake.tls12.party import Party
from handshake.tls12.resumption import NotResumedError, Resumed, encrypts_then_macs, is_resumable, resume
from pki.verify import VerifiedChain
from primitives.rsa import RSAPrivateKey
from record.alerts import handshake_failure, illegal_parameter
from record.codes import TLS_1_2, TLS_1_3


class Server(Party):
    """The server in a handshake."""

    role = Role.SERVER
    _hello: ClientHello
    _resumed: Resumed | None = None
    _session_id: bytes = b""
    _choice: Choice  # in a full handshake
    _key_pair: KeyPair  # ours for this handshake, if the key exchange is ephemeral
    _client_chain: VerifiedChain
    _client: AuthenticatedPeer | AdmittedAnonymous  # once that is settled

    def __init__(self, configuration: ServerConfiguration, channel: Channel) -> None:
        super().__init__(configuration, channel)
        self.configuration = configuration
        if configuration.client_roots:
            channel.machine.facts.add(Fact.CERTIFICATE_REQUESTED)
        else:
            self._client = admit_anonymous(certificate_required=False)

    def send(self, message: Message) -> None:
        """Send what the table says is next."""
        {
            Message.SERVER_HELLO: self.send_server_hello,
            Message.CERTIFICATE: self.send_certificate,
            Message.SERVER_KEY_EXCHANGE: self.send_server_key_exchange,
            Message.CERTIFICATE_REQUEST: self.send_certificate_request,
            Message.SERVER_HELLO_DONE: self.send_server_hello_done,
            Message.NEW_SESSION_TICKET: self.send_new_session_ticket,
            Message.CHANGE_CIPHER_SPEC: self.send_change_cipher_spec,
            Message.FINISHED: self.send_finished,
        }[message]()

    def receive(self, message: HandshakeMessage, data: bytes) -> None:
        """Handle a message that the table allows now. data: its bytes."""
        match message:
            case ClientHello():
                self.receive_client_hello(message)
            case CertificateMessage():
                self.receive_certificate(message)
            case EncryptedPremasterSecret() | ClientECDHPublic() | ClientDHPublic():
                self.receive_client_key_exchange(message, data)
                return
            case CertificateVerify():
                self.receive_certificate_verify(message)
            case Finished():
                self.receive_finished(message, self._client)
        self.channel.transcript.add(data)

    def receive_client_hello(self, hello: ClientHello) -> None:
        """RFC 5246 §7.4.1.2."""
        # 1. The version was chosen before (appendix E.1; see `versions`).
        # 2. Compression: every client must offer to do without.
        if codes.COMPRESSION_NULL not in hello.compression_methods:
            raise illegal_parameter("the client does not offer no compression")
        # 3. RFC 5746 §3.6: this is a first handshake.
        renegotiation = find(hello.extensions, RenegotiationInfo)
        if renegotiation is not None and renegotiation.renegotiated_connection:
            raise handshake_failure("the client's first handshake says that it is a second one")
        self._hello = hello

    def send_server_hello(self) -> None:
        """RFC 5246 §7.4.1.3."""
        # 1. Take up a session of before, or choose certificate, suite, group and signature scheme.
        self._resumed = self._resume()
        if self._resumed is None:
            self._choice = choose(self._hello, self.configuration)
        # 2. Settle all else.
        suite = self._choice.suite if self._resumed is None else self._resumed.state.suite
        parameters = self._settle(suite)
        extensions = tuple(self._answers(parameters, suite))
        self._session_id = self._choose_session_id()
        # 3. Send it.
        self.channel.send_message(
            ServerHello(
                server_version=parameters.version,
                random=parameters.server_random,
                session_id=self._session_id,
                cipher_suite=suite.code,
                compression_method=codes.COMPRESSION_NULL,
                extensions=extensions or None,
            )
        )
        self.agree(parameters, suite)
        # 4. In a session that is resumed, there is nothing more to agree upon.
        if self._resumed is not None:
            self.use_again(self._resumed.state.master_secret)

    def send_certificate(self) -> None:
        """RFC 5246 §7.4.2."""
        chain = self._choice.identity.certificate_chain
        self.channel.send_message(CertificateMessage(tuple(certificate.to_der() for certificate in chain)))

    def send_server_key_exchange(self) -> None:
        """RFC 5246 §7.4.3."""
        choice, parameters, random_bytes = self._choice, self.parameters, self.configuration.random_bytes
        key_exchange, key = choice.suite.ephemeral, choice.identity.private_key
        if key_exchange is None or choice.group is None or choice.scheme is None or key is None:
            raise ValueError("there is no group to exchange keys in, or nothing to sign with")
        # 1. A key pair for this handshake.
        self.agree_group(choice.group)
        self._key_pair = choice.group.offer(random_bytes)
        params = key_exchange.params(choice.group, self._key_pair.share)
        # 2. Sign its public key, together with both randoms.
        signature = choice.scheme.sign(
            key,
            signed(params, client_random=parameters.client_random, server_random=parameters.server_random),
            random_bytes=random_bytes,
        )
        # 3. Send it.
        self.channel.send_message(key_exchange.server_message(params, choice.scheme.code, signature))

    def send_certificate_request(self) -> None:
        """RFC 5246 §7.4.4."""
        self.channel.send_message(
            CertificateRequest(
                certificate_types=tuple(kind.value for kind in Authentication),
                supported_signature_algorithms=tuple(s.code for s in self.configuration.tls12_schemes),
                certificate_authorities=tuple(
                    root.subject.element("distinguished_name").encoding for root in self.configuration.client_roots
                ),
            )
        )

    def send_server_hello_done(self) -> None:
        """RFC 5246 §7.4.5."""
        self.channel.send_message(ServerHelloDone())

    def receive_certificate(self, message: CertificateMessage) -> None:
        """RFC 5246 §7.4.6."""
        configuration = self.configuration
        if not message.certificate_list:
            self._client = admit_anonymous(certificate_required=configuration.require_client_certificate)
            self.channel.emit(PeerCertificateMissing())
            return
        self._client_chain = verify_client_chain(
            message.certificate_list,
            roots=configuration.client_roots,
            crls=configuration.crls,
            require_revocation_status=configuration.require_revocation_status,
            at=configuration.clock(),
        )
        self.channel.machine.facts.add(Fact.CLIENT_CERTIFICATE)
        self.channel.emit(PeerCertificateVerified(self._client_chain))

    def receive_client_key_exchange(
        self, message: EncryptedPremasterSecret | ClientECDHPublic | ClientDHPublic, data: bytes
    ) -> None:
        """RFC 5246 §7.4.7."""
        configuration, suite = self.configuration, self.suite
        # 1. The premaster secret.
        if isinstance(message, EncryptedPremasterSecret):
            key = self._choice.identity.private_key
            if suite.transport is None or not isinstance(key, RSAPrivateKey):
                raise ValueError("there is no key to decrypt with")
            # Decrypt, or draw a secret that nobody knows (§7.4.7.1).
            premaster = suite.transport.receive(
                key, message, client_version=self._hello.client_version, random_bytes=configuration.random_bytes
            )
            self.channel.emit(PremasterSecretReceived(suite.transport.name, message.encrypted))
        else:
            if suite.ephemeral is None:
                raise ValueError("there is no ephemeral key to agree with")
            named = names_primes(self._hello)
            premaster = suite.ephemeral.agree(self._key_pair, message.public, named=named)
            self.channel.emit(PremasterSecretAgreed(suite.ephemeral.name, str(self.parameters.group)))
        # 2. Derive the keys: the handshake up to here, this message included, is the session (RFC 7627 §3).
        self.channel.transcript.add(data)
        self.derive(premaster)

    def receive_certificate_verify(self, message: CertificateVerify) -> None:
        """RFC 5246 §7.4.8. The message itself is not in the transcript yet."""
        signature = verify_signature(
            self._client_chain,
            self.configuration.tls12_schemes,
            algorithm=message.algorithm,
            message=self.channel.transcript.messages,
            signature=message.signature,
        )
        self._client = AuthenticatedPeer(self._client_chain, signature)
        self.channel.emit(PeerSignatureVerified(signature.scheme))

    def send_new_session_ticket(self) -> None:
        """RFC 5077 §3.3."""
        keys = self.configuration.ticket_keys
        if keys is None:
            raise ValueError("there is no key to seal a ticket with")
        now = self.configuration.clock()
        # 1. The session: a new ticket for an old one does not make it younger.
        state = self._resumed.state if self._resumed is not None else self.session_state(now)
        # 2. Seal it; what may not be resumed gets no ticket, which breaks no promise (RFC 5077 §3.3).
        ticket = keys.seal(state.to_bytes(), at=now) if is_resumable(state) else b""
        left = keys.lifetime - (now - state.created)
        self.channel.send_message(NewSessionTicket(int(left.total_seconds()) if ticket else 0, ticket))

    def keep_session(self) -> None:
        """Keep the session if we gave it an ID (RFC 5246 §7.4.1.3)."""
        cache = self.configuration.session_cache
        if cache is not None and self._session_id and self._resumed is None:
            state = self.session_state(self.configuration.clock())
            if is_resumable(state):
                cache.put(self._session_id, state)

    def forget_session(self) -> None:
        """RFC 5246 §7.2.2. A ticket cannot be taken back.

        Only a client that knows the master secret, as its Finished shows, can end a session: its ID anybody can see.
        """
        if self.configuration.session_cache is not None and self.established is not None:
            self.configuration.session_cache.remove(self._session_id)

    def _settle(self, suite: CipherSuite) -> Parameters:
        """Return what the hellos agree upon."""
        hello, configuration, resumed = self._hello, self.configuration, self._resumed
        server_name, extended = find(hello.extensions, ServerName), find(hello.extensions, ExtendedMasterSecret)
        return Parameters(
            version=TLS_1_2,
            suite=suite,
            client_random=hello.random,
            server_random=self._random(),
            encrypt_then_mac=encrypts_then_macs(hello, configuration, suite.cipher.is_block_cipher),
            extended_master_secret=configuration.extended_master_secret and extended is not None,
            server_name=server_name.host_name if server_name is not None else None,
            protocol=choose_protocol(hello, configuration),
            resumption=resumed.by if resumed is not None else None,
            record_limits=limits_of_client(hello, configuration.record_size_limit),
        )

    def _random(self) -> bytes:
        """RFC 9846 §4.2.3: the end of the random warns a client that has offered TLS 1.3, and was talked out of it."""
        random = self.configuration.random_bytes(32)
        return random[:-8] + codes.DOWNGRADE if TLS_1_3 in self.configuration.versions else random

    def _answers(self, parameters: Parameters, suite: CipherSuite) -> Iterator[Extension]:
        """Return the answers to the client's extensions, and only to those that it sent (§7.4.1.4)."""
        hello, is_new = self._hello, self._resumed is None
        renegotiation_info = find(hello.extensions, RenegotiationInfo)
        if renegotiation_info is not None or EMPTY_RENEGOTIATION_INFO_SCSV in hello.cipher_suites:
            yield RenegotiationInfo()  # RFC 5746 §3.6
        if is_new and self._choice.named:  # RFC 6066 §3: never in a session that is resumed
            yield ServerNameAcknowledged()
        if is_new and suite.on_curves and find(hello.extensions, ECPointFormats) is not None:
            yield ECPointFormats()  # RFC 8422 §5.2
        if parameters.protocol is not None:
            yield ApplicationProtocols((parameters.protocol.encode(),))
        if parameters.encrypt_then_mac:
            yield EncryptThenMAC()
        if parameters.extended_master_secret:
            yield ExtendedMasterSecret()
        yield from limits_to_answer(hello, parameters.record_limits)
        if self._promises_ticket():
            yield SessionTicketPromised()  # RFC 5077 §3.2

    def _resume(self) -> Resumed | None:
        """Take up the session that the client asks for, and say so; or say why not, unless none ever could be."""
        configuration = self.configuration
        if configuration.ticket_keys is None and configuration.session_cache is None:
            return None
        try:
            resumed = resume(self._hello, configuration)
        except NotResumedError as error:
            self.channel.emit(SessionNotResumed(str(error)))
            return None
        self.channel.machine.facts.add(Fact.RESUMED)
        if resumed.chain is not None:
            self._client = authenticate_resumed(resumed.chain, resumed.state)
        else:
            self._client = admit_anonymous(certificate_required=False)  # the session was let in without
        self.channel.emit(SessionResumed(resumed.by))
        return resumed

    def _promises_ticket(self) -> bool:
        """Return whether the client gets a ticket: if it knows them, and has none that will do for longer."""
        knows = find(self._hello.extensions, SessionTicket) is not None
        promises = (
            knows and self.configuration.ticket_keys is not None and (self._resumed is None or self._resumed.renew)
        )
        if promises:
            self.channel.machine.facts.add(Fact.TICKET)
        return promises

    def _choose_session_id(self) -> bytes:
        """RFC 5246 §7.4.1.3, RFC 5077 §3.4: that of the session resumed; none with a ticket; else a new one."""
        if self._resumed is not None:
            return self._hello.session_id
        if self.configuration.session_cache is None or Fact.TICKET in self.channel.machine.facts:
            return b""
        return self.configuration.random_bytes(32)
