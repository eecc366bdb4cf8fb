"""Views of bytes: parts that are moved or cut still cover every byte, and what is not explained is found."""

from dataclasses import replace

import pytest

from explain.meaning import Meaning
from explain.showing.byte_view import Part, View, cut, faults, moved

MEANING = Meaning("what", "why")


def test_a_part_without_a_word_is_found() -> None:
    whole = Part("whole", 0, 4, MEANING, "section", parts=[Part("a", 0, 2, MEANING, "section")])
    assert faults(View("v", "", bytes(4), [whole])) == ["v: bytes 2 to 4 have no part"]
    silent = replace(whole, parts=[], meaning=Meaning("what", ""), section="")
    assert faults(View("v", "", bytes(4), [silent])) == ["v.0: whole has no why and no section"]
    inner = View("w", "", bytes(2), [])
    assert faults(View("v", "", bytes(4), [replace(whole, parts=[], opened=inner)])) == ["w: bytes 0 to 2 have no part"]


@pytest.mark.parametrize("start", range(6))
def test_parts_that_are_cut_still_cover_every_byte(start: int) -> None:
    parts = [
        Part("a", 0, 3, MEANING, "s", parts=[Part("b", 0, 1, MEANING, "s"), Part("c", 1, 3, MEANING, "s")]),
        Part("d", 3, 6, MEANING, "s"),
    ]
    for end in range(start, 7):
        assert faults(View("v", "", bytes(end - start), cut(parts, start, end))) == []
    assert [(part.start, part.end) for part in moved(parts, 5)] == [(5, 8), (8, 11)]
