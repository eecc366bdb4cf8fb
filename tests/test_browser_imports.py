"""What runs in a browser, too, starts no thread, opens no socket and takes no `rich` when it is imported.

A fresh interpreter, in which all that is taken away, imports every such module.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, modules, sources

EVERYWHERE = (
    "explain", "console", "primitives", "record", "pki", "handshake",
    "demo.party", "demo.facts", "demo.enrolling", "demo.lessons", "demo.otp",
)  # fmt: skip
NOT_THERE: Mapping[str, str] = {
    "pki.est.server": "answers HTTP with Python's http.server",
    "pki.est.stream": "reads requests for http.server, and ends them with its exceptions",
    "handshake.aio": "the adapter to asyncio, which opens sockets",
    "handshake.listener": "waits for connections",
    "handshake.stream": "the adapter to sockets",
    "handshake.commands.http_page": "answers HTTP with Python's http.server",
    "handshake.commands.options": "has options for the listener",
    "demo.party.connections": "reaches other parties over TCP",
    "demo.party.listening": "the sockets that listen",
    "demo.otp.peeking": "looks into a socket",
    "demo.otp.server": "listens",
    "demo.otp.trivial": "sends over a bare socket: that is what it shows",
    "demo.otp.story": "starts the parties as processes",
    "demo.otp.storyteller": "tells the story while it starts the parties",
}
"""The modules of these rooms that a browser cannot have, and why. Programs (`__main__`) are not among them."""

IMPORTER = """\
import importlib, json, sys, threading
from importlib.abc import MetaPathFinder

TAKEN_AWAY = {"socket", "_socket", "ssl", "_ssl", "selectors", "rich"}

class Nowhere(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in TAKEN_AWAY:
            raise ImportError(f"imports {name}")

def start(thread):
    raise RuntimeError("starts a thread")

sys.meta_path.insert(0, Nowhere())
for name in [name for name in sys.modules if name.partition(".")[0] in TAKEN_AWAY]:
    del sys.modules[name]
threading.Thread.start = start
failed = {}
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = str(error)
print(json.dumps(failed))
"""


def failing(names: Sequence[str], folder: Path = ROOT) -> dict[str, str]:
    """Import the modules, which are in a folder, in a fresh interpreter; return those that fail, and how."""
    command = [sys.executable, "-c", IMPORTER]
    done = subprocess.run(command, cwd=folder, input=json.dumps(names), capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_all_but_a_few_modules_can_be_imported_in_a_browser() -> None:
    names = [name for name in modules(sources()) if not name.endswith("__main__")]
    everywhere = [name for name in names if name.startswith(tuple(f"{room}." for room in EVERYWHERE))]
    failed = failing(everywhere)
    assert {name: how for name, how in failed.items() if name not in NOT_THERE} == {}
    assert NOT_THERE.keys() - failed.keys() == set()  # nothing is excused without need


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("import socket", "imports socket"),
        ("from http.client import HTTPConnection", "imports socket"),
        ("import subprocess", "imports selectors"),
        ("import ssl", "imports ssl"),
        ("from rich.console import Console", "imports rich"),
        ("from threading import Thread\nThread(target=print).start()", "starts a thread"),
    ],
)
def test_a_module_that_needs_more_is_found(tmp_path: Path, source: str, how: str) -> None:
    (tmp_path / "needy.py").write_text(source)
    (tmp_path / "modest.py").write_text("def connect():\n    import socket\n")
    assert failing(["modest", "needy"], tmp_path) == {"needy": how}
