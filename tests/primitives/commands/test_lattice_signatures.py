"""The command of ML-DSA: keys in files, signatures, what it refuses; its single steps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from primitives.ml_dsa import ML_DSA_44
from primitives.sha3 import shake_128
from tests.primitives.commands.conftest import Run

SEED = "hex:" + bytes(range(32)).hex()
ZEROS = "hex:" + bytes(32).hex()
PK, SK = ML_DSA_44.keygen(bytes(range(32)))


@pytest.fixture
def key(run: Run, folder: Path) -> str:
    """The name of a key file."""
    assert run("ml-dsa", "keygen", "--parameters", "ML-DSA-44", "--seed", SEED, "--out", "dsa.json").status == 0
    return "@dsa.json"


def test_a_key_file_has_both_keys_and_what_is_printed_only_one(run: Run, folder: Path, key: str) -> None:
    assert json.loads((folder / "dsa.json").read_text()) == {"parameters": "ML-DSA-44", "pk": PK.hex(), "sk": SK.hex()}
    done = run("ml-dsa", "keygen", "--seed", SEED, "--parameters", "ML-DSA-44", "--out", "other.json")
    assert json.loads(done.out) == {"parameters": "ML-DSA-44", "pk": PK.hex()}
    assert json.loads(run("ml-dsa", "keygen").out)["parameters"] == "ML-DSA-65"


def test_what_is_signed_is_verified(run: Run, folder: Path, key: str) -> None:
    message = ("--message", "text:a message")
    signature = run("ml-dsa", "sign", "--key", key, *message, "--rnd", ZEROS).last
    assert bytes.fromhex(signature) == ML_DSA_44.sign(SK, b"a message", rnd=bytes(32))
    with_bytes = run("ml-dsa", "verify", "--key", f"hex:{PK.hex()}", *message, "--signature", f"hex:{signature}")
    assert (with_bytes.status, with_bytes.last) == (0, "valid")
    for words in (["--context", "hex:00"], ["--prehash", "sha256"]):
        done = run("ml-dsa", "verify", "--key", key, *message, "--signature", f"hex:{signature}", *words)
        assert done.status == 1


def test_a_digest_is_signed_with_its_context(run: Run, key: str) -> None:
    words = ("--key", key, "--message", "text:abc", "--context", "text:ctx", "--prehash", "shake128")
    signature = bytes.fromhex(run("ml-dsa", "sign", *words).last)
    ML_DSA_44.verify(PK, b"abc", signature, context=b"ctx", prehash=shake_128)
    assert run("ml-dsa", "verify", *words, "--signature", f"hex:{signature.hex()}").last == "valid"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["sign"], "--key is missing, which sign needs"),
        (["sign", "--key", "@dsa.json"], "--message is missing, which sign needs"),
        (["verify", "--key", "@dsa.json", "--message", "text:"], "--signature is missing, which verify needs"),
        (["verify", "--key", "@dsa.json", "--rnd", ZEROS], "--rnd is of sign, not of verify"),
        (["sign", "--key", "hex:0011", "--message", "text:"], "expected the sk of a parameter set, got 2 bytes"),
        (["sign", "--key", "@dsa.json", "--message", "text:", "--rnd", "hex:00"], "rnd has 1 bytes, expected 32"),
        (["sign", "--key", "@dsa.json", "--message", "text:", "--prehash", "md4"], "'md4' is not a hash function here"),
        (["keygen", "--seed", "hex:00"], "ML-DSA-65: the seed has 1 bytes, expected 32"),
        (["sign", "--key", "@other.json", "--message", "text:"], "'ML-DSA-999' is not a parameter set here"),
    ],
)
def test_what_is_refused(words: list[str], complaint: str, run: Run, folder: Path, key: str) -> None:
    (folder / "other.json").write_text('{"parameters": "ML-DSA-999", "sk": "00"}')
    done = run("ml-dsa", *words)
    assert done.status == 2
    assert complaint in done.err


def test_a_small_ring_to_calculate_in_by_hand(run: Run) -> None:
    ring = "q=17,n=4,zeta=2"
    hat = run("ml-dsa", "ntt", ring, "1 2 3 4").last
    assert run("ml-dsa", "ntt-inverse", ring, hat.replace(",", "")).last == "1, 2, 3, 4"
    squared = run("ml-dsa", "multiply-ntt", ring, hat.replace(",", ""), hat.replace(",", "")).last
    assert run("ml-dsa", "ntt-inverse", ring, squared.replace(",", "")).last == "10, 14, 11, 3"


@pytest.mark.parametrize(
    ("words", "last"),
    [
        (["power2round", "1000000", "13"], "576"),
        (["decompose", "8380416", "261888"], "-1"),
        (["make-hint", "8130417", "1000000", "261888"], "1"),
        (["use-hint", "1", "1000000", "261888"], "1"),
        (["use-hint", "0", "1000000", "261888"], "2"),
        (["simple-bit-unpack", "1023", "0108300001"], "1, 2, 3, 4"),
    ],
)
def test_single_steps(words: list[str], last: str, run: Run) -> None:
    assert run("ml-dsa", *words).last == last


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["ntt", "q=17,n=4,zeta=4", "1"], "4 is not a root of unity of order 2^3 modulo 17"),
        (["ntt", "ML-DSA", f"hex:{'00' * 384}"], "hex: is for 384 bytes"),
        (["decompose", "8380417", "261888"], "an element of Z_q is 8380417, expected 0 to 8380416"),
        (["decompose", "1", "1000"], "gamma2 is 1000, and 2·gamma2 must divide 8380416"),
        (["decompose", "1", "0"], "gamma2 is 0"),
        (["use-hint", "2", "1", "261888"], "h is 2, expected 0 to 1"),
        (["sample-in-ball", "00", "65"], "tau is 65, expected 1 to 64"),
        (["rej-bounded-poly", "00" * 66, "3"], "eta is 3, expected 2 or 4"),
        (["simple-bit-pack", "3", "1 4 0 0"], "an integer is 4, expected 0 to 3"),
        (["simple-bit-pack", "3", "1"], "1 integers of 2 bits are not whole bytes"),
        (["hint-bit-unpack", "4", "010300000201"], "the hints are malformed"),
        (["hint-bit-unpack", "4", "00"], "y has 1 bytes, expected more than 4"),
    ],
)
def test_single_steps_refuse_what_they_are_not_defined_for(words: list[str], complaint: str, run: Run) -> None:
    done = run("ml-dsa", *words)
    assert done.status == 2
    assert complaint in done.err
