"""How the demo looks on a terminal: a few forms of line, for 80 columns and more, in colour where there is any.

Everything shown goes through `printable`: some of it a peer has written, who might like to steer the terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from console.printable import printable
from demo.party.reporting import go_on_quietly

COLOURS = {"ttp": "magenta", "server": "cyan", "client": "green", "eavesdropper": "bold red"}
INDENT, FACTS_INDENT = 3, 6
NAME_WIDTH, LABEL_WIDTH, WAY_WIDTH = 8, 16, 17
MIN_WIDTH, MAX_WIDTH = 50, 100  # below that the columns do not fit, above it lines get hard to read


class Terminal:
    """A terminal, a pipe or a file as a display.

    console: rich's; it knows whether there are colours.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))
        self._after_blank = True

    def title(self, text: str) -> None:
        """Begin."""
        self._paragraph(Text(printable(text), style="bold"), 0)

    def heading(self, text: str) -> None:
        """Begin a section."""
        self.blank()
        shown = Text(printable(text), style="bold").append(" " if text else "")
        shown.append("─" * (self._width - len(shown)), style="dim")
        self._paragraph(shown, 0)

    def phase(self, text: str) -> None:
        """Begin a part of a section."""
        self.blank()
        self._paragraph(Text(printable(text), style="bold underline"))

    def prose(self, text: str) -> None:
        """Say why."""
        self._paragraph(Text(printable(text), style="italic"))

    def says(self, sender: str, receiver: str, what: str, size: int | None = None) -> None:
        """Show a message that goes from one party to another, and how many bytes it has."""
        line = self._name(sender).append(" → ").append(self._name(receiver))
        line.pad_right(max(1, WAY_WIDTH - len(line)))
        line.append(printable(what), style="bold")
        if size is not None:
            line.append(f"  {size} byte{'' if size == 1 else 's'}", style="dim")
        self._paragraph(line)

    def does(self, who: str, what: str) -> None:
        """Show what a party does by itself."""
        self._row(self._name(who), Text(printable(what)), INDENT, NAME_WIDTH)

    def facts(self, rows: Iterable[Sequence[str]], *, width: int = LABEL_WIDTH) -> None:
        """Show names and values; a value may have several lines. The values begin `width` columns behind the names."""
        for name, value in rows:
            label = Text(printable(name), style="dim")
            for line in value.split("\n"):
                self._row(label, Text(printable(line)), FACTS_INDENT, width)
                label = Text()

    def checked(self, rows: Iterable[Sequence[str]]) -> None:
        """Show what was checked and held: what, with which outcome."""
        for what, outcome in rows:
            text = Text(f"{printable(what)}: ", style="dim").append(printable(outcome), style="not dim")
            self._row(Text("✓", style="green"), text, FACTS_INDENT, 2)

    def lost(self, text: str) -> None:
        """Show what an attacker got."""
        self._row(Text("✗", style="bold red"), Text(printable(text), style="bold"), FACTS_INDENT, 2)

    def picture(self, lines: Iterable[str]) -> None:
        """Show lines as they are, none of them wrapped."""
        for line in lines:
            self._print(Text(" " * FACTS_INDENT + printable(line)))
        self._after_blank = False

    def quotes(self, text: str) -> None:
        """Show a text as it was sent or received."""
        self._paragraph(Text(printable(text), style="bold"), FACTS_INDENT)

    def verbatim(self, text: str) -> None:
        """Show lines that are to be copied as they are."""
        for line in text.splitlines():
            self._print(Text(printable(line), style="dim"))
        self._after_blank = False

    def eavesdropper(self, title: str, lines: Iterable[str]) -> None:
        """Show what somebody sees who sits on the wire."""
        self.blank()
        bar = Text("▌", style=COLOURS["eavesdropper"])
        self._row(bar, Text(printable(title), style="bold red"), INDENT, 2, again=True)
        for line in lines:
            self._row(bar, Text(printable(line), style="red"), INDENT, 2, again=True)

    def warning(self, text: str) -> None:
        """Say something that must not be overlooked."""
        self._paragraph(Text(printable(text), style="bold yellow"), 0)

    def blank(self) -> None:
        """Leave a line empty, unless the one before is."""
        if not self._after_blank:
            self._print(Text())
        self._after_blank = True

    def _name(self, party: str) -> Text:
        return Text().append("TTP" if party == "ttp" else printable(party), style=COLOURS.get(party, "bold"))

    def _paragraph(self, text: Text, indent: int = INDENT) -> None:
        self._row(Text(), text, indent, 0)

    def _row(self, label: Text, text: Text, indent: int, width: int, *, again: bool = False) -> None:
        """Print the label, and beside it the text in as many lines as it takes; the label again in each, if wanted."""
        for line in text.wrap(self._console, self._width - indent - width) or [Text()]:
            start = Text(" " * indent).append_text(label)
            start.pad_right(max(0, indent + width - len(start)))
            self._print(start.append_text(line))
            if not again:
                label = Text()
        self._after_blank = False

    def _print(self, line: Text) -> None:
        line.rstrip()
        self._console.print(line, soft_wrap=True)


def standard_output() -> Terminal:
    """Return the display on standard output."""
    return Terminal(_Console(file=sys.stdout, highlight=False))


class _Console(Console):
    def on_broken_pipe(self) -> None:
        go_on_quietly()
