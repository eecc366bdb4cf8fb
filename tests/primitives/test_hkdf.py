"""HKDF against RFC 5869 appendix A, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.hashes import HashFunction
from primitives.hkdf import hkdf_expand, hkdf_extract
from primitives.sha1 import sha1
from primitives.sha2 import sha256

# RFC 5869 appendices A.1 to A.4: hash, IKM, salt, info, PRK, OKM
TEST_CASES: list[tuple[HashFunction, bytes, bytes, bytes, str, str]] = [
    (
        sha256,
        b"\x0b" * 22,
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        sha256,
        bytes(range(80)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        sha256,
        b"\x0b" * 22,
        b"",
        b"",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
    (
        sha1,
        b"\x0b" * 11,
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
        "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896",
    ),
]


@pytest.mark.parametrize(("hash", "ikm", "salt", "info", "prk", "okm"), TEST_CASES, ids=["A.1", "A.2", "A.3", "A.4"])
def test_known_answers(hash: HashFunction, ikm: bytes, salt: bytes, info: bytes, prk: str, okm: str) -> None:
    assert hkdf_extract(salt, ikm, hash=hash).hex() == prk
    assert hkdf_expand(bytes.fromhex(prk), info, len(okm) // 2, hash=hash).hex() == okm


@settings(max_examples=30, deadline=None)
@given(salt=st.binary(max_size=80), ikm=st.binary(max_size=80), info=st.binary(max_size=40), length=st.integers(1, 120))
def test_against_the_oracle(salt: bytes, ikm: bytes, info: bytes, length: int) -> None:
    prk = hkdf_extract(salt, ikm, hash=sha256)
    expected = HKDF(SHA256(), length, salt, info).derive(ikm)
    assert hkdf_expand(prk, info, length, hash=sha256) == expected


def test_how_much_can_be_had() -> None:
    prk = bytes(32)
    assert hkdf_expand(prk, b"", 0, hash=sha256) == b""
    assert len(hkdf_expand(prk, b"", 255 * 32, hash=sha256)) == 255 * 32
    for length in (-1, 255 * 32 + 1):
        with pytest.raises(ValueError, match=f"length is {length}, expected 0 to 8160"):
            hkdf_expand(prk, b"", length, hash=sha256)
    with pytest.raises(ValueError, match="prk has 31 bytes, expected at least 32"):
        hkdf_expand(bytes(31), b"", 16, hash=sha256)


def test_text_is_refused() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="hkdf_extract: salt: expected bytes, got str"):
        hkdf_extract(wrong, b"", hash=sha256)
    with pytest.raises(TypeError, match="hkdf_extract: ikm: expected bytes, got str"):
        hkdf_extract(b"", wrong, hash=sha256)
    with pytest.raises(TypeError, match="hkdf_expand: prk: expected bytes, got str"):
        hkdf_expand(wrong, b"", 1, hash=sha256)
    with pytest.raises(TypeError, match="hkdf_expand: info: expected bytes, got str"):
        hkdf_expand(bytes(32), wrong, 1, hash=sha256)


def test_the_trace() -> None:
    with trace.recording() as steps:
        prk = hkdf_extract(b"salt", b"secret", hash=sha256)
        okm = hkdf_expand(prk, b"info", 40, hash=sha256)
    extract, expand = steps
    assert (extract.name, extract.value) == ("HKDF-Extract", prk)
    assert (expand.name, expand.value) == ("HKDF-Expand", okm)
    assert [step.name for step in expand.steps] == ["hmac-sha256 key", "T(1)", "T(2)"]
    for step in (inner for outer in steps for inner in outer.walk()):
        assert "§" in step.section
        assert step.why
