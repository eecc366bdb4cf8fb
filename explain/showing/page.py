"""A page of HTML that holds one trace, and needs nothing else: no network, no script.

Standard     HTML; CSP Level 3 (the page itself forbids whatever it has no need of).
Left out     Anything but the trace: the report of the demo has pages of its own.
Timing       For looking at.

>>> from explain.trace import Step
>>> page("sha256", "abc", [Step("H", b"1", "FIPS 180-4 §6.2.2", "an example")]).count("<h1>")
1
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from explain.showing.trace_html import TRACE_CSS, steps_html
from explain.trace import Step

OPENED = 1  # levels that are unfolded at first

_CSS = """\
:root { color-scheme: light dark; --page: #ffffff }
@media (prefers-color-scheme: dark) { :root { --page: #161616 } }
body { background: var(--page); color: var(--trace-text); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0 auto; padding: 1rem; max-width: 70rem }
h1 { font-size: 1.4rem; overflow-wrap: anywhere }
.result { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
@media print { details::details-content { content-visibility: visible } }
"""


def page(command: str, result: str, steps: Iterable[Step], *, binary: bool = False, depth: int | None = None) -> str:
    """Return the page.

    command: what was run; it heads the page. result: what came of it. steps: the trace.
    binary: whether words are in binary. depth: how many levels of steps to give; all of them, if it is None.
    """
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(command)}</title>
<style>
{_CSS}{TRACE_CSS}</style>
</head>
<body>
<h1>{escape(command)}</h1>
<p class="result">{escape(result)}</p>
<main>{steps_html(steps, depth=depth, opened=OPENED, binary=binary)}</main>
</body>
</html>
"""
