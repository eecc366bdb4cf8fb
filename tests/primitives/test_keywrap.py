"""AES key wrap against RFC 3394 §4, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.aes import AES
from primitives.errors import DecryptionError
from primitives.keywrap import IV, key_unwrap, key_wrap

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
