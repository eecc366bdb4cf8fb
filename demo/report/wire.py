"""One connection as the tap saw it, opened with the keys that its parties have revealed: every record, explained.

The records are read with the record layer and the message readers that the parties use themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from demo.facts.messages import Rows, message_facts, message_title
from demo.failure import PartyError
from demo.report.contents import application_parts
from demo.report.openings import Keys, open_secrets
from demo.wire.flows import Capture, Flow
from explain.layout import Layout
from explain.showing.byte_view import Part, View, cut, explained, moved
from handshake.messages.extensions import EncryptThenMAC, ExtendedMasterSecret, find
from handshake.messages.handshake import MESSAGES, Forms, HandshakeMessage, forms, message_layout, read_message
from handshake.messages.hello import ClientHello, ServerHello
from handshake.messages.keys import ChangeCipherSpec
from handshake.messages.meanings import MEANINGS as HANDSHAKE_MEANINGS
from handshake.messages.reassembly import Reassembly
from handshake.registries.codes import Role
from handshake.suites.table import SUITES, CipherSuite
from handshake.tls12.key_schedule import MasterSecret
from pki.inspect.nested_der import with_nested_der
from record.alerts import AlertDescription, alert_layout
from record.codes import ContentType
from record.layer import Record, RecordLayer
from record.meanings import MEANINGS as RECORD_MEANINGS
from record.presentation import Reader
from record.protection import Protection

ROLES = {Flow.TO_TARGET: Role.CLIENT, Flow.TO_CALLER: Role.SERVER}


@dataclass
class Passage:
    """One record, as the page shows it.

    flow: which way it went. record: as the record layer read it. sealed: whether it was encrypted.
    name: what it carries, such as `ClientHello`. facts: rows of what that says.
    message: the handshake message that it carries, with its bytes.
    view: its bytes.
    """

    flow: Flow
    record: Record
    sealed: bool
    name: str = ""
    facts: Rows = field(default_factory=list)
    message: HandshakeMessage | None = None
    message_data: bytes = b""
    view: View = field(default_factory=lambda: View("", "", b"", []))

    def content_parts(self) -> list[Part]:
        """Return the parts that the content consists of, before or after decryption."""
        for view in self.view.walk():
            for top in view.parts:
                for part in top.walk():
                    if part.label == "content":
                        return part.parts
        return []


@dataclass
class Conversation:
    """One connection over TLS.

    passages: its records, in the order in which they went over the wire.
    suite, client_random, server_random, encrypt_then_mac, extended_master_secret: what the hellos settled.
    """

    passages: list[Passage] = field(default_factory=list)
    suite: CipherSuite | None = None
    client_random: bytes = b""
    server_random: bytes = b""
    encrypt_then_mac: bool = False
    extended_master_secret: bool = False

    def messages(self, upto: str) -> list[bytes]:
        """Return the bytes of all handshake messages before the first of this name."""
        found = []
        for passage in self.passages:
            if passage.name == upto:
                break
            if passage.message_data:
                found.append(passage.message_data)
        return found

    def named(self, name: str, flow: Flow | None = None) -> Passage | None:
        """Return the first record of this name, of that flow if one is given."""
        for passage in self.passages:
            if passage.name == name and flow in (None, passage.flow):
                return passage
        return None


class ConnectionReader:
    """Reads one connection.

    key_logs: the lines that give the master secrets away, by client random.
    keys: what opens ciphertexts and signatures inside of messages.
    """

    def __init__(self, key_logs: Mapping[bytes, str], keys: Keys) -> None:
        self._key_logs, self._keys = key_logs, keys
        self._layers = {flow: RecordLayer() for flow in Flow}
        self._messages = {flow: Reassembly() for flow in Flow}
        self._streams: dict[tuple[Flow, ContentType], bytes] = {}
        self._parts: dict[tuple[Flow, ContentType], list[Part]] = {}
        self._forms: Forms = MESSAGES
        self._protections: dict[Role, Protection] = {}
        self._conversation = Conversation()

    def read(self, capture: Capture) -> Conversation:
        """Return the connection; raise `PartyError` if it cannot be read."""
        places: list[tuple[Passage, int]] = []  # each with where its content begins in its stream
        for flow, piece in capture.passages:
            self._layers[flow].receive_data(piece)
            while record := self._layers[flow].next_record():
                sealed = record.protected_by != "none"
                passage = Passage(flow, record, sealed)
                stream = (flow, record.content_type)
                places.append((passage, len(self._streams.get(stream, b""))))
                self._streams[stream] = self._streams.get(stream, b"") + record.content
                self._take(passage)
                self._conversation.passages.append(passage)
        for flow in Flow:
            key = (flow, ContentType.APPLICATION_DATA)
            if key in self._streams:
                self._parts[key] = application_parts(self._streams[key])
        for passage, start in places:
            self._explain(passage, start)
        return self._conversation

    def _take(self, passage: Passage) -> None:
        """Learn from a record what is needed to read those after it, and how it is called."""
        record, flow = passage.record, passage.flow
        match record.content_type:
            case ContentType.HANDSHAKE:
                self._messages[flow].add(record.content)
                passage.name = "part of a handshake message"
                while (data := self._messages[flow].take()) is not None:
                    self._take_message(passage, data)
            case ContentType.CHANGE_CIPHER_SPEC:
                passage.name = "ChangeCipherSpec"
                layout = Layout()
                ChangeCipherSpec.read(Reader(record.content, layout=layout))
                self._parts[flow, record.content_type] = explained(layout.fields, HANDSHAKE_MEANINGS)
                self._layers[flow].change_read_protection(self._protections[ROLES[flow]])
            case ContentType.ALERT:
                parts = explained(alert_layout(record.content), RECORD_MEANINGS)
                self._parts.setdefault((flow, record.content_type), []).extend(parts)
                passage.name = " and ".join(
                    f"alert {AlertDescription(code).name.lower()}" for code in record.content[1::2]
                )
            case ContentType.APPLICATION_DATA:
                passage.name = "application data"

    def _take_message(self, passage: Passage, data: bytes) -> None:
        conversation = self._conversation
        message = read_message(data, forms=self._forms)
        title = message_title(message)
        passage.name = f"{passage.name}, {title}" if passage.message else title
        passage.message, passage.message_data = message, passage.message_data + data
        passage.facts += message_facts(message)
        match message:
            case ClientHello():
                conversation.client_random = message.random
            case ServerHello():
                conversation.server_random = message.random
                conversation.suite = SUITES[message.cipher_suite]
                conversation.encrypt_then_mac = find(message.extensions, EncryptThenMAC) is not None
                conversation.extended_master_secret = find(message.extensions, ExtendedMasterSecret) is not None
                self._forms = forms(conversation.suite.key_exchange)
                self._protections = self._derive(conversation.suite)
        key = (passage.flow, ContentType.HANDSHAKE)
        known = self._parts.setdefault(key, [])
        parts = with_nested_der(explained(message_layout(data, forms=self._forms), HANDSHAKE_MEANINGS), data)
        open_secrets(parts, message, data, self._keys, conversation.client_random)
        known += moved(parts, known[-1].end if known else 0)

    def _derive(self, suite: CipherSuite) -> dict[Role, Protection]:
        """Return what the records of each side are protected with."""
        conversation = self._conversation
        line = self._key_logs.get(conversation.client_random)
        if line is None:
            raise PartyError("no party has revealed the secrets of a connection")
        secret = MasterSecret(bytes.fromhex(line.split()[2]), hash=suite.prf_hash)
        cipher = suite.cipher
        key_block = secret.key_block(
            client_random=conversation.client_random,
            server_random=conversation.server_random,
            mac_key_length=cipher.mac_key_length,
            enc_key_length=cipher.enc_key_length,
            fixed_iv_length=cipher.fixed_iv_length,
        )
        return {
            role: cipher.protection(keys, encrypt_then_mac=conversation.encrypt_then_mac, random_bytes=bytes)
            for role, keys in key_block.writes.items()
        }

    def _explain(self, passage: Passage, start: int) -> None:
        """Give the record its view: the record's own fields, and in place of its content what that consists of."""
        record = passage.record
        key = (passage.flow, record.content_type)
        inside = cut(self._parts.get(key, []), start, start + len(record.content))
        if record.content_type is ContentType.CHANGE_CIPHER_SPEC:
            inside = list(self._parts[key])
        parts = explained(record.layout(), RECORD_MEANINGS)
        for top in parts:
            for part in top.walk():
                for holder in (part, part.opened):
                    if holder is not None:
                        holder.parts = _filled(holder.parts, inside)
        passage.view = View("", "as it went over the wire", record.wire, parts)


def _filled(parts: list[Part], inside: list[Part]) -> list[Part]:
    """Return the parts with what the content consists of, where it stands among them."""
    for part in parts:
        if part.label == "content" and inside:
            part.parts = moved(inside, part.start)
    return parts
