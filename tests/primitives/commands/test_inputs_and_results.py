"""What goes in and what comes out: inputs in every form, results in every form, and one line for what is wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primitives.commands.inputs import Inputs
from primitives.commands.results import decimal
from tests.primitives.commands.conftest import Run

ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize("word", ["abc", "text:abc", "hex:616263", "hex:61 62:63", "base64:YWJj", "-", "@message"])
def test_an_input_in_every_form(word: str, run: Run, folder: Path) -> None:
    (folder / "message").write_bytes(b"abc")
    assert run("sha256", word, stdin=b"abc").out == f"{ABC}\n"


def test_standard_input_is_the_default_and_given_once(run: Run) -> None:
    assert run("sha256", stdin=b"abc").last == ABC
    done = run("hmac", "--key", "-", stdin=b"abc")
    assert (done.status, done.out) == (2, "")
    assert "standard input can be given for one input only" in done.err


@given(st.binary(max_size=64))
def test_bytes_are_the_same_in_every_form(data: bytes) -> None:
    inputs = Inputs()
    assert inputs.message(f"hex:{data.hex()}") == inputs.digits(data.hex()) == data
    assert inputs.message(f"base64:{base64.b64encode(data).decode()}") == data


@given(st.integers(), st.booleans())
def test_numbers_are_read_and_written_whatever_their_length(number: int, is_long: bool) -> None:
    number *= 10**5000 if is_long else 1
    assert Inputs().number(decimal(number)) == number
    assert Inputs().number(hex(number)) == number


def test_results_as_sha256sum_openssl_and_programs_expect_them(run: Run) -> None:
    assert run("sha256", "abc").out == f"{ABC}\n"
    assert run("sha256", "abc", "--hex").out == f"{ABC}\n"
    assert base64.b64decode(run("sha256", "abc", "--base64").out) == bytes.fromhex(ABC)
    assert json.loads(run("sha256", "abc", "--json").out) == {"result": ABC}
    assert json.loads(run("gcd", "12", "18", "--json").out) == {"result": "6", "number": True}
    assert run("SHA3_256", "abc").last == hashlib.sha3_256(b"abc").hexdigest()


def test_raw_results_are_the_bytes_themselves(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from primitives.__main__ import main

    assert main(["sha256", "abc", "--raw"]) == 0
    assert capfdbinary.readouterr().out == bytes.fromhex(ABC)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nonsense", "abc"], "'nonsense' is not an algorithm here"),
        (["sha256", "hex:61626"], "'61626' is not an even number of hexadecimal digits"),
        (["sha256", "base64:&"], "base64: "),
        (["sha256", "@missing"], "missing: No such file or directory"),
        (["sha256", "abc", "def"], "unrecognized arguments: def"),
        (["sha256", "--tra", "abc"], "unrecognized arguments: --tra"),
        (["hmac", "abc"], "the following arguments are required: --key"),
        (["hmac", "--key", "k", "--hash", "sha0", "abc"], "'sha0' is not a hash function here"),
        (["aes", "--key", "000102030405060708090a0b0c0d0e0f", "abc"], "write hex:0001… or text:0001…"),
        (["aes", "--key", "short", "hex:00"], "AES: the key has 5 bytes, expected 16, 24 or 32"),
        (["sdes", "--key", "101", "10111101"], "'101': expected 10 binary digits"),
        (["rsa", "--key", "p=61", "5"], "the key has no q, but p"),
        (["rsa", "--key", "{", "5"], "the key is no JSON"),
        (["rsa", "--key", '{"n": [1]}', "5"], "the key is no JSON object of texts and numbers"),
        (["rsa", "--key", "whatever", "5"], "the key is neither a JSON object nor such as p=61,q=53,e=17"),
        (["rsa", "--key", "p=61,q=53,e=17,d=5", "--decrypt", "5"], "e and d do not belong together"),
        (["rsa", "--key", "p=61,q=53,e=17", "9999"], "representative m out of range"),
        (["oaep", "--key", "p=61,q=53,e=17", "5"], "OAEP: message too long"),
        (["pss", "--key", "p=61,q=53,e=17", "--salt", "5", "abc"], "--salt has 1 bytes, expected 32"),
        (["ec", "0x1g"], "is not a number, expected decimal digits"),
        (["ec", "-1"], "K is out of range"),
        (["ecdh", "--key", "d=1,curve=P-1", "--peer", "d=1"], "'P-1' is not a curve here"),
        (["ed25519", "abc"], "--key is missing"),
        (["ed25519", "--verify", "a", "abc"], "--public is missing"),
        (["primes"], "the following arguments are required: N"),
        (["prime", "--bits", "99999"], "--bits is 99999, expected at most 8192"),
        (["sha256", "big_sigma0"], "the following arguments are required: x"),
        (["sha256", "big_sigma0", "6a09e6670"], "is not a word of 32 bits"),
        (["aes", "mix_columns", "00"], "the state has 1 bytes, expected 16"),
        (["des", "substitute", "9", "000000"], "i is 9, expected 1 to 8"),
        (["ec", "add", "p=23,a=1,b=4", "0,3", "O"], "0,3 is not a point of y² = x³ + 1x + 4 modulo 23"),
        (["primes", "miller_rabin", "10", "5"], "expected an odd number of 5 or more"),
        (["sha256", "--depth", "0", "abc"], "'0' is not a number of levels"),
        (["sha256", "--only", "W_99", "abc"], "no step of this run is named 'W_99'"),
        *(
            ([*words, "--length", "10000000000", "abc"], "10000000000 is too much, expected at most 1048576")
            for words in (
                ["hmac-drbg"],
                ["shake128"],
                ["mgf1"],
                ["pbkdf2"],
                ["hkdf"],
                ["tls12-prf", "--label", "a", "--seed", "b"],
            )
        ),
        (["pbkdf2", "--salt", "s", "--length", "0", "abc"], "length is 0, expected 1 to"),
        (["sha256", "--step", "abc"], "--step waits for keys, and so needs a terminal"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(words: list[str], complaint: str, run: Run, folder: Path) -> None:
    done = run(*words)
    assert done.status == 2
    assert complaint in done.err
    assert done.err.startswith("python -m primitives")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["hmac", "--key", "Jefe", "--verify", "hex:00", "abc"],
        ["aes-gcm", "--key", "text:0123456789abcdef", "--nonce", "text:abcdefghijkl", "--decrypt", "text:" + "a" * 20],
        ["aes-cbc", "--key", "text:0123456789abcdef", "--iv", "text:0123456789abcdef", "--decrypt", "text:" + "a" * 16],
        ["pkcs1v15-encrypt", "--key", "p=61,q=53,e=17", "--decrypt", "hex:0005"],
    ],
)
def test_what_does_not_hold_is_refused_with_status_1(words: list[str], run: Run) -> None:
    for more in ([], ["--trace"]):
        done = run(*words, *more)
        assert done.status == 1
        assert done.err.count("\n") == 1
    assert json.loads(run(*words, "--json").out)["refused"] == done.err.partition(": ")[2].strip()


def test_a_private_key_is_for_its_owner_and_never_written_over_another(run: Run, folder: Path) -> None:
    made = run("rsa-keygen", "--bits", "1024", "--out", "key.json")
    assert made.status == 0
    assert set(json.loads(made.out)) == {"n", "e"}
    assert stat.S_IMODE((folder / "key.json").stat().st_mode) == 0o600
    before = (folder / "key.json").read_bytes()
    again = run("rsa-keygen", "--bits", "1024", "--out", "key.json")
    assert (again.status, again.out) == (2, "")
    assert "exists already, and nothing is overwritten" in again.err
    assert (folder / "key.json").read_bytes() == before
    assert os.listdir(folder) == ["key.json"]


def test_seeds_and_salts_make_vectors_repeat(run: Run) -> None:
    """RSA Laboratories' oaep-int.txt: its key, message and seed."""
    p = (
        "0xeecfae81b1b9b3c908810b10a1b5600199eb9f44aef4fda493b81a9e3d84f632124ef0236e5d1e3b7e28fae7aa040a2d5b252176459d1f39"
        "7541ba2a58fb6599"
    )
    q = (
        "0xc97fb1f027f453f6341233eaaad1d9353f6c42d08866b1d05a0f2035028b9d869840b41666b42e92ea0da3b43204b5cfce3352524d0416a5"
        "a441e700af461503"
    )
    done = run(
        "oaep", "--key", f"p={p},q={q},e=17", "--hash", "sha1",
        "--seed", "hex:aafd12f659cae63489b479e5076ddec2f06cb58f", "hex:d436e99569fd32a7c8a05bbc90d32c49",
    )  # fmt: skip
    assert done.last.startswith("1253e04dc0a5397bb44a7ab87e9bf2a0")
