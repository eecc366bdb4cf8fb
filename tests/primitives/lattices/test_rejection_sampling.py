"""Sampling of FIPS 204 §7.3: many at once beside one at a time, and beside `hashlib`."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.lattices.rejection_sampling import (
    CoeffFromHalfByte,
    CoeffFromThreeBytes,
    RejBoundedPoly,
    RejBoundedPoly_many,
    RejNTTPoly,
    RejNTTPoly_many,
    SampleInBall,
)
from primitives.lattices.rounding import Q


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        ("000000", 0),
        ("00e07f", Q - 1),
        ("01e07f", None),
        ("00e0ff", Q - 1),
        ("ffffff", None),
        ("123456", 0x563412),
        ("123480", 0x3412),
    ],
)
def test_three_bytes(octets: str, expected: int | None) -> None:
    assert CoeffFromThreeBytes(*bytes.fromhex(octets)) == expected


def test_half_bytes() -> None:
    assert [CoeffFromHalfByte(b, 2) for b in range(16)] == [2, 1, 0, -1, -2] * 3 + [None]
    assert [CoeffFromHalfByte(b, 4) for b in range(16)] == [4, 3, 2, 1, 0, -1, -2, -3, -4] + [None] * 7


@given(seeds=st.lists(st.binary(min_size=34, max_size=34), min_size=1, max_size=9))
@settings(max_examples=5, deadline=None)
def test_elements_of_the_matrix(seeds: list[bytes]) -> None:
    for seed, a_hat in zip(seeds, RejNTTPoly_many(seeds), strict=True):
        stream = hashlib.shake_128(seed).digest(1200)
        candidates = [int.from_bytes(stream[i : i + 3], "little") & 0x7FFFFF for i in range(0, 1200, 3)]
        assert a_hat == [z for z in candidates if z < Q][:256]
    assert RejNTTPoly(seeds[0]) == RejNTTPoly_many(seeds[:1])[0]


@pytest.mark.parametrize("eta", [2, 4])
@given(seeds=st.lists(st.binary(min_size=66, max_size=66), min_size=1, max_size=9))
@settings(max_examples=5, deadline=None)
def test_secrets(eta: int, seeds: list[bytes]) -> None:
    many = RejBoundedPoly_many(seeds, eta)
    assert many == [RejBoundedPoly(seed, eta) for seed in seeds]
    assert all(len(a) == 256 and set(a) <= set(range(-eta, eta + 1)) for a in many)


def test_a_seed_that_wants_more_blocks() -> None:
    """Among the first hundreds of thousands of seeds, this one has fewer than 256 good half bytes in two blocks."""
    seed = (56410).to_bytes(66, "little")
    assert sum((z % 16 < 9) + (z >> 4 < 9) for z in hashlib.shake_256(seed).digest(272)) < 256
    assert RejBoundedPoly_many([seed], 4) == [RejBoundedPoly(seed, 4)]


@pytest.mark.parametrize("tau", [39, 49, 60])
@given(rho=st.binary(min_size=32, max_size=64))
@settings(max_examples=10, deadline=None)
def test_challenges(tau: int, rho: bytes) -> None:
    c = SampleInBall(rho, tau)
    stream = iter(hashlib.shake_256(rho).digest(1000))
    signs = int.from_bytes(bytes(next(stream) for _ in range(8)), "little")
    expected = [0] * 256
    for i in range(256 - tau, 256):
        j = next(x for x in stream if x <= i)
        expected[i], expected[j] = expected[j], -1 if signs >> (i + tau - 256) & 1 else 1
    assert c == expected
    assert sum(map(abs, c)) == tau


def test_recording_changes_no_result() -> None:
    seeds = [bytes([i]) * 34 for i in range(2)]
    expected = RejNTTPoly_many(seeds), RejBoundedPoly_many([bytes(66)], 4)
    with trace.recording() as steps:
        assert (RejNTTPoly_many(seeds), RejBoundedPoly_many([bytes(66)], 4)) == expected
    assert [step.name for step in steps] == ["RejNTTPoly", "RejNTTPoly", "RejBoundedPoly"]
    assert any("rejected" in step.why for step in steps[2].steps)
