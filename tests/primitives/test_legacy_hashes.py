"""What SHA-1 and MD5 have in common, against `hashlib`; their known answers are in test_sha1.py and test_md5.py."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.hashes import HashFunction
from primitives.md5 import md5
from primitives.merkle_damgard import MerkleDamgard
from primitives.sha1 import sha1

by_function = pytest.mark.parametrize("function", [sha1, md5], ids=lambda f: f.name)


def oracle(function: HashFunction, data: bytes) -> bytes:
    return hashlib.new(function.name, data).digest()


@by_function
def test_objects_follow_pep_452(function: type[MerkleDamgard]) -> None:
    as_protocol: HashFunction = function
    known = hashlib.new(function.name)
    hash = as_protocol(b"abc")
    assert (hash.name, hash.digest_size, hash.block_size) == (known.name, known.digest_size, known.block_size)
    assert hash.hexdigest() == hash.digest().hex()


@by_function
def test_lengths_around_the_blocks(function: type[MerkleDamgard]) -> None:
    data = bytes(range(256))
    for length in (0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 256):
        assert function(data[:length]).digest() == oracle(function, data[:length]), length


@by_function
@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(max_size=150), max_size=6))
def test_split_updates_and_copies(function: type[MerkleDamgard], pieces: list[bytes]) -> None:
    hash = function()
    for i, piece in enumerate(pieces):
        twin = hash.copy()
        hash.update(piece)
        assert hash.digest() == oracle(function, b"".join(pieces[: i + 1]))
        assert twin.digest() == oracle(function, b"".join(pieces[:i]))


@by_function
@settings(max_examples=10, deadline=None)
@given(data=st.binary(max_size=300))
def test_both_paths_agree(function: type[MerkleDamgard], data: bytes) -> None:
    with trace.recording():
        watched = function(data).digest()
    assert watched == function(data).digest()


@by_function
def test_text_is_refused(function: type[MerkleDamgard]) -> None:
    with pytest.raises(TypeError, match="expected bytes, got str"):
        function("text")  # type: ignore[arg-type]  # the mistake under test
