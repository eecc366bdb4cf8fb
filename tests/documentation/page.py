"""What a page of the documentation has people type: the commands in its blocks, and those in its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATHS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_A_SENTENCE = re.compile(r"`((?:python|pytest|cutaway) [^`]*)`")
PROGRAM = re.compile(r"\bpython3? -m \w|\bpython3? docs/|\bpytest -|\bcutaway (?:pki|handshake|demo|vectors)\b")

SCRIPT, TERMINALS, SESSION = "sh", "sh terminals", "console"
"""What the first line of a block says of it: a script; lines, each for a terminal of its own; with what is printed."""
KINDS = (SCRIPT, TERMINALS, SESSION)
OTHERS = ("python", "text", "{toctree}")
A_FILE = re.compile(r"python (\w+\.py)")


@dataclass(frozen=True)
class Block:
    """Commands that stand together: `kind` is one of the three."""

    kind: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines to type."""
        lines = self.text.splitlines()
        if self.kind == SESSION:
            return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return lines


@dataclass(frozen=True)
class Page:
    """One page.

    blocks: in their order. mentioned: the commands in its sentences. files: those that it spells out, by name.
    """

    name: str
    text: str

    @property
    def infos(self) -> list[str]:
        return [info for info, _ in FENCED.findall(self.text)]

    @property
    def blocks(self) -> list[Block]:
        return [Block(info, text) for info, text in FENCED.findall(self.text) if info in KINDS]

    @property
    def mentioned(self) -> list[str]:
        return IN_A_SENTENCE.findall(FENCED.sub("", self.text))

    @property
    def files(self) -> dict[str, str]:
        found = ((A_FILE.fullmatch(info), text) for info, text in FENCED.findall(self.text))
        return {match[1]: text for match, text in found if match}

    @property
    def elsewhere(self) -> list[str]:
        """Commands that stand where nobody would find them."""
        return PROGRAM.findall(IN_A_SENTENCE.sub("", FENCED.sub("", self.text)))


PAGES = [Page(path.stem, path.read_text()) for path in PATHS]
