"""The ClientHello in the form of SSL 2.0, in which clients greeted that spoke SSL 2.0 as well as later versions.

Standard     RFC 5246 appendix E.2 (V2ClientHello).
Left out     SSL 2.0 itself, whose cipher specs are passed over. Writing this form, which RFC 6176 forbids.

It does not come in a record of TLS, and has no extensions. What follows it does come in records of TLS.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from handshake.messages.hello import ClientHello
from handshake.registries.cipher_suites import SUITE_NAMES, suite_section
from handshake.registries.codes import COMPRESSION_NULL, HANDSHAKE_TYPE_NAMES, HandshakeType
from record.alerts import decode_error, illegal_parameter, unexpected_message
from record.codes import TLS_1_2, VERSION_NAMES
from record.presentation import Reader

SECTION = "RFC 5246 appendix E.2"
TWO_BYTE_HEADER = 0x80  # the highest bit of the first byte, which no content type of TLS has
SHORTEST_CHALLENGE, RANDOM_LENGTH = 16, 32
CIPHER_SPEC_LENGTH = 3


@dataclass(frozen=True, slots=True)
class SSL2ClientHello:
    """ClientHello in the form of SSL 2.0.

    version: the highest version the client speaks. cipher_specs: three bytes each, those of TLS with a zero in front.
    session_id: that of a session of SSL 2.0. challenge: what is the random of TLS.
    """

    handshake_type: ClassVar[HandshakeType] = HandshakeType.CLIENT_HELLO
    version: int
    cipher_specs: tuple[bytes, ...]
    session_id: bytes
    challenge: bytes = field(repr=False)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the message, without the two bytes before it that tell its length.

        Raises `RemoteProtocolError`: unexpected_message if it is another message, decode_error for wrong lengths.
        """
        if reader.uint8("msg_type", section=SECTION, names=HANDSHAKE_TYPE_NAMES) != HandshakeType.CLIENT_HELLO:
            raise unexpected_message("a message in the form of SSL 2.0 is not a ClientHello")
        version = reader.uint16("version", section=SECTION, names=VERSION_NAMES)
        specs_length = reader.uint16("cipher_spec_length", section=SECTION)
        session_id_length = reader.uint16("session_id_length", section=SECTION)
        challenge_length = reader.uint16("challenge_length", section=SECTION)
        if specs_length == 0 or specs_length % CIPHER_SPEC_LENGTH:
            raise decode_error(f"the cipher specs have {specs_length} bytes, expected a multiple of 3, above 0")
        specs = []
        for _ in range(specs_length // CIPHER_SPEC_LENGTH):
            with reader.struct("cipher_spec", section=SECTION) as spec:
                first = spec.opaque("first_byte", 1, section=SECTION)
                specs.append(
                    first + spec.uint16("cipher_suite", section=suite_section, names=SUITE_NAMES).to_bytes(2, "big")
                )
        session_id = reader.opaque("session_id", session_id_length, section=SECTION)
        challenge = reader.opaque("challenge", challenge_length, section=SECTION)
        reader.finish()
        return cls(version, tuple(specs), session_id, challenge)

    def in_tls(self) -> ClientHello:
        """Return the ClientHello of TLS that says the same.

        Raises `RemoteProtocolError` (illegal_parameter) if the client speaks TLS 1.2 and names a session, which
        only the form of TLS can do, or if the challenge is too long or too short for a random.
        """
        if self.version >= TLS_1_2 and self.session_id:
            raise illegal_parameter("a ClientHello in the form of SSL 2.0 names a session")
        if not SHORTEST_CHALLENGE <= len(self.challenge) <= RANDOM_LENGTH:
            raise illegal_parameter(
                f"the challenge has {len(self.challenge)} bytes, expected 32, accepted are 16 to 32"
            )
        return ClientHello(
            client_version=self.version,
            random=self.challenge.rjust(RANDOM_LENGTH, b"\0"),
            session_id=b"",
            cipher_suites=tuple(int.from_bytes(spec[1:], "big") for spec in self.cipher_specs if spec[0] == 0),
            compression_methods=(COMPRESSION_NULL,),
            extensions=None,
        )


class SSL2Opening:
    """The first bytes that a client sends, until it is clear whether they are in the form of SSL 2.0.

    >>> opening = SSL2Opening()
    >>> opening.add(bytes.fromhex("160301"))
    >>> opening.is_tls, opening.take()
    (True, None)
    """

    def __init__(self) -> None:
        self._received = bytearray()

    @property
    def received(self) -> bytes:
        """All bytes that were added."""
        return bytes(self._received)

    @property
    def is_tls(self) -> bool:
        """Whether a record of TLS begins here. False, too, if nothing is known yet."""
        return bool(self._received) and not self._received[0] & TWO_BYTE_HEADER

    def add(self, data: bytes | bytearray | memoryview) -> None:
        """Add what was received."""
        self._received += data

    def take(self) -> tuple[bytes, bytes] | None:
        """Return the message and what came behind it, once the message is here as a whole.

        Raises `RemoteProtocolError` (unexpected_message) as soon as it is another message than a ClientHello.
        """
        if self.is_tls or len(self._received) < 3:
            return None
        if self._received[2] != HandshakeType.CLIENT_HELLO:
            raise unexpected_message("a message in the form of SSL 2.0 is not a ClientHello")
        end = 2 + int.from_bytes(self._received[:2], "big") % 2**15
        if len(self._received) < end:
            return None
        return bytes(self._received[2:end]), bytes(self._received[end:])
