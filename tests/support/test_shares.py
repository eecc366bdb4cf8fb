import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shares import SEED, SHARE, announcement, everything, share

ROOT = Path(__file__).parents[2]
WHOLE = range(100, 200)


@pytest.fixture(autouse=True)
def shares_of_seed_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEED, "1")
    monkeypatch.delenv(SHARE, raising=False)


def test_a_share_is_a_part_in_order() -> None:
    part = share(WHOLE, 10, of="numbers")
    assert part == sorted(set(part))
    assert len(part) == 10
    assert set(part) < set(WHOLE)
    for number in (100, 101):
        assert share(WHOLE, number, of="numbers") == list(WHOLE)
    assert share([], 10, of="nothing") == []


def test_the_seed_and_the_name_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    first = share(WHOLE, 10, of="numbers")
    assert share(WHOLE, 10, of="numbers") == first
    assert share(WHOLE, 10, of="others") != first
    monkeypatch.setenv(SEED, "2")
    assert share(WHOLE, 10, of="numbers") != first
    monkeypatch.setenv(SEED, "1")
    assert share(WHOLE, 10, of="numbers") == first


def test_every_member_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[int] = set()
    for seed in range(150):
        monkeypatch.setenv(SEED, str(seed))
        met |= set(share(WHOLE, 10, of="numbers"))
    assert met == set(WHOLE)


def test_all_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not everything()
    monkeypatch.setenv(SHARE, "all")
    assert everything()
    assert share(WHOLE, 10, of="numbers") == list(WHOLE)
    assert announcement() == "CUTAWAY_FUZZ_SHARE=all: every case of the large fuzz tests and matrices"
    monkeypatch.setenv(SHARE, "half")
    with pytest.raises(ValueError, match="CUTAWAY_FUZZ_SHARE is 'half', expected all or nothing"):
        share(WHOLE, 10, of="numbers")


EXAMPLE = """
import pytest
from tests.support.shares import share

@pytest.mark.slow
@pytest.mark.parametrize("number", share(range(1000), 5, of="numbers"))
def test_a_number(number):
    print("drawn", number)
"""


@pytest.mark.slow
def test_a_run_says_its_seed_and_another_can_repeat_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In workers as without: all of them draw the same, or pytest-xdist would refuse to run."""
    monkeypatch.delenv(SEED)
    (tmp_path / "test_example.py").write_text(EXAMPLE)

    def run(*words: str) -> tuple[str, list[str]]:
        command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tests.conftest", "-m", "slow", "-rA"]
        command += [*words, str(tmp_path / "test_example.py")]
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        [told] = (line for line in done.stdout.splitlines() if line.startswith("a share of the large fuzz tests"))
        drawn = sorted(line for line in done.stdout.splitlines() if line.startswith("drawn "))
        assert len(drawn) == 5
        return told.split(f"{SEED}=")[1].split()[0], drawn

    seed, drawn = run("-n", "2")
    monkeypatch.setenv(SEED, seed)
    assert run("-n", "0") == (seed, drawn)
