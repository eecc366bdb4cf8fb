"""Recordings hold what is computed in them, and nothing else."""

import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

from explain import trace
from primitives.hotp import hotp
from primitives.sdes import SDES

ROOT = Path(__file__).parents[2]
IMPORTS = """
import importlib, pkgutil, primitives
from explain import trace
with trace.recording() as steps:
    for module in pkgutil.iter_modules(primitives.__path__):
        if module.name != "__main__":
            importlib.import_module(f"primitives.{module.name}")
print([step.name for step in steps])
"""


def test_constants_that_are_computed_on_import_are_no_steps() -> None:
    """A command imports an algorithm when it needs it, and may be recording by then."""
    done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_thread_does_not_record_what_another_one_computes() -> None:
    begun, ended = Barrier(2, timeout=60), Barrier(2, timeout=60)
    seen: list[trace.Step] = []

    def record() -> None:
        with trace.recording() as steps:
            begun.wait()
            ended.wait()
        seen.extend(steps)

    thread = Thread(target=record)
    thread.start()
    begun.wait()
    assert trace.anybody == 1
    assert not trace.active()
    assert SDES(0b1010000010).encrypt_block(b"\xbd") == b"\x75"
    assert hotp(b"12345678901234567890", 0) == "755224"
    ended.wait()
    thread.join()
    assert (seen, trace.anybody) == ([], 0)


def test_what_is_unrecorded_is_not_active() -> None:
    with trace.recording() as steps:
        assert trace.active()
        with trace.unrecorded():
            assert not trace.active()
            trace.step("a", 1, "§1", why="nobody sees it")
        assert trace.active()
    assert (steps, trace.active(), trace.anybody) == ([], False, 0)
