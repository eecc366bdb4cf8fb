"""Every section that is cited exists, and tells its standard: in code, in its strings, and in the pages.

The sections that the steps of a trace show are checked where every algorithm is run (test_every_algorithm.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from docs.citations import Citation, in_python, in_text
from handshake.registries.cipher_suites import suite_section
from handshake.registries.groups import group_section
from tests.documentation.contents import CONTENTS, expanded, problem, problems

ROOT = Path(__file__).parents[2]
ROOMS = ("explain", "console", "primitives", "pki", "record", "handshake", "demo", "vectors", "benchmarks", "docs")
GENERATED = {ROOT / "docs" / "standards.md", ROOT / "docs" / "api.md"}  # from the code, which is checked itself


@cache
def cited(folder: str) -> tuple[tuple[str, list[Citation]], ...]:
    """Return the modules of a folder, each with its citations."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple((path.relative_to(ROOT).as_posix(), list(in_python(path.read_text()))) for path in paths)


@pytest.mark.parametrize("room", ROOMS)
def test_the_code_cites_sections_that_exist(room: str) -> None:
    wrong = [line for place, found in cited(room) for line in problems(found, place)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_pages_cite_sections_that_exist() -> None:
    paths = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")} - GENERATED)
    wrong = [line for path in paths for line in problems(in_text(path.read_text()), path.relative_to(ROOT).as_posix())]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.slow
def test_the_tests_cite_sections_that_exist() -> None:
    """Their own bare sections are of the standard that the test is about, which only a reader can tell."""
    wrong = [
        line
        for place, found in cited("tests")
        if place != "tests/documentation/test_citations.py"
        for line in problems((citation for citation in found if citation.standard), place)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_registries_cite_a_section_for_every_number() -> None:
    sections = {section_of(code) for section_of in (suite_section, group_section) for code in range(1 << 16)}
    for section in sections:
        found = list(in_text(section))
        assert found
        assert not problems(found, section)


@pytest.mark.slow
def test_the_contents_are_of_standards_that_are_cited() -> None:
    modules = [found for folder in (*ROOMS, "tests") for _, found in cited(folder)]
    assert set(CONTENTS) <= {citation.standard for found in modules for citation in found}


# --- A wrong citation is found.


@pytest.mark.parametrize(
    ("path", "right", "wrong", "complaint"),
    [
        ("primitives/oaep.py", "RFC 8017 §7.1.1", "RFC 8017 §7.1.3", "RFC 8017 has no §7.1.3"),
        ("primitives/ecdsa.py", "RFC 6979 §2.3.3", "§2.3.3", "FIPS 186-5 §2.3.3 is not among"),
        ("primitives/hotp.py", "§5.3", "§5.5", "RFC 4226 has no §5.5"),
        ("handshake/registries/cipher_suites.py", '"RFC 5289 §3.1"', '"§3.1"', "of which standard"),
        ("pki/path/policies.py", "RFC 9618", "RFC 19618", "RFC 19618 are not in contents.toml"),
    ],
)
def test_a_wrong_section_in_a_copy_is_found(path: str, right: str, wrong: str, complaint: str) -> None:
    source = (ROOT / path).read_text()
    assert right in source
    assert not problems(in_python(source), path)
    assert any(complaint in line for line in problems(in_python(source.replace(right, wrong)), path))


HEAD = '"""A module.\n\nStandard     RFC 8017 (PKCS #1) §7.1; RFC 5280 §4.\n"""\n'


@pytest.mark.parametrize(
    ("source", "standard", "section"),
    [
        ("# §7.1.1: of the first standard of the head", "RFC 8017", "7.1.1"),
        ('def f():\n    """§7.1.1: in a docstring, too."""', "RFC 8017", "7.1.1"),
        ('SECTION = "§7.1.1"', "", "7.1.1"),  # the reader of a string does not see the head
        ("# RFC 5280 §4.1, which differs from §7.1", "RFC 8017", "7.1"),
        ("# RFC 5280 §4.1 and §4.2", "RFC 5280", "4.2"),
        ("# RFC 5280 §4.1 step 1, §4.2", "RFC 5280", "4.2"),
        ("# RFC 5280 §4.1 (the fields; RFC 3279 §2.2) and §4.2", "RFC 5280", "4.2"),
        ("# RFC 5280 §4.1\n# and §4.2", "RFC 5280", "4.2"),
        ("# FIPS 186-5 appendix A.1.1", "FIPS 186-5", "A.1.1"),
        ("# FIPS 197 (2001) appendix C.1", "FIPS 197 (2001)", "C.1"),
        ('@algorithm("RFC 5280 §4.1", "", "")\ndef f():\n    note("§4.2", "", 1, "")', "RFC 5280", "4.2"),
        ('with steps("RFC 5280 §4.1", "", ""):\n    note(f"§4.{x}", "", 1, "")', "RFC 5280", "4"),
        ('note("§7.2", "", 1, "")', "RFC 8017", "7.2"),
        ("# RFC 5280 section 4.1", "", ""),
        ("# RFC 5280 4.1", "", ""),
        ("# §7.1 and 7.2", "", ""),
        ("# RFC 5280 §4.1 and 4.2", "", ""),
    ],
)
def test_the_standard_of_a_section(source: str, standard: str, section: str) -> None:
    found = {(citation.standard, citation.section) for citation in in_python(HEAD + source)}
    assert (standard, section) in found


def test_a_head_without_a_standard_gives_none() -> None:
    source = '"""A module.\n\nStandard     None; RFC 8017 §7.1 has something like it.\n"""\n# §7.1.1'
    assert ("", "7.1.1") in {(citation.standard, citation.section) for citation in in_python(source)}


def test_the_line_of_a_citation() -> None:
    source = '"""A module."""\n\nX = 1  # RFC 8017 §7.1\n\n# A remark,\n# and RFC 8017 §7.2'
    assert [citation.line for citation in in_python(source)] == [3, 6]


def test_a_row_of_sections() -> None:
    assert set(expanded("4.1..3 A.1 B 7-3")) == {"4", "4.1", "4.2", "4.3", "A", "A.1", "B", "7-3"}


def test_a_section_that_was_not_confirmed_is_told_from_one_that_does_not_exist() -> None:
    assert problem(Citation("RFC 5280", "9.9", 1, "")) == "RFC 5280 has no §9.9"
    assert "look it up" in problem(Citation("SEC 1", "9.9", 1, ""))
