"""Takes away from Python what it does not have on Windows, in every process that has this folder in its PYTHONPATH.

Left alone is what Python's own library needs to start processes on this system, such as SIGKILL and `os.fork`'s kin.
"""

import builtins
import os
import selectors
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MODULES = ("fcntl", "termios", "tty", "pty", "readline", "resource", "pwd", "grp", "syslog", "crypt")
GONE = {
    signal: (
        "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGPIPE", "SIGTSTP", "SIGCONT", "SIGCHLD", "SIGWINCH",
        "pthread_kill", "pthread_sigmask", "sigwait", "siginterrupt", "setitimer", "getitimer", "alarm", "pause",
    ),
    os: (
        "fchmod", "fchown", "chown", "getuid", "geteuid", "getgid", "getegid", "fork", "forkpty", "set_blocking",
        "get_blocking", "mkfifo", "killpg", "getpgid", "setsid", "setpgid", "sched_getaffinity", "openpty", "ttyname",
        "uname", "O_TMPFILE", "O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY",
    ),
}  # fmt: skip

tempfile._O_TMPFILE_WORKS = False  # type: ignore[attr-defined]  # it asks only when it is imported
for module, names in GONE.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)


class Missing(MetaPathFinder):
    """Finds nothing where Windows has nothing."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


for name in MODULES:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())


class SocketsOnly(selectors.SelectSelector):
    """As on Windows, where select() knows no pipes."""

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        if not isinstance(fileobj, socket.socket):
            raise OSError(10038, "An operation was attempted on something that is not a socket")
        return super().register(fileobj, events, data)


selectors.DefaultSelector = SocketsOnly  # type: ignore[misc,assignment]

_open, _os_open = builtins.open, os.open


def _no_terminal(path: object) -> None:
    if path == "/dev/tty":
        raise FileNotFoundError(2, "No such file or directory", path)


def _opened(path: Any, *arguments: Any, **more: Any) -> Any:
    _no_terminal(path)
    return _open(path, *arguments, **more)


def _os_opened(path: Any, *arguments: Any, **more: Any) -> int:
    _no_terminal(path)
    return _os_open(path, *arguments, **more)


builtins.open = _opened  # type: ignore[assignment]
os.open = _os_opened
