"""What somebody on the wire can do to the records of the exchange, without any key.

Each function returns a `Tamper` for a tap. Records are told apart by what stands in the clear: the type in the header
and, until the keys change, the type of the handshake message.
"""

from __future__ import annotations

from demo.wire.flows import CutOffError, Flow, Tamper
from handshake.registries.codes import HandshakeType
from record.codes import HEADER_LENGTH, ContentType

TO_SERVER, TO_CLIENT = Flow.TO_TARGET, Flow.TO_CALLER

CLIENT_RANDOM_END = HEADER_LENGTH + 4 + 2 + 32  # RFC 5246 §7.4.1.2: behind both headers, the version and the random


class _Watch:
    """Follows one flow, and tells what each record is."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._sealed = False  # since ChangeCipherSpec

    def sees(self, flow: Flow, record: bytes) -> ContentType | HandshakeType | None:
        """Return what a record of this flow is, as far as it shows; None for the other flow."""
        if flow is not self._flow:
            return None
        kind = ContentType(record[0])
        if kind is ContentType.CHANGE_CIPHER_SPEC:
            self._sealed = True
        if kind is ContentType.HANDSHAKE and not self._sealed:
            return HandshakeType(record[HEADER_LENGTH])
        return kind


def change_last_byte(flow: Flow, kind: ContentType) -> Tamper:
    """Change one bit in the last byte of the sealed records of a type."""
    watch = _Watch(flow)

    def tamper(way: Flow, number: int, record: bytes) -> list[bytes]:
        if watch.sees(way, record) is kind:
            return [record[:-1] + bytes([record[-1] ^ 1])]
        return [record]

    return tamper


def repeat(flow: Flow, kind: ContentType) -> Tamper:
    """Send the records of a type twice."""
    watch = _Watch(flow)

    def tamper(way: Flow, number: int, record: bytes) -> list[bytes]:
        return [record, record] if watch.sees(way, record) is kind else [record]

    return tamper


def swap_with_next(flow: Flow, kind: ContentType) -> Tamper:
    """Hold the first record of a type back, until the next one has gone before it."""
    watch = _Watch(flow)
    held: list[bytes] = []
    done = False

    def tamper(way: Flow, number: int, record: bytes) -> list[bytes]:
        nonlocal done
        seen = watch.sees(way, record)
        if held and seen is not None:
            return [record, held.pop()]
        if seen is kind and not done:
            done = True
            held.append(record)
            return []
        return [record]

    return tamper


def cut_before(flow: Flow, kind: ContentType) -> Tamper:
    """Cut the connection where a record of a type would come."""
    watch = _Watch(flow)

    def tamper(way: Flow, number: int, record: bytes) -> list[bytes]:
        if watch.sees(way, record) is kind:
            raise CutOffError
        return [record]

    return tamper


def strike_suites(kept: int) -> Tamper:
    """Strike all suites but one off the client's list: 0x0000, which means none, is put in their places.

    kept: the number of the suite that is left.
    """
    watch = _Watch(TO_SERVER)

    def tamper(way: Flow, number: int, record: bytes) -> list[bytes]:
        if watch.sees(way, record) is not HandshakeType.CLIENT_HELLO:
            return [record]
        start = CLIENT_RANDOM_END + 1 + record[CLIENT_RANDOM_END]  # behind the session ID
        end = start + 2 + int.from_bytes(record[start : start + 2], "big")
        suites = [record[i : i + 2] for i in range(start + 2, end, 2)]
        struck = b"".join(suite if suite == kept.to_bytes(2, "big") else bytes(2) for suite in suites)
        return [record[: start + 2] + struck + record[end:]]

    return tamper


def put_in_key(own: bytes) -> Tamper:
    """Put another RSA modulus in the place of the server's, in its certificate.

    own: the attacker's modulus, 256 bytes.
    """
    watch = _Watch(TO_CLIENT)

    def tamper(way: Flow, number: int, record: bytes) -> list[bytes]:
        if watch.sees(way, record) is not HandshakeType.CERTIFICATE:
            return [record]
        start = record.index(b"\x02\x82\x01\x01\x00") + 5  # an INTEGER of 257 octets, the first of which is its sign
        return [record[:start] + own + record[start + len(own) :]]

    return tamper
