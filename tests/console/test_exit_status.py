"""What a command's exit status is, also if somebody else ends it."""

import subprocess
import sys

import pytest

from console.exit_status import BAD_COMMAND, FAILED, INTERRUPTED, exit_status


def test_a_command_that_ends_by_itself() -> None:
    assert exit_status(lambda: BAD_COMMAND) == BAD_COMMAND


def test_ctrl_c_ends_it_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def run() -> int:
        raise KeyboardInterrupt

    assert exit_status(run) == INTERRUPTED
    assert capsys.readouterr() == ("", "Interrupted.\n")


def test_nobody_reads_the_output() -> None:
    program = "import sys; from console.exit_status import *; sys.exit(exit_status(lambda: print('x' * 100_000) or 0))"
    command = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    assert (command.wait(), command.stderr.read()) == (FAILED, b"")
    command.stderr.close()
