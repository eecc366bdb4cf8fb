"""Draws the state machines from the tables that run: docs/states.md and its pictures, one for each version and role.

`python docs/states_picture.py` writes them anew; a test compares. A picture is one column of states in the order of
the table. An arrow to the next state runs straight down, one that passes over states runs on the right, and one that
goes back runs on the left. A message that leaves the state as it is stands inside the box.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from handshake.machine import OVER, Decided, If, State, Table
from handshake.registries.codes import RECEIVED, Direction, Role
from handshake.tls12 import states as tls12
from handshake.tls13 import states as tls13

HERE = Path(__file__).parent

BOX = 230  # the width of a box, in pixels as all that follows
LEFT, RIGHT = 230, 340  # for the labels on the left of the boxes and on their right
TRACK = 16  # from one vertical line to the next
MARGIN = 20
LINE = 14  # from one line of a label to the next
CHARACTER = 5.5  # the width of a letter of a condition, on the average
PORT = 12  # the height that an arriving arrow needs at a box's side

STYLE = """\
svg {
  --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --box: #57606a; --received: #0757ba; --sent: #9a4b00;
  --wait: #ddeeff; --send: #ffeedb; --connected: #d9f2dd; --over: #eaeef2;
}
@media (prefers-color-scheme: dark) {
  svg {
    --paper: #0d1117; --ink: #e6edf3; --faint: #9aa4ae; --box: #8b949e; --received: #79b8ff; --sent: #ffb26b;
    --wait: #12283f; --send: #3a2610; --connected: #12351d; --over: #262c33;
  }
}
text { fill: var(--ink); font: 12px sans-serif; }
.name { font-weight: bold; text-anchor: middle; }
.inside { font-size: 11px; text-anchor: middle; }
.label { paint-order: stroke; stroke-width: 3px; }
.condition { fill: var(--faint); font-size: 11px; }
.left { text-anchor: end; }
rect { stroke: var(--box); } .paper { fill: var(--paper); stroke: none; }
.wait { fill: var(--wait); } .send { fill: var(--send); } .connected { fill: var(--connected); }
.closing, .over { fill: var(--over); } .failed { fill: var(--over); stroke-dasharray: 5 3; }
.halo { fill: none; stroke: var(--paper); stroke-width: 5; }
.arrow { fill: none; stroke-width: 1.6; }
.received { stroke: var(--received); } .sent { stroke: var(--sent); } .begin { stroke: var(--ink); }
circle { fill: var(--ink); }
.head.received { fill: var(--received); } .head.sent { fill: var(--sent); } .head.begin { fill: var(--ink); }
.label.received { fill: var(--received); } .label.sent { fill: var(--sent); } .label { stroke: var(--paper); }
"""

HEAD = """\
# The state machines

Written and drawn by `docs/states_picture.py` from the tables that run: {tables}.
An arrow is a message: ← is one that is received (blue), → one that is sent (orange). A message with ↻ in a box leaves
the state as it is. A message that has no arrow in its state ends the connection with the alert unexpected_message; any
other error ends it with its own alert, and so does every fatal alert that is received. These all lead to the state
*failed*.
"""


@dataclass(frozen=True)
class Version:
    """One version of TLS: its tables, and where they stand."""

    name: str
    title: str
    path: str
    tables: Mapping[Role, Table]
    start: Mapping[Role, State]


VERSIONS = (
    Version("tls13", "TLS 1.3", "handshake/tls13/states.py", tls13.TABLES, tls13.START),
    Version("tls12", "TLS 1.2", "handshake/tls12/states.py", tls12.TABLES, tls12.START),
)


@dataclass
class Arrow:
    """One way from a state to another. y_from, y_to: where it leaves and arrives, once the boxes have their places."""

    source: State
    target: State
    direction: Direction
    message: str
    condition: str
    y_from: float = 0
    y_to: float = 0
    track: int = 0

    @property
    def label(self) -> str:
        """The message, with a sign for its direction."""
        return f"{'←' if self.direction is RECEIVED else '→'} {self.message}"

    @property
    def title(self) -> str:
        """The whole arrow in words."""
        condition = f", {self.condition}" if self.condition else ""
        return f"{self.source.value} to {self.target.value}: {self.message} {self.direction.value}{condition}"

    def lines(self, width: float) -> list[tuple[str, str]]:
        """Return the lines of the label, within a width, each with its style."""
        wrapped = textwrap.wrap(self.condition, int(width / CHARACTER))
        return [(f"label {self.direction.value}", self.label), *(("label condition", line) for line in wrapped)]


@dataclass
class Box:
    """One state, with the arrows at each side of it."""

    state: State
    loops: list[Arrow] = field(default_factory=list)
    down: list[Arrow] = field(default_factory=list)
    out_right: list[Arrow] = field(default_factory=list)
    in_right: list[Arrow] = field(default_factory=list)
    out_left: list[Arrow] = field(default_factory=list)
    in_left: list[Arrow] = field(default_factory=list)
    y: float = 0

    @property
    def height(self) -> float:
        """As high as its text and the arrows at either side need it."""
        text = 28 + LINE * len(self.loops)
        right = 10 + PORT * len(self.in_right) + sum(exit_height(arrow, RIGHT) for arrow in self.out_right)
        left = 10 + PORT * len(self.in_left) + sum(exit_height(arrow, LEFT) for arrow in self.out_left)
        return max(text, right, left)


def exit_height(arrow: Arrow, width: float) -> float:
    """Return the height of an arrow that leaves at a side, with its label above it."""
    return LINE * len(arrow.lines(width)) + 6


def arrows(table: Table) -> Iterator[Arrow]:
    """Return all arrows of a table."""
    for state, row in table.rows.items():
        for (direction, message), target in row.items():
            for branch, facts in target.branches() if isinstance(target, If) else [(target, ())]:
                yield Arrow(state, branch, direction, message.value, condition(facts))


def condition(facts: Decided) -> str:
    """Return in words which facts must hold ("if …") and which must not ("unless …")."""
    so = " and ".join(fact.value for fact, holds in facts if holds)
    not_so = " or ".join(fact.value for fact, holds in facts if not holds)
    return ", ".join([f"if {so}"] * bool(so) + [f"unless {not_so}"] * bool(not_so))


def placed(table: Table) -> list[Box]:
    """Return the boxes in their places, with all arrows at them."""
    boxes: dict[State, Box] = {state: Box(state) for state in table.rows if state is not State.FAILED}
    order = list(boxes)
    for arrow in arrows(table):
        source, target = boxes[arrow.source], boxes[arrow.target]
        step = order.index(arrow.target) - order.index(arrow.source)
        if step == 0:
            source.loops.append(arrow)
        elif step == 1:
            source.down.append(arrow)
        elif step > 1:
            source.out_right.append(arrow)
            target.in_right.append(arrow)
        else:
            source.out_left.append(arrow)
            target.in_left.append(arrow)
    y: float = MARGIN + 54
    for box in boxes.values():
        box.y = y
        box.out_right.sort(key=lambda arrow: order.index(arrow.target), reverse=True)  # the farthest at the top
        place_ports(box)
        labels = sum(len(arrow.lines(RIGHT)) for arrow in box.down)
        y += box.height + max(28, LINE * labels + 16)
    give_lanes([arrow for box in boxes.values() for arrow in box.out_right])
    give_lanes([arrow for box in boxes.values() for arrow in box.out_left])
    return list(boxes.values())


def place_ports(box: Box) -> None:
    """Give the arrows their heights: at the right side those that arrive are at the top, at the left at the bottom."""
    y = box.y + 5
    box.in_right.sort(key=lambda arrow: arrow.y_from, reverse=True)  # the nearest at the top: so they do not cross
    for arrow in box.in_right:
        y += PORT
        arrow.y_to = y - PORT / 2
    y = max(y, box.y + box.height - 5 - sum(exit_height(arrow, RIGHT) for arrow in box.out_right))
    for arrow in box.out_right:
        y += exit_height(arrow, RIGHT)
        arrow.y_from = y - 4
    y = box.y + 5
    for arrow in box.out_left:
        y += exit_height(arrow, LEFT)
        arrow.y_from = y - 4
    for arrow in reversed(box.in_left):  # the nearest at the bottom
        y += PORT
        arrow.y_to = y - PORT / 2


def give_lanes(those: list[Arrow]) -> None:
    """Give each arrow at a side a vertical line that it shares with none beside it; short arrows run inside."""
    done: list[Arrow] = []
    for arrow in sorted(those, key=lambda arrow: abs(arrow.y_to - arrow.y_from)):
        low, high = sorted((arrow.y_from, arrow.y_to))
        taken = {
            other.track
            for other in done
            if min(other.y_from, other.y_to) < high + PORT and max(other.y_from, other.y_to) > low - PORT
        }
        arrow.track = next(track for track in range(len(those)) if track not in taken)
        done.append(arrow)


def draw(title: str, table: Table, start: State) -> str:
    """Return the picture of one table as SVG."""
    boxes = placed(table)
    tracks_left = 1 + max((arrow.track for box in boxes for arrow in box.out_left), default=-1)
    tracks_right = 1 + max((arrow.track for box in boxes for arrow in box.out_right), default=-1)
    x = MARGIN + tracks_left * TRACK + LEFT  # of all boxes
    width = x + BOX + RIGHT + tracks_right * TRACK + MARGIN
    height = boxes[-1].y + boxes[-1].height + MARGIN
    parts: list[str] = []
    labels: list[str] = []
    for box in boxes:
        parts += box_parts(box, x)
        for arrow in box.down:
            following = boxes[boxes.index(box) + 1]
            centre = x + BOX / 2
            parts += arrow_parts(
                arrow, f"M{centre:g} {box.y + box.height:g} V{following.y:g}", centre, following.y, "v"
            )
            labels += label_parts(arrow, centre + 10, box.y + box.height + 8, RIGHT)
        for arrow in box.out_right:
            far = x + BOX + RIGHT + arrow.track * TRACK
            path = f"M{x + BOX:g} {arrow.y_from:g} H{far:g} V{arrow.y_to:g} H{x + BOX:g}"
            parts += arrow_parts(arrow, path, x + BOX, arrow.y_to, "<")
            labels += label_parts(arrow, x + BOX + 8, arrow.y_from - 3 - LINE * len(arrow.lines(RIGHT)), RIGHT)
        for arrow in box.out_left:
            far = x - LEFT - arrow.track * TRACK
            path = f"M{x:g} {arrow.y_from:g} H{far:g} V{arrow.y_to:g} H{x:g}"
            parts += arrow_parts(arrow, path, x, arrow.y_to, ">")
            labels += label_parts(arrow, x - 8, arrow.y_from - 3 - LINE * len(arrow.lines(LEFT)), LEFT, " left")
    parts += begin_parts(next(box for box in boxes if box.state is start), x)
    parts += failed_parts(boxes[-1], x)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
            'aria-labelledby="title">',
            f'<title id="title">{escape(title)}</title>',
            f"<style>\n{STYLE}</style>",
            f'<rect class="paper" width="{width:g}" height="{height:g}" />',
            *parts,
            *labels,
            "</svg>\n",
        ]
    )


def box_parts(box: Box, x: float) -> list[str]:
    """Return a box with what is written in it."""
    kind = "over" if box.state in OVER else box.state.name.split("_")[0].lower()
    middle = x + BOX / 2
    y = box.y + (box.height - 28 - LINE * len(box.loops)) / 2 + 19
    parts = [f'<rect class="{kind}" x="{x:g}" y="{box.y:g}" width="{BOX}" height="{box.height:g}" rx="6"/>']
    parts.append(f'<text class="name" x="{middle:g}" y="{y:g}">{escape(box.state.value)}</text>')
    for arrow in box.loops:
        y += LINE
        parts.append(
            f'<text class="inside" x="{middle:g}" y="{y:g}"><title>{escape(arrow.title)}</title>'
            f"↻ {escape(arrow.label)}</text>"
        )
    return parts


def arrow_parts(arrow: Arrow, path: str, x: float, y: float, way: str) -> list[str]:
    """Return a line and its head, which is at x, y."""
    return [
        f'<path class="halo" d="{path}"/>',
        f'<path class="arrow {arrow.direction.value}" d="{path}"><title>{escape(arrow.title)}</title></path>',
        head(arrow.direction.value, x, y, way),
    ]


def head(kind: str, x: float, y: float, way: str) -> str:
    """Return the head of an arrow that points down, to the left or to the right."""
    corners = {"v": "-4 -8 h8 z", "<": "8 -4 v8 z", ">": "-8 -4 v8 z"}[way]
    return f'<path class="head {kind}" d="M{x:g} {y:g} l{corners}"/>'


def label_parts(arrow: Arrow, x: float, y: float, width: float, style: str = "") -> list[str]:
    """Return the lines of a label whose upper edge is at y."""
    return [
        f'<text class="{kind}{style}" x="{x:g}" y="{y + LINE * number - 3:g}">{escape(line)}</text>'
        for number, (kind, line) in enumerate(arrow.lines(width), 1)
    ]


def begin_parts(box: Box, x: float) -> list[str]:
    """Return the point where it begins."""
    middle = x + BOX / 2
    return [
        f'<circle cx="{middle:g}" cy="{box.y - 40:g}" r="6"/>',
        f'<path class="arrow begin" d="M{middle:g} {box.y - 34:g} V{box.y:g}"/>',
        head("begin", middle, box.y, "v"),
    ]


def failed_parts(last: Box, x: float) -> list[str]:
    """Return the state that every error leads to, beside the last."""
    left, width = MARGIN, x - 2 * MARGIN
    middle, y = left + width / 2, last.y + last.height - 28
    lines = ("from every state: any error,", "and every fatal alert received")
    return [
        f'<rect class="failed" x="{left:g}" y="{y:g}" width="{width:g}" height="28" rx="6"/>',
        f'<text class="name" x="{middle:g}" y="{y + 19:g}">{State.FAILED.value}</text>',
        *(
            f'<text class="inside" x="{middle:g}" y="{y - 8 - LINE * (len(lines) - 1 - number):g}">{line}</text>'
            for number, line in enumerate(lines)
        ),
    ]


def page() -> str:
    """Return the page with the pictures, and the same in words."""
    lines = [HEAD.format(tables=" and ".join(f"[{version.path}](../{version.path})" for version in VERSIONS))]
    for version in VERSIONS:
        for role, table in version.tables.items():
            lines += [
                f"## {version.title}: the {role.value}\n",
                f"![The states of a {version.title} {role.value}, and the messages between them; the table below says "
                f"the same in words]({name(version, role)})\n",
                "| state | message | next state |",
                "| --- | --- | --- |",
                *(
                    f"| {arrow.source.value} | {arrow.label}{', ' * bool(arrow.condition)}{arrow.condition} "
                    f"| {arrow.target.value} |"
                    for arrow in arrows(table)
                ),
                "",
            ]
    return "\n".join(lines)


def name(version: Version, role: Role) -> str:
    """Return the file name of a picture."""
    return f"states-{version.name}-{role.value}.svg"


def files() -> dict[str, str]:
    """Return the page and all pictures, as they should be now, by their names in docs/."""
    pictures = {
        name(version, role): draw(f"{version.title}: the {role.value}", table, version.start[role])
        for version in VERSIONS
        for role, table in version.tables.items()
    }
    return {"states.md": page(), **pictures}


if __name__ == "__main__":
    for file, text in files().items():
        (HERE / file).write_text(text)
