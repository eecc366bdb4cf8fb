"""A scene: a TTP, a server and several clients as processes, played from beginning to end without asking anything."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from console.command_line import Parser
from demo.commands.options import PROGRAM, run_options
from demo.party.address import Address
from demo.party.reporting import print_json
from demo.stage.narration import Narrator
from demo.stage.processes import PartyProcess, Processes
from demo.stage.terminal import standard_output
from demo.wire.flows import Flow, Tamper
from demo.wire.tap import Tap

PATIENCE = 60.0  # seconds that any step may take, also on a busy machine
ANY_PORT = "127.0.0.1:0"


@dataclass(frozen=True)
class SceneCommand:
    """What the command of a scene has of its own.

    name: of the command. description: for the help.
    by_hand: the commands that do the same by hand, without `python -m demo`.
    title, why: what it is about. narration: for the events that are told. play: plays it.
    """

    name: str
    description: str
    by_hand: Sequence[str]
    title: str
    why: str
    narration: Mapping[str, str]
    play: Callable[[Scene], None]

    def parser(self) -> Parser:
        """Return the parser of its command line."""
        lines = "\n".join(f"  {PROGRAM} {words}" for words in self.by_hand)
        parser = Parser(
            prog=f"{PROGRAM} {self.name}",
            description=self.description,
            epilog=f"By hand, each in a terminal of its own:\n{lines}",
        )
        run_options(parser, directory=None)
        return parser

    def run(self, arguments: argparse.Namespace) -> int:
        """Play the scene to its end, and return the exit status."""
        with Scene(arguments, title=self.title, why=self.why, narration=self.narration) as scene:
            self.play(scene)
            scene.end()
        return 0


class Scene:
    """The processes of a scene, used in a `with` block, at whose end each of them has ended.

    arguments: of the scene's command. title, why: what it is about. narration: for the events that are told.
    """

    def __init__(self, arguments: argparse.Namespace, *, title: str, why: str, narration: Mapping[str, str]) -> None:
        self._arguments = arguments
        narrator = Narrator(standard_output(), files=False, narration=narration)
        self.tell = print_json if arguments.json else narrator.tell
        self._stack = ExitStack()
        self._steps = 0
        self._ttp_words: list[str] = []
        self.tell({"party": "story", "event": "begin", "title": title, "why": why})
        if arguments.seed is not None:
            self.tell({"party": "story", "event": "insecure", "seed": arguments.seed})

    def __enter__(self) -> Self:
        directory = self._arguments.directory
        if directory is None:
            directory = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="cutaway-"))
        self._directory = Path(directory)
        self._processes = self._stack.enter_context(Processes())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.close()

    def step(self, title: str, why: str) -> None:
        """Begin the next part of the scene."""
        self._steps += 1
        self.tell({"party": "story", "event": "step", "number": self._steps, "title": title, "why": why})

    def note(self, text: str) -> None:
        """Say something to those who watch."""
        self.tell({"party": "story", "event": "note", "text": text})

    def overheard(self, title: str, lines: Sequence[str]) -> None:
        """Tell what somebody sees who sits on the wire."""
        self.tell({"party": "eavesdropper", "event": "overheard", "title": title, "lines": list(lines)})

    def tell_of(self, process: PartyProcess, *names: str) -> None:
        """Tell the process's events of these names."""
        for event in process.events:
            if event["event"] in names:
                self.tell(event)

    def start_ttp(self, *applicants: str) -> None:
        """Start the TTP, and let these enrol with it."""
        enrol = [word for applicant in applicants for word in ("--enrol", applicant)]
        ttp = self._start("ttp", "--listen", ANY_PORT, "--stay", *enrol)
        self._ttp_words = ["--ttp", str(listening(ttp))]
        self.tell_of(ttp, "root", "introduction letter")

    def start_server(self, command: str, *words: str) -> tuple[PartyProcess, Address]:
        """Start a server, and return it and where it listens."""
        server = self._start(command, "--listen", ANY_PORT, *self._ttp_words, *words)
        return server, listening(server)

    def start_client(self, command: str, name: str, address: Address, *words: str) -> PartyProcess:
        """Start a client called `name`, which connects to the address."""
        return self._start(command, *words, "--name", name, "--connect", str(address), *self._ttp_words)

    def tap(self, target: Address, *, tamper: Tamper | None = None) -> Tap:
        """Put a tap on the wire to the target, until the end of the scene."""
        return self._stack.enter_context(Tap(target, tamper=tamper))

    def end(self) -> None:
        """Say that it is over."""
        kept = {"directory": str(self._arguments.directory)} if self._arguments.directory else {}
        self.tell({"party": "story", "event": "scene ended", **kept})

    def _start(self, command: str, *words: str) -> PartyProcess:
        seed = [] if self._arguments.seed is None else ["--seed", str(self._arguments.seed)]
        general = ("--directory", str(self._directory), "--timeout", f"{PATIENCE:g}", *seed)
        return self._processes.start(command, *general, *words)


def listening(process: PartyProcess) -> Address:
    """Return where a party listens, once it does."""
    return Address.parse(process.wait_for("listening", timeout=PATIENCE)["address"])


def wire(tap: Tap) -> bytes:
    """Return all that passed the tap, in both directions."""
    return b"".join(capture.stream(flow) for capture in tap.captures for flow in Flow)
