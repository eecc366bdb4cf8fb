"""The messages that agree on keys and use them: both KeyExchanges, ChangeCipherSpec, NewSessionTicket, Finished.

Standard     RFC 5246 §7.4.3, §7.4.7, §7.1, §7.4.9; RFC 8422 §5.4, §5.7 (on curves); RFC 5077 §3.3.
Left out     Curves of the server's own making; anonymous and static Diffie–Hellman.

>>> writer = Writer()
>>> EncryptedPremasterSecret(b"encrypted").write(writer)
>>> writer.data.hex()
'0009656e63727970746564'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.registries.codes import CURVE_TYPE_NAMES, NAMED_CURVE, HandshakeType
from handshake.registries.groups import GROUP_NAMES, group_section
from handshake.registries.signature_schemes import SCHEME_NAMES
from record.alerts import illegal_parameter
from record.presentation import Reader, Writer

VERIFY_DATA_LENGTH = 12  # RFC 5246 §7.4.9: of all suites that do not say otherwise


@dataclass(frozen=True, slots=True)
class EncryptedPremasterSecret:
    """ClientKeyExchange of RSA key transport (§7.4.7.1): the premaster secret, encrypted to the server's key.

    encrypted: the ciphertext, by PKCS #1 v1.5 or by OAEP, as the suite says. Its length is the modulus's, which
        is checked where the key is known.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CLIENT_KEY_EXCHANGE
    encrypted: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.vector("EncryptedPreMasterSecret", self.encrypted, length_bytes=2, section="RFC 5246 §7.4.7.1")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(reader.vector("EncryptedPreMasterSecret", length_bytes=2, section="RFC 5246 §7.4.7.1"))


@dataclass(frozen=True, slots=True)
class ServerECDHParams:
    """ServerECDHParams (RFC 8422 §5.4): the server's ephemeral key on a named curve.

    named_curve: the number of the group. public: the key.
    """

    named_curve: int
    public: bytes

    def write(self, writer: Writer) -> None:
        """Write the structure."""
        with writer.struct("ServerECDHParams", section="RFC 8422 §5.4"):
            writer.uint8("curve_type", NAMED_CURVE, section="RFC 8422 §5.4", names=CURVE_TYPE_NAMES)
            writer.uint16("namedcurve", self.named_curve, section=group_section, names=GROUP_NAMES)
            writer.vector("public", self.public, length_bytes=1, section="RFC 8422 §5.4")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the structure. Raises illegal_parameter for a curve without a name."""
        with reader.struct("ServerECDHParams", section="RFC 8422 §5.4") as struct:
            curve_type = struct.uint8("curve_type", section="RFC 8422 §5.4", names=CURVE_TYPE_NAMES)
            if curve_type != NAMED_CURVE:
                raise illegal_parameter(f"the curve_type is {curve_type}, expected 3 (named_curve)")
            named_curve = struct.uint16("namedcurve", section=group_section, names=GROUP_NAMES)
            return cls(named_curve, struct.vector("public", length_bytes=1, minimum=1, section="RFC 8422 §5.4"))


@dataclass(frozen=True, slots=True)
class ServerDHParams:
    """ServerDHParams (§7.4.3): the server's group, a prime and its generator, and its ephemeral key in it.

    p, g, public: numbers, most significant byte first.
    """

    p: bytes = field(repr=False)
    g: bytes
    public: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the structure."""
        with writer.struct("ServerDHParams", section="RFC 5246 §7.4.3"):
            writer.vector("dh_p", self.p, length_bytes=2, section="RFC 5246 §7.4.3")
            writer.vector("dh_g", self.g, length_bytes=2, section="RFC 5246 §7.4.3")
            writer.vector("dh_Ys", self.public, length_bytes=2, section="RFC 5246 §7.4.3")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the structure."""
        with reader.struct("ServerDHParams", section="RFC 5246 §7.4.3") as struct:
            p = struct.vector("dh_p", length_bytes=2, minimum=1, section="RFC 5246 §7.4.3")
            g = struct.vector("dh_g", length_bytes=2, minimum=1, section="RFC 5246 §7.4.3")
            return cls(p, g, struct.vector("dh_Ys", length_bytes=2, minimum=1, section="RFC 5246 §7.4.3"))


@dataclass(frozen=True, slots=True)
class _ServerKeyExchange:
    """ServerKeyExchange (§7.4.3): the server's ephemeral key, signed together with the randoms of the hellos.

    params: the key. algorithm: the number of the signature scheme. signature: see `signed`.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.SERVER_KEY_EXCHANGE
    params: ServerECDHParams | ServerDHParams
    algorithm: int
    signature: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        self.params.write(writer)
        writer.uint16("algorithm", self.algorithm, section="RFC 5246 §4.7", names=SCHEME_NAMES)
        writer.vector("signature", self.signature, length_bytes=2, section="RFC 5246 §4.7")


class ServerECDHKeyExchange(_ServerKeyExchange):
    """ServerKeyExchange with a key on a curve (RFC 8422 §5.4)."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(ServerECDHParams.read(reader), *_read_signature(reader))


class ServerDHKeyExchange(_ServerKeyExchange):
    """ServerKeyExchange with a key modulo a prime (§7.4.3)."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(ServerDHParams.read(reader), *_read_signature(reader))


def _read_signature(reader: Reader) -> tuple[int, bytes]:
    algorithm = reader.uint16("algorithm", section="RFC 5246 §4.7", names=SCHEME_NAMES)
    return algorithm, reader.vector("signature", length_bytes=2, section="RFC 5246 §4.7")


def signed(params: ServerECDHParams | ServerDHParams, *, client_random: bytes, server_random: bytes) -> bytes:
    """Return what a ServerKeyExchange's signature is of: both randoms, so that it serves for no other handshake."""
    writer = Writer()
    params.write(writer)
    return client_random + server_random + writer.data


@dataclass(frozen=True, slots=True)
class ClientECDHPublic:
    """ClientKeyExchange with the client's ephemeral key on a curve (RFC 8422 §5.7)."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CLIENT_KEY_EXCHANGE
    public: bytes

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.vector("ecdh_Yc", self.public, length_bytes=1, section="RFC 8422 §5.7")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(reader.vector("ecdh_Yc", length_bytes=1, minimum=1, section="RFC 8422 §5.7"))


@dataclass(frozen=True, slots=True)
class ClientDHPublic:
    """ClientKeyExchange with the client's ephemeral key modulo a prime (§7.4.7.2)."""

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CLIENT_KEY_EXCHANGE
    public: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.vector("dh_Yc", self.public, length_bytes=2, section="RFC 5246 §7.4.7.2")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(reader.vector("dh_Yc", length_bytes=2, minimum=1, section="RFC 5246 §7.4.7.2"))


@dataclass(frozen=True, slots=True)
class NewSessionTicket:
    """NewSessionTicket (RFC 5077 §3.3): with this ticket, the client may resume the session.

    lifetime_hint: for how many seconds it should keep it; 0 says nothing about that.
    ticket: what only the server can read; empty if it gives none in spite of its promise.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.NEW_SESSION_TICKET
    lifetime_hint: int
    ticket: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.uint32("ticket_lifetime_hint", self.lifetime_hint, section="RFC 5077 §3.3")
        writer.vector("ticket", self.ticket, length_bytes=2, section="RFC 5077 §3.3")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        lifetime_hint = reader.uint32("ticket_lifetime_hint", section="RFC 5077 §3.3")
        return cls(lifetime_hint, reader.vector("ticket", length_bytes=2, section="RFC 5077 §3.3"))


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished (§7.4.9): the sender has seen the same handshake, and knows the master secret.

    verify_data: PRF(master_secret, finished_label, Hash(handshake_messages)), 12 bytes.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.FINISHED
    verify_data: bytes

    def write(self, writer: Writer) -> None:
        """Write the body."""
        writer.opaque("verify_data", self.verify_data, section="RFC 5246 §7.4.9")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the body."""
        return cls(reader.opaque("verify_data", VERIFY_DATA_LENGTH, section="RFC 5246 §7.4.9"))


CHANGE_CIPHER_SPEC_NAMES = {1: "change_cipher_spec"}


@dataclass(frozen=True, slots=True)
class ChangeCipherSpec:
    """ChangeCipherSpec (§7.1): what the sender sends next is protected by the new keys. No handshake message.

    type: 1, the only value there is.
    """

    type: int = 1

    def write(self, writer: Writer) -> None:
        """Write the message."""
        writer.uint8("type", self.type, section="RFC 5246 §7.1", names=CHANGE_CIPHER_SPEC_NAMES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the message."""
        return cls(reader.uint8("type", section="RFC 5246 §7.1", names=CHANGE_CIPHER_SPEC_NAMES))
