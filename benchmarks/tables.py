"""Results as text: lines for a terminal of 80 columns, and a table in Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.row import Result

HEAD = f"{'':50} {'':>10} {'ratio':>8}  target"


def lines(result: Result) -> list[str]:
    """Return a result as lines: what was measured, with our figure, and below it each peer with its own."""
    target, size = result.row.target, result.row.size
    found = [f"{result.row.what:50} {amount(result.ours, size):>10}"]
    for peer, time in result.peers.items():
        line = f"    {peer:46} {amount(time, size):>10} {times(result.ratios[peer]):>8}"
        found.append(line if target is None or peer != target.peer else f"{line}  {times(target.times)} {mark(result)}")
    return found + [f"    {peer:46} {why}" for peer, why in result.missing.items()]


def markdown(results: Sequence[Result]) -> str:
    """Return results as a table in Markdown."""
    rows = ["| what | ours | peer | theirs | ratio |", "| --- | ---: | --- | ---: | ---: |"]
    for result in results:
        size = result.row.size
        cells = [f"{peer} | {amount(time, size)} | {times(result.ratios[peer])}" for peer, time in result.peers.items()]
        cells += [f"{peer} | {why} |" for peer, why in result.missing.items()]
        for i, cell in enumerate(cells or [" | |"]):
            what = f"{result.row.what} | {amount(result.ours, size)}" if i == 0 else " |"
            rows.append(f"| {what} | {cell} |")
    return "\n".join(rows) + "\n"


def targets(results: Sequence[Result]) -> str:
    """Return the rows that have a target as a table in Markdown: what was wanted, and what was measured."""
    rows = ["| what | peer | at least | measured | |", "| --- | --- | ---: | ---: | --- |"]
    for result in results:
        if (target := result.row.target) is not None:
            measured = times(result.ratios[target.peer]) if target.peer in result.peers else "not installed"
            rows.append(f"| {result.row.what} | {target.peer} | {times(target.times)} | {measured} | {mark(result)} |")
    return "\n".join(rows) + "\n"


def mark(result: Result) -> str:
    """Return whether a target was reached, as a sign."""
    return {True: "✓", False: "✗", None: "?"}[result.reached]


def times(ratio: float) -> str:
    """Return a ratio with three digits."""
    return f"{significant(ratio)}×"


def amount(seconds: float, size: int | None) -> str:
    """Return a time, or the speed at which so many bytes were worked through, with three digits and a unit."""
    if size is not None:
        return f"{significant(size / seconds / 1e6)} MB/s"
    unit, factor = ("s", 1.0) if seconds >= 1 else ("ms", 1e3) if seconds >= 0.001 else ("µs", 1e6)
    return f"{significant(seconds * factor)} {unit}"


def significant(number: float) -> str:
    """Return a positive number with three significant digits, and without an exponent.

    >>> significant(1521.4), significant(20.04), significant(1.5), significant(0.000471)
    ('1520', '20', '1.5', '0.000471')
    """
    digits = max(0, 2 - math.floor(math.log10(number)))
    rounded = f"{float(f'{number:.3g}'):.{digits}f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
