"""HOTP against RFC 4226 appendix D, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.hotp import hotp, truncate

KEY = b"12345678901234567890"

# RFC 4226 appendix D: for each counter, Snum and the password
APPENDIX_D = [
    (1284755224, "755224"),
    (1094287082, "287082"),
    (137359152, "359152"),
    (1726969429, "969429"),
    (1640338314, "338314"),
    (868254676, "254676"),
    (1918287922, "287922"),
    (82162583, "162583"),
    (673399871, "399871"),
    (645520489, "520489"),
]


@pytest.mark.parametrize(("counter", "expected"), list(enumerate(APPENDIX_D)))
def test_appendix_d(counter: int, expected: tuple[int, str]) -> None:
    with trace.recording() as steps:
        password = hotp(KEY, counter)
    assert password == hotp(KEY, counter) == expected[1]
    (whole,) = steps
    assert (whole.name, whole.value) == ("HOTP", password)
    assert {step.name: step.value for step in whole.steps}["Snum"] == expected[0]
    for step in whole.walk():
        assert "§" in step.section
        assert step.why


def test_the_example_of_section_5_4() -> None:
    HS = bytes.fromhex("1f8698690e02ca16618550ef7f19da8e945b555a")
    assert truncate(HS) == 0x50EF7F19


@settings(max_examples=30, deadline=None)
@given(key=st.binary(min_size=16, max_size=80), counter=st.integers(0, 2**63), digits=st.integers(6, 8))
def test_against_the_oracle(key: bytes, counter: int, digits: int) -> None:
    known = HOTP(key, digits, SHA1())
    assert hotp(key, counter, digits=digits) == known.generate(counter).decode()


def test_wrong_arguments() -> None:
    wrong: Any = "sixteen letters!"
    with pytest.raises(TypeError, match="hotp: key: expected bytes, got str"):
        hotp(wrong, 0)
    for none in (True, 1.0, "1"):
        number: Any = none
        with pytest.raises(TypeError, match="counter: expected int"):
            hotp(KEY, number)
        with pytest.raises(TypeError, match="digits: expected int"):
            hotp(KEY, 0, digits=number)
    with pytest.raises(ValueError, match="the key has 15 bytes, expected 16 or more"):
        hotp(bytes(15), 0)
    for counter in (-1, 2**64):
        with pytest.raises(ValueError, match=f"counter is {counter}, expected 0 to"):
            hotp(KEY, counter)
    for digits in (5, 9):
        with pytest.raises(ValueError, match=f"digits is {digits}, expected 6 to 8"):
            hotp(KEY, 0, digits=digits)
