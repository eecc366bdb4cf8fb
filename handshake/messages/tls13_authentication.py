"""The messages of TLS 1.3 that show who somebody is: CertificateRequest, Certificate, CertificateVerify, Finished.

Standard     RFC 9846 §4.4.2, §4.5.
Left out     Raw public keys (RFC 7250).

>>> writer = Writer()
>>> TLS13CertificateMessage(b"", (CertificateEntry(b"DER", ()),)).write(writer)
>>> writer.data.hex()
'000000080000034445520000'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.extension_places import IN_CERTIFICATE, IN_CERTIFICATE_REQUEST, Place
from handshake.messages.extensions import Extension, read_extensions, write_extensions
from handshake.registries.codes import HandshakeType
from handshake.registries.signature_schemes import SCHEME_NAMES
from record.alerts import decode_error
from record.presentation import Reader, Writer


@dataclass(frozen=True, slots=True)
class TLS13CertificateRequest:
    """CertificateRequest (§4.4.2): the server would like to know who the client is.

    context: what the client's Certificate is to repeat; empty in the handshake. extensions: what will do.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CERTIFICATE_REQUEST
    context: bytes
    extensions: tuple[Extension, ...]

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.vector("certificate_request_context", self.context, length_bytes=1, section="RFC 9846 §4.4.2")
        write_extensions(writer, self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        context = reader.vector("certificate_request_context", length_bytes=1, section="RFC 9846 §4.4.2")
        return cls(context, required_extensions(reader, IN_CERTIFICATE_REQUEST))


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """A certificate in a chain (§4.5.1). certificate: in DER. extensions: what is said of this one."""

    certificate: bytes = field(repr=False)
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class TLS13CertificateMessage:
    """Certificate (§4.5.1): the sender's chain, its own certificate first; a client may have none to show.

    context: what the CertificateRequest said; empty from a server. entries: the certificates.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CERTIFICATE
    context: bytes
    entries: tuple[CertificateEntry, ...]

    @property
    def certificate_list(self) -> tuple[bytes, ...]:
        """The certificates in DER."""
        return tuple(entry.certificate for entry in self.entries)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.vector("certificate_request_context", self.context, length_bytes=1, section="RFC 9846 §4.5.1")
        with writer.block("certificate_list", length_bytes=3, section="RFC 9846 §4.5.1"):
            for entry in self.entries:
                with writer.struct("CertificateEntry", section="RFC 9846 §4.5.1"):
                    writer.vector("certificate", entry.certificate, length_bytes=3, section="RFC 9846 §4.5.1")
                    write_extensions(writer, entry.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        context = reader.vector("certificate_request_context", length_bytes=1, section="RFC 9846 §4.5.1")
        entries = []
        with reader.block("certificate_list", length_bytes=3, section="RFC 9846 §4.5.1") as block:
            while not block.at_end():
                with block.struct("CertificateEntry", section="RFC 9846 §4.5.1") as struct:
                    der = struct.vector("certificate", length_bytes=3, minimum=1, section="RFC 9846 §4.5.1")
                    entries.append(CertificateEntry(der, required_extensions(struct, IN_CERTIFICATE)))
        return cls(context, tuple(entries))


@dataclass(frozen=True, slots=True)
class TLS13CertificateVerify:
    """CertificateVerify (§4.5.2): the sender has the private key of its certificate.

    algorithm: the number of the signature scheme. signature: of `signed_content`.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CERTIFICATE_VERIFY
    algorithm: int
    signature: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint16("algorithm", self.algorithm, section="RFC 9846 §4.5.2", names=SCHEME_NAMES)
        writer.vector("signature", self.signature, length_bytes=2, section="RFC 9846 §4.5.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        algorithm = reader.uint16("algorithm", section="RFC 9846 §4.5.2", names=SCHEME_NAMES)
        return cls(algorithm, reader.vector("signature", length_bytes=2, section="RFC 9846 §4.5.2"))


@dataclass(frozen=True, slots=True)
class TLS13Finished:
    """Finished (§4.5.3): the sender has seen the same handshake, and has its keys. verify_data: as long as a digest."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.FINISHED
    verify_data: bytes

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.opaque("verify_data", self.verify_data, section="RFC 9846 §4.5.3")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body, which has no length of its own: how long it must be, its receiver knows."""
        return cls(reader.opaque("verify_data", reader.remaining, section="RFC 9846 §4.5.3"))


def signed_content(context: str, transcript_hash: bytes) -> bytes:
    """Return what a CertificateVerify signs (§4.5.2).

    64 spaces come first, as in TLS 1.2 an attacker could have had 32 bytes of their choice signed at that place.
    context: who signs, such as "TLS 1.3, server CertificateVerify".
    """
    return b" " * 64 + context.encode("ascii") + b"\0" + transcript_hash


SERVER_CONTEXT, CLIENT_CONTEXT = "TLS 1.3, server CertificateVerify", "TLS 1.3, client CertificateVerify"


def required_extensions(reader: Reader, place: Place) -> tuple[Extension, ...]:
    """Read extensions that must be there, if only as an empty list; raise decode_error if they are not."""
    extensions = read_extensions(reader, place)
    if extensions is None:
        raise decode_error("the extensions are missing, expected a list of them")
    return extensions
