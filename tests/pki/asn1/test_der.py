"""DER: the examples of X.690, every way in which an encoding can be wrong, and what reader and writer agree on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from pki.asn1 import der, der_writer
from pki.asn1.der import MAX_DEPTH, DERError, Reader, context
from pki.asn1.der_writer import Element
from tests.conftest import PeerTool, run

Read = Callable[[Reader], object]


def read(data: bytes, how: Read) -> object:
    reader = Reader(data)
    value = how(reader)
    reader.finish()
    return value


BOOLEAN: Read = lambda r: r.boolean("b")  # noqa: E731 - a table of readers by their names
INTEGER: Read = lambda r: r.integer("i")  # noqa: E731
NATURAL: Read = lambda r: r.natural("n")  # noqa: E731
BITS: Read = lambda r: r.bit_string("bits")  # noqa: E731
WHOLE_BITS: Read = lambda r: r.octets_in_bits("bits")  # noqa: E731
OCTETS: Read = lambda r: r.octet_string("octets")  # noqa: E731
NULL: Read = lambda r: r.null("null")  # noqa: E731
OID: Read = lambda r: r.oid("oid")  # noqa: E731
STRING: Read = lambda r: r.string("s")  # noqa: E731
TIME: Read = lambda r: r.time("t")  # noqa: E731
ANY: Read = lambda r: r.any("any")  # noqa: E731


def walk(reader: Reader) -> None:
    """Read whatever comes, by its tag."""
    leaves: dict[int, Read] = {1: BOOLEAN, 2: INTEGER, 3: BITS, 4: OCTETS, 5: NULL, 6: OID, 23: TIME, 24: TIME}
    while not reader.at_end():
        tag = reader.peek()
        if tag & 0x20:
            with reader.set_of("set") if tag == der.SET else reader.sequence("sequence", tag=tag) as inner:
                walk(inner)
        elif tag in der.STRINGS:
            reader.string("s")
        else:
            leaves.get(tag, ANY)(reader)


@pytest.mark.parametrize(
    ("encoding", "how", "value", "element"),
    [
        ("0101ff", BOOLEAN, True, der_writer.boolean("b", True)),  # X.690 §8.2.2
        ("0500", NULL, None, der_writer.null("n")),  # §8.8.2
        ("0307040a3b5f291cd0", BITS, (bytes.fromhex("0a3b5f291cd0"), 4), None),  # §8.6.4.2
        ("0603883703", OID, "2.999.3", der_writer.oid("o", "2.999.3")),  # §8.19.5
        ("1a054a6f6e6573", STRING, (26, "Jones"), der_writer.string("s", "Jones", type=26)),  # §8.23.5
        # RFC 8017 §9.2 note 1, whose DigestInfo prefixes print this identifier
        ("0609608648016503040201", OID, "2.16.840.1.101.3.4.2.1", der_writer.oid("o", "2.16.840.1.101.3.4.2.1")),
        ("04820100" + 256 * "ab", OCTETS, 256 * b"\xab", der_writer.octet_string("o", 256 * b"\xab")),
        ("0481c9" + 201 * "cd", OCTETS, 201 * b"\xcd", der_writer.octet_string("o", 201 * b"\xcd")),  # §8.1.3.5's 201
        ("04818000" + 127 * "00", OCTETS, bytes(128), der_writer.octet_string("o", bytes(128))),
        ("0483010000" + 65536 * "00", OCTETS, bytes(65536), der_writer.octet_string("o", bytes(65536))),
        ("0603818000", OID, "2.16304", der_writer.oid("o", "2.16304")),
        ("064050" + 63 * "01", OID, "2.0" + 63 * ".1", der_writer.oid("o", "2.0" + 63 * ".1")),
        ("03020780", BITS, (b"\x80", 7), der_writer.bit_string("b", b"\x80", unused=7)),
        ("03020080", WHOLE_BITS, b"\x80", der_writer.bit_string("b", b"\x80")),
        ("020100", INTEGER, 0, der_writer.integer("i", 0)),
        ("02017f", INTEGER, 127, der_writer.integer("i", 127)),
        ("02020080", INTEGER, 128, der_writer.integer("i", 128)),
        ("020180", INTEGER, -128, der_writer.integer("i", -128)),
        ("0202ff7f", INTEGER, -129, der_writer.integer("i", -129)),
        ("02047fffffff", NATURAL, (1 << 31) - 1, der_writer.integer("i", (1 << 31) - 1)),
        ("030100", BITS, (b"", 0), der_writer.bit_string("b", b"")),
        ("0400", OCTETS, b"", der_writer.octet_string("o", b"")),
        ("060127", OID, "0.39", der_writer.oid("o", "0.39")),
        ("06014f", OID, "1.39", der_writer.oid("o", "1.39")),
        ("060150", OID, "2.0", der_writer.oid("o", "2.0")),
        ("0c02c3a9", STRING, (12, "é"), der_writer.string("s", "é")),
        ("1e0400e920ac", STRING, (30, "é€"), der_writer.string("s", "é€", type=30)),
        ("1c040001f600", STRING, (28, "😀"), der_writer.string("s", "😀", type=28)),
        ("1401e9", STRING, (20, "é"), der_writer.string("s", "é", type=20)),
    ],
)
def test_known_encodings(encoding: str, how: Read, value: object, element: Element | None) -> None:
    data = bytes.fromhex(encoding)
    assert read(data, how) == value
    if element is not None:
        assert element.encoding == data


def test_the_standards_sequence() -> None:
    """X.690 §8.9.3: {name "Smith", ok TRUE}."""
    data = bytes.fromhex("300a1605536d6974680101ff")
    reader = Reader(data)
    with reader.sequence("s") as fields:
        assert fields.string("name", tag=der.IA5_STRING) == (der.IA5_STRING, "Smith")
        assert fields.boolean("ok")
        assert fields.encoding == data
    reader.finish()
    name, ok = der_writer.string("name", "Smith", type=der.IA5_STRING), der_writer.boolean("ok", True)
    assert der_writer.sequence("s", name, ok).encoding == data


@pytest.mark.parametrize(
    ("encoding", "how", "offset", "complaint"),
    [
        ("", INTEGER, 0, "the data ends"),
        ("02", INTEGER, 0, "the data ends"),
        ("0201", INTEGER, 0, "claims 1 bytes"),
        ("0401ff", INTEGER, 0, "found OCTET STRING (0x04), expected i (INTEGER)"),
        ("028000", INTEGER, 1, "definite"),  # the indefinite length
        ("02ff", INTEGER, 1, "definite"),
        ("02850000000001ff", INTEGER, 1, "at most 4 octets"),
        ("0281", INTEGER, 1, "inside the length"),
        ("02810100", INTEGER, 1, "shortest form"),
        ("04820001ff", OCTETS, 1, "shortest form"),
        ("048200ff" + 255 * "00", OCTETS, 1, "shortest form"),
        ("0200", INTEGER, 2, "empty INTEGER"),
        ("0202007f", INTEGER, 2, "shortest form"),
        ("0202ff80", INTEGER, 2, "shortest form"),
        ("0201ff", NATURAL, 0, "expected 0 to 2^31 - 1"),
        ("02050080000000", NATURAL, 0, "expected 0 to 2^31 - 1"),
        ("010101", BOOLEAN, 2, "expected 00 (FALSE) or ff (TRUE)"),
        ("0100", BOOLEAN, 2, "0 octets, expected one"),
        ("0102ffff", BOOLEAN, 2, "2 octets, expected one"),
        ("0300", BITS, 2, "unused"),
        ("030101", BITS, 2, "unused"),
        ("03020800", BITS, 2, "unused"),
        ("03020101", BITS, 3, "are set"),
        ("03020780", WHOLE_BITS, 0, "whole number of octets"),
        ("050100", NULL, 2, "NULL with contents"),
        ("0600", OID, 2, "breaks off"),
        ("060188", OID, 2, "breaks off"),
        ("06028001", OID, 2, "padding octet"),
        ("060488378003", OID, 2, "padding octet"),
        ("0641" + 65 * "01", OID, 2, "at most 64"),
        ("020101", STRING, 0, "expected a character string"),
        ("0c01ff", STRING, 2, "not a well-formed UTF8String"),
        ("0c02c080", STRING, 2, "not a well-formed UTF8String"),  # an overlong spelling of NUL
        ("0c03eda080", STRING, 2, "not a well-formed UTF8String"),  # half of a surrogate pair
        ("130140", STRING, 2, "that a PrintableString cannot have"),
        ("130131" + "00", STRING, 3, "left over"),
        ("120141", STRING, 2, "that a NumericString cannot have"),
        ("160180", STRING, 2, "not a well-formed IA5String"),
        ("1a0107", STRING, 2, "that a VisibleString cannot have"),
        ("1e0141", STRING, 2, "not a well-formed BMPString"),
        ("1e04d83dde00", STRING, 2, "that a BMPString cannot have"),
        ("1c0400110000", STRING, 2, "not a well-formed UniversalString"),
        ("0000", ANY, 0, "expected a tag number from 1 to 30"),
        ("1f8101", ANY, 0, "expected a tag number from 1 to 30"),
        ("ff", ANY, 0, "the data ends"),
        ("ff0100", ANY, 0, "expected a tag number from 1 to 30"),
    ],
)
def test_wrong_encodings(encoding: str, how: Read, offset: int, complaint: str) -> None:
    with pytest.raises(DERError, match=complaint.replace("(", r"\(").replace(")", r"\)").replace("^", r"\^")) as caught:
        read(bytes.fromhex(encoding), how)
    assert caught.value.offset == offset
    assert str(caught.value).startswith(f"DER, offset {offset}: ")


def test_times() -> None:
    """RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime after, always with seconds and Z."""
    for moment, spelled in (
        (datetime(1950, 1, 1, tzinfo=UTC), b"\x17\x0d500101000000Z"),
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x17\x0d991231235959Z"),
        (datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x17\x0d491231235959Z"),
        (datetime(2050, 1, 1, tzinfo=UTC), b"\x18\x0f20500101000000Z"),
        (datetime(1949, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x18\x0f19491231235959Z"),
        (datetime(1, 1, 1, tzinfo=UTC), b"\x18\x0f00010101000000Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x18\x0f99991231235959Z"),
    ):
        assert der_writer.time("t", moment).encoding == spelled
        assert read(spelled, TIME) == moment
    assert read(b"\x18\x0f20240229000000Z", TIME) == datetime(2024, 2, 29, tzinfo=UTC)
    india = timezone(timedelta(hours=5, minutes=30))
    assert der_writer.time("t", datetime(2026, 1, 1, 5, 30, tzinfo=india)).contents == b"260101000000Z"
    with pytest.raises(ValueError, match="without a time zone"):
        der_writer.time("t", datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        b"\x17\x0b2601010000Z", b"\x17\x110260101000000+0000", b"\x17\x0d260230000000Z", b"\x17\x0d261301000000Z",
        b"\x17\x0d260101240000Z", b"\x17\x0d260101006000Z", b"\x17\x0d260101000060Z", b"\x17\x0d 60101000000Z",
        b"\x17\x0d+60101000000Z", b"\x17\x0d2601010000000", b"\x17\x0f20260101000000Z", b"\x18\x0d260101000000Z",
        b"\x18\x1120260101000000.5Z", b"\x17\x0f26010100000000Z", b"\x18\x112026010100000000Z", b"\x17\x00",
        b"\x18\x0f+0260101000000Z", b"\x18\x0f2026 101000000Z", b"\x18\x0f00000101000000Z", b"\x18\x00",
        b"\x18\x0f20250229000000Z", b"\x0c\x0d260101000000Z",
    ],
)  # fmt: skip
def test_wrong_times(text: bytes) -> None:
    with pytest.raises(DERError, match=r"is not a time|left over|claims"):
        read(text, TIME)


def test_a_set_of_must_be_in_order() -> None:
    in_order, out_of_order = bytes.fromhex("3106020101020102"), bytes.fromhex("3106020102020101")
    for data, right in ((in_order, True), (out_of_order, False), (bytes.fromhex("3106020101020101"), True)):
        reader = Reader(data)
        if right:
            with reader.set_of("set") as elements:
                elements.integer("a"), elements.integer("b")
        else:
            with pytest.raises(DERError, match="out of order"), reader.set_of("set") as elements:
                elements.integer("a"), elements.integer("b")
    two, one = der_writer.integer("two", 2), der_writer.integer("one", 1)
    assert der_writer.set_of("set", two, one).encoding == in_order


def test_leftovers_are_found_at_every_level() -> None:
    reader = Reader(bytes.fromhex("3003020101"))
    with pytest.raises(DERError, match="3 bytes left over") as caught, reader.sequence("s"):
        pass
    assert caught.value.offset == 2
    reader = Reader(bytes.fromhex("02010100"))
    reader.integer("i")
    with pytest.raises(DERError, match="1 bytes left over"):
        reader.finish()


def test_an_error_inside_a_block_is_not_covered_by_leftovers() -> None:
    with pytest.raises(KeyError), Reader(bytes.fromhex("3003020101")).sequence("s"):
        raise KeyError


def test_depth_and_size_are_bounded() -> None:
    data = b""
    for _ in range(MAX_DEPTH + 1):
        data = der_writer.Element("s", der.SEQUENCE, data).encoding
    with pytest.raises(DERError, match="nested more than 32 deep"):
        walk(Reader(data))
    walk(Reader(data[2:]))
    assert Reader(bytes(der.MAX_SIZE))
    with pytest.raises(DERError, match="expected at most"):
        Reader(bytes(der.MAX_SIZE + 1))


def test_text_and_other_types_are_refused() -> None:
    for wrong in ("3000", bytearray(b"\x05\x00"), None):
        with pytest.raises(TypeError, match="expected bytes"):
            Reader(wrong)  # type: ignore[arg-type]  # the point of it


def test_bits_and_octets_that_hold_more_der() -> None:
    inner = der_writer.integer("i", 5)
    for element, how in (
        (der_writer.bits_holding("b", inner), Reader.bits_holding),
        (der_writer.octets_holding("o", inner), Reader.octets_holding),
    ):
        reader = Reader(element.encoding)
        with how(reader, "outer") as contents:
            assert contents.integer("i") == 5
        reader.finish()
    for wrong in ("0300", "030107", "0304010201ff"):
        with pytest.raises(DERError, match="whole number of octets"):
            Reader(bytes.fromhex(wrong)).bits_holding("b")


def test_tags() -> None:
    assert (context(0), context(3, constructed=True)) == (0x80, 0xA3)
    assert [der.tag_name(tag) for tag in (2, 0x30, 0xA3, 0x41, 0xC1, 9)] == [
        "INTEGER", "SEQUENCE", "[3]", "[APPLICATION 1]", "[PRIVATE 1]", "universal tag 9",
    ]  # fmt: skip
    assert read(der_writer.string("s", "a.example", type=der.IA5_STRING, tag=context(2)).encoding, lambda r: (
        r.tagged_string("s", tag=context(2), type=der.IA5_STRING)
    )) == "a.example"  # fmt: skip
    assert Reader(b"").peek() == -1


def test_the_writer_refuses_what_it_cannot_spell() -> None:
    for dotted in ("", "1", "3.1", "0.40", "1.40", "1.2.", "1.02", "1.-2", "a.b"):
        with pytest.raises(ValueError, match="not an object identifier"):
            der_writer.oid("o", dotted)
    for text, type in (("é", der.IA5_STRING), ("@", der.PRINTABLE_STRING), ("\ud800", der.UTF8_STRING), ("x", 18)):
        with pytest.raises(ValueError, match="cannot have"):
            der_writer.string("s", text, type=type)
    with pytest.raises(DERError):
        der_writer.encoded("e", b"\x30\x05\x00")
    with pytest.raises(DERError, match="left over"):
        der_writer.encoded("e", b"\x05\x00\x00")


elements = st.recursive(
    st.one_of(
        st.builds(der_writer.boolean, st.just("b"), st.booleans()),
        st.builds(der_writer.integer, st.just("i"), st.integers(-(1 << 200), 1 << 200)),
        st.builds(der_writer.octet_string, st.just("octets"), st.binary(max_size=300)),
        st.builds(der_writer.bit_string, st.just("bits"), st.binary(max_size=20)),
        st.builds(der_writer.null, st.just("null")),
        st.builds(der_writer.string, st.just("s"), st.text(max_size=50).filter(lambda t: t.isprintable())),
        st.builds(
            der_writer.oid,
            st.just("oid"),
            st.lists(st.integers(0, 1 << 40), max_size=6).map(lambda arcs: ".".join(map(str, (2, 5, *arcs)))),
        ),
        st.builds(der_writer.time, st.just("t"), st.datetimes(timezones=st.just(UTC))),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(lambda parts: der_writer.sequence("sequence", *parts)),
        st.lists(inner, max_size=5).map(lambda parts: der_writer.set_of("set", *parts)),
        inner.map(lambda part: der_writer.sequence("sequence", part, tag=context(1, constructed=True))),
    ),
    max_leaves=12,
)


@given(elements)
def test_reader_and_writer_agree_on_values_and_on_where_they_lie(element: Element) -> None:
    data = element.encoding
    layout = Layout()
    reader = Reader(data, layout=layout)
    walk(reader)
    assert unexplained(layout.fields, len(data)) == []
    assert layout.fields == [element.layout()]


@pytest.mark.parametrize(
    ("number", "shown", "of_a_secret"),
    [
        (0, "0", "0"),
        (-1, "-1", "-1"),
        ((1 << 63) - 1, "9223372036854775807", "9223372036854775807"),
        (1 << 63, "0x8000000000000000 (64 bits)", "64-bit number"),
        (-(1 << 63), "-0x8000000000000000 (64 bits)", "64-bit number"),
        (0xABCDEF << 1000, "0xabcdef00…00000000 (1024 bits)", "1024-bit number"),
        (-(0xABCDEF << 1000), "-0xabcdef00…00000000 (1024 bits)", "1024-bit number"),
    ],
)
def test_numbers_are_shown_unless_they_are_secret(number: int, shown: str, of_a_secret: str) -> None:
    for secret, value in ((False, shown), (True, of_a_secret)):
        element = der_writer.integer("i", number, secret=secret)
        layout = Layout()
        Reader(element.encoding, layout=layout).integer("i", secret=secret)
        assert layout.fields == [element.layout()]
        assert element.value == value


@given(elements, st.data())
def test_whatever_is_cut_or_added_is_noticed(element: Element, draw: st.DataObject) -> None:
    data = element.encoding
    cut = draw.draw(st.integers(0, len(data) - 1))
    if cut:
        with pytest.raises(DERError):
            walk(Reader(data[:cut]))
    with pytest.raises(DERError):
        read(data + b"\0", ANY)


@given(st.binary(max_size=100))
def test_any_bytes_give_values_or_a_der_error(data: bytes) -> None:
    offset = 0
    try:
        walk(Reader(data))
    except DERError as error:
        offset = error.offset
    assert 0 <= offset <= len(data)


@given(st.integers())
def test_integers(number: int) -> None:
    assert read(der_writer.integer("i", number).encoding, INTEGER) == number


@given(st.binary(min_size=1, max_size=9))
def test_an_integer_has_one_spelling(contents: bytes) -> None:
    data = bytes((2, len(contents))) + contents
    try:
        number = read(data, INTEGER)
    except DERError:
        return
    assert isinstance(number, int)
    assert der_writer.integer("i", number).encoding == data


@given(st.binary(min_size=1, max_size=9))
def test_an_object_identifier_has_one_spelling(contents: bytes) -> None:
    data = bytes((6, len(contents))) + contents
    try:
        dotted = read(data, OID)
    except DERError:
        return
    assert isinstance(dotted, str)
    assert der_writer.oid("o", dotted).encoding == data


def test_openssl_reads_every_type(peer_tool: PeerTool, tmp_path: Path) -> None:
    element = der_writer.sequence(
        "all",
        der_writer.boolean("b", True),
        der_writer.integer("i", -129),
        der_writer.bit_string("bits", b"\xa0", unused=5),
        der_writer.octet_string("octets", bytes(200)),
        der_writer.null("null"),
        der_writer.oid("oid", "2.5.4.3"),
        *(der_writer.string("s", "0", type=type) for type in der.STRINGS),
        der_writer.time("t", datetime(2026, 1, 1, tzinfo=UTC)),
        der_writer.time("t", datetime(2051, 1, 1, tzinfo=UTC)),
        der_writer.set_of("set", der_writer.null("null"), der_writer.integer("i", 1)),
    )
    file = tmp_path / "all.der"
    file.write_bytes(element.encoding)
    shown = run(peer_tool("openssl"), "asn1parse", "-inform", "DER", "-in", file)
    for wanted in (
        "BOOLEAN           :255",
        "INTEGER           :-81",
        ":commonName",
        "UTF8STRING        :0",
        "UTCTIME           :260101000000Z",
        "GENERALIZEDTIME   :20510101000000Z",
    ):
        assert wanted in shown
