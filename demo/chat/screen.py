"""Where a chat is shown and typed: what comes is shown above the line that is being typed.

On a terminal the line can be edited, as `readline` does it. In a pipe there is no prompt, and lines are lines. What
others have written goes through `printable`: they might like to steer the terminal.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading

from console.interrupts import heard_interrupts
from console.printable import printable
from demo.party.reporting import Report

try:
    import readline
except ImportError:  # a Python without it: lines can then be typed, and not edited
    readline = None  # type: ignore[assignment]  # a module, or none


class Screen:
    """The terminal or the pipe.

    prompt: what a line that is typed begins with, on a terminal.
    report: is told what is shown, instead of anybody who looks.
    """

    def __init__(self, prompt: str, *, report: Report | None = None) -> None:
        self._report = report
        self._interactive = sys.stdin.isatty() and sys.stdout.isatty() and report is None
        self._prompt = f"{printable(prompt)}> " if self._interactive else ""
        self._lock = threading.Lock()
        self._typing = False

    @property
    def nobody_types(self) -> bool:
        """Whether there is no input at all, such as with `</dev/null`: no terminal, no pipe and no file."""
        try:
            mode = os.fstat(sys.stdin.fileno()).st_mode
        except (OSError, ValueError):  # it is closed
            return True
        return stat.S_ISCHR(mode) and not sys.stdin.isatty()

    def read(self) -> str | None:
        """Return the next line that is typed, or None at the end of the input."""
        self._typing = True
        try:
            with heard_interrupts():
                return input(self._prompt) if self._interactive else _line()
        except EOFError:
            if self._interactive:
                sys.stdout.write("\n")
            return None
        finally:
            self._typing = False

    def show(self, text: str) -> None:
        """Show a line, which others may have written."""
        if self._report is not None:
            self._report("shown", text=text)
            return
        with self._lock, contextlib.suppress(BrokenPipeError):
            if not self._interactive:
                sys.stdout.write(f"{printable(text)}\n")
            else:
                typed = self._prompt + (readline.get_line_buffer() if readline is not None else "")
                # Over the line that is typed, and that again below. Spaces wipe it out: not every terminal knows more.
                again = typed if self._typing else ""
                sys.stdout.write(f"\r{' ' * len(typed)}\r{printable(text)}\n{again}")
            sys.stdout.flush()


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")
