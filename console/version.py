"""Which version this is: of the source tree that the code runs from, or of the package that is installed.

>>> version().count(".")
2
"""

from __future__ import annotations

import tomllib
from pathlib import Path

NAME = "cutaway"


def version(root: Path = Path(__file__).parents[1]) -> str:
    """Return the version, such as "0.1.0".

    root: the folder that the code is in. In a checkout, pyproject.toml stands there and is never out of date; in an
    installed package it does not, and the package's metadata has what it said.
    """
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if project["name"] == NAME:
            return str(project["version"])
    except (OSError, ValueError, KeyError):  # not a checkout, or the file of some other project
        pass
    from importlib import metadata  # costs more to import than all else here

    return metadata.version(NAME)


def version_line() -> str:
    """Return what `--version` prints."""
    return f"{NAME} {version()}"
