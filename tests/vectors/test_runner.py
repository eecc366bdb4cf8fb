"""The runner: hangs and crashes are results of their own, wrong expectations are found, each of them and no other."""

import random
import re
import sys
from pathlib import Path

import pytest

from vectors.cases import Case, Check, Outcome, Result, Value
from vectors.readers import read_text
from vectors.runner import run
from vectors.sources import read_source, sources

ECHO = """
import hashlib, json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    message = bytes.fromhex(request.get("message", ""))
    answer = {"id": request["id"]}
    if message == b"hang":
        time.sleep(60)
    elif message == b"end":
        os._exit(3)
    elif message == b"babble":
        print("what?", flush=True)
        continue
    elif message == b"other":
        answer["id"] = 0
    elif message == b"refuse":
        answer["rejected"] = "no"
    elif request["operation"] != "hash" or request["hash"] != "SHA-256":
        answer["unsupported"] = "SHA-256 is all there is"
    else:
        answer["digest"] = hashlib.sha256(message).hexdigest()
    print(json.dumps(answer), flush=True)
"""


def case(message: bytes, digest: str = "00", *, name: str = "SHA-256", accepted: bool = True) -> Case:
    inputs: dict[str, Value] = {"hash": name, "message": message}
    check = Check("hash", inputs, {"digest": bytes.fromhex(digest)} if accepted else {}, accepted=accepted)
    return Case("file", message.decode(), name, (check,))


def of(name: str, file: str) -> str:
    source = next(source for source in sources() if source.name == name)
    return read_source(source)[file].decode()


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(ECHO)
    return f"{sys.executable} {path}"


def told(results: list[Result]) -> list[tuple[str, Outcome, str]]:
    return [(result.case.id, result.outcome, result.reason) for result in results]


ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_an_implementation_of_any_kind_is_put_to_the_test(program: str) -> None:
    cases = [
        case(b"abc", ABC),
        case(b"hang"),
        case(b"end"),
        case(b"babble"),
        case(b"other"),
        case(b"refuse"),
        case(b"refuse", accepted=False),
        case(b"abc", accepted=False),
        case(b"abc", name="SHA-1"),
        case(b"abd", ABC),
        case(b"abc", ABC),
    ]
    assert told(run(cases, implementation=program, timeout=3, jobs=1)) == [
        ("abc", Outcome.PASSED, ""),
        ("hang", Outcome.HUNG, "no answer after 3 seconds"),
        ("end", Outcome.CRASHED, "Broken: the program ended"),
        ("babble", Outcome.CRASHED, "Broken: the answer is not JSON: b'what?'"),
        ("other", Outcome.CRASHED, "Broken: the answer to request 5 has another id"),
        ("refuse", Outcome.FAILED, "refused what has to be accepted"),
        ("refuse", Outcome.PASSED, ""),
        ("abc", Outcome.FAILED, "accepted what has to be refused"),
        ("abc", Outcome.SKIPPED, "SHA-256 is all there is"),
        ("abd", Outcome.FAILED, "digest: differs from byte 0 on"),
        ("abc", Outcome.PASSED, ""),
    ]


def test_a_program_that_is_not_there() -> None:
    (result,) = run([case(b"abc", ABC)], implementation="/nowhere/program", jobs=1)
    assert (result.outcome, "No such file" in result.reason) == (Outcome.CRASHED, True)


def test_the_programs_digests_pass_the_official_files(program: str) -> None:
    cases = read_text("file", of("nist-sha2", "SHA256ShortMsg.rsp"))
    results = run(cases, implementation=program, jobs=2)
    assert [result.case for result in results] == cases
    assert {result.outcome for result in results} == {Outcome.PASSED}


def test_a_hang_of_our_own_ends_the_worker_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectors.runner.GRACE", 0.5)
    endless = Check("pbkdf2", {"hash": "SHA-256", "password": b"", "salt": b"", "iterations": 10**6, "length": 32})
    cases = [case(b"abc", ABC), Case("file", "endless", "PBKDF2", (endless,)), case(b"abc", ABC), case(b"abc", ABC)]
    results = run(cases, timeout=1.0, jobs=1)
    assert [result.outcome for result in results] == [Outcome.PASSED, Outcome.HUNG, Outcome.PASSED, Outcome.PASSED]
    assert "no answer after" in results[1].reason


def test_a_crash_of_our_own_is_a_result() -> None:
    spoiled = Check("hash", {"hash": "SHA-256", "message": b""}, {"digest": b""})
    typed = Check("rsa_pkcs1v15_verify", {"n": 1, "e": "three"})
    results = run([Case("file", "1", "SHA-256", (spoiled,)), Case("file", "2", "RSA", (typed,))], jobs=1)
    assert [result.outcome for result in results] == [Outcome.FAILED, Outcome.SKIPPED]


def spoil(text: str, field: str, count: int) -> tuple[str, set[int]]:
    """Turn the first digit of `count` values of a field into another; tell in which of them, by place."""
    places = [match.end() for match in re.finditer(rf"^{field} = (?=[0-9a-fA-F])", text, re.MULTILINE)]
    chosen = set(random.Random(count).sample(range(len(places)), count))  # the same ones every time
    digits = list(text)
    for place in chosen:
        digits[places[place]] = "0" if digits[places[place]] != "0" else "1"
    return "".join(digits), chosen


@pytest.mark.parametrize(
    ("source", "file", "field"),
    [
        ("nist-sha2", "SHA256ShortMsg.rsp", "MD"),
        ("nist-sha2", "SHA256ShortMsg.rsp", "Msg"),
        ("nist-aes", "CBC/CBCVarKey128.rsp", "CIPHERTEXT"),
        ("nist-aes", "ECB/ECBVarTxt256.rsp", "PLAINTEXT"),
        ("nist-rsa", "FIPS_186-2/SigGen15_186-3.rsp", "S"),
    ],
)
def test_twenty_five_wrong_expectations_are_found_and_no_other(source: str, file: str, field: str) -> None:
    text, places = spoil(of(source, file), field, 25)
    failed = {i for i, result in enumerate(run(read_text("file", text))) if result.outcome is Outcome.FAILED}
    if (source, field) == ("nist-sha2", "Msg"):  # the empty message, written 00, has no first digit that counts
        places -= {0}
    assert failed == places


def test_a_wrong_digest_in_a_monte_carlo_chain_spoils_none_after_it() -> None:
    text = re.sub(r"(COUNT = 1\s+MD = )5", r"\g<1>6", of("nist-sha1", "SHA1Monte.rsp"))
    results = run(read_text("file", text)[:4], jobs=1)
    assert [result.outcome for result in results] == [Outcome.PASSED, Outcome.FAILED, Outcome.PASSED, Outcome.PASSED]


def test_a_failure_names_the_step() -> None:
    text = of("rsa-labs", "pkcs-1v2-1d2-vec/oaep-int.txt")
    text = text.replace("06 e1 de b2", "06 e1 de b3", 1)  # the beginning of dbMask
    (result,) = run(read_text("file", text), jobs=1)
    assert result.outcome is Outcome.FAILED
    assert result.step.startswith("dbMask differs, RFC 8017 §7.1.1 step 2.e: published as 06e1deb3")


def test_a_refusal_names_the_check_that_failed() -> None:
    (valid, *_) = read_text("file", of("pyca-oaep", "oaep-label.txt"))
    check = valid.checks[0]
    spoiled = Case("file", "1", "RSA-OAEP", (Check(check.operation, {**check.inputs, "label": b""}, check.outputs),))
    (result,) = run([spoiled], jobs=1)
    assert result.step == "RSAES-OAEP-DECRYPT: lHash′ = lHash does not hold, RFC 8017 §7.1.2 step 3.g"


def test_the_protocols_example_works(tmp_path: Path) -> None:
    """The program in the documentation passes what it claims to do."""
    guide = (Path(__file__).parents[2] / "docs" / "vectors.md").read_text()
    (example,) = re.findall(r"```python my_sha256.py\n(.*?)```", guide, re.DOTALL)
    path = tmp_path / "example.py"
    path.write_text(example)
    cases = read_text("file", of("nist-sha2", "SHA256ShortMsg.rsp")) + read_text(
        "file", of("nist-sha1", "SHA1ShortMsg.rsp")
    )
    outcomes = [result.outcome for result in run(cases, implementation=f"{sys.executable} {path}")]
    assert outcomes == [Outcome.PASSED] * 65 + [Outcome.SKIPPED] * 65
    assert len(example.strip().splitlines()) <= 10
