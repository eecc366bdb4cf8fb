"""What the documents say is run: their Python examples, their commands, and their links to files."""

import ast
import doctest
import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
COMMAND = re.compile(r"python -m (\w+)[^`\n…|]*")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples(path: Path) -> None:
    result = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert result.failed == 0


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (path.parent / target).exists(), target


def commands() -> list[str]:
    # What a program printed (```text) is not what is to be typed.
    texts = [re.sub(r"^```text\n.*?^```$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL) for path in DOCUMENTS]
    found = {m.group().strip() for text in texts for m in COMMAND.finditer(text)}
    return sorted(c for c in found if not c.endswith(".") and "FILE" not in c)


@pytest.mark.parametrize("command", commands())
def test_commands_are_understood(command: str) -> None:
    """Every command in the documents parses: with --help after it, it explains itself and ends well."""
    module, *words = shlex.split(command, comments=True)[2:]
    done = subprocess.run(
        [sys.executable, "-m", module, *words, "--help"],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout


@pytest.mark.parametrize("command", [c for c in commands() if c.startswith("python -m primitives ")])
def test_commands_on_ones_own_input_run(command: str, tmp_path: Path) -> None:
    """Those of docs/primitives.md run in their order, beside it, with what they print; here are those of all pages."""
    if "@" in command or "--step" in command:
        pytest.skip("it needs a file, or a person at the keys: it runs in tests/primitives/commands")
    done = subprocess.run(
        [sys.executable, *shlex.split(command, comments=True)[1:]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_two_commands_of_the_readme_need_nothing_of_each_other() -> None:
    lines = re.findall(r"^python3 -m venv .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(lines) == 2
    for line, end in zip(lines, ("python -m demo", "pytest"), strict=True):
        assert "pip install" in line
        assert line.endswith(end)


def named_tests() -> list[str]:
    return sorted({m for path in DOCUMENTS for m in re.findall(r"tests/[\w/]+\.py::\w+", path.read_text())})


@pytest.mark.parametrize("named", named_tests())
def test_the_tests_that_are_named_exist(named: str) -> None:
    path, name = named.split("::")
    functions = {
        node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)
    }
    assert name in functions


def test_the_map_of_the_standards_is_that_of_the_code() -> None:
    """`python docs/standards_map.py` writes it anew."""
    page = runpy.run_path(str(ROOT / "docs" / "standards_map.py"))["page"]
    assert (ROOT / "docs" / "standards.md").read_text() == page()


@pytest.mark.slow
def test_the_traced_exchange_is_that_of_the_code() -> None:
    """`python docs/exchange_trace.py` writes it anew."""
    page = runpy.run_path(str(ROOT / "docs" / "exchange_trace.py"))["page"]
    assert (ROOT / "docs" / "exchange.md").read_text() == page()


@pytest.mark.slow
def test_the_documentation_is_built_without_a_warning(tmp_path: Path) -> None:
    """Every link among the pages, and from them to the code, leads somewhere."""
    pytest.importorskip("sphinx", reason="Sphinx is not installed (the extra docs brings it)")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "index.html").exists()
