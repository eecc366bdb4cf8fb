"""Many records in one call: what comes of them is what comes of each alone, and a fault is told when it is its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.chacha20_poly1305 import ChaCha20Poly1305
from primitives.gcm import AESGCM
from primitives.lanes import sha2_messages
from primitives.lanes.sha2_messages import MESSAGES
from primitives.sha1 import sha1
from primitives.sha2 import sha256
from record.aead import ChaCha20Poly1305Protection, GCMProtection
from record.alerts import AlertDescription, LocalProtocolError, RemoteProtocolError
from record.cbc import CBCProtection
from record.cfb import CFBProtection
from record.codes import TLS_1_2, ContentType
from record.layer import MAXIMUM_SEQUENCE_NUMBER, TOGETHER, Record, RecordLayer
from record.presentation import Reader
from record.protection import Content, NullProtection, Protection, of_type
from record.tls13 import TLS13GCMProtection, TLS13Protection

DATA = ContentType.APPLICATION_DATA
KEY, IV = bytes(range(16)), bytes(range(100, 116))


def counted() -> Callable[[int], bytes]:
    """Return a source of bytes, others each time."""
    numbers = count()
    return lambda length: next(numbers).to_bytes(length, "big")


PROTECTIONS: dict[str, Callable[[], Protection]] = {
    "MAC-then-encrypt": lambda: cbc(encrypt_then_mac=False),
    "encrypt-then-MAC": lambda: cbc(encrypt_then_mac=True),
    "SHA-1": lambda: CBCProtection(
        encryption_key=KEY, mac_key=bytes(20), hash=sha1, encrypt_then_mac=False, random_bytes=counted()
    ),
    "CFB": lambda: CFBProtection(encryption_key=KEY, mac_key=bytes(32), hash=sha256, random_bytes=counted()),
    "GCM": lambda: GCMProtection(key=KEY, fixed_iv=bytes(4)),
    "ChaCha20": lambda: ChaCha20Poly1305Protection(key=bytes(32), fixed_iv=bytes(12)),
    "TLS 1.3 GCM": lambda: TLS13GCMProtection(AESGCM(KEY), write_iv=bytes(12), name="AES-128-GCM", pad_to=32),
    "TLS 1.3": lambda: TLS13Protection(ChaCha20Poly1305(bytes(32)), write_iv=bytes(12), name="ChaCha20-Poly1305"),
}
by_protection = pytest.mark.parametrize("make", PROTECTIONS.values(), ids=PROTECTIONS)
lengths = st.lists(st.sampled_from([0, 1, 15, 16, 40, 41, 100, 100, 100]), max_size=8)


def cbc(*, encrypt_then_mac: bool) -> CBCProtection:
    return CBCProtection(
        encryption_key=KEY,
        mac_key=bytes(32),
        hash=sha256,
        encrypt_then_mac=encrypt_then_mac,
        random_bytes=counted(),
    )


def told(results: list[Content | RemoteProtocolError]) -> list[Content | str]:
    """What each came to: an error by its words."""
    return [str(result) if isinstance(result, RemoteProtocolError) else result for result in results]


def opened_alone(protection: Protection, fragments: list[bytes], *, first: int) -> list[Content | RemoteProtocolError]:
    contents: list[Content | RemoteProtocolError] = []
    for number, fragment in enumerate(fragments, first):
        try:
            content = protection.open(Reader(fragment), sequence_number=number, content_type=DATA, version=TLS_1_2)
        except RemoteProtocolError as error:
            return [*contents, error]
        contents.append(content)
    return contents


@by_protection
@settings(max_examples=20, deadline=None)
@given(lengths=lengths, first=st.sampled_from([0, 5, 2**40]))
def test_many_are_sealed_and_opened_as_each_alone(
    make: Callable[[], Protection], lengths: list[int], first: int
) -> None:
    contents = [bytes([i + 1]) * length for i, length in enumerate(lengths)]
    one, many = make(), make()
    alone = [
        one.seal(content, sequence_number=number, content_type=DATA, version=TLS_1_2)
        for number, content in enumerate(contents, first)
    ]
    together = many.seal_many(contents, sequence_number=first, content_type=DATA, version=TLS_1_2)
    assert together == alone
    assert many.open_many(together, sequence_number=first, content_type=DATA, version=TLS_1_2) == of_type(
        DATA, contents
    )


@by_protection
def test_many_are_recorded_one_by_one(make: Callable[[], Protection]) -> None:
    contents = [b"a", b"b", b"c"]
    one, many = make(), make()
    with trace.recording() as steps:
        recorded = many.seal_many(contents, sequence_number=3, content_type=DATA, version=TLS_1_2)
        reopened = many.open_many(recorded, sequence_number=3, content_type=DATA, version=TLS_1_2)
    assert len(steps) >= 2 * len(contents)
    assert recorded == one.seal_many(contents, sequence_number=3, content_type=DATA, version=TLS_1_2)
    assert reopened == of_type(DATA, contents)


@by_protection
@settings(max_examples=40, deadline=None)
@given(lengths=lengths.filter(bool), data=st.data())
def test_the_record_that_fails_is_found(
    make: Callable[[], Protection], lengths: list[int], data: st.DataObject
) -> None:
    contents: list[bytes | None] = [bytes([i + 1]) * length for i, length in enumerate(lengths)]
    protection = make()
    fragments = [
        protection.seal(content or b"", sequence_number=number, content_type=DATA, version=TLS_1_2)
        for number, content in enumerate(contents)
    ]
    which = data.draw(st.integers(0, len(fragments) - 1))
    fragment = fragments[which]
    at = data.draw(st.integers(0, len(fragment) - 1))
    spoilt = data.draw(
        st.sampled_from(
            [
                fragment[:at] + bytes([fragment[at] ^ 1]) + fragment[at + 1 :],
                fragment[:at],
                fragment + fragment[:16],
                b"",
                fragments[which - 1] if which else fragment[:-1],
            ]
        )
    )
    fragments[which] = spoilt
    result = protection.open_many(fragments, sequence_number=0, content_type=DATA, version=TLS_1_2)
    assert told(result) == told(of_type(DATA, [*contents[:which], None]))
    assert told(result) == told(opened_alone(protection, fragments, first=0))


def encrypted(block: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(IV)).encryptor()
    return IV + encryptor.update(block) + encryptor.finalize()


@settings(max_examples=60, deadline=None)
@given(
    endings=st.lists(
        st.tuples(st.sampled_from([5, 5, 5, 20]), st.integers(0, 255), st.booleans()), min_size=1, max_size=6
    )
)
def test_any_padding_is_judged_as_alone(endings: list[tuple[int, int, bool]]) -> None:
    protection = cbc(encrypt_then_mac=False)
    fragments = []
    for number, (blocks, padding, right) in enumerate(endings):
        block = bytes(16 * blocks)
        content_length = len(block) - 32 - padding - 1
        if right and content_length >= 0:
            sealed = protection._mac(number, DATA, TLS_1_2, bytes(content_length))
            block = bytes(content_length) + sealed + bytes([padding]) * (padding + 1)
        else:
            block = block[:-1] + bytes([padding])
        fragments.append(encrypted(block))
    together = protection.open_many(fragments, sequence_number=0, content_type=DATA, version=TLS_1_2)
    assert told(together) == told(opened_alone(protection, fragments, first=0))


@pytest.mark.parametrize("n", [1, MESSAGES - 1, MESSAGES, 5])
def test_every_padding_costs_the_same_hashing(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAC-then-encrypt: one record among n has this padding, and neither it nor the rest tells by their hashing."""
    compressed = 0
    one_by_one, in_lanes = sha256._compress_blocks, sha2_messages._rounds

    def counted_alone(H: tuple[int, ...], data: bytes) -> tuple[int, ...]:
        nonlocal compressed
        compressed += len(data) // 64
        return one_by_one(H, data)

    def counted_in_lanes(*arguments: object) -> tuple[int, ...]:
        nonlocal compressed
        compressed += 1
        return in_lanes(*arguments)  # type: ignore[arg-type]

    protection = cbc(encrypt_then_mac=False)
    others = [encrypted(bytes(20 * 16 - 1) + b"\3")] * (n - 1)
    monkeypatch.setattr(sha256, "_compress_blocks", staticmethod(counted_alone))
    monkeypatch.setattr(sha2_messages, "_rounds", counted_in_lanes)
    costs = set()
    for padding in range(0, 256, 5):
        for block in (
            bytes(20 * 16 - 1 - padding) + bytes([padding]) * (padding + 1),
            bytes(20 * 16 - 1) + bytes([padding]),
        ):
            compressed = 0
            protection.open_many([encrypted(block), *others], sequence_number=0, content_type=DATA, version=TLS_1_2)
            costs.add(compressed)
    assert len(costs) == 1
    assert costs.pop() > 0


def layers(make: Callable[[], Protection]) -> tuple[RecordLayer, RecordLayer]:
    sender, receiver = RecordLayer(), RecordLayer()
    sender.change_write_protection(make())
    receiver.change_read_protection(make())
    return sender, receiver


def until_refused(receiver: RecordLayer) -> tuple[list[bytes], AlertDescription | None]:
    contents = []
    try:
        while (record := receiver.next_record()) is not None:
            contents.append(record.content)
    except RemoteProtocolError as error:
        for _ in range(2):  # nothing behind it is ever received
            with pytest.raises(RemoteProtocolError):
                receiver.next_record()
        return contents, error.alert
    return contents, None


@by_protection
def test_more_records_than_are_taken_together(make: Callable[[], Protection]) -> None:
    sender, receiver = layers(make)
    sender.write_limit = 3
    data = bytes(range(256)) * 2
    sent = sender.send(DATA, data)
    assert len(sent) == 171 > 2 * TOGETHER
    receiver.receive_data(b"".join(record.wire for record in sent))
    received = list(iter_records(receiver))
    assert received == sent
    assert b"".join(record.content for record in received) == data
    assert [record.layout()[-1].label for record in received[::50]] == ["fragment"] * 4


def iter_records(receiver: RecordLayer) -> Iterator[Record]:
    while (record := receiver.next_record()) is not None:
        yield record


@pytest.mark.parametrize("make", [PROTECTIONS["MAC-then-encrypt"], PROTECTIONS["GCM"]], ids=["CBC", "GCM"])
@pytest.mark.parametrize("bad", [0, 1, 2, 9, TOGETHER - 1, TOGETHER, TOGETHER + 1])
def test_what_was_before_the_fault_is_received_and_nothing_after_it(make: Callable[[], Protection], bad: int) -> None:
    sender, _ = layers(make)
    sender.write_limit = 2
    wires = [record.wire for record in sender.send(DATA, bytes(2 * (TOGETHER + 6)))]
    before = [bytes(2)] * bad

    def refusal(spoilt: bytes) -> tuple[list[bytes], AlertDescription | None]:
        _, receiver = layers(make)
        receiver.version_agreed = True
        receiver.receive_data(b"".join([*wires[:bad], spoilt, *wires[bad + 1 :]]))
        return until_refused(receiver)

    wire = wires[bad]
    assert refusal(wire[:-1] + bytes([wire[-1] ^ 1])) == (before, AlertDescription.BAD_RECORD_MAC)
    assert refusal(b"\x18" + wire[1:]) == (before, AlertDescription.UNEXPECTED_MESSAGE)  # an unknown type
    assert refusal(wire[:1] + b"\3\1" + wire[3:]) == (before, AlertDescription.PROTOCOL_VERSION)
    assert refusal(wire[:3] + b"\xff\xff" + wire[5:]) == (before, AlertDescription.RECORD_OVERFLOW)
    assert refusal(b"\x16" + wire[1:]) == (before, AlertDescription.BAD_RECORD_MAC)  # the type is authenticated


def test_other_records_between_end_what_is_taken_together() -> None:
    sender, receiver = layers(PROTECTIONS["encrypt-then-MAC"])
    sent = [
        record
        for kind in (DATA, DATA, ContentType.ALERT, DATA, DATA, DATA, ContentType.HANDSHAKE, DATA)
        for record in sender.send(kind, bytes([kind]))
    ]
    receiver.receive_data(b"".join(record.wire for record in sent))
    assert list(iter_records(receiver)) == sent


def test_before_a_version_is_agreed_upon_it_may_change() -> None:
    receiver = RecordLayer()
    receiver.receive_data(b"".join(b"\x17" + version + b"\0\1x" for version in (b"\3\1", b"\3\1", b"\3\3", b"\3\2")))
    assert [record.version for record in iter_records(receiver)] == [0x0301, 0x0301, 0x0303, 0x0302]


def test_a_last_record_that_is_not_whole_is_waited_for() -> None:
    sender, receiver = layers(PROTECTIONS["GCM"])
    sender.write_limit = 1
    wire = b"".join(record.wire for record in sender.send(DATA, b"abc"))
    receiver.receive_data(wire[:-1])
    assert [record.content for record in iter_records(receiver)] == [b"a", b"b"]
    receiver.receive_data(wire[-1:])
    assert [record.content for record in iter_records(receiver)] == [b"c"]


def test_sequence_numbers_end_in_the_midst_of_many() -> None:
    sender, receiver = RecordLayer(), RecordLayer()
    for layer in (sender, receiver):
        layer._write_sequence_number = layer._read_sequence_number = MAXIMUM_SEQUENCE_NUMBER - 2
    sender.write_limit = 1
    with pytest.raises(LocalProtocolError, match="sequence numbers are used up"):
        sender.send(DATA, b"abcd")
    assert len(sender.send(DATA, b"abc")) == 3
    receiver.receive_data(b"\x17\3\3\0\1x" * 4)
    assert until_refused(receiver) == ([b"x"] * 3, AlertDescription.INTERNAL_ERROR)


def test_nothing_protects_many_as_one() -> None:
    null = NullProtection()
    assert null.seal_many([b"a", b"b"], sequence_number=0, content_type=DATA, version=TLS_1_2) == [b"a", b"b"]
    assert null.open_many([b"a", b"b"], sequence_number=0, content_type=DATA, version=TLS_1_2) == of_type(
        DATA, [b"a", b"b"]
    )
