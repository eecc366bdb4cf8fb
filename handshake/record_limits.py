"""How long the records of a connection may be, by agreement: less than 2^14 bytes, for devices with little memory.

Standard     RFC 8449 (record_size_limit); RFC 6066 §4 (max_fragment_length, which it replaces).
Left out     Nothing.

With record_size_limit, each side says what it can take, and that holds for protected records. With max_fragment_length,
the client asks for one length that holds for both, at once, and in all connections of the session.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handshake.messages.extensions import Extension, MaxFragmentLength, RecordSizeLimit, find
from handshake.messages.hello import ClientHello
from record.alerts import illegal_parameter
from record.codes import MAXIMUM_PLAINTEXT

FRAGMENT_LENGTHS = {1: 2**9, 2: 2**10, 3: 2**11, 4: 2**12}  # RFC 6066 §4


@dataclass(frozen=True, slots=True)
class RecordLimits:
    """What was agreed upon: how many bytes a record may carry.

    to_client, to_server: in each direction.
    max_fragment_length: the number in that extension if it was the one that was used, else 0.
    """

    to_client: int = MAXIMUM_PLAINTEXT
    to_server: int = MAXIMUM_PLAINTEXT
    max_fragment_length: int = 0


def limits_to_offer(limit: int) -> list[Extension]:
    """Return what a client sends that takes at most `limit` bytes in a record.

    RFC 8449 §4: "Clients SHOULD advertise the "record_size_limit" extension, even if they have no need to limit the
    size of records", for servers to apply a limit of theirs. §5: those that depend on it "MAY continue to advertise
    the "max_fragment_length" extension", for servers that know no other.
    """
    offered: list[Extension] = [RecordSizeLimit(limit)]
    codes = [code for code, length in FRAGMENT_LENGTHS.items() if length <= limit < MAXIMUM_PLAINTEXT]
    if codes:
        offered.append(MaxFragmentLength(codes[-1]))
    return offered


def limits_of_client(hello: ClientHello, limit: int) -> RecordLimits:
    """Return what a server that takes at most `limit` bytes agrees upon.

    Raises `RemoteProtocolError` with illegal_parameter for an undefined max_fragment_length (RFC 6066 §4).
    """
    size = find(hello.extensions, RecordSizeLimit)
    if size is not None:  # RFC 8449 §5: "MUST ignore a "max_fragment_length" [...] if both extensions appear"
        # §4: a client may name a limit that some later version allows.
        return RecordLimits(to_client=min(size.limit, MAXIMUM_PLAINTEXT), to_server=limit)
    fragment = find(hello.extensions, MaxFragmentLength)
    return _by_fragment_length(fragment.code) if fragment is not None else RecordLimits()


def limits_to_answer(hello: ClientHello, limits: RecordLimits) -> list[Extension]:
    """Return what the server answers with these limits."""
    if find(hello.extensions, RecordSizeLimit) is not None:
        return [RecordSizeLimit(limits.to_server)]
    return [MaxFragmentLength(limits.max_fragment_length)] if limits.max_fragment_length else []


def limits_of_server(extensions: Iterable[Extension] | None, limit: int, *, offered: list[Extension]) -> RecordLimits:
    """Return what a client that has offered this agrees upon.

    extensions: the server's answers.

    Raises `RemoteProtocolError` with illegal_parameter for both extensions at once (RFC 8449 §5), or for another length
    than was asked for (RFC 6066 §4).
    """
    size, fragment = find(extensions, RecordSizeLimit), find(extensions, MaxFragmentLength)
    if size is not None and fragment is not None:
        raise illegal_parameter("the server answers both max_fragment_length and record_size_limit")
    if size is not None:
        return RecordLimits(to_client=limit, to_server=min(size.limit, MAXIMUM_PLAINTEXT))
    if fragment is None:
        return RecordLimits()
    if fragment not in offered:
        raise illegal_parameter(f"the server answers the max_fragment_length {fragment.code}, not offered")
    return _by_fragment_length(fragment.code)


def _by_fragment_length(code: int) -> RecordLimits:
    if code not in FRAGMENT_LENGTHS:
        raise illegal_parameter(f"the max_fragment_length is {code}, expected 1 to 4")
    length = FRAGMENT_LENGTHS[code]
    return RecordLimits(length, length, code)
