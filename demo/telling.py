"""How the demo looks on a terminal: a few forms of line, for 80 columns and more, in colour where there is any.

Everything shown goes through `printable`: some of it a peer has written, who might like to steer the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from demo.failure import printable

COLOURS = {"ttp": "magenta", "server": "cyan", "client": "green", "eavesdropper": "bold red"}
INDENT = 3
LABEL_WIDTH = 17
MAX_WIDTH = 100  # lines of text get hard to read beyond that


class Teller:
    """Writes to a terminal, a pipe or a file.

    console: rich's; it knows whether there are colours.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, MAX_WIDTH)

    def heading(self, text: str) -> None:
        """Begin a section."""
        line = "─" * max(3, self._width - len(text) - 1)
        self._print(Text())
        self._print(Text(f"{printable(text)} ", style="bold").append(line, style="dim"))

    def phase(self, text: str) -> None:
        """Begin a part of a section."""
        self._print(Text())
        self._print(Text(printable(text), style="bold"), INDENT)

    def prose(self, text: str) -> None:
        """Say why."""
        self._print(Text(printable(text), style="italic"), INDENT)

    def says(self, sender: str, receiver: str, what: str, size: int | None = None) -> None:
        """Show a message that goes from one party to another, and how many bytes it has."""
        line = self._name(sender).append(" → ").append(self._name(receiver)).append("  ")
        line.append(" " * max(0, 17 - len(line))).append(printable(what), style="bold")
        if size is not None:
            line.append(f"  {size} bytes", style="dim")
        self._print(line, INDENT)

    def does(self, who: str, what: str) -> None:
        """Show what a party does by itself."""
        name = self._name(who)
        self._grid([(name, Text(printable(what)))], width=len("server") + 1)

    def facts(self, rows: Iterable[Sequence[str]]) -> None:
        """Show names and values."""
        self._grid(
            [(Text(printable(name), style="dim"), _lines(value)) for name, value in rows],
            indent=2 * INDENT,
            width=LABEL_WIDTH,
        )

    def checked(self, rows: Iterable[Sequence[str]]) -> None:
        """Show what was checked and held: what, with which outcome."""
        self._grid(
            [(Text("✓ ", style="green").append(printable(what)), _lines(outcome)) for what, outcome in rows],
            indent=2 * INDENT,
            width=LABEL_WIDTH,
        )

    def quotes(self, text: str, style: str = "bold") -> None:
        """Show a text as it was sent or received."""
        self._print(Text(printable(text), style=style), 2 * INDENT)

    def eavesdropper(self, title: str, lines: Iterable[str]) -> None:
        """Show what somebody sees who sits on the wire."""
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=1)
        grid.add_column(overflow="fold")
        body = Text(printable(title), style=COLOURS["eavesdropper"])
        for line in lines:
            body.append("\n").append(printable(line), style="red")
        wrapped = body.wrap(self._console, self._width - INDENT - 2)
        for line in wrapped:
            grid.add_row(Text("▌", style=COLOURS["eavesdropper"]), line)
        self._print(grid, INDENT)

    def blank(self) -> None:
        """Leave a line empty."""
        self._print(Text())

    def warning(self, text: str) -> None:
        """Say something that must not be overlooked."""
        self._print(Text(printable(text), style="bold yellow"))

    def _name(self, party: str) -> Text:
        shown = "TTP" if party == "ttp" else party
        return Text(printable(shown), style=COLOURS.get(party, "bold"))

    def _grid(self, rows: Sequence[tuple[Text, Text]], *, indent: int = INDENT, width: int) -> None:
        if rows:
            grid = Table.grid(padding=(0, 1))
            grid.add_column(width=width)
            grid.add_column(overflow="fold")
            for name, value in rows:
                grid.add_row(name, value)
            self._print(grid, indent)

    def _print(self, what: Text | Table, indent: int = 0) -> None:
        self._console.print(Padding(what, (0, 0, 0, indent)), width=self._width)


def _lines(value: str) -> Text:
    return Text("\n").join(Text(printable(line)) for line in value.split("\n"))
