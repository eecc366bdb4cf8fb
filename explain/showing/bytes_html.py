"""Bytes as a part of an HTML page: point at one, tap it, or walk there with the keyboard, and it says what it is.

Standard     HTML; WAI-ARIA 1.2 (the role `grid`); WCAG 2.2 §1.4.3 (the contrast of the colours).
Left out     The page around it.

A page takes `bytes_css()` into its style, `bytes_js()` into its script, and what `bytes_data` returns of its views into
the data that its script hands to `exploreBytes`. Without the script, the drawers hold plain dumps.

>>> print(bytes_html(View("r1", "two bytes", b"ab", []), "Every byte"))     # doctest: +NORMALIZE_WHITESPACE
<details class="bytes" data-view="r1"><summary>Every byte</summary><div class="inside"><noscript><pre>two bytes
0000  61 62</pre></noscript></div></details>
"""

from __future__ import annotations

from html import escape
from importlib.resources import files

from explain.meaning import KINDS
from explain.showing.byte_view import View

BYTES_IN_LINE = 16


def bytes_html(view: View, title: str) -> str:
    """Return the drawer in which the script shows every byte of a view and of what is opened from it.

    title: what is written on it. Without the script, there are dumps in it.
    """
    dumps = "\n\n".join(f"{one.title}\n{hex_dump(one.data)}" for one in view.walk())
    return (
        f'<details class="bytes" data-view="{view.id}"><summary>{escape(title)}</summary>'
        f'<div class="inside"><noscript><pre>{escape(dumps)}</pre></noscript></div></details>'
    )


def hex_dump(data: bytes) -> str:
    """Return the bytes as lines of 16, each after its offset."""
    starts = range(0, len(data), BYTES_IN_LINE)
    return "\n".join(f"{start:04x}  {data[start : start + BYTES_IN_LINE].hex(' ')}" for start in starts)


def legend_html() -> str:
    """Return what the colours mean, as a list."""
    items = (f'<li><span class="sample k-{kind}">b7</span> {escape(words)}</li>' for kind, words in KINDS.items())
    return f"<ul>{''.join(items)}</ul>"


def bytes_css() -> str:
    """Return the look of the drawers, to be put into the page's style."""
    return _resource("bytes.css")


def bytes_js() -> str:
    """Return the function `exploreBytes`, to be put into the page's script before it is called."""
    return _resource("bytes.js")


def _resource(name: str) -> str:
    return files("explain.showing").joinpath(name).read_text(encoding="utf-8")
