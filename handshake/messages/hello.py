"""The messages that greet and agree: HelloRequest, ClientHello, ServerHello, ServerHelloDone.

Standard     RFC 5246 §7.4.1, §7.4.5; RFC 9846 §4.2.2 to §4.2.4: TLS 1.3 has kept the form of both hellos, and puts
             what is new into extensions.
Left out     HelloVerifyRequest, which is DTLS's.

>>> writer = Writer()
>>> ServerHello(0x0303, bytes(32), b"", 0x003C, 0, None).write(writer)
>>> writer.data.hex() == "0303" + "00" * 32 + "00" + "003c" + "00"
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.extension_places import IN_CLIENT_HELLO, IN_HELLO_RETRY_REQUEST, IN_SERVER_HELLO
from handshake.messages.extensions import Extension, read_extensions, write_extensions
from handshake.registries.cipher_suites import SUITE_NAMES, suite_section
from handshake.registries.codes import COMPRESSION_NAMES, HandshakeType
from record.codes import VERSION_NAMES
from record.presentation import Reader, Writer

RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""SHA-256("HelloRetryRequest"), which is the random of no ServerHello but of a HelloRetryRequest (RFC 9846 §4.2.3)."""


@dataclass(frozen=True, slots=True)
class HelloRequest:
    """HelloRequest (§7.4.1.1): the server would like a new handshake."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.HELLO_REQUEST

    def write(self, writer: Writer) -> None:
        """Write the body, which is empty."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body, which is empty."""
        return cls()


@dataclass(frozen=True, slots=True)
class ClientHello:
    """ClientHello (§7.4.1.2): what the client offers.

    client_version: the highest version it speaks.
    random: 32 bytes, new for each handshake.
    session_id: the session it would like to resume, 0 to 32 bytes.
    cipher_suites, compression_methods: their numbers, the preferred ones first.
    extensions: None if the message ends before them.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CLIENT_HELLO
    client_version: int
    random: bytes = field(repr=False)
    session_id: bytes
    cipher_suites: tuple[int, ...]
    compression_methods: tuple[int, ...]
    extensions: tuple[Extension, ...] | None

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint16("client_version", self.client_version, section="RFC 5246 §7.4.1.2", names=VERSION_NAMES)
        _write_random(writer, self.random)
        writer.vector("session_id", self.session_id, length_bytes=1, section="RFC 5246 §7.4.1.2")
        with writer.block("cipher_suites", length_bytes=2, section="RFC 5246 §7.4.1.2"):
            for suite in self.cipher_suites:
                writer.uint16("cipher_suite", suite, section=suite_section, names=SUITE_NAMES)
        with writer.block("compression_methods", length_bytes=1, section="RFC 5246 §7.4.1.2"):
            for method in self.compression_methods:
                writer.uint8("compression_method", method, section="RFC 3749 §2", names=COMPRESSION_NAMES)
        write_extensions(writer, self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        version = reader.uint16("client_version", section="RFC 5246 §7.4.1.2", names=VERSION_NAMES)
        random = _read_random(reader)
        session_id = reader.vector("session_id", length_bytes=1, maximum=32, section="RFC 5246 §7.4.1.2")
        suites = []
        with reader.block("cipher_suites", length_bytes=2, minimum=2, section="RFC 5246 §7.4.1.2") as block:
            while not block.at_end():
                suites.append(block.uint16("cipher_suite", section=suite_section, names=SUITE_NAMES))
        methods = []
        with reader.block("compression_methods", length_bytes=1, minimum=1, section="RFC 5246 §7.4.1.2") as block:
            while not block.at_end():
                methods.append(block.uint8("compression_method", section="RFC 3749 §2", names=COMPRESSION_NAMES))
        extensions = read_extensions(reader, IN_CLIENT_HELLO)
        return cls(version, random, session_id, tuple(suites), tuple(methods), extensions)


@dataclass(frozen=True, slots=True)
class ServerHello:
    """ServerHello (§7.4.1.3): what the server chose; or HelloRetryRequest (RFC 9846 §4.2.4), by its random.

    server_version, cipher_suite, compression_method: of those that the client offered.
    random: 32 bytes, new for each handshake.
    session_id: by which the client may ask to resume the session; empty if it may not.
    extensions: answers to the client's; None if the message ends before them.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.SERVER_HELLO
    server_version: int
    random: bytes = field(repr=False)
    session_id: bytes
    cipher_suite: int
    compression_method: int
    extensions: tuple[Extension, ...] | None

    @property
    def is_retry(self) -> bool:
        """Whether it is a HelloRetryRequest: the client is to offer something else."""
        return self.random == RETRY_RANDOM

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint16("server_version", self.server_version, section="RFC 5246 §7.4.1.3", names=VERSION_NAMES)
        _write_random(writer, self.random)
        writer.vector("session_id", self.session_id, length_bytes=1, section="RFC 5246 §7.4.1.3")
        writer.uint16("cipher_suite", self.cipher_suite, section=suite_section, names=SUITE_NAMES)
        writer.uint8(
            "compression_method", self.compression_method, section="RFC 5246 §7.4.1.3", names=COMPRESSION_NAMES
        )
        write_extensions(writer, self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        version = reader.uint16("server_version", section="RFC 5246 §7.4.1.3", names=VERSION_NAMES)
        random = _read_random(reader)
        session_id = reader.vector("session_id", length_bytes=1, maximum=32, section="RFC 5246 §7.4.1.3")
        suite = reader.uint16("cipher_suite", section=suite_section, names=SUITE_NAMES)
        method = reader.uint8("compression_method", section="RFC 5246 §7.4.1.3", names=COMPRESSION_NAMES)
        place = IN_HELLO_RETRY_REQUEST if random == RETRY_RANDOM else IN_SERVER_HELLO
        return cls(version, random, session_id, suite, method, read_extensions(reader, place))


@dataclass(frozen=True, slots=True)
class ServerHelloDone:
    """ServerHelloDone (§7.4.5): the server has said its part; it is the client's turn."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.SERVER_HELLO_DONE

    def write(self, writer: Writer) -> None:
        """Write the body, which is empty."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body, which is empty."""
        return cls()


def _write_random(writer: Writer, random: bytes) -> None:
    """Write Random. All 32 bytes are random here: the time of §7.4.1.2 would tell who runs which clock."""
    with writer.struct("random", section="RFC 5246 §7.4.1.2"):
        writer.opaque("gmt_unix_time", random[:4], section="RFC 5246 §7.4.1.2")
        writer.opaque("random_bytes", random[4:], section="RFC 5246 §7.4.1.2")


def _read_random(reader: Reader) -> bytes:
    with reader.struct("random", section="RFC 5246 §7.4.1.2") as struct:
        time = struct.opaque("gmt_unix_time", 4, section="RFC 5246 §7.4.1.2")
        return time + struct.opaque("random_bytes", 28, section="RFC 5246 §7.4.1.2")
