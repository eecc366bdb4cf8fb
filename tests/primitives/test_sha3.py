"""SHA-3 against NIST's examples, and against `hashlib`."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import sha3
from primitives.hashes import HashFunction
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512
from primitives.sha3 import Sponge, sha3_224, sha3_256, sha3_384, sha3_512, shake_128, shake_256

FIXED: list[HashFunction] = [sha3_224, sha3_256, sha3_384, sha3_512]
by_fixed = pytest.mark.parametrize("function", FIXED, ids=lambda f: f.name)
by_shake = pytest.mark.parametrize("function", [shake_128, shake_256], ids=lambda f: f.name)

# FIPS 202 §3.2.2, table 2 (modulo 64), by A[x, y] in the order of the lanes
OFFSETS = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14]
# The round constants as the Keccak team prints them
RC = """
0000000000000001 0000000000008082 800000000000808a 8000000080008000 000000000000808b 0000000080000001 8000000080008081
8000000000008009 000000000000008a 0000000000000088 0000000080008009 000000008000000a 000000008000808b 800000000000008b
8000000000008089 8000000000008003 8000000000008002 8000000000000080 000000000000800a 800000008000000a 8000000080008081
8000000000008080 0000000080000001 8000000080008008
"""


def test_the_derived_constants_are_the_printed_ones() -> None:
    assert OFFSETS == sha3.OFFSETS
    assert [int(word, 16) for word in RC.split()] == sha3.RC


@pytest.mark.parametrize(
    ("function", "empty", "abc"),
    [
        (
            sha3_224,
            "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7",
            "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
        ),
        (
            sha3_256,
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        ),
        (
            sha3_384,
            "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004",
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        ),
        (
            sha3_512,
            "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
            "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
            "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        ),
    ],
)
def test_known_answers(function: HashFunction, empty: str, abc: str) -> None:
    assert function(b"").hexdigest() == empty
    assert function(b"abc").hexdigest() == abc


def test_known_answers_of_shake() -> None:
    assert shake_128(b"").hexdigest(32) == "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"
    assert shake_256(b"").hexdigest(32) == "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f"


@by_fixed
def test_objects_follow_pep_452(function: HashFunction) -> None:
    known = hashlib.new(function.name)
    hash = function(b"abc")
    assert (hash.name, hash.digest_size, hash.block_size) == (known.name, known.digest_size, known.block_size)


@by_shake
def test_the_face_of_shake(function: type[Sponge]) -> None:
    known = hashlib.new(function.name)
    assert (function.name, function.digest_size, function.block_size) == (
        known.name,
        known.digest_size,
        known.block_size,
    )


@by_fixed
def test_lengths_around_the_rate(function: HashFunction) -> None:
    data = bytes(range(256)) * 2
    for blocks in (0, 1, 2):
        for more in (-2, -1, 0, 1):
            message = data[: max(0, blocks * function.block_size + more)]
            assert function(message).digest() == hashlib.new(function.name, message).digest()


@by_fixed
@settings(max_examples=15, deadline=None)
@given(pieces=st.lists(st.binary(max_size=200), max_size=5))
def test_split_updates_and_copies(function: HashFunction, pieces: list[bytes]) -> None:
    hash = function()
    for i, piece in enumerate(pieces):
        twin = hash.copy()
        hash.update(piece)
        assert hash.digest() == hashlib.new(function.name, b"".join(pieces[: i + 1])).digest()
        assert twin.digest() == hashlib.new(function.name, b"".join(pieces[:i])).digest()


@settings(max_examples=20, deadline=None)
@given(data=st.binary(max_size=400), length=st.integers(0, 500))
def test_output_of_any_length(data: bytes, length: int) -> None:
    assert shake_128(data).digest(length) == hashlib.shake_128(data).digest(length)
    assert shake_256(data).digest(length) == hashlib.shake_256(data).digest(length)
    assert shake_256(data).hexdigest(length) == hashlib.shake_256(data).hexdigest(length)


def test_recording_changes_no_result() -> None:
    with trace.recording():
        fixed, free = sha3_256(bytes(200)).digest(), shake_128(bytes(200)).digest(400)
    assert fixed == hashlib.sha3_256(bytes(200)).digest()
    assert free == hashlib.shake_128(bytes(200)).digest(400)


def test_wrong_arguments() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="expected bytes, got str"):
        sha3_256(wrong)
    with pytest.raises(TypeError, match="expected bytes, got str"):
        shake_128().update(wrong)
    with pytest.raises(ValueError, match="shake_128: length is -1, expected 0 or more"):
        shake_128().digest(-1)


def test_no_output_has_a_negative_length() -> None:
    with pytest.raises(ValueError, match="SHAKE: length is -1, expected 0 or more"):
        shake_128().digest_many([b"a"], -1)
    with pytest.raises(ValueError, match="SHAKE: length is -1, expected 0 or more"):
        shake_128().squeezing().squeeze(-1)
    with pytest.raises(TypeError, match="shake_128: length: expected int, got bool"):
        shake_128().digest(True)


@pytest.mark.parametrize("function", [sha1, sha256, sha512, sha3_256])
@pytest.mark.parametrize("count", [1, 40])
def test_no_message_is_longer_than_the_longest(function: HashFunction, count: int) -> None:
    assert len(function().digest_many([bytes(10)] * count, longest=10)) == count
    with pytest.raises(ValueError, match=r"hash: a message of .* bytes with its padding, expected at most"):
        function().digest_many([bytes(500)] * count, longest=10)


def test_the_trace_shows_every_step_of_every_round() -> None:
    with trace.recording() as steps:
        digest = sha3_256(b"abc").digest()
    (whole,) = steps
    assert (whole.name, whole.value) == ("sha3_256", digest)
    (absorb,) = whole.steps
    block, permutation = absorb.steps
    assert block.value == b"abc\x06" + bytes(131) + b"\x80"
    assert [turn.name for turn in permutation.steps] == [f"round {ir}" for ir in range(24)]
    for turn in permutation.steps:
        assert [step.name for step in turn.steps] == ["θ", "ρ", "π", "χ", "ι"]
    assert permutation.value == permutation.steps[-1].value == absorb.value
    for step in whole.walk():
        assert step.section.startswith("FIPS 202 §")
        assert step.why


def test_the_permutation_of_nothing() -> None:
    # The first lanes as the Keccak team prints them in KeccakF-1600-IntermediateValues.txt
    after = sha3.keccak_f([0] * 25)
    assert [f"{lane:016x}" for lane in after[:5]] == [
        "f1258f7940e1dde7",
        "84d5ccf933c0478a",
        "d598261ea65aa9ee",
        "bd1547306f80494d",
        "8b284e056253d057",
    ]
