"""What every party has: a name, a folder in the state directory, its world, its report, its time limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.party.reporting import Report
from demo.party.world import World

STEP_TIMEOUT = 10.0  # seconds for a handshake, and for each wait for the other side within a connection
CROWD_TIMEOUT = 120.0  # seconds for the same where a server has hundreds of clients at a time, on whatever machine


@dataclass(frozen=True)
class Party:
    """One party as it runs.

    name: `ttp`, `server`, `client`, or that of a person.
    directory: the state directory, which the parties of one machine share; each has a folder of its own in it.
    patience: how many seconds it waits for the others to come.
    choose: asks a person which of several is meant, by a title and the choices, and returns the number of one, from 0.
    revealing: whether it reports what it is to keep secret, too.
    """

    name: str
    directory: Path
    world: World
    report: Report
    patience: float
    choose: Callable[[str, Sequence[str]], int]
    revealing: bool = False

    @property
    def folder(self) -> Path:
        """The party's own folder."""
        return self.directory / self.name

    @property
    def step_timeout(self) -> float:
        """How many seconds one wait within a connection may take."""
        return min(STEP_TIMEOUT, self.patience)

    @property
    def crowd_timeout(self) -> float:
        """How many seconds a handshake or one wait may take for a server that has many clients."""
        return min(CROWD_TIMEOUT, self.patience)
