"""What `python -m primitives` prints by itself: the table of all algorithms, and of their single steps.

Standard     None.
Left out     The options: each algorithm has its own --help.
Timing       Nothing here computes.

>>> listing().split()[1:4]
['python', '-m', 'primitives']
"""

from __future__ import annotations

import textwrap

from primitives.commands.algorithms import GROUPS
from primitives.commands.running import PROGRAM
from primitives.commands.steps.running import single_steps

_HEAD = f"""\
usage: {PROGRAM} ALGORITHM [STEP] INPUT …
       {PROGRAM} ALGORITHM --help

Every algorithm on your own input; --trace shows its steps as they happen, each with
its section of the standard and its reason. A STEP is a single one, to try by itself.
"""

_WIDTH = 80


def listing() -> str:
    """Return the table, within 80 columns."""
    lines = [
        textwrap.fill(paragraph, _WIDTH) if "usage" not in paragraph else paragraph for paragraph in _HEAD.split("\n\n")
    ]
    for group, algorithms in GROUPS.items():
        lines += ["", f"{group}:"]
        for algorithm in algorithms:
            lines.append(f"  {algorithm.name:18}{algorithm.title:38}{algorithm.standard}".rstrip())
    lines += ["", "Steps to try by themselves:"]
    shown: dict[tuple[str, ...], list[str]] = {}
    for algorithms in GROUPS.values():
        for algorithm in algorithms:
            if steps := tuple(single_steps(algorithm.name)):
                shown.setdefault(steps, []).append(algorithm.name)
    for steps, names in shown.items():
        name = names[0] if len(names) == 1 else f"{names[0]} …"
        lines += textwrap.wrap(" ".join(steps), _WIDTH, initial_indent=f"  {name:18}", subsequent_indent=" " * 20)
    return "\n".join(lines)
