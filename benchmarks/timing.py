"""Things timed in turns, so that whatever else the machine is doing slows all of them.

The clock counts the time of this process, of all its threads, not the time that others had the processor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median
from time import process_time

from benchmarks.row import Result, Row, Work

BATCH = 0.002  # seconds that are timed at once, or the clock's own cost would show
MOST_TURNS = 301


def measure(row: Row, *, seconds: float) -> Result:
    """Return the median times of a row, from about so many seconds of each in it, and at least its number of turns."""
    works, missing = {"": row.ours}, {}
    for peer, make in row.peers.items():
        try:
            works[peer] = make()
        except ModuleNotFoundError as error:
            missing[peer] = f"{(error.name or peer).split('.')[0]} is not installed"
    times = medians(works, seconds=seconds, turns=row.turns)
    return Result(row, times.pop(""), times, missing)


def medians(works: Mapping[str, Work], *, seconds: float, turns: int) -> dict[str, float]:
    """Return the median time in seconds of each.

    Who takes long has fewer turns, but never fewer than `turns`; these are spread over those of the others.
    """
    batches, planned = {}, {}
    for name, work in works.items():
        once = _time(work, 1)  # fills tables and caches, too
        if once < seconds / 4:
            once = _time(work, 1)
        batches[name] = max(1, math.ceil(BATCH / max(once, 1e-7)))
        planned[name] = max(turns, min(MOST_TURNS, int(seconds / max(once * batches[name], 1e-7))))
    times: dict[str, list[float]] = {name: [] for name in works}
    rounds = max(planned.values())
    for turn in range(1, rounds + 1):
        for name, work in works.items():
            if (len(times[name]) + 1) * rounds <= turn * planned[name]:
                times[name].append(_time(work, batches[name]))
    return {name: median(taken) for name, taken in times.items()}


def _time(work: Work, repetitions: int) -> float:
    start = process_time()
    for _ in range(repetitions):
        work()
    return (process_time() - start) / repetitions
