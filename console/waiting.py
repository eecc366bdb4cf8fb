"""A line on the terminal that says what takes so long, for how many seconds by now; in a pipe, nothing.

>>> with waiting("PBKDF2"):     # nothing is shown here: standard error is not a terminal, and it takes no second
...     print(sum(range(10)))
45
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from explain.trace import tracing

INTERVAL = 1.0  # seconds: what ends before needs no explanation


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Tell on the terminal, from the first second on, that the work of this block goes on; wipe it away at the end.

    what: is being made or done, in at most 60 characters of ASCII, which every terminal shows in a column each.
    Where steps are printed as they happen, they tell enough.
    """
    if tracing() or not sys.stderr.isatty():
        yield
        return
    ended = Event()
    waiter = Thread(target=_show, args=(what, ended), daemon=True)
    waiter.start()
    try:
        yield
    finally:
        ended.set()
        waiter.join()


def _show(what: str, ended: Event) -> None:
    """Write how long it has taken after every second, in one line, until it has ended."""
    line = ""
    seconds = 0
    while not ended.wait(INTERVAL):
        seconds += 1
        line = f"{what}: {seconds} s"
        sys.stderr.write(f"\r{line}")
        sys.stderr.flush()
    if line:
        sys.stderr.write("\r" + " " * len(line) + "\r")
        sys.stderr.flush()
