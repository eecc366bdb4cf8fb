"""Whole handshake messages out of the fragments that records carry, several in one or one in several.

Standard     RFC 5246 §6.2.1, §7.4.
Left out     Nothing.

>>> reassembly = Reassembly()
>>> reassembly.add(bytes.fromhex("0e0000"))
>>> reassembly.peek(), reassembly.take()
(<HandshakeType.SERVER_HELLO_DONE: 14>, None)
>>> reassembly.add(bytes.fromhex("00 00"))
>>> reassembly.take().hex(), reassembly.peek()
('0e000000', <HandshakeType.HELLO_REQUEST: 0>)
"""

from __future__ import annotations

from collections.abc import Mapping

from handshake.messages.handshake import ACCEPTED, HEADER_LENGTH, LONGEST, handshake_type
from handshake.registries.codes import HandshakeType
from record.alerts import decode_error, illegal_parameter


class Reassembly:
    """The handshake messages that were received and not handled yet.

    longest: the longest body that each type of message can have in the version that is spoken.
    """

    def __init__(self) -> None:
        self.longest: Mapping[HandshakeType, int] = LONGEST
        self._received = bytearray()

    @property
    def pending(self) -> bool:
        """Whether there is any byte of a message here."""
        return bool(self._received)

    def add(self, fragment: bytes) -> None:
        """Add what a record carried."""
        self._received += fragment

    def peek(self) -> HandshakeType | None:
        """Return the type of the next message, as soon as its first byte is here.

        So a message that may not come now is refused before it fills memory.
        """
        return handshake_type(self._received[0]) if self._received else None

    def take(self) -> bytes | None:
        """Return the next message with its header, once it is here as a whole.

        Raises `RemoteProtocolError`: decode_error if no such message can be so long (RFC 5246 §7.2.2: "the length of
        the message was incorrect"), illegal_parameter if it is longer than anybody has a need for.
        """
        if len(self._received) < HEADER_LENGTH:
            return None
        kind = handshake_type(self._received[0])
        length = int.from_bytes(self._received[1:HEADER_LENGTH], "big")
        longest = self.longest.get(kind, length)
        if length > longest:
            raise decode_error(f"a message of type {kind.name.lower()} has {length} bytes, expected at most {longest}")
        accepted = ACCEPTED.get(kind, longest)
        if length > accepted:
            raise illegal_parameter(
                f"a message of type {kind.name.lower()} has {length} bytes, accepted are at most {accepted}"
            )
        end = HEADER_LENGTH + length
        if len(self._received) < end:
            return None
        message = bytes(self._received[:end])
        del self._received[:end]
        return message
