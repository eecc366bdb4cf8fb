"""Finds the cases in files and directories that somebody names, whichever form each file has.

A file that is named has to be of a known form. In a directory, other files may lie about: they are noted, unless
their ending says that they hold vectors.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from vectors.cases import Case, VectorFileError
from vectors.readers import UnknownFormat, acvp, read_text, wycheproof

# What readers raise at JSON of another form than they expect: they read it without asking for each type beforehand.
MALFORMED = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)
_ENDINGS = (".rsp", ".fax")
_JSON = re.compile(r"\s*(\{|\[(?![A-Z]))")  # and not such as [K-256,SHA-384], a heading
GZIP = b"\x1f\x8b"
MOST = 1 << 28  # bytes that a packed file may unpack to; the largest of NIST's have some 10 MB


@dataclass
class Found:
    """What was found: the cases, what is wrong with files, and what was passed over."""

    cases: list[Case] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _VectorSet:
    """One file of ACVP's."""

    path: Path
    role: str
    content: acvp.Json


def read_paths(paths: list[Path]) -> Found:
    """Read every file that `paths` name, and every file below the directories that they name.

    For an ACVP prompt that is named alone, the expected results that lie beside it are read as well.
    """
    found, sets = Found(), list[_VectorSet]()
    for path in paths:
        if not path.is_dir():
            _read(path, found, sets, named=True)
            beside = path.with_name(path.name.replace("prompt", "expectedResults"))
            if beside not in paths and beside.is_file():
                _read(beside, found, sets, named=True)
            continue
        files = sorted(file for file in path.rglob("*") if file.is_file())
        if not files:
            found.problems.append(f"{path}: the directory is empty")
        for file in files:
            _read(file, found, sets, named=False)
    _pair(sets, found)
    return found


def _read(path: Path, found: Found, sets: list[_VectorSet], *, named: bool) -> None:
    try:
        text = text_of(path.read_bytes())
        if _JSON.match(text):
            _read_json(path, json.loads(text), found, sets)
        else:
            found.cases += read_text(str(path), text)
    except (OSError, EOFError) as error:  # of which the second is a packed file that ends too early
        found.problems.append(f"{path}: {getattr(error, 'strerror', None) or error}")
    except UnknownFormat as unknown:
        if named or path.suffix in _ENDINGS:
            found.problems.append(f"{path}: {unknown}")
        else:
            found.notes.append(f"{path}: passed over, it is not a file of vectors of a known form")
    except UnicodeDecodeError:
        (found.problems if named or path.suffix in _ENDINGS else found.notes).append(f"{path}: not a text")
    except RecursionError:
        found.problems.append(f"{path}: it is nested too deeply")
    except json.JSONDecodeError as error:
        found.problems.append(f"{path}: not JSON: {error}")
    except VectorFileError as error:
        found.problems.append(f"{path}: {error}")
    except MALFORMED as error:
        found.problems.append(f"{path}: not of the form of its kind: {type(error).__name__}: {error}")


def text_of(content: bytes) -> str:
    """Return the content as text, unpacked if it is packed. Some of NIST's files have a letter of Latin-1 in a comment.

    Raises `UnicodeDecodeError` if it is not text; `OSError`, `EOFError` or `VectorFileError` if it cannot be unpacked.
    """
    if content.startswith(GZIP):
        try:
            content = gzip.GzipFile(fileobj=BytesIO(content)).read(MOST + 1)
        except zlib.error as error:
            raise VectorFileError(f"cannot be unpacked: {error}") from None
        if len(content) > MOST:
            raise VectorFileError(f"unpacks to more than {MOST} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        if b"\0" in content:
            raise
        return content.decode("latin-1")


def _read_json(path: Path, content: Any, found: Found, sets: list[_VectorSet]) -> None:
    if wycheproof.recognise(content):
        found.cases += list(wycheproof.cases(str(path), content))
    elif (vector_set := acvp.document(content)) is not None:
        sets.append(_VectorSet(path, acvp.role(vector_set), vector_set))
    else:
        raise UnknownFormat("JSON, but neither a test file of Wycheproof nor of ACVP")


def _pair(sets: list[_VectorSet], found: Found) -> None:
    """Join prompts with their expected results: the one of the same set, in the same directory if there are several."""
    results = [vector_set for vector_set in sets if vector_set.role == "expectedResults"]
    used: list[_VectorSet] = []
    for prompt in sets:
        if prompt.role == "internalProjection":
            found.notes.append(f"{prompt.path}: passed over, it repeats a prompt with its expected results")
        if prompt.role != "prompt":
            continue
        fitting = [r for r in results if r not in used and acvp.same_set(prompt.content, r.content)]
        fitting.sort(key=lambda r: (r.path.parent != prompt.path.parent, str(r.path)))
        if not fitting:
            found.problems.append(f"{prompt.path}: an ACVP prompt; its expectedResults are not among the files given")
            continue
        used.append(fitting[0])
        try:
            found.cases += list(acvp.cases(str(prompt.path), prompt.content, fitting[0].content))
        except VectorFileError as error:
            found.problems.append(f"{prompt.path}: {error}")
        except MALFORMED as error:
            found.problems.append(f"{prompt.path}: not of the form of its kind: {type(error).__name__}: {error}")
    for unused in results:
        if unused not in used:
            found.problems.append(f"{unused.path}: ACVP expectedResults; their prompt is not among the files given")
