"""`python -m demo`: the three-party exchange of a one-time password; the parties by hand with ttp, server, client."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from console.exit_status import exit_status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    return exit_status(lambda: _run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(words: list[str]) -> int:
    from demo.dispatch import run  # inside, so that Ctrl-C is handled while modules load, too

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
