"""The archives are what the script makes of the packages, where those are installed; and they are small."""

import hashlib
import json
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import vectors.data
from vectors.extract import contents, keep, pack
from vectors.sources import Source, SourceFile, read_source, sources

SECTIONS = b"# head\n[P-192]\n[B.4]\nN = 1\n\nd = 1\n\n[P-256]\n\n[B.4]\nN = 1\n\nd = 2\n"
COUNTED = b"[A]\nCOUNT = 0\nX = a\n\nCOUNT = 1\nX = b\n[B]\nCOUNT = 0\nX = c\n\nCOUNT = 1\nX = d\n"


@pytest.mark.parametrize("source", [s for s in sources() if s.package], ids=lambda source: source.name)
def test_every_archive_is_made_by_the_script(source: Source) -> None:
    try:
        installed = version(source.package)
    except PackageNotFoundError:
        installed = "none"
    if installed != source.version:
        pytest.skip(f"{source.package} {source.version} is not installed")
    assert read_source(source) == contents(source)


@pytest.mark.slow
@pytest.mark.parametrize("source", [s for s in sources() if s.repository], ids=lambda source: source.name)
def test_files_of_a_repository_are_taken_from_a_clone_of_the_right_edition(source: Source, tmp_path: Path) -> None:
    files = read_source(source)
    whole = tuple(
        replace(file, every=0, sha256=hashlib.sha256(files[file.name]).hexdigest()) if file.every else file
        for file in source.files
    )
    source = replace(source, files=whole)  # of a file that is thinned, the digest is that of the whole file
    top = tmp_path / source.repository.split("/")[1] / source.directory
    for file in source.files:
        assert hashlib.sha256(files[file.name]).hexdigest() == file.sha256
        (top / file.name).parent.mkdir(parents=True, exist_ok=True)
        (top / file.name).write_bytes(files[file.name])
    assert contents(source, tmp_path) == files
    (top / source.files[0].name).write_bytes(b"of another edition")
    with pytest.raises(ValueError, match=r"is not of the edition that SOURCES\.toml records"):
        contents(source, tmp_path)
    with pytest.raises(ValueError, match="needs a clone of"):
        contents(source)


def test_an_archive_is_the_same_whenever_it_is_made() -> None:
    files = {"a": b"1", "directory/b": b"2" * 1000}
    assert pack(files) == pack(files)


@pytest.mark.parametrize(
    ("sections", "left"),
    [("P-256", b"# head\n[P-256]\n\n[B.4]\nN = 1\n\nd = 2\n"), ("P-(192|256)", SECTIONS)],
)
def test_sections_are_kept_with_the_headings_that_belong_to_them(sections: str, left: bytes) -> None:
    thinned = keep(SECTIONS, SourceFile("file", 1, sections=sections))
    assert thinned == f"# Thinned for Cutaway: sections {sections}\n".encode() + left


def test_cases_are_kept_by_count_or_place() -> None:
    first = b"[A]\nCOUNT = 0\nX = a\n\n[B]\nCOUNT = 0\nX = c\n\n"
    assert keep(COUNTED, SourceFile("file", 1, below=1)) == b"# Thinned for Cutaway: below 1\n" + first
    assert keep(COUNTED, SourceFile("file", 1, every=2)) == b"# Thinned for Cutaway: every 2\n" + first
    assert keep(COUNTED, SourceFile("file", 1, without=1)) == b"# Thinned for Cutaway: without 1\n" + first
    assert keep(COUNTED, SourceFile("file", 1)) == COUNTED


def test_of_json_some_tests_of_each_group_are_kept() -> None:
    tests = [{"tcId": i} for i in range(5)]
    found = {"vsId": 1, "testGroups": [{"tgId": 1, "tests": tests}, {"tgId": 2, "tests": tests[:1]}]}
    thinned = json.loads(keep(json.dumps(found).encode(), SourceFile("file.json", 1, every=2)))
    assert thinned == {"vsId": 1, "testGroups": [{"tgId": 1, "tests": tests[::2]}, {"tgId": 2, "tests": tests[:1]}]}


def test_a_rule_on_counts_needs_counts() -> None:
    with pytest.raises(ValueError, match="need a Count"):
        keep(b"Len = 0\n", SourceFile("file", 1, below=1))


def test_every_source_says_where_it_is_from_and_on_what_terms() -> None:
    for source in sources():
        assert all((source.title, source.edition, source.url, source.licence))
        assert [bool(source.package and source.version), bool(source.repository), bool(source.made)].count(True) == 1
        assert all(file.sha256 for file in source.files) == bool(source.repository)
    archives = {path.name for path in Path(vectors.data.__file__).parent.glob("*.tar.xz")}
    assert archives == {source.archive for source in sources()}


def test_the_data_stay_small() -> None:
    assert sum(path.stat().st_size for path in Path(vectors.data.__file__).parent.iterdir() if path.is_file()) < 10e6
