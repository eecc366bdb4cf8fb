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
OURS = ""  # our name among those of the peers


def measure(row: Row, *, seconds: float) -> Result:
    """Return the median times of a row, from about so many seconds of each in it, and at least its number of turns."""
    works, missing = {OURS: row.ours}, {}
    for peer, make in row.peers.items():
        try:
            works[peer] = make()
        except ModuleNotFoundError as error:
            missing[peer] = f"{(error.name or peer).split('.')[0]} is not installed"
    times = timings(works, seconds=seconds, turns=row.turns)
    ours = dict(times.pop(OURS))
    return Result(
        row,
        median(ours.values()),
        {peer: median(time for _, time in taken) for peer, taken in times.items()},
        # Of two times side by side, so that what slowed both for a while leaves their ratio as it was.
        {peer: median(time / ours[turn] for turn, time in taken) for peer, taken in times.items()},
        missing,
    )


def timings(works: Mapping[str, Work], *, seconds: float, turns: int) -> dict[str, list[tuple[int, float]]]:
    """Return the times in seconds of each, with the turns in which they were taken.

    One that takes long has fewer turns, but never fewer than `turns`; these are spread over those of the others. Ours,
    which come first, are timed in all turns.
    """
    batches, planned = {}, {}
    times: dict[str, list[tuple[int, float]]] = {}
    for name, work in works.items():
        once = _time(work, 1)  # fills tables and caches, too
        if once < seconds / 4:
            once, times[name] = _time(work, 1), []
        else:  # next to which tables and caches are nothing: it counts
            times[name] = [(1, once)]
        batches[name] = max(1, math.ceil(BATCH / max(once, 1e-7)))
        planned[name] = max(turns, min(MOST_TURNS, int(seconds / max(once * batches[name], 1e-7))))
    rounds = planned[OURS] = max(planned.values())
    for turn in range(1, rounds + 1):
        for name, work in works.items():
            if (len(times[name]) + 1) * rounds <= turn * planned[name]:
                times[name].append((turn, _time(work, batches[name])))
    return times


def _time(work: Work, repetitions: int) -> float:
    start = process_time()
    for _ in range(repetitions):
        work()
    return (process_time() - start) / repetitions
