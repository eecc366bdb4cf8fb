"""The pictures of the state machines: they are of today's tables, whole, and nothing in them covers anything."""

import re
import runpy
from itertools import combinations
from typing import Any, NamedTuple
from xml.etree import ElementTree  # of our own drawing

import pytest

from handshake.machine import If, State
from handshake.registries.codes import Role
from handshake.tls12 import states as tls12
from handshake.tls13 import states as tls13
from tests.documentation.page import ROOT

PICTURE: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "states_picture.py"))
TABLES = {"tls12": tls12.TABLES, "tls13": tls13.TABLES}
FILES: dict[str, str] = PICTURE["files"]()
SVG = {name: ElementTree.fromstring(text) for name, text in FILES.items() if name.endswith(".svg")}
XMLNS = "{http://www.w3.org/2000/svg}"


class Area(NamedTuple):
    what: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Area") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.attrib[name])


def label_areas(svg: ElementTree.Element) -> list[Area]:
    """Where labels are, by the widths that letters have in a common font."""
    areas = []
    for text in svg.iter(f"{XMLNS}text"):
        styles, words = text.attrib["class"].split(), "".join(text.itertext())
        if "label" in styles:
            width = len(words) * (5.5 if "condition" in styles else 6.5)
            x, y = number(text, "x"), number(text, "y")
            left = x - width if "left" in styles else x
            areas.append(Area(words, left, y - 9, left + width, y + 2))
    return areas


def box_areas(svg: ElementTree.Element) -> list[Area]:
    return [
        Area("box", x := number(box, "x"), y := number(box, "y"), x + number(box, "width"), y + number(box, "height"))
        for box in svg.iter(f"{XMLNS}rect")
        if box.attrib["class"] != "paper"
    ]


def strokes(svg: ElementTree.Element) -> list[Area]:
    """The straight parts of all arrows, each as an area without width."""
    found = []
    for path in svg.iter(f"{XMLNS}path"):
        if path.attrib["class"].startswith("arrow"):
            _, x, y, *rest = re.split(r"[MHV ]+", re.sub(r"([HV])", r" \1", path.attrib["d"]))
            here = float(x), float(y)
            for command, value in zip(re.findall("[HV]", path.attrib["d"]), rest, strict=True):
                there = (float(value), here[1]) if command == "H" else (here[0], float(value))
                (left, right), (top, bottom) = sorted((here[0], there[0])), sorted((here[1], there[1]))
                found.append(Area(path.attrib["d"], left, top, right, bottom))
                here = there
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_page_and_its_pictures_are_those_of_the_tables(name: str) -> None:
    """`python docs/states_picture.py` writes them anew."""
    assert (ROOT / "docs" / name).read_text() == FILES[name]


def test_no_picture_is_left_over() -> None:
    assert {path.name for path in (ROOT / "docs").glob("states*.*")} - {"states_picture.py"} == set(FILES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("version", TABLES)
def test_each_row_of_the_table_is_an_arrow_of_the_picture(version: str, role: Role) -> None:
    titles = [title.text or "" for title in SVG[f"states-{version}-{role.value}.svg"].iter(f"{XMLNS}title")]
    expected = 0
    for state, row in TABLES[version][role].rows.items():
        for (direction, message), target in row.items():
            ways = [branch for branch, _ in target.branches()] if isinstance(target, If) else [target]
            for way in ways:
                start = f"{state.value} to {way.value}: {message.value} {direction.value}"
                assert any(title.startswith(start) for title in titles), start
            expected += len(ways)
    assert len(titles) == expected + 1  # and that of the picture


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("version", TABLES)
def test_each_state_is_a_box(version: str, role: Role) -> None:
    svg = SVG[f"states-{version}-{role.value}.svg"]
    names = [text.text for text in svg.iter(f"{XMLNS}text") if text.attrib["class"] == "name"]
    assert sorted(filter(None, names)) == sorted(state.value for state in TABLES[version][role].rows)
    assert State.FAILED.value in names


@pytest.mark.parametrize("name", SVG)
def test_nothing_covers_a_label_or_a_box(name: str) -> None:
    svg = SVG[name]
    labels, boxes, lines = label_areas(svg), box_areas(svg), strokes(svg)
    assert len(labels) > 20
    for one, other in combinations([*labels, *boxes], 2):
        assert not one.covers(other), (one, other)
    for line in lines:
        for area in (*labels, *boxes):
            assert not line.covers(area), (line, area)
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    for area in (*labels, *boxes, *lines):
        assert area.left >= 0
        assert area.right <= width
        assert area.top >= 0
        assert area.bottom <= height


@pytest.mark.parametrize("name", SVG)
def test_no_two_arrows_share_a_line(name: str) -> None:
    """They may cross, but nowhere run upon each other."""
    lines = strokes(SVG[name])
    for one, other in combinations(lines, 2):
        for first, second in ((one, other), (other, one)):
            if first.what != second.what and first.left == first.right == second.left == second.right:
                assert first.bottom <= second.top or second.bottom <= first.top, (one.what, other.what)
            if first.what != second.what and first.top == first.bottom == second.top == second.bottom:
                assert first.right <= second.left or second.right <= first.left, (one.what, other.what)


def test_it_is_drawn_for_light_and_for_dark() -> None:
    """Each colour is a variable that has a value in both, and the paper behind all has one, too."""
    for text in FILES.values():
        if "<svg" in text:
            style = text.partition("<style>")[2].partition("</style>")[0]
            light, _, dark = style.partition("prefers-color-scheme: dark")
            used = set(re.findall(r"var\((--\w+)\)", style))
            assert "--paper" in used
            assert used == set(re.findall(r"(--\w+):", light)) == set(re.findall(r"(--\w+):", dark))
            assert not re.search(r"#[0-9a-f]{3}", re.sub(r"--\w+: #\w+;", "", style))
