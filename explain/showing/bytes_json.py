"""Views and their parts in compact JSON, from which the script of `bytes_html` builds what somebody opens.

Standard     RFC 8259 (JSON); HTML §4.12.1.3 (what may stand inside of a `script` element).
Left out     Reading it back: the script does.

A part is a list: label, start, end, value, what, why, section, bits, kind, parts, id of the view that is opened from
it. Texts are numbers in one table of all texts, since the same ones come again and again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping

from explain.meaning import KINDS
from explain.showing.byte_view import Part, View


def bytes_data(views: Iterable[View]) -> dict[str, object]:
    """Return what the script needs to know of these views and of all that are opened from them."""
    texts: dict[str, int] = {}
    found: dict[str, list[object]] = {}
    for top in views:
        for view in top.walk():
            parts = [_part(part, texts) for part in view.parts]
            found[view.id] = [view.title, base64.b64encode(view.data).decode(), parts, top.id]
    return {"texts": list(texts), "kinds": list(KINDS), "views": found}


def _part(part: Part, texts: dict[str, int]) -> list[object]:
    what, why, kind = part.meaning
    words = [texts.setdefault(text, len(texts)) for text in (part.value, what, why, part.section, part.bits)]
    label = texts.setdefault(part.label, len(texts))
    inner = [_part(one, texts) for one in part.parts]
    opened = part.opened.id if part.opened else ""
    return [label, part.start, part.end, *words, list(KINDS).index(kind), inner, opened]


def script_json(data: Mapping[str, object]) -> str:
    """Return the data as JSON that can stand inside of a `script` element: nothing in it ends the element."""
    shown = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return shown.replace("</", "<\\/").replace("<!--", "\\u003c!--")
