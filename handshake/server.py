"""The server's side of the handshake. What comes when, the table in `states` says; what is done, this file.

Standard     RFC 5246 §7.4; RFC 5746 §3.6, RFC 6066 §3, RFC 7366 §2, RFC 7507 §3, RFC 7627 §5.3,
             RFC 7919 §4, RFC 8422 §5.
Left out     Session resumption.
"""

from __future__ import annotations

from handshake import codes
from handshake.authentication_messages import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.channel import Channel
from handshake.codes import Role
from handshake.configuration import ServerConfiguration
from handshake.ephemeral import ECDHE
from handshake.events import (
    PeerCertificateMissing,
    PeerCertificateVerified,
    PeerSignatureVerified,
    PremasterSecretAgreed,
    PremasterSecretReceived,
)
from handshake.extensions import (
    ApplicationProtocols,
    ECPointFormats,
    EncryptThenMAC,
    ExtendedMasterSecret,
    Extension,
    RenegotiationInfo,
    ServerName,
    ServerNameAcknowledged,
    find,
)
from handshake.groups import KeyPair
from handshake.hello_messages import ClientHello, ServerHello, ServerHelloDone
from handshake.key_exchange import RSAKeyTransport
from handshake.key_messages import ClientDHPublic, ClientECDHPublic, EncryptedPremasterSecret, Finished, signed
from handshake.messages import HandshakeMessage
from handshake.negotiation import Choice, choose, choose_protocol
from handshake.party import Party
from handshake.proofs import (
    AdmittedAnonymous,
    AuthenticatedPeer,
    VerifiedSignature,
    admit_anonymous,
    verify_client_chain,
    verify_signature,
)
from handshake.session import Parameters
from handshake.signature_schemes import Authentication
from handshake.states import Fact, Message
from pki.verify import VerifiedChain
from primitives.rsa import RSAPrivateKey
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_2, VERSION_NAMES


class Server(Party):
    """The server in a handshake."""

    role = Role.SERVER
    _hello: ClientHello
    _choice: Choice
    _key_pair: KeyPair  # ours for this handshake, if the key exchange is ephemeral
    _client_chain: VerifiedChain
    _client_signature: VerifiedSignature
    _anonymous: AdmittedAnonymous

    def __init__(self, configuration: ServerConfiguration, channel: Channel) -> None:
        super().__init__(configuration, channel)
        self.configuration = configuration
        if configuration.client_roots:
            channel.machine.facts.add(Fact.CERTIFICATE_REQUESTED)
        else:
            self._anonymous = admit_anonymous(certificate_required=False)

    def send(self, message: Message) -> None:
        """Send what the table says is next."""
        {
            Message.SERVER_HELLO: self.send_server_hello,
            Message.CERTIFICATE: self.send_certificate,
            Message.SERVER_KEY_EXCHANGE: self.send_server_key_exchange,
            Message.CERTIFICATE_REQUEST: self.send_certificate_request,
            Message.SERVER_HELLO_DONE: self.send_server_hello_done,
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
                self.receive_finished(message, self._peer())
        self.channel.transcript.add(data)

    def receive_client_hello(self, hello: ClientHello) -> None:
        """RFC 5246 §7.4.1.2."""
        # 1. The version (appendix E.1): a client that knows more than TLS 1.2 will do with it.
        if hello.client_version < TLS_1_2:
            if codes.FALLBACK_SCSV in hello.cipher_suites:  # RFC 7507 §3
                raise RemoteProtocolError(
                    AlertDescription.INAPPROPRIATE_FALLBACK, "the client fell back to a version below TLS 1.2"
                )
            offered = VERSION_NAMES.get(hello.client_version, f"0x{hello.client_version:04x}")
            raise RemoteProtocolError(
                AlertDescription.PROTOCOL_VERSION, f"the client offers {offered} at most, expected TLS 1.2"
            )
        # 2. Compression: every client must offer to do without.
        if codes.COMPRESSION_NULL not in hello.compression_methods:
            raise RemoteProtocolError(AlertDescription.ILLEGAL_PARAMETER, "the client does not offer no compression")
        # 3. RFC 5746 §3.6: this is a first handshake.
        renegotiation = find(hello.extensions, RenegotiationInfo)
        if renegotiation is not None and renegotiation.renegotiated_connection:
            raise RemoteProtocolError(
                AlertDescription.HANDSHAKE_FAILURE, "the client's first handshake says that it is a second one"
            )
        self._hello = hello

    def send_server_hello(self) -> None:
        """RFC 5246 §7.4.1.3."""
        hello, configuration = self._hello, self.configuration
        # 1. Choose certificate, suite, group and signature scheme.
        self._choice = choice = choose(hello, configuration)
        suite = choice.suite
        encrypt_then_mac = (
            configuration.encrypt_then_mac
            and suite.cipher.is_block_cipher  # RFC 7366 §3: not for any other
            and find(hello.extensions, EncryptThenMAC) is not None
        )
        extended_master_secret = (
            configuration.extended_master_secret and find(hello.extensions, ExtendedMasterSecret) is not None
        )
        protocol = choose_protocol(hello, configuration)
        server_name = find(hello.extensions, ServerName)
        # 2. Answer extensions, and only those that the client sent (§7.4.1.4).
        extensions: list[Extension] = []
        renegotiation_info = find(hello.extensions, RenegotiationInfo)
        if renegotiation_info is not None or codes.EMPTY_RENEGOTIATION_INFO_SCSV in hello.cipher_suites:
            extensions.append(RenegotiationInfo())  # RFC 5746 §3.6
        if choice.named:
            extensions.append(ServerNameAcknowledged())
        if isinstance(suite.key_exchange, ECDHE) and find(hello.extensions, ECPointFormats) is not None:
            extensions.append(ECPointFormats())  # RFC 8422 §5.2
        if protocol is not None:
            extensions.append(ApplicationProtocols((protocol.encode(),)))
        if encrypt_then_mac:
            extensions.append(EncryptThenMAC())
        if extended_master_secret:
            extensions.append(ExtendedMasterSecret())
        # 3. Send it. No session_id: this session cannot be resumed.
        server_hello = ServerHello(
            server_version=TLS_1_2,
            random=configuration.random_bytes(32),
            session_id=b"",
            cipher_suite=suite.code,
            compression_method=codes.COMPRESSION_NULL,
            extensions=tuple(extensions) or None,
        )
        self.channel.send_message(server_hello)
        self.agree(
            Parameters(
                version=TLS_1_2,
                suite=suite,
                client_random=hello.random,
                server_random=server_hello.random,
                encrypt_then_mac=encrypt_then_mac,
                extended_master_secret=extended_master_secret,
                server_name=server_name.host_name if server_name is not None else None,
                protocol=protocol,
            )
        )

    def send_certificate(self) -> None:
        """RFC 5246 §7.4.2."""
        chain = self._choice.identity.certificate_chain
        self.channel.send_message(CertificateMessage(tuple(certificate.to_der() for certificate in chain)))

    def send_server_key_exchange(self) -> None:
        """RFC 5246 §7.4.3."""
        choice, parameters, random_bytes = self._choice, self.parameters, self.configuration.random_bytes
        key_exchange, key = choice.suite.key_exchange, choice.identity.private_key
        if isinstance(key_exchange, RSAKeyTransport) or choice.group is None or choice.scheme is None or key is None:
            raise ValueError("there is no group to exchange keys in, or nothing to sign with")
        # 1. A key pair for this handshake.
        self.agree_group(choice.group)
        self._key_pair = choice.group.generate(random_bytes)
        params = key_exchange.params(choice.group, self._key_pair)
        # 2. Sign its public key, together with both randoms.
        signature = choice.scheme.algorithm.sign(
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
                supported_signature_algorithms=tuple(s.code for s in self.configuration.signature_schemes),
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
            self._anonymous = admit_anonymous(certificate_required=configuration.require_client_certificate)
            self.channel.emit(PeerCertificateMissing())
            return
        self._client_chain = verify_client_chain(
            message.certificate_list, roots=configuration.client_roots, at=configuration.clock()
        )
        self.channel.machine.facts.add(Fact.CLIENT_CERTIFICATE)
        self.channel.emit(PeerCertificateVerified(self._client_chain))

    def receive_client_key_exchange(
        self, message: EncryptedPremasterSecret | ClientECDHPublic | ClientDHPublic, data: bytes
    ) -> None:
        """RFC 5246 §7.4.7."""
        configuration, key_exchange = self.configuration, self.parameters.suite.key_exchange
        # 1. The premaster secret.
        if isinstance(message, EncryptedPremasterSecret):
            key = self._choice.identity.private_key
            if not isinstance(key, RSAPrivateKey) or not isinstance(key_exchange, RSAKeyTransport):
                raise ValueError("there is no key to decrypt with")
            # Decrypt, or draw a secret that nobody knows (§7.4.7.1).
            premaster = key_exchange.receive(
                key, message, client_version=self._hello.client_version, random_bytes=configuration.random_bytes
            )
            self.channel.emit(PremasterSecretReceived(key_exchange.name, message.encrypted))
        else:
            if isinstance(key_exchange, RSAKeyTransport):
                raise ValueError("there is no ephemeral key to agree with")
            premaster = key_exchange.agree(self._key_pair, message.public)
            self.channel.emit(PremasterSecretAgreed(key_exchange.name, str(self.parameters.group)))
        # 2. Derive the keys: the handshake up to here, this message included, is the session (RFC 7627 §3).
        self.channel.transcript.add(data)
        self.derive(premaster)

    def receive_certificate_verify(self, message: CertificateVerify) -> None:
        """RFC 5246 §7.4.8. The message itself is not in the transcript yet."""
        self._client_signature = verify_signature(
            self._client_chain,
            self.configuration.signature_schemes,
            algorithm=message.algorithm,
            message=self.channel.transcript.messages,
            signature=message.signature,
        )
        self.channel.emit(PeerSignatureVerified(self._client_signature.scheme))

    def _peer(self) -> AuthenticatedPeer | AdmittedAnonymous:
        if Fact.CLIENT_CERTIFICATE in self.channel.machine.facts:
            return AuthenticatedPeer(self._client_chain, self._client_signature)
        return self._anonymous
