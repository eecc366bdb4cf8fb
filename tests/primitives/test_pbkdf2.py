"""PBKDF2 against RFC 6070 and RFC 7914 §11, and against `hashlib`."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512

HASHES = {"sha1": sha1, "sha256": sha256, "sha512": sha512}


@pytest.mark.parametrize(
    ("password", "salt", "iterations", "length", "expected"),
    [
        (b"password", b"salt", 1, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        (b"password", b"salt", 2, 20, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        pytest.param(
            b"password", b"salt", 4096, 20, "4b007901b765489abead49d926f721d065a429c1", marks=pytest.mark.slow
        ),
        pytest.param(
            b"passwordPASSWORDpassword",
            b"saltSALTsaltSALTsaltSALTsaltSALTsalt",
            4096,
            25,
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
            marks=pytest.mark.slow,
        ),
        (b"pass\0word", b"sa\0lt", 4096, 16, "56fa6aa75548099dcc37d7f03425e0c3"),
    ],
)
def test_rfc_6070(password: bytes, salt: bytes, iterations: int, length: int, expected: str) -> None:
    assert pbkdf2_hmac(password, salt, iterations, length, hash=sha1).hex() == expected


def test_rfc_7914_section_11() -> None:
    assert (
        pbkdf2_hmac(b"passwd", b"salt", 1, 64, hash=sha256).hex()
        == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
    )


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(sorted(HASHES)),
    password=st.binary(max_size=140),
    salt=st.binary(max_size=40),
    iterations=st.integers(1, 9),
    length=st.integers(1, 100),
)
def test_against_the_oracle(name: str, password: bytes, salt: bytes, iterations: int, length: int) -> None:
    expected = hashlib.pbkdf2_hmac(name, password, salt, iterations, length)
    assert pbkdf2_hmac(password, salt, iterations, length, hash=HASHES[name]) == expected


def test_wrong_arguments() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="password: expected bytes, got str"):
        pbkdf2_hmac(wrong, b"", 1, 1, hash=sha256)
    with pytest.raises(TypeError, match="salt: expected bytes, got str"):
        pbkdf2_hmac(b"", wrong, 1, 1, hash=sha256)
    for none in (True, 1.0, "1"):
        number: Any = none
        with pytest.raises(TypeError, match="iterations: expected int"):
            pbkdf2_hmac(b"", b"", number, 1, hash=sha256)
        with pytest.raises(TypeError, match="length: expected int"):
            pbkdf2_hmac(b"", b"", 1, number, hash=sha256)
    for iterations in (0, -1):
        with pytest.raises(ValueError, match=f"iterations is {iterations}, expected 1 or more"):
            pbkdf2_hmac(b"", b"", iterations, 1, hash=sha256)
    for length in (0, -1, (2**32 - 1) * 32 + 1):
        with pytest.raises(ValueError, match=f"length is {length}, expected 1 to 137438953440"):
            pbkdf2_hmac(b"", b"", 1, length, hash=sha256)


@pytest.mark.parametrize(
    ("iterations", "shown"),
    [
        (1, ["U_1"]),
        (3, ["U_1", "U_2", "U_3"]),
        (4, ["U_1", "U_2", "U_3", "U_4"]),
        (50, ["U_1", "U_2", "U_3", "U_50"]),
    ],
)
def test_the_trace_shows_the_first_iterations_and_the_last(iterations: int, shown: list[str]) -> None:
    with trace.recording() as steps:
        key = pbkdf2_hmac(b"password", b"salt", iterations, 40, hash=sha256)
    assert key == hashlib.pbkdf2_hmac("sha256", b"password", b"salt", iterations, 40)
    (whole,) = steps
    assert (whole.name, whole.value) == ("PBKDF2", key)
    assert [step.name for step in whole.steps] == ["hmac-sha256 key", "T_1", "T_2"]
    block = whole.steps[1]
    assert block.value == key[:32]
    assert [step.name for step in block.steps] == shown
    for step in whole.walk():
        assert "§" in step.section
        assert step.why
