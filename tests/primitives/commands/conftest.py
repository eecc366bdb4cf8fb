"""Runs commands in this process, in a folder of their own."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from primitives.__main__ import main


@dataclass(frozen=True)
class Done:
    """What a command has left: its exit status, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line, which is the result."""
        return self.out.rstrip("\n").split("\n")[-1]


class Run(Protocol):
    def __call__(self, *words: str, stdin: bytes = b"") -> Done: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = main(words)
        except SystemExit as exit:
            status = exit.code if isinstance(exit.code, int) else 1
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path
