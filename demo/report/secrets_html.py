"""The secrets and who knows them, the certificates, and the set-up script, as HTML."""

from __future__ import annotations

from html import escape
from itertools import groupby

from demo.report.chapters_html import EYE, commands_html, facts_html
from demo.report.model import EVERYBODY, NAMES, PARTIES, Run, Secret, ShownCertificate
from explain.showing.bytes_html import bytes_html


def secrets_html(run: Run) -> str:
    """Return the table of who knows what, and each secret by itself."""
    heads = "".join(
        f'<th scope="col" class="p-{who}"><span class="who">{NAMES[who]}</span>{EYE if who not in PARTIES else ""}</th>'
        for who in EVERYBODY
    )
    bodies = []
    for of, group in groupby(run.secrets, lambda secret: secret.of):
        rows = "".join(map(_row, group))
        bodies.append(
            f'<tbody><tr><th colspan="{len(EVERYBODY) + 1}" '
            f'scope="rowgroup">{escape(of[:1].upper() + of[1:])}</th></tr>{rows}</tbody>'
        )
    return (
        '<section id="secrets" aria-labelledby="title-secrets"><h2 id="title-secrets">Who knows what</h2>'
        '<p class="lead">A channel is as good as its secrets are kept. For each of them: who knows it, and since when. '
        "The eavesdropper has seen every byte on the wire, and knows what stands in the last column.</p>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Who knows what, as a table"><table class="knows">'
        f'<thead><tr><th scope="col">Secret</th>{heads}</tr></thead>{"".join(bodies)}</table></div>'
        f'<div class="secrets">{"".join(map(_secret, run.secrets))}</div></section>'
    )


def _row(secret: Secret) -> str:
    cells = []
    for who in EVERYBODY:
        moment = secret.known.get(who)
        if moment is None:
            cells.append(
                '<td class="no"><span aria-hidden="true">–</span><span class="only-read">does not know it</span></td>'
            )
        elif moment.link:
            cells.append(
                f'<td class="yes"><a href="#{moment.link}" title="{escape(moment.words)}">'
                f'<span aria-hidden="true">●</span> <span class="only-read">knows it, from '
                f"</span>{moment.link}</a></td>"
            )
        else:
            cells.append(f'<td class="yes"><span title="{escape(moment.words)}">● first</span></td>')
    return f'<tr><th scope="row"><a href="#secret-{secret.id}">{escape(secret.name)}</a></th>{"".join(cells)}</tr>'


def _secret(secret: Secret) -> str:
    made_of = " · ".join(
        f'<a href="#{_target(link)}">{escape(text)}</a>' if link else f"<span>{escape(text)}</span>"
        for text, link in secret.made_of
    )
    known = "".join(
        f'<li><b class="p-{who}">{NAMES[who]}</b> {escape(moment.words)}'
        + (f' (<a href="#{moment.link}">{moment.link}</a>)' if moment.link else "")
        + "</li>"
        for who, moment in secret.known.items()
    )
    never = [NAMES[who] for who in EVERYBODY if who not in secret.known]
    if never:
        known += f'<li class="never">never: {", ".join(never)}</li>'
    return (
        f'<details class="secret" id="secret-{secret.id}"><summary><b>{escape(secret.name)}</b> '
        f'<small>{escape(secret.of)}</small></summary><div class="inside"><p class="why">{escape(secret.why)}. '
        f"<cite>{escape(secret.section)}</cite></p><dl><dt>value</dt><dd><code>{escape(secret.value)}</code></dd>"
        f'<dt>made of</dt><dd class="made-of">{made_of}</dd><dt>known to</dt><dd><ul>{known}</ul></dd></dl>'
        f"{commands_html(secret.commands)}</div></details>"
    )


def _target(link: str) -> str:
    """Return where a link leads to: records by their ids, secrets by theirs."""
    return f"secret-{link}" if "-" in link else link


def certificates_html(certificates: list[ShownCertificate]) -> str:
    """Return the certificates."""
    shown = "".join(map(_certificate, certificates))
    return (
        '<section id="certificates" aria-labelledby="title-certificates"><h2 id="title-certificates">The '
        "certificates</h2>"
        '<p class="lead">Each ties a name to a public key, and is signed with the key of the one above it. The root is '
        "signed with its own: it is trusted because its fingerprint came by another way.</p>"
        f'<div class="columns">{shown}</div></section>'
    )


def _certificate(one: ShownCertificate) -> str:
    title = f"Every byte, down to the bit ({len(one.view.data):,})"
    return (
        f'<article class="certificate" id="{one.whose}"><h3>{escape(one.title)}</h3>{facts_html(one.facts)}'
        f'<div class="drawers">{bytes_html(one.view, title)}'
        f"{commands_html(one.commands)}</div></article>"
    )


def setup_html(run: Run) -> str:
    """Return the script that makes the files for all commands."""
    return (
        '<section id="commands" aria-labelledby="title-commands"><h2 id="title-commands">Try it with openssl</h2>'
        '<p class="lead">Nothing here has to be believed. Run this script in an empty directory; then every line under '
        "“With openssl” above prints what the page says. It needs OpenSSL 3, and holds the private keys of this "
        "run.</p>"
        f'<details class="setup"><summary>The set-up script ({len(run.setup) // 1000} kB)</summary><div class="inside">'
        f'<pre class="command" tabindex="0"><code>{escape(run.setup)}</code></pre></div></details></section>'
    )
