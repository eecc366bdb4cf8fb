"""What the documents say is so: their Python examples, their links to files. Their commands are run in `pages`."""

import ast
import doctest
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples(path: Path) -> None:
    result = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert result.failed == 0


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (path.parent / target).exists(), target


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


@pytest.mark.slow
def test_the_map_of_the_standards_is_that_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python docs/standards_map.py` writes it anew."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))  # as for a script
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


def test_the_new_imports_in_the_changelog_are_there() -> None:
    """Each module in the right column of the table."""
    text = (ROOT / "CHANGELOG.md").read_text().partition("### Old and new imports")[2]
    rows = re.findall(r"^\| (`.*) \| (`.*) \|$", text, re.MULTILINE)
    assert len(rows) > 50
    for old, new in rows:
        first, *others = re.findall(r"`([\w.]+)`", new)
        if first.endswith("."):
            modules = [first + name for name in re.findall(r"`(\w+)`", old.partition(":")[2])]
        else:
            modules = [first, *(other for other in others if "." in other)]
        assert modules, old
        for module in modules:
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or path.is_dir(), module
