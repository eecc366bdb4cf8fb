"""ChaCha20 against RFC 8439's worked examples and cryptography; its lanes against its textbook path."""

from struct import pack, unpack

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.chacha20 import chacha20_block, chacha20_xor, initial_state, inner_block, quarter_round
from primitives.lanes import chacha20 as lanes

KEY = bytes(range(32))
SUNSCREEN = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)
keys, nonces = st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12)


def matrix(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


def oracle(key: bytes, counter: int, nonce: bytes, data: bytes) -> bytes:
    return Cipher(algorithms.ChaCha20(key, pack("<I", counter) + nonce), None).encryptor().update(data)


def test_rfc_8439_section_2_1_1() -> None:
    expected = (0xEA2A92F4, 0xCB1CF8CE, 0x4581472E, 0x5881C4BB)
    assert quarter_round(0x11111111, 0x01020304, 0x9B8D6F43, 0x01234567) == expected


def test_rfc_8439_section_2_3_2_through_the_recording() -> None:
    nonce = bytes.fromhex("000000090000004a00000000")
    with trace.recording() as steps:
        block = chacha20_block(KEY, 1, nonce)
    (whole,) = steps
    assert whole.value == block
    assert whole.steps[0].value == matrix(
        """61707865 3320646e 79622d32 6b206574 03020100 07060504 0b0a0908 0f0e0d0c
        13121110 17161514 1b1a1918 1f1e1d1c 00000001 09000000 4a000000 00000000"""
    )
    rounds = whole.steps[1:-1]
    assert [turn.name for turn in rounds] == [f"rounds {i} and {i + 1}" for i in range(1, 20, 2)]
    assert rounds[-1].value == matrix(
        """837778ab e238d763 a67ae21e 5950bb2f c4f2d0c7 fc62bb2f 8fa018fc 3f5ec7b7
        335271c2 f29489f3 eabda8fc 82e46ebd d19c12b4 b04e16de 9e83d0cb 4e3c50a2"""
    )
    assert whole.steps[-1].value == matrix(
        """e4e7f110 15593bd1 1fdd0f50 c47120a3 c7f4d1c7 0368c033 9aaa2204 4e6cd4c3
        466482d2 09aa9f07 05d7c214 a2028bd9 d19c12b5 b94e16de e883d0cb 4e3c50a2"""
    )
    assert block.hex()[:32] == "10f1e7e4d13b5915500fdd1fa32071c4"
    for turn in rounds:
        assert len(turn.steps) == 8
        assert all(len(quarter.steps) == 4 and quarter.bits == 32 for quarter in turn.steps)
    assert all(step.why and step.section.startswith("RFC 8439 §2") for step in whole.walk())


def test_rfc_8439_section_2_4_2() -> None:
    ciphertext = bytes.fromhex(
        "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357"
        "1639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
        "5af90bbf74a35be6b40b8eedf2785e42874d"
    )
    nonce = bytes.fromhex("000000000000004a00000000")
    assert chacha20_xor(KEY, 1, nonce, SUNSCREEN) == ciphertext
    assert chacha20_xor(KEY, 1, nonce, ciphertext) == SUNSCREEN
    with trace.recording() as steps:
        assert chacha20_xor(KEY, 1, nonce, SUNSCREEN) == ciphertext
    (whole,) = steps
    assert whole.value == ciphertext
    assert [step.name for step in whole.steps] == ["block 1", "block 2", "key stream"]


def test_rfc_8439_appendix_a_1() -> None:
    """Test vectors 1, 2 and 4 of the block function."""
    zeros, nonce = bytes(32), bytes(12)
    assert chacha20_block(zeros, 0, nonce).hex() == (
        "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
        "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
    )
    assert chacha20_block(zeros, 1, nonce).hex() == (
        "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
        "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"
    )
    assert chacha20_block(b"\0\xff" + bytes(30), 2, nonce).hex() == (
        "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca"
        "13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096"
    )


@settings(max_examples=30, deadline=None)
@given(key=keys, nonce=nonces, counter=st.integers(0, 2**32 - 40), data=st.binary(max_size=700))
def test_any_data_as_cryptography(key: bytes, nonce: bytes, counter: int, data: bytes) -> None:
    assert chacha20_xor(key, counter, nonce, data) == oracle(key, counter, nonce, data)


@settings(max_examples=20, deadline=None)
@given(key=keys, nonce=nonces, counter=st.integers(0, 2**32 - 10), blocks=st.integers(1, 10))
def test_the_lanes_compute_what_the_textbook_computes(key: bytes, nonce: bytes, counter: int, blocks: int) -> None:
    expected = b"".join(chacha20_block(key, counter + i, nonce) for i in range(blocks))
    assert lanes.key_stream(initial_state(key, counter, nonce), blocks) == expected


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 64 * 255, 64 * 256, 64 * 256 + 1, 64 * 513 + 7])
def test_every_number_of_chunks(size: int) -> None:
    data = bytes(i % 251 for i in range(size))
    assert chacha20_xor(KEY, 5, bytes(12), data) == (oracle(KEY, 5, bytes(12), data) if data else b"")


def test_the_extremes_of_a_lane() -> None:
    """All words at their largest: what an addition carries must not reach the next lane."""
    state = [0xFFFFFFFF] * 12 + [0xFFFFFFFD] + [0xFFFFFFFF] * 3
    for blocks in (1, 2, 3):
        stream = lanes.key_stream(state, blocks)
        for i in range(blocks):
            initial = [*state[:12], state[12] + i, *state[13:]]
            stirred = list(initial)
            for _ in range(10):
                inner_block(stirred)
            expected = tuple((x + y) % 2**32 for x, y in zip(stirred, initial, strict=True))
            assert unpack("<16I", stream[64 * i : 64 * i + 64]) == expected


def test_the_counter_ends_at_32_bits() -> None:
    last = 2**32 - 1
    assert chacha20_xor(KEY, last, bytes(12), bytes(64)) == chacha20_block(KEY, last, bytes(12))
    for counter, size in ((last, 65), (last + 1, 1), (-1, 1), (last - 1, 129)):
        with pytest.raises(ValueError, match="exceed 32 bits"):
            chacha20_xor(KEY, counter, bytes(12), bytes(size))


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 16, 31, 33):
        with pytest.raises(ValueError, match=f"key has {length} bytes, expected 32"):
            chacha20_xor(bytes(length), 0, bytes(12), b"")
    for length in (0, 8, 11, 13, 16):
        with pytest.raises(ValueError, match=f"nonce has {length} bytes, expected 12"):
            chacha20_xor(KEY, 0, bytes(length), b"")
    with pytest.raises(TypeError, match="data: expected bytes"):
        chacha20_xor(KEY, 0, bytes(12), "data")  # type: ignore[arg-type]  # the mistake under test


def test_the_counter_has_32_bits_even_where_no_block_is_needed() -> None:
    assert chacha20_xor(bytes(32), 2**32 - 1, bytes(12), b"") == b""
    for counter in (-1, 2**32):
        with pytest.raises(ValueError, match="counter"):
            chacha20_xor(bytes(32), counter, bytes(12), b"")
