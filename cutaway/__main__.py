"""`cutaway`: one command that leads to the commands of all rooms, and straight to each algorithm by its name.

`cutaway pki show FILE` is `python -m pki show FILE`; `cutaway sha256 abc` is `python -m primitives sha256 abc`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from console.command_line import Parser, did_you_mean
from console.exit_status import exit_status

COMMANDS = {
    "primitives": "every algorithm on your own input, step by step",
    "pki": "a certificate authority; certificates explained byte by byte",
    "handshake": "a TLS client and a TLS server",
    "demo": "three parties and an eavesdropper, as processes; and lessons",
    "vectors": "test vectors: those of NIST and the RFCs, or your own",
}
"""The rooms that have a command, each in its `__main__`."""

HELP = """\
usage: cutaway COMMAND …
       cutaway ALGORITHM [STEP] INPUT …

Secure communication with its casing removed: a cryptography and TLS stack for
study. The commands, each of which has a --help of its own:

{commands}

`cutaway ALGORITHM` is short for `cutaway primitives ALGORITHM`, and
`cutaway primitives` lists the algorithms. `python -m pki` is the same as
`cutaway pki`, and so for each command. `cutaway --version` shows the version.
Examples:

  cutaway sha256 abc --trace
  cutaway demo
  cutaway demo lesson padding-oracle
  cutaway pki explain certificate.pem
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return exit_status(lambda: _run(words))


def _run(words: list[str]) -> int:
    """Run the command; import no room but the one that has it, so that the start is fast."""
    if not words or words[0] in ("-h", "--help"):
        width = max(map(len, COMMANDS)) + 2
        print(HELP.format(commands="\n".join(f"  {name:{width}}{what}" for name, what in COMMANDS.items())), end="")
        return 0
    name, *rest = words
    if name == "--version":
        from console.version import version_line

        print(version_line())
        return 0
    if name not in COMMANDS:
        from primitives.commands.algorithms import ALGORITHMS, find

        if find(name) is None:
            hint = did_you_mean(name, [*COMMANDS, *ALGORITHMS])
            Parser(prog="cutaway").error(f"{name[:40]!r} is neither a command nor an algorithm{hint}")
        name, rest = "primitives", words
    status: int = import_module(f"{name}.__main__").main(rest)
    return status


if __name__ == "__main__":
    sys.exit(main())
