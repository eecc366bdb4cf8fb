"""`cutaway` as a command: it is each room's `python -m`, and starts no more than that."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from cutaway.__main__ import COMMANDS, HELP, main
from primitives.commands.algorithms import ALGORITHMS

ROOT = Path(__file__).parents[2]
SCRIPT = "import sys; sys.argv[0] = '/usr/bin/cutaway'; from cutaway.__main__ import main; sys.exit(main())"
"""What pip makes of the entry in pyproject.toml."""
FILE = """\
#  CAVS 11.0
#  "SHA-256 ShortMsg" information

[L = 32]

Len = 24
Msg = 616263
MD = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
"""

SAMPLES = {
    "primitives": ("primitives", "sha256", "abc", "--trace", "--depth", "2"),
    "an algorithm": ("aes", "sub_byte", "53", "--trace"),
    "an algorithm, mistaken": ("hmac", "abc"),
    "pki": ("pki", "show", "/nowhere/certificate.pem"),
    "handshake": ("handshake", "server", "0", "--cert", "/nowhere/certificate.pem", "--key", "/nowhere/key.pem"),
    "demo": ("demo", "lessons"),
    "demo, mistaken": ("demo", "--kex", "rot13"),
    "vectors": ("vectors", "--list", "FILE"),
    "vectors, mistaken": ("vectors", "--speed"),
}


def run(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("sample", SAMPLES)
def test_it_does_what_the_rooms_own_command_does(sample: str, tmp_path: Path) -> None:
    (tmp_path / "SHA256ShortMsg.rsp").write_text(FILE)
    words = tuple(str(tmp_path / "SHA256ShortMsg.rsp") if word == "FILE" else word for word in SAMPLES[sample])
    room, rest = (words[0], words[1:]) if words[0] in COMMANDS else ("primitives", words)
    status, out, err = run("-c", SCRIPT, *words)
    called, expected = f"cutaway {room}", f"python -m {room}"  # the one difference is the name it was called by
    assert (status, out.replace(called, expected), err.replace(called, expected)) == run("-m", room, *rest)
    assert out or err.startswith(called)
    assert "python -m" not in out + err
    assert len(err.splitlines()) == (status == 2)


def test_the_script_is_declared() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert list(scripts) == ["cutaway"]
    module, _, function = scripts["cutaway"].partition(":")
    assert getattr(import_module(module), function) is main


def test_every_room_with_a_command_is_listed_and_no_algorithm_has_the_name_of_a_room() -> None:
    assert set(COMMANDS) == {path.parent.name for path in ROOT.glob("*/__main__.py")} - {"cutaway", "benchmarks"}
    assert not set(COMMANDS) & set(ALGORITHMS)


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_the_help_lists_the_commands_within_80_columns(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    out = capsys.readouterr().out
    assert out.startswith(HELP.partition("\n")[0])
    for name, what in COMMANDS.items():
        assert any(line.split(maxsplit=1) == [name, what] for line in out.splitlines())
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("word", "hint"),
    [("sha265", ", did you mean sha256?"), ("Vector", ", did you mean vectors?"), ("--trace", ""), ("quux", "")],
)
def test_what_it_does_not_know(word: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([word, "abc"])
    assert end.value.code == 2
    complaint = f"cutaway: {word!r} is neither a command nor an algorithm{hint} (try cutaway --help)\n"
    assert capsys.readouterr() == ("", complaint)


@pytest.mark.parametrize("room", ["", *COMMANDS])
def test_the_version(room: str, capsys: pytest.CaptureFixture[str]) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    try:
        assert main([*[room][: len(room)], "--version"]) == 0
    except SystemExit as end:  # where a parser answers
        assert end.code in (0, None)  # noqa: PT017  # both ways are right
    assert capsys.readouterr() == (f"cutaway {declared}\n", "")


def test_it_imports_the_room_that_it_needs_and_no_other() -> None:
    show = "import sys; from cutaway.__main__ import main; main(sys.argv[1:]); print(*sys.modules)"
    _, out, _ = run("-c", show, "sha256", "abc")
    loaded = {name.partition(".")[0] for name in out.splitlines()[-1].split()}
    assert loaded & {*COMMANDS, "rich"} == {"primitives"}
    _, out, _ = run("-c", show, "--help")
    loaded = {name.partition(".")[0] for name in out.splitlines()[-1].split()}
    assert loaded & {*COMMANDS, "rich"} == set()


def test_ctrl_c_while_modules_load_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cutaway.__main__.import_module", interrupt)
    assert main(["pki", "--help"]) == 130
    assert capsys.readouterr() == ("", "Interrupted.\n")
