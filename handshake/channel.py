"""The channel: what one party sends, written into records, noted in the transcript, and stepped through the table.

Standard     RFC 5246 §6.2.1, §7.1, §7.2, §7.4; RFC 9846 §5.1, appendix E.4.
Left out     Several messages in one record: each begins a record of its own, which is easier to follow.
"""

from __future__ import annotations

from collections import deque

from handshake.configuration import Configuration
from handshake.events import AlertSent, Event, MessageSent
from handshake.machine import OPEN, Machine, Message
from handshake.messages.handshake import HandshakeMessage, write_message
from handshake.messages.hello import ServerHello
from handshake.messages.keys import ChangeCipherSpec
from handshake.messages.transcript import Transcript
from handshake.proofs import Established
from handshake.registries.codes import RECEIVED, SENT, Direction, HandshakeType
from record.alerts import AlertDescription, AlertLevel
from record.codes import ContentType
from record.layer import Record, RecordLayer
from record.presentation import Writer
from record.protection import Protection


def step_of(message: HandshakeMessage) -> Message:
    """Return the step of the table that a message is: a HelloRetryRequest has the type of a ServerHello."""
    if isinstance(message, ServerHello) and message.is_retry:
        return Message.HELLO_RETRY_REQUEST
    return step_of_type(message.handshake_type)


def step_of_type(kind: HandshakeType) -> Message:
    """Return the step that a type of message is: of a ServerHello, the usual one. Compressed or not, it is the same."""
    return Message.CERTIFICATE if kind is HandshakeType.COMPRESSED_CERTIFICATE else Message[kind.name]


class Channel:
    """A party's end of the connection. Its state is here; what it does in which state, the party knows.

    machine: where the party is in the protocol; once the version is known, by the table of that. records: the record
        layer.
    transcript: the handshake messages so far. events: what happened and was not told yet.
    """

    def __init__(self, machine: Machine, configuration: Configuration) -> None:
        self.machine = machine
        self.records = RecordLayer()
        self.transcript = Transcript()
        self.events: deque[Event] = deque()
        self._record_log = configuration.record_log
        self._outgoing = bytearray()

    def data_to_send(self) -> bytes:
        """Return the bytes that are to be sent to the peer, and forget them."""
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    def emit(self, event: Event) -> None:
        """Tell of something that happened."""
        self.events.append(event)

    def next_record(self) -> Record | None:
        """Return the next record of the peer, if it is here."""
        record = self.records.next_record()
        if record is not None:
            self._log(RECEIVED, record)
        return record

    def send_message(self, message: HandshakeMessage, *, established: Established | None = None) -> None:
        """Send a handshake message. established: what the step to CONNECTED needs."""
        kind = step_of(message)
        self.machine.check(SENT, kind)
        data = write_message(message)
        self._write(ContentType.HANDSHAKE, data)
        if self.machine.state not in OPEN:  # what comes later is in no transcript (RFC 9846 §4.1)
            self.transcript.add(data)
        self.emit(MessageSent(message, data))
        self.machine.advance(SENT, kind, established=established)

    def send_change_cipher_spec(self, protection: Protection) -> None:
        """Send ChangeCipherSpec; what follows goes out under `protection` (RFC 5246 §7.1)."""
        self.machine.check(SENT, Message.CHANGE_CIPHER_SPEC)
        writer = Writer()
        message = ChangeCipherSpec()
        message.write(writer)
        self._write(ContentType.CHANGE_CIPHER_SPEC, writer.data)
        self.records.change_write_protection(protection)
        self.emit(MessageSent(message, writer.data))
        self.machine.advance(SENT, Message.CHANGE_CIPHER_SPEC)

    def send_idle_change_cipher_spec(self) -> None:
        """Send the ChangeCipherSpec of TLS 1.3, which changes nothing: middleboxes miss it (RFC 9846 appendix E.4)."""
        writer = Writer()
        message = ChangeCipherSpec()
        message.write(writer)
        for record in self.records.send_unprotected(ContentType.CHANGE_CIPHER_SPEC, writer.data):
            self._outgoing += record.wire
            self._log(SENT, record)
        self.emit(MessageSent(message, writer.data))

    def send_early_data(self, data: bytes) -> None:
        """Send early data, for which no state of the table waits (RFC 9846 §4.3.10)."""
        self._write(ContentType.APPLICATION_DATA, data)

    def send_application_data(self, data: bytes | memoryview) -> None:
        """Send application data."""
        self.machine.check(SENT, Message.APPLICATION_DATA)
        self._write(ContentType.APPLICATION_DATA, data)

    def send_close_notify(self) -> None:
        """Say that nothing more will be sent (RFC 5246 §7.2.1)."""
        self.machine.check(SENT, Message.CLOSE_NOTIFY)
        self.send_alert(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY)
        self.machine.advance(SENT, Message.CLOSE_NOTIFY)

    def send_alert(self, level: AlertLevel, description: AlertDescription) -> None:
        """Send an alert (RFC 5246 §7.2)."""
        self._write(ContentType.ALERT, bytes([level, description]))
        self.emit(AlertSent(level, description))

    def _write(self, content_type: ContentType, data: bytes | memoryview) -> None:
        for record in self.records.send(content_type, data):
            self._outgoing += record.wire
            self._log(SENT, record)

    def _log(self, direction: Direction, record: Record) -> None:
        if self._record_log is not None:
            self._record_log(direction, record)
