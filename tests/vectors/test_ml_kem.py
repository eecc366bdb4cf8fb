"""Vectors of ML-KEM in text files: what a wrong one is told, and files made here in the forms that are read."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from primitives.ml_kem import ML_KEM_512
from vectors.cases import Case, Outcome, VectorFileError
from vectors.explain import explain
from vectors.judge import Judge
from vectors.operations import perform
from vectors.readers import UnknownFormat, files, read_text
from vectors.readers.files import read_paths
from vectors.sources import read_source, sources

SEED, M = bytes(range(64)), bytes(32)
EK, DK = ML_KEM_512.keygen(SEED)
K, C = ML_KEM_512.encaps(EK, M)
RANDOM = bytes(range(256)) * 3
REJECTED = hashlib.shake_256(SEED[32:] + RANDOM).digest(32)


def cctv(name: str) -> str:
    (source,) = [source for source in sources() if source.name == "cctv-ml-kem"]
    return read_source(source)[name].decode()


def lines(**values: bytes) -> str:
    return "".join(f"{name} = {value.hex()}\n" for name, value in values.items())


def outcomes(found: list[Case]) -> list[Outcome]:
    judge = Judge(perform, explain)
    return [judge.judge(case).outcome for case in found]


RESPONSE = lines(d=SEED[:32], z=SEED[32:], msg=M, pk=EK, sk=DK, ct_n=RANDOM, ss_n=REJECTED, ct=C, ss=K)
FORMS = {
    "a response file": f"count = 0\n{RESPONSE}",
    "keys and a ciphertext": lines(d=SEED[:32], z=SEED[32:], ek=EK, dk=DK, m=M, K=K, c=C),
    "a ciphertext": lines(dk=DK, c=C, K=K),
    "keys to be refused": f"ffffff{EK[3:].hex()}\n{EK[:3].hex()}01{EK[4] | 0x0D:02x}{EK[5:].hex()}\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read(form: str) -> None:
    assert set(outcomes(read_text("file", FORMS[form]))) == {Outcome.PASSED}


@pytest.mark.parametrize("name", ["pk", "sk", "ct", "ss", "ss_n"])
def test_a_response_with_something_else_fails(name: str) -> None:
    value = {"pk": EK, "sk": DK, "ct": C, "ss": K, "ss_n": REJECTED}[name]
    spoiled = value[:5] + bytes([value[5] ^ 1]) + value[6:]
    text = FORMS["a response file"].replace(f"{name} = {value.hex()}", f"{name} = {spoiled.hex()}")
    assert outcomes(read_text("file", text)) == [Outcome.FAILED]


def test_a_key_that_is_good_must_not_be_among_those_to_be_refused() -> None:
    assert outcomes(read_text("file", f"{EK.hex()}\n")) == [Outcome.FAILED]


def test_files_may_be_packed(tmp_path: Path) -> None:
    (tmp_path / "keys.txt.gz").write_bytes(gzip.compress(FORMS["a ciphertext"].encode()))
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(FORMS["a ciphertext"].encode())[:-9])
    found = read_paths([tmp_path / "keys.txt.gz"])
    assert (len(found.cases), found.problems) == (1, [])
    (problem,) = read_paths([tmp_path / "cut.txt.gz"]).problems
    assert problem.endswith("Compressed file ended before the end-of-stream marker was reached")


def test_what_cannot_be_unpacked_is_a_problem_of_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(FORMS["a ciphertext"].encode())
    (tmp_path / "spoilt.txt.gz").write_bytes(packed[:10] + b"\xff" * (len(packed) - 10))
    (problem,) = read_paths([tmp_path / "spoilt.txt.gz"]).problems
    assert "cannot be unpacked" in problem
    monkeypatch.setattr(files, "MOST", 1000)
    (tmp_path / "large.txt.gz").write_bytes(packed)
    (problem,) = read_paths([tmp_path / "large.txt.gz"]).problems
    assert "unpacks to more than 1000 bytes" in problem


def test_a_value_stands_there_once() -> None:
    form = FORMS["a ciphertext"]
    with pytest.raises(VectorFileError, match="a name comes twice"):
        read_text("file", f"dk = 00\n{form}")


def test_the_first_intermediate_value_that_differs_is_told() -> None:
    text = cctv("intermediate/ML-KEM-512.txt")
    start = text.index("\ne1 = ") + 6
    # the third coefficient of e_1 is the upper half of byte 4 and byte 5, and those next to it
    spoiled = text[: start + 6] + "123" + text[start + 9 :]
    _, encaps, _ = read_text("file", spoiled)
    result = Judge(perform, explain).judge(encaps)
    assert result.outcome is Outcome.FAILED
    assert result.step.startswith("e_1[0][2] differs, FIPS 203 §5.2 algorithm 14 step 13: published as ")


def test_numbers_that_contradict_their_digits_are_an_error() -> None:
    text = cctv("intermediate/ML-KEM-512.txt")
    with pytest.raises(VectorFileError, match=r"the numbers of A\[0, 0\] are not those of its digits"):
        read_text("file", text.replace("A[0, 0] = {2322,", "A[0, 0] = {2323,"))
    with pytest.raises(VectorFileError, match="after the last value"):
        read_text("file", f"{text}w = 00\n")


def test_values_out_of_order_or_of_no_parameter_set_are_errors() -> None:
    text = cctv("intermediate/ML-KEM-512.txt")
    first, second, *rest = text.splitlines()
    with pytest.raises(UnknownFormat):
        read_text("file", "\n".join([second, first, *rest]))
    with pytest.raises(VectorFileError, match="a decapsulation key of 1631 bytes is of no parameter set"):
        read_text("file", lines(dk=DK[:-1], c=C, K=K))
    with pytest.raises(VectorFileError, match="an encapsulation key of 799 bytes is of no parameter set"):
        read_text("file", FORMS["a response file"].replace(f"pk = {EK.hex()}", f"pk = {EK[1:].hex()}"))
    with pytest.raises(VectorFileError, match="line 2 is not an encapsulation key"):
        read_text("file", f"{FORMS['keys to be refused']}".replace("\n", "\nx", 1))
