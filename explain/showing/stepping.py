"""One key press at a time: stops a computation after each step until somebody has seen it.

Standard     POSIX termios: the terminal gives each key at once, and Ctrl-C still interrupts. On Windows, the console of
             Python's msvcrt.
Left out     Terminals with neither.
Timing       That of the person who presses the keys.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

TERMINAL = "/dev/tty"  # not standard input, which may hold the message
QUIT = (b"q", b"Q", b"\x04", b"")  # q, Ctrl-D, and a terminal that went away
INTERRUPT = b"\x03"  # Ctrl-C, which Windows gives as a key where keys are asked for


class StoppedError(Exception):
    """Somebody has seen enough."""


@contextmanager
def key_presses() -> Iterator[Callable[[], None]]:
    """Give a function that waits for a key press; q raises `StoppedError`.

    Raises `OSError` if there is no terminal to press keys on.
    """
    try:
        import termios
        import tty
    except ImportError:
        yield _windows_key()
        return
    descriptor = os.open(TERMINAL, os.O_RDONLY)
    try:
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor, termios.TCSANOW)
        try:
            yield lambda: _wait(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, before)
    finally:
        os.close(descriptor)


def _wait(descriptor: int) -> None:
    if os.read(descriptor, 16) in QUIT:  # an arrow and the like are several bytes at once
        raise StoppedError


def _windows_key() -> Callable[[], None]:
    """Return what waits for a key press in a console of Windows, whatever standard input is."""
    try:
        console: Any = import_module("msvcrt")
    except ImportError:
        raise OSError("this system's terminals give no single keys") from None

    def wait() -> None:
        key = console.getch()
        if key in (b"\0", b"\xe0"):  # an arrow and the like are two
            console.getch()
        if key == INTERRUPT:
            raise KeyboardInterrupt
        if key in QUIT:
            raise StoppedError

    return wait
