"""SHA-2's two lane paths against its textbook path, and HMAC, the TLS PRF and PBKDF2 on top of it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.hmac import HMAC
from primitives.lanes import sha2_messages
from primitives.lanes.sha2 import BLOCKS, MANY, compress_blocks
from primitives.lanes.sha2_messages import LANES, MESSAGES
from primitives.merkle_damgard import MerkleDamgard
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.sha1 import sha1
from primitives.sha2 import K_32, K_64, WORDS_32, WORDS_64, Words, compress, sha224, sha256, sha384, sha512
from primitives.tls12_prf import P_hash

FUNCTIONS: list[type[MerkleDamgard]] = [sha224, sha256, sha384, sha512, sha1]
by_function = pytest.mark.parametrize("function", FUNCTIONS, ids=[function.name for function in FUNCTIONS])
by_size = pytest.mark.parametrize(("words", "K"), [(WORDS_32, K_32), (WORDS_64, K_64)], ids=["32", "64"])


@by_size
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_lanes_compute_what_the_textbook_computes(words: Words, K: tuple[int, ...], data: st.DataObject) -> None:
    size = 2 * words.w
    H = tuple(data.draw(st.lists(st.integers(0, (1 << words.w) - 1), min_size=8, max_size=8)))
    # Words of ones are in it often: what they carry, or leave in the upper half of a lane, must not reach the next.
    blocks = st.one_of(st.binary(min_size=size, max_size=size), st.just(b"\xff" * size))
    messages = data.draw(st.lists(st.lists(blocks, min_size=1, max_size=2).map(b"".join), min_size=1, max_size=5))
    expected = []
    for message in messages:
        state = H
        for i in range(0, len(message), size):
            state = compress(state, message[i : i + size], words=words, K=K)
        expected.append(state)
    length = max(map(len, messages)) + data.draw(st.sampled_from([0, size]))
    assert sha2_messages.compress_messages(H, messages, K, words, length=length) == expected


@by_size
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_one_long_message_is_what_the_textbook_computes(words: Words, K: tuple[int, ...], data: st.DataObject) -> None:
    size = 2 * words.w
    H = tuple(data.draw(st.lists(st.integers(0, (1 << words.w) - 1), min_size=8, max_size=8)))
    blocks = st.one_of(st.binary(min_size=size, max_size=size), st.just(b"\xff" * size), st.just(bytes(size)))
    message = b"".join(data.draw(st.lists(blocks, max_size=MANY // size + 2)))
    state = H
    for i in range(0, len(message), size):
        state = compress(state, message[i : i + size], words=words, K=K)
    assert compress_blocks(H, message, K, words) == state


@by_size
@pytest.mark.parametrize("blocks", [1, 2, 3, 4, 7, 8, BLOCKS, BLOCKS + 1, BLOCKS + 3, BLOCKS + 8])
def test_no_sum_reaches_the_next_word_or_block(words: Words, K: tuple[int, ...], blocks: int) -> None:
    H: tuple[int, ...] = ((1 << words.w) - 1,) * 8
    state = H
    block = b"\xff" * (2 * words.w)
    for _ in range(blocks):
        state = compress(state, block, words=words, K=K)
    assert compress_blocks(H, block * blocks, K, words) == state


def overflowing(words: Words, rotations: tuple[int, int, int]) -> tuple[int, int]:
    """Two words that follow each other: σ of the first leaves ones alone in the upper half of its lane."""
    i, j, k = *sorted(rotations[:2]), rotations[2]
    bits = [0] * j
    for n in range(words.w):
        bits.append(1 ^ bits[n + i] ^ (bits[n + k] if n + k >= words.w else 0))
    both = sum(bit << n for n, bit in enumerate(bits[: 2 * words.w]))
    return both & (1 << words.w) - 1, both >> words.w


@by_size
@pytest.mark.parametrize("sigma", ["sigma0", "sigma1"])
def test_a_full_lane_does_not_run_over(words: Words, K: tuple[int, ...], sigma: str) -> None:
    most = (1 << words.w) - 1
    block = [0] * 16
    block[0] = block[9] = most  # what is added to σ
    place = 1 if sigma == "sigma0" else 14
    block[place : place + 2] = overflowing(words, getattr(words, sigma))
    message = b"".join(word.to_bytes(words.w // 8, "big") for word in block)
    assert compress_blocks((0,) * 8, message, K, words) == compress((0,) * 8, message, words=words, K=K)


@by_size
def test_no_sum_reaches_the_next_message(words: Words, K: tuple[int, ...]) -> None:
    # With ones alone, what a rotation leaves in the upper half of a lane is ones, too: any sum would carry out of it.
    H = ((1 << words.w) - 1,) * 8
    messages = [b"\xff" * (2 * words.w), bytes(2 * words.w)] * 2
    expected = [compress(H, message, words=words, K=K) for message in messages]
    assert sha2_messages.compress_messages(H, messages, K, words, length=2 * words.w) == expected


@by_function
@pytest.mark.parametrize("n", [0, 1, MESSAGES - 1, MESSAGES, MESSAGES + 1, LANES - 1, LANES, LANES + 1])
def test_any_number_of_messages(function: type[MerkleDamgard], n: int) -> None:
    messages = [bytes([i % 256, i // 256]) * (1 + i % 2) for i in range(n)]
    assert function(b"x").digest_many(messages) == [oracle(function, b"x" + message) for message in messages]


@by_function
@pytest.mark.parametrize("n", [LANES // 4, LANES // 3, LANES // 2 + 1])
@pytest.mark.parametrize("blocks", [7, 8, 9])
def test_blocks_in_several_groups(function: type[MerkleDamgard], n: int, blocks: int) -> None:
    length = blocks * function.block_size - 17
    messages = [bytes([i % 251, 255]) * (length // 2) for i in range(n)]
    assert function().digest_many(messages) == [oracle(function, message) for message in messages]


@by_function
@settings(max_examples=15, deadline=None)
@given(
    prefix=st.sampled_from([b"", b"p", b"p" * 64, b"p" * 130]),
    lengths=st.lists(st.sampled_from([0, 1, 47, 55, 56, 64, 111, 112, 128, 300]), max_size=9),
    hidden=st.booleans(),
)
@example(prefix=b"", lengths=[55] * MESSAGES + [56] * (MESSAGES - 1) + [64] * MESSAGES, hidden=False)
@example(prefix=b"", lengths=[0, 300, 55, 56], hidden=True)
def test_messages_of_any_lengths(
    function: type[MerkleDamgard], prefix: bytes, lengths: list[int], hidden: bool
) -> None:
    messages = [bytes([i]) * length for i, length in enumerate(lengths)]
    started = function(prefix)
    longest = max(lengths, default=0) + 70 if hidden else None
    expected = [oracle(function, prefix + message) for message in messages]
    assert started.digest_many(messages, longest=longest) == expected
    assert started.digest() == oracle(function, prefix)  # it is as it was


@by_function
def test_hidden_lengths_cost_as_many_blocks(function: type[MerkleDamgard], monkeypatch: pytest.MonkeyPatch) -> None:
    computed = 0
    one_by_one, in_lanes = function._compress_blocks, sha2_messages._rounds

    def counted(H: tuple[int, ...], data: bytes) -> tuple[int, ...]:
        nonlocal computed
        computed += len(data) // function.block_size
        return one_by_one(H, data)

    def counted_in_lanes(*arguments: object) -> tuple[int, ...]:
        nonlocal computed
        computed += 1
        return in_lanes(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(function, "_compress_blocks", staticmethod(counted))
    monkeypatch.setattr(sha2_messages, "_rounds", counted_in_lanes)
    started = function(bytes(70))
    for n in (1, MESSAGES):
        costs = set()
        for length in range(0, 300, 7):
            computed = 0
            started.digest_many([bytes(length)] * n, longest=300)
            costs.add(computed)
        assert len(costs) == 1
        assert costs.pop() >= 300 // function.block_size


def test_many_messages_are_recorded_one_by_one() -> None:
    with trace.recording() as steps:
        recorded = sha256().digest_many([b"abc"] * 5)
    assert recorded == sha256().digest_many([b"abc"] * 5)
    assert [step.name for step in steps].count("SHA-256 digest") == 5


@by_function
def test_only_bytes_are_hashed(function: type[MerkleDamgard]) -> None:
    with pytest.raises(TypeError, match="hash: data: expected bytes, got str"):
        function().digest_many([b"", b"", b"", "abc"])  # type: ignore[list-item]


@settings(max_examples=15, deadline=None)
@given(
    key=st.binary(max_size=70),
    messages=st.lists(st.binary(max_size=200), max_size=6),
    hash=st.sampled_from([sha256, sha384, sha1]),
)
def test_hmac_of_many_messages(key: bytes, messages: list[bytes], hash: type[MerkleDamgard]) -> None:
    keyed = HMAC(key, b"x", hash=hash)
    known = [hmac.digest(key, b"x" + message, hash.name) for message in messages]
    assert keyed.digest_many(messages) == known
    assert keyed.digest_many(messages, longest=200) == known
    with trace.recording():
        assert keyed.digest_many(messages[:1]) == known[:1]


@pytest.mark.parametrize("length", [0, 1, 32, 33, 100, 200])
def test_the_prf_is_the_same_watched_and_not(length: int) -> None:
    with trace.recording():
        watched = P_hash(b"secret", seed=b"seed", length=length, hash=sha256)
    assert P_hash(b"secret", seed=b"seed", length=length, hash=sha256) == watched
    assert len(watched) == length


@pytest.mark.parametrize("length", [20, 32, 65, 200])
@pytest.mark.parametrize(("hash", "theirs"), [(sha256, hashes.SHA256), (sha512, hashes.SHA512)])
def test_pbkdf2_of_several_blocks(
    length: int, hash: type[MerkleDamgard], theirs: Callable[[], hashes.HashAlgorithm]
) -> None:
    known = PBKDF2HMAC(theirs(), length, b"salt", 7).derive(b"password")
    assert pbkdf2_hmac(b"password", b"salt", 7, length, hash=hash) == known
    with trace.recording():
        assert pbkdf2_hmac(b"password", b"salt", 7, length, hash=hash) == known


def oracle(function: type[MerkleDamgard], message: bytes) -> bytes:
    return hashlib.new(function.name, message).digest()
