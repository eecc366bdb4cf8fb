"""`python -m pki`, killed while it writes: what it began can be finished or done again, and no key is left behind."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pki.__main__ import main
from pki.ca.registry import Registry
from pki.commands import issuing
from pki.keys import load_private_key
from pki.x509 import Certificate
from tests.pki.commands.test_command import ROOM, command

INIT = ("init", "CN=Root", "--kind", "p256", "--directory")


class Killed(BaseException):
    """Stands for the end of the process."""


def killed(function: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    def call(*arguments: Any, **more: Any) -> Any:
        if not before:
            function(*arguments, **more)
        raise Killed

    return call


STEPS = [
    (Registry, "create", True),
    (Registry, "create", False),
    (issuing, "write_private", True),
    (issuing, "write_private", False),
    (issuing, "write_new", True),
]


@pytest.mark.parametrize(("where", "what", "before"), STEPS, ids=str)
def test_an_authority_whose_making_was_interrupted(
    where: Any,
    what: str,
    before: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / "authority"
    with monkeypatch.context() as patch:
        patch.setattr(where, what, killed(getattr(where, what), before=before))
        with pytest.raises(Killed):
            main([*INIT, str(place)])
    was_key = (place / "key.pem").read_bytes() if (place / "key.pem").exists() else None
    if was_key is not None:
        assert main(["init", "CN=Another", "--kind", "p256", "--directory", str(place)]) == 2
        assert "making the authority CN=Root was interrupted: say the same again" in capsys.readouterr().err
    assert main([*INIT, str(place)]) == 0
    assert was_key in (None, (place / "key.pem").read_bytes())
    made = Certificate.from_pem((place / "certificate.pem").read_bytes())
    assert load_private_key((place / "key.pem").read_bytes()).public_key == made.public_key
    assert Registry(place / "registry.db").certificate == made
    assert sorted(os.listdir(place)) == ["certificate.pem", "key.pem", "registry.db"]
    assert main([*INIT, str(place)]) == 2
    assert "certificate.pem exists already, and nothing is overwritten" in capsys.readouterr().err


def test_files_of_others_are_not_taken_for_an_authority(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("key.pem", "registry.db"):
        place = tmp_path / name.partition(".")[0]
        place.mkdir()
        (place / name).write_bytes(b"something else")
        assert main([*INIT, str(place)]) == 2
        assert name in capsys.readouterr().err
        assert [one.read_bytes() for one in place.iterdir()] == [b"something else"]
    root, asked, issued, key = (str(tmp_path / name) for name in ("a", "x.req", "x.pem", "x.key"))
    for words in (
        [*INIT, root],
        ["request", "x", "--kind", "p256", "--key", key, "--out", asked],
        ["sign", asked, "--directory", root, "--out", issued],
    ):
        assert main(words) == 0
    for name in ("key.pem", "certificate.pem"):
        (tmp_path / "a" / name).unlink()
    assert main([*INIT, str(tmp_path / "a")]) == 2
    assert "registry.db exists already, and is in use" in capsys.readouterr().err


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    source = random.Random(17)
    environment = {**os.environ, "PYTHONPATH": str(ROOM)}
    times = []
    for number in range(3):
        start = time.monotonic()
        assert command(tmp_path, *INIT, f"whole{number}").status == 0
        times.append(time.monotonic() - start)
    killed = 0
    for number in range(60):
        place = tmp_path / str(number)
        process = subprocess.Popen(
            [sys.executable, "-m", "pki", *INIT, place],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(source.uniform(0.3, 1.1) * min(times))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        again = command(tmp_path, *INIT, place)
        assert again.status == 0 or "certificate.pem exists already" in again.err
        assert sorted(os.listdir(place)) == ["certificate.pem", "key.pem", "registry.db"]
        made = Certificate.from_pem((place / "certificate.pem").read_bytes())
        assert load_private_key((place / "key.pem").read_bytes()).public_key == made.public_key
    assert killed > 20


WRITER = """
import os, sys
from pathlib import Path
from console import files, unfinished
unfinished.HAS_NAMELESS_FILES = sys.argv[2] == "nameless" and unfinished.HAS_NAMELESS_FILES
place, data = Path(sys.argv[1]), b"-----BEGIN PRIVATE KEY-----" + os.urandom(100_000)
print("begun", flush=True)
while True:
    for path in (place / "key", place / ("\u9470" * 85)):
        files.replace_private(path, data)
        path.unlink()
        files.write_private(path, data)
        path.unlink()
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["nameless", "named"])
def test_no_key_is_left_by_who_was_killed_while_writing(tmp_path: Path, way: str) -> None:
    source, left = random.Random(17), 0
    for _ in range(60):
        with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, way], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(source.uniform(0, 0.03))
            process.kill()
        remains = [name for name in os.listdir(tmp_path) if name.endswith(".tmp")]
        assert len(remains) <= 2  # who next writes to the same path removes them
        left += len(remains)
    if way == "named":
        assert left
    with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, way], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.5)
        process.terminate()
    assert len([name for name in os.listdir(tmp_path) if name.endswith(".tmp")]) <= 1  # of what was written last
