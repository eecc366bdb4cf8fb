"""What a benchmark is: one thing to do, by us and by peers, and the ratio that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Work: TypeAlias = Callable[[], object]
"""Does the thing that is timed, once."""

Maker: TypeAlias = Callable[[], Work]
"""Imports a peer, prepares it, and returns its `Work`: a peer that is not installed raises `ModuleNotFoundError`."""

LIMIT = "cryptography"  # OpenSSL and Rust: how fast it can be at all, and no peer of pure Python

KiB, MiB = 2**10, 2**20


@dataclass(frozen=True)
class Target:
    """A ratio to reach.

    times: how many times as fast as the peer we want to be, at least; for "within 1.15×" that is 1/1.15.
    peer: which of the row's peers.
    """

    times: float
    peer: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that is measured.

    what: names it, in at most 44 characters.
    ours: does it here.
    peers: who else can do it, by name. All work through the same data, prepared outside of the timing.
    target: the ratio that is wanted, if there is one.
    size: the bytes that are worked through, if speed is to be shown as MB/s in place of a time.
    turns: how often at least, for things that take another time on every run; otherwise, as time allows.
    """

    what: str
    ours: Work
    peers: Mapping[str, Maker] = field(default_factory=dict)
    target: Target | None = None
    size: int | None = None
    turns: int = 2


@dataclass(frozen=True)
class Result:
    """What came of a row.

    ours: the median time in seconds.
    peers: the median time in seconds of each peer that could be run.
    ratios: how many times as fast as each peer we are: the median of the ratios of turns that were side by side.
    missing: the peers that could not be run, and why.
    """

    row: Row
    ours: float
    peers: Mapping[str, float]
    ratios: Mapping[str, float]
    missing: Mapping[str, str]

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None without a target, or without its peer."""
        target = self.row.target
        return None if target is None or target.peer not in self.ratios else self.ratios[target.peer] >= target.times

    def as_json(self) -> dict[str, Any]:
        """Return all of it for `--json`."""
        target = self.row.target
        return {
            "what": self.row.what,
            "size": self.row.size,
            "ours_s": self.ours,
            "peers": {
                **{peer: {"s": time, "ratio": self.ratios[peer]} for peer, time in self.peers.items()},
                **{peer: {"missing": why} for peer, why in self.missing.items()},
            },
            "target": None if target is None else {"peer": target.peer, "ratio": target.times, "reached": self.reached},
        }
