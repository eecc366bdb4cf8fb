"""Cutting many messages into runs: as many of them as the lanes take at once, and no more.

Standard     None.
Timing       Depends on the lengths alone.

>>> [list(run) for run in runs(["a", "bc", "def", "ghij"], length=len, at_most=4)]
[['a', 'bc'], ['def'], ['ghij']]

Lanes that are full gain nothing from more, but whatever is computed together is in memory together. So the messages may
come from a generator, and none is asked for before its run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Message = TypeVar("Message")


def runs(messages: Iterable[Message], *, length: Callable[[Message], int], at_most: int) -> Iterator[list[Message]]:
    """Yield the messages in lists, each as long a one as there is with at most so much in it, or a single message.

    length: tells how much a message counts.
    """
    run: list[Message] = []
    total = 0
    for message in messages:
        more = length(message)
        if run and total + more > at_most:
            yield run
            run, total = [], 0
        run.append(message)
        total += more
    if run:
        yield run
