"""The check that bytes are bytes, and their exclusive or."""

from __future__ import annotations

from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primitives.octets import require_bytes, view_bytes, xor


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_all_kinds_of_bytes_become_bytes(kind: Any) -> None:
    taken = require_bytes(kind(b"abc"), "it")
    assert taken == b"abc"
    assert type(taken) is bytes


def test_a_view_copies_nothing() -> None:
    data = bytearray(b"abc")
    view = view_bytes(data, "it")
    data[0] = ord("x")
    assert bytes(view) == b"xbc"
    assert len(view_bytes(memoryview(array("I", [1, 2])), "it")) == 2 * array("I").itemsize


def test_a_view_of_bytes_that_lie_apart() -> None:
    assert bytes(view_bytes(memoryview(b"abcde")[::2], "it")) == b"ace"


@pytest.mark.parametrize("wrong", ["abc", 3, None, [1, 2, 3]])
def test_nothing_else_does(wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"^it: expected bytes, got {type(wrong).__name__}$"):
        require_bytes(wrong, "it")
    with pytest.raises(TypeError, match=f"^it: expected bytes, got {type(wrong).__name__}$"):
        view_bytes(wrong, "it")


@given(pairs=st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255))))
def test_xor_goes_byte_by_byte(pairs: list[tuple[int, int]]) -> None:
    assert xor(bytes(x for x, _ in pairs), bytes(y for _, y in pairs)) == bytes(x ^ y for x, y in pairs)


def test_xor_wants_equal_lengths() -> None:
    with pytest.raises(ValueError, match="expected equal lengths, got 2 and 3 bytes"):
        xor(b"ab", b"abc")
