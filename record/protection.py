"""Record protection: what is done to a record's fragment before it is sent, and undone when it is received.

Standard     RFC 5246 §6.2.3.1 (the null cipher, and the MAC that others share); RFC 7366 §3.
Left out     Compression (RFC 5246 §6.2.2), which leaks what it compresses. AES-CBC is in `cbc`, authenticated ciphers
             in `aead`, AES-CFB in `cfb`.

>>> NullProtection().seal(b"hello", sequence_number=0, content_type=ContentType.HANDSHAKE, version=0x0303)
b'hello'
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from explain.trace import steps
from primitives.hmac import HMAC
from primitives.octets import BytesLike
from record.alerts import RemoteProtocolError, bad_record_mac
from record.codes import MAXIMUM_CIPHERTEXT, MAXIMUM_PLAINTEXT, ContentType
from record.presentation import Reader


class Content(NamedTuple):
    """What was inside a record: what it is, and the bytes. TLS 1.2 tells the type outside, too."""

    content_type: ContentType
    data: bytes


def of_type(content_type: ContentType, contents: Sequence[bytes | None]) -> list[Content | RemoteProtocolError]:
    """Return contents, all of the type that their records tell outside; an error for None, which did not open."""
    return [bad_record_mac() if data is None else Content(content_type, data) for data in contents]


class Protection(Protocol):
    """One direction's protection, with its keys. It keeps no count: the record layer numbers the records."""

    @property
    def name(self) -> str:
        """What it is, for a person."""

    @property
    def outer_type(self) -> ContentType | None:
        """The type in the header of every record, where the true one is inside; None where the header tells it."""

    @property
    def maximum_expansion(self) -> int:
        """How many bytes a fragment may be longer than 2^14."""

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return the protected fragment of a record that carries `plaintext`, at most 2^14 bytes."""

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return the plaintext of a protected fragment, with its type, reading the reader to its end.

        content_type: the one outside. Raises `RemoteProtocolError` with bad_record_mac, whatever was wrong.
        """

    def seal_many(
        self, plaintexts: Sequence[bytes], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[bytes]:
        """Return the protected fragments of records that follow each other, as `seal` would one by one.

        sequence_number: that of the first.
        """

    def open_many(
        self, fragments: Sequence[BytesLike], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[Content | RemoteProtocolError]:
        """Return the contents of records that follow each other, and the error of the first that does not open.

        What comes after that one is left out: it was not received.
        """


class OneByOne(ABC):
    """A protection that takes many records one after the other: a single one fills its lanes."""

    outer_type: ContentType | None = None
    maximum_expansion = MAXIMUM_CIPHERTEXT - MAXIMUM_PLAINTEXT

    @abstractmethod
    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """See `Protection`."""

    @abstractmethod
    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """See `Protection`."""

    def seal_many(
        self, plaintexts: Sequence[bytes], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[bytes]:
        """See `Protection`."""
        return [
            self.seal(plaintext, sequence_number=number, content_type=content_type, version=version)
            for number, plaintext in enumerate(plaintexts, sequence_number)
        ]

    def open_many(
        self, fragments: Sequence[BytesLike], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[Content | RemoteProtocolError]:
        """See `Protection`."""
        contents: list[Content | RemoteProtocolError] = []
        for number, fragment in enumerate(fragments, sequence_number):
            reader = Reader(bytes(fragment))
            try:
                contents.append(self.open(reader, sequence_number=number, content_type=content_type, version=version))
            except RemoteProtocolError as error:
                return [*contents, error]
        return contents


class NullProtection(OneByOne):
    """TLS_NULL_WITH_NULL_NULL, as every connection begins (RFC 5246 §6.1, §6.2.3.1)."""

    name = "none"

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return `plaintext` itself."""
        return plaintext

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return the fragment itself."""
        return Content(content_type, fragment.opaque("content", fragment.remaining, section="RFC 5246 §6.2.1"))


MAC_HEADER = 13  # bytes


def mac_header(sequence_number: int, content_type: int, version: int, length: int) -> bytes:
    """Return seq_num ‖ type ‖ version ‖ length, which a record's MAC is computed over first (RFC 5246 §6.2.3.1)."""
    return (
        sequence_number.to_bytes(8, "big")
        + bytes([content_type])
        + version.to_bytes(2, "big")
        + length.to_bytes(2, "big")
    )


def record_mac(
    keyed: HMAC, sequence_number: int, content_type: int, version: int, data: bytes, *, section: str
) -> bytes:
    """Return the MAC of a record's data and header, under the key that `keyed` has absorbed."""
    header = mac_header(sequence_number, content_type, version, len(data))
    with steps(section, "MAC", "it covers the record's number, too: none can be dropped or moved") as whole:
        mac = keyed.copy()
        mac.update(header + data)
        return whole.gives(mac.digest())
