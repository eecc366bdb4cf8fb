"""A Certificate message in compressed form.

Standard     RFC 8879 §4.
Left out     brotli and zstd, which Python 3.11 does not have.

>>> message = TLS13CertificateMessage(b"", ())
>>> CompressedCertificate.of(message).decompress() == message
True
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.tls13_authentication import TLS13CertificateMessage
from handshake.registries.codes import COMPRESSION_ALGORITHM_NAMES, ZLIB, HandshakeType
from record.alerts import bad_certificate, illegal_parameter
from record.presentation import Reader, Writer

LONGEST = 2**16  # bytes of an uncompressed Certificate message, as much as one that comes uncompressed may have


@dataclass(frozen=True, slots=True)
class CompressedCertificate:
    """CompressedCertificate (RFC 8879 §4): a Certificate message, compressed.

    algorithm: the number of the algorithm. uncompressed_length: of the message, in bytes. compressed: the message.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.COMPRESSED_CERTIFICATE
    algorithm: int
    uncompressed_length: int
    compressed: bytes = field(repr=False)

    @classmethod
    def of(cls, message: TLS13CertificateMessage) -> Self:
        """Return the message in its compressed form."""
        writer = Writer()
        message.write(writer)
        return cls(ZLIB, len(writer.data), zlib.compress(writer.data))

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint16("compression_algorithm", self.algorithm, section="RFC 8879 §4", names=COMPRESSION_ALGORITHM_NAMES)
        writer.uint24("uncompressed_length", self.uncompressed_length, section="RFC 8879 §4")
        writer.vector("compressed_certificate_message", self.compressed, length_bytes=3, section="RFC 8879 §4")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        algorithm = reader.uint16("compression_algorithm", section="RFC 8879 §4", names=COMPRESSION_ALGORITHM_NAMES)
        length = reader.uint24("uncompressed_length", section="RFC 8879 §4")
        compressed = reader.vector("compressed_certificate_message", length_bytes=3, minimum=1, section="RFC 8879 §4")
        return cls(algorithm, length, compressed)

    def decompress(self) -> TLS13CertificateMessage:
        """Return the message that was compressed. However small it is, it makes no more than LONGEST bytes.

        Raises `RemoteProtocolError`: illegal_parameter for an algorithm that was not offered, bad_certificate if the
        message cannot be decompressed, is longer than that, or has another length than it says.
        """
        if self.algorithm != ZLIB:
            raise illegal_parameter(
                f"a certificate is compressed by the algorithm {self.algorithm}, which was not offered"
            )
        if self.uncompressed_length > LONGEST:
            raise bad_certificate(
                f"a compressed Certificate has {self.uncompressed_length} bytes, accepted are at most {LONGEST}"
            )
        stream = zlib.decompressobj()
        try:
            data = stream.decompress(self.compressed, self.uncompressed_length + 1)
        except zlib.error as error:
            raise bad_certificate(f"a compressed Certificate cannot be decompressed: {error}") from error
        if len(data) != self.uncompressed_length or not stream.eof or stream.unused_data:
            raise bad_certificate("a compressed Certificate has not the length that it says, or is cut, or goes on")
        reader = Reader(data)
        message = TLS13CertificateMessage.read(reader)
        reader.finish()
        return message
