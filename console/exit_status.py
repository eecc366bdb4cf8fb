"""How commands end: the exit statuses, and the ends that a command does not choose itself.

>>> exit_status(lambda: BAD_COMMAND)
2
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

FAILED = 1
BAD_COMMAND = 2  # a command that cannot be understood or done as it was given
INTERRUPTED = 130  # by Ctrl-C: 128 and the number of SIGINT, as shells have it


def exit_status(run: Callable[[], int]) -> int:
    """Run a command and return its exit status, also if Ctrl-C ends it or nobody reads its output any more.

    run: returns the status; where it loads the command's modules itself, Ctrl-C is handled meanwhile, too.
    """
    try:
        status = run()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
