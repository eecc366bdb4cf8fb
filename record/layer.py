"""The record layer: fragments what is sent into records, protects and numbers them, and back again.

Standard     RFC 5246 §6.2.1, §6.2.3, appendix E.1; RFC 6066 §4 and RFC 8449 §4 (shorter records); RFC 9846 §5,
             §5.1, §4.3.10 (what goes by unprotected in TLS 1.3, and what is skipped).
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

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from explain.layout import Field, Layout
from explain.trace import steps, tracing
from primitives.octets import BytesLike
from record.alerts import (
    AlertDescription,
    LocalProtocolError,
    RemoteProtocolError,
    internal_error,
    protocol_version,
    record_overflow,
    unexpected_message,
)
from record.codes import (
    CONTENT_TYPE_NAMES,
    HEADER_LENGTH,
    MAXIMUM_PLAINTEXT,
    TLS_1_2,
    VERSION_NAMES,
    ContentType,
)
from record.presentation import Reader, Writer
from record.protection import NullProtection, Protection

MAXIMUM_SEQUENCE_NUMBER = 2**64 - 1  # RFC 5246 §6.1: sequence numbers may not wrap
OPENING = "record opened"  # the name of the step in a trace; it is empty while there is no protection
# Records, at most, that are protected or opened in one call. To seal and open one of so many by AES-128-CBC and
# HMAC-SHA256, which gain the most, took with CPython 3.11, in ms:
#   32: 3.40   40: 3.10   52: 2.85   64: 2.87   96: 2.69
# More of them are more memory: a transfer is to take at most 8 MiB besides its payload.
TOGETHER = 52
MAXIMUM_EMPTY_RECORDS = 32  # in a row: each costs us a decryption and brings nothing

OPENINGS = {
    **dict.fromkeys((b"HTTP/", b"GET ", b"HEAD ", b"POST ", b"PUT ", b"OPTIO", b"CONNE", b"<html", b"<!DOC"), "HTTP"),
    **dict.fromkeys((b"220 ", b"220-", b"EHLO ", b"HELO "), "SMTP or FTP"),
    b"SSH-": "SSH",
    b"* OK": "IMAP",
    b"+OK": "POP3",
}
"""How other protocols begin: people point TLS at their ports, and them at TLS."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it went over the wire, with what it carries.

    content_type: what the content is; it need not be what the header says.
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
    idle_change_cipher_spec: whether ChangeCipherSpec comes unprotected and changes nothing, as in TLS 1.3; and with it
        alerts, until the first protected record: a peer that could not derive the keys has no others.
    early_data_to_skip: how many bytes of records are dropped that do not open, before the first one that does.
    """

    def __init__(self) -> None:
        self.version = TLS_1_2
        self.version_agreed = False
        self.read_limit = self.write_limit = MAXIMUM_PLAINTEXT
        self.idle_change_cipher_spec = False
        self.early_data_to_skip = 0
        self._received = bytearray()
        self._opened: deque[Record | RemoteProtocolError] = deque()  # and not asked for yet; the last may be an error
        self._ahead: deque[bytes] = deque()  # the wires of those records, and of what came behind an error
        self._read_protection: Protection = NullProtection()
        self._write_protection: Protection = NullProtection()
        self._read_sequence_number = self._write_sequence_number = 0
        self._empty_records = 0

    @property
    def sent_records(self) -> int:
        """How many records were sent under the keys of now."""
        return self._write_sequence_number

    @property
    def buffered(self) -> int:
        """The number of bytes that were received and do not make a whole record yet."""
        return len(self._received)

    def receive_data(self, data: BytesLike) -> None:
        """Take bytes from the peer, cut anywhere."""
        self._received += data

    def change_read_protection(self, protection: Protection) -> None:
        """Open what is received from now on with `protection`, counting from 0 (RFC 5246 §6.1).

        That holds for records, too, that were opened together with the last one, and are not asked for yet.
        """
        self._received[:0] = b"".join(self._ahead)
        self._opened.clear()
        self._ahead.clear()
        self._read_protection, self._read_sequence_number = protection, 0

    def change_write_protection(self, protection: Protection) -> None:
        """Seal what is sent from now on with `protection`, counting from 0 (RFC 5246 §6.1)."""
        self._write_protection, self._write_sequence_number = protection, 0

    def send(self, content_type: ContentType, data: bytes | memoryview) -> list[Record]:
        """Return the records that carry `data`, each at most `write_limit` bytes of it (RFC 5246 §6.2.1).

        data: bytes, or a view of single bytes.
        Raises `LocalProtocolError` when the sequence numbers are used up, and `ValueError` for no data.
        """
        if not data:
            raise ValueError("there is nothing to send: a record must carry at least one byte")
        contents = [bytes(data[start : start + self.write_limit]) for start in range(0, len(data), self.write_limit)]
        records = []
        for start in range(0, len(contents), TOGETHER):
            records += self._seal(content_type, contents[start : start + TOGETHER])
        return records

    def send_unprotected(self, content_type: ContentType, data: bytes) -> list[Record]:
        """Return the record that carries `data` under no keys, whatever keys there are, and is not counted."""
        protection, number = self._write_protection, self._write_sequence_number
        self.change_write_protection(NullProtection())
        try:
            return self.send(content_type, data)
        finally:
            self._write_protection, self._write_sequence_number = protection, number

    def _seal(self, content_type: ContentType, contents: Sequence[bytes]) -> list[Record]:
        first = self._write_sequence_number
        if first + len(contents) - 1 > MAXIMUM_SEQUENCE_NUMBER:
            raise LocalProtocolError("the sequence numbers are used up; the connection must be closed")
        self._write_sequence_number += len(contents)
        protection = self._write_protection
        fragments = protection.seal_many(
            contents, sequence_number=first, content_type=content_type, version=self.version
        )
        records = []
        for number, (content, fragment) in enumerate(zip(contents, fragments, strict=True), first):
            writer = Writer()
            writer.uint8("type", protection.outer_type or content_type)
            writer.uint16("version", self.version)
            writer.vector("fragment", fragment, length_bytes=2)
            records.append(Record(content_type, self.version, content, writer.data, number, protection))
        return records

    def next_record(self) -> Record | None:
        """Return the next record, or None if it has not arrived whole.

        Raises `RemoteProtocolError`: unexpected_message for an unknown type or an empty record where none may
        be, protocol_version, record_overflow, bad_record_mac.
        """
        if not self._opened:
            self._open()
        if not self._opened:
            return None
        record = self._opened.popleft()
        if isinstance(record, RemoteProtocolError):
            self._opened.append(record)  # nothing that came after it is ever received
            raise record
        self._ahead.popleft()
        if len(record.content) > self.read_limit:  # RFC 5246 §6.2.1, §7.2.2; RFC 6066 §4, RFC 8449 §4
            raise record_overflow(f"a record carries {len(record.content)} bytes, expected at most {self.read_limit}")
        self._check_empty(record)
        return record

    def _open(self) -> None:
        """Open the next record, if it is here; and if it is application data, more of that which is here behind it.

        A record that is not acceptable, or does not open, counts only when it is its turn: until then, what was before
        it is received.
        """
        end = self._end_of_record(0)
        while end is not None and self._passes_by(end):
            end = None if self._opened else self._end_of_record(0)
        if end is None:
            return
        first = self._read_sequence_number
        if first > MAXIMUM_SEQUENCE_NUMBER:
            raise internal_error("the sequence numbers are used up")
        ends = [0, end]
        if self._received[0] == ContentType.APPLICATION_DATA and not tracing():
            at_most = min(TOGETHER, MAXIMUM_SEQUENCE_NUMBER - first + 1)
            while len(ends) <= at_most and self._received[end : end + 3] == self._received[:3]:  # type and version
                try:
                    following = self._end_of_record(end)
                except RemoteProtocolError:
                    break
                if following is None:
                    break
                ends.append(end := following)
        with memoryview(self._received) as received:
            wires = [bytes(received[start:stop]) for start, stop in pairwise(ends)]
        del self._received[:end]
        self._read_sequence_number += len(wires)
        self._ahead.extend(wires)
        self._opened += self._records(wires, first)

    def _passes_by(self, end: int) -> bool:
        """Take the record that ends there, if it is not under the keys of now: one to read as it is, or to skip."""
        content_type = self._received[0]
        if self.idle_change_cipher_spec and (
            content_type == ContentType.CHANGE_CIPHER_SPEC
            or (content_type == ContentType.ALERT and self._read_sequence_number == 0)
        ):
            wire = bytes(self._received[:end])
            del self._received[:end]
            self._ahead.append(wire)
            self._opened.append(_read(wire, NullProtection(), 0))
            return True
        if not self.early_data_to_skip:
            return False
        if content_type == ContentType.APPLICATION_DATA:
            try:
                record = _read(bytes(self._received[:end]), self._read_protection, self._read_sequence_number)
                skipped = record.content_type is ContentType.APPLICATION_DATA and not self._read_protection.outer_type
            except RemoteProtocolError as error:
                skipped = error.alert is AlertDescription.BAD_RECORD_MAC
            if skipped:
                self.early_data_to_skip -= min(end, self.early_data_to_skip)
                if not self.early_data_to_skip:
                    raise unexpected_message("the client sends more early data than it may")
                del self._received[:end]
                return True
            self.early_data_to_skip = 0
        return False

    def _records(self, wires: Sequence[bytes], first: int) -> list[Record | RemoteProtocolError]:
        """Return the records that came so, numbered from `first` on; the error of the first that does not open."""
        protection = self._read_protection
        if len(wires) == 1:
            try:
                return [_read(wires[0], protection, first)]
            except RemoteProtocolError as error:
                return [error]
        content_type, version = ContentType(wires[0][0]), int.from_bytes(wires[0][1:3], "big")  # which all share
        contents = protection.open_many(
            [memoryview(wire)[HEADER_LENGTH:] for wire in wires],
            sequence_number=first,
            content_type=content_type,
            version=version,
        )
        return [
            content
            if isinstance(content, RemoteProtocolError)
            else Record(content.content_type, version, content.data, wire, number, protection)
            for number, (content, wire) in enumerate(zip(contents, wires, strict=False), first)
        ]

    def _end_of_record(self, start: int) -> int | None:
        """Return where the record that starts there ends, if it is here as a whole and its header is acceptable."""
        header = self._received[start : start + HEADER_LENGTH]
        if len(header) < HEADER_LENGTH:
            return None
        end = start + HEADER_LENGTH + self._check_header(header)
        return None if len(self._received) < end else end

    def _check_header(self, header: bytearray) -> int:
        """Return the fragment's length, if the header of a record is acceptable."""
        content_type, version = header[0], int.from_bytes(header[1:3], "big")
        if content_type not in CONTENT_TYPE_NAMES:  # RFC 5246 §6: an unexpected record type
            raise unexpected_message(f"a record has the unknown type {content_type}{_other_protocol(bytes(header))}")
        if self.version_agreed:
            acceptable, expected = version == self.version, VERSION_NAMES[self.version]
        else:  # RFC 5246 appendix E.1: any {3, x} will do
            acceptable, expected = version >> 8 == 3, "a version of TLS"
        if not acceptable:
            raise protocol_version(f"a record has the version 0x{version:04x}, expected {expected}")
        length = int.from_bytes(header[3:5], "big")
        most = MAXIMUM_PLAINTEXT + self._read_protection.maximum_expansion
        if length > most:  # RFC 5246 §6.2.3; RFC 9846 §5.2
            raise record_overflow(f"a record's fragment has {length} bytes, expected at most {most}")
        return length

    def _check_empty(self, record: Record) -> None:
        """RFC 5246 §6.2.1: only application data may come in empty records; and not in endless ones."""
        if record.content:
            self._empty_records = 0
            return
        self._empty_records += 1
        if record.content_type is not ContentType.APPLICATION_DATA or self._empty_records > MAXIMUM_EMPTY_RECORDS:
            raise unexpected_message(f"an empty record of type {record.content_type.name.lower()}")


def _other_protocol(beginning: bytes) -> str:
    """Return what the peer seems to speak, if five bytes tell that it is another protocol."""
    for opening, name in OPENINGS.items():
        if beginning.startswith(opening):
            return f": the peer speaks {name}, and not TLS"
    return ""


def _read(wire: bytes, protection: Protection, sequence_number: int, layout: Layout | None = None) -> Record:
    """Read a whole record: TLSCiphertext (RFC 5246 §6.2.3)."""
    reader = Reader(wire, layout=layout)
    content_type = ContentType(reader.uint8("type", section="RFC 5246 §6.2.1", names=CONTENT_TYPE_NAMES))
    version = reader.uint16("version", section="RFC 5246 §6.2.1", names=VERSION_NAMES)
    with (
        reader.block("fragment", length_bytes=2, section="RFC 5246 §6.2.3") as fragment,
        steps("RFC 5246 §6.2.3", OPENING, "what the sender did to the record is undone and checked"),
    ):
        content = protection.open(fragment, sequence_number=sequence_number, content_type=content_type, version=version)
    return Record(content.content_type, version, content.data, wire, sequence_number, protection)
