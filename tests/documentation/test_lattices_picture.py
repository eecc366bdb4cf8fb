"""The pictures of docs/lattices.md: they are of today's code, for light and for dark, and inside their frames."""

import re
import runpy
from typing import Any
from xml.etree import ElementTree  # of our own drawing

import pytest

from tests.documentation.page import ROOT

PICTURE: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "lattices_picture.py"))
FILES: dict[str, str] = PICTURE["files"]()
XMLNS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", FILES)
def test_the_pictures_are_those_of_the_code(name: str) -> None:
    """`python docs/lattices_picture.py` draws them anew."""
    assert (ROOT / "docs" / name).read_text() == FILES[name]
    assert f"]({name})" in (ROOT / "docs" / "lattices.md").read_text()


@pytest.mark.parametrize("name", FILES)
def test_each_colour_has_a_value_for_light_and_one_for_dark(name: str) -> None:
    style = FILES[name].partition("<style>")[2].partition("</style>")[0]
    light, _, dark = style.partition("prefers-color-scheme: dark")
    used = set(re.findall(r"var\((--\w+)\)", style))
    assert used == set(re.findall(r"(--\w+):", light)) == set(re.findall(r"(--\w+):", dark))


@pytest.mark.parametrize("name", FILES)
def test_all_words_are_inside_the_frame(name: str) -> None:
    svg = ElementTree.fromstring(FILES[name])
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    words = [(element, "".join(element.itertext())) for element in svg.iter(f"{XMLNS}text")]
    assert len(words) > 20
    for element, said in words:
        half = 7 * len(said) / 2  # of a common font, in the middle of its place
        assert half <= float(element.attrib["x"]) <= width - half, said
        assert 10 <= float(element.attrib["y"]) <= height - 4, said


def test_the_residues_are_those_of_the_ntt() -> None:
    svg = ElementTree.fromstring(FILES["lattices-ntt.svg"])
    columns: dict[str, list[str]] = {}
    for element in svg.iter(f"{XMLNS}text"):
        if not element.attrib.get("class"):
            columns.setdefault(element.attrib["x"], []).append(element.text or "")
    *_, last = (numbers for numbers in columns.values() if len(numbers) == 8)
    # 1 + 2X + … + 8X^7 with 2 for X², and so on for each γ: by hand
    assert last == ["15", "13", "10", "5", "2", "9", "11", "15"]
