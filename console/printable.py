r"""Text that cannot steer a terminal, no matter who has written it.

>>> print(printable("a\x1b[2Jb"))
a\x1b[2Jb
"""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Return the text with all that cannot be shown, or would steer a terminal, as escapes such as `\x1b`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
