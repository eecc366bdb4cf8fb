"""TLS 1.3's record protection: what is inside, what is refused, and that the record layer tells the outer type."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM as Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from primitives.gcm import AESGCM
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_2, ContentType
from record.layer import RecordLayer
from record.presentation import Reader
from record.tls13 import MAXIMUM_INNER_PLAINTEXT, TLS13GCMProtection, read_inner

DATA, HANDSHAKE = ContentType.APPLICATION_DATA, ContentType.HANDSHAKE
KEY, IV = bytes(range(16)), bytes(range(200, 212))


def protection(pad_to: int = 1) -> TLS13GCMProtection:
    return TLS13GCMProtection(AESGCM(KEY), write_iv=IV, name="AES-128-GCM", pad_to=pad_to)


def encrypted(inner: bytes, number: int = 0) -> bytes:
    """What another implementation sends of a TLSInnerPlaintext."""
    nonce = bytes(x ^ y for x, y in zip(number.to_bytes(12, "big"), IV, strict=True))
    return Oracle(KEY).encrypt(nonce, inner, b"\x17\3\3" + (len(inner) + 16).to_bytes(2, "big"))


def alert_of(fragment: bytes, content_type: ContentType = DATA) -> AlertDescription:
    with pytest.raises(RemoteProtocolError) as caught:
        protection().open(Reader(fragment), sequence_number=0, content_type=content_type, version=TLS_1_2)
    return caught.value.alert


@settings(max_examples=30, deadline=None)
@given(
    content=st.binary(max_size=100),
    pad_to=st.sampled_from([1, 16, 64, 2**15]),
    number=st.sampled_from([0, 1, 2**64 - 1]),
)
def test_what_is_sealed_is_the_oracles(content: bytes, pad_to: int, number: int) -> None:
    sealed = protection(pad_to).seal(content, sequence_number=number, content_type=HANDSHAKE, version=TLS_1_2)
    inner = content + b"\x16"
    padded = min(-(-len(inner) // pad_to) * pad_to, MAXIMUM_INNER_PLAINTEXT)
    assert sealed == encrypted(inner.ljust(padded, b"\0"), number)
    opened = protection().open(Reader(sealed), sequence_number=number, content_type=DATA, version=TLS_1_2)
    assert opened == (HANDSHAKE, content)


def test_every_byte_and_the_header_are_authenticated() -> None:
    sealed = encrypted(b"content\x17")
    for at in range(len(sealed)):
        assert alert_of(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) is AlertDescription.BAD_RECORD_MAC
        assert alert_of(sealed[:at]) is AlertDescription.BAD_RECORD_MAC
    assert alert_of(sealed + b"\0") is AlertDescription.BAD_RECORD_MAC
    with pytest.raises(RemoteProtocolError):
        protection().open(Reader(sealed), sequence_number=0, content_type=DATA, version=0x0301)


@pytest.mark.parametrize("inner", [b"", b"\0", bytes(100), b"content\x18\0", b"content\1"])
def test_a_type_that_is_missing_or_unknown_is_unexpected(inner: bytes) -> None:
    assert alert_of(encrypted(inner)) is AlertDescription.UNEXPECTED_MESSAGE


def test_the_longest_record_is_opened_and_a_longer_one_refused() -> None:
    assert len(read_inner(bytes(2**14 - 1) + b"\1\x17").data) == 2**14
    assert alert_of(encrypted(bytes(2**14) + b"\x17\0")) is AlertDescription.RECORD_OVERFLOW


@pytest.mark.parametrize("content_type", [t for t in ContentType if t is not DATA])
def test_another_type_outside_is_unexpected(content_type: ContentType) -> None:
    assert alert_of(encrypted(b"x\x17"), content_type) is AlertDescription.UNEXPECTED_MESSAGE


def layers() -> tuple[RecordLayer, RecordLayer]:
    sender, receiver = RecordLayer(), RecordLayer()
    sender.change_write_protection(protection())
    receiver.change_read_protection(protection())
    return sender, receiver


def test_the_header_tells_application_data_whatever_is_inside() -> None:
    sender, receiver = layers()
    [record] = sender.send(HANDSHAKE, b"hello")
    assert record.wire[0] == DATA
    receiver.receive_data(record.wire)
    opened = receiver.next_record()
    assert opened is not None
    assert (opened.content_type, opened.content) == (HANDSHAKE, b"hello")


def test_a_fragment_may_be_256_bytes_longer_than_its_content_and_no_more() -> None:
    """RFC 9846 §5.2; before the keys are there, the limit is TLS 1.2's."""
    _, receiver = layers()
    receiver.receive_data(b"\x17\3\3" + (2**14 + 257).to_bytes(2, "big"))
    with pytest.raises(RemoteProtocolError, match="record_overflow"):
        receiver.next_record()


@pytest.mark.parametrize("cut", [1, 3])
@pytest.mark.parametrize("inner", [b"", bytes(40)])
def test_among_many_records_the_fault_is_told_in_its_turn(cut: int, inner: bytes) -> None:
    """The error of a record that is not acceptable inside is its own, not bad_record_mac."""
    sender, receiver = layers()
    wires = [sender.send(DATA, bytes([n]))[0].wire for n in range(4)]
    sealed = encrypted(inner, cut)
    wires[cut] = b"\x17\3\3" + len(sealed).to_bytes(2, "big") + sealed
    receiver.receive_data(b"".join(wires))
    for n in range(cut):
        record = receiver.next_record()
        assert record is not None
        assert record.content == bytes([n])
    with pytest.raises(RemoteProtocolError, match="unexpected_message"):
        receiver.next_record()
