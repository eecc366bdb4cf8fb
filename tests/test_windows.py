"""On a Python without what Windows lacks: all rooms can be imported, the demo runs, and what cannot be says so.

The names are taken away by `tests/support/windows/sitecustomize.py`; it is still this system's kernel underneath.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo.support.parties import ANY_PORT, PATIENCE

ROOT = Path(__file__).parents[1]
NAMES = ROOT / "tests" / "support" / "windows"
ENVIRONMENT = {
    **os.environ,
    "PYTHON_WITHOUT_NAMES": "1",  # says that no process with these names can be forked into one without
    "PYTHONPATH": os.pathsep.join(filter(None, (str(NAMES), str(ROOT), os.environ.get("PYTHONPATH")))),
}

EVERY_MODULE = """
import importlib, pkgutil
for room in ("explain", "console", "primitives", "record", "pki", "handshake", "demo", "vectors", "cutaway"):
    for info in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
        importlib.import_module(info.name)
"""


def python(*words: str | Path, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=ENVIRONMENT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    "gone",
    [
        "import signal; signal.SIGHUP",
        "import signal; signal.pthread_kill",
        "import os; os.fchmod",
        "import readline",
        "import termios",
        "import os, selectors; selectors.DefaultSelector().register(os.pipe()[0], selectors.EVENT_READ)",
        "open('/dev/tty')",
    ],
)
def test_the_names_are_gone(gone: str, tmp_path: Path) -> None:
    assert python("-c", gone, folder=tmp_path).returncode == 1


def test_every_module_can_be_imported(tmp_path: Path) -> None:
    done = python("-c", EVERY_MODULE, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_demo_runs(tmp_path: Path) -> None:
    done = python("-m", "demo", "--directory", "state", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert (tmp_path / "state" / "client" / "certificate.pem").exists()


@pytest.mark.slow
@pytest.mark.parametrize("words", ["chat", "bank", "lesson padding-oracle", "--break tampered-record"])
def test_the_scenes_and_lessons_run(words: str, tmp_path: Path) -> None:
    done = python("-m", "demo", *words.split(), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_an_authority(tmp_path: Path) -> None:
    for words in (
        "init Root --kind p256",
        "request bank.example bank.example --kind p256 --out bank.req",
        "sign bank.req --out bank.pem",
        "verify bank.pem --name bank.example",
    ):
        done = python("-m", "pki", *words.split(), folder=tmp_path)
        assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("*.tmp"))


def test_an_implementation_is_put_to_the_test(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import hashlib, json, sys\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    digest = hashlib.sha256(bytes.fromhex(asked['message'])).hexdigest()\n"
        "    print(json.dumps({'id': asked['id'], 'digest': digest}), flush=True)\n"
    )
    (tmp_path / "some.rsp").write_text(
        '#  CAVS 11.0\n#  "SHA-256 ShortMsg" information\n\n[L = 32]\n\nLen = 8\nMsg = d3\n'
        "MD = 28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1\n"
    )
    program = f"{sys.executable} program.py"
    done = python("-m", "vectors", "some.rsp", "--implementation", program, "--json", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_that_there_are_no_single_keys_is_said(tmp_path: Path) -> None:
    done = python("-c", "from explain.showing.stepping import key_presses\nwith key_presses(): pass", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "OSError: this system's terminals give no single keys"


def begin(*words: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "demo", *words, "--directory", "state"],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_party_ends_with_its_parent(tmp_path: Path) -> None:
    ttp = begin("ttp", "--json", "--parent-pipe", "--listen", ANY_PORT, "--stay", folder=tmp_path)
    assert ttp.stdout is not None
    assert any('"listening"' in line for line in ttp.stdout)
    ttp.communicate(timeout=PATIENCE)  # which closes its standard input
    assert ttp.returncode == 130


@pytest.mark.slow
def test_who_types_is_told_that_the_chat_has_ended(tmp_path: Path) -> None:
    """Nothing ends the waiting for a line there, so the client says what does."""
    assert python("-m", "demo", "chat", "--directory", "state", folder=tmp_path).returncode == 0  # enrols them all

    server = begin("chat", "server", "--json", "--listen", ANY_PORT, folder=tmp_path)
    assert server.stdout is not None
    address = next(json.loads(line)["address"] for line in server.stdout if '"listening"' in line)
    client = begin("chat", "client", "--name", "asha", "--connect", address, folder=tmp_path)
    assert client.stdout is not None
    assert client.stdin is not None
    assert server.stdin is not None
    next(line for line in client.stdout if line.startswith("here:"))
    server.stdin.write("exit\n")
    server.stdin.flush()
    assert next(line for line in client.stdout if "Press Enter to leave" in line)
    client.stdin.write("\n")
    client.stdin.flush()
    client.communicate(timeout=PATIENCE)
    server.communicate(timeout=PATIENCE)
