"""Sampling against its definition, and the quicker path against the textbook."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.lattices.sampling import SampleNTT, SampleNTT_many, SamplePolyCBD

q = 3329


def uniform(B: bytes) -> list[int]:
    """FIPS 203 algorithm 7, by `hashlib`."""
    bits = int.from_bytes(hashlib.shake_128(B).digest(1500), "little")
    candidates = [bits >> 12 * i & 0xFFF for i in range(1000)]
    return [d for d in candidates if d < q][:256]


def test_uniform_samples_are_those_of_the_definition() -> None:
    seeds = [bytes([i]) * 34 for i in range(9)]
    assert [SampleNTT(B) for B in seeds] == [uniform(B) for B in seeds]


@pytest.mark.parametrize("n", [0, 1, 3, 4, 9, 16])
def test_many_samples_at_once(n: int) -> None:
    seeds = [random.Random(i).randbytes(34) for i in range(n)]
    assert SampleNTT_many(seeds) == [uniform(B) for B in seeds]


def test_samples_that_need_more_than_three_blocks() -> None:
    """Of 24·21 bytes each, 336 candidates: less than one seed in a hundred leaves fewer than 256."""
    seeds = (i.to_bytes(34, "big") for i in range(10_000))
    unlucky = next(B for B in seeds if sum(d < q for d in candidates(B, 504)) < 256)
    lucky = [bytes([i]) * 34 for i in range(4)]
    assert SampleNTT_many([unlucky, *lucky]) == [uniform(unlucky), *map(uniform, lucky)]
    assert SampleNTT(unlucky) == uniform(unlucky)


def candidates(B: bytes, length: int) -> list[int]:
    bits = int.from_bytes(hashlib.shake_128(B).digest(length), "little")
    return [bits >> 12 * i & 0xFFF for i in range(2 * length // 3)]


def test_a_recorded_sample_gives_the_reason_of_each_rejection() -> None:
    with trace.recording() as steps:
        (a_hat,) = SampleNTT_many([bytes(34)])
    assert a_hat == uniform(bytes(34))
    (whole,) = steps
    drawn = [step for step in whole.steps if step.name in ("d_1", "d_2")]
    assert [step.value for step in drawn] == candidates(bytes(34), 3 * len(drawn) // 2)
    for step in drawn:
        assert isinstance(step.value, int)
        assert step.why.startswith("rejected" if step.value >= q else "below 3329")
    assert drawn[0].formula == "{C[0]} + 256·({C[1]} mod 16)"


@pytest.mark.parametrize("eta", [2, 3])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_small_samples_are_differences_of_two_sums_of_bits(eta: int, data: st.DataObject) -> None:
    B = data.draw(st.binary(min_size=64 * eta, max_size=64 * eta))
    bits = "".join(f"{byte:08b}"[::-1] for byte in B)
    groups = [bits[i : i + eta].count("1") for i in range(0, len(bits), eta)]
    expected = [(x - y) % q for x, y in zip(groups[::2], groups[1::2], strict=True)]
    assert SamplePolyCBD(eta, B, q) == expected
    with trace.recording():
        assert SamplePolyCBD(eta, B, q) == expected
