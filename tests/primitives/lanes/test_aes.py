"""The fast forms of AES against its textbook path, around the numbers of blocks where one takes over from another."""

from __future__ import annotations

from functools import cache

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import example, given, settings
from hypothesis import strategies as st

import primitives.modes
from explain import trace
from primitives.aes import AES, INV_SBOX, SBOX, cipher, inv_cipher, key_expansion
from primitives.lanes import aes as lanes
from primitives.lanes import aes_bytes, aes_planes
from primitives.lanes.aes_sbox import inverse_sbox, sbox
from primitives.lanes.bit_planes import from_planes, to_planes
from primitives.lanes.counters import BLOCKS as COUNTERS
from primitives.lanes.counters import counter_blocks
from primitives.modes import cbc_decrypt, cbc_decrypt_many, cbc_encrypt, cbc_encrypt_many, ctr_xor

KEYS = [bytes(range(n)) for n in (16, 24, 32)]
ALPHABET = [bytes(16 * i + j & 0xFF for j in range(16)) for i in (0, 3, 7, 11, 13)]

# Where a form begins, what a run of planes holds at most, eights that are not full
AROUND = [n + d for n in (lanes.SOME, 2 * lanes.SOME, lanes.MANY, aes_planes.BLOCKS) for d in (-1, 0, 1)]
numbers = st.one_of(st.integers(0, 40), st.sampled_from(AROUND))


@cache
def textbook(key: bytes, block: bytes, *, decrypting: bool) -> bytes:
    return (inv_cipher if decrypting else cipher)(block, key_expansion(key))


@settings(max_examples=40, deadline=None)
@given(key=st.sampled_from(KEYS), n=numbers, seed=st.integers(1, 4), decrypting=st.booleans())
def test_every_form_computes_what_the_textbook_computes(key: bytes, n: int, seed: int, decrypting: bool) -> None:
    # The textbook takes a millisecond and more for a block. So there are five different ones, in an order that does
    # not repeat with any power of two.
    chosen = [ALPHABET[seed * i * i % 23 % 5] for i in range(n)]
    expected = b"".join(textbook(key, block, decrypting=decrypting) for block in chosen)
    aes = AES(key)
    run = aes.decrypt_blocks if decrypting else aes.encrypt_blocks
    assert run(b"".join(chosen)) == expected
    assert run(b"".join(chosen)) == expected  # with the keys laid out already


@pytest.mark.parametrize("n", AROUND)
def test_all_blocks_different_against_the_oracle(n: int) -> None:
    for key in KEYS:
        data = Cipher(algorithms.AES(bytes(16)), modes.CTR(bytes(16))).encryptor().update(bytes(16 * n))
        expected = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data)
        assert AES(key).encrypt_blocks(data) == expected
        assert AES(key).decrypt_blocks(expected) == data


def test_keys_are_laid_out_anew_for_every_number_of_blocks() -> None:
    aes = AES(KEYS[0])
    for n in (10, 20, 30, 10, 800, 1000, 1200, 800):  # more numbers than are kept
        expected = textbook(KEYS[0], ALPHABET[1], decrypting=False) * n
        assert aes.encrypt_blocks(ALPHABET[1] * n) == expected


def test_the_circuits_are_the_tables() -> None:
    planes = to_planes(bytes(range(256)))
    assert bytes(x ^ 0x63 for x in from_planes(sbox(planes), 256)) == SBOX
    added = to_planes(bytes(x ^ 0x63 for x in range(256)))
    assert from_planes(inverse_sbox(added), 256) == INV_SBOX


@given(data=st.binary(max_size=12).map(lambda data: data * 8))
@example(data=bytes(range(64)))
def test_planes_are_the_bits_of_the_bytes(data: bytes) -> None:
    planes = to_planes(data)
    assert [int(plane) for plane in planes] == [
        sum((byte >> b & 1) << i for i, byte in enumerate(data)) for b in range(8)
    ]
    assert from_planes(planes, len(data)) == data


@settings(max_examples=60, deadline=None)
@given(
    size=st.sampled_from([1, 8, 16]),
    until_anew=st.integers(0, 600),
    n=st.one_of(st.integers(0, 20), st.sampled_from([COUNTERS - 1, COUNTERS, COUNTERS + 1, 2 * COUNTERS + 3])),
    half=st.booleans(),
)
def test_counters_are_counted_one_by_one(size: int, until_anew: int, n: int, half: bool) -> None:
    bits = 4 * size if half else 8 * size
    first = ((1 << 8 * size) - 1 - until_anew % (1 << bits)).to_bytes(size, "big")
    number = int.from_bytes(first, "big")
    fixed, counter = number >> bits << bits, number % (1 << bits)
    expected = [(fixed + (counter + i) % (1 << bits)).to_bytes(size, "big") for i in range(n)]
    assert counter_blocks(first, n, bits=bits) == b"".join(expected)


def test_ctr_counts_over_the_end_of_the_block_in_lanes() -> None:
    iv = (2**128 - 500).to_bytes(16, "big")
    data = bytes(16 * 1000)
    assert ctr_xor(AES(KEYS[0]), iv, data) == Cipher(algorithms.AES(KEYS[0]), modes.CTR(iv)).encryptor().update(data)


def cbc_messages(lengths: list[int], seed: int = 1) -> list[tuple[bytes, bytes]]:
    """An iv and a message for each of the lengths, in blocks."""
    return [
        (bytes([i, seed]) * 8, bytes(seed * j + i & 0xFF for j in range(16 * length)))
        for i, length in enumerate(lengths)
    ]


@settings(max_examples=30, deadline=None)
@given(
    key=st.sampled_from(KEYS),
    lengths=st.lists(st.sampled_from([0, 1, 1, 1, 1, 2, 5]), max_size=12),
    seed=st.integers(1, 255),
)
@example(key=KEYS[2], lengths=[3] * 17 + [2] * (lanes.CHAINS - 1) + [4] * lanes.CHAINS, seed=1)
@example(key=KEYS[0], lengths=[aes_bytes.STEPS + d for d in (-1, 0, 1, aes_bytes.STEPS)] * lanes.CHAINS, seed=3)
def test_many_cbc_messages_are_what_each_is_alone(key: bytes, lengths: list[int], seed: int) -> None:
    messages = cbc_messages(lengths, seed)
    known = [Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(data) for iv, data in messages]
    aes = AES(key)
    assert cbc_encrypt_many(aes, messages) == known
    assert [cbc_encrypt(aes, iv, data) for iv, data in messages] == known


@settings(max_examples=30, deadline=None)
@given(
    key=st.sampled_from(KEYS),
    lengths=st.lists(st.sampled_from([0, 1, 1, 2, 5, lanes.MANY // 2]), max_size=6),
    seed=st.integers(1, 255),
    at_once=st.sampled_from([1, 3, aes_planes.BLOCKS]),
)
@example(
    key=KEYS[1], lengths=[aes_planes.BLOCKS // 3] * 4 + [aes_planes.BLOCKS + 1, 1], seed=1, at_once=aes_planes.BLOCKS
)
def test_many_cbc_messages_are_decrypted_as_each_alone(key: bytes, lengths: list[int], seed: int, at_once: int) -> None:
    messages = cbc_messages(lengths, seed)
    known = [Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor().update(data) for iv, data in messages]
    aes = AES(key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(primitives.modes, "AES_RUN", 16 * at_once)
        assert cbc_decrypt_many(aes, messages) == known
    assert [cbc_decrypt(aes, iv, data) for iv, data in messages] == known


def test_many_cbc_messages_are_recorded_one_by_one() -> None:
    aes, messages = AES(KEYS[0]), cbc_messages([1, 1, 2])
    for many in (cbc_encrypt_many, cbc_decrypt_many):
        with trace.recording() as steps:
            recorded = many(aes, messages)
        assert recorded == many(aes, messages)
        assert len(steps) >= len(messages)


def test_many_cbc_messages_are_checked_like_one() -> None:
    with pytest.raises(ValueError, match="CBC: the iv has 15 bytes, expected 16"):
        cbc_encrypt_many(AES(KEYS[0]), [(bytes(16), bytes(16)), (bytes(15), bytes(16))])
    with pytest.raises(ValueError, match="CBC: the data has 17 bytes, expected a multiple of 16"):
        cbc_encrypt_many(AES(KEYS[0]), [(bytes(16), bytes(17))])
    with pytest.raises(ValueError, match="CBC: the iv has 15 bytes, expected 16"):
        cbc_decrypt_many(AES(KEYS[0]), [(bytes(16), bytes(16)), (bytes(15), bytes(16))])
    with pytest.raises(ValueError, match="CBC: the data has 17 bytes, expected a multiple of 16"):
        cbc_decrypt_many(AES(KEYS[0]), [(bytes(16), bytes(17))])


def test_no_form_shows_its_keys() -> None:
    aes = AES(KEYS[0])
    aes.encrypt_blocks(bytes(16 * lanes.MANY))
    aes.encrypt_blocks(bytes(16 * lanes.SOME))
    function = aes._encryption
    shown = repr(function) + repr(function._lanes) + repr(function._planes)
    assert shown == "<AES, encryption, key hidden><round keys in lanes, hidden><round keys in planes, hidden>"
