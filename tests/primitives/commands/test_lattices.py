"""The command of ML-KEM: keys in files, secrets of both sides, what it refuses; rings to calculate in by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from primitives.ml_kem import ML_KEM_512, ML_KEM_1024
from tests.primitives.commands.conftest import Run

SEED = "hex:" + bytes(range(64)).hex()
M = "hex:" + bytes(32).hex()
EK, DK = ML_KEM_512.keygen(bytes(range(64)))
K, C = ML_KEM_512.encaps(EK, bytes(32))


@pytest.fixture
def key(run: Run, folder: Path) -> str:
    """The name of a key file."""
    assert run("ml-kem", "keygen", "--parameters", "ML-KEM-512", "--seed", SEED, "--out", "kem.json").status == 0
    return "@kem.json"


def test_a_key_file_has_both_keys_and_what_is_printed_only_one(run: Run, folder: Path, key: str) -> None:
    made = json.loads((folder / "kem.json").read_text())
    assert made == {"parameters": "ML-KEM-512", "ek": EK.hex(), "dk": DK.hex()}
    done = run("ml-kem", "keygen", "--seed", SEED, "--parameters", "ML-KEM-512", "--out", "other.json")
    assert json.loads(done.out) == {"parameters": "ML-KEM-512", "ek": EK.hex()}


def test_both_sides_have_the_secret(run: Run, folder: Path, key: str) -> None:
    done = run("ml-kem", "encaps", "--key", key, "--m", M)
    assert json.loads(done.out) == {"K": K.hex(), "c": C.hex()}
    (folder / "sent.json").write_text(done.out)
    assert run("ml-kem", "decaps", "--key", key, "--ciphertext", "@sent.json").last == K.hex()
    assert run("ml-kem", "decaps", "--key", f"hex:{DK.hex()}", "--ciphertext", f"hex:{C.hex()}").last == K.hex()
    (folder / "ek").write_bytes(EK)
    assert json.loads(run("ml-kem", "encaps", "--key", "@ek", "--m", M).out)["K"] == K.hex()


def test_bytes_are_no_key_file_because_the_first_is_a_brace(run: Run, folder: Path) -> None:
    (ek, dk), m = ML_KEM_512.keygen(bytes(64)), (298).to_bytes(32, "big")
    secret, c = ML_KEM_512.encaps(ek, m)
    assert c[:1] == b"{"
    assert run("ml-kem", "decaps", "--key", f"hex:{dk.hex()}", "--ciphertext", f"hex:{c.hex()}").last == secret.hex()
    braced = b"{" + ek[1:]
    assert "the key is no JSON" not in run("ml-kem", "encaps", "--key", f"hex:{braced.hex()}").err
    assert run("x25519", "--key", f"hex:{(b'{' + bytes(31)).hex()}").status == 0


def test_what_stands_in_a_file_names_no_other_file(run: Run, folder: Path, key: str) -> None:
    """A ciphertext comes from a stranger, and a key may."""
    (folder / "here").write_bytes(C)
    for named in ("@here", "-"):
        (folder / "sent.json").write_text(json.dumps({"c": named}))
        done = run("ml-kem", "decaps", "--key", key, "--ciphertext", "@sent.json", stdin=C)
        assert (done.status, done.out) == (2, "")
        assert f"{named!r} is not an even number of hexadecimal digits" in done.err
    (folder / "here").write_text("61")
    (folder / "rsa.json").write_text(json.dumps({"p": "@here", "q": 53, "e": 17}))
    done = run("rsa", "--key", "@rsa.json", "65")
    assert done.status == 2
    assert "'@here' is not a number" in done.err


def test_keys_and_secrets_are_random_unless_told(run: Run) -> None:
    first, second = (json.loads(run("ml-kem", "keygen").out) for _ in range(2))
    assert first["parameters"] == "ML-KEM-768"
    assert first["ek"] != second["ek"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["encaps"], "--key is missing, which encaps needs"),
        (["decaps", "--key", "@kem.json"], "--ciphertext is missing, which decaps needs"),
        (["encaps", "--key", "@kem.json", "--seed", SEED], "--seed is of keygen, not of encaps"),
        (["keygen", "--m", M], "--m is of encaps, not of keygen"),
        (["encaps", "--key", "@kem.json", "--out", "x"], "--out is of keygen, not of encaps"),
        (["keygen", "--seed", "hex:00"], "ML-KEM-768: the seed has 1 bytes, expected 64"),
        (["encaps", "--key", "hex:0011"], "expected the ek of a parameter set, got 2 bytes"),
        (
            ["decaps", "--key", "hex:0011", "--ciphertext", "hex:00"],
            "expected the dk of a parameter set, got 2 bytes",
        ),
        (["decaps", "--key", "@kem.json", "--ciphertext", "hex:00"], "the ciphertext has 1 bytes, expected 768"),
        (["encaps", "--key", "@empty.json"], "the key has no ek, but nothing"),
        (["encaps", "--key", "@other.json"], "'ML-KEM-999' is not a parameter set here, expected one of ML-KEM-512"),
        (["encaps", "--key", "@large.json"], "ML-KEM-512: the encapsulation key has 1568 bytes, expected 800"),
    ],
)
def test_what_is_refused(words: list[str], complaint: str, run: Run, folder: Path, key: str) -> None:
    (folder / "empty.json").write_text("{}")
    (folder / "other.json").write_text('{"parameters": "ML-KEM-999", "ek": "00"}')
    large, _ = ML_KEM_1024.keygen(bytes(64))
    (folder / "large.json").write_text(json.dumps({"parameters": "ML-KEM-512", "ek": large.hex()}))
    done = run("ml-kem", *words)
    assert done.status == 2
    assert complaint in done.err
    assert done.err.count("\n") == 1


def test_a_small_ring_to_calculate_in_by_hand(run: Run) -> None:
    ring = "q=17,n=4,zeta=4"
    assert run("ml-kem", "ntt", ring, "1 2 3 4").last == "13 + 1X, 6 + 3X"
    assert run("ml-kem", "multiply-ntts", ring, "13 1 6 3", "16 4 11 8").last == "3 + 0X, 4 + 13X"
    assert run("ml-kem", "ntt-inverse", ring, "3 0 4 13").last == "12, 15, 2, 9"


def test_the_result_is_whole_and_can_be_given_again(run: Run) -> None:
    residues = run("ml-kem", "ntt", "ML-KEM", "1 2 3").last
    numbers = residues.replace("X", "").replace(" + ", " ").replace(",", "")
    assert len(numbers.split()) == 256
    assert run("ml-kem", "ntt-inverse", "ML-KEM", numbers).last.startswith("1, 2, 3, 0, 0")
    encoded = run("ml-kem", "byte-encode", "12", numbers).last
    assert run("ml-kem", "ntt-inverse", "ML-KEM", f"hex:{encoded}").last.startswith("1, 2, 3, 0, 0")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["ntt", "q=17,n=4,zeta=5", "1"], "5 is not a root of unity of order 2^2 modulo 17"),
        (["ntt", "q=17,n=3,zeta=4", "1"], "an n of 4 to 256, a power of two"),
        (["ntt", "q=17,n=16,zeta=4", "1"], "4 is not a root of unity of order 2^4 modulo 17"),
        (["ntt", "q=17,n=4,zeta=4", "1 2 3 4 5"], "5 coefficients, expected at most 4"),
        (["ntt", "ML-KEM", "hex:00"], "hex: is for 384 bytes"),
        (["compress", "12", "1", "3329"], "d is 12, expected 1 to 11"),
        (["compress", "4", "3329", "3329"], "x is 3329, expected 0 to 3328"),
        (["decompress", "4", "16", "3329"], "y is 16, expected 0 to 15"),
        (["byte-encode", "4", "1 16"], "an integer is 16, expected 0 to 15"),
        (["byte-encode", "4", "1"], "1 integers of 4 bits are not whole bytes"),
        (["byte-decode", "13", "00"], "d is 13, expected 1 to 12"),
        (["bits-to-bytes", "1 0"], "expected zeros and ones, a multiple of eight"),
        (["sample-cbd", "2", "00"], "B has 1 bytes, expected 128"),
        (["sample-cbd", "4", "00"], "eta is 4, expected 2 to 3"),
        (["bit-rev", "128"], "r is 128, expected 0 to 127"),
        (["base-case-multiply", "1", "1", "1", "1", "1", "1"], "q is 1, expected 2"),
    ],
)
def test_single_steps_refuse_what_they_are_not_defined_for(words: list[str], complaint: str, run: Run) -> None:
    done = run("ml-kem", *words)
    assert done.status == 2
    assert complaint in done.err


def test_twelve_bits_are_taken_in_the_ring_that_was_named(run: Run) -> None:
    for ring, coefficient in (("q=7681,n=256,zeta=198", 4095), ("q=257,n=256,zeta=3", 4095 % 257)):
        done = run("ml-kem", "multiply-ntts", ring, f"hex:{'f' * 768}", "1" + " 0" * 255)
        assert done.last.startswith(str(coefficient)), done.err


@pytest.mark.parametrize(
    ("eta", "b", "complaint"), [("40", "0", "eta is 40, expected 2 to 3"), ("2", "300", "b is 300, expected 0 to 255")]
)
def test_errors_have_the_sizes_of_the_standard(eta: str, b: str, complaint: str, run: Run) -> None:
    done = run("ml-kem", "prf", eta, "00" * 32, b)
    assert (done.status, complaint in done.err) == (2, True)
