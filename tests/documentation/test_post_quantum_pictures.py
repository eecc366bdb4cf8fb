"""The pictures of the pages on lattices and on hash-based signatures: of today's code, and inside their frames."""

import re
import runpy
from xml.etree import ElementTree  # of our own drawing

import pytest

from tests.documentation.page import ROOT

PAGES = ("lattices", "hash_signatures")
with pytest.MonkeyPatch.context() as patched:
    patched.syspath_prepend(str(ROOT / "docs"))  # as for a script
    DRAWN: dict[str, dict[str, str]] = {
        page: runpy.run_path(str(ROOT / "docs" / f"{page}_picture.py"))["files"]() for page in PAGES
    }
FILES = {name: content for files in DRAWN.values() for name, content in files.items()}
XMLNS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", FILES)
def test_the_pictures_are_those_of_the_code(name: str) -> None:
    """`python docs/lattices_picture.py` and `python docs/hash_signatures_picture.py` draw them anew."""
    assert (ROOT / "docs" / name).read_text() == FILES[name]
    (page,) = [page for page, files in DRAWN.items() if name in files]
    assert f"]({name})" in (ROOT / "docs" / f"{page}.md").read_text()


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


def test_the_chains_are_those_of_the_page() -> None:
    svg = ElementTree.fromstring(FILES["hash-chains.svg"])
    numbers = [element.text for element in svg.iter(f"{XMLNS}text") if (element.text or "").isdigit()]
    assert numbers[:4] == ["79", "41", "82", "26"]  # 79² = 6241, 41² + 1 = 1682, 82² + 2 = 6726: by hand
    assert numbers[-4:] == ["32", "74", "27", "81"]  # 32² + 50 = 1074, 74² + 51 = 5527, 27² + 52 = 781
