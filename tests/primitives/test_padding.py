"""PKCS#7 padding, against `cryptography` and against everything that can be wrong with it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st

from explain import trace
from primitives.errors import DecryptionError
from primitives.padding import pkcs7_pad, pkcs7_unpad


@pytest.mark.parametrize(
    ("data", "padded"),
    [
        ("", "0808080808080808"),
        ("01", "0107070707070707"),
        ("01020304050607", "0102030405060701"),
        ("0102030405060708", "01020304050607080808080808080808"),
    ],
)
def test_what_section_6_3_prescribes(data: str, padded: str) -> None:
    assert pkcs7_pad(bytes.fromhex(data), 8).hex() == padded
    assert pkcs7_unpad(bytes.fromhex(padded), 8).hex() == data


@given(data=st.binary(max_size=600), block_size=st.integers(1, 255))
def test_unpadding_undoes_padding(data: bytes, block_size: int) -> None:
    padded = pkcs7_pad(data, block_size)
    assert len(padded) % block_size == 0
    assert 0 < len(padded) - len(data) <= block_size
    assert pkcs7_unpad(padded, block_size) == data


@given(data=st.binary(max_size=100), block_size=st.integers(1, 31))
def test_it_is_what_cryptography_does(data: bytes, block_size: int) -> None:
    padder = PKCS7(8 * block_size).padder()
    assert pkcs7_pad(data, block_size) == padder.update(data) + padder.finalize()


@given(data=st.binary(max_size=40))
def test_it_takes_off_what_cryptography_takes_off(data: bytes) -> None:
    unpadder = PKCS7(64).unpadder()
    try:
        expected = unpadder.update(data) + unpadder.finalize()
    except ValueError:
        with pytest.raises(DecryptionError):
            pkcs7_unpad(data, 8)
    else:
        assert pkcs7_unpad(data, 8) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "01",
        "01020304050607",
        "010203040506070801",
        "0102030405060700",
        "0102030405060709",
        "01020304050607ff",
        "0102030405060302",
        "0102030405020303",
        "0708080808080808",
        "0909090909090909",
    ],
)
def test_whatever_is_wrong_the_error_is_the_same(wrong: str) -> None:
    with pytest.raises(DecryptionError, match=r"^decryption failed$"):
        pkcs7_unpad(bytes.fromhex(wrong), 8)


@pytest.mark.parametrize("block_size", [-1, 0, 256])
def test_block_sizes_that_no_padding_can_tell(block_size: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 255 bytes"):
        pkcs7_pad(b"", block_size)
    with pytest.raises(ValueError, match="expected 1 to 255 bytes"):
        pkcs7_unpad(b"\1", block_size)


def test_only_bytes_are_padded() -> None:
    with pytest.raises(TypeError, match="pkcs7_pad: data: expected bytes, got str"):
        pkcs7_pad("text", 8)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="pkcs7_unpad: data: expected bytes, got str"):
        pkcs7_unpad("text\4\4\4\4", 8)  # type: ignore[arg-type]  # the mistake under test


def test_the_trace_shows_the_padding() -> None:
    with trace.recording() as steps:
        pkcs7_unpad(pkcs7_pad(b"\xaa" * 5, 8), 8)
    assert [(step.name, step.value) for step in steps] == [
        ("padding", b"\3\3\3"), ("padding is right", True), ("padding", b"\3\3\3"),
    ]  # fmt: skip
    assert all(step.section and step.why for step in steps)


@pytest.mark.parametrize(("data", "name"), [(bytes(7), "length"), (bytes(8), "padding is right")])
def test_the_trace_shows_the_check_that_refused(data: bytes, name: str) -> None:
    with trace.recording() as steps, pytest.raises(DecryptionError):
        pkcs7_unpad(data, 8)
    assert [(step.name, step.value) for step in steps] == [(name, False)]
