"""BER: each freedom that it has beyond DER is read, and told; and DER is read without a word."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from pki.asn1.ber import LenientReader
from pki.asn1.der import BOOLEAN, GENERALIZED_TIME, UTC_TIME, DERError, Reader
from pki.asn1.der_writer import Element, boolean, integer, octet_string, sequence
from pki.asn1.named_bits import read_named_bits
from pki.fields.names import Name

Read = Callable[[Reader], Any]


def _sequence(reader: Reader) -> list[int]:
    found = []
    with reader.sequence("s") as elements:
        while not elements.at_end():
            found.append(elements.integer("i"))
    return found


def _set(reader: Reader) -> list[int]:
    found = []
    with reader.set_of("s") as elements:
        while not elements.at_end():
            found.append(elements.integer("i"))
    return found


def _nested(reader: Reader) -> bytes:
    with reader.sequence("s") as outer, outer.sequence("t") as inner:
        return inner.octet_string("o")


def _holding(reader: Reader) -> list[int]:
    with reader.octets_holding("o") as octets:
        return _sequence(octets)


def _bits_holding(reader: Reader) -> list[int]:
    with reader.bits_holding("b") as bits:
        return _sequence(bits)


FREEDOMS: list[tuple[str, Read, object, int, str]] = [
    ("30 80 020105 0000", _sequence, [5], 1, "indefinite form, expected a definite one (X.690 §10.1)"),
    ("30 8103 020105", _sequence, [5], 1, "not in its shortest form (X.690 §10.1)"),
    ("30 820003 020105", _sequence, [5], 1, "shortest form"),
    ("0202 0005", lambda r: r.integer("i"), 5, 2, "not in its shortest form (X.690 §8.3.2)"),
    ("0202 ffff", lambda r: r.integer("i"), -1, 2, "not in its shortest form"),
    ("010101", lambda r: r.boolean("b"), True, 2, "expected 00 (FALSE) or ff (TRUE) (X.690 §11.1)"),
    ("010100", lambda r: r.flag("b"), False, 0, "DER leaves defaults out (X.690 §11.5)"),
    ("0302 01ff", lambda r: r.bit_string("b"), (b"\xff", 1), 3, "unused bits of b are set"),
    ("0302 06c0", lambda r: read_named_bits(r, "b", ["x", "y"], section=""), {0, 1}, -1, ""),
    ("0302 0680", lambda r: read_named_bits(r, "b", ["x", "y"], section=""), {0}, 0, "zeros after its last bit"),
    ("3106 020105 020104", _set, [5, 4], 5, "expected the elements of a SET OF in ascending order"),
    ("2480 0402 6162 0401 63 0000", lambda r: r.octet_string("o"), b"abc", 0, "made of several strings"),
    ("2405 0403 616263", lambda r: r.octet_string("o"), b"abc", 0, "made of several strings"),
    ("2380 0302 0061 0302 0160 0000", lambda r: r.bit_string("b"), (b"a`", 1), 0, "b is made of several strings"),
    ("2304 0302 0061", lambda r: r.octets_in_bits("b"), b"a", 0, "made of several"),
    ("2c80 0401 c3 0401 a4 0000", lambda r: r.string("s"), (12, "ä"), 0, "s is made of several strings, expected one"),
    ("3304 0402 6162", lambda r: r.string("s", tag=19), (19, "ab"), 0, "(X.690 §10.2)"),
    ("a206 0401 61 0401 62", lambda r: r.octet_string("o", tag=0x82), b"ab", 0, "made of several strings"),
    ("2480 0402 3003 0403 020105 0000", _holding, [5], 0, "made of several strings"),
    ("2380 0303 003003 0304 00020105 0000", _bits_holding, [5], 0, "made of several strings"),
    ("130140", lambda r: r.string("s")[1], "@", 2, "a character that a PrintableString cannot have"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "read", "value", "offset", "reason"), FREEDOMS)
def test_each_freedom(encoding: str, read: Read, value: object, offset: int, reason: str) -> None:
    data = bytes.fromhex(encoding)
    layout = Layout()
    reader = LenientReader(data, layout=layout)
    assert read(reader) == value
    reader.finish()
    assert unexplained(layout.fields, len(data)) == []
    if offset < 0:
        assert reader.departures == []
        assert read(Reader(data)) == value
        return
    assert reader.departures[0].offset == offset
    assert reason in reader.departures[0].reason
    with pytest.raises(DERError):
        read(Reader(data))


TIMES = {
    "20260131120000.5Z": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "20260131120000,25Z": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "202601311200Z": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "2026013112Z": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "20260131120000": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "20260131120000+0130": datetime(2026, 1, 31, 10, 30, tzinfo=UTC),
    "20260131120000-0130": datetime(2026, 1, 31, 13, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("text", TIMES)
def test_times(text: str) -> None:
    for tag, octets in ((GENERALIZED_TIME, text.encode()), (UTC_TIME, text[2:].encode())):
        if tag == UTC_TIME and len(text.rstrip("Z")) < 12:
            continue  # a UTCTime has its minutes
        data = bytes((tag, len(octets))) + octets
        with pytest.raises(DERError):
            Reader(data).time("t")
        reader = LenientReader(data)
        assert reader.time("t") == TIMES[text]
        [departure] = reader.departures
        assert departure.reason.startswith(f"t is {octets.decode()}, expected")


@pytest.mark.parametrize(
    "text", ["", "Z", "20261331120000Z", "20260131120060Z", "2026013112000Z", "00010101000000+2359", "20260131120000+5"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(DERError, match="is not a time"):
        LenientReader(bytes((GENERALIZED_TIME, len(text))) + text.encode()).time("t")


@pytest.mark.parametrize(
    ("encoding", "read", "complaint"),
    [
        ("3080 020105", _sequence, "has no end"),
        ("3080 020105 00", _sequence, "has no end"),
        ("3080 0284ffffffff", _sequence, "has no end"),
        ("3080 0285ffffffffff 0000", _sequence, "has no end"),
        ("0280 0000", lambda r: r.integer("i"), "expected a definite one"),
        ("3180 0000", _sequence, "found SET"),
        ("0102ffff", lambda r: r.boolean("b"), "2 octets, expected one"),
        ("2403 020100", lambda r: r.octet_string("o"), "found INTEGER"),
        ("2380 0302 0160 0302 0061 0000", lambda r: r.bit_string("b"), "follows one with unused bits"),
        ("2c03 0401 c3", lambda r: r.string("s"), "s is not a well-formed UTF8String"),
        ("2c03 0c01 61", lambda r: r.string("s"), "found UTF8String"),
        ("2c03 0401 61", lambda r: r.string("s", tag=19), r"expected s \(PrintableString\)"),
        ("2407 0405 3003020105", lambda r: r.octets_holding("o", tag=0x82), "found OCTET STRING"),
        ("2405 0403 300105", _holding, "in the segments of o, joined: i claims|in the segments of o, joined"),
        ("2406 0404 30000500", _holding, "in the segments of o, joined: 2 bytes left over"),
        ("3080" * 34 + "0000" * 34, lambda r: r.any("a"), "nested more than 32 deep"),
    ],
)
def test_what_is_no_ber(encoding: str, read: Read, complaint: str) -> None:
    with pytest.raises(DERError, match=complaint):
        read(LenientReader(bytes.fromhex(encoding)))


def test_values_are_taken_whole() -> None:
    data = bytes.fromhex("3080 020105 0000 020106")
    reader = LenientReader(data, layout=Layout())
    assert reader.any("a") == data[:7]
    assert reader.integer("i") == 6
    inner = bytes.fromhex("3080 3080 2480 0401 61 0000 0000 0000")
    assert _nested(LenientReader(inner)) == b"a"


def test_what_is_inside_of_joined_segments() -> None:
    """It has no place of its own in the whole: its fields hang on the string, and so does what DER demands of it."""
    data = bytes.fromhex("3080 2480 0403 308103 0403 020105 0000 0000")
    layout = Layout()
    reader = LenientReader(data, layout=layout)
    with reader.sequence("outer") as outer:
        assert _holding(outer) == [5]
    reader.finish()
    assert unexplained(layout.fields, len(data)) == []
    [string] = [field for field in layout.fields[0].fields if field.label == "o"]
    assert string.opened is not None
    assert string.opened.data == bytes.fromhex("308103020105")
    assert [field.label for field in string.opened.fields] == ["s"]
    reason = "in the segments of o, joined: length of s is not in its shortest form (X.690 §10.1)"
    assert reader.departures[-1] == (2, reason)


def test_names_in_segments() -> None:
    """In DER, they are refused (X.690 §10.2)."""
    element = Name.build(common_name="abc").element("name").encoding
    in_segments = element.replace(b"\x0c\3abc", b"\x2c\5\4\3abc")
    data = in_segments[:1] + bytes([in_segments[1] + 2]) + in_segments[2:3]
    data += bytes([in_segments[3] + 2]) + in_segments[4:5] + bytes([in_segments[5] + 2]) + in_segments[6:]
    assert Name.read(LenientReader(data), "name") == Name.build(common_name="abc")
    with pytest.raises(DERError, match=r"found UTF8String, expected a character string|found universal tag 12"):
        Name.read(Reader(data), "name")


DER: Element = sequence("s", integer("i", 5), octet_string("o", b"abc"), boolean("b", True))


def test_der_is_read_as_ever() -> None:
    layout = Layout()
    reader = LenientReader(DER.encoding, layout=layout)
    with reader.sequence("s") as elements:
        assert (elements.integer("i"), elements.octet_string("o"), elements.boolean("b")) == (5, b"abc", True)
    reader.finish()
    assert reader.departures == []
    assert layout.fields == [DER.layout()]


@given(st.binary(max_size=60), st.integers(0, 1 << 30))
def test_any_bytes_give_values_or_a_der_error(data: bytes, seed: int) -> None:
    source = random.Random(seed)
    reader: Reader = LenientReader(data, layout=Layout())
    try:
        while not reader.at_end():
            match source.randrange(5):
                case 0:
                    reader.any("a")
                case 1:
                    reader.octet_string("o")
                case 2:
                    reader.time("t")
                case 3:
                    reader.boolean("b", tag=BOOLEAN)
                case 4:
                    _nested(reader)
    except DERError as error:
        assert 0 <= error.offset <= len(data)  # noqa: PT017 - either is right
