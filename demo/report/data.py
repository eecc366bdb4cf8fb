"""The bytes and their parts in compact JSON, from which the page's script builds what somebody opens.

A part is a list: label, start, end, value, what, why, section, bits, kind, parts, id of the view that is opened from
it. Texts are numbers in one table of all texts, since the same ones come again and again.
"""

from __future__ import annotations

import base64
import json

from demo.report.colours import KINDS, kind_of
from demo.report.model import Run
from demo.report.parts import Part, View


def page_data(run: Run) -> str:
    """Return the JSON, ready to stand inside of a `script` element."""
    texts: dict[str, int] = {}
    views: dict[str, list[object]] = {}
    for top in (*(sent.view for sent in run.sent()), *(certificate.view for certificate in run.certificates)):
        for view in top.walk():
            parts = [_part(part, None, texts) for part in view.parts]
            views[view.id] = [view.title, base64.b64encode(view.data).decode(), parts, top.id]
    steps = {
        f"{sent.view.id}-{when}": "".join(calculation.html for calculation in calculations)
        for sent in run.sent()
        for when, calculations in (("before", sent.before), ("after", sent.after))
        if calculations
    }
    data = {"texts": list(texts), "kinds": list(KINDS), "views": views, "steps": steps}
    shown = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return shown.replace("</", "<\\/").replace("<!--", "\\u003c!--")  # nothing in it ends the element (HTML §4.12.1.3)


def _part(part: Part, around: Part | None, texts: dict[str, int]) -> list[object]:
    words = [texts.setdefault(text, len(texts)) for text in (part.value, part.what, part.why, part.section, part.bits)]
    label = texts.setdefault(part.label, len(texts))
    kind = list(KINDS).index(kind_of(part, around))
    inner = [_part(one, part, texts) for one in part.parts]
    return [label, part.start, part.end, *words, kind, inner, part.opened.id if part.opened else ""]


def hex_dump(view: View) -> str:
    """Return the bytes as lines of 16, for those who read without the script."""
    lines = (f"{start:04x}  {view.data[start : start + 16].hex(' ')}" for start in range(0, len(view.data), 16))
    return "\n".join(lines)
