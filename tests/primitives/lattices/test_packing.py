"""Packing against its definitions, the quicker path against the textbook, and what rounding may do."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.lattices.packing import (
    BitsToBytes,
    ByteDecode,
    ByteEncode,
    BytesToBits,
    Compress,
    Compress_array,
    Decompress,
    Decompress_array,
)

q = 3329


def test_bits_and_bytes() -> None:
    assert BitsToBytes([1, 1, 0, 1, 0, 0, 0, 1]) == bytes([139])  # FIPS 203 §4.2.1
    assert BytesToBits(bytes([139])) == [1, 1, 0, 1, 0, 0, 0, 1]


@pytest.mark.parametrize("d", range(1, 13))
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_encoding_is_undone_by_decoding_and_both_paths_agree(d: int, data: st.DataObject) -> None:
    m = q if d == 12 else 1 << d
    F = data.draw(st.lists(st.one_of(st.integers(0, m - 1), st.just(m - 1)), min_size=256, max_size=256))
    B = ByteEncode(d, F)
    assert len(B) == 32 * d
    assert ByteDecode(d, B) == F
    with trace.recording():
        assert ByteEncode(d, F) == B
        assert ByteDecode(d, B) == F


def test_twelve_bits_are_taken_modulo_q() -> None:
    B = b"\xff" * 384
    assert ByteDecode(12, B) == [4095 - q] * 256
    with trace.recording():
        assert ByteDecode(12, B) == [4095 - q] * 256


@pytest.mark.parametrize("d", [1, 4, 5, 10, 11])
def test_compression_is_rounding(d: int) -> None:
    for x in range(q):
        assert Compress(d, x, q) == math.floor(Fraction(2**d * x, q) + Fraction(1, 2)) % 2**d
    for y in range(2**d):
        assert Decompress(d, y, q) == math.floor(Fraction(q * y, 2**d) + Fraction(1, 2))
        assert Compress(d, Decompress(d, y, q), q) == y  # §4.2.1, the first of two properties


def test_tables_of_compression_are_what_it_computes() -> None:
    f = list(range(256))
    for d in (1, 4, 10):
        compressed, F = Compress_array(d, f, q), [y % 2**d for y in f]
        decompressed = Decompress_array(d, F, q)
        with trace.recording():
            assert Compress_array(d, f, q) == compressed
            assert Decompress_array(d, F, q) == decompressed
