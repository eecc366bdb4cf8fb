"""AES Key Wrap against RFC 3394 and cryptography, and every way to spoil a wrapped key."""

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from hypothesis import given, settings
from hypothesis import strategies as st

from primitives import trace
from primitives.errors import DecryptionError
from primitives.keywrap import IV, key_unwrap, key_wrap

KEK = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
DATA = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f"
RFC_3394 = [  # §4.1 to §4.6: bytes of the key-encryption key, bytes of the key, ciphertext
    (16, 16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
    (24, 16, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"),
    (32, 16, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"),
    (24, 24, "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"),
    (32, 24, "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"),
    (32, 32, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
]


@pytest.mark.parametrize(("kek_size", "size", "wrapped"), RFC_3394)
def test_rfc_3394_section_4(kek_size: int, size: int, wrapped: str) -> None:
    kek, key = bytes.fromhex(KEK)[:kek_size], bytes.fromhex(DATA)[:size]
    assert key_wrap(kek, key).hex() == wrapped
    assert key_unwrap(kek, bytes.fromhex(wrapped)) == key


def test_rfc_3394_section_4_1_through_the_recording() -> None:
    kek, key = bytes.fromhex(KEK)[:16], bytes.fromhex(DATA)[:16]
    with trace.recording() as steps:
        assert key_unwrap(kek, key_wrap(kek, key)) == key
    wrap, unwrap = steps[-3], steps[-1]  # each after its key expansion
    turns = [step for step in wrap.steps if step.name.startswith("t = ")]
    assert [turn.name for turn in turns] == [f"t = {t}" for t in range(1, 13)]
    first = {step.name: step.value for step in turns[0].steps}
    assert first["B"] == bytes.fromhex("f4740052e82a225174ce86fbd7b805e7")  # §4.1, step 1: Enc
    assert first["A"] == bytes.fromhex("f4740052e82a2250")  # and XorT
    assert turns[0].value == bytes.fromhex("74ce86fbd7b805e7")
    assert wrap.value == bytes.fromhex(RFC_3394[0][2])
    assert [step.name for step in unwrap.steps] == [*(f"t = {t}" for t in range(12, 0, -1)), "A"]
    assert unwrap.steps[-1].value == IV
    assert unwrap.value == key


@settings(max_examples=20, deadline=None)
@given(
    kek=st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)),
    key=st.integers(2, 12).flatmap(lambda n: st.binary(min_size=8 * n, max_size=8 * n)),
)
def test_both_ways_with_cryptography(kek: bytes, key: bytes) -> None:
    wrapped = key_wrap(kek, key)
    assert wrapped == aes_key_wrap(kek, key)
    assert key_unwrap(kek, wrapped) == key == aes_key_unwrap(kek, wrapped)


def test_turns_are_numbered_in_more_than_a_byte() -> None:
    key = bytes(i % 256 for i in range(8 * 60))  # 360 turns
    wrapped = key_wrap(bytes(16), key)
    assert wrapped == aes_key_wrap(bytes(16), key)
    assert key_unwrap(bytes(16), wrapped) == key


def test_whatever_is_spoiled_is_refused() -> None:
    kek, key = bytes.fromhex(KEK)[:16], bytes.fromhex(DATA)[:24]
    wrapped = key_wrap(kek, key)
    for i in range(len(wrapped)):
        with pytest.raises(DecryptionError):
            key_unwrap(kek, wrapped[:i])
        with pytest.raises(DecryptionError):
            key_unwrap(kek, wrapped[:i] + bytes([wrapped[i] ^ 1]) + wrapped[i + 1 :])
    for other in (
        wrapped + bytes(8),
        wrapped + b"\0",
        wrapped[8:],
        wrapped[:8] + wrapped[16:24] + wrapped[8:16] + wrapped[24:],
    ):
        with pytest.raises(DecryptionError):
            key_unwrap(kek, other)
    with pytest.raises(DecryptionError):
        key_unwrap(bytes(16), wrapped)


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 1, 8, 15, 17, 20, 25):
        with pytest.raises(ValueError, match=f"key has {length} bytes, expected a multiple of 8, at least 16"):
            key_wrap(bytes(16), bytes(length))
    for length in (0, 8, 15, 33):
        with pytest.raises(ValueError, match=f"key has {length} bytes, expected 16, 24 or 32"):
            key_wrap(bytes(length), bytes(16))
        with pytest.raises(ValueError, match=f"key has {length} bytes, expected 16, 24 or 32"):
            key_unwrap(bytes(length), bytes(24))
    with pytest.raises(TypeError, match="key: expected bytes"):
        key_wrap(bytes(16), "0" * 16)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="wrapped: expected bytes"):
        key_unwrap(bytes(16), "0" * 24)  # type: ignore[arg-type]  # the mistake under test
