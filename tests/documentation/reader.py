"""Somebody who types what a page says: in an empty folder, with bash, in as many terminals as it takes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import SystemRandom
from types import TracebackType
from typing import Self

from demo.commands.options import BANK_ADDRESS, CHAT_ADDRESS, SERVER_ADDRESS, TTP_ADDRESS
from tests.documentation.page import ROOT

BASH = ("bash", "-euo", "pipefail", "-c")
PATIENCE = 300.0
INTERRUPTED = 130

PORTS = re.compile(r"\b(4433|740[0-3])\b")
PARTIES = {
    "ttp": f" --listen {TTP_ADDRESS}",
    "server": f" --ttp {TTP_ADDRESS} --listen {SERVER_ADDRESS}",
    "client": f" --ttp {TTP_ADDRESS} --connect {SERVER_ADDRESS}",
    "chat server": f" --ttp {TTP_ADDRESS} --listen {CHAT_ADDRESS}",
    "chat client": f" --ttp {TTP_ADDRESS} --connect {CHAT_ADDRESS}",
    "bank server": f" --ttp {TTP_ADDRESS} --listen {BANK_ADDRESS}",
    "bank client": f" --ttp {TTP_ADDRESS} --connect {BANK_ADDRESS}",
}
PARTY = re.compile(rf"\bpython -m demo ({'|'.join(PARTIES)})\b")
STAYS = re.compile(r"--stay|-m demo (chat|bank) server|-m handshake server")
"""The commands that serve until Ctrl-C. All others end by themselves."""


def free_port() -> int:
    """Return a port that nobody has, below those that the kernel gives away by itself."""
    while True:
        port = SystemRandom().randrange(20000, 30000)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Terminal:
    """One terminal, in which something runs."""

    def __init__(self, line: str, folder: Path, log: Path, answers: bytes) -> None:
        self.line, self._log = line, log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*BASH, line],
                cwd=folder,
                env=environment(),
                stdin=subprocess.PIPE if answers else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its Ctrl-C is for this terminal alone
            )
        if self._process.stdin is not None:
            self._process.stdin.write(answers)
            self._process.stdin.close()

    @property
    def shown(self) -> str:
        return self._log.read_text(errors="replace")

    def is_like(self, line: str) -> bool:
        """Return whether the line starts a server that this one is, too, or a client."""
        return PARTY.findall(line) == PARTY.findall(self.line) != []

    def wait_until_it_listens(self) -> None:
        """Wait until a server listens, or anything else has ended."""
        deadline = time.monotonic() + PATIENCE
        while self._process.poll() is None and "listen" not in self.shown:
            assert time.monotonic() < deadline, self.told("neither listens nor ends")
            time.sleep(0.05)

    def finish(self) -> None:
        """End it if it is one that stays; anything else ends by itself, and well."""
        expected = 0
        if STAYS.search(self.line):
            assert self._process.poll() is None, self.told("was to stay")
            os.killpg(self._process.pid, signal.SIGINT)
            expected = INTERRUPTED
        status = self._process.wait(PATIENCE)
        assert status == expected, self.told(f"ended with status {status}")
        assert self.shown.strip(), self.told("printed nothing")
        assert "Traceback" not in self.shown, self.told("fell over")

    def told(self, what: str) -> str:
        return f"{self.line!r} {what}:\n{self.shown[-3000:]}"

    def close(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def environment() -> dict[str, str]:
    """Where `python` is the one that runs the tests, and finds this code from any folder."""
    return {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
    }


class Reader:
    """Types what is given to it in a folder, in a `with` block at whose end each terminal has ended.

    What the page types at a port of its own is typed at one that is free: pages are read at the same time.
    """

    def __init__(self, folder: Path, logs: Path) -> None:
        self._folder, self._logs = folder, logs
        self._ports: dict[str, int] = {}
        self._terminals: list[Terminal] = []

    def enter(self, text: str) -> Terminal:
        """Open a terminal, and type this there; and just Enter at each question, where some are asked for."""
        answers = b"\n" * 30 if "--ask" in text else b""
        log = self._logs / f"terminal-{len(self._terminals)}.log"
        text = PARTY.sub(lambda match: match[0] + PARTIES[match[1]], text)
        text = PORTS.sub(lambda match: str(self._ports.setdefault(match[0], free_port())), text)
        self._terminals.append(Terminal(text, self._folder, log, answers))
        return self._terminals[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for terminal in self._terminals:
            terminal.close()
