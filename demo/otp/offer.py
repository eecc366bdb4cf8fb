"""What a client offers, out of its ClientHello: for a server whose owner wants to choose."""

from __future__ import annotations

from collections.abc import Sequence

from demo.otp.combinations import Combination, scheme_names
from handshake.messages.extensions import SignatureAlgorithms, find
from handshake.messages.handshake import HandshakeMessage, read_message
from handshake.messages.hello import ClientHello
from handshake.messages.reassembly import Reassembly
from handshake.registries.signature_schemes import scheme_by_name
from handshake.suites.table import suite_by_name
from record.alerts import unexpected_message
from record.codes import ContentType
from record.layer import RecordLayer


def first_message(data: bytes) -> HandshakeMessage | None:
    """Return the first handshake message in these records, or None if it is not whole yet.

    Raises `RemoteProtocolError` if the data does not hold records, or if they carry something else.
    """
    layer, messages = RecordLayer(), Reassembly()
    layer.receive_data(data)
    while record := layer.next_record():
        if record.content_type is not ContentType.HANDSHAKE:
            raise unexpected_message("the client did not begin with a handshake")
        messages.add(record.content)
        if (message := messages.take()) is not None:
            return read_message(message)
    return None


def offered_of(hello: ClientHello, candidates: Sequence[Combination]) -> list[Combination]:
    """Return those of the candidates that the client offers, in the order of the candidates.

    To offer one is to offer its suite, and signatures with its hash.
    """
    algorithms = find(hello.extensions, SignatureAlgorithms)
    schemes = algorithms.schemes if algorithms is not None else ()
    return [
        each
        for each in candidates
        if suite_by_name(each.suite).code in hello.cipher_suites
        and any(scheme_by_name(name).code in schemes for name in scheme_names([each])[:2])
    ]
