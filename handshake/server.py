"""The server's side of the handshake. What comes when, the table in `states` says; what is done, this file.

Standard     RFC 5246 §7.4; RFC 5746 §3.6, RFC 6066 §3, RFC 7366 §2, RFC 7507 §3, RFC 7627 §5.3.
Left out     Session resumption; a choice among several certificates.
"""

from __future__ import annotations

from handshake import codes
from handshake.authentication_messages import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.channel import Channel
from handshake.codes import Role
from handshake.configuration import ServerConfiguration
from handshake.events import (
    PeerCertificateMissing,
    PeerCertificateVerified,
    PeerSignatureVerified,
    PremasterSecretReceived,
)
from handshake.extensions import (
    EncryptThenMAC,
    ExtendedMasterSecret,
    Extension,
    RenegotiationInfo,
    ServerName,
    ServerNameAcknowledged,
    find,
)
from handshake.hello_messages import ClientHello, ServerHello, ServerHelloDone
from handshake.key_messages import EncryptedPremasterSecret, Finished
from handshake.messages import HandshakeMessage
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
from handshake.states import Fact, Message
from handshake.suites import CipherSuite
from pki.errors import CertificateError
from pki.server_identity import check_server_name
from pki.verify import VerifiedChain
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_2, VERSION_NAMES


class Server(Party):
    """The server in a handshake."""

    role = Role.SERVER
    _hello: ClientHello
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
            case EncryptedPremasterSecret():
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
        # 1. Choose: the first suite of ours that the client offers.
        suite = self._choose_suite(hello)
        encrypt_then_mac = (
            configuration.encrypt_then_mac
            and suite.cipher.is_block_cipher  # RFC 7366 §3: not for any other
            and find(hello.extensions, EncryptThenMAC) is not None
        )
        extended_master_secret = (
            configuration.extended_master_secret and find(hello.extensions, ExtendedMasterSecret) is not None
        )
        server_name = find(hello.extensions, ServerName)
        # 2. Answer extensions, and only those that the client sent (§7.4.1.4).
        extensions: list[Extension] = []
        renegotiation_info = find(hello.extensions, RenegotiationInfo)
        if renegotiation_info is not None or codes.EMPTY_RENEGOTIATION_INFO_SCSV in hello.cipher_suites:
            extensions.append(RenegotiationInfo())  # RFC 5746 §3.6
        if server_name is not None and self._is_for(server_name.host_name):
            extensions.append(ServerNameAcknowledged())
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
            )
        )

    def send_certificate(self) -> None:
        """RFC 5246 §7.4.2."""
        chain = self.configuration.certificate_chain
        self.channel.send_message(CertificateMessage(tuple(certificate.to_der() for certificate in chain)))

    def send_certificate_request(self) -> None:
        """RFC 5246 §7.4.4."""
        self.channel.send_message(
            CertificateRequest(
                certificate_types=(codes.RSA_SIGN,),
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

    def receive_client_key_exchange(self, message: EncryptedPremasterSecret, data: bytes) -> None:
        """RFC 5246 §7.4.7."""
        configuration, key_exchange = self.configuration, self.parameters.suite.key_exchange
        if configuration.private_key is None:
            raise ValueError("there is no key to decrypt with")
        # 1. Decrypt, or draw a secret that nobody knows (§7.4.7.1).
        premaster = key_exchange.receive(
            configuration.private_key,
            message,
            client_version=self._hello.client_version,
            random_bytes=configuration.random_bytes,
        )
        self.channel.emit(PremasterSecretReceived(key_exchange.name, message.encrypted))
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

    def _choose_suite(self, hello: ClientHello) -> CipherSuite:
        for suite in self.configuration.suites:
            if suite.code in hello.cipher_suites:
                return suite
        raise RemoteProtocolError(
            AlertDescription.HANDSHAKE_FAILURE, "the client offers no cipher suite that is accepted here"
        )

    def _is_for(self, host_name: str | None) -> bool:
        """Return whether our certificate is for the name that the client asked for."""
        if host_name is None:
            return False
        try:
            check_server_name(self.configuration.certificate_chain[0], host_name)
        except (CertificateError, ValueError):  # another name, or none at all: the client will see for itself
            return False
        return True
