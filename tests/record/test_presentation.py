import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from record.alerts import AlertDescription, RemoteProtocolError
from record.presentation import Reader, Writer


def write_all(writer: Writer, numbers: tuple[int, int, int, int], data: bytes, names: list[bytes]) -> None:
    """One of everything."""
    writer.uint8("one", numbers[0], names={1: "first"})
    with writer.struct("pair"):
        writer.uint16("two", numbers[1])
        writer.uint24("three", numbers[2])
    writer.uint32("four", numbers[3])
    writer.vector("data", data, length_bytes=1)
    with writer.block("names", length_bytes=3):
        for name in names:
            writer.vector("name", name, length_bytes=2)
    writer.opaque("end", b"end")


def read_all(reader: Reader) -> tuple[tuple[int, int, int, int], bytes, list[bytes]]:
    one = reader.uint8("one", names={1: "first"})
    with reader.struct("pair") as pair:
        two, three = pair.uint16("two"), pair.uint24("three")
    four = reader.uint32("four")
    data = reader.vector("data", length_bytes=1)
    names = []
    with reader.block("names", length_bytes=3) as block:
        while not block.at_end():
            names.append(block.vector("name", length_bytes=2))
    reader.opaque("end", 3)
    reader.finish()
    return (one, two, three, four), data, names


NUMBERS = st.tuples(
    *(st.integers(0, 2**bits - 1) for bits in (8, 16, 24, 32)),
)


@given(NUMBERS, st.binary(max_size=255), st.lists(st.binary(max_size=300), max_size=4))
def test_what_is_written_is_read(numbers: tuple[int, int, int, int], data: bytes, names: list[bytes]) -> None:
    written, read = Layout(), Layout()
    writer = Writer(layout=written)
    write_all(writer, numbers, data, names)
    assert read_all(Reader(writer.data, layout=read)) == (numbers, data, names)
    # Both sides explain every byte, and alike: where it is, what it is called, which parts it has.
    for layout in (written, read):
        assert unexplained(layout.fields, len(writer.data)) == []
    shape = [
        [(depth, part.label, part.start, part.end) for field in layout.fields for depth, part in field.walk()]
        for layout in (written, read)
    ]
    assert [entry for entry in shape[0] if entry[2] != entry[3]] == [
        entry for entry in shape[1] if entry[2] != entry[3]
    ]


def test_every_cut_and_every_byte_too_much_is_a_decode_error() -> None:
    writer = Writer()
    write_all(writer, (1, 2, 3, 4), b"data", [b"a", b"bc"])
    for cut in range(len(writer.data)):
        with pytest.raises(RemoteProtocolError) as caught:
            read_all(Reader(writer.data[:cut]))
        assert caught.value.alert is AlertDescription.DECODE_ERROR
    with pytest.raises(RemoteProtocolError, match="1 bytes left over") as caught:
        read_all(Reader(writer.data + b"\0"))
    assert caught.value.alert is AlertDescription.DECODE_ERROR


def test_a_block_must_be_read_to_its_end() -> None:
    with (
        pytest.raises(RemoteProtocolError, match="offset 2: 1 bytes left over"),
        Reader(b"\x02ab").block("block", length_bytes=1) as block,
    ):
        block.uint8("first")


def test_a_block_does_not_reach_beyond_its_end() -> None:
    with (
        pytest.raises(RemoteProtocolError, match="offset 1: number needs 2 bytes, but 1 are left"),
        Reader(b"\x01ab").block("block", length_bytes=1) as block,
    ):
        block.uint16("number")


def test_bounds() -> None:
    for length, fine in ((0, False), (1, True), (3, True), (4, False)):
        reader = Reader(bytes([length]) + bytes(length))
        if fine:
            assert reader.vector("v", length_bytes=1, minimum=1, maximum=3) == bytes(length)
        else:
            with pytest.raises(RemoteProtocolError, match=f"v has {length} bytes, expected at least 1 and at most 3"):
                reader.vector("v", length_bytes=1, minimum=1, maximum=3)


def test_an_error_inside_a_block_is_not_hidden_by_what_is_left_over() -> None:
    with pytest.raises(KeyError), Reader(b"\x01a").block("block", length_bytes=1):
        raise KeyError


def test_what_does_not_fit_is_not_written() -> None:
    with pytest.raises(OverflowError):
        Writer().uint8("byte", 256)
    with pytest.raises(ValueError, match="v has 256 bytes, expected at most 255"):
        Writer().vector("v", bytes(256), length_bytes=1)


def test_values_are_shown_by_their_names() -> None:
    layout = Layout()
    reader = Reader(b"\x01\x02", layout=layout)
    reader.uint8("kind", names={1: "first"}, section="example §1")
    reader.uint8("kind", names={1: "first"})
    assert [(field.value, field.section) for field in layout.fields] == [("first", "example §1"), ("unknown (2)", "")]
