"""Whether early data was seen before: the memory of a server against replays.

Standard     RFC 9846 §8.1, §8.2, §8.3.
Left out     Sharing it between servers: each that opens the same tickets takes early data once.

>>> guard = ReplayGuard(window=timedelta(seconds=10))
>>> now = datetime(2030, 6, 1)
>>> guard.is_first(b"binder", at=now), guard.is_first(b"binder", at=now)
(True, False)
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=10)  # §8.3: "on the order of ten seconds"
CAPACITY = 10_000  # tickets, of 32 to 64 bytes each


class ReplayGuard:
    """Remembers what has brought early data, for as long as it would be taken for fresh.

    One object for all connections of a server, in any number of threads. window: how far a ticket's age may be off.
    capacity: how many may come within a window; if there are more, the others' early data is refused, and comes later.
    """

    def __init__(self, *, window: timedelta = WINDOW, capacity: int = CAPACITY) -> None:
        if window <= timedelta(0) or capacity < 1:
            raise ValueError("the window and the capacity are more than 0")
        self.window, self._capacity = window, capacity
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()  # the oldest first
        self._lock = threading.Lock()

    def is_first(self, mark: bytes, *, at: datetime) -> bool:
        """Return whether this has not come before, and remember it.

        mark: what tells one ClientHello from all others. at: the time of now.
        """
        with self._lock:
            while self._seen and at - next(iter(self._seen.values())) > 2 * self.window:
                self._seen.popitem(last=False)
            if mark in self._seen or len(self._seen) >= self._capacity:
                return False
            self._seen[mark] = at
            return True
