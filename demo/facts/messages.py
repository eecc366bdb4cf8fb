"""What each handshake message says, as rows of a name and a value in plain words.

The messages come from the handshake as objects that its own parser made; nothing is parsed here a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from demo.facts.certificates import certificate_facts
from handshake.messages.authentication import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.messages.extensions import Extension, ServerName, SignatureAlgorithms, find
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.hello import ClientHello, ServerHello
from handshake.messages.keys import (
    ChangeCipherSpec,
    ClientDHPublic,
    ClientECDHPublic,
    EncryptedPremasterSecret,
    Finished,
    ServerDHKeyExchange,
    ServerECDHKeyExchange,
)
from handshake.registries.cipher_suites import SUITE_NAMES
from handshake.registries.codes import CERTIFICATE_TYPE_NAMES, EXTENSION_NAMES
from handshake.registries.signature_schemes import SCHEME_NAMES
from handshake.suites.table import SUITES
from pki.asn1.der import DERError, Reader
from pki.asn1.pem import pem_encode
from pki.fields.names import Name
from pki.x509 import Certificate
from record.codes import VERSION_NAMES

Rows: TypeAlias = list[list[str]]

EXCERPT = 8  # bytes of a long value that are shown

TITLES = {
    CertificateMessage: "Certificate",
    ServerECDHKeyExchange: "ServerKeyExchange",
    ServerDHKeyExchange: "ServerKeyExchange",
    EncryptedPremasterSecret: "ClientKeyExchange",
    ClientECDHPublic: "ClientKeyExchange",
    ClientDHPublic: "ClientKeyExchange",
}


def message_title(message: HandshakeMessage | ChangeCipherSpec) -> str:
    """Return the message's name in RFC 5246."""
    return TITLES.get(type(message), type(message).__name__)


def message_facts(message: HandshakeMessage | ChangeCipherSpec) -> Rows:
    """Return what the message offers, chooses, shows or proves."""
    match message:
        case ClientHello():
            return [
                ["version", f"up to {_names([message.client_version], VERSION_NAMES)}"],
                ["random", f"32 bytes: {excerpt(message.random)}"],
                ["suites offered", _names(message.cipher_suites, SUITE_NAMES)],
                *_hashes_offered(message.cipher_suites),
                *_server_name(message.extensions),
                *_schemes(message.extensions),
                ["extensions", _extensions(message.extensions)],
            ]
        case ServerHello():
            return [
                ["version", _names([message.server_version], VERSION_NAMES)],
                ["random", f"32 bytes: {excerpt(message.random)}"],
                ["suite chosen", _names([message.cipher_suite], SUITE_NAMES)],
                *_hashes(message.cipher_suite),
                ["extensions", _extensions(message.extensions)],
            ]
        case CertificateMessage():
            if not message.certificate_list:
                return [["certificate", "none"]]
            return _certificate(message.certificate_list[0])
        case CertificateRequest():
            return [
                ["kinds of key", _names(message.certificate_types, CERTIFICATE_TYPE_NAMES, ", ")],
                ["signatures", _names(message.supported_signature_algorithms, SCHEME_NAMES, ", ")],
                ["issued by", "\n".join(map(_name, message.certificate_authorities)) or "anybody"],
            ]
        case ServerECDHKeyExchange() | ServerDHKeyExchange():
            public = message.params.public
            return [
                ["public key", f"{len(public)} bytes: {excerpt(public)}"],
                ["signed with", _names([message.algorithm], SCHEME_NAMES)],
                ["signature", f"{len(message.signature)} bytes: {excerpt(message.signature)}"],
            ]
        case ClientECDHPublic() | ClientDHPublic():
            return [["public key", f"{len(message.public)} bytes: {excerpt(message.public)}"]]
        case EncryptedPremasterSecret():
            return [["encrypted", f"{len(message.encrypted)} bytes: {excerpt(message.encrypted)}"]]
        case CertificateVerify():
            return [
                ["signed with", _names([message.algorithm], SCHEME_NAMES)],
                ["signature", f"{len(message.signature)} bytes: {excerpt(message.signature)}"],
            ]
        case Finished():
            return [["verify_data", message.verify_data.hex()]]
        case _:
            return []


def whole_facts(message: HandshakeMessage | ChangeCipherSpec) -> Rows:
    """Return what `message_facts` shows the beginning of, whole: the random values (nonces)."""
    match message:
        case ClientHello() | ServerHello():
            return [["whole random", message.random.hex()]]
        case _:
            return []


def message_pem(message: HandshakeMessage | ChangeCipherSpec) -> str | None:
    """Return the certificate that the message shows first, in PEM; None if it shows none."""
    if not isinstance(message, CertificateMessage) or not message.certificate_list:
        return None
    return pem_encode("CERTIFICATE", message.certificate_list[0]).decode()


def excerpt(data: bytes, length: int = EXCERPT) -> str:
    """Return the first bytes in hexadecimal, with dots if there are more."""
    return data[:length].hex() + ("…" if len(data) > length else "")


def _certificate(der: bytes) -> Rows:
    try:
        return certificate_facts(Certificate.from_der(der))
    except DERError:  # the peer can send anything; the verifier of the chain refuses it
        return [["certificate", f"{len(der)} bytes that are not a certificate"]]


def _name(der: bytes) -> str:
    try:
        return str(Name.read(Reader(der), "name"))
    except DERError:
        return f"{len(der)} bytes that are not a name"


def _names(numbers: Iterable[int], names: Mapping[int, str], separator: str = "\n") -> str:
    return separator.join(names.get(number, f"0x{number:04x}") for number in numbers)


def _server_name(extensions: tuple[Extension, ...] | None) -> Rows:
    name = find(extensions, ServerName)
    return [["server name", name.host_name]] if name is not None and name.host_name else []


def _hashes_offered(suites: Iterable[int]) -> Rows:
    names = dict.fromkeys(SUITES[suite].prf_hash.name.upper() for suite in suites if suite in SUITES)
    return [["hashes offered", ", ".join(names)]] if names else []


def _hashes(suite: int) -> Rows:
    """Return what the suite uses hash functions for."""
    if suite not in SUITES:
        return []
    chosen = SUITES[suite]
    return [["hash", f"{chosen.prf_hash.name.upper()} derives the keys; records: {chosen.cipher.name}"]]


def _schemes(extensions: tuple[Extension, ...] | None) -> Rows:
    algorithms = find(extensions, SignatureAlgorithms)
    return [["signatures", _names(algorithms.schemes, SCHEME_NAMES, ", ")]] if algorithms is not None else []


def _extensions(extensions: tuple[Extension, ...] | None) -> str:
    return ", ".join(
        EXTENSION_NAMES.get(extension.extension_type, str(extension.extension_type)) for extension in extensions or ()
    )
