"""The extensions of TLS 1.3: each with its data, read and written, labelled.

Standard     RFC 9846 §4.3.1, §4.3.2, §4.3.4, §4.3.6, §4.3.8 to §4.3.11; RFC 8879 §3.
Left out     oid_filters (§4.3.5): see `oid_filters`.

>>> writer = Writer()
>>> SupportedVersions((0x0304, 0x0303)).write(writer)
>>> writer.data.hex()
'0403040303'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.extensions import EmptyExtension
from handshake.registries import codes
from handshake.registries.groups import GROUP_NAMES, group_section
from record.alerts import illegal_parameter
from record.codes import VERSION_NAMES
from record.presentation import Reader, Writer


@dataclass(frozen=True, slots=True)
class SupportedVersions:
    """supported_versions of a client (§4.3.1): all versions that it would speak, the preferred ones first."""

    extension_type: ClassVar[int] = codes.SUPPORTED_VERSIONS
    versions: tuple[int, ...]

    def write(self, writer: Writer) -> None:
        """Write the list of versions."""
        with writer.block("versions", length_bytes=1, section="RFC 9846 §4.3.1"):
            for version in self.versions:
                writer.uint16("supported_version", version, section="RFC 9846 §4.3.1", names=_VERSION_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the list of versions: at least one."""
        versions = []
        with reader.block("versions", length_bytes=1, minimum=2, section="RFC 9846 §4.3.1") as block:
            while not block.at_end():
                versions.append(block.uint16("supported_version", section="RFC 9846 §4.3.1", names=_VERSION_NAMES))
        return cls(tuple(versions))


_VERSION_NAMES = {**VERSION_NAMES, **codes.GREASE}


@dataclass(frozen=True, slots=True)
class SelectedVersion:
    """supported_versions of a server (§4.3.1): the version that it chose."""

    extension_type: ClassVar[int] = codes.SUPPORTED_VERSIONS
    version: int

    def write(self, writer: Writer) -> None:
        """Write the version."""
        writer.uint16("selected_version", self.version, section="RFC 9846 §4.3.1", names=_VERSION_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the version."""
        return cls(reader.uint16("selected_version", section="RFC 9846 §4.3.1", names=_VERSION_NAMES))


@dataclass(frozen=True, slots=True)
class Cookie:
    """cookie (§4.3.2): what the server would have repeated to it, 1 byte or more."""

    extension_type: ClassVar[int] = codes.COOKIE
    cookie: bytes

    def write(self, writer: Writer) -> None:
        """Write the cookie."""
        writer.vector("cookie", self.cookie, length_bytes=2, section="RFC 9846 §4.3.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the cookie, which is not empty."""
        return cls(reader.vector("cookie", length_bytes=2, minimum=1, section="RFC 9846 §4.3.2"))


@dataclass(frozen=True, slots=True)
class CertificateAuthorities:
    """certificate_authorities (§4.3.4): the names of the authorities whose certificates will do, in DER."""

    extension_type: ClassVar[int] = codes.CERTIFICATE_AUTHORITIES
    authorities: tuple[bytes, ...] = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the list of names."""
        with writer.block("certificate_authorities", length_bytes=2, section="RFC 9846 §4.3.4"):
            for name in self.authorities:
                writer.vector("distinguished_name", name, length_bytes=2, section="RFC 9846 §4.3.4")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the list of names: at least one."""
        names = []
        with reader.block("certificate_authorities", length_bytes=2, minimum=3, section="RFC 9846 §4.3.4") as block:
            while not block.at_end():
                names.append(block.vector("distinguished_name", length_bytes=2, minimum=1, section="RFC 9846 §4.3.4"))
        return cls(tuple(names))


class PostHandshakeAuth(EmptyExtension):
    """post_handshake_auth (§4.3.6): the client would show a certificate later, too, if it is asked."""

    extension_type = codes.POST_HANDSHAKE_AUTH


@dataclass(frozen=True, slots=True)
class KeyShareEntry:
    """One side's share of the key exchange in one group (§4.3.8). group: its number. key_exchange: the share."""

    group: int
    key_exchange: bytes

    def write(self, writer: Writer) -> None:
        """Write the entry."""
        with writer.struct("KeyShareEntry", section="RFC 9846 §4.3.8"):
            writer.uint16("group", self.group, section=group_section, names=GROUP_NAMES)
            writer.vector("key_exchange", self.key_exchange, length_bytes=2, section="RFC 9846 §4.3.8")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the entry."""
        with reader.struct("KeyShareEntry", section="RFC 9846 §4.3.8") as struct:
            group = struct.uint16("group", section=group_section, names=GROUP_NAMES)
            return cls(group, struct.vector("key_exchange", length_bytes=2, minimum=1, section="RFC 9846 §4.3.8"))


@dataclass(frozen=True, slots=True)
class ClientKeyShares:
    """key_share of a client (§4.3.8): its shares in the groups that it expects the server to choose from."""

    extension_type: ClassVar[int] = codes.KEY_SHARE
    entries: tuple[KeyShareEntry, ...]

    def write(self, writer: Writer) -> None:
        """Write KeyShareClientHello."""
        with writer.block("client_shares", length_bytes=2, section="RFC 9846 §4.3.8"):
            for entry in self.entries:
                entry.write(writer)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read KeyShareClientHello, which may be empty. Raises illegal_parameter for two shares in one group."""
        entries: dict[int, KeyShareEntry] = {}
        with reader.block("client_shares", length_bytes=2, section="RFC 9846 §4.3.8") as block:
            while not block.at_end():
                entry = KeyShareEntry.read(block)
                if entry.group in entries:
                    raise illegal_parameter(f"key_share has two shares in the group {entry.group}, expected one")
                entries[entry.group] = entry
        return cls(tuple(entries.values()))


@dataclass(frozen=True, slots=True)
class ServerKeyShare:
    """key_share of a ServerHello (§4.3.8): the server's share, in the group of one of the client's."""

    extension_type: ClassVar[int] = codes.KEY_SHARE
    entry: KeyShareEntry

    def write(self, writer: Writer) -> None:
        """Write KeyShareServerHello."""
        self.entry.write(writer)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read KeyShareServerHello."""
        return cls(KeyShareEntry.read(reader))


@dataclass(frozen=True, slots=True)
class SelectedGroup:
    """key_share of a HelloRetryRequest (§4.3.8): the number of the group in which the server wants a share."""

    extension_type: ClassVar[int] = codes.KEY_SHARE
    group: int

    def write(self, writer: Writer) -> None:
        """Write KeyShareHelloRetryRequest."""
        writer.uint16("selected_group", self.group, section=group_section, names=GROUP_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read KeyShareHelloRetryRequest."""
        return cls(reader.uint16("selected_group", section=group_section, names=GROUP_NAMES))


@dataclass(frozen=True, slots=True)
class PSKKeyExchangeModes:
    """psk_key_exchange_modes (§4.3.9): whether a PSK will do by itself, or only beside a key exchange."""

    extension_type: ClassVar[int] = codes.PSK_KEY_EXCHANGE_MODES
    modes: tuple[int, ...]

    def write(self, writer: Writer) -> None:
        """Write PskKeyExchangeModes."""
        with writer.block("ke_modes", length_bytes=1, section="RFC 9846 §4.3.9"):
            for mode in self.modes:
                writer.uint8("ke_mode", mode, section="RFC 9846 §4.3.9", names=codes.PSK_MODE_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read PskKeyExchangeModes: at least one."""
        modes = []
        with reader.block("ke_modes", length_bytes=1, minimum=1, section="RFC 9846 §4.3.9") as block:
            while not block.at_end():
                modes.append(block.uint8("ke_mode", section="RFC 9846 §4.3.9", names=codes.PSK_MODE_NAMES))
        return cls(tuple(modes))


@dataclass(frozen=True, slots=True)
class CompressCertificate:
    """compress_certificate (RFC 8879 §3): the algorithms by which the peer may compress its Certificate message."""

    extension_type: ClassVar[int] = codes.COMPRESS_CERTIFICATE
    algorithms: tuple[int, ...]

    def write(self, writer: Writer) -> None:
        """Write the list of algorithms."""
        with writer.block("algorithms", length_bytes=1, section="RFC 8879 §3"):
            for algorithm in self.algorithms:
                writer.uint16(
                    "compression_algorithm", algorithm, section="RFC 8879 §3", names=codes.COMPRESSION_ALGORITHM_NAMES
                )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the list of algorithms: at least one."""
        algorithms = []
        with reader.block("algorithms", length_bytes=1, minimum=2, section="RFC 8879 §3") as block:
            while not block.at_end():
                algorithms.append(
                    block.uint16(
                        "compression_algorithm", section="RFC 8879 §3", names=codes.COMPRESSION_ALGORITHM_NAMES
                    )
                )
        return cls(tuple(algorithms))


class EarlyDataIndication(EmptyExtension):
    """early_data of the hellos (§4.3.10): the client sends data at once; the server takes it."""

    extension_type = codes.EARLY_DATA


@dataclass(frozen=True, slots=True)
class MaximumEarlyData:
    """early_data of a NewSessionTicket (§4.3.10, §4.7.1): how many bytes of early data may come with this ticket."""

    extension_type: ClassVar[int] = codes.EARLY_DATA
    size: int

    def write(self, writer: Writer) -> None:
        """Write max_early_data_size."""
        writer.uint32("max_early_data_size", self.size, section="RFC 9846 §4.7.1")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read max_early_data_size."""
        return cls(reader.uint32("max_early_data_size", section="RFC 9846 §4.7.1"))


@dataclass(frozen=True, slots=True)
class PSKIdentity:
    """The label of a PSK (§4.3.11).

    identity: a ticket, or a name. obfuscated_ticket_age: in milliseconds, and hidden (§4.3.11.1).
    """

    identity: bytes = field(repr=False)
    obfuscated_ticket_age: int


@dataclass(frozen=True, slots=True)
class OfferedPSKs:
    """pre_shared_key of a client (§4.3.11): the PSKs that it has, and for each a binder that shows it.

    identities: the labels. binders: 32 to 255 bytes each, in the same order.
    """

    extension_type: ClassVar[int] = codes.PRE_SHARED_KEY
    identities: tuple[PSKIdentity, ...]
    binders: tuple[bytes, ...] = field(repr=False)

    @property
    def binders_length(self) -> int:
        """The length of the list of binders, with its own length in front: what binders are not computed over."""
        return 2 + sum(1 + len(binder) for binder in self.binders)

    def write(self, writer: Writer) -> None:
        """Write OfferedPsks."""
        with writer.block("identities", length_bytes=2, section="RFC 9846 §4.3.11"):
            for each in self.identities:
                with writer.struct("PskIdentity", section="RFC 9846 §4.3.11"):
                    writer.vector("identity", each.identity, length_bytes=2, section="RFC 9846 §4.3.11")
                    writer.uint32("obfuscated_ticket_age", each.obfuscated_ticket_age, section="RFC 9846 §4.3.11.1")
        with writer.block("binders", length_bytes=2, section="RFC 9846 §4.3.11.2"):
            for binder in self.binders:
                writer.vector("PskBinderEntry", binder, length_bytes=1, section="RFC 9846 §4.3.11.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read OfferedPsks. Raises illegal_parameter if there are not as many binders as identities."""
        identities = []
        with reader.block("identities", length_bytes=2, minimum=7, section="RFC 9846 §4.3.11") as block:
            while not block.at_end():
                with block.struct("PskIdentity", section="RFC 9846 §4.3.11") as struct:
                    identity = struct.vector("identity", length_bytes=2, minimum=1, section="RFC 9846 §4.3.11")
                    age = struct.uint32("obfuscated_ticket_age", section="RFC 9846 §4.3.11.1")
                    identities.append(PSKIdentity(identity, age))
        binders = []
        with reader.block("binders", length_bytes=2, minimum=33, section="RFC 9846 §4.3.11.2") as block:
            while not block.at_end():
                binder = block.vector("PskBinderEntry", length_bytes=1, minimum=32, section="RFC 9846 §4.3.11.2")
                binders.append(binder)
        if len(identities) != len(binders):
            raise illegal_parameter(f"pre_shared_key has {len(identities)} identities and {len(binders)} binders")
        return cls(tuple(identities), tuple(binders))


@dataclass(frozen=True, slots=True)
class SelectedPSK:
    """pre_shared_key of a ServerHello (§4.3.11). index: of the identity that the server chose, from 0 on."""

    extension_type: ClassVar[int] = codes.PRE_SHARED_KEY
    index: int

    def write(self, writer: Writer) -> None:
        """Write selected_identity."""
        writer.uint16("selected_identity", self.index, section="RFC 9846 §4.3.11")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read selected_identity."""
        return cls(reader.uint16("selected_identity", section="RFC 9846 §4.3.11"))
