"""What the tests of the demo share: a state directory in which everybody is enrolled."""

from pathlib import Path

import pytest

from tests.demo.support.parties import ANY_PORT, NOBODY, PATIENCE, Parties, copy


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


@pytest.fixture(scope="session")
def people_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory in which the server, asha and bala are enrolled."""
    directory = tmp_path_factory.mktemp("people")
    with Parties(directory) as parties:
        ttp, address = parties.ttp("--enrol", "server", "--enrol", "asha", "--enrol", "bala")
        server = parties.start("server", "--ttp", str(address), "--listen", ANY_PORT)
        server.wait_for("certificate", timeout=PATIENCE)
        for name in ("asha", "bala"):
            words = ("--name", name, "--ttp", str(address), "--connect", NOBODY)
            parties.start("bank client", *words, "balance").wait_for("certificate", timeout=PATIENCE)
        ttp.wait(timeout=PATIENCE)
    return directory


@pytest.fixture
def people(people_once: Path, tmp_path: Path) -> Path:
    """A state directory of enrolled people; the test may do with it what it likes."""
    return copy(people_once, tmp_path / "people")
