"""Hello extensions: each with its data, read and written, labelled.

Standard     RFC 5246 §7.4.1.4; RFC 6066 §3, RFC 5246 §7.4.1.4.1, RFC 7366 §2, RFC 7627 §5.1, RFC 5746 §3.2,
             RFC 8422 §5.1.1, §5.1.2, RFC 7919 §2, RFC 7301 §3.1, RFC 5077 §3.2,
             RFC 6066 §4, RFC 8449 §4, RFC 9846 §4.3.3.
Left out     Every other extension: it is kept as `UnknownExtension` and ignored, as §7.4.1.4 wants.

>>> writer = Writer()
>>> write_extensions(writer, (ServerName.of("bank.example"), ExtendedMasterSecret()))
>>> writer.data.hex()
'001900000011000f00000c62616e6b2e6578616d706c6500170000'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self, TypeVar

from handshake.registries import codes
from handshake.registries.groups import GROUP_NAMES, group_section
from handshake.registries.signature_schemes import SCHEME_NAMES
from record.alerts import illegal_parameter
from record.presentation import Reader, Writer


class Extension(Protocol):
    """An extension of a ClientHello or ServerHello."""

    @property
    def extension_type(self) -> int:
        """Its number."""

    def write(self, writer: Writer) -> None:
        """Write extension_data."""


class ReadableExtension(Extension, Protocol):
    """An extension whose data is understood here."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read extension_data."""


@dataclass(frozen=True, slots=True)
class UnknownExtension:
    """An extension that is not understood here, or not in this message."""

    extension_type: int
    data: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write extension_data as it was."""
        writer.opaque("data", self.data, section="RFC 5246 §7.4.1.4")


@dataclass(frozen=True, slots=True)
class ServerName:
    """server_name as the client sends it (RFC 6066 §3): the names by which it looks for the server.

    names: pairs of name_type and name. The only type there is is host_name.
    """

    extension_type: ClassVar[int] = codes.SERVER_NAME
    names: tuple[tuple[int, bytes], ...]

    @classmethod
    def of(cls, host_name: str) -> Self:
        """Return the extension for a DNS name, in ASCII (A-labels) and without a dot at its end."""
        return cls(((codes.HOST_NAME, host_name.encode("ascii")),))

    @property
    def host_name(self) -> str | None:
        """The DNS name, if there is one."""
        return next((name.decode("ascii") for kind, name in self.names if kind == codes.HOST_NAME), None)

    def write(self, writer: Writer) -> None:
        """Write ServerNameList."""
        with writer.block("server_name_list", length_bytes=2, section="RFC 6066 §3"):
            for kind, name in self.names:
                writer.uint8("name_type", kind, section="RFC 6066 §3", names=codes.NAME_TYPE_NAMES)
                writer.vector("name", name, length_bytes=2, section="RFC 6066 §3")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read ServerNameList. Raises illegal_parameter for two names of a type or a name that is not DNS's."""
        names: dict[int, bytes] = {}
        with reader.block("server_name_list", length_bytes=2, minimum=1, section="RFC 6066 §3") as server_names:
            while not server_names.at_end():
                kind = server_names.uint8("name_type", section="RFC 6066 §3", names=codes.NAME_TYPE_NAMES)
                # "All future data structures associated with new NameTypes MUST begin with a 16-bit length."
                name = server_names.vector("name", length_bytes=2, minimum=1, section="RFC 6066 §3")
                if kind in names:
                    raise illegal_parameter(f"server_name has two names of type {kind}, expected one")
                if kind == codes.HOST_NAME and not (name.isascii() and name.decode("ascii").isprintable()):
                    raise illegal_parameter("server_name holds no DNS name in ASCII")
                names[kind] = name
        return cls(tuple(names.items()))


@dataclass(frozen=True, slots=True)
class EmptyExtension:
    """An extension that says all by being there."""

    extension_type: ClassVar[int]

    def write(self, writer: Writer) -> None:
        """Write nothing."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read nothing; that something is left over, the block around it finds."""
        return cls()


class ServerNameAcknowledged(EmptyExtension):
    """server_name as the server sends it (RFC 6066 §3): it has used the name."""

    extension_type = codes.SERVER_NAME


class EncryptThenMAC(EmptyExtension):
    """encrypt_then_mac (RFC 7366 §2): the MAC of CBC records is to be computed over the ciphertext."""

    extension_type = codes.ENCRYPT_THEN_MAC


class ExtendedMasterSecret(EmptyExtension):
    """extended_master_secret (RFC 7627 §5.1): the master secret is to depend on the whole handshake."""

    extension_type = codes.EXTENDED_MASTER_SECRET


@dataclass(frozen=True, slots=True)
class SessionTicket:
    """session_ticket as the client sends it (RFC 5077 §3.2): it knows tickets, and has this one.

    ticket: what the server gave it before; empty if it has none that it would use.
    """

    extension_type: ClassVar[int] = codes.SESSION_TICKET
    ticket: bytes = field(default=b"", repr=False)

    def write(self, writer: Writer) -> None:
        """Write the ticket, which fills the extension and has no length of its own."""
        writer.opaque("ticket", self.ticket, section="RFC 5077 §3.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the ticket."""
        return cls(reader.opaque("ticket", reader.remaining, section="RFC 5077 §3.2"))


class SessionTicketPromised(EmptyExtension):
    """session_ticket as the server sends it (RFC 5077 §3.2): a NewSessionTicket will follow."""

    extension_type = codes.SESSION_TICKET


@dataclass(frozen=True, slots=True)
class SignatureAlgorithms:
    """signature_algorithms (RFC 5246 §7.4.1.4.1): what the client can verify.

    schemes: the numbers of signature schemes, which are pairs of hash and signature in RFC 5246 and names of
        their own since RFC 9846 §4.3.3.
    """

    extension_type: ClassVar[int] = codes.SIGNATURE_ALGORITHMS
    schemes: tuple[int, ...]

    def write(self, writer: Writer) -> None:
        """Write supported_signature_algorithms."""
        write_schemes(writer, self.schemes)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read supported_signature_algorithms."""
        return cls(read_schemes(reader))


class SignatureAlgorithmsCert(SignatureAlgorithms):
    """signature_algorithms_cert (RFC 9846 §4.3.3): what the client can verify in certificates, if that is not the same.

    "TLS 1.2 implementations SHOULD also process this extension."
    """

    __slots__ = ()
    extension_type = codes.SIGNATURE_ALGORITHMS_CERT


@dataclass(frozen=True, slots=True)
class RenegotiationInfo:
    """renegotiation_info (RFC 5746 §3.2): which handshake this one follows on this connection; empty if none."""

    extension_type: ClassVar[int] = codes.RENEGOTIATION_INFO
    renegotiated_connection: bytes = b""

    def write(self, writer: Writer) -> None:
        """Write RenegotiationInfo."""
        writer.vector("renegotiated_connection", self.renegotiated_connection, length_bytes=1, section="RFC 5746 §3.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read RenegotiationInfo."""
        return cls(reader.vector("renegotiated_connection", length_bytes=1, section="RFC 5746 §3.2"))


@dataclass(frozen=True, slots=True)
class SupportedGroups:
    """supported_groups (RFC 8422 §5.1.1, RFC 7919 §2): where the client does Diffie–Hellman, the preferred first."""

    extension_type: ClassVar[int] = codes.SUPPORTED_GROUPS
    groups: tuple[int, ...]

    def write(self, writer: Writer) -> None:
        """Write NamedCurveList."""
        with writer.block("named_curve_list", length_bytes=2, section="RFC 8422 §5.1.1"):
            for group in self.groups:
                writer.uint16("named_curve", group, section=group_section, names=GROUP_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read NamedCurveList: at least one."""
        groups = []
        with reader.block("named_curve_list", length_bytes=2, minimum=2, section="RFC 8422 §5.1.1") as block:
            while not block.at_end():
                groups.append(block.uint16("named_curve", section=group_section, names=GROUP_NAMES))
        return cls(tuple(groups))


@dataclass(frozen=True, slots=True)
class ECPointFormats:
    """ec_point_formats (RFC 8422 §5.1.2): how points may be written, which is in one way only."""

    extension_type: ClassVar[int] = codes.EC_POINT_FORMATS
    formats: tuple[int, ...] = (codes.UNCOMPRESSED,)

    def write(self, writer: Writer) -> None:
        """Write ECPointFormatList."""
        with writer.block("ec_point_format_list", length_bytes=1, section="RFC 8422 §5.1.2"):
            for format in self.formats:
                writer.uint8("ec_point_format", format, section="RFC 8422 §5.1.2", names=codes.POINT_FORMAT_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read ECPointFormatList. Raises illegal_parameter if it lacks the one format that everybody has to know."""
        formats = []
        with reader.block("ec_point_format_list", length_bytes=1, minimum=1, section="RFC 8422 §5.1.2") as block:
            while not block.at_end():
                formats.append(
                    block.uint8("ec_point_format", section="RFC 8422 §5.1.2", names=codes.POINT_FORMAT_NAMES)
                )
        if codes.UNCOMPRESSED not in formats:
            raise illegal_parameter("ec_point_formats lacks the format that all must know: uncompressed")
        return cls(tuple(formats))


@dataclass(frozen=True, slots=True)
class ApplicationProtocols:
    """application_layer_protocol_negotiation (RFC 7301 §3.1): what is to be spoken over the connection.

    protocols: the names that the client knows, the preferred first; or the one that the server chose.
    """

    extension_type: ClassVar[int] = codes.ALPN
    protocols: tuple[bytes, ...]

    def write(self, writer: Writer) -> None:
        """Write ProtocolNameList."""
        with writer.block("protocol_name_list", length_bytes=2, section="RFC 7301 §3.1"):
            for name in self.protocols:
                writer.vector("protocol_name", name, length_bytes=1, section="RFC 7301 §3.1")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read ProtocolNameList: at least one name, none of them empty."""
        names = []
        with reader.block("protocol_name_list", length_bytes=2, minimum=2, section="RFC 7301 §3.1") as block:
            while not block.at_end():
                names.append(block.vector("protocol_name", length_bytes=1, minimum=1, section="RFC 7301 §3.1"))
        return cls(tuple(names))


@dataclass(frozen=True, slots=True)
class MaxFragmentLength:
    """max_fragment_length (RFC 6066 §4): how long records may be, in either direction.

    code: 1 to 4, for 2^9 to 2^12 bytes.
    """

    extension_type: ClassVar[int] = codes.MAX_FRAGMENT_LENGTH
    code: int

    def write(self, writer: Writer) -> None:
        """Write MaxFragmentLength."""
        writer.uint8("max_fragment_length", self.code, section="RFC 6066 §4", names=codes.FRAGMENT_LENGTH_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read MaxFragmentLength. Whether the number is one of the four is for the caller to say."""
        return cls(reader.uint8("max_fragment_length", section="RFC 6066 §4", names=codes.FRAGMENT_LENGTH_NAMES))


@dataclass(frozen=True, slots=True)
class RecordSizeLimit:
    """record_size_limit (RFC 8449 §4): how many bytes the sender can take in a protected record. limit: 64 or more."""

    extension_type: ClassVar[int] = codes.RECORD_SIZE_LIMIT
    limit: int

    def write(self, writer: Writer) -> None:
        """Write RecordSizeLimit."""
        writer.uint16("record_size_limit", self.limit, section="RFC 8449 §4")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read RecordSizeLimit. Raises illegal_parameter for less than 64."""
        limit = reader.uint16("record_size_limit", section="RFC 8449 §4")
        if limit < codes.MINIMUM_RECORD_SIZE_LIMIT:
            raise illegal_parameter(f"the record_size_limit is {limit}, expected 64 or more")
        return cls(limit)


Kind = TypeVar("Kind")


def find(extensions: Iterable[Extension] | None, kind: type[Kind]) -> Kind | None:
    """Return the extension of this kind, if it is there."""
    return next((extension for extension in extensions or () if type(extension) is kind), None)


def write_extensions(writer: Writer, extensions: Iterable[Extension] | None) -> None:
    """Write the extensions of a hello (RFC 5246 §7.4.1.4); for None, not even an empty list."""
    if extensions is None:
        return
    with writer.block("extensions", length_bytes=2, section="RFC 5246 §7.4.1.4"):
        for extension in extensions:
            kind = extension.extension_type
            with writer.struct("extension", section="RFC 5246 §7.4.1.4"):
                if writer.layout is not None:
                    writer.layout.describe(codes.EXTENSION_NAMES.get(kind, str(kind)))
                writer.uint16("extension_type", kind, section="RFC 5246 §7.4.1.4", names=codes.EXTENSION_NAMES)
                with writer.block("extension_data", length_bytes=2, section="RFC 5246 §7.4.1.4"):
                    extension.write(writer)


def read_extensions(reader: Reader, known: Mapping[int, type[ReadableExtension]]) -> tuple[Extension, ...] | None:
    """Read the extensions of a hello, those of `known` into what they mean; None if the message ends before them.

    Raises `RemoteProtocolError`: illegal_parameter if a type comes twice (RFC 5246 §7.4.1.4), decode_error.
    """
    if reader.at_end():  # "The presence of extensions can be detected by determining whether there are bytes following"
        return None
    extensions: dict[int, Extension] = {}
    with reader.block("extensions", length_bytes=2, section="RFC 5246 §7.4.1.4") as block:
        while not block.at_end():
            with block.struct("extension", section="RFC 5246 §7.4.1.4") as struct:
                kind = struct.uint16("extension_type", section="RFC 5246 §7.4.1.4", names=codes.EXTENSION_NAMES)
                name = codes.EXTENSION_NAMES.get(kind, str(kind))
                if struct.layout is not None:
                    struct.layout.describe(name)
                if kind in extensions:
                    raise illegal_parameter(f"the extension {name} comes twice, expected once")
                with struct.block("extension_data", length_bytes=2, section="RFC 5246 §7.4.1.4") as data:
                    extensions[kind] = (
                        known[kind].read(data)
                        if kind in known
                        else UnknownExtension(kind, data.opaque("data", data.remaining, section="RFC 5246 §7.4.1.4"))
                    )
    return tuple(extensions.values())


def write_schemes(writer: Writer, schemes: Iterable[int]) -> None:
    """Write supported_signature_algorithms, of the extension and of a CertificateRequest (RFC 5246 §7.4.4)."""
    with writer.block("supported_signature_algorithms", length_bytes=2, section="RFC 5246 §7.4.1.4.1"):
        for scheme in schemes:
            writer.uint16("algorithm", scheme, section="RFC 5246 §7.4.1.4.1", names=SCHEME_NAMES)


def read_schemes(reader: Reader) -> tuple[int, ...]:
    """Read supported_signature_algorithms: at least one."""
    schemes = []
    with reader.block(
        "supported_signature_algorithms", length_bytes=2, minimum=2, section="RFC 5246 §7.4.1.4.1"
    ) as block:
        while not block.at_end():
            schemes.append(block.uint16("algorithm", section="RFC 5246 §7.4.1.4.1", names=SCHEME_NAMES))
    return tuple(schemes)
