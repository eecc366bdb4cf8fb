"""The steps on the page: as they happen, folded, picked, in binary, in colour, one key press at a time, as a page."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.primitives.commands.conftest import Run

ROOT = Path(__file__).parents[3]
AES = ("aes", "--key", "hex:2b7e151628aed2a6abf7158809cf4f3c", "hex:3243f6a8885a308d313198a2e0370734")
"""FIPS 197 appendix B."""

PROGRAM = [sys.executable, "-m", "primitives"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "TERM")}
    return {**kept, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}", "TERM": "xterm", **more}


def test_the_trace_of_aes_shows_squares_with_what_has_changed(run: Run) -> None:
    """FIPS 197 appendix B prints these squares: the second state of round 1, after ShiftRows."""
    out = run(*AES, "--trace").out
    expected = """
      round[1].s_row   FIPS 197 §5.1.2: or each column would be its own cipher
          d4  e0  b8  1e
          bf* b4* 41* 27*
          5d* 52* 11* 98*
          30* ae* f1* e5*
"""
    assert expected.replace("\n      ", "\n    ") in out
    assert out.rstrip().endswith("\n\n3925841d02dc09fbdc118597196a0b32")


def test_every_line_has_room_in_80_columns(run: Run, folder: Path) -> None:
    for words in (
        AES,
        ("sha256", "abc"),
        ("sha3-256", "abc"),
        ("rsa", "--key", "p=61,q=53,e=17", "--decrypt", "2790"),
        ("chacha20", "--key", "text:0123456789abcdef0123456789abcdef", "--nonce", "text:abcdefghijkl", "abc"),
        ("ec", "3"),
        ("pss", "encode", "abc", "1023", "e3b5d5d002c1bce50c2b65ef88a188d83bce7e61", "sha1"),
        ("sha512", "--binary", "abc"),
    ):
        long = [line for line in run(*words, "--trace").out.split("\n")[:-2] if len(line) > 80]
        assert long == []
    assert [line for line in run().out.split("\n") if len(line) > 80] == []


def test_rsa_blocks_are_boxes_to_scale(run: Run) -> None:
    out = run("pss", "encode", "abc", "1023", "e3b5d5d002c1bce50c2b65ef88a188d83bce7e61", "sha1").out
    assert re.search(r"│ +maskedDB +│ +H +│BC│", out)
    assert re.search(r"│ +107 +│ +20 +│1 │", out)


def test_numbers_stand_in_the_formulas(run: Run) -> None:
    """FIPS 180-2 appendix B.1: round 0 begins with H(0), and with the first word of `abc`."""
    out = run("sha256", "abc", "--only", "T1").out
    assert (
        """
        = h + Σ1(e) + Ch(e, f, g) + K_t + W_t
        = 5be0cd19 + 3587272b + 1f85c98c + 428a2f98 + 61626380
""".replace("\n        ", "\n    ")
        in out
    )


def test_levels_are_folded_and_say_what_is_inside(run: Run) -> None:
    one = run("sha256", "abc", "--depth", "1").out.strip().split("\n")
    assert one[0] == "SHA-256 digest"
    assert re.search(r"however long it is \([0-9]+ steps within\)", re.sub(r"\s+", " ", " ".join(one)))
    two = run("sha256", "abc", "--depth", "2").out
    assert "  block 1" in two
    assert "message schedule" not in two


def test_steps_are_picked_by_name_pattern_or_function(run: Run) -> None:
    words = run("sha256", "abc", "--only", "W_1?").out
    assert len(re.findall(r"^W_1[0-9] = ", words, re.MULTILINE)) == 10
    columns = run(*AES, "--only", "mix_columns").out
    assert re.findall(r"^(round\S+)", columns, re.MULTILINE) == [f"round[{i}].m_col" for i in range(1, 10)]
    whole = run(*AES, "--only", "round[1]", "--depth", "2").out
    assert re.findall(r"^\s*(round\S+)", whole, re.MULTILINE)[:3] == ["round[1]", "round[1].start", "round[1].s_box"]
    both = run("sha256", "abc", "--only", "T1", "--only", "T2").out
    assert len(re.findall(r"^T[12] = ", both, re.MULTILINE)) == 128


def test_words_in_binary(run: Run) -> None:
    out = run("sha256", "abc", "--only", "W_0", "--binary").out
    assert out.startswith("W_0 = 01100001 01100010 01100011 10000000\n")


def test_single_steps_show_what_they_are_made_of(run: Run) -> None:
    """FIPS 197 §5.1.1 gives {53} as its example: the S-box makes {ed} of it."""
    out = run("aes", "sub_byte", "53").out
    assert "b⁻¹ = ca" in out
    assert "affine(b⁻¹) = ed" in out
    assert out.endswith("\n\ned\n")
    assert run("sha256", "big_sigma0", "6a09e667").last == "ce20b47e"


def test_json_has_the_steps_only_if_they_are_asked_for(run: Run) -> None:
    assert "steps" not in json.loads(run(*AES, "--json").out)
    deep = json.loads(run(*AES, "--json", "--trace").out)["steps"]
    flat = json.loads(run(*AES, "--json", "--depth", "1").out)["steps"]
    picked = json.loads(run(*AES, "--json", "--only", "s_box").out)["steps"]
    assert [step["name"] for step in deep] == [step["name"] for step in flat] == ["key expansion", "Cipher"]
    assert "steps" in deep[0]
    assert "steps" not in flat[0]
    assert [step["name"] for step in picked] == [f"round[{i}].s_box" for i in range(1, 11)]


def test_a_page_holds_all_steps_and_nothing_from_elsewhere(run: Run, folder: Path) -> None:
    done = run(*AES, "--html", "aes.html")
    assert done.out == "3925841d02dc09fbdc118597196a0b32\n"
    page = (folder / "aes.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert "round[10].output" in page
    assert "3925841d02dc09fbdc118597196a0b32" in page
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import|https?:", page)
    again = run(*AES, "--html", "aes.html")
    assert (again.status, again.err.count("\n")) == (2, 1)
    assert "aes.html exists already" in again.err
    assert os.listdir(folder) == ["aes.html"]


def test_a_page_of_a_refusal_tells_it(run: Run, folder: Path) -> None:
    assert run("pkcs7", "--unpad", "text:<script>", "--block-size", "8", "--html", "page.html").status == 1
    page = (folder / "page.html").read_text()
    assert "refused: decryption failed" in page
    assert "<script>" not in page


class Terminal:
    """A command on a terminal of its own, on which keys can be pressed."""

    def __init__(self, *words: str, **more: str) -> None:
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(PROGRAM[0], [*PROGRAM, *words], environment(**more))
        self.seen = ""

    def read_until(self, text: str) -> str:
        end = time.monotonic() + 60
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if not self._read(1.0):
                break
        assert text in self.seen, self.seen
        return self.seen

    def _read(self, seconds: float) -> bool:
        if select.select([self._terminal], [], [], seconds)[0]:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:  # the command has ended
                return False
            self.seen += data.decode("utf-8", "replace")
            return bool(data)
        return True

    def press(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def status(self) -> int:
        while self._read(60.0):
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(status)


def test_one_key_press_at_a_time() -> None:
    terminal = Terminal("hotp", "--counter", "0", "12345678901234567890", "--depth", "2", "--step", NO_COLOR="1")
    seen = terminal.read_until("RFC 4226 §5.3")
    assert "C = " not in seen
    terminal.press(b" ")
    seen = terminal.read_until("C = 00000000 00000000")
    assert "hmac-sha1" not in seen
    for text in ("hmac-sha1 key", "hmac-sha1 = ", "HS = ", "offset = ", "Snum = "):
        terminal.press(b"\x1b[B")  # an arrow
        terminal.read_until(text)
    terminal.press(b" ")
    terminal.read_until("755224")
    assert terminal.status() == 0


def test_q_stops_and_so_does_ctrl_c() -> None:
    terminal = Terminal("sha256", "abc", "--step", NO_COLOR="1")
    terminal.read_until("SHA-256 digest")
    terminal.press(b"q")
    assert terminal.status() == 0
    assert "ba7816bf" not in terminal.seen
    terminal = Terminal("sha256", "abc", "--step", NO_COLOR="1")
    terminal.read_until("SHA-256 digest")
    terminal.press(b"\x03")
    assert terminal.status() == 130
    assert "Traceback" not in terminal.seen


def test_colours_are_for_terminals_that_want_them() -> None:
    words = ("hotp", "--counter", "0", "12345678901234567890", "--depth", "1")
    for more, has_colours in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        terminal = Terminal(*words, **more)
        assert terminal.status() == 0
        assert ("\x1b[" in terminal.seen) is has_colours
    piped = subprocess.run([*PROGRAM, *words], env=environment(), capture_output=True, cwd=ROOT, timeout=60)
    assert b"\x1b" not in piped.stdout


def test_steps_are_printed_while_the_computation_runs_and_ctrl_c_ends_it() -> None:
    """A million rounds would take minutes: the first steps are there long before."""
    command = [*PROGRAM, "pbkdf2", "--salt", "salt", "--iterations", "100000000", "--depth", "3", "password"]
    process = subprocess.Popen(
        command, env=environment(PYTHONUNBUFFERED="1"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert b"PBKDF2" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, err) == (130, b"Interrupted.\n")


def test_a_reader_who_stops_early_sees_no_traceback() -> None:
    process = subprocess.Popen(
        [*PROGRAM, "sha512", "--trace", "abc"],
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 1


def test_a_locale_that_cannot_spell_a_letter_gets_its_number() -> None:
    done = subprocess.run(
        [*PROGRAM, "sha256", "abc", "--only", "Σ0(a)"],
        env=environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        cwd=ROOT,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u03a30(a) = " in done.stdout


def test_the_table_names_every_algorithm(run: Run) -> None:
    from primitives.commands.algorithms import ALGORITHMS

    out = run().out
    assert out == run("--help").out
    for name, algorithm in ALGORITHMS.items():
        assert re.search(rf"^  {re.escape(name)} .*{re.escape(algorithm.standard)}$", out, re.MULTILINE)
        help = run(name, "--help")
        assert help.status == 0
        assert help.out.startswith(f"usage: python -m primitives {name} ")
        assert run(name, "@missing", "--help").out == help.out


@pytest.mark.parametrize("module", ["primitives.commands.algorithms", "primitives.commands.steps.table"])
def test_the_tables_start_quickly_as_they_import_no_algorithm(module: str) -> None:
    code = f"import sys, {module}; print([m for m in sys.modules if m in ('gmpy2', 'rich', 'primitives.aes')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"
