"""`python -m vectors` as a command: its reports, its exit status, its guide."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # of our own report

import pytest

from tests.vectors.test_runner import spoil
from tests.vectors.test_wycheproof import document, mac
from vectors import __main__ as command
from vectors.operations import OPERATIONS
from vectors.readers.policy import RULES
from vectors.sources import read_source, sources

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A directory with a file of Wycheproof's form, one of NIST's with two wrong digests, and a letter."""
    (tmp_path / "mac.json").write_text(json.dumps(mac()))
    source = next(source for source in sources() if source.name == "nist-sha2")
    text, _ = spoil(read_source(source)["SHA224ShortMsg.rsp"].decode(), "MD", 2)
    (tmp_path / "sha.rsp").write_text(text)
    (tmp_path / "letter").write_text("Dear Sir,\n")
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["vectors", *map(str, arguments)])
    status = command.main()
    return status, capsys.readouterr().out


Call = Any


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return lambda *arguments: call(monkeypatch, capsys, *arguments)


def test_a_table_failures_and_the_exit_status(run: Call, files: Path) -> None:
    status, out = run(files)
    assert status == 1
    assert re.search(rf"{files}/sha.rsp +SHA-224 +65 +63 +2 +0\n", out)
    assert re.search(r"\nFlag +BASIC +2 +2 +0 +0\n", out)
    assert re.search(r"\ntotal +67 +65 +2 +0\n", out)
    assert f"Note: {files}/letter: passed over" in out
    failure = r"FAILED .*sha.rsp  \[L = 28\] Len = \d+  \(SHA-224, hash\)\n    reason    digest: differs"
    failures = re.findall(failure, out)
    assert len(failures) == 2
    assert out.splitlines()[-1].startswith("NOT EVERYTHING HOLDS: 65 passed, 2 failed, 0 skipped")


def test_all_good_is_exit_status_0(run: Call, files: Path) -> None:
    status, out = run(files / "mac.json")
    assert (status, out.splitlines()[-1][:40]) == (0, "Everything holds: 2 passed, 0 failed, 0 ")


def test_json(run: Call, files: Path) -> None:
    status, out = run(files, "--json")
    report = json.loads(out)
    assert (status, report["holds"]) == (1, False)
    assert report["total"] == {"executed": 67, "passed": 65, "failed": 2, "skipped": 0, "crashed": 0, "hung": 0}
    assert [row["algorithm"] for row in report["sources"]] == ["HMACSHA512", "SHA-224"]
    assert [(row["flag"], row["executed"]) for row in report["flags"]] == [("Flag", 2)]
    failure = report["failures"][0]
    assert (failure["outcome"], failure["operation"], len(failure["expected"])) == ("failed", "hash", 56)


def test_junit(run: Call, files: Path) -> None:
    target = files / "junit.xml"
    run(files / "sha.rsp", files / "letter", "--junit", target)
    top = ElementTree.fromstring(target.read_text())  # written by us
    suites = {suite.get("name"): suite for suite in top}
    suite = suites[f"{files}/sha.rsp"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("65", "2", "0")
    assert len(suite.findall("testcase/failure")) == 2
    assert len(suites["files"].findall("testcase/error")) == 1  # the letter was named, so it is a problem


def test_markdown(run: Call, files: Path) -> None:
    _, out = run(files, "--markdown")
    assert "| total |  | 67 | 65 | 2 | 0 |" in out
    assert "| Flag | BASIC | 2 | 2 | 0 | 0 |" in out
    assert "\n## Failures\n" in out


def test_listing_and_selecting(run: Call, files: Path) -> None:
    status, out = run(files, "--list", "-k", "len = 8  ")
    assert (status, out) == (1, "")  # nothing has that in its names
    status, out = run(files, "--list", "-k", "hmac")
    assert (status, out.splitlines()) == (0, [f"{files}/mac.json  tcId {i}  HMACSHA512" for i in (1, 2)])
    status, out = run(files, "-k", "Flag", "--json")
    assert (status, json.loads(out)["total"]["executed"]) == (0, 2)


def test_nothing_run_is_a_failure(run: Call, files: Path) -> None:
    status, out = run(files, "-k", "no such thing")
    assert (status, out.splitlines()[-1][:12]) == (1, "NOTHING RAN:")


def test_skipped_alone_is_a_failure_and_shows_its_reason(run: Call, files: Path) -> None:
    (files / "kem.json").write_text(json.dumps(document("BLS", "BlsAggregate", {}, [{"result": "valid", "sig": ""}])))
    status, out = run(files / "kem.json")
    assert status == 1
    assert "    1 × no algorithm here for tests of type 'BlsAggregate'" in out


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\0", "not a text"),
        (b"{", "not JSON"),
        (b"{}", "JSON, but neither a test file of Wycheproof nor of ACVP"),
        (b'{"testGroups": [], "numberOfTests": 0}', "the file lacks the field 'algorithm'"),
        (b"Dear Sir,", "neither a heading nor a field nor a comment"),
        (b'#  "SHA-1 ShortMsg" information\n[L = 20]\nLen = 0\nMsg = 00\nMD = 00\nNew = 1\n', "unknown field 'New'"),
    ],
)
def test_a_bad_file_is_a_problem_even_beside_good_ones(run: Call, files: Path, content: bytes, problem: str) -> None:
    (files / "bad").write_bytes(content)
    status, out = run(files / "mac.json", files / "bad")
    assert status == 1
    assert f"PROBLEM {files}/bad: " in out
    assert problem in out


def test_a_missing_file_and_an_empty_directory_are_problems(run: Call, files: Path) -> None:
    (files / "empty").mkdir()
    status, out = run(files / "mac.json", files / "empty", files / "nowhere")
    assert status == 1
    assert f"PROBLEM {files}/empty: the directory is empty" in out
    assert f"PROBLEM {files}/nowhere: No such file or directory" in out


def test_the_kept_vectors_run_by_name(run: Call) -> None:
    status, out = run("-k", "rfc/HMAC/rfc-4231-sha256")
    assert (status, "rfc" in out.splitlines()[1]) == (0, True)


def test_the_guide_has_the_whole_policy_and_every_operation() -> None:
    guide = (ROOT / "docs" / "vectors.md").read_text()
    for rule in RULES:
        assert f"| `{rule.flag}` | {'accepted' if rule.accepted else 'refused'} | {rule.why} |" in guide
    for operation in OPERATIONS:
        assert f"`{operation}`" in guide
