"""TOTP against RFC 6238 appendix B."""

from __future__ import annotations

import pytest

from explain import trace
from primitives.hotp import hotp
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512
from primitives.totp import totp

DIGITS = b"1234567890"
# RFC 6238 appendix B: time, and the passwords with SHA-1, SHA-256 and SHA-512
APPENDIX_B = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


@pytest.mark.parametrize(("at", "with_sha1", "with_sha256", "with_sha512"), APPENDIX_B)
def test_appendix_b(at: int, with_sha1: str, with_sha256: str, with_sha512: str) -> None:
    # The keys repeat the ten digits, as long as the hash's output: errata 2866 of the RFC.
    assert totp(DIGITS * 2, at=at, digits=8, hash=sha1) == with_sha1
    assert totp((DIGITS * 4)[:32], at=at, digits=8, hash=sha256) == with_sha256
    assert totp((DIGITS * 7)[:64], at=at, digits=8, hash=sha512) == with_sha512


def test_it_changes_when_a_time_step_is_over() -> None:
    key = DIGITS * 2
    assert totp(key, at=30) == totp(key, at=59.999) == hotp(key, 1)
    assert totp(key, at=60) == hotp(key, 2)
    assert totp(key, at=29.999) == hotp(key, 0)
    assert totp(key, at=1000, X=60, T0=700) == hotp(key, 5)


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="X is 0, expected a time step of 1 second or more"):
        totp(DIGITS * 2, at=0, X=0)
    with pytest.raises(ValueError, match=r"at is 9, expected 10 \(T0\) or later"):
        totp(DIGITS * 2, at=9, T0=10)


def test_the_trace() -> None:
    with trace.recording() as steps:
        password = totp(DIGITS * 2, at=59, digits=8)
    (whole,) = steps
    assert (whole.name, whole.value) == ("TOTP", password)
    assert [(step.name, step.value) for step in whole.steps] == [("T", 1), ("HOTP", password)]
