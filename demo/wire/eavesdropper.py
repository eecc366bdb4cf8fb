"""The eavesdropper: what somebody can read who sees every byte on the wire and knows no key.

It reads with the same record layer and message parser as the parties do; only, it never gets a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from demo.facts.certificates import common_name
from demo.wire.flows import Capture, Flow
from handshake.messages.authentication import CertificateMessage
from handshake.messages.extensions import ServerName, find
from handshake.messages.handshake import HandshakeMessage, handshake_type, read_message
from handshake.messages.hello import ClientHello, ServerHello
from handshake.messages.reassembly import Reassembly
from handshake.registries.cipher_suites import SUITE_NAMES
from handshake.registries.codes import HandshakeType
from pki.x509 import Certificate
from record.codes import CONTENT_TYPE_NAMES, ContentType
from record.layer import RecordLayer

TELLING = (HandshakeType.CLIENT_HELLO, HandshakeType.SERVER_HELLO, HandshakeType.CERTIFICATE)
COLUMNS = 16  # bytes in a line of a dump


@dataclass
class Overheard:
    """What was overheard on one connection between client and server.

    readable: rows of what could be read, a name and a value.
    readable_bytes: how many bytes were in the clear.
    sealed: the records that could not be read, in order in each flow: the flow, what kind, the bytes.
    """

    readable: list[list[str]] = field(default_factory=list)
    readable_bytes: int = 0
    sealed: list[tuple[Flow, str, bytes]] = field(default_factory=list)


def overhear(capture: Capture) -> Overheard:
    """Return all that a TLS connection tells to anyone who listens."""
    overheard = Overheard()
    for flow in Flow:
        messages = Reassembly()
        layer = RecordLayer()
        layer.receive_data(capture.stream(flow))
        sealed = False
        while record := layer.next_record():
            if sealed:
                kind = CONTENT_TYPE_NAMES[record.content_type].replace("_", " ")
                overheard.sealed.append((flow, kind, record.wire))
                continue
            overheard.readable_bytes += len(record.wire)
            sealed = record.content_type is ContentType.CHANGE_CIPHER_SPEC
            if record.content_type is ContentType.HANDSHAKE:
                messages.add(record.content)
                while (data := messages.take()) is not None:
                    if handshake_type(data[0]) in TELLING:
                        overheard.readable += _read(read_message(data), flow)
    return overheard


def _read(message: HandshakeMessage, flow: Flow) -> Iterator[list[str]]:
    """Return what of a message is worth knowing to a listener."""
    match message:
        case ClientHello():
            name = find(message.extensions, ServerName)
            if name is not None and name.host_name:
                yield ["asked for", name.host_name]
        case ServerHello():
            yield ["suite", SUITE_NAMES[message.cipher_suite]]
        case CertificateMessage():
            for der in message.certificate_list[:1]:
                certificate = Certificate.from_der(der)
                whose = "the client" if flow is Flow.TO_TARGET else "the server"
                yield [whose, f"{common_name(certificate)}, certified by {certificate.issuer.common_name}"]


def dump(data: bytes, limit: int) -> list[str]:
    """Return the first `limit` bytes as lines of hexadecimal digits and, beside them, as text where they are text."""
    lines = []
    for start in range(0, min(limit, len(data)), COLUMNS):
        part = data[start : min(start + COLUMNS, limit)]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        lines.append(f"{part.hex(' '):<{3 * COLUMNS}} {text}")
    return lines
