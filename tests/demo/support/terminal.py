"""The demo as a command: in a pipe, and at a pseudo-terminal."""

import codecs
import os
import pty
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.demo.support.parties import PATIENCE

ROOT = Path(__file__).parents[3]
DEMO = (sys.executable, "-m", "demo")


def demo(*words: str, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


class Terminal:
    """A process at a pseudo-terminal."""

    def __init__(self, *words: str) -> None:
        self._terminal, far_end = pty.openpty()
        # The leader of a new session gets the first terminal that it opens for its own, and with it the Ctrl-C.
        opened = ("sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(far_end))
        self._process = subprocess.Popen([*opened, *DEMO, *words], cwd=ROOT, start_new_session=True)
        self.shown, self._looked_at = "", 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()  # a character may come in two pieces
        self._far_end = far_end

    def read_until(self, text: str) -> None:
        """Read until the text is shown, after all that was looked for before."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.shown.find(text, self._looked_at)) < 0:
            ready, _, _ = select.select([self._terminal], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"waiting for {text!r}, after {self.shown!r}"
            self.shown += self._decoder.decode(os.read(self._terminal, 4096))
        self._looked_at = found + len(text)

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def exit_status(self) -> int:
        status = self._process.wait(PATIENCE)
        os.close(self._far_end)
        with suppress(OSError):  # how a pseudo-terminal says that there is nobody at its other end
            while data := os.read(self._terminal, 4096):
                self.shown += self._decoder.decode(data)
        os.close(self._terminal)
        return status
