"""What goes through a tap, which way, and what an attacker in its place can do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Flow(Enum):
    """Which way bytes go through the tap. The caller is who connected to it; the target whom it connects to."""

    TO_TARGET = "to target"
    TO_CALLER = "to caller"


class CutOffError(Exception):
    """Raised by a `Tamper` to cut the connection, both ways."""


Tamper: TypeAlias = Callable[[Flow, int, bytes], list[bytes]]
"""Takes a record's flow, its number in that flow (from 0) and its bytes; returns what to pass on."""


@dataclass
class Capture:
    """What passed through one connection, as it came in, before any tampering.

    passages: the pieces in the order in which they came, each with its flow.
    """

    passages: list[tuple[Flow, bytes]] = field(default_factory=list)

    def stream(self, flow: Flow) -> bytes:
        """Return all that went one way."""
        return b"".join(piece for its_flow, piece in self.passages if its_flow is flow)
