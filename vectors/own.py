"""The cases of the vectors that are kept in `vectors/data`, file by file, read as a user's files are."""

from __future__ import annotations

import json
from collections.abc import Mapping

from vectors.cases import Case
from vectors.readers import acvp, read_text
from vectors.readers.files import text_of
from vectors.sources import Source, SourceFile

PROMPT, RESULTS = "prompt.json", "expectedResults.json"  # ACVP's two files, which are nothing without each other


def cases_of(source: Source, file: SourceFile, contents: Mapping[str, bytes]) -> list[Case]:
    """Return the cases of one file of a source, of which these are the contents; those of a prompt with its results.

    Raises `VectorFileError`.
    """
    name = f"{source.name}/{file.name}"
    if file.name.endswith(RESULTS):
        return []
    if file.name.endswith(PROMPT):
        both = (file.name, file.name.replace(PROMPT, RESULTS))
        prompt, results = (acvp.document(json.loads(contents[each])) or {} for each in both)
        return list(acvp.cases(name, prompt, results))
    return read_text(name, text_of(contents[file.name]))
