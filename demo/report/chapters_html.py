"""The chapters as HTML, each a sequence diagram: a column for each party, and what goes over the wire between them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from demo.facts.messages import Rows
from demo.report.model import (
    NAMES,
    PARTIES,
    Act,
    Calculation,
    Chapter,
    Command,
    Note,
    Overheard,
    Phase,
    Scene,
    Sent,
)
from explain.showing.bytes_html import bytes_html

ARROW = "→"
LOCK = '<svg class="lock" aria-hidden="true"><use href="#lock"/></svg>'
EYE = '<svg class="eye" aria-hidden="true"><use href="#eye"/></svg>'


def chapter_html(chapter: Chapter) -> str:
    """Return a chapter, with its sequence diagram."""
    heads = "".join(f'<li class="p-{party}">{NAMES[party]}</li>' for party in PARTIES)
    scenes = "".join(map(_scene, chapter.scenes))
    return (
        f'<section class="chapter" id="chapter-{chapter.number}" aria-labelledby="title-{chapter.number}">'
        f'<h2 id="title-{chapter.number}"><span class="number">{chapter.number}</span> {escape(chapter.title)}</h2>'
        f'<p class="lead">{escape(chapter.why)}</p>'
        f'<div class="sequence"><ul class="heads" aria-label="The columns">{heads}</ul>{scenes}</div></section>'
    )


def _scene(scene: Scene) -> str:
    match scene:
        case Sent():
            return _sent(scene)
        case Act():
            return _act(scene)
        case Phase():
            return f'<h3 class="phase">{escape(scene.text)}</h3>'
        case Note():
            return f'<p class="note">{escape(scene.text)}</p>'
        case Overheard():
            return _overheard(scene)


def _sent(sent: Sent) -> str:
    id, size = sent.view.id, len(sent.view.data)
    state = f"{LOCK}sealed" if sent.sealed else f"{EYE}readable by everybody"
    columns = sorted((PARTIES.index(sent.sender) + 1, PARTIES.index(sent.receiver) + 1))
    way = "right" if PARTIES.index(sent.receiver) > PARTIES.index(sent.sender) else "left"
    title = (
        f'<h3><a href="#{id}" class="id">{id}</a> <span class="way"><b '
        f'class="p-{sent.sender}">{NAMES[sent.sender]}</b> '
        f'{ARROW} <b class="p-{sent.receiver}">{NAMES[sent.receiver]}</b></span> <span '
        f'class="name">{escape(sent.name)}</span> '
        f'<span class="size">{size:,} bytes</span> <span class="state">{state}</span></h3>'
    )
    drawers = [
        _drawer("What it says", facts_html(sent.facts), "facts") if sent.facts else "",
        bytes_html(sent.view, f"Every byte ({size:,})"),
        _calculations(f"What the {NAMES[sent.sender]} calculated for it", f"{id}-before", sent.before),
        _calculations(f"What the {NAMES[sent.receiver]} calculated then", f"{id}-after", sent.after),
        commands_html(sent.commands),
    ]
    why = f'<p class="why">{escape(sent.why)}</p>' if sent.why else ""
    quote = f"<blockquote>{escape(sent.quote)}</blockquote>" if sent.quote else ""
    return (
        f'<article class="sent from-{sent.sender}{" sealed" if sent.sealed else ""}" id="{id}">'
        f'<div class="arrow span-{columns[0]}{columns[1]} to-{way}" aria-hidden="true"></div>'
        f'<div class="card">{title}{why}{quote}{_learned(sent.learned)}'
        f'<div class="drawers">{"".join(drawers)}</div></div></article>'
    )


def _act(act: Act) -> str:
    checks = "".join(f"<li><span>{escape(what)}</span> {escape(outcome)}</li>" for what, outcome, *_ in act.checks)
    inside = [
        f"<blockquote>{escape(act.quote)}</blockquote>" if act.quote else "",
        _drawer(f"{len(act.checks)} checks, all of them held", f'<ul class="checks">{checks}</ul>', "facts")
        if checks
        else "",
        _drawer("What it says", facts_html(act.facts), "facts") if act.facts else "",
    ]
    return (
        f'<div class="act in-{act.party}" id="{act.id}"><p><b class="p-{act.party}">{NAMES[act.party]}</b> '
        f"{escape(act.text)}</p>"
        f"{''.join(inside)}{_learned(act.learned)}</div>"
    )


def _overheard(overheard: Overheard) -> str:
    title = overheard.title.removeprefix("EAVESDROPPER, on the wire: ")
    lines = escape("\n".join(overheard.lines))
    return (
        f'<div class="overheard"><h3>{EYE}<b class="p-eavesdropper">eavesdropper</b> '
        f'{escape(title[:1].upper() + title[1:])}</h3><pre tabindex="0">{lines}</pre></div>'
    )


def _learned(learned: Sequence[tuple[str, str, str]]) -> str:
    """Return who knows what from here on, one line for each party."""
    lines = []
    for who in dict.fromkeys(party for party, _, _ in learned):
        links = ", ".join(f'<a href="#secret-{id}">{escape(name)}</a>' for party, id, name in learned if party == who)
        lines.append(f'<li><b class="p-{who}">{NAMES[who]}</b> now knows {links}</li>')
    return f'<ul class="learned">{"".join(lines)}</ul>' if lines else ""


def facts_html(rows: Rows) -> str:
    """Return names and values; a value may have several lines."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows) + "</dl>"


def _drawer(title: str, inside: str, kind: str) -> str:
    return f'<details class="{kind}"><summary>{escape(title)}</summary><div class="inside">{inside}</div></details>'


def _calculations(title: str, key: str, steps: Sequence[Calculation]) -> str:
    """Return the drawer in which the script shows the steps. key: of them in the page's data."""
    if not steps:
        return ""
    names = ", ".join(dict.fromkeys(step.name for step in steps))
    return (
        f'<details class="steps" data-steps="{key}"><summary>{escape(title)} <small>{escape(names)}</small></summary>'
        '<div class="inside"></div></details>'
    )


def commands_html(commands: Sequence[Command]) -> str:
    """Return the commands, each with what it prints."""
    if not commands:
        return ""
    items = []
    for command in commands:
        prints = f'<p class="prints">prints <code>{escape(command.expected)}</code></p>' if command.expected else ""
        items.append(
            f'<li><p>{escape(command.title)}</p><pre class="command" '
            f'tabindex="0"><code>{escape(command.line)}</code></pre>{prints}</li>'
        )
    note = 'They need the files of <a href="#commands">the set-up script</a>.'
    return _drawer_html("With openssl", f'<p class="hint">{note}</p><ol class="commands">{"".join(items)}</ol>')


def _drawer_html(title: str, inside: str) -> str:
    return f'<details class="openssl"><summary>{escape(title)}</summary><div class="inside">{inside}</div></details>'
