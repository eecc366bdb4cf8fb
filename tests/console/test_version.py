from importlib import metadata
from pathlib import Path

import pytest

from console.version import version, version_line

OTHER = '[project]\nname = "other"\nversion = "7.7.7"\n'


def test_a_checkout_says_what_its_own_file_says(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "cutaway"\nversion = "1.2.3"\n')
    assert version(tmp_path) == "1.2.3"


@pytest.mark.parametrize("text", [None, OTHER, "[tool.ruff]\n", "no TOML"])
def test_an_installed_package_says_what_its_metadata_says(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "version", {"cutaway": "4.5.6"}.__getitem__)
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    assert version(tmp_path) == "4.5.6"


def test_the_line() -> None:
    assert version_line() == f"cutaway {version()}"
