"""Each command in the documentation is run.

A page's blocks are typed in their order, in an empty folder, and those of its sentences by themselves. What must not
be, or cannot be, is in `ELSEWHERE`; what would take too long is in `SHORTENED`. A command that is in neither runs as
it stands.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import PeerTool
from tests.documentation.page import A_FILE, KINDS, OTHERS, PAGES, ROOT, TERMINALS, Page
from tests.documentation.reader import PARTY, Reader, Terminal

ELSEWHERE = {
    r"(python3 -m venv|(\w+=\S+ )?\.venv/bin/(pip|ruff|mypy|pytest)|\.ci/run)( .*)?": (
        "they install, or are the checks themselves, which .ci/run runs on a fresh machine"
    ),
    r"python -m benchmarks( --write)?": "half an hour; what is picked with -k is run",
    r"python docs/lanes_plot\.py": "measures for minutes, and draws the times of this machine into the docs",
    r"python docs/(standards_map|api_reference|(states|lattices|hash_signatures)_picture|key_schedule|\w+_trace)\.py": (
        "they write pages of this tree; tests compare what they would write"
    ),
    r"python -m vectors\.extract( --check)?": "tests/vectors/test_extract.py does that, with the packages it finds",
    r"wireshark .*": "opens a window; tshark reads the same file",
}
SHORTENED = {
    r"python -m benchmarks -k": "python -m benchmarks --seconds 0 -k",
    r"python -m benchmarks\.crowd": "python -m benchmarks.crowd --clients 4 --others 2",
    r"python -m vectors$": "python -m vectors -k rfc/",  # tests/vectors/test_official.py runs them all
}
NAMED = re.compile(rf"python -m (pki|handshake( client| server)?)|{PARTY.pattern}.*|.* [A-Z]{{3,}}…?( .*)?")
"""What is only a part of a command, or its form: a block has the whole of one that is like it."""

SLOW_PAGES = {
    "CONTRIBUTING",
    "README",
    "breaking",
    "certificates",
    "enrolment",
    "hash_signatures",
    "lattices",
    "load",
    "primitives",
    "report",
    "resumption",
    "systems",
    "vectors",
}
SLOW = re.compile(r"pytest .*|python -m (benchmarks|demo|vectors)( .*)?")
LONG = (pytest.mark.slow,)
PEERS = ("curl", "editcap", "openssl", "tshark")


def bare(line: str) -> str:
    """Return the line as far as it is to be typed, with the `python` of these tests."""
    return re.sub(r"\s+#.*", "", line).replace(".venv/bin/python ", "python ")


def runs(line: str) -> bool:
    return not any(re.fullmatch(pattern, bare(line)) for pattern in ELSEWHERE)


def short(line: str) -> str:
    for pattern, replacement in SHORTENED.items():
        line = re.sub(pattern, replacement, bare(line))
    return line


def in_blocks(page: Page) -> list[str]:
    return [bare(line) for block in page.blocks for line in block.lines if runs(line)]


def in_sentences() -> list[str]:
    """The commands that are whole, and not in a block as they stand."""
    typed = {line for page in PAGES for line in in_blocks(page)}
    found = {command for page in PAGES for command in page.mentioned if runs(command)}
    return sorted(command for command in found - typed if not NAMED.fullmatch(command))


def read(reader: Reader, page: Page) -> None:
    open_ones: list[Terminal] = []
    for block in page.blocks:
        lines = [short(line) for line in block.lines if runs(line)]
        if block.kind != TERMINALS:
            if lines:
                reader.enter("\n".join(lines)).finish()
            continue
        for line in lines:
            # A reader who starts a server again has ended it before.
            for before in [each for each in open_ones if each.is_like(line)]:
                open_ones.remove(before)
                before.finish()
            open_ones.append(reader.enter(line))
            open_ones[-1].wait_until_it_listens()
    for terminal in reversed(open_ones):
        terminal.finish()


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=LONG if page.name in SLOW_PAGES else ())
        for page in PAGES
        if in_blocks(page)
    ],
)
def test_the_blocks_of_a_page(page: Page, tmp_path: Path, peer_tool: PeerTool) -> None:
    text = "\n".join(in_blocks(page))
    for tool in ("bash", *(tool for tool in PEERS if f"{tool} " in text)):
        peer_tool(tool)
    if "cryptography_vectors" in text:
        pytest.importorskip(
            "cryptography_vectors", reason="cryptography-vectors is not installed (the extra dev has it)"
        )
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, content in page.files.items():
        (folder / name).write_text(content)
    with Reader(folder, tmp_path) as reader:
        read(reader, page)


@pytest.mark.parametrize(
    "command",
    [pytest.param(command, marks=LONG if SLOW.fullmatch(command) else ()) for command in in_sentences()],
)
def test_a_command_in_a_sentence(command: str, tmp_path: Path, peer_tool: PeerTool) -> None:
    peer_tool("bash")
    folder = tmp_path / "folder"
    folder.mkdir()
    with Reader(ROOT if command.startswith("pytest ") else folder, tmp_path) as reader:
        reader.enter(short(command)).finish()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_stands_where_it_is_found(page: Page) -> None:
    assert [info for info in page.infos if info not in (*KINDS, *OTHERS) and not A_FILE.fullmatch(info)] == []
    assert page.elsewhere == []


def test_what_is_named_is_run_in_a_block() -> None:
    named = sorted({c for page in PAGES for c in page.mentioned if runs(c) and NAMED.fullmatch(c)})
    lines = [line for page in PAGES for line in in_blocks(page)]
    for command in named:
        form = re.sub(r"[A-Z]{3,}…?", r"\\S+", re.escape(command))
        assert any(re.match(rf"{form}(?!\S)", line) for line in lines), command


@pytest.mark.parametrize("pattern", [*ELSEWHERE, *SHORTENED])
def test_each_exception_is_for_a_command_that_is_there(pattern: str) -> None:
    typed = [line for page in PAGES for block in page.blocks for line in block.lines]
    assert any(re.match(pattern, bare(line)) for line in [*typed, *(c for page in PAGES for c in page.mentioned)])
