"""Poly1305 against RFC 8439 and cryptography; its folded lanes against Horner's rule."""

import pytest
from cryptography.hazmat.primitives.poly1305 import Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.lanes import poly1305 as lanes
from primitives.poly1305 import P, poly1305

RFC_8439 = [  # appendix A.3, test vectors 1, 2 and 7 to 11: those that meet the edges of the arithmetic
    ("00" * 32, "00" * 64, "00" * 16),
    ("02" + "00" * 31, "ff" * 16, "03" + "00" * 15),
    ("02" + "00" * 15 + "ff" * 16, "02" + "00" * 15, "03" + "00" * 15),
    ("01" + "00" * 31, "ff" * 16 + "f0" + "ff" * 15 + "11" + "00" * 15, "05" + "00" * 15),
    ("01" + "00" * 31, "ff" * 16 + "fb" + "fe" * 15 + "01" * 16, "00" * 16),
    ("02" + "00" * 31, "fd" + "ff" * 15, "fa" + "ff" * 15),
    (
        "0100000000000000040000000000000000000000000000000000000000000000",
        "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000000000000000000001"
        "000000000000000000000000000000",
        "14000000000000005500000000000000",
    ),
]


@pytest.mark.parametrize(("key", "message", "tag"), RFC_8439)
def test_rfc_8439_appendix_a_3(key: str, message: str, tag: str) -> None:
    assert poly1305(bytes.fromhex(key), bytes.fromhex(message)).hex() == tag


def test_rfc_8439_section_2_5_2_through_the_recording() -> None:
    key = bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")
    with trace.recording() as steps:
        tag = poly1305(key, b"Cryptographic Forum Research Group")
    assert tag.hex() == "a8061dc1305136c6c22b8baf0c0127a9"
    (whole,) = steps
    assert [(step.name, step.value) for step in whole.steps] == [
        ("r", 0x806D5400E52447C036D555408BED685),
        ("s", 0x1BF54941AFF6BF4AFDB20DFB8A800301),
        ("block 1", 0x2C88C77849D64AE9147DDEB88E69C83FC),
        ("block 2", 0x2D8ADAF23B0337FA7CCCFB4EA344B30DE),
        ("block 3", 0x28D31B7CAFF946C77C8844335369D03A7),
    ]
    assert [turn.steps[0].value for turn in whole.steps[2:]] == [
        0x16F4620636968706172676F7470797243,
        0x16F7247206863726165736552206D7572,
        0x17075,
    ]
    assert whole.value == tag
    assert all(step.why and step.section.startswith("RFC 8439 §2.5") for step in whole.walk())


@settings(max_examples=60, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), message=st.binary(max_size=1000))
def test_any_message_as_cryptography(key: bytes, message: bytes) -> None:
    assert poly1305(key, message) == Poly1305.generate_tag(key, message)


@settings(max_examples=60, deadline=None)
@given(r=st.integers(0, 2**124 - 1) | st.just(P - 1), blocks=st.integers(0, 70), data=st.data())
def test_folding_computes_horners_rule(r: int, blocks: int, data: st.DataObject) -> None:
    message = (
        data.draw(st.binary(min_size=16 * blocks, max_size=16 * blocks))
        if data.draw(st.booleans())
        else (b"\xff" * (16 * blocks))
    )
    accumulator = 0
    for i in range(0, len(message), 16):
        accumulator = (accumulator + int.from_bytes(message[i : i + 16] + b"\1", "little")) * r % P
    assert lanes.accumulate(r, message) == accumulator


@pytest.mark.parametrize("blocks", [1023, 1024, 1025, 2048, 2049, 3000])
def test_every_number_of_chunks_at_its_largest_numbers(blocks: int) -> None:
    """Blocks and r with all their bits set: what a lane holds is at its largest, and must not reach the next."""
    key, message = b"\xff" * 32, b"\xff" * (16 * blocks + 15)
    assert poly1305(key, message) == Poly1305.generate_tag(key, message)


def test_a_recording_takes_no_other_way_round() -> None:
    message = bytes(i % 256 for i in range(1000))
    with trace.recording() as steps:
        tag = poly1305(bytes(range(32)), message)
    assert tag == poly1305(bytes(range(32)), message)
    assert len(steps[0].steps) == 2 + 63


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 16, 31, 33):
        with pytest.raises(ValueError, match=f"key has {length} bytes, expected 32"):
            poly1305(bytes(length), b"")
    with pytest.raises(TypeError, match="message: expected bytes"):
        poly1305(bytes(32), "message")  # type: ignore[arg-type]  # the mistake under test
