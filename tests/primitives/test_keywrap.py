"""AES key wrap against RFC 3394 §4 and RFC 5649 §6, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.keywrap import (
    aes_key_unwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap,
    aes_key_wrap_with_padding,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.aes import AES
from primitives.errors import DecryptionError
from primitives.keywrap import IV, _wrap_fast, key_unwrap, key_unwrap_padded, key_wrap, key_wrap_padded

keks = st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
keys = st.integers(2, 9).flatmap(lambda n: st.binary(min_size=8 * n, max_size=8 * n))

KEY = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f"
# RFC 3394 §4.1 to §4.6: the lengths of the kek (of the bytes 00 01 02 …) and of the key (as above), and the wrapped key
EXAMPLES = {
    "4.1": (16, 16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
    "4.2": (24, 16, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"),
    "4.3": (32, 16, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"),
    "4.4": (24, 24, "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"),
    "4.5": (32, 24, "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"),
    "4.6": (32, 32, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
}
KEK, WRAPPED = bytes(range(16)), bytes.fromhex(EXAMPLES["4.1"][2])


@pytest.mark.parametrize(("kek_length", "length", "wrapped"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples_of_the_standard(kek_length: int, length: int, wrapped: str) -> None:
    kek, key = bytes(range(kek_length)), bytes.fromhex(KEY)[:length]
    assert key_wrap(kek, key).hex() == wrapped
    assert key_unwrap(kek, bytes.fromhex(wrapped)) == key
    with trace.recording():
        assert key_wrap(kek, key).hex() == wrapped
        assert key_unwrap(kek, bytes.fromhex(wrapped)) == key


@settings(max_examples=40, deadline=None)
@given(kek=keks, key=keys)
def test_against_the_oracle(kek: bytes, key: bytes) -> None:
    wrapped = aes_key_wrap(kek, key)
    assert key_wrap(kek, key) == wrapped
    assert key_unwrap(kek, wrapped) == key == aes_key_unwrap(kek, wrapped)


def test_a_long_key() -> None:
    """Beyond 42 pieces, the count of steps takes more than one byte."""
    key = bytes(i % 251 for i in range(8 * 50))
    wrapped = key_wrap(KEK, key)
    assert wrapped == aes_key_wrap(KEK, key)
    assert key_unwrap(KEK, wrapped) == key


def test_every_bit_counts() -> None:
    for bit in range(8 * len(WRAPPED)):
        spoilt = (int.from_bytes(WRAPPED, "big") ^ 1 << bit).to_bytes(len(WRAPPED), "big")
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap(KEK, spoilt)


def test_every_bit_of_the_kek_counts() -> None:
    for bit in range(0, 128, 5):
        other = (int.from_bytes(KEK, "big") ^ 1 << bit).to_bytes(16, "big")
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap(other, WRAPPED)


def test_every_other_length_is_refused() -> None:
    """Cut at every place, and with bytes after the end: one error for all."""
    for length in range(len(WRAPPED)):
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap(KEK, WRAPPED[:length])
    for more in range(1, 18):
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap(KEK, WRAPPED + bytes(more))


def test_pieces_in_another_order_are_refused() -> None:
    wrapped = key_wrap(KEK, bytes(range(24)))
    for spoilt in (wrapped[:8] + wrapped[16:24] + wrapped[8:16] + wrapped[24:], wrapped[8:] + wrapped[:8], wrapped[8:]):
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap(KEK, spoilt)


def test_a_key_of_one_piece_or_none_is_no_key() -> None:
    """§2: n is 2 or more. What a wrap of less would look like is refused, too."""
    for key in (b"", bytes(8)):
        with pytest.raises(ValueError, match=f"the key has {len(key)} bytes, expected a multiple of 8, at least 16"):
            key_wrap(KEK, key)
    A, R = IV, bytes(8)
    for t in range(1, 7):
        B = AES(KEK).encrypt_block(A + R)
        A, R = bytes(a ^ b for a, b in zip(B[:8], t.to_bytes(8, "big"), strict=True)), B[8:]
    for wrapped in (IV, A + R):
        with pytest.raises(DecryptionError):
            key_unwrap(KEK, wrapped)


@pytest.mark.parametrize("length", [1, 7, 9, 15, 17, 20, 23, 31])
def test_keys_that_are_not_whole_pieces(length: int) -> None:
    with pytest.raises(ValueError, match=f"key_wrap: the key has {length} bytes, expected a multiple of 8"):
        key_wrap(KEK, bytes(length))


@pytest.mark.parametrize("length", [0, 8, 15, 17, 40])
def test_wrong_lengths_of_the_kek(length: int) -> None:
    for function in (key_wrap, key_unwrap):
        with pytest.raises(ValueError, match=f"the key has {length} bytes, expected 16, 24 or 32"):
            function(bytes(length), bytes(24))


def test_text_is_refused() -> None:
    wrong: Any = "sixteen letters!"
    for function in (key_wrap, key_unwrap):
        with pytest.raises(TypeError, match="expected bytes, got str"):
            function(wrong, bytes(24))
        with pytest.raises(TypeError, match=f"{function.__name__}: .*: expected bytes, got str"):
            function(KEK, wrong)
    assert key_wrap(bytearray(KEK), memoryview(bytes.fromhex(KEY)[:16])) == WRAPPED
    assert key_unwrap(memoryview(KEK), bytearray(WRAPPED)).hex() == KEY[:32]


# --- With padding.

PADDED_KEK = bytes.fromhex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8")
# RFC 5649 §6: the key, and the wrapped key
PADDED = {
    "20 bytes": (
        "c37b7e6492584340bed12207808941155068f738",
        "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
    ),
    "7 bytes": ("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"),
}


@pytest.mark.parametrize(("key", "wrapped"), PADDED.values(), ids=PADDED)
def test_examples_with_padding(key: str, wrapped: str) -> None:
    assert key_wrap_padded(PADDED_KEK, bytes.fromhex(key)).hex() == wrapped
    assert key_unwrap_padded(PADDED_KEK, bytes.fromhex(wrapped)).hex() == key
    with trace.recording():
        assert key_wrap_padded(PADDED_KEK, bytes.fromhex(key)).hex() == wrapped
        assert key_unwrap_padded(PADDED_KEK, bytes.fromhex(wrapped)).hex() == key


@settings(max_examples=60, deadline=None)
@given(kek=keks, key=st.binary(min_size=1, max_size=70))
def test_padding_against_the_oracle(kek: bytes, key: bytes) -> None:
    wrapped = aes_key_wrap_with_padding(kek, key)
    assert key_wrap_padded(kek, key) == wrapped
    assert key_unwrap_padded(kek, wrapped) == key == aes_key_unwrap_with_padding(kek, wrapped)


@pytest.mark.parametrize("key", [b"sixteen or more!", b"7 bytes", b"8 bytes!", b"a"])
def test_every_bit_counts_with_padding(key: bytes) -> None:
    wrapped = key_wrap_padded(KEK, key)
    for bit in range(8 * len(wrapped)):
        spoilt = (int.from_bytes(wrapped, "big") ^ 1 << bit).to_bytes(len(wrapped), "big")
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap_padded(KEK, spoilt)


def sealed_as(A: bytes, padded: bytes) -> bytes:
    """What somebody who has the kek can send: any A, with anything."""
    return AES(KEK).encrypt_block(A + padded) if len(padded) == 8 else _wrap_fast(AES(KEK), A, padded)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_each_check_of_the_length_and_of_the_padding(n: int) -> None:
    """RFC 5649 §4.2 step 2: the three checks, each at its edges, with all else as it has to be."""
    constant = bytes.fromhex("a65959a6")

    def opens(MLI: int, padded: bytes, first: bytes = constant) -> bool:
        wrapped = sealed_as(first + MLI.to_bytes(4, "big"), padded)
        try:
            key = key_unwrap_padded(KEK, wrapped)
        except DecryptionError:
            return False
        return key == padded[:MLI]

    zeros, ones = bytes(8 * n), b"\1" * (8 * n)
    assert [MLI for MLI in range(8 * n + 10) if opens(MLI, zeros)] == list(range(8 * n - 7, 8 * n + 1))
    assert not opens(2**32 - 1, zeros)
    assert [MLI for MLI in range(8 * n + 10) if opens(MLI, ones)] == [8 * n]
    for place in range(1, 8):  # one byte of the padding is not zero
        padded = bytearray(zeros)
        padded[-place] = 1
        lengths = [MLI for MLI in range(8 * n + 1) if opens(MLI, bytes(padded))]
        assert lengths == list(range(8 * n - place + 1, 8 * n + 1))
    assert not opens(8 * n, zeros, IV[:4])
    assert not opens(8 * n, zeros, constant[:3] + b"\0")


def test_one_kind_of_wrap_does_not_open_the_other() -> None:
    key = bytes(range(16))
    with pytest.raises(DecryptionError):
        key_unwrap(KEK, key_wrap_padded(KEK, key))
    with pytest.raises(DecryptionError):
        key_unwrap_padded(KEK, key_wrap(KEK, key))


def test_every_other_length_is_refused_with_padding() -> None:
    wrapped = key_wrap_padded(KEK, bytes(range(20)))
    for length in range(len(wrapped)):
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap_padded(KEK, wrapped[:length])
    for more in range(1, 18):
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            key_unwrap_padded(KEK, wrapped + bytes(more))


def test_what_cannot_be_wrapped_with_padding() -> None:
    wrong: Any = "text"
    with pytest.raises(ValueError, match="key_wrap_padded: the key has 0 bytes, expected 1 to"):
        key_wrap_padded(KEK, b"")
    for function in (key_wrap_padded, key_unwrap_padded):
        with pytest.raises(TypeError, match=f"{function.__name__}: .*: expected bytes, got str"):
            function(KEK, wrong)
        with pytest.raises(ValueError, match="the key has 15 bytes, expected 16, 24 or 32"):
            function(bytes(15), bytes(24))


@pytest.mark.parametrize("key", [b"7 bytes", bytes(20)])
def test_the_trace_with_padding(key: bytes) -> None:
    wrapped = key_wrap_padded(KEK, key)
    with trace.recording() as steps:
        assert key_wrap_padded(KEK, key) == wrapped
        assert key_unwrap_padded(KEK, wrapped) == key
        with pytest.raises(DecryptionError):
            key_unwrap_padded(KEK, wrapped[:-1] + b"\0")
    wrap, unwrap, refused = (step for step in steps if step.name.startswith("extended"))
    assert wrap.steps[0].value == bytes.fromhex("a65959a6") + len(key).to_bytes(4, "big")
    checks = ["MSB(32, A) = A65959A6", "8(n − 1) < MLI ≤ 8n", "padding = 0"]
    assert [(step.name, step.value) for step in unwrap.steps[-3:]] == [(name, True) for name in checks]
    assert refused.steps[-3].value is False
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith(("RFC 5649 §", "RFC 3394 §2.2.", "FIPS 197 §5"))
        assert step.why


# --- The trace.


def own_steps(step: trace.Step) -> list[tuple[str, str]]:
    """Return the steps of one t, without those of AES."""
    return [(s.name, s.value.hex()) for s in step.steps if isinstance(s.value, bytes) and "ipher" not in s.name]


def test_the_trace_of_wrapping_shows_section_4_1() -> None:
    with trace.recording() as steps:
        key_wrap(KEK, bytes.fromhex(KEY)[:16])
    expansion, wrap = steps
    assert (expansion.name, wrap.name, wrap.value) == ("key expansion", "key wrap", WRAPPED)
    assert wrap.steps[0].value == IV
    assert wrap.steps[1].value == (bytes.fromhex(KEY)[:8], bytes.fromhex(KEY)[8:16])
    rounds = wrap.steps[2:]
    assert [step.name for step in rounds] == [f"t = {t}" for t in range(1, 13)]
    assert all(step.steps[0].name == "Cipher" for step in rounds)
    assert own_steps(rounds[0]) == [
        ("B", "f4740052e82a225174ce86fbd7b805e7"),
        ("A", "f4740052e82a2250"),
        ("R[1]", "74ce86fbd7b805e7"),
    ]
    assert [step.steps[-1].name for step in rounds] == ["R[1]", "R[2]"] * 6
    assert rounds[-1].steps[-2].value == WRAPPED[:8]
    assert [rounds[-2].steps[-1].value, rounds[-1].steps[-1].value] == [WRAPPED[8:16], WRAPPED[16:]]


def test_the_trace_of_unwrapping_goes_the_same_way_back() -> None:
    with trace.recording() as steps:
        key = key_unwrap(KEK, WRAPPED)
    unwrap = steps[1]
    assert (unwrap.name, unwrap.value) == ("key unwrap", key)
    *rounds, check = unwrap.steps[2:]
    assert [step.name for step in rounds] == [f"t = {t}" for t in range(12, 0, -1)]
    assert own_steps(rounds[-1]) == [("A ⊕ t", "f4740052e82a2251"), ("B", (IV + bytes.fromhex(KEY)[:8]).hex())]
    assert (check.name, check.value) == ("A = IV", True)


def test_the_trace_tells_why_a_key_was_refused() -> None:
    with trace.recording() as steps, pytest.raises(DecryptionError):
        key_unwrap(KEK, WRAPPED[:-1] + b"\0")
    assert (steps[1].name, steps[1].value) == ("key unwrap", None)
    assert (steps[1].steps[-1].name, steps[1].steps[-1].value) == ("A = IV", False)


def test_every_step_has_its_section_and_its_reason() -> None:
    with trace.recording() as steps:
        key_unwrap(KEK, key_wrap(KEK, bytes(24)))
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith(("RFC 3394 §2.2.", "FIPS 197 §5"))
        assert step.name
        assert step.why
