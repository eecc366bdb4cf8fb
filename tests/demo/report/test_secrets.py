"""Who knows what, and that openssl comes to the same values."""

import re
import subprocess
from pathlib import Path

import pytest

from demo.report.build import build
from demo.report.model import EVERYBODY, Act, Run, Secret, Sent
from explain.showing.byte_view import faults
from tests.conftest import PeerTool
from tests.demo.support.reports import OTP, SEED, Revealed, revealed_run


def secret(run: Run, id: str) -> Secret:
    [found] = [secret for secret in run.secrets if secret.id == id]
    return found


def test_the_eavesdropper_knows_what_went_over_the_wire_in_the_clear_and_nothing_else(run: Run) -> None:
    assert [one.id for one in run.secrets if "eavesdropper" in one.known] == ["otp-1"]
    wire = b"".join(sent.view.data for sent in run.sent() if sent.view.id != "t1")
    for one in run.secrets:
        value = bytes.fromhex(one.value) if re.fullmatch("([0-9a-f]{2}){12,}", one.value) else one.value.encode()
        assert value not in wire, one.id


def test_each_secret_is_known_to_whom_it_should_be(run: Run) -> None:
    known = {one.id: set(one.known) for one in run.secrets}
    assert {who for whos in known.values() for who in whos} == set(EVERYBODY)
    for id, whos in known.items():
        connection, _, what = id.partition("-")
        if connection == "x":
            assert whos == {"server", "client"}
        elif connection in ("s", "c"):
            assert whos == {"ttp", {"s": "server", "c": "client"}[connection]}
        elif connection == "key":
            assert whos == {{"root": "ttp", "service": "ttp"}.get(what, what)}
        elif connection == "code":
            assert whos == {"ttp", what}
    assert known["otp-5"] == {"server", "client"}
    assert len(known) == 4 + 2 + 2 + 3 * 8


def test_both_sides_have_revealed_the_same(revealed: Revealed) -> None:
    by_random: dict[str, list[dict[str, set[str]]]] = {}
    for event in revealed.events:
        if event["event"] == "revealed connection":
            values: dict[str, set[str]] = {}
            for name, value, section, why in event["secrets"]:
                assert section
                assert why
                values.setdefault(name, set()).add(value)
            by_random.setdefault(event["key_log"].split()[1], []).append(values)
    assert len(by_random) == 3
    for one, other in by_random.values():
        assert one == other
        assert len(one["verify_data"]) == 2


def test_since_when_and_from_what_lead_somewhere(run: Run) -> None:
    scenes = [scene for chapter in run.chapters for scene in chapter.scenes]
    acts = {scene.id: scene.text for scene in scenes if isinstance(scene, Act)}
    places = {*acts, *(sent.view.id for sent in run.sent()), *(one.id for one in run.secrets)}
    for one in run.secrets:
        links = [moment.link for moment in one.known.values()] + [link for _, link in one.made_of]
        assert {link for link in links if link} <= places, one.id
        assert all(moment.words for moment in one.known.values())
        assert one.why
        assert one.section
        assert one.made_of
    assert "makes an RSA key" in acts[secret(run, "key-client").known["client"].link]
    assert "letter" in acts[secret(run, "code-server").known["server"].link]
    learned = {
        (who, id) for scene in scenes if isinstance(scene, Act | Sent) for who, id, _ in scene.learned
    }  # told in the sequence diagrams as well
    assert {(who, one.id) for one in run.secrets for who, moment in one.known.items() if moment.link} == learned


def reproduce(run: Run, directory: Path) -> int:
    """Run all commands in a shell; fail if one of them prints something else. Return how many there were."""
    commands = list(run.commands())
    script = run.setup + "".join(
        f"echo '=== {i}'\n( {command.line} ) 2>&1; echo \"status $?\"\n" for i, command in enumerate(commands)
    )
    done = subprocess.run(
        ["bash"], input=script, cwd=directory, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    answers = re.split(r"=== \d+\n", done.stdout)[1:]
    for command, answer in zip(commands, answers, strict=True):
        printed, _, status = answer.rpartition("status ")
        assert status == "0\n", (command, printed)
        if command.expected:
            assert printed.strip() == command.expected, command
        else:
            assert printed.strip(), command
    return len(commands)


def test_openssl_reproduces_the_values(run: Run, peer_tool: PeerTool, tmp_path: Path) -> None:
    peer_tool("openssl")
    assert reproduce(run, tmp_path) == 112
    titles = " ".join(command.line for command in run.commands())
    for word in (
        "asn1parse",
        "kdf",
        "pkeyutl -decrypt",
        "enc -d -aes-128-cbc",
        "dgst -sha256 -mac HMAC",
        "verify -attime",
    ):
        assert f"openssl {word}" in titles


@pytest.mark.slow
@pytest.mark.parametrize(
    "choice",
    [
        "--suite TLS_RSA_WITH_AES_256_CBC_SHA256",
        "--suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "--suite TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "--suite TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
        "--suite TLS_ECDHE_RSA_WITH_AES_128_CFB_SHA256",
        "--kex ecdsa",
    ],
)
def test_every_kind_of_suite_is_explained_and_reproduced(choice: str, peer_tool: PeerTool, tmp_path: Path) -> None:
    made = revealed_run(tmp_path / "state", "--seed", str(SEED), *choice.split())
    run = build(made.told, made.events, made.captures, text=OTP, seed=SEED)
    assert run.suite in choice or "ECDSA" in run.suite
    assert [fault for view in run.views() for fault in faults(view)] == []
    peer_tool("openssl")
    (tmp_path / "shell").mkdir()
    assert reproduce(run, tmp_path / "shell") > 60
