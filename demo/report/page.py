"""The page as a whole, and the writing of it: one file that needs nothing else, and that only its owner can read.

The browser is told to load nothing and to run this script only (Content-Security-Policy, by their hashes): whatever
names a peer has chosen, they stay text.
"""

from __future__ import annotations

import base64
import os
from html import escape
from importlib.resources import files
from pathlib import Path

from console.command_line import CommandError
from console.files import replace_private
from demo.failure import PartyError
from demo.report.chapters_html import chapter_html
from demo.report.model import Run
from demo.report.secrets_html import certificates_html, secrets_html, setup_html
from explain.showing.bytes_html import bytes_css, bytes_js, legend_html
from explain.showing.bytes_json import bytes_data, script_json
from explain.showing.trace_html import TRACE_CSS
from primitives.sha2 import sha256

SYMBOLS = (
    '<svg class="symbols" width="0" height="0" aria-hidden="true"><defs>'
    '<symbol id="lock" viewBox="0 0 16 16"><path d="M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7zm2 0h4V5a2 2 0 0 0-4 0z"/></symbol>'
    '<symbol id="eye" viewBox="0 0 16 16"><path d="M8 3C4 3 1.5 6 .5 8c1 2 3.5 5 7.5 5s6.5-3 7.5-5C14.5 6 12 3 8 3zm0 '
    '8a3 3 0 1 1 0-6 3 3 0 0 1 0 6z"/></symbol></defs></svg>'
)


def check_target(path: Path) -> None:
    """Raise `CommandError` if the page could not be written there, before the run has begun."""
    if path.is_dir():
        raise CommandError(f"--report {path}: that is a directory, expected the name of a file")
    if not path.parent.is_dir():
        raise CommandError(f"--report {path}: there is no directory {path.parent}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise CommandError(f"--report {path}: nothing can be written into {path.parent}")


def write_page(path: Path, run: Run) -> None:
    """Write the page, whole or not at all, in place of an older one, for its owner's eyes only (mode 0600).

    Raises `PartyError` if that cannot be.
    """
    try:
        replace_private(path, page_html(run).encode())
    except OSError as error:
        raise PartyError(f"cannot write {path}: {error.strerror or error}") from None


def page_html(run: Run) -> str:
    """Return the page."""
    style = TRACE_CSS + bytes_css() + _resource("page.css")
    script = bytes_js() + _resource("page.js")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    chapters = "".join(map(chapter_html, run.chapters))
    links = "".join(
        f'<li><a href="#chapter-{c.number}">{c.number} {escape(_short(c.title))}</a></li>' for c in run.chapters
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" '
        'content="no-referrer">'
        '<link rel="icon" href="data:,">'
        f"<title>One run, cut open – Cutaway</title><style>{style}</style></head><body>{SYMBOLS}"
        '<a class="skip" href="#main">To the run</a>'
        '<header class="bar"><a class="brand" href="#top">Cutaway</a><nav aria-label="Contents"><ul>'
        f'{links}<li><a href="#secrets">Secrets</a></li><li><a href="#certificates">Certificates</a></li>'
        '<li><a href="#commands">openssl</a></li></ul></nav>'
        '<button type="button" id="theme" hidden>Dark</button></header>'
        f'<main id="main"><div id="top">{_opening(run)}</div>{chapters}{secrets_html(run)}'
        f"{certificates_html(run.certificates)}{setup_html(run)}</main>"
        "<footer><p>Made by <code>python -m demo --report FILE</code> of this very run. The page loads nothing and "
        "sends "
        "nothing.</p></footer>"
        f'<script type="application/json" id="data">{page_data(run)}</script><script>{script}</script></body></html>\n'
    )


def page_data(run: Run) -> str:
    """Return what the page's script needs to know: the bytes and their parts, and the steps by where they are shown."""
    views = (*(sent.view for sent in run.sent()), *(certificate.view for certificate in run.certificates))
    steps = {
        f"{sent.view.id}-{when}": "".join(calculation.html for calculation in calculations)
        for sent in run.sent()
        for when, calculations in (("before", sent.before), ("after", sent.after))
        if calculations
    }
    return script_json({**bytes_data(views), "steps": steps})


def _opening(run: Run) -> str:
    """Return the title, the warning, the figures, and how to read the page."""
    sent = list(run.sent())
    total = sum(len(one.view.data) for one in sent)
    figures = (
        (f"{len(sent)}", "pieces on the wire"),
        (f"{total:,}", "bytes, each one explained"),
        (f"{len(run.secrets)}", "secrets, and who knows them"),
        (f"{len(list(run.commands()))}", "values to check with openssl"),
    )
    made_up = f" Its randomness is made up from the seed {run.seed}." if run.seed is not None else ""
    return (
        "<h1>One run, cut open</h1>"
        '<p class="lead">A bank’s server sends its client a one-time password: first as it is, then over a channel '
        "that "
        f"three parties have built. This is what happened on {escape(run.time)}, byte for byte, and why.</p>"
        f'<p class="warning" role="note"><b>This page gives everything away:</b> all private keys, codes and session '
        f"keys "
        f"of the run are in it.{made_up} It is for learning. Use none of these keys for anything else.</p>"
        '<dl class="figures">'
        + "".join(f"<div><dt>{what}</dt><dd>{count}</dd></div>" for count, what in figures)
        + "</dl>"
        f'{_contrast(run)}<div class="how"><h2>How to read it</h2><ul>'
        "<li>Time runs down. Each party has a <b>column</b>; an arrow is a piece of bytes that goes over the wire, "
        "where the "
        "eavesdropper reads it too.</li>"
        "<li>Open <b>Every byte</b>, and point at a byte, tap it, or walk with the arrow keys: what it is, what it "
        "says, and "
        "why it is there. Every byte has an address, such as <code>#r1.5</code>, which can be shared with the "
        "page.</li>"
        "<li>What was sealed is shown before and after decryption. <b>What … calculated</b> shows the steps of the "
        "algorithms, as they happened.</li></ul>"
        f'<details class="legend" open><summary>The colours of the bytes</summary>{legend_html()}</details></div>'
    )


def _short(title: str) -> str:
    """Return a title for the bar, where there is little room."""
    words = title.removeprefix("The ").removeprefix("A ")
    return words[:1].upper() + words[1:]


def _contrast(run: Run) -> str:
    """Return what the exchange is for, in one figure: the same text on the wire, in the clear and sealed."""
    clear, *rest = run.sent()
    sealed = next((one for one in rest if one.sealed and one.quote), None)
    if sealed is None:
        return ""
    rows = (
        (clear, "text", f"and reads it: “{clear.quote}”"),
        (sealed, "sealed", "and can read nothing of it, change nothing of it, and not even send it again."),
    )
    items = "".join(
        f'<li><a href="#{one.view.id}">{escape(one.name)}</a><span class="run k-{kind}">{one.view.data.hex(" ")}</span>'
        f'<span class="reads">The eavesdropper sees this, {escape(reads)}</span></li>'
        for one, kind, reads in rows
    )
    return (
        f'<figure class="contrast"><figcaption>The same text, twice on the wire</figcaption><ol>{items}</ol></figure>'
    )


def _resource(name: str) -> str:
    return files("demo.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash by which Content-Security-Policy knows an inline style or script."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
