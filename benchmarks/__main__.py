"""`python -m benchmarks [NAME …]`: the timings of all modules here that have a `run`, or of those named.

Every figure stands beside a peer's, taken in turns with it in the same run: on another machine, or on a busy one,
the figures change together and the ratio tells the more.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

import benchmarks

NOT_BENCHMARKS = ("__main__", "timing")


def main(arguments: Sequence[str]) -> int:
    names = sorted(module.name for module in iter_modules(benchmarks.__path__) if module.name not in NOT_BENCHMARKS)
    unknown = [name for name in arguments if name not in names]
    if unknown:
        print(f"benchmarks: no benchmark {unknown[0]!r}, expected some of: {', '.join(names)}", file=sys.stderr)
        return 2
    print(f"{'':50} {'ours':>10} {'theirs':>10} {'':5} {'ratio':>7}  theirs is")
    for name in arguments or names:
        for row in import_module(f"benchmarks.{name}").run():
            print(
                f"{row.what:50} {row.ours:10.2f} {row.theirs:10.2f} {row.unit:5} {row.ratio:7.3g}  {row.peer}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
