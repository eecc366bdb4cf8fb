"""The story's three parties as processes of their own: started, listened to, and never left behind.

A party's process reports in lines of JSON on its standard output. Its standard input is its parent pipe: the process
ends when that ends, so that it does not outlive the story even if the story is killed. What comes there are answers to
its questions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from demo.failure import PartyError

Event: TypeAlias = dict[str, Any]
"""An event as it came in JSON: `party`, `event`, and the event's facts."""

ENDING = 3.0  # seconds in which a party that is told to end does so
ROOT = Path(__file__).resolve().parents[2]  # where the rooms of this very code are


class PartyProcess:
    """One party's process.

    party: the command that runs it: `ttp`, `server`, `client`.
    arguments: the rest of its command line.
    """

    def __init__(self, party: str, *arguments: str) -> None:
        self.party = party
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self._ended = False
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `end`
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        # -P: the process runs this code, not a file of the same name in the directory we are in.
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter, our own module
            [sys.executable, "-P", "-m", "demo", *party.split(), "--json", "--parent-pipe", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                with self._changed:
                    self.events.append(json.loads(line))
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, *names: str, timeout: float, number: int = 0) -> Event:
        """Return the first event of one of these names, or the one of that number, from 0, when it has come.

        Raises `PartyError` if the party ends without it or `timeout` seconds pass.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                found = [event for event in self.events if event["event"] in names]
                if len(found) > number:
                    return found[number]
                if self._ended:
                    break
                if not self._changed.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    raise PartyError(f"the {self.party} did not report {names[0]!r} within {timeout:g} s")
        raise PartyError(self.last_words())

    def exit_status(self, *, timeout: float) -> int:
        """Return the exit status, when the party has ended; raise `PartyError` if it does not in time."""
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise PartyError(f"the {self.party} did not end within {timeout:g} s") from None
        self._listener.join(timeout)
        return status

    def wait(self, *, timeout: float) -> None:
        """Wait until the party has ended; raise `PartyError` if not with exit status 0, or not in time."""
        if self.exit_status(timeout=timeout) != 0:
            raise PartyError(self.last_words())

    def last_words(self) -> str:
        """Return the one line in which the party, which has ended or is about to, said why it failed."""
        status = self.exit_status(timeout=ENDING)
        lines = self.complaints()
        return lines[-1] if lines else f"{self.party}: ended with exit status {status}"

    def complaints(self) -> list[str]:
        """Return the lines on the party's standard error so far."""
        self._stderr.seek(0)
        return self._stderr.read().decode(errors="replace").splitlines()

    def answer(self, answer: str) -> None:
        """Answer the question that the party has reported."""
        if self._process.stdin is not None:
            self._process.stdin.write(answer.encode() + b"\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """End the party at once, wherever it is in what it does (SIGKILL)."""
        self._process.kill()
        self._process.wait()

    def close_parent_pipe(self) -> None:
        """Tell the party to end, if it has not."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def end(self) -> None:
        """End the party if it has not ended, and leave nothing of it behind."""
        self.close_parent_pipe()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(ENDING)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._stderr.close()


class Processes:
    """All processes of a story, used in a `with` block, at whose end each of them has ended."""

    def __init__(self) -> None:
        self._processes: list[PartyProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for process in self._processes:
            process.close_parent_pipe()
        for process in self._processes:
            process.end()

    @property
    def events(self) -> list[Event]:
        """All that the parties have reported so far."""
        return [event for process in self._processes for event in process.events]

    def start(self, party: str, *arguments: str) -> PartyProcess:
        """Start a party."""
        process = PartyProcess(party, *arguments)
        self._processes.append(process)
        return process
