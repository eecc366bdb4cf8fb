"""Two things timed in turns, so that whatever else the machine is doing slows both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One line of the table.

    what: what was timed.
    ours, theirs: the figures, in `unit`.
    peer: whose `theirs` is.
    """

    what: str
    ours: float
    theirs: float
    unit: str
    peer: str

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def medians(ours: Callable[[], object], theirs: Callable[[], object], *, turns: int) -> tuple[float, float]:
    """Return the median times in seconds of two functions, called in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for function in (ours, theirs):  # once beforehand: tables and caches are filled
        function()
    for _ in range(turns):
        for function, kept in zip((ours, theirs), times, strict=True):
            start = perf_counter()
            function()
            kept.append(perf_counter() - start)
    return median(times[0]), median(times[1])
