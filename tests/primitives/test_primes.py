import math
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import primes
from primitives.primes import generate_prime, has_small_factor, is_probable_prime, miller_rabin, passes_fermat, sieve


def divides_out(n: int) -> bool:
    """Whether n is prime, by the definition."""
    return n >= 2 and all(n % divisor for divisor in range(2, math.isqrt(n) + 1))


def scripted(*draws: bytes) -> Callable[[int], bytes]:
    """A source of randomness that gives these, in this order, and fails when asked for more."""
    remaining = iter(draws)

    def draw(length: int) -> bytes:
        data = next(remaining)
        assert len(data) == length
        return data

    return draw


def test_sieve_agrees_with_the_definition() -> None:
    assert [bool(prime) for prime in sieve(2000)] == [divides_out(n) for n in range(2000)]


@pytest.mark.parametrize(("limit", "count"), [(10, 4), (100, 25), (1000, 168), (10_000, 1229), (1 << 16, 6542)])
def test_sieve_finds_as_many_primes_as_there_are(limit: int, count: int) -> None:
    assert sum(sieve(limit)) == count  # π(x), a known function


@given(st.integers(-10, 1 << 24))
@settings(max_examples=200)
def test_agrees_with_the_definition(n: int) -> None:
    assert is_probable_prime(n) == divides_out(n)


@pytest.mark.parametrize("n", [*range(65_500, 65_600), 65_537, 65_521 * 65_521, 65_537 * 65_537, 65_537 * 65_539])
def test_agrees_with_the_definition_where_the_sieve_ends(n: int) -> None:
    assert is_probable_prime(n) == divides_out(n)


@pytest.mark.parametrize(
    "n",
    [
        2**127 - 1,
        2**521 - 1,  # Mersenne primes
        2**255 - 19,
        2**130 - 5,
        2**256 - 2**224 + 2**192 + 2**96 - 1,  # the field of P-256
    ],
)
def test_known_primes(n: int) -> None:
    assert is_probable_prime(n)


@pytest.mark.parametrize(
    "n",
    [
        2**67 - 1,  # Mersenne's own mistake: 193707721 · 761838257287
        2**128 + 1,  # a Fermat number that passes Fermat's test to the base 2
        (2**127 - 1) ** 2,
        (2**127 - 1) * (2**521 - 1),
        # the least composites that pass Miller–Rabin to the first 4, 9, 12 and 13 prime bases (OEIS A014233)
        3215031751,
        3825123056546413051,
        318665857834031151167461,
        3317044064679887385961981,
    ],
)
def test_known_composites(n: int) -> None:
    assert not is_probable_prime(n)


@pytest.mark.parametrize("n", [561, 1105, 1729, 41041, 825265, 321197185, 5394826801, 232250619601, 9746347772161])
def test_carmichael_numbers_are_composite(n: int) -> None:
    """Fermat's test passes them to every base that shares no factor with them."""
    assert not is_probable_prime(n)
    assert not miller_rabin(n, 64, random_bytes=Random(n).randbytes)


@given(st.integers(1 << 40, 1 << 300), st.integers(1 << 40, 1 << 300))
@settings(max_examples=50)
def test_products_are_composite(a: int, b: int) -> None:
    assert not is_probable_prime(a * b)


@pytest.mark.parametrize("n", [-(2**127 - 1), -7, -2, -1, 0, 1])
def test_below_two_nothing_is_prime(n: int) -> None:
    assert not is_probable_prime(n)


def test_miller_rabin_step_by_step() -> None:
    """221 = 13·17, worked by hand: 174 is one of the bases it deceives, and 137 convicts it."""
    with trace.recording() as steps:
        assert not miller_rabin(221, 2, random_bytes=scripted(b"\xae", b"\x89"))
    assert steps[0].value is False
    assert [(step.name, step.value) for step in steps[0].steps] == [
        ("a", 2),
        ("m", 55),
        ("b", 174),
        ("z = b^m", 47),
        ("z = z²", 220),  # -1: passed
        ("b", 137),
        ("z = b^m", 188),
        ("z = z²", 205),  # and the next power is b^220, which nothing but -1 here would make 1
    ]


def test_miller_rabin_stops_at_a_root_of_one_that_a_prime_cannot_have() -> None:
    """561 = 3·11·17 and the base 4: 166, 67, 1. The 67 is a square root of 1."""
    with trace.recording() as steps:
        assert not miller_rabin(561, 1, random_bytes=scripted(b"\x01\x00"))  # 0100 less 6 surplus bits: b = 4
    assert [(step.name, step.value) for step in steps[0].steps if "z" in step.name] == [
        ("z = b^m", 166),
        ("z = z²", 67),
        ("z = z²", 1),
    ]


@pytest.mark.parametrize("b", [0, 1, 252, 253])
def test_miller_rabin_draws_again_where_a_base_would_prove_nothing(b: int) -> None:
    assert not miller_rabin(253, 1, random_bytes=scripted(bytes([b]), b"\x02"))


def test_each_round_draws_a_base() -> None:
    draws = []

    def counted(length: int) -> bytes:
        draws.append(length)
        return Random(len(draws)).randbytes(length)

    assert is_probable_prime(2**127 - 1, random_bytes=counted)
    assert len(draws) == 64
    assert set(draws) == {16}
    draws.clear()
    assert is_probable_prime(2**127 - 1, rounds=3, random_bytes=counted)
    assert len(draws) == 3


@pytest.mark.parametrize(
    ("bits", "rounds"), [(128, 64), (511, 64), (512, 7), (1024, 5), (1535, 5), (1536, 4), (2048, 4)]
)
def test_rounds_for_random_numbers(bits: int, rounds: int) -> None:
    assert primes.rounds_for_random(bits) == rounds


def test_fermat_lets_all_odd_primes_pass_and_few_others() -> None:
    is_prime = sieve(2000)
    passed = [w for w in range(3, 2000, 2) if passes_fermat(w)]
    assert [w for w in passed if is_prime[w]] == [w for w in range(3, 2000) if is_prime[w]]
    assert [w for w in passed if not is_prime[w]] == [341, 561, 645, 1105, 1387, 1729, 1905]  # OEIS A001567


def test_has_small_factor() -> None:
    large = 2**127 - 1
    assert not has_small_factor(large)
    for small in (2, 3, 127, 131, 1021, 1031, 65_521):  # the ends of all primorials
        assert has_small_factor(large * small)
    assert not has_small_factor(65_537 * 65_539)


def test_generates_primes_of_every_length() -> None:
    source = Random(7).randbytes
    for bits in (*range(2, 70), 256, 512):
        p = generate_prime(bits, random_bytes=source)
        assert p.bit_length() == bits
        assert is_probable_prime(p)


def test_generates_every_prime_of_a_length() -> None:
    source = Random(8).randbytes
    assert {generate_prime(2, random_bytes=source) for _ in range(50)} == {2, 3}
    assert {generate_prime(5, random_bytes=source) for _ in range(200)} == {17, 19, 23, 29, 31}


def test_generation_repeats_from_the_same_randomness() -> None:
    assert generate_prime(128, random_bytes=Random(9).randbytes) == generate_prime(
        128, random_bytes=Random(9).randbytes
    )
    assert generate_prime(128) != generate_prime(128)


@pytest.mark.parametrize("bits", [-1, 0, 1])
def test_no_prime_is_shorter_than_two_bits(bits: int) -> None:
    with pytest.raises(ValueError, match="expected 2 or more"):
        generate_prime(bits)


def test_refuses_what_is_no_integer() -> None:
    with pytest.raises(TypeError, match="n is a float, expected an int"):
        is_probable_prime(7.0)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ValueError, match="rounds is 0"):
        is_probable_prime(7, rounds=0)


@pytest.mark.parametrize(("n", "names"), [(2**127 + 1, 1), (2**127 - 1, 2)])
def test_the_division_by_small_primes_is_a_step(n: int, names: int) -> None:
    with trace.recording() as steps:
        is_probable_prime(n, rounds=1)
    assert [step.name for step in steps] == ["no small factor", "Miller–Rabin"][:names]
    assert [step.value for step in steps] == [names == 2] * names
