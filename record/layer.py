"""The record layer: fragments what is sent into records, protects and numbers them, and back again.

Standard     RFC 5246 §6.2.1, §6.2.3, appendix E.1; RFC 6066 §4 and RFC 8449 §4 (shorter records).
Left out     Compression (§6.2.2). Records of SSL 2.0.

It knows bytes and content types; what a message is, the handshake knows.

>>> sender, receiver = RecordLayer(), RecordLayer()
>>> [record] = sender.send(ContentType.HANDSHAKE, b"hello")
>>> record.wire.hex()
'160303000568656c6c6f'
>>> receiver.receive_data(record.wire)
>>> receiver.next_record().content
b'hello'
"""

from __future__ import annotations

from dataclasses import dataclass, field

from primitives import trace
from primitives.layout import Field, Layout
from primitives.octets import BytesLike
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError
from record.codes import (
    CONTENT_TYPE_NAMES,
    HEADER_LENGTH,
    MAXIMUM_CIPHERTEXT,
    MAXIMUM_PLAINTEXT,
    TLS_1_2,
    VERSION_NAMES,
    ContentType,
)
from record.presentation import Reader, Writer
from record.protection import NullProtection, Protection

MAXIMUM_SEQUENCE_NUMBER = 2**64 - 1  # RFC 5246 §6.1: sequence numbers may not wrap
OPENING = "record opened"  # the name of the step in a trace; it is empty while there is no protection
MAXIMUM_EMPTY_RECORDS = 32  # in a row: each costs us a decryption and brings nothing


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it went over the wire, with what it carries.

    content_type: what the content is.
    version: the version in the record's header.
    content: the plaintext.
    wire: the whole record, as sent.
    sequence_number: its number in its direction, under its keys.
    """

    content_type: ContentType
    version: int
    content: bytes = field(repr=False)
    wire: bytes = field(repr=False)
    sequence_number: int
    _protection: Protection = field(repr=False, compare=False)

    @property
    def protected_by(self) -> str:
        """The name of the protection it was sent under."""
        return self._protection.name

    def layout(self) -> list[Field]:
        """Return what each byte of `wire` is."""
        layout = Layout()
        _read(self.wire, self._protection, self.sequence_number, layout)
        return layout.fields


class RecordLayer:
    """Both directions of a connection's records. Each begins without protection.

    version: what the records sent say, and once `version_agreed` is set, what the records received must say.
    read_limit, write_limit: how many bytes a record may carry: 2^14, unless the parties agree upon less.
    """

    def __init__(self) -> None:
        self.version = TLS_1_2
        self.version_agreed = False
        self.read_limit = self.write_limit = MAXIMUM_PLAINTEXT
        self._received = bytearray()
        self._read_protection: Protection = NullProtection()
        self._write_protection: Protection = NullProtection()
        self._read_sequence_number = self._write_sequence_number = 0
        self._empty_records = 0

    @property
    def buffered(self) -> int:
        """The number of bytes that were received and do not make a whole record yet."""
        return len(self._received)

    def receive_data(self, data: BytesLike) -> None:
        """Take bytes from the peer, cut anywhere."""
        self._received += data

    def change_read_protection(self, protection: Protection) -> None:
        """Open what is received from now on with `protection`, counting from 0 (RFC 5246 §6.1)."""
        self._read_protection, self._read_sequence_number = protection, 0

    def change_write_protection(self, protection: Protection) -> None:
        """Seal what is sent from now on with `protection`, counting from 0 (RFC 5246 §6.1)."""
        self._write_protection, self._write_sequence_number = protection, 0

    def send(self, content_type: ContentType, data: bytes) -> list[Record]:
        """Return the records that carry `data`, each at most `write_limit` bytes of it (RFC 5246 §6.2.1).

        Raises `LocalProtocolError` when the sequence numbers are used up, and `ValueError` for no data.
        """
        if not data:
            raise ValueError("there is nothing to send: a record must carry at least one byte")
        return [
            self._seal(content_type, data[start : start + self.write_limit])
            for start in range(0, len(data), self.write_limit)
        ]

    def _seal(self, content_type: ContentType, content: bytes) -> Record:
        sequence_number = self._write_sequence_number
        if sequence_number > MAXIMUM_SEQUENCE_NUMBER:
            raise LocalProtocolError("the sequence numbers are used up; the connection must be closed")
        self._write_sequence_number += 1
        fragment = self._write_protection.seal(
            content, sequence_number=sequence_number, content_type=content_type, version=self.version
        )
        writer = Writer()
        writer.uint8("type", content_type)
        writer.uint16("version", self.version)
        writer.vector("fragment", fragment, length_bytes=2)
        return Record(content_type, self.version, content, writer.data, sequence_number, self._write_protection)

    def next_record(self) -> Record | None:
        """Return the next record, or None if it has not arrived whole.

        Raises `RemoteProtocolError`: unexpected_message for an unknown type or an empty record where none may
        be, protocol_version, record_overflow, bad_record_mac.
        """
        if len(self._received) < HEADER_LENGTH:
            return None
        length = self._check_header(self._received[0], int.from_bytes(self._received[1:3], "big"))
        end = HEADER_LENGTH + length
        if len(self._received) < end:
            return None
        wire = bytes(self._received[:end])
        del self._received[:end]
        sequence_number = self._read_sequence_number
        if sequence_number > MAXIMUM_SEQUENCE_NUMBER:
            raise RemoteProtocolError(AlertDescription.INTERNAL_ERROR, "the sequence numbers are used up")
        self._read_sequence_number += 1
        record = _read(wire, self._read_protection, sequence_number)
        if len(record.content) > self.read_limit:  # RFC 5246 §6.2.1, §7.2.2; RFC 6066 §4, RFC 8449 §4
            raise RemoteProtocolError(
                AlertDescription.RECORD_OVERFLOW,
                f"a record carries {len(record.content)} bytes, expected at most {self.read_limit}",
            )
        self._check_empty(record)
        return record

    def _check_header(self, content_type: int, version: int) -> int:
        """Return the fragment's length, if the header of the next record is acceptable."""
        if content_type not in CONTENT_TYPE_NAMES:  # RFC 5246 §6: an unexpected record type
            raise RemoteProtocolError(
                AlertDescription.UNEXPECTED_MESSAGE, f"a record has the unknown type {content_type}"
            )
        if self.version_agreed:
            acceptable, expected = version == self.version, VERSION_NAMES[self.version]
        else:  # RFC 5246 appendix E.1: any {3, x} will do
            acceptable, expected = version >> 8 == 3, "a version of TLS"
        if not acceptable:
            raise RemoteProtocolError(
                AlertDescription.PROTOCOL_VERSION, f"a record has the version 0x{version:04x}, expected {expected}"
            )
        length = int.from_bytes(self._received[3:5], "big")
        if length > MAXIMUM_CIPHERTEXT:  # RFC 5246 §6.2.3
            raise RemoteProtocolError(
                AlertDescription.RECORD_OVERFLOW,
                f"a record's fragment has {length} bytes, expected at most {MAXIMUM_CIPHERTEXT}",
            )
        return length

    def _check_empty(self, record: Record) -> None:
        """RFC 5246 §6.2.1: only application data may come in empty records; and not in endless ones."""
        if record.content:
            self._empty_records = 0
            return
        self._empty_records += 1
        if record.content_type is not ContentType.APPLICATION_DATA or self._empty_records > MAXIMUM_EMPTY_RECORDS:
            raise RemoteProtocolError(
                AlertDescription.UNEXPECTED_MESSAGE, f"an empty record of type {record.content_type.name.lower()}"
            )


def _read(wire: bytes, protection: Protection, sequence_number: int, layout: Layout | None = None) -> Record:
    """Read a whole record: TLSCiphertext (RFC 5246 §6.2.3)."""
    reader = Reader(wire, layout=layout)
    content_type = ContentType(reader.uint8("type", section="RFC 5246 §6.2.1", names=CONTENT_TYPE_NAMES))
    version = reader.uint16("version", section="RFC 5246 §6.2.1", names=VERSION_NAMES)
    with (
        reader.block("fragment", length_bytes=2, section="RFC 5246 §6.2.3") as fragment,
        trace.group(OPENING, "RFC 5246 §6.2.3", why="what the sender did to the record, undone and checked"),
    ):
        content = protection.open(fragment, sequence_number=sequence_number, content_type=content_type, version=version)
    return Record(content_type, version, content, wire, sequence_number, protection)
