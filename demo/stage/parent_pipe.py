"""A party's parent pipe: its standard input, whose other end its parent process holds. When it ends, the party does.

Lines that come over it are answers to questions that the party has reported.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Sequence

from console.exit_status import INTERRUPTED
from console.interrupts import interrupt_main_thread
from demo.failure import PartyError
from demo.party.reporting import Report

LAST_MOMENT = 1.0  # seconds in which the main thread is to notice, on a system where its waiting cannot be ended


class ParentPipe:
    """Reads the parent pipe from now on.

    report: is told of questions. patience: seconds in which an answer is to come.
    """

    def __init__(self, report: Report, patience: float) -> None:
        self._report, self._patience = report, patience
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def choose(self, title: str, choices: Sequence[str]) -> int:
        """Report a question and return its answer: the number of a choice, from 0."""
        self._report("question", title=title, choices=list(choices))
        try:
            answer = self._answers.get(timeout=self._patience)
        except queue.Empty:
            raise PartyError(f"nobody chose within {self._patience:g} s") from None
        if not answer.isdecimal() or int(answer) >= len(choices):
            raise PartyError(f"the answer is {answer!r}, expected 0 to {len(choices) - 1}")
        return int(answer)

    def _read(self) -> None:
        """End like Ctrl-C when standard input ends. (`os.read`: no thread must hold Python's own buffer at the end.)"""
        received = b""
        while data := os.read(sys.stdin.fileno(), 4096):
            *lines, received = (received + data).split(b"\n")
            for line in lines:
                self._answers.put(line.decode(errors="replace").strip())
        if not interrupt_main_thread():
            time.sleep(LAST_MOMENT)
            os._exit(INTERRUPTED)  # it still waits for something, and nothing else could end that
