"""Files of the command line, where `-` is standard input or output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from console.command_line import CommandError
from console.files import READ_LIMIT, read_limited, require_new, write_new
from console.printable import printable

STANDARD = "-"


def read(name: str, *, limit: int = READ_LIMIT) -> bytes:
    """Return what the file, or standard input, holds; raise an error at more than `limit` bytes."""
    if name != STANDARD:
        return read_limited(name, limit=limit)
    data = sys.stdin.buffer.read(limit + 1)
    if len(data) > limit:
        raise CommandError(f"standard input holds more than {limit} bytes")
    return data


def require_writable(name: str) -> None:
    """Raise `OSError` if `write` would: before anything is signed and recorded that nobody could get."""
    if name != STANDARD:
        require_new(name)


def write(name: str, data: bytes) -> None:
    """Write the data to a new file, or to standard output."""
    if name == STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_new(name, data)


def say(lines: Iterable[str]) -> None:
    """Print an answer for people; what could steer their terminal is spelled out, for strangers may have written it."""
    for line in lines:
        print(printable(line))


def say_json(value: object) -> None:
    """Print an answer for programs."""
    print(json.dumps(value, indent=2))


def note(text: str) -> None:
    """Tell people what was done, on standard error, so that it never mixes with what is written."""
    print(printable(text), file=sys.stderr)
