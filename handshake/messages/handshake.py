"""Handshake messages as bytes: the header that they share, reading and writing them, explaining them.

Standard     RFC 5246 §7.4; RFC 5077 §3.3; RFC 8879 §4, RFC 9846 §4.
Left out     Nothing.

>>> data = write_message(ServerHelloDone())
>>> data.hex(), read_message(data)
('0e000000', ServerHelloDone())
>>> [(field.label, field.start, field.end) for field in message_layout(data)]
[('msg_type', 0, 1), ('body', 1, 4)]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from explain.layout import Field, Layout
from handshake.messages.authentication import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.messages.compressed_certificate import CompressedCertificate
from handshake.messages.hello import ClientHello, HelloRequest, ServerHello, ServerHelloDone
from handshake.messages.keys import (
    VERIFY_DATA_LENGTH,
    ClientDHPublic,
    ClientECDHPublic,
    EncryptedPremasterSecret,
    Finished,
    NewSessionTicket,
    ServerDHKeyExchange,
    ServerECDHKeyExchange,
)
from handshake.messages.tls13_authentication import (
    TLS13CertificateMessage,
    TLS13CertificateRequest,
    TLS13CertificateVerify,
    TLS13Finished,
)
from handshake.messages.tls13_keys import EncryptedExtensions, EndOfEarlyData, KeyUpdate, TLS13NewSessionTicket
from handshake.registries.codes import HANDSHAKE_TYPE_NAMES, HandshakeType
from record.alerts import unexpected_message
from record.presentation import Reader, Writer

HandshakeMessage: TypeAlias = (
    HelloRequest
    | ClientHello
    | ServerHello
    | CertificateMessage
    | ServerECDHKeyExchange
    | ServerDHKeyExchange
    | CertificateRequest
    | ServerHelloDone
    | EncryptedPremasterSecret
    | ClientECDHPublic
    | ClientDHPublic
    | CertificateVerify
    | NewSessionTicket
    | Finished
    | EncryptedExtensions
    | TLS13CertificateMessage
    | TLS13CertificateRequest
    | TLS13CertificateVerify
    | TLS13Finished
    | TLS13NewSessionTicket
    | EndOfEarlyData
    | KeyUpdate
    | CompressedCertificate
)

HEADER_LENGTH = 4  # RFC 5246 §7.4: msg_type, and the length in 3 bytes

Forms: TypeAlias = Mapping[HandshakeType, type[HandshakeMessage]]
"""What the body of each type of message is read as."""

MESSAGES: Forms = {
    HandshakeType.HELLO_REQUEST: HelloRequest,
    HandshakeType.CLIENT_HELLO: ClientHello,
    HandshakeType.SERVER_HELLO: ServerHello,
    HandshakeType.CERTIFICATE: CertificateMessage,
    HandshakeType.SERVER_KEY_EXCHANGE: ServerECDHKeyExchange,
    HandshakeType.CERTIFICATE_REQUEST: CertificateRequest,
    HandshakeType.SERVER_HELLO_DONE: ServerHelloDone,
    HandshakeType.CLIENT_KEY_EXCHANGE: EncryptedPremasterSecret,
    HandshakeType.CERTIFICATE_VERIFY: CertificateVerify,
    HandshakeType.NEW_SESSION_TICKET: NewSessionTicket,
    HandshakeType.FINISHED: Finished,
}
"""As TLS 1.2 has them, as long as there is no suite."""

TLS13_MESSAGES: Forms = {
    HandshakeType.CLIENT_HELLO: ClientHello,
    HandshakeType.SERVER_HELLO: ServerHello,
    HandshakeType.ENCRYPTED_EXTENSIONS: EncryptedExtensions,
    HandshakeType.CERTIFICATE_REQUEST: TLS13CertificateRequest,
    HandshakeType.CERTIFICATE: TLS13CertificateMessage,
    HandshakeType.CERTIFICATE_VERIFY: TLS13CertificateVerify,
    HandshakeType.FINISHED: TLS13Finished,
    HandshakeType.END_OF_EARLY_DATA: EndOfEarlyData,
    HandshakeType.NEW_SESSION_TICKET: TLS13NewSessionTicket,
    HandshakeType.KEY_UPDATE: KeyUpdate,
    HandshakeType.COMPRESSED_CERTIFICATE: CompressedCertificate,
}


class KeyExchangeForms(Protocol):
    """What a key exchange says in its two messages; the server says nothing where it has no part in it."""

    @property
    def server_message(self) -> type[ServerECDHKeyExchange] | type[ServerDHKeyExchange] | None:
        """The form of the ServerKeyExchange."""

    @property
    def client_message(self) -> type[EncryptedPremasterSecret] | type[ClientECDHPublic] | type[ClientDHPublic]:
        """The form of the ClientKeyExchange."""


def forms(key_exchange: KeyExchangeForms) -> Forms:
    """Return what messages are read as once the suite is chosen: two of them depend on the key exchange."""
    chosen = {**MESSAGES, HandshakeType.CLIENT_KEY_EXCHANGE: key_exchange.client_message}
    if key_exchange.server_message is not None:
        chosen[HandshakeType.SERVER_KEY_EXCHANGE] = key_exchange.server_message
    return chosen


LONGEST: Mapping[HandshakeType, int] = {
    HandshakeType.HELLO_REQUEST: 0,
    # 2+32 (version, random), 1+32 (session ID), 2+65534 (suites), 1+255 (compression), 2+65535 (extensions).
    HandshakeType.CLIENT_HELLO: 131396,
    HandshakeType.SERVER_HELLO: 2 + 32 + 1 + 32 + 2 + 1 + 2 + 65535,
    HandshakeType.SERVER_KEY_EXCHANGE: 3 * (2 + 65535) + 2 + 2 + 65535,
    HandshakeType.CERTIFICATE_REQUEST: 1 + 255 + 2 + 65534 + 2 + 65535,
    HandshakeType.SERVER_HELLO_DONE: 0,
    HandshakeType.CLIENT_KEY_EXCHANGE: 2 + 65535,
    HandshakeType.CERTIFICATE_VERIFY: 2 + 2 + 65535,
    HandshakeType.NEW_SESSION_TICKET: 4 + 2 + 65535,
    HandshakeType.FINISHED: VERIFY_DATA_LENGTH,
}
TLS13_LONGEST: Mapping[HandshakeType, int] = {
    HandshakeType.CLIENT_HELLO: LONGEST[HandshakeType.CLIENT_HELLO],
    HandshakeType.SERVER_HELLO: LONGEST[HandshakeType.SERVER_HELLO],
    HandshakeType.ENCRYPTED_EXTENSIONS: 2 + 65535,
    HandshakeType.CERTIFICATE_REQUEST: 1 + 255 + 2 + 65535,
    HandshakeType.CERTIFICATE_VERIFY: 2 + 2 + 65535,
    HandshakeType.FINISHED: 64,  # no hash of a suite has more
    HandshakeType.END_OF_EARLY_DATA: 0,
    HandshakeType.NEW_SESSION_TICKET: 4 + 4 + 1 + 255 + 2 + 65535 + 2 + 65535,
    HandshakeType.KEY_UPDATE: 1,
}
"""The longest body that the vectors of a message allow; of a Certificate, that is what a length can say."""

ACCEPTED: Mapping[HandshakeType, int] = {
    HandshakeType.COMPRESSED_CERTIFICATE: 2**16,
    HandshakeType.CERTIFICATE: 2**16,  # RFC 5246 §7.4.2 would allow 2^24: nobody's chain needs that
    HandshakeType.CERTIFICATE_REQUEST: 2**16,
    HandshakeType.SERVER_KEY_EXCHANGE: 2**13,  # a signature or an encrypted secret at most
    HandshakeType.CLIENT_KEY_EXCHANGE: 2**13,
    HandshakeType.CERTIFICATE_VERIFY: 2**13,
}
"""The longest body that is accepted here, where that is less."""


def write_message(message: HandshakeMessage, *, layout: Layout | None = None) -> bytes:
    """Return the message with its header (RFC 5246 §7.4, struct Handshake)."""
    writer = Writer(layout=layout)
    writer.uint8("msg_type", message.handshake_type, section="RFC 5246 §7.4", names=HANDSHAKE_TYPE_NAMES)
    with writer.block("body", length_bytes=3, section="RFC 5246 §7.4"):
        message.write(writer)
    return writer.data


def read_message(data: bytes, *, forms: Forms = MESSAGES, layout: Layout | None = None) -> HandshakeMessage:
    """Return the message that `data`, which is one whole message with its header, spells.

    forms: what it is read as; without, as before there is a suite.

    Raises `RemoteProtocolError`: unexpected_message for a type that is unknown or of another version, and as the
    message's own reader says.
    """
    reader = Reader(data, layout=layout)
    code = reader.uint8("msg_type", section="RFC 5246 §7.4", names=HANDSHAKE_TYPE_NAMES)
    kind = handshake_type(code)
    if kind not in forms:
        raise unexpected_message(f"there is no {HANDSHAKE_TYPE_NAMES[kind]} in this version of TLS")
    with reader.block("body", length_bytes=3, section="RFC 5246 §7.4") as body:
        message = forms[kind].read(body)
    reader.finish()
    return message


def message_layout(data: bytes, *, forms: Forms = MESSAGES) -> list[Field]:
    """Return what each byte of a whole handshake message, with its header, is."""
    layout = Layout()
    read_message(data, forms=forms, layout=layout)
    return layout.fields


def handshake_type(code: int) -> HandshakeType:
    """Return the type that a msg_type names; raise `RemoteProtocolError` (unexpected_message) if none that is known."""
    if code not in HANDSHAKE_TYPE_NAMES:
        raise unexpected_message(f"a handshake message has the unknown type {code}")
    return HandshakeType(code)
