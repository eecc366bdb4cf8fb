"""Finds the citations of standards in code and prose: the section of which standard, on which line.

A citation is the name of a standard and one of its sections: `RFC 8017 §7.1.1`, `FIPS 186-5 appendix A.2.2`. The name
holds for the sections that follow it in a list, with the steps and remarks between them: `RFC 5280 §4.1, §4.2 (the
extensions) and §5`. After any other word, a section belongs to the standard that the head of the module names first:
in docstrings and comments a bare `§7.1.1` is one of that standard. Strings, and pages, name the standard every time,
as their readers do not see the head.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

NAME = (
    r"CABF BR|FIPS 197 \(2001\)|FIPS \d+(?:-\d+)?|RFC \d+|SP 800-\d+[A-Z]?|SEC [12]|X\.\d{3}|ECMA-\d+|WCAG \d\.\d"
    r"|HTML|PEP \d+|draft-[a-z0-9-]*[a-z0-9]|PKCS #3|PROTOCOL\.key|SHAVS|SHA3VS|AESAVS|Stallings|TAOCP \d"
    r"|Hacker's Delight|Horner 1819|example(?= §)"
)
INVENTED = ("Horner 1819", "RFC 1", "example")
"""What the docstrings and tests of `explain` cite, so as to show how."""

_SECTION = r"[0-9A-Z][0-9A-Za-z]*(?:[.-][0-9A-Za-z]+)*"
_TOKEN = re.compile(
    rf"(?<![\w-])(?P<standard>{NAME})(?!\w)\"?(?:,? (?:rev\. ?\d|v\d\.\d))?(?: \([^()]*\))?,?"
    rf"|(?<!`)(?:§ ?|\b[Aa]ppendix )(?P<section>{_SECTION})"
    r"|(?P<open>\()|(?P<close>\))"
)
_JOINT = re.compile(r"[\s#,]*(?:and|or|to|–)?[\s#]*")
_WITHIN = re.compile(  # the places within a section, which leave the list as it is
    r"(?:,? (?:steps?|lines?|rules?|items?|notes?|figures?|tables?|algorithms?|requirements?) "
    r"[\w.]+(?:(?:,| and| or| to|–) ?[\w.]+)*|'s)+"
)
_UNMARKED = re.compile(
    rf"(?<![\w-])(?:{NAME}),?(?: rev\. ?\d)? (?:[Ss]ections? \d|[A-Z]\.\d|\d+\.\d|Annex)"
    rf"|(?:§|\b[Aa]ppendix ){_SECTION}(?:,| and| or| to|–) ?(?:\d+\.\d|[A-Z]\.\d)"
    r"|\b[Ss]ections? \d"
)


class Citation(NamedTuple):
    """A section of a standard, and where it is cited.

    standard: its name; empty where it cannot be told. section: its number, empty where it has no mark before it.
    line: the line of the file. words: what stands there.
    """

    standard: str
    section: str
    line: int
    words: str


def in_python(source: str) -> Iterator[Citation]:
    """Return the citations in a module: in its docstrings, comments and strings."""
    tree = ast.parse(source)
    first = _first_standard(ast.get_docstring(tree) or "")
    for line, words, standard in _strings(tree, first, "", ""):
        yield from in_text(words, standard, line)
    for line, words in _comments(source):
        yield from in_text(words, first, line)


def in_text(words: str, first: str = "", line: int = 1) -> Iterator[Citation]:
    """Return the citations in a text.

    first: the standard of a section without a name. line: that on which the text begins.
    """
    current = ""
    joined = False  # whether the name holds still: nothing but joints since then
    outer: list[tuple[str, bool]] = []
    end = 0
    for match in _TOKEN.finditer(words):
        if not _JOINT.fullmatch(_WITHIN.sub("", words[end : match.start()])):
            joined = False
        end = match.end()
        if match["open"]:
            outer.append((current, joined))
            joined = False
        elif match["close"]:
            current, joined = outer.pop() if outer else ("", False)
        elif match["standard"]:
            current, joined = match["standard"], True
        else:
            if not joined:
                current, joined = first, True
            yield _citation(current, match["section"], words, match, line)
    for match in _UNMARKED.finditer(words):
        yield _citation("", "", words, match, line)


def _citation(standard: str, section: str, words: str, match: re.Match[str], line: int) -> Citation:
    start = max(words.rfind("\n", 0, match.start()) + 1, match.start() - 50)
    around = words[start : match.end() + 20].partition("\n")[0]
    return Citation(standard, section, line + words.count("\n", 0, match.start()), around.strip())


def _first_standard(docstring: str) -> str:
    """Return the standard that the head of a module names first."""
    head = re.search(r"^Standard +(.*)", docstring, re.MULTILINE)
    named = re.search(rf"(?<![\w-])(?:{NAME})(?!\w)", head[1]) if head and not head[1].startswith("None") else None
    return named[0] if named else ""


def _strings(node: ast.AST, first: str, group: str, bare: str) -> Iterator[tuple[int, str, str]]:
    """Return the strings below a node: line, words, and the standard of a section without a name.

    first: the standard of the docstrings. group: that of the group of steps that the node stands in, empty where the
    code does not tell. bare: that of this node.
    """
    relative: ast.AST | None = None
    match node:
        case ast.Constant():
            if isinstance(node.value, str):
                yield node.lineno, node.value, bare
            return
        case ast.JoinedStr():
            relative, group = node.values[0], bare
        case ast.Expr(value=ast.Constant()):
            relative, group = node.value, first
        case ast.FunctionDef():
            for decorator in node.decorator_list:
                group = _standard_of(decorator) or group
        case ast.With():
            for item in node.items:
                group = _standard_of(item.context_expr) or group
        case ast.Call() if _takes_a_section(node):
            relative, group = node.args[0], group or first
    for inner in ast.iter_child_nodes(node):
        yield from _strings(inner, first, group, group if inner is relative else "")


def _takes_a_section(node: ast.Call) -> bool:
    """Return whether a call is one of `note`, `steps` and `algorithm`, whose sections go on from those of the group."""
    return bool(node.args) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
        "note",
        "steps",
        "algorithm",
    )


def _standard_of(node: ast.AST) -> str:
    """Return the standard that a group of steps names, empty if it names none."""
    if isinstance(node, ast.Call) and _takes_a_section(node):
        section = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
        named = re.match(NAME, str(section.value)) if isinstance(section, ast.Constant) else None
        return named[0] if named else ""
    return ""


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Return the comments, those of neighbouring lines as one, with the lines where they begin."""
    passage: list[str] = []
    start = last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if passage and token.start[0] == last + 1 and token.line.lstrip().startswith("#"):
                passage.append(token.string)
            else:
                if passage:
                    yield start, "\n".join(passage)
                passage, start = [token.string], token.start[0]
            last = token.start[0]
    if passage:
        yield start, "\n".join(passage)
