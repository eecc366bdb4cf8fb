"""cSHAKE against NIST's examples, and its encodings against those of SP 800-185."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.cshake import bytepad, cshake128, cshake256, encode_string, left_encode, right_encode

SHORT, LONG, NAME = bytes(range(4)), bytes(range(200)), b"Email Signature"
# NIST, "cSHAKE samples": the function, the message, and the output
EXAMPLES = {
    "1": (cshake128, SHORT, "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5"),
    "2": (cshake128, LONG, "c5221d50e4f822d96a2e8881a961420f294b7b24fe3d2094baed2c6524cc166b"),
    "3": (
        cshake256,
        SHORT,
        "d008828e2b80ac9d2218ffee1d070c48b8e4c87bff32c9699d5b6896eee0edd1"
        "64020e2be0560858d9c00c037e34a96937c561a74c412bb4c746469527281c8c",
    ),
    "4": (
        cshake256,
        LONG,
        "07dc27b11e51fbac75bc7b3c1d983e8b4b85fb1defaf218912ac864302730917"
        "27f42b17ed1df63e8ec118f04b23633c1dfb1574c8fb55cb45da8e25afb092bb",
    ),
}


@pytest.mark.parametrize(("function", "message", "output"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples_of_nist(function: Callable[..., bytes], message: bytes, output: str) -> None:
    length = len(output) // 2
    assert function(message, length, customization=NAME).hex() == output
    assert function(message, 5, customization=NAME).hex() == output[:10]
    if message == SHORT:
        with trace.recording():
            assert function(message, length, customization=NAME).hex() == output


@settings(max_examples=20, deadline=None)
@given(message=st.binary(max_size=400), length=st.integers(0, 400))
def test_without_names_it_is_shake(message: bytes, length: int) -> None:
    assert cshake128(message, length) == hashlib.shake_128(message).digest(length)
    assert cshake256(message, length) == hashlib.shake_256(message).digest(length)


def test_each_name_makes_another_function() -> None:
    """Bytes cannot move from one name to the other, nor from a name to the message."""
    outputs = [
        cshake128(message, 16, function_name=N, customization=S)
        for message, N, S in (
            (b"c", b"a", b"b"),
            (b"c", b"ab", b""),
            (b"c", b"", b"ab"),
            (b"bc", b"a", b""),
            (b"c", b"", b""),
        )
    ]
    assert len(set(outputs)) == len(outputs)


@pytest.mark.parametrize(
    ("x", "left", "right"),
    [
        (0, "0100", "0001"),  # §2.3.1: the examples of the standard
        (1, "0101", "0101"),
        (255, "01ff", "ff01"),
        (256, "020100", "010002"),
        (65536, "03010000", "01000003"),
        ((1 << 2040) - 1, "ff" * 256, "ff" * 256),
    ],
)
def test_encodings_of_integers(x: int, left: str, right: str) -> None:
    assert left_encode(x).hex() == left
    assert right_encode(x).hex() == right


@pytest.mark.parametrize("x", [-1, 1 << 2040])
def test_integers_that_have_no_encoding(x: int) -> None:
    for function in (left_encode, right_encode):
        with pytest.raises(ValueError, match="expected 0 or more, less than 2"):
            function(x)


def test_encodings_of_strings() -> None:
    assert encode_string(b"").hex() == "0100"
    assert encode_string(b"a" * 32) == b"\2\1\0" + b"a" * 32  # 256 bits
    assert bytepad(b"", 8) == b"\1\10" + bytes(6)
    assert bytepad(b"abcdef", 8) == b"\1\10abcdef"
    assert bytepad(b"abcdefg", 8) == b"\1\10abcdefg" + bytes(7)


@pytest.mark.parametrize("function", [cshake128, cshake256])
def test_what_is_refused(function: Callable[..., bytes]) -> None:
    wrong: Any = "text"
    for arguments in ((wrong, 1, b"", b""), (b"", 1, wrong, b""), (b"", 1, b"", wrong)):
        message, length, N, S = arguments
        with pytest.raises(TypeError, match=r"cSHAKE: \w+: expected bytes, got str"):
            function(message, length, function_name=N, customization=S)
    with pytest.raises(ValueError, match="cSHAKE: length is -1, expected 0 or more"):
        function(b"", -1, customization=b"a")
    with pytest.raises(TypeError, match="cSHAKE: length"):
        function(b"", wrong, customization=b"a")


def test_the_trace_shows_the_prefix() -> None:
    with trace.recording() as steps:
        cshake128(SHORT, 32, customization=NAME)
    (whole,) = steps
    names, padded, *_ = whole.steps
    assert names.value == bytes.fromhex("01000178") + NAME
    assert padded.value == bytes.fromhex("01a8") + bytes.fromhex("01000178") + NAME + bytes(168 - 21)
    assert (whole.name, whole.section) == ("cSHAKE128", "SP 800-185 §3.3")
    for step in whole.walk():
        assert step.section.startswith(("SP 800-185 §", "FIPS 202 §"))
        assert step.why
