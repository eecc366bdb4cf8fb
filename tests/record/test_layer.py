import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain.layout import unexplained
from primitives.sha2 import sha256
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError
from record.cbc import CBCProtection
from record.codes import MAXIMUM_PLAINTEXT, TLS_1_2, ContentType
from record.layer import MAXIMUM_EMPTY_RECORDS, Record, RecordLayer
from tests.documentation.contents import wrong_sections

KINDS = st.sampled_from(ContentType)


def protect(*layers: RecordLayer, encrypt_then_mac: bool = True) -> None:
    """Protect what the first layer writes and the second reads."""
    protection = CBCProtection(
        encryption_key=bytes(16),
        mac_key=bytes(32),
        hash=sha256,
        encrypt_then_mac=encrypt_then_mac,
        random_bytes=lambda length: bytes(length),
    )
    layers[0].change_write_protection(protection)
    layers[1].change_read_protection(protection)


def receive(receiver: RecordLayer) -> list[Record]:
    records = []
    while (record := receiver.next_record()) is not None:
        records.append(record)
    return records


def wire(content_type: int, content: bytes, *, version: int = TLS_1_2) -> bytes:
    return bytes([content_type]) + version.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content


def refused(receiver: RecordLayer, data: bytes) -> AlertDescription:
    receiver.receive_data(data)
    with pytest.raises(RemoteProtocolError) as caught:
        receive(receiver)
    return caught.value.alert


@given(st.lists(st.tuples(KINDS, st.binary(min_size=1, max_size=200)), max_size=4), st.integers(1, 50), st.booleans())
@settings(max_examples=50)
def test_records_arrive_however_they_are_cut(messages: list[tuple[ContentType, bytes]], cut: int, bare: bool) -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    if not bare:
        protect(sender, receiver)
    stream = b"".join(record.wire for kind, data in messages for record in sender.send(kind, data))
    received = []
    for start in range(0, len(stream), cut):
        receiver.receive_data(stream[start : start + cut])
        received += receive(receiver)
    assert [(record.content_type, record.content) for record in received] == messages
    assert [record.sequence_number for record in received] == list(range(len(messages)))
    assert b"".join(record.wire for record in received) == stream
    assert receiver.buffered == 0


@pytest.mark.parametrize("bare", [False, True])
def test_long_data_is_fragmented(bare: bool) -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    if not bare:
        protect(sender, receiver)
    data = bytes(range(256)) * 160  # two and a half records
    sent = sender.send(ContentType.APPLICATION_DATA, data)
    assert [len(record.content) for record in sent] == [MAXIMUM_PLAINTEXT, MAXIMUM_PLAINTEXT, 8192]
    for record in sent:
        receiver.receive_data(record.wire)
    assert b"".join(record.content for record in receive(receiver)) == data


def test_nothing_is_not_sent() -> None:
    with pytest.raises(ValueError, match="nothing to send"):
        RecordLayer().send(ContentType.APPLICATION_DATA, b"")


def test_the_alert_for_each_fault() -> None:
    assert refused(RecordLayer(), wire(24, b"x")) is AlertDescription.UNEXPECTED_MESSAGE  # an unknown type
    assert refused(RecordLayer(), b"GET / HTTP/1.1") is AlertDescription.UNEXPECTED_MESSAGE
    assert refused(RecordLayer(), wire(22, b"x", version=0x0200)) is AlertDescription.PROTOCOL_VERSION
    assert refused(RecordLayer(), wire(22, b"x", version=0x0403)) is AlertDescription.PROTOCOL_VERSION
    assert refused(RecordLayer(), b"\x16\x03\x03\x48\x01") is AlertDescription.RECORD_OVERFLOW  # at the header
    assert refused(RecordLayer(), wire(22, bytes(MAXIMUM_PLAINTEXT + 1))) is AlertDescription.RECORD_OVERFLOW
    for kind in (20, 21, 22):
        assert refused(RecordLayer(), wire(kind, b"")) is AlertDescription.UNEXPECTED_MESSAGE


def test_the_longest_record_is_accepted() -> None:
    receiver = RecordLayer()
    receiver.receive_data(wire(22, bytes(MAXIMUM_PLAINTEXT)))
    assert len(receive(receiver)[0].content) == MAXIMUM_PLAINTEXT


def test_more_plaintext_than_allowed_in_a_ciphertext_that_is_allowed() -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    protect(sender, receiver)
    [overlong] = sender._seal(ContentType.APPLICATION_DATA, [bytes(MAXIMUM_PLAINTEXT + 1)])
    assert refused(receiver, overlong.wire) is AlertDescription.RECORD_OVERFLOW


def test_versions() -> None:
    receiver = RecordLayer()
    for version in (0x0300, 0x0301, 0x0304, 0x03FF):  # RFC 5246 appendix E.1
        receiver.receive_data(wire(22, b"x", version=version))
    assert [record.version for record in receive(receiver)] == [0x0300, 0x0301, 0x0304, 0x03FF]
    receiver.version_agreed = True
    receiver.receive_data(wire(22, b"x"))
    assert len(receive(receiver)) == 1
    assert refused(receiver, wire(22, b"x", version=0x0301)) is AlertDescription.PROTOCOL_VERSION


def test_only_so_many_empty_records_in_a_row() -> None:
    receiver = RecordLayer()
    empty = wire(23, b"")
    receiver.receive_data(empty * MAXIMUM_EMPTY_RECORDS + wire(23, b"x") + empty * MAXIMUM_EMPTY_RECORDS)
    assert len(receive(receiver)) == 2 * MAXIMUM_EMPTY_RECORDS + 1
    assert refused(receiver, empty) is AlertDescription.UNEXPECTED_MESSAGE


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_replayed_dropped_reordered_and_spoilt_records_are_refused(encrypt_then_mac: bool) -> None:
    for order in ((0, 0), (1,), (0, 2), (1, 0)):
        sender, receiver = RecordLayer(), RecordLayer()
        protect(sender, receiver, encrypt_then_mac=encrypt_then_mac)
        records = [sender.send(ContentType.APPLICATION_DATA, bytes([i]))[0].wire for i in range(3)]
        stream = b"".join(records[i] for i in order)
        assert refused(receiver, stream) is AlertDescription.BAD_RECORD_MAC, order
    for i in range(5, len(records[0])):
        sender, receiver = RecordLayer(), RecordLayer()
        protect(sender, receiver, encrypt_then_mac=encrypt_then_mac)
        sealed = sender.send(ContentType.APPLICATION_DATA, b"content")[0].wire
        spoilt = sealed[:i] + bytes([sealed[i] ^ 0x80]) + sealed[i + 1 :]
        assert refused(receiver, spoilt) is AlertDescription.BAD_RECORD_MAC, i


def test_a_change_of_keys_begins_to_count_anew() -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    for _ in range(2):
        for expected in range(2):
            [record] = sender.send(ContentType.HANDSHAKE, b"x")
            receiver.receive_data(record.wire)
            assert [r.sequence_number for r in receive(receiver)] == [record.sequence_number] == [expected]
        protect(sender, receiver)


def test_sequence_numbers_do_not_wrap() -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    sender._write_sequence_number = receiver._read_sequence_number = 2**64 - 1
    protected = sender.send(ContentType.APPLICATION_DATA, b"last")
    receiver.receive_data(protected[0].wire)
    assert len(receive(receiver)) == 1
    with pytest.raises(LocalProtocolError, match="used up"):
        sender.send(ContentType.APPLICATION_DATA, b"one more")
    assert refused(receiver, wire(23, b"one more")) is AlertDescription.INTERNAL_ERROR


@pytest.mark.parametrize("encrypt_then_mac", [False, True, None])
def test_no_byte_of_a_record_is_unexplained(encrypt_then_mac: bool | None) -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    if encrypt_then_mac is not None:
        protect(sender, receiver, encrypt_then_mac=encrypt_then_mac)
    [sent] = sender.send(ContentType.APPLICATION_DATA, b"content")
    receiver.receive_data(sent.wire)
    [received] = receive(receiver)
    assert sent == received
    assert sent.layout() == received.layout()
    assert unexplained(sent.layout(), len(sent.wire)) == []
    assert wrong_sections(sent.layout()) == []
    assert "none" in sent.protected_by or "AES" in sent.protected_by
    assert "repr" not in repr(sender.send(ContentType.APPLICATION_DATA, b"repr"))
