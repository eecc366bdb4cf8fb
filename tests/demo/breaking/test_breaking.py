"""The exchange, broken on purpose: the real processes, and the check that has to catch each break."""

import ast
import json
from pathlib import Path

import pytest

from demo.breaking.catalogue import BREAKS
from demo.otp.fault_option import FAULTS
from demo.otp.faults import faulty
from handshake.suites.table import suite_by_name
from tests.demo.support.terminal import demo

ROOT = Path(__file__).parents[3]


EVERY_DAY = ("wrong-name",)  # all of them in the long tests


@pytest.mark.parametrize(
    "name", [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.slow) for name in BREAKS]
)
def test_the_check_catches_it(name: str) -> None:
    broken = BREAKS[name]
    done = demo("--break", name, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [e["title"] for e in events if e["event"] == "part"] == [
        "What is wrong", "What the wire saw", "What each party knew", "The check", "Without it",
    ]  # fmt: skip
    # One alert on the wire, from the one who noticed, and none from the other, but for a goodbye.
    alerts = [line for e in events if e["event"] == "overheard" for line in e["lines"] if line.startswith("alert")]
    assert len([line for line in alerts if "close_notify" not in line]) == 1 or name == "truncated"
    assert all(broken.alert in line for line in alerts if ": " in line)
    # Both know that something went wrong; nobody has taken an OTP that was not sent.
    known = {party: [e["text"] for e in events if e["event"] == "knew" and e["party"] == party] for party in
             ("server", "client")}  # fmt: skip
    assert known[broken.caught_by][-1].endswith(f"(the other side was told: alert {broken.alert})")
    for text in known["client"]:
        assert "received the OTP" not in text or text.endswith("account is 256345.")


@pytest.mark.parametrize("name", BREAKS)
def test_the_check_is_in_the_code(name: str) -> None:
    path, function = BREAKS[name].where.split(": ")
    nodes: list[ast.stmt] = ast.parse((ROOT / path).read_text()).body
    for part in function.split("."):
        [node] = [n for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == part]
        nodes = node.body


@pytest.mark.slow
def test_a_break_is_told_within_80_columns() -> None:
    done = demo("--break", "wrong-name")
    assert done.returncode == 0
    assert done.stdout.startswith("Broken on purpose: ")
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_a_break_that_nobody_notices_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from dataclasses import replace

    from demo.breaking.run import BrokenExchange
    from demo.failure import PartyError
    from demo.stage.processes import Processes

    nothing_wrong = replace(BREAKS["tampered-record"], tamper=None)
    with (
        Processes() as processes,
        pytest.raises(PartyError, match="did not refuse with bad_record_mac: it sent no"),
    ):
        BrokenExchange(lambda event: None, processes, tmp_path, nothing_wrong).run()


@pytest.mark.parametrize("command", [("--break", "nothing"), ("client", "--fault", "nothing")])
def test_what_cannot_be_broken(command: tuple[str, ...]) -> None:
    done = demo(*command)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "nothing" in done.stderr


def test_every_break_is_in_the_help() -> None:
    text = " ".join(demo("--help").stdout.replace("-\n", "-").split()).replace("- ", "-")
    text += " ".join(demo("otp", "--help").stdout.split())
    for name in BREAKS:
        assert name in text or name.replace("-", "- ") in text, name


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_needs_a_suite_that_can_have_it(fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        faulty([suite_by_name("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")], fault)
