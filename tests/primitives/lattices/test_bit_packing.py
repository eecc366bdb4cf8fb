"""Packing of FIPS 204 §7.1: what goes in comes out, and every malformed hint is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain import trace
from primitives.lattices.bit_packing import (
    BitPack,
    BitUnpack,
    HintBitPack,
    HintBitUnpack,
    SimpleBitPack,
    SimpleBitUnpack,
)
from primitives.lattices.packing import BitsToBytes

RANGES = [(2, 2), (4, 4), ((1 << 12) - 1, 1 << 12), ((1 << 17) - 1, 1 << 17), ((1 << 19) - 1, 1 << 19)]
bounds = pytest.mark.parametrize(("a", "b"), RANGES)


def bit_by_bit(w: list[int], bits: int) -> bytes:
    """Algorithm 16, from IntegerToBits and BitsToBytes."""
    return BitsToBytes([x >> i & 1 for x in w for i in range(bits)])


@bounds
@given(data=st.data())
def test_what_is_packed_comes_out(a: int, b: int, data: st.DataObject) -> None:
    w = data.draw(st.lists(st.integers(-a, b), min_size=8, max_size=8)) * 32
    packed = BitPack(w, a, b)
    assert packed == bit_by_bit([b - x for x in w], (a + b).bit_length())
    assert BitUnpack(packed, a, b) == w


@pytest.mark.parametrize("b", [15, 43, 1023])
@given(data=st.data())
def test_what_is_simply_packed_comes_out(b: int, data: st.DataObject) -> None:
    w = data.draw(st.lists(st.integers(0, b), min_size=8, max_size=8)) * 32
    assert SimpleBitPack(w, b) == bit_by_bit(w, b.bit_length())
    assert SimpleBitUnpack(SimpleBitPack(w, b), b) == w


@given(places=st.lists(st.sets(st.integers(0, 255), max_size=10), min_size=4, max_size=4))
def test_hints_come_out(places: list[set[int]]) -> None:
    h = [[int(j in ones) for j in range(256)] for ones in places]
    y = HintBitPack(h, 40)
    assert len(y) == 44
    assert HintBitUnpack(y, 40) == h


GOOD = bytes([1, 3, 2, 0, 0, 0]) + bytes([2, 2, 3])  # ω = 6, k = 3


@pytest.mark.parametrize(
    ("malformed", "line"),
    [
        (bytes([1, 3, 2, 0, 0, 0, 2, 1, 3]), "4"),  # a count that falls
        (bytes([1, 3, 2, 4, 5, 6, 2, 2, 7]), "4"),  # a count above ω
        (bytes([3, 1, 2, 0, 0, 0, 2, 2, 3]), "9"),  # places that fall
        (bytes([3, 3, 2, 0, 0, 0, 2, 2, 3]), "9"),  # a place twice
        (bytes([1, 3, 2, 0, 0, 1, 2, 2, 3]), "17"),  # something after the last place
        (bytes([1, 3, 2, 9, 0, 0, 2, 2, 3]), "17"),
    ],
)
def test_malformed_hints_are_refused(malformed: bytes, line: str) -> None:
    h = HintBitUnpack(GOOD, 6)
    assert h is not None
    assert HintBitPack(h, 6) == GOOD
    with trace.recording() as steps:
        assert HintBitUnpack(malformed, 6) is None
    assert steps[-1].section == f"FIPS 204 §7.1 algorithm 21 step {line}"


@given(y=st.binary(min_size=9, max_size=9) | st.lists(st.integers(0, 7), min_size=9, max_size=9).map(bytes))
def test_each_hint_has_one_spelling(y: bytes) -> None:
    h = HintBitUnpack(y, 6)
    assert h is None or HintBitPack(h, 6) == y
