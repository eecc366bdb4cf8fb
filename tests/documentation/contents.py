"""The sections that each standard has, read from `contents.toml`, and what is wrong with a citation of one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from docs.citations import INVENTED, Citation, in_text
from explain.layout import Field


class Contents(NamedTuple):
    """sections: all that were read. is_whole: whether these are all that the standard has."""

    sections: frozenset[str]
    is_whole: bool


def expanded(numbers: str) -> Iterator[str]:
    """Return the sections of a row such as `4.1..3 A`, with those that they are in."""
    for first, last in re.findall(r"(\S+?)(?:\.\.(\d+))?(?= |$)", numbers):
        stem, number = re.fullmatch(r"(.*?)(\d*)", first).groups()  # type: ignore[union-attr]  # matches everything
        for section in [f"{stem}{n}" for n in range(int(number), int(last) + 1)] if last else [first]:
            parts = section.split(".")
            yield from (".".join(parts[: length + 1]) for length in range(len(parts)))


CONTENTS = {
    name: Contents(frozenset(expanded(" ".join(entry["sections"].split()))), "read" in entry)
    for name, entry in tomllib.loads(Path(__file__).with_name("contents.toml").read_text()).items()
}


def problem(citation: Citation) -> str:
    """Return what is wrong with a citation; empty if nothing is."""
    standard, section = citation.standard, citation.section
    if standard in INVENTED:
        return ""
    if not section:
        return "the mark of the section is missing: § or the word appendix"
    if not standard:
        return f"§{section} of which standard?"
    if standard not in CONTENTS:
        return f"the contents of {standard} are not in contents.toml"
    if section not in CONTENTS[standard].sections:
        return (
            f"{standard} has no §{section}"
            if CONTENTS[standard].is_whole
            else f"{standard} §{section} is not among its sections that were confirmed: look it up, then add it"
        )
    return ""


def problems(citations: Iterable[Citation], place: str) -> list[str]:
    """Return a line for each wrong citation of a file."""
    return [
        f"{place}:{citation.line}: {what}: {citation.words}"
        for citation in sorted(citations, key=lambda citation: citation.line)
        if (what := problem(citation))
    ]


def wrong_sections(fields: Iterable[Field]) -> list[str]:
    """Return a line for each label of an explanation that cites no section, or one that does not exist."""
    wrong = []
    for outer in fields:
        for _, field in outer.walk():
            cited = list(in_text(field.section))
            wrong += problems(cited, field.label) if cited else [f"{field.label}: no section in {field.section!r}"]
    return wrong
