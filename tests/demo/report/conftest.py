"""One run of the demo, with all its secrets, for all tests of the report."""

import fcntl
import os
import pickle

import pytest

from demo.report.build import build
from demo.report.model import Run
from tests.demo.support.reports import OTP, SEED, Revealed, revealed_run


@pytest.fixture(scope="session")
def revealed(tmp_path_factory: pytest.TempPathFactory) -> Revealed:
    """What was told, reported and captured; made once, also when several processes run the tests."""
    base = tmp_path_factory.getbasetemp()  # with pytest-xdist, each process has its own in one that they share
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "revealed-run.pickle"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = revealed_run(tmp_path_factory.mktemp("revealed"), "--seed", str(SEED))
            kept.write_bytes(pickle.dumps(made))
        found: Revealed = pickle.loads(kept.read_bytes())
        return found


@pytest.fixture(scope="session")
def run(revealed: Revealed) -> Run:
    """The same, as the page tells it."""
    return build(revealed.told, revealed.events, revealed.captures, text=OTP, seed=SEED)
