"""HKDF-Expand-Label: what goes into it, its limits, and the oracle. RFC 8448: tests/handshake/tls13."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.sha2 import sha256, sha384
from primitives.tls13_hkdf import LabelExpansion, derive_secret, hkdf_expand_label, hkdf_label


def test_the_label_is_laid_out_as_the_standard_says() -> None:
    assert hkdf_label(b"key", b"", 16).hex() == "0010" + "09" + b"tls13 key".hex() + "00"
    assert hkdf_label(b"derived", b"\xab\xcd", 0x0102).hex() == "0102" + "0d" + b"tls13 derived".hex() + "02abcd"


@settings(max_examples=20, deadline=None)
@given(
    secret=st.binary(min_size=48, max_size=60),
    label=st.binary(min_size=1, max_size=249),
    context=st.binary(max_size=255),
    length=st.integers(0, 200),
)
def test_it_is_the_oracles(secret: bytes, label: bytes, context: bytes, length: int) -> None:
    for hash, theirs in ((sha256, hashes.SHA256()), (sha384, hashes.SHA384())):
        expanded = hkdf_expand_label(secret, label=label, context=context, length=length, hash=hash)
        info = length.to_bytes(2, "big") + bytes([6 + len(label)]) + b"tls13 " + label
        info += bytes([len(context)]) + context
        assert expanded == (HKDFExpand(theirs, length, info).derive(secret) if length else b"")


def test_a_secret_is_absorbed_once_and_derives_the_same() -> None:
    labels = LabelExpansion(bytes(32), hash=sha256)
    for label in (b"one", b"two", b"one"):
        assert labels.derive(label, sha256(b"abc").digest()) == derive_secret(
            bytes(32), label=label, messages=b"abc", hash=sha256
        )


def test_its_steps_say_what_the_label_is() -> None:
    with trace.recording() as steps:
        hkdf_expand_label(bytes(32), label=b"key", context=b"", length=16, hash=sha256)
    assert [step.name for step in steps] == ["HKDF-Expand-Label"]
    assert [step.name for step in steps[0].steps][:2] == ["HkdfLabel", "HKDF-Expand"]


@pytest.mark.parametrize(
    ("label", "context", "length", "message"),
    [
        (b"", b"", 1, "label has 0 bytes, expected 1 to 249"),
        (bytes(250), b"", 1, "label has 250 bytes, expected 1 to 249"),
        (b"a", bytes(256), 1, "context has 256 bytes, expected at most 255"),
        (b"a", b"", -1, "length is -1, expected 0 to 65535"),
        (b"a", b"", 1 << 16, "length is 65536, expected 0 to 65535"),
    ],
)
def test_what_does_not_fit_is_refused(label: bytes, context: bytes, length: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hkdf_label(label, context, length)


def test_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="prk has 31 bytes, expected at least 32"):
        hkdf_expand_label(bytes(31), label=b"a", context=b"", length=1, hash=sha256)
    with pytest.raises(ValueError, match="length is 8161, expected 0 to 8160"):
        hkdf_expand_label(bytes(32), label=b"a", context=b"", length=255 * 32 + 1, hash=sha256)
