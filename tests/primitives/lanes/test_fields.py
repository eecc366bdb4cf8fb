"""Bit fields taken apart and put together, against shifts and masks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primitives.lanes.fields import gather, pack_fields, spread, unpack_fields


@settings(max_examples=30, deadline=None)
@given(bits=st.integers(1, 31), count=st.sampled_from([8, 24, 56, 168, 256]), data=st.data())
def test_fields_are_those_of_shifts_and_masks(bits: int, count: int, data: st.DataObject) -> None:
    size = count * bits // 8  # in eights, and so whole bytes
    packed = data.draw(st.one_of(st.binary(min_size=size, max_size=size), st.just(b"\xff" * size)))
    number, mask = int.from_bytes(packed, "little"), (1 << bits) - 1
    fields = [number >> bits * i & mask for i in range(count)]
    assert unpack_fields(packed, bits) == fields
    assert pack_fields(fields, bits) == packed


@pytest.mark.parametrize("width", [8, 16, 32])
def test_room_for_each_field(width: int) -> None:
    words = spread(bytes.fromhex("21436587"), 4, width)
    assert words == b"".join(i.to_bytes(width // 8, "little") for i in range(1, 9))
    assert gather(words, 4, width) == bytes.fromhex("21436587")
