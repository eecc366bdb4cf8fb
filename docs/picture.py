"""Draws docs/demo.svg from a run of the demo: `python docs/picture.py`.

Shows the parts in which the eavesdropper listens; the handshake between them is left out, and says so.
"""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent


def main() -> None:
    """Run the demo, insecurely repeatable, and write the picture."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "80", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "demo", "--seed", "1"]
    run = subprocess.run(command, cwd=HERE.parent, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    lines = Text.from_ansi(run.stdout).split("\n")
    titles = {line.plain[0]: i for i, line in enumerate(lines) if line.plain[:1].isdigit() and "─" in line.plain}
    console = Console(record=True, width=80, file=StringIO(), force_terminal=True, color_system="truecolor")
    for line in lines[titles["1"] : titles["2"]]:
        console.print(line)
    console.print(Text("   2 a trusted third party, 3 enrolment, 4 the handshake: run it and see", style="dim italic"))
    console.print()
    for line in lines[titles["5"] :]:
        console.print(line)
    picture = console.export_svg(title="python -m demo")
    alone = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL).replace("Fira Code, monospace", "monospace")
    (HERE / "demo.svg").write_text(alone)  # fetches nothing: drawn in whatever monospaced font there is


if __name__ == "__main__":
    main()
