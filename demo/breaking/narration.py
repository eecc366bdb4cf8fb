"""How a broken exchange is told: for people on a terminal, or in lines of JSON for programs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from demo.breaking.catalogue import BREAKS
from demo.breaking.run import BrokenExchange
from demo.party.reporting import print_json
from demo.stage.processes import Event, Processes
from demo.stage.terminal import Terminal, standard_output


def tell_broken(name: str, *, json: bool) -> None:
    """Break the exchange in this way, and tell; raise `PartyError` if it does not come out as it should.

    name: one of BREAKS. json: whether to print lines of JSON.
    """
    broken = BREAKS[name]
    tell = print_json if json else _Narrator(standard_output()).tell
    tell({"party": "story", "event": "begin", "title": f"Broken on purpose: {broken.title}", "name": name})
    with tempfile.TemporaryDirectory(prefix="cutaway-") as directory, Processes() as processes:
        BrokenExchange(tell, processes, Path(directory), broken).run()


class _Narrator:
    """Tells the events on a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def tell(self, event: Event) -> None:
        """Tell one event."""
        terminal = self._terminal
        match event["event"]:
            case "begin":
                terminal.title(event["title"])
            case "part":
                terminal.heading(event["title"])
                terminal.prose(event["why"])
            case "overheard":
                terminal.eavesdropper(event["title"], event["lines"])
            case "knew":
                terminal.does(event["party"], event["text"])
            case "check":
                terminal.facts(event["facts"])
