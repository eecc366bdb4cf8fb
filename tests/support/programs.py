"""Our own programs, started without starting Python: tests that use `subprocess` get this module's `Popen` there.

Starting Python and importing our code takes up to a third of a second of processor time; forking a process that has
done both takes a tenth of that. A test sees no difference: the program is a process of its own, with its arguments,
environment and streams, and its exit status. What forking cannot do, such as a variable that Python reads when it
starts, starts in the ordinary way, and with CUTAWAY_COLD_STARTS=1, as in one of the runs of `.ci/run`, everything does.
"""

import atexit
import inspect
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, AnyStr

from tests.support.fork_server import ROOMS

ROOT = Path(__file__).parents[2]
READ_AT_THE_START = ("PYTHON", "LC_", "LANG")  # how the names of such variables begin
USUAL = {
    "executable": None, "preexec_fn": None, "close_fds": True, "pass_fds": (), "shell": False, "gid": None,
    "gids": None, "uid": None, "umask": -1, "process_group": -1,
}  # fmt: skip


class ForkServer:
    """The process `tests.support.fork_server`, which ends with this one."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.fork_server", str(theirs.fileno())],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self._end)

    def _end(self) -> None:
        self._orders.close()
        self._process.wait()

    def start(self, streams: Sequence[int], **order: Any) -> tuple[int, int]:
        """Have a program started; return its process number, and the file in which its exit status will stand."""
        ending, told = os.pipe()
        content = json.dumps(order).encode()
        with self._turn:
            socket.send_fds(self._orders, [struct.pack("!I", len(content))], [*streams, told])
            self._orders.sendall(content)
        os.close(told)
        return number_in(ending), ending


@cache
def fork_server() -> ForkServer:
    return ForkServer()


def number_in(file: int) -> int:
    content = os.read(file, 4)
    assert content, "the fork server has ended"
    [number] = struct.unpack("!i", content)
    return int(number)


def command_of_ours(words: Sequence[str | os.PathLike[str]]) -> tuple[str, list[str]] | None:
    """Return the module and its arguments if these words run a program of ours, else None."""
    interpreter, *rest = [os.fspath(word) for word in words]
    if rest[:1] == ["-P"]:
        del rest[0]
    if interpreter == sys.executable and len(rest) > 1 and rest[0] == "-m" and rest[1].split(".")[0] in ROOMS:
        return rest[1], rest[2:]
    return None


def python_starts_alike(environment: Mapping[str, str]) -> bool:
    """Whether Python, started in this environment, would be as it is in the fork server."""
    return all(
        environment.get(name) == os.environ.get(name)
        for name in {*environment, *os.environ} - {"PYTHONPATH"}
        if name.startswith(READ_AT_THE_START)
    )


class Popen(subprocess.Popen[AnyStr]):
    """`subprocess.Popen`, but that a program of ours is forked."""

    _ending: int | None = None  # where the exit status of a forked program will stand

    # Of `subprocess.Popen`, this method starts the process, and the next two wait for its end.
    def _execute_child(self, *arguments: Any) -> None:
        start = super()._execute_child  # type: ignore[misc]
        how = inspect.signature(start).bind(*arguments).arguments
        command = None if isinstance(how["args"], str) else command_of_ours(how["args"])
        environment = dict(os.environ if how["env"] is None else how["env"])
        usual = all(how[name] == value for name, value in USUAL.items())
        if command is None or not usual or not python_starts_alike(environment):
            start(*arguments)
            return
        module, words = command
        streams = how["p2cread"], how["c2pwrite"], how["errwrite"]
        self.pid, self._ending = fork_server().start(
            [inherited if stream == -1 else stream for inherited, stream in enumerate(streams)],
            module=module,
            words=words,
            directory=os.path.abspath(how["cwd"] or "."),
            environment=environment,
            new_session=how["start_new_session"],
        )
        weakref.finalize(self, os.close, self._ending)  # not before: another thread may wait for it
        self._child_created = True
        pipes = "p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite"
        self._close_pipe_fds(*(how[pipe] for pipe in pipes))  # type: ignore[attr-defined]

    def _internal_poll(self, *arguments: Any, **options: Any) -> int | None:
        if self._ending is None:
            return super()._internal_poll(*arguments, **options)  # type: ignore[misc,no-any-return]
        self._has_ended(0)
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        if self._ending is None:
            return super()._wait(timeout)  # type: ignore[misc,no-any-return]
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def _has_ended(self, timeout: float | None) -> bool:
        if self.returncode is None and self._ending is not None and wait([self._ending], timeout):
            with self._waitpid_lock:  # type: ignore[attr-defined]  # several threads may wait; one of them reads
                if self.returncode is None:
                    self.returncode = number_in(self._ending)
        return self.returncode is not None
