"""SHA-1 against the examples of FIPS 180-2 appendix A; test_legacy_hashes.py has the rest."""

from __future__ import annotations

import pytest

from explain import trace
from primitives import sha1 as module
from primitives.sha1 import sha1


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    ],
)
def test_examples_of_the_standard(message: bytes, digest: str) -> None:
    assert sha1(message).hexdigest() == digest


@pytest.mark.slow
def test_a_million_letters() -> None:
    assert sha1(b"a" * 1_000_000).hexdigest() == "34aa973cd4c4daa4f61eeb2bdbad27316534016f"


def test_the_derived_constants_are_the_printed_ones() -> None:
    printed = (0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6)  # FIPS 180-4 §4.2.1
    assert printed == module.K


def test_the_longest_message() -> None:
    hash = sha1()
    hash._length = 2**61 - 64
    hash.update(bytes(63))
    with pytest.raises(ValueError, match=r"sha1: the message is too long, expected under 2\^64 bits"):
        hash.update(b"\0")


def test_the_trace_shows_the_values_of_the_example() -> None:
    with trace.recording() as steps:
        sha1(b"abc").digest()
    _padding, block = steps[0].steps
    schedule, _start, *rounds, end = block.steps
    assert end.value == block.value
    assert [w.value for w in schedule.steps[:16]] == [0x61626380, *[0] * 14, 0x18]
    assert len(schedule.steps) == len(rounds) == 80
    # FIPS 180-2 appendix A.1, the values of a … e after rounds 0 and 79
    assert rounds[0].value == (0x0116FC33, 0x67452301, 0x7BF36AE2, 0x98BADCFE, 0x10325476)
    assert rounds[79].value == (0x42541B35, 0x5738D5E1, 0x21834873, 0x681E6DF6, 0xD8FDF6AD)
    for step in steps[0].walk():
        assert step.section.startswith("FIPS 180-4 §")
        assert step.why
