"""What all tests share: the programs of peers, and what is not to be collected."""

import gc
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings

from tests.support import programs, shares

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in its background deaf to Ctrl-C, and the programs under test would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    # Where Python is told to keep no bytecode, pytest's workers and each of the hundreds of programs under test would
    # compile every module anew, and need twice their time to start. They keep it beside pytest's own cache.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")

if "PYTHONPATH" in os.environ:
    # Programs under test start in folders of their own, where a relative path, as that of `without_gmpy2`, is lost.
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, os.environ["PYTHONPATH"].split(os.pathsep)))

if os.environ.get("CUTAWAY_COLD_STARTS") != "1":
    # Half of the everyday run would go into starting Python and importing our code for hundreds of programs.
    subprocess.Popen = programs.Popen  # type: ignore[misc]

shares.draw_seed()

# No test asserts a time, on a machine that may be busy with others.
settings.register_profile("cutaway", deadline=None)
settings.load_profile("cutaway")

# Modules that are not imported by these processes: one refuses to be, the other takes away what Windows lacks.
collect_ignore = ["without_gmpy2", "support/windows"]

PeerTool: TypeAlias = Callable[[str], str]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep Python's garbage collector from looking at all the tests again and again."""
    gc.collect()
    gc.freeze()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Say which share of the large fuzz tests this run takes, if it runs any."""
    is_worker = hasattr(session.config, "workerinput")
    if not is_worker and session.config.getoption("markexpr") != "not slow":
        session.config.get_terminal_writer().line(shares.announcement())


def run(*command: str | os.PathLike[str], stdin: bytes = b"") -> str:
    """Return what a peer's program prints; fail, with what it complained of, if it fails."""
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)
    shown = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{command}: status {done.returncode}\n{done.stderr.decode(errors='replace')}\n{shown}"
    return shown


@pytest.fixture(scope="session")
def peer_tool() -> PeerTool:
    """Return the path of a peer's program: `openssl = peer_tool("openssl")`.

    A missing program skips the test with its reason; with CUTAWAY_REQUIRE_PEERS=1 it fails it.
    """

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            reason = f"the program {name} is not installed"
            if os.environ.get("CUTAWAY_REQUIRE_PEERS") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find
