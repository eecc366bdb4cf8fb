"""The vectors that are kept in `vectors/data`: what `SOURCES.toml` says of each source, and the files themselves.

A source is one archive, `<name>.tar.xz`, of files in the form in which they were published, so the readers
of this room read them exactly as they read a file that somebody brings along.

>>> [source.archive for source in sources() if "AES-GCM" in source.title]
['nist-gcm.tar.xz']
"""

from __future__ import annotations

import io
import tarfile
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class SourceFile:
    """One file of a source.

    name: its path below the directory that it was published or packaged in.
    cases: how many cases a reader finds in it.
    sections, below, every, without: what of the file is kept, see `vectors.extract`; all of it if none is set.
    sha256: its digest, for a file of a repository, in hexadecimal.
    """

    name: str
    cases: int
    sections: str = ""
    below: int = 0
    every: int = 0
    without: int = -1
    sha256: str = ""


@dataclass(frozen=True)
class Source:
    """One source, as `SOURCES.toml` describes it.

    archive: the name of the archive in `vectors/data`.
    title, edition, url, licence: what it is, in which version, where its publisher keeps it, on what terms.
    directory: where the files lie in what they were taken from.
    left_out: what of the source is not kept, and why.
    files: the files, in the order of the archive.
    package, version: the Python distribution that the files were taken from; or
    repository: that on GitHub, where the digests of the files tell which edition they are of; or
    made: the program of this project that has made them, because nobody has published any: it says of what.
    """

    archive: str
    title: str
    edition: str
    url: str
    licence: str
    directory: str
    left_out: str
    files: tuple[SourceFile, ...]
    package: str = ""
    version: str = ""
    repository: str = ""
    made: str = ""

    @property
    def name(self) -> str:
        """The archive's name without its ending."""
        return self.archive.removesuffix(".tar.xz")


def _source(table: dict[str, Any]) -> Source:
    kept = tuple(SourceFile(name, **entry) for name, entry in table.pop("files").items())
    return Source(files=kept, **table)


@cache
def sources() -> tuple[Source, ...]:
    """Return all sources, in the order of `SOURCES.toml`."""
    text = (files("vectors.data") / "SOURCES.toml").read_text(encoding="utf-8")
    return tuple(_source(table) for table in tomllib.loads(text)["source"])


def read_source(source: Source) -> dict[str, bytes]:
    """Return the files of `source` by their names.

    Raises `ValueError` if the archive does not hold exactly the files that `SOURCES.toml` lists.
    """
    found: dict[str, bytes] = {}
    packed = (files("vectors.data") / source.archive).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                found[member.name] = content.read()
    listed = [file.name for file in source.files]
    if list(found) != listed:
        raise ValueError(f"{source.archive} holds {sorted(found)}, but SOURCES.toml lists {sorted(listed)}")
    return found
