"""Servers as processes of their own that are short of something, and a crowd that takes what there is."""

import contextlib
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE = 60.0
ROOT = Path(__file__).parents[2]
HALF_A_HELLO = b"\x16\x03\x01\x02\x00\x01"
CROWD = 600  # who say half a hello and stay
LISTENING = re.compile(r"listening.*:(\d+)\D*$")

PROGRAM = """
import sys
{limit}
from {room}.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
LIMITS = {
    "descriptors": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
    "memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20, 300 * 2**20))",
    # No user's limit of threads holds for root, as whom tests may run, so it is one of Python's.
    "threads": "import threading; start = threading.Thread.start\n"
    "def limited(thread):\n    if threading.active_count() >= 8: raise RuntimeError('can\\'t start new thread')\n"
    "    start(thread)\nthreading.Thread.start = limited",
}
"""What a server can be short of, and the Python that makes it so."""


def calling(address: tuple[str, int], source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(address, PATIENCE, source_address=(source, 0))


def starved(short_of: str, room: str, *words: str | Path) -> list[str]:
    """Return the command line of `python -m ROOM WORDS`, short of one of the `LIMITS`."""
    return [sys.executable, "-c", PROGRAM.format(limit=LIMITS[short_of], room=room), *map(str, words)]


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """Start a server; yield its process, its port and a list that gets each further line that it says."""
    said: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                said.append(line)
                if found := LISTENING.search(line):
                    break
            else:
                raise AssertionError(said)
            reader = threading.Thread(target=said.extend, args=(server.stdout,))
            reader.start()
            try:
                yield server, int(found[1]), said
            finally:
                server.kill()
                reader.join()  # before the block's end closes what it reads from
        finally:
            server.kill()


def goes_on(command: list[str], visit: Callable[[socket.socket], None]) -> None:
    """Let a crowd take what there is: an honest client of another address is served, and later one of theirs.

    command: starts the server. visit: what an honest client does; raises if it is not served.
    """
    with running(command) as (server, port, said), contextlib.ExitStack() as crowd:
        for _ in range(CROWD):
            with contextlib.suppress(OSError):
                crowd.enter_context(calling(("127.0.0.1", port))).sendall(HALF_A_HELLO)
        try:
            visits(port, "127.0.0.2", visit)
            crowd.close()
            visits(port, "127.0.0.1", visit)
        except Exception as error:
            raise AssertionError([line[:200] for line in said[-20:]]) from error
        assert server.poll() is None, said
        assert not any("Traceback" in line for line in said), said


def visits(port: int, source: str, visit: Callable[[socket.socket], None]) -> None:
    """Be served within a minute, by as many attempts as it takes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with calling(("127.0.0.1", port), source) as transport:
                visit(transport)
                return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
