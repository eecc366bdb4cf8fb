"""KECCAK's two lane paths against its textbook path, and SHA-3 and SHAKE of many messages against `hashlib`."""

from __future__ import annotations

import hashlib
from struct import pack, unpack

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import sha3
from primitives.lanes import keccak, keccak_messages
from primitives.lanes.keccak_messages import LANES, MESSAGES, Sponges
from primitives.sha3 import Sponge, sha3_256, sha3_384, sha3_512, shake_128, shake_256

permute = keccak.permutation(sha3.OFFSETS, sha3.RC)
by_hash = pytest.mark.parametrize("function", [sha3_256, sha3_384, sha3_512], ids=lambda f: f.name)
by_shake = pytest.mark.parametrize("function", [shake_128, shake_256], ids=lambda f: f.name)

# Lanes of ones, of a single bit and of none are in it often: what leaves a slot must not reach the next.
lane = st.one_of(st.integers(0, 2**64 - 1), st.just(2**64 - 1), st.just(0), st.integers(0, 63).map(lambda z: 1 << z))
state = st.lists(lane, min_size=25, max_size=25)


@settings(max_examples=25, deadline=None)
@given(A=state)
@example(A=[2**64 - 1] * 25)
def test_one_state_in_one_integer_is_what_the_textbook_computes(A: list[int]) -> None:
    assert sha3.lanes(permute(sha3.string(A))) == sha3.keccak_f(A)


@settings(max_examples=8, deadline=None)
@given(states=st.lists(state, min_size=1, max_size=5))
@example(states=[[2**64 - 1] * 25, [0] * 25] * 2)
def test_states_in_lanes_are_what_the_textbook_computes(states: list[list[int]]) -> None:
    n = len(states)
    sponges = Sponges(0, n, rate=200, constants=tuple(sha3.RC))
    sponges.absorb([pack("<25Q", *A) for A in states])
    assert [list(unpack("<25Q", output)) for output in sponges.output()] == [sha3.keccak_f(A) for A in states]


def test_a_single_bit_anywhere_goes_where_the_textbook_sends_it() -> None:
    # With one round and few bits, a bit that went astray cannot hide: each of the 1600 alone.
    one_round = keccak.permutation(sha3.OFFSETS, sha3.RC[:1])
    for i in range(1600):
        A = sha3.lanes(1 << i)
        assert sha3.lanes(one_round(1 << i)) == sha3.iota(sha3.chi(sha3.pi(sha3.rho(sha3.theta(A)))), 0)


@by_hash
@pytest.mark.parametrize("n", [0, 1, MESSAGES - 1, MESSAGES, MESSAGES + 1, LANES, LANES + 1])
def test_any_number_of_messages(function: type[Sponge], n: int) -> None:
    messages = [bytes([i % 256, i // 256]) * (1 + i % 2) for i in range(n)]
    digests = function(b"x").digest_many(messages)  # type: ignore[attr-defined]
    assert digests == [hashlib.new(function.name, b"x" + message).digest() for message in messages]


@by_hash
@settings(max_examples=10, deadline=None)
@given(
    prefix=st.sampled_from([b"", b"p", b"p" * 71, b"p" * 137]),
    lengths=st.lists(st.sampled_from([0, 1, 71, 72, 103, 104, 135, 136, 300]), max_size=9),
    hidden=st.booleans(),
)
@example(prefix=b"", lengths=[0, 300, 71, 72], hidden=True)
@example(prefix=b"", lengths=[0, 300, 71], hidden=True)
def test_messages_of_any_lengths(function: type[Sponge], prefix: bytes, lengths: list[int], hidden: bool) -> None:
    messages = [bytes([i]) * length for i, length in enumerate(lengths)]
    started = function(prefix)
    longest = max(lengths, default=0) + 150 if hidden else None
    expected = [hashlib.new(function.name, prefix + message).digest() for message in messages]
    assert started.digest_many(messages, longest=longest) == expected  # type: ignore[attr-defined]
    assert started.digest() == hashlib.new(function.name, prefix).digest()  # type: ignore[attr-defined]


def test_hidden_lengths_cost_as_many_permutations(monkeypatch: pytest.MonkeyPatch) -> None:
    computed = 0
    alone, in_lanes = sha3._permute_fast, keccak_messages._permute

    def counted(S: int) -> int:
        nonlocal computed
        computed += 1
        return alone(S)

    def counted_in_lanes(*arguments: object) -> list[int]:
        nonlocal computed
        computed += 1
        return in_lanes(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sha3, "_permute_fast", counted)
    monkeypatch.setattr(keccak_messages, "_permute", counted_in_lanes)
    started = sha3_256(bytes(70))
    for n in (1, MESSAGES):
        costs = set()
        for length in range(0, 300, 7):
            computed = 0
            started.digest_many([bytes(length)] * n, longest=300)
            costs.add(computed)
        assert len(costs) == 1
        assert costs.pop() >= 300 // 136


@by_shake
@settings(max_examples=10, deadline=None)
@given(
    lengths=st.lists(st.sampled_from([0, 34, 135, 136, 168, 300]), min_size=1, max_size=7),
    pieces=st.lists(st.integers(0, 400), max_size=4),
)
@example(lengths=[34] * MESSAGES + [136] * MESSAGES, pieces=[3, 165, 1, 336])
def test_many_outputs_squeezed_in_pieces(
    function: type[shake_128 | shake_256], lengths: list[int], pieces: list[int]
) -> None:
    messages = [bytes([i]) * length for i, length in enumerate(lengths)]
    whole = [hashlib.new(function.name, b"x" + message).digest(sum(pieces)) for message in messages]  # type: ignore[call-arg]
    squeezing = function(b"x").squeezing_many(messages)
    alone = function(b"x" + messages[0]).squeezing()
    start = 0
    for length in pieces:
        expected = [output[start : start + length] for output in whole]
        assert squeezing.squeeze(length) == expected
        assert alone.squeeze(length) == expected[0]
        start += length
    assert function(b"x").digest_many(messages, start) == whole


def test_no_message_gives_no_output() -> None:
    assert shake_128().digest_many([], 5) == []
    assert shake_128().squeezing_many([]).squeeze(5) == []


def test_many_messages_are_recorded_one_by_one() -> None:
    messages = [bytes([i]) for i in range(MESSAGES)]
    with trace.recording() as steps:
        digests = sha3_256().digest_many(messages)
        outputs = shake_128().digest_many(messages, 200)
        assert shake_128().squeezing_many(messages).squeeze(200) == outputs
    assert digests == sha3_256().digest_many(messages)
    assert outputs == shake_128().digest_many(messages, 200)
    assert [step.name for step in steps].count("sha3_256") == MESSAGES
    assert [step.name for step in steps].count("shake_128") == MESSAGES


def test_what_is_squeezed_does_not_follow_later_data() -> None:
    hash = shake_256(b"abc")
    output = hash.squeezing()
    hash.update(b"d")
    assert output.squeeze(300) == hashlib.shake_256(b"abc").digest(300)


def test_only_bytes_are_hashed() -> None:
    with pytest.raises(TypeError, match="hash: data: expected bytes, got str"):
        sha3_256().digest_many([b"", b"", b"", "abc"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="hash: data: expected bytes, got str"):
        shake_256().digest_many([b"", b"", b"", "abc"], 3)  # type: ignore[list-item]
