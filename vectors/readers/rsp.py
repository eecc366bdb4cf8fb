"""The syntax of NIST's response files and of what is written like them: headings, `Name = value` lines, comments.

Standard     None; the files of NIST's Cryptographic Algorithm Validation Program are the definition.

    # CAVS 11.1                       a comment
    [ENCRYPT]                         a heading; several in a row belong together
    COUNT = 0                         a field
    FAIL                              a word, read as a field without a value

Readers say which headings and fields a file of their kind has; any other is an error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from vectors.cases import VectorFileError

_FIELD = re.compile(r"([A-Za-z][\w ]*?)\s*=\s*(.*)")
_WORD = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Field:
    """A line `name = value`, or a word on a line by itself, whose value is then empty."""

    line: int
    name: str
    value: str


@dataclass(slots=True)
class Section:
    """The fields below a run of headings; the headings are without their brackets."""

    headings: tuple[str, ...]
    fields: list[Field] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The headings as the file has them."""
        return "".join(f"[{heading}]" for heading in self.headings)


@dataclass(frozen=True, slots=True)
class Rsp:
    """A whole file: its name, its comments one below the other, its sections."""

    name: str
    comments: str
    sections: list[Section]


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one case, with those that it shares with the cases around it.

    id: the section's headings and the case's own number, or its place in the section.
    """

    id: str
    line: int
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def octets(self, name: str) -> bytes:
        """Return the field's hexadecimal digits as bytes; an odd number of them has a zero in front."""
        digits = self.values[name]
        try:
            return bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)
        except ValueError:
            raise VectorFileError(f"line {self.line}: {name} = {digits!r} is not hexadecimal") from None

    def number(self, name: str) -> int:
        """Return the field's decimal number."""
        try:
            return int(self.values[name])
        except ValueError:
            raise VectorFileError(f"line {self.line}: {name} = {self.values[name]!r} is not a number") from None


def parse(name: str, text: str) -> Rsp:
    """Return the file's comments and sections. Raises `VectorFileError` with the line that fits none of the forms."""
    comments: list[str] = []
    sections = [Section(())]
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line == "!!":  # NIST's SigVer15EMTest.txt has such lines, without a meaning
            continue
        if line.startswith("#"):
            comments.append(line.lstrip("# "))
        elif line.startswith("["):
            heading = line.strip("[]").strip()  # one of NIST's headings lacks its closing bracket
            if sections[-1].fields or not sections[-1].headings:
                sections.append(Section((heading,)))
            else:
                sections[-1].headings += (heading,)
        elif match := _FIELD.fullmatch(line):
            sections[-1].fields.append(Field(number, match[1], match[2].strip()))
        elif _WORD.fullmatch(line):
            sections[-1].fields.append(Field(number, line, ""))
        else:
            raise VectorFileError(f"line {number}: neither a heading nor a field nor a comment: {line[:60]!r}")
    return Rsp(name, "\n".join(comments), [section for section in sections if section.fields])


def records(
    section: Section,
    *,
    required: Collection[str],
    optional: Collection[str] = (),
    shared: Collection[str] = (),
) -> Iterator[Record]:
    """Return the cases of `section`.

    required: the fields that each of its cases has.
    optional: the fields that a case may have.
    shared: the fields that hold for all cases until they are given anew.

    A case ends where one of its fields begins again. Raises `VectorFileError` for any other field and for a
    case that lacks one.
    """
    common: dict[str, str] = {}
    own: dict[str, str] = {}
    place, line = 0, 0

    def finish() -> Record:
        if missing := [name for name in required if name not in own]:
            raise VectorFileError(f"line {line}: the case that begins here lacks {', '.join(missing)}")
        number = next((f"{name} = {own[name]}" for name in ("COUNT", "Count", "Len") if name in own), f"case {place}")
        return Record(f"{section.title} {number}".strip(), line, {**common, **own})

    for item in section.fields:
        if item.name not in required and item.name not in optional and item.name not in shared:
            raise VectorFileError(f"line {item.line}: unknown field {item.name!r} in a file of this kind")
        if own and (item.name in own or item.name in shared):
            yield finish()
            own = {}
        if item.name in shared:
            common[item.name] = item.value
            continue
        if not own:
            place, line = place + 1, item.line
        own[item.name] = item.value
    if own:
        yield finish()


def heading(section: Section, pattern: str) -> re.Match[str]:
    """Return the match of the last heading that matches `pattern` whole; `VectorFileError` if none does."""
    for text in reversed(section.headings):
        if match := re.fullmatch(pattern, text):
            return match
    raise VectorFileError(
        f"line {section.fields[0].line}: expected a heading like [{pattern}], found {section.title!r}"
    )


def only_headings(rsp: Rsp, *patterns: str) -> None:
    """Raise `VectorFileError` if any heading of the file matches none of `patterns`: it might be an instruction."""
    for section in rsp.sections:
        for text in section.headings:
            if not any(re.fullmatch(pattern, text) for pattern in patterns):
                raise VectorFileError(f"line {section.fields[0].line}: unknown heading [{text}] in a file of this kind")
