"""The reference of the public names: it is of today's docstrings, and each name has an example that is run.

`tests/test_documentation.py` runs the examples, as those of all pages.
"""

import ast
import doctest
import inspect
import runpy
from typing import Any

import pytest

from tests.documentation.page import ROOT

REFERENCE: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "api_reference.py"))
FILES: dict[str, str] = REFERENCE["files"]()
SECTIONS: dict[str, Any] = {s.module.__name__: s for chapter in REFERENCE["chapters"]() for s in chapter.sections}


def examples(text: str) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(text)


def used_in(examples: list[doctest.Example]) -> set[str]:
    """The names that code uses, beyond importing them."""
    nodes = [node for each in examples for node in ast.walk(ast.parse(each.source))]
    return {node.id for node in nodes if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", FILES)
def test_the_reference_is_of_the_docstrings(name: str) -> None:
    """`python docs/api_reference.py` writes it anew."""
    assert (ROOT / "docs" / name).read_text() == FILES[name]


def test_no_page_is_left_over() -> None:
    assert {f"api/{path.name}" for path in (ROOT / "docs" / "api").iterdir()} == set(FILES) - {"api.md"}


@pytest.mark.parametrize("module", SECTIONS)
def test_each_public_name_is_used_in_an_example_that_expects_something(module: str) -> None:
    section = SECTIONS[module]
    shown = examples(section.shown)
    for entry in section.entries:
        own = examples(entry.example)
        mine = (
            own
            if set(entry.names) <= used_in(own)
            else [*shown, *(e for s in section.entries for e in examples(s.example))]
        )
        assert set(entry.names) <= used_in(mine), f"no example of {module} uses all of {', '.join(entry.names)}"
        assert any(each.want or each.exc_msg for each in mine), f"the example of {entry.names[0]} expects nothing"


@pytest.mark.parametrize("module", SECTIONS)
def test_each_public_name_has_a_docstring_of_its_own(module: str) -> None:
    for entry in SECTIONS[module].entries:
        assert entry.doc, f"{module}.{entry.names[0]}"
        thing = entry.object
        if inspect.isclass(thing):
            assert "__doc__" in vars(thing), f"{module}.{entry.names[0]} inherits its docstring"


def test_each_page_runs_the_examples_that_it_shows() -> None:
    for name, text in FILES.items():
        if name != "api.md":
            assert len(examples(text)) > 5, name


def test_what_is_said_of_parameters_becomes_a_list() -> None:
    text = "Do it.\n\nkey: 16 bytes. data: any\n    length.\nRaises `ValueError` if not.\n\nnote: not a parameter."
    assert list(REFERENCE["prose"](text, ["key", "data"])) == [
        "Do it.",
        "- `key`: 16 bytes.\n- `data`: any length.",
        "Raises `ValueError` if not.",
        "note: not a parameter.",
    ]


def test_signatures_are_those_of_the_code() -> None:
    def function(a: bytes, /, b: int = 1, *, hash: type = dict, d: str = "x" * 50) -> bytes:
        raise NotImplementedError(a, b, hash, d)

    assert REFERENCE["signature"]("function", function) == (
        "function(a: bytes, /, b: int = 1, *, hash: type = builtins.dict, d: str = str(...)) -> bytes"
    )


def test_imports_that_an_example_needs_are_added() -> None:
    module = SECTIONS["primitives.x25519"].module
    assert ">>> from primitives.x25519 import x25519\n" in REFERENCE["example"](">>> x25519(a, b)", module)
    assert "import" not in REFERENCE["example"](">>> x25519 = 1", module)
