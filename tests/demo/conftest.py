"""What the tests of the demo share: a state directory in which everybody is enrolled."""

from pathlib import Path

import pytest

from tests.demo.parties import Parties, copy


@pytest.fixture(scope="session")
def enrolled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("enrolled")
    with Parties(directory) as parties:
        parties.enrol("server", "client")
    return directory


@pytest.fixture
def enrolled(enrolled_once: Path, tmp_path: Path) -> Path:
    """A state directory with enrolled parties; the test may do with it what it likes."""
    return copy(enrolled_once, tmp_path / "state")
