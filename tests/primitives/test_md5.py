"""MD5 against RFC 1321 appendix A.5; test_legacy_hashes.py has the rest."""

from __future__ import annotations

import pytest

from explain import trace
from primitives import md5 as module
from primitives.md5 import md5

TEST_SUITE = {
    "": "d41d8cd98f00b204e9800998ecf8427e",
    "a": "0cc175b9c0f1b6a831c399e269772661",
    "abc": "900150983cd24fb0d6963f7d28e17f72",
    "message digest": "f96b697d7cb7938d525a2f31aaf161d0",
    "abcdefghijklmnopqrstuvwxyz": "c3fcd3d76192e4007dfb496cca67e13b",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789": "d174ab98d277d9f5a5611c2c9f419d9f",
    "1234567890" * 8: "57edf4a22be3c955ac49da2e2107b67a",
}


@pytest.mark.parametrize(("message", "digest"), list(TEST_SUITE.items()))
def test_the_test_suite_of_the_standard(message: str, digest: str) -> None:
    assert md5(message.encode()).hexdigest() == digest
    with trace.recording():
        assert md5(message.encode()).hexdigest() == digest


def test_the_derived_constants_are_the_printed_ones() -> None:
    # RFC 1321 appendix A.3, the first and the last of each round
    printed = {1: 0xD76AA478, 16: 0x49B40821, 17: 0xF61E2562, 32: 0x8D2A4C8A}
    printed |= {33: 0xFFFA3942, 48: 0xC4AC5665, 49: 0xF4292244, 64: 0xEB86D391}
    assert {i: module.T[i] for i in printed} == printed


def test_a_message_may_be_of_any_length() -> None:
    hash, short = md5(), md5()
    hash._length = 2**61  # as if that much had been hashed: its bits are 0 modulo 2^64
    assert hash.digest() == short.digest()
    hash.update(b"abc")
    short.update(b"abc")
    assert hash.digest() == short.digest()


def test_the_trace_shows_the_operations() -> None:
    with trace.recording() as steps:
        md5(b"abc").digest()
    padding, block = steps[0].steps
    assert padding.value == b"\x80" + bytes(52) + (24).to_bytes(8, "little")
    X, *rounds, end = block.steps
    assert end.value == block.value
    assert X.value == (0x80636261, *[0] * 13, 24, 0)
    assert [turn.name for turn in rounds] == ["round 1", "round 2", "round 3", "round 4"]
    names = [step.name for turn in rounds for step in turn.steps]
    assert len(names) == 64
    # RFC 1321 §3.4 prints all 64 of these
    assert names[:4] == ["[ABCD 0 7 1]", "[DABC 1 12 2]", "[CDAB 2 17 3]", "[BCDA 3 22 4]"]
    assert [names[i] for i in (16, 32, 48, 63)] == [
        "[ABCD 1 5 17]",
        "[ABCD 5 4 33]",
        "[ABCD 0 6 49]",
        "[BCDA 9 21 64]",
    ]
    for step in steps[0].walk():
        assert step.section.startswith("RFC 1321 §")
        assert step.why
