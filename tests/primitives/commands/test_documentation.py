"""The commands in docs/primitives.md, run one after the other in an empty folder, print what it says."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

from tests.primitives.commands.conftest import Run

DOCUMENT = Path(__file__).parents[3] / "docs" / "primitives.md"


def examples() -> list[tuple[str, str]]:
    """The commands and what they print, where `...` stands for anything."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            found.append((command, output))
    return found


def test_the_examples_print_what_the_document_says(run: Run, folder: Path) -> None:
    checker = doctest.OutputChecker()
    assert len(examples()) > 15
    for command, output in examples():
        program, option, module, *words = shlex.split(command)
        assert (program, option, module) == ("python", "-m", "primitives")
        done = run(*words)
        assert (done.status, done.err) == (0, ""), command
        assert checker.check_output(output, done.out, doctest.ELLIPSIS), f"{command}\n{done.out}"
