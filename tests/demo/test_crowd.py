"""The servers under many clients at once, and some among them who stall, cut and send junk."""

from pathlib import Path

import pytest

from benchmarks.crowd import VISITS, crowd
from demo.stage.processes import Processes


def served(directory: Path, which: str, *, clients: int, others: int) -> None:
    with Processes() as processes:
        found = crowd(directory, processes, which, clients=clients, others=others)
    assert (found.failed, found.served, found.at_once) == ([], clients, clients)
    assert len(found.latencies) == clients


@pytest.mark.parametrize("which", VISITS)
def test_a_small_crowd(enrolled: Path, which: str) -> None:
    served(enrolled, which, clients=12, others=8)


@pytest.mark.slow
@pytest.mark.parametrize("which", VISITS)
def test_five_hundred_at_once(enrolled: Path, which: str) -> None:
    served(enrolled, which, clients=500, others=60)
