"""The command of SLH-DSA: keys in files, signatures, what it refuses; its single steps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from primitives.commands.families.hash_signatures import SETS
from primitives.slh_dsa import PARAMETER_SETS, SLH_DSA_SHAKE_128F
from tests.primitives.commands.conftest import Run

SEED = "hex:" + bytes(range(48)).hex()
PK, SK = SLH_DSA_SHAKE_128F.keygen(bytes(range(48)))


@pytest.fixture
def key(run: Run, folder: Path) -> str:
    """The name of a key file."""
    words = ("keygen", "--parameters", "SLH-DSA-SHAKE-128f", "--seed", SEED, "--out", "slh.json")
    assert run("slh-dsa", *words).status == 0
    return "@slh.json"


def test_the_sets_are_all_there_are() -> None:
    assert set(SETS) == set(PARAMETER_SETS)


def test_a_key_file_has_both_keys_and_what_is_printed_only_one(run: Run, folder: Path, key: str) -> None:
    fields = {"parameters": "SLH-DSA-SHAKE-128f", "pk": PK.hex(), "sk": SK.hex()}
    assert json.loads((folder / "slh.json").read_text()) == fields
    assert json.loads(run("slh-dsa", "keygen").out)["parameters"] == "SLH-DSA-SHA2-128f"


@pytest.mark.slow
def test_what_is_signed_is_verified(run: Run, folder: Path, key: str) -> None:
    words = ("--message", "text:a message", "--context", "text:ctx", "--prehash", "shake128")
    signature = run("slh-dsa", "sign", "--key", key, *words, "--addrnd", f"hex:{PK[:16].hex()}", "--base64").last
    with_bytes = ("--key", f"hex:{PK.hex()}", "--parameters", "SLH-DSA-SHAKE-128f")
    done = run("slh-dsa", "verify", *with_bytes, *words, "--signature", f"base64:{signature}")
    assert (done.status, done.last) == (0, "valid")
    done = run("slh-dsa", "verify", "--key", key, "--message", "text:a message", "--signature", f"base64:{signature}")
    assert done.status == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["sign"], "--key is missing, which sign needs"),
        (["sign", "--key", "@slh.json"], "--message is missing, which sign needs"),
        (["verify", "--key", "@slh.json", "--message", "text:"], "--signature is missing, which verify needs"),
        (["verify", "--key", "@slh.json", "--addrnd", "hex:00"], "--addrnd is of sign, not of verify"),
        (["sign", "--key", f"hex:{SK.hex()}", "--message", "text:"], "--parameters is missing: a key of SLH-DSA"),
        (
            ["sign", "--key", "hex:0011", "--parameters", "SLH-DSA-SHA2-128s", "--message", "text:"],
            "SLH-DSA-SHA2-128s: the private key has 2 bytes, expected 64",
        ),
        (
            ["sign", "--key", "@slh.json", "--parameters", "SLH-DSA-SHA2-128s", "--message", "text:"],
            "the key is of SLH-DSA-SHAKE-128f, and --parameters is SLH-DSA-SHA2-128s",
        ),
        (["sign", "--key", "@slh.json", "--message", "text:", "--addrnd", "hex:00"], "addrnd has 1 bytes, expected 16"),
        (["keygen", "--seed", "hex:00"], "SLH-DSA-SHA2-128f: the seed has 1 bytes, expected 48"),
        (["keygen", "--parameters", "SLH-DSA-SHA2-128"], "'SLH-DSA-SHA2-128' is not a parameter set here"),
    ],
)
def test_what_is_refused(words: list[str], complaint: str, run: Run, folder: Path, key: str) -> None:
    done = run("slh-dsa", *words)
    assert done.status == 2
    assert complaint in done.err


ADRS = "00" * 15 + "05" + "00" * 16


@pytest.mark.parametrize(
    ("words", "last"),
    [
        (["wots-digits", "1b", "2"], "0 1 2 3 1 2"),
        (["wots-digits", "ff", "2"], "3 3 3 3 0 0"),
        (["base-2b", "123f", "4", "4"], "1 2 3 15"),
        (["short-address", ADRS], "00" * 8 + "05" + "00" * 13),
    ],
)
def test_single_steps(words: list[str], last: str, run: Run) -> None:
    assert run("slh-dsa", *words).last == last


def test_a_chain_is_one_function_after_the_other(run: Run) -> None:
    X, seed = "11" * 16, "22" * 16
    one = run("slh-dsa", "wots-chain", X, "0", "1", seed, ADRS).last
    assert run("slh-dsa", "F", seed, ADRS, X).last == one == run("slh-dsa", "prf", seed, X, ADRS).last
    assert run("slh-dsa", "wots-chain", one, "1", "14", seed, ADRS).last == run(
        "slh-dsa", "wots-chain", X, "0", "15", seed, ADRS
    ).last  # fmt: skip
    assert run("slh-dsa", "H", seed, ADRS, X + one).last != one


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["wots-chain", "11" * 16, "3", "13", "22" * 16, ADRS], "s is 13, expected 0 to 12"),
        (["wots-chain", "11" * 16, "16", "0", "22" * 16, ADRS], "i is 16, expected 0 to 15"),
        (["wots-digits", "1b", "0"], "lg_w is 0, expected 1 to 8"),
        (["base-2b", "12", "4", "3"], "out_len is 3, expected 0 to 2"),
        (["F", "11", ADRS, "22" * 16], "the input has 1 bytes, expected 16"),
    ],
)
def test_single_steps_refuse_what_they_are_not_defined_for(words: list[str], complaint: str, run: Run) -> None:
    done = run("slh-dsa", *words)
    assert done.status == 2
    assert complaint in done.err
