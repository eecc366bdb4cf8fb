"""Messages cut into runs: none is lost, none is longer than it may be, and none is asked for too early."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from primitives.lanes.runs import runs


@given(lengths=st.lists(st.integers(0, 12)), at_most=st.integers(1, 20))
def test_runs_are_as_long_as_they_may_be(lengths: list[int], at_most: int) -> None:
    messages = [bytes(length) for length in lengths]
    cut = list(runs(messages, length=len, at_most=at_most))
    assert [message for run in cut for message in run] == messages
    for run in cut:
        assert len(run) == 1 or sum(map(len, run)) <= at_most
    for run, following in pairwise(cut):
        assert sum(map(len, run)) + len(following[0]) > at_most


def test_no_message_is_asked_for_before_its_run() -> None:
    asked = []

    def messages() -> Iterator[bytes]:
        for i in range(9):
            asked.append(i)
            yield bytes(2)

    cut = runs(messages(), length=len, at_most=6)
    assert len(next(cut)) == 3
    assert asked == [0, 1, 2, 3]  # the fourth showed that the run was full
    assert len(next(cut)) == 3
    assert asked == [0, 1, 2, 3, 4, 5, 6]
