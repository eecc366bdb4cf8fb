"""The messages that say who somebody is and prove it: Certificate, CertificateRequest, CertificateVerify.

Standard     RFC 5246 §7.4.2, §7.4.4, §7.4.6, §7.4.8.
Left out     OpenPGP certificates and raw public keys (RFC 6091, RFC 7250).

>>> writer = Writer()
>>> CertificateVerify(0x0804, b"signature").write(writer)
>>> writer.data.hex()
'080400097369676e6174757265'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.extensions import read_schemes, write_schemes
from handshake.registries.codes import CERTIFICATE_TYPE_NAMES, HandshakeType
from handshake.registries.signature_schemes import SCHEME_NAMES
from record.presentation import Reader, Writer


@dataclass(frozen=True, slots=True)
class CertificateMessage:
    """Certificate (§7.4.2, §7.4.6): the chain of certificates of the server or, if asked, of the client.

    certificate_list: X.509 certificates in DER, the sender's own first, each certified by the one after it. A
        client that has none to show sends none.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CERTIFICATE
    certificate_list: tuple[bytes, ...] = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        with writer.block("certificate_list", length_bytes=3, section="RFC 5246 §7.4.2"):
            for certificate in self.certificate_list:
                writer.vector("certificate", certificate, length_bytes=3, section="RFC 5246 §7.4.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        certificates = []
        with reader.block("certificate_list", length_bytes=3, section="RFC 5246 §7.4.2") as block:
            while not block.at_end():
                certificates.append(block.vector("certificate", length_bytes=3, minimum=1, section="RFC 5246 §7.4.2"))
        return cls(tuple(certificates))


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """CertificateRequest (§7.4.4): the server would like to know who the client is.

    certificate_types: the numbers of the kinds of keys that will do.
    supported_signature_algorithms: the numbers of the signature schemes that the server verifies.
    certificate_authorities: the names of the roots it trusts, in DER; any will do if none is named.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CERTIFICATE_REQUEST
    certificate_types: tuple[int, ...]
    supported_signature_algorithms: tuple[int, ...]
    certificate_authorities: tuple[bytes, ...] = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        with writer.block("certificate_types", length_bytes=1, section="RFC 5246 §7.4.4"):
            for kind in self.certificate_types:
                writer.uint8("certificate_type", kind, section="RFC 5246 §7.4.4", names=CERTIFICATE_TYPE_NAMES)
        write_schemes(writer, self.supported_signature_algorithms)
        with writer.block("certificate_authorities", length_bytes=2, section="RFC 5246 §7.4.4"):
            for name in self.certificate_authorities:
                writer.vector("distinguished_name", name, length_bytes=2, section="RFC 5246 §7.4.4")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        types = []
        with reader.block("certificate_types", length_bytes=1, minimum=1, section="RFC 5246 §7.4.4") as block:
            while not block.at_end():
                types.append(block.uint8("certificate_type", section="RFC 5246 §7.4.4", names=CERTIFICATE_TYPE_NAMES))
        schemes = read_schemes(reader)
        authorities = []
        with reader.block("certificate_authorities", length_bytes=2, section="RFC 5246 §7.4.4") as block:
            while not block.at_end():
                authorities.append(
                    block.vector("distinguished_name", length_bytes=2, minimum=1, section="RFC 5246 §7.4.4")
                )
        return cls(tuple(types), schemes, tuple(authorities))


@dataclass(frozen=True, slots=True)
class CertificateVerify:
    """CertificateVerify (§7.4.8): the client has the private key of its certificate.

    algorithm: the number of the signature scheme.
    signature: over all handshake messages before this one.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CERTIFICATE_VERIFY
    algorithm: int
    signature: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body: a DigitallySigned (§4.7)."""
        writer.uint16("algorithm", self.algorithm, section="RFC 5246 §4.7", names=SCHEME_NAMES)
        writer.vector("signature", self.signature, length_bytes=2, section="RFC 5246 §4.7")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        algorithm = reader.uint16("algorithm", section="RFC 5246 §4.7", names=SCHEME_NAMES)
        return cls(algorithm, reader.vector("signature", length_bytes=2, section="RFC 5246 §4.7"))
