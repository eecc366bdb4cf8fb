"""Writes the reference of the public names, docs/api.md and docs/api/, from the docstrings of the code.

`python docs/api_reference.py` writes it anew; a test compares. Which names are public is said in docs/api.toml, which
also has the examples for those that the head of their module does not show.
"""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, EnumType
from functools import cached_property
from importlib import import_module
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
WIDTH = 100  # of a signature, before each parameter gets a line of its own
CONSTANTS = ("name", "digest_size", "block_size")  # what PEP 452 promises of each hash function
HEAD = re.compile(r"(Standard|Left out|Timing) +(.*)")

INTRODUCTION = """\
# The public names

What programs may call, and what stays as it is from version to version: written by `docs/api_reference.py` from the
code's own docstrings. All examples are run by the tests. A § without a standard is of the first standard that its
module names.

What goes in and comes out is `bytes`; a `str` where bytes belong is a `TypeError`, and a value out of its range a
`ValueError`. Arguments that could be confused are given by name. Verification returns `None` or raises. Randomness and
time are arguments (`random_bytes=`, `at=`, `clock=`), so that everything can be repeated.
"""


@dataclass(frozen=True)
class Entry:
    """Names that are documented together: one function or class, or several objects of one type.

    members: of objects of a type that is not public itself, the methods that are.
    """

    module: ModuleType
    names: tuple[str, ...]
    example: str
    members: tuple[str, ...] = ()

    @property
    def object(self) -> Any:
        """The first of them."""
        return getattr(self.module, self.names[0])

    @property
    def title(self) -> str:
        """The heading."""
        return ", ".join(f"`{name}`" for name in self.names)

    @property
    def anchor(self) -> str:
        """The heading's anchor."""
        return "-".join(name.lower() for name in self.names)

    @property
    def doc(self) -> str:
        """The docstring: of an object that is neither a function nor a class, that of its type."""
        return inspect.getdoc(self.object if documents_itself(self.object) else type(self.object)) or ""


@dataclass(frozen=True)
class Section:
    """What is public of a module. shown: the example in the module's head."""

    module: ModuleType
    entries: tuple[Entry, ...]
    shown: str


@dataclass(frozen=True)
class Chapter:
    """A page."""

    file: str
    title: str
    sections: tuple[Section, ...]


def documents_itself(thing: object) -> bool:
    """Return whether the docstring is its own."""
    return inspect.isroutine(thing) or inspect.isclass(thing)


def chapters() -> list[Chapter]:
    """Return what docs/api.toml lists."""
    listed = tomllib.loads((HERE / "api.toml").read_text())
    return [
        Chapter(file, content.pop("title"), tuple(section(name, said) for name, said in content.items()))
        for file, content in listed.items()
    ]


def section(name: str, said: Mapping[str, Any]) -> Section:
    """Return the section of a module. said: `names`, and by name `examples` and `members`."""
    module = import_module(name)
    examples: dict[str, str] = said.get("examples", {})

    def kind(name: str) -> object:
        thing = getattr(module, name)
        return name if documents_itself(thing) else type(thing)

    groups = [tuple(group) for _, group in groupby(said["names"], kind)]
    listed: dict[str, list[str]] = said.get("members", {})
    entries = tuple(
        Entry(module, group, examples.pop(group[0], "").strip(), tuple(listed.get(group[0], ()))) for group in groups
    )
    if examples:
        raise ValueError(f"docs/api.toml has examples of {name} for names that it does not list: {', '.join(examples)}")
    shown = "\n".join(part for part in paragraphs(module.__doc__ or "") if part.startswith(">>>"))
    return Section(module, entries, shown)


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a docstring."""
    parts = re.split(r"\n[ \t]*\n", inspect.cleandoc(text))
    merged: list[str] = []
    for part in filter(None, parts):
        if part.startswith("    ") and merged and merged[-1].startswith("    "):
            merged[-1] += f"\n\n{part}"
        else:
            merged.append(part)
    return merged


# Prose


def prose(text: str, names: Sequence[str] = ()) -> Iterator[str]:
    """Return paragraphs of a docstring as Markdown, and what it says of each of these parameters as a list."""
    for part in paragraphs(text):
        if part.startswith(">>>"):
            yield example(part)
            continue
        if part.startswith("    "):
            yield f"```python\n{inspect.cleandoc(part)}\n```"
            continue
        if part.startswith("|"):  # a table
            yield part
            continue
        lines: list[str] = []
        for line in part.splitlines():
            for piece in split_items(line.strip(), names):
                opens = bool(item(piece, names)) or piece.startswith("Raises ")
                if opens or not lines:
                    lines.append(piece)
                else:
                    lines[-1] += f" {piece}"
        previous_is_item = False
        block: list[str] = []
        for line in lines:
            found = item(line, names)
            if bool(found) != previous_is_item and block:
                yield "\n".join(block)
                block = []
            previous_is_item = bool(found)
            if found:
                listed = ", ".join(f"`{name}`" for name in found[1].split(", "))
                block.append(f"- {listed}: {escaped(found[2])}")
            else:
                block.append(escaped(line))
        yield "\n".join(block)


def item(line: str, names: Sequence[str]) -> re.Match[str] | None:
    """Return the names at the beginning of a line and what is said of them, if these are parameters."""
    found = re.match(r"(\w+(?:, \w+)*): (.*)", line)
    return found if found and set(found[1].split(", ")) <= set(names) else None


def split_items(line: str, names: Sequence[str]) -> list[str]:
    """Return the line, cut where it goes on to another parameter, "a: first; b: second"."""
    pieces = [""]
    for part in re.split(r"(?<=[.;]) (?=\w+(?:, \w+)*: )", line):
        if item(part, names) or not pieces[0]:
            pieces[-1] = re.sub(";$", ".", pieces[-1])
            pieces.append(part)
        else:
            pieces[-1] += f" {part}"
    return pieces[1:]


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it as it is, its `code` as code."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*<>\[\]]|\b_|_\b)", r"\\\1", part) for part in parts)


def first_sentence(text: str) -> str:
    """Return the first sentence of a docstring."""
    whole = " ".join(paragraphs(text)[0].split())
    found = re.match(r".*?[.](?= |$)", re.sub(r"\b(i\.e|e\.g|rev)\.", r"\1․", whole))  # no end of a sentence
    return (found[0] if found else whole).replace("․", ".").removesuffix(".")


# Code


def example(text: str, module: ModuleType | None = None) -> str:
    """Return a doctest as a block, with the imports that it needs."""
    lines = []
    if module is not None:
        code = "".join(each.source for each in doctest.DocTestParser().get_examples(text))
        nodes = list(ast.walk(ast.parse(code)))
        made = {alias.name for node in nodes if isinstance(node, ast.ImportFrom | ast.Import) for alias in node.names}
        names = [node for node in nodes if isinstance(node, ast.Name)]
        made |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        used = {node.id for node in names if defines(module, node.id)} - made
        if used:
            lines.append(f">>> from {module.__name__} import {', '.join(sorted(used))}")
    return "\n".join(["```python", *lines, text, "", "```"])  # the empty line ends what is expected


def defines(module: ModuleType, name: str) -> bool:
    """Return whether a name is the module's own, and not one that it imports."""
    thing = vars(module).get(name)
    return thing is not None and (not documents_itself(thing) or thing.__module__ == module.__name__)


def signature(name: str, thing: Callable[..., Any], *, bound: bool = False) -> str:
    """Return how something is called, as code. bound: leave out the first parameter, self or cls."""
    told = inspect.signature(thing)
    parameters = list(told.parameters.values())[bound:]
    words: list[str] = []
    for before, parameter in zip([None, *parameters], parameters, strict=False):
        if before and before.kind is before.POSITIONAL_ONLY is not parameter.kind:
            words.append("/")
        if parameter.kind is parameter.KEYWORD_ONLY and (before is None or before.kind is not parameter.KEYWORD_ONLY):
            words.append("*")
        words.append(spelled(parameter))
    if parameters and parameters[-1].kind is inspect.Parameter.POSITIONAL_ONLY:
        words.append("/")
    returns = "" if inspect.isclass(thing) else f" -> {annotation(told.return_annotation)}"
    line = f"{name}({', '.join(words)}){returns}"
    if len(line) > WIDTH:
        line = f"{name}(\n" + "".join(f"    {word},\n" for word in words) + f"){returns}"
    return line


def spelled(parameter: inspect.Parameter) -> str:
    """Return a parameter as in the code."""
    text = f"{parameter.name}: {annotation(parameter.annotation)}"
    if parameter.default is inspect.Parameter.empty:
        return text
    default = parameter.default
    if isinstance(default, Enum):
        return f"{text} = {type(default).__name__}.{default.name}"
    if documents_itself(default):
        ours = default.__module__.startswith("primitives.")
        return f"{text} = {'' if ours else f'{default.__module__}.'}{default.__name__}"
    shown = repr(default)
    return f"{text} = {shown if len(shown) < 40 else f'{type(default).__name__}(...)'}"


def annotation(told: object) -> str:
    """Return a type as in the code."""
    return str(told if isinstance(told, str) else getattr(told, "__name__", told)).strip("'")


def members(thing: type) -> dict[str, Any]:
    """Return the public methods and properties of a class, also those that it inherits, in their order."""
    found: dict[str, Any] = {}
    for kind in reversed(thing.__mro__):
        if kind.__module__.partition(".")[0] in ("primitives", "pki", "handshake", "explain"):
            for name, value in vars(kind).items():
                described = isinstance(value, property | cached_property | classmethod | staticmethod)
                if not name.startswith("_") and (described or inspect.isfunction(value)) and inspect.getdoc(value):
                    found[name] = value
    return found


def member(name: str, value: Any, owner: str) -> Iterator[str]:
    """Return what a method or property does, as an item of a list."""
    if isinstance(value, property | cached_property):
        call, names = f".{name}", []
    else:
        bound = isinstance(value, classmethod) or not isinstance(value, staticmethod)
        function = inspect.unwrap(getattr(value, "__func__", value))
        prefix = owner if isinstance(value, classmethod | staticmethod) else ""
        call = signature(f"{prefix}.{name}", function, bound=bound)
        names = list(inspect.signature(function).parameters)
    if "\n" in call:
        call = " ".join(call.split()).replace("( ", "(").replace(", )", ")")
    first, *rest = prose(inspect.getdoc(value) or "", names)
    yield f"- `{call}`\n\n" + "\n\n".join(indented(part) for part in (first, *rest))


def indented(text: str) -> str:
    """Return a part of an item."""
    return "\n".join(f"  {line}" if line else line for line in text.splitlines())


# Pages


def entry_parts(entry: Entry) -> Iterator[str]:
    """Return what is said of a name: how it is called, what it does, and an example."""
    yield f"### {entry.title}"
    thing = entry.object
    names: list[str] = []
    if isinstance(thing, EnumType):
        pass
    elif inspect.isclass(thing) and hasattr(thing, "from_der"):
        names = list(inspect.signature(thing).parameters)  # its attributes: it is made by its class methods
    elif inspect.isclass(thing) and issubclass(thing, Exception):
        yield f"```python\nclass {thing.__name__}({thing.__base__.__name__})\n```"  # type: ignore[union-attr]  # object's
    elif documents_itself(thing):
        names = list(inspect.signature(thing).parameters)
        yield f"```python\n{signature(entry.names[0], thing)}\n```"
    else:
        names = list(inspect.signature(type(thing)).parameters)
        yield "\n".join(["```python", *(f"{name}: {type(thing).__name__}" for name in entry.names), "```"])
    yield from prose(entry.doc, names)
    if isinstance(thing, EnumType):
        yield "\n".join(f"- `{thing.__name__}.{each.name}`" for each in thing)  # type: ignore[var-annotated]
    constants = [
        f"`{name}` is {getattr(thing, name)!r}" for name in CONSTANTS if isinstance(value_of(thing, name), int | str)
    ]
    if constants and not isinstance(thing, EnumType):
        yield f"{', '.join(constants)}."


def value_of(thing: object, name: str) -> object:
    """Return a constant of a class, or None."""
    return getattr(thing, name, None) if inspect.isclass(thing) else None


def section_parts(section: Section) -> Iterator[str]:
    """Return what is said of a module and of its names."""
    name = section.module.__name__
    path = name.replace(".", "/") + ".py"
    yield f"## {name}"
    heads: list[str] = []
    others: list[str] = []
    for part in paragraphs(section.module.__doc__ or ""):
        (heads if HEAD.match(part) else others).append(part)
    first, *rest = [part for part in others if not part.startswith(">>>")]
    yield f"{escaped(' '.join(first.split()))} [{path}](../../{path})"
    if heads:
        yield "\n".join(head_items("\n".join(heads)))
    if section.shown:
        yield example(section.shown, section.module)
    for part in rest:
        yield from prose(part)
    classes = [entry.object for entry in section.entries if inspect.isclass(entry.object)]
    shared = (
        members(classes[0]) if len(classes) > 1 and len({tuple(members(each).items()) for each in classes}) == 1 else {}
    )
    for entry in section.entries:
        yield from entry_parts(entry)
        if entry.example:
            yield example(entry.example, section.module)
        if inspect.isclass(entry.object) and not shared and not isinstance(entry.object, EnumType):
            for each, value in members(entry.object).items():
                yield from member(each, value, entry.names[0])
        for each in entry.members:
            yield from member(each, members(type(entry.object))[each], entry.names[0])
    if shared:
        yield f"### What each class of {name} has"
        for each, value in shared.items():
            yield from member(each, value, classes[0].__name__)


def head_items(text: str) -> Iterator[str]:
    """Return the head of a module, its standard and what is left out, as a list."""
    items: list[str] = []
    for line in text.splitlines():
        found = HEAD.match(line)
        if found:
            items.append(f"- **{found[1]}**: {escaped(found[2])}")
        else:
            items[-1] += f" {escaped(line.strip())}"
    yield from items


def files() -> dict[str, str]:
    """Return all pages as they should be now, by their names in docs/."""
    pages: dict[str, str] = {}
    overview = [INTRODUCTION]
    for chapter in chapters():
        parts = [f"# {chapter.title}", "Written by `docs/api_reference.py`. [All public names](../api.md)."]
        rows = ["| name | module | what it is |", "| --- | --- | --- |"]
        for part in chapter.sections:
            parts += section_parts(part)
            for entry in part.entries:
                rows.append(
                    f"| [{entry.title}](api/{chapter.file}.md#{entry.anchor}) | {part.module.__name__} "
                    f"| {escaped(first_sentence(entry.doc)).replace('|', '∣')} |"
                )
        pages[f"api/{chapter.file}.md"] = "\n\n".join(parts) + "\n"
        overview.append(f"## {chapter.title}\n\n" + "\n".join(rows) + "\n")
    overview.append("```{toctree}\n:hidden:\n\n" + "\n".join(name.removesuffix(".md") for name in pages) + "\n```\n")
    return {"api.md": "\n".join(overview), **pages}


if __name__ == "__main__":
    (HERE / "api").mkdir(exist_ok=True)
    for file, text in files().items():
        (HERE / file).write_text(text)
