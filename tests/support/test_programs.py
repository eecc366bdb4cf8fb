"""A program that is forked does what it does when Python is started for it."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from primitives.sha2 import sha256
from tests.support.programs import ROOT, Popen

Kind = type[subprocess.Popen[bytes]]
COLD: Kind = Popen.__bases__[0]
EITHER_WAY = pytest.mark.parametrize("popen", [COLD, Popen], ids=["cold", "forked"])


def start(popen: Kind, module: str, *words: str, **options: Any) -> subprocess.Popen[bytes]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    keywords: dict[str, Any] = {"cwd": ROOT, **pipes, **options}
    return popen([sys.executable, "-m", module, *words], **keywords)


def outcome(popen: Kind, *words: str, given: bytes = b"", **options: Any) -> tuple[int, bytes, bytes]:
    with start(popen, *words, **options) as process:
        out, err = process.communicate(given, timeout=60)
    return process.returncode, out, err


def is_forked(process: subprocess.Popen[bytes]) -> bool:
    status = Path(f"/proc/{process.pid}/stat")
    if not status.exists():
        pytest.skip("this system does not tell a process's parent in /proc")
    return int(status.read_text().rpartition(") ")[2].split()[1]) != os.getpid()


@pytest.mark.parametrize(
    ("module", "options", "forked"),
    [
        ("primitives", {}, True),
        ("primitives", {"env": {**os.environ, "COLUMNS": "60"}}, True),
        ("primitives", {"env": {**os.environ, "PYTHONUTF8": "0"}}, False),
        ("primitives", {"process_group": 0}, False),
        ("json.tool", {}, False),
    ],
)
def test_what_is_forked(module: str, options: dict[str, Any], forked: bool) -> None:
    words = ["sha256"] if module == "primitives" else []
    with start(Popen, module, *words, **options) as process:
        assert is_forked(process) is forked
        process.communicate(b"{}", timeout=60)


@pytest.mark.skipif(os.environ.get("CUTAWAY_COLD_STARTS") == "1", reason="each program is started in the ordinary way")
def test_every_test_that_uses_subprocess_has_it() -> None:
    with start(subprocess.Popen[bytes], "primitives", "sha256") as process:
        assert is_forked(process)
        process.communicate(b"", timeout=60)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("primitives", "sha256"), b"abc"),
        (("primitives", "sha256", "--raw"), b"abc"),
        (("primitives", "sha256", "@abc"), b""),
        (("primitives", "sha256", "abc", "--trace"), b""),
        (("primitives", "nonsense"), b""),
        (("pki", "show", "-"), b"hello"),
        (("pki", "verify", "abc"), b""),
        (("handshake", "client", "localhost:1"), b""),
        (("demo", "client", "--help"), b""),
        (("vectors", "nowhere"), b""),
    ],
)  # fmt: skip
def test_it_ends_and_writes_as_it_does_otherwise(words: tuple[str, ...], given: bytes, tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    options: dict[str, Any] = {"cwd": tmp_path, "env": {**os.environ, "COLUMNS": "60", "PYTHONPATH": str(ROOT)}}
    assert outcome(Popen, *words, given=given, **options) == outcome(COLD, *words, given=given, **options)


@EITHER_WAY
def test_its_end_is_waited_for(popen: Kind) -> None:
    with start(popen, "primitives", "sha256") as process:
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        out, err = process.communicate(b"", timeout=60)
        assert (out[:8], err, process.poll(), process.wait()) == (b"e3b0c442", b"", 0, 0)


@EITHER_WAY
def test_several_threads_may_wait_for_its_end(popen: Kind) -> None:
    for _ in range(5):
        with start(popen, "primitives", "sha256") as process, ThreadPoolExecutor() as pool:
            statuses = [pool.submit(process.wait, 60) for _ in range(4)]
            process.kill()
            assert {status.result() for status in statuses} == {-signal.SIGKILL}


@EITHER_WAY
@pytest.mark.parametrize(
    ("end", "status", "err"),
    [(signal.SIGINT, 130, b"Interrupted.\n"), (signal.SIGTERM, 143, b""), (signal.SIGKILL, -signal.SIGKILL, b"")],
)
def test_signals_reach_it(popen: Kind, end: signal.Signals, status: int, err: bytes) -> None:
    with start(popen, "demo", "server", "--trivial", "--json", "--listen", "127.0.0.1:0") as process:
        assert process.stdout is not None
        assert b'"listening"' in process.stdout.readline()
        process.send_signal(end)
        assert (process.communicate(timeout=60)[1], process.returncode) == (err, status)


@EITHER_WAY
def test_it_leads_a_session_of_its_own_where_that_is_asked_for(popen: Kind) -> None:
    for asked in (True, False):
        with start(popen, "primitives", "sha256", start_new_session=asked) as process:
            assert (os.getsid(process.pid) == process.pid) is asked
            process.communicate(b"", timeout=60)


def test_many_at_once_keep_their_streams_apart() -> None:
    processes = [start(Popen, "primitives", "sha256", "--raw") for _ in range(8)]
    assert len({process.pid for process in processes}) == 8
    digests = [process.communicate(bytes([number]), timeout=60)[0] for number, process in enumerate(processes)]
    assert digests == [sha256(bytes([number])).digest() for number in range(8)]
    assert all(process.wait(60) == 0 for process in processes)
