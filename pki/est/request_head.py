"""The head of an HTTP request, held to its grammar: what two readers could take for two things is refused.

Standard     RFC 9112 §2.2 (lines), §3 (the request line), §3.2 (its target, and Host), §5.1, §5.2 (field lines), §6.3
             (how long the body is); RFC 9110 §5.5, §5.6.2 (values and names of fields).
Left out     Bodies of unknown length (§7), which nobody needs here.

A proxy in front of a server reads the same bytes, and must come to the same end of each request: or else the rest of
one is the beginning of another, which somebody has smuggled in (§11.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110 §5.6.2
_REQUEST_LINE = re.compile(TOKEN + rb" [!-~]+ HTTP/[0-9]\.[0-9]\r?\n")
_FIELD_LINE = re.compile(TOKEN + rb":[\t -~\x80-\xff]*\r?\n")
_EMPTY_LINE = re.compile(rb"\r?\n")  # §2.2: a line feed alone may end a line, a carriage return alone may not

_HOST = r"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?"  # RFC 9110 §7.2
_TARGET = re.compile(rf"(?:https?://{_HOST}(?=[/?]|$))?(/[^?#]*)?(?:\?[^#]*)?", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,18}")  # RFC 9110 §8.6


def check_head(lines: Sequence[bytes]) -> None:
    """Raise `ValueError` unless these are a request line, field lines, and an empty line.

    lines: each with its end of line.
    """
    if not _REQUEST_LINE.fullmatch(lines[0]):
        raise ValueError("expected a method, a target and a version, with one space between them")
    for line in lines[1:-1]:
        if (
            line[:1] in b" \t"
        ):  # §5.2: obsolete line folding; and what begins with a space after the request line (§2.2)
            raise ValueError("expected a field line, which does not begin with a space")
        if not _FIELD_LINE.fullmatch(line):
            raise ValueError("expected a field line: a name, a colon, and a value without control characters")
    if not _EMPTY_LINE.fullmatch(lines[-1]):
        raise ValueError("expected an empty line after the fields")


def check_host(values: Sequence[str]) -> None:
    """Raise `ValueError` unless there is one field Host, and it is a host (§3.2)."""
    if len(values) != 1 or not re.fullmatch(_HOST, values[0]):
        raise ValueError("expected one Host field, with the name of a host")


def target_path(target: str) -> str:
    """Return the path of a target, which may come as a whole URL (§3.2.2); raise `ValueError` if it is not one."""
    found = _TARGET.fullmatch(target)
    if target != "*" and (found is None or not target):
        raise ValueError("the target is not a URL")
    return (found and found[1]) or target


def body_length(values: Sequence[str]) -> int | None:
    """Return the length that Content-Length gives, None without one; raise `ValueError` if not a number (§6.3)."""
    if len(values) > 1 or not all(map(_LENGTH.fullmatch, values)):
        raise ValueError("Content-Length is not one number")
    return int(values[0]) if values else None
