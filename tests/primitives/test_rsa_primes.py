"""The generation of RSA keys: FIPS 186-5 appendix A.1.3, and its criteria."""

import math
from collections.abc import Callable
from random import Random

import pytest

from explain import trace
from primitives.integers import i2osp
from primitives.primes import is_probable_prime
from primitives.rsa import RSADP, RSAEP, RSAPrivateKey, generate_private_key
from primitives.rsa_primes import generate_rsa_primes
from tests.primitives.support.rsa_keys import KEY_1024, KEY_2048


@pytest.mark.parametrize("key", [KEY_1024, KEY_2048])
def test_generated_keys_meet_the_criteria(key: RSAPrivateKey) -> None:
    """FIPS 186-5 §A.1.1."""
    nlen = key.n.bit_length()
    assert nlen in (1024, 2048)
    assert 2**16 < key.e < 2**256
    assert is_probable_prime(key.p)
    assert is_probable_prime(key.q)
    assert math.gcd(key.e, (key.p - 1) * (key.q - 1)) == 1
    assert min(key.p, key.q) ** 2 >= 2 ** (nlen - 1)  # √2·2^(nlen/2 - 1), squared
    assert max(key.p, key.q) < 2 ** (nlen // 2)
    assert abs(key.p - key.q) > 2 ** (nlen // 2 - 100)
    λ = math.lcm(key.p - 1, key.q - 1)
    assert 2 ** (nlen // 2) < key.d < λ
    assert key.e * key.d % λ == 1


def test_primes_of_a_short_modulus_are_spread_over_their_whole_range() -> None:
    source = Random(5).randbytes
    primes = [p for _ in range(60) for p in generate_rsa_primes(256, e=65537, random_bytes=source)]
    least, most = math.isqrt(2**255), 2**128
    assert least < min(primes) < least + (most - least) // 10
    assert most - (most - least) // 10 < max(primes) < most
    assert len(set(primes)) == len(primes)


def test_the_prime_below_the_least_is_refused_and_the_one_above_it_taken() -> None:
    """Step 4.4: p is √2·2^(nlen/2 - 1) at least. The one above is drawn as an even number, which step 4.3 makes odd."""
    middle = math.isqrt(2**1023)
    below = next(n for n in range(middle, 0, -1) if is_probable_prime(n))
    above = next(n for n in range(middle + 1, 2 * middle) if is_probable_prime(n))
    draws, others = iter([i2osp(below, 64), i2osp(above - 1, 64)]), Random(6).randbytes
    p, _ = generate_rsa_primes(1024, e=65537, random_bytes=lambda length: next(draws, None) or others(length))
    assert p == above


@pytest.mark.parametrize("nlen", [0, 192, 207, 1025, 1032])
def test_other_lengths_of_a_modulus_are_refused(nlen: int) -> None:
    with pytest.raises(ValueError, match="expected a multiple of 16, and 208 at least"):
        generate_rsa_primes(nlen, e=65537, random_bytes=Random(7).randbytes)


def test_generation_repeats_from_the_same_randomness() -> None:
    assert generate_private_key(2048, random_bytes=Random(2048).randbytes) == KEY_2048


def test_generation_draws_anew() -> None:
    a, b = (generate_private_key(1024, for_tests_only=True) for _ in range(2))
    assert math.gcd(a.n, b.n) == 1


@pytest.mark.slow
@pytest.mark.parametrize("bits", [3072, 4096])
def test_longer_keys(bits: int) -> None:
    key = generate_private_key(bits, random_bytes=Random(bits).randbytes)
    assert key.n.bit_length() == bits
    assert is_probable_prime(key.p, rounds=8)
    assert is_probable_prime(key.q, rounds=8)
    assert RSADP(key, RSAEP(key.public_key, 7)) == 7


def test_the_exponent_can_be_chosen() -> None:
    e = 3**41  # has a factor 3, which divides every second candidate less 1
    key = generate_private_key(1024, e=e, for_tests_only=True, random_bytes=Random(6).randbytes)
    assert key.e == e
    assert RSADP(key, RSAEP(key.public_key, 2)) == 2


@pytest.mark.parametrize("bits", [0, 512, 1024, 1536, 2047, 2049, 8192])
def test_other_lengths_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="expected 2048, 3072 or 4096"):
        generate_private_key(bits)


def test_test_keys_have_1024_bits() -> None:
    with pytest.raises(ValueError, match="expected 2048, 3072 or 4096"):
        generate_private_key(512, for_tests_only=True)


@pytest.mark.parametrize("e", [3, 17, 65535, 65536, 65538, 1 << 256, (1 << 256) + 1, -65537])
def test_other_exponents_are_refused(e: int) -> None:
    with pytest.raises(ValueError, match="expected an odd number above 2\\^16"):
        generate_private_key(2048, e=e)


@pytest.mark.parametrize("byte", [0x00, 0xFF])
def test_a_broken_source_of_randomness_is_noticed(byte: int) -> None:
    with pytest.raises(RuntimeError, match="the source of randomness is broken"):
        generate_private_key(1024, for_tests_only=True, random_bytes=lambda length: bytes([byte]) * length)


def test_a_source_that_repeats_itself_is_noticed() -> None:
    """It draws p, and then never anything but p again, or the same bases."""
    p = i2osp(KEY_1024.p, 64)
    bases = Random(1).randbytes
    with pytest.raises(RuntimeError, match="the source of randomness is broken"):
        generate_rsa_primes(1024, e=65537, random_bytes=scripted_then(p, 7, bases))


def scripted_then(p: bytes, rounds: int, bases: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """A source that gives `p` as a candidate, bases for its `rounds` tests, and `p` for ever after."""
    draws = iter(range(rounds + 1))

    def draw(length: int) -> bytes:
        turn = next(draws, 0)
        return p if turn == 0 else bytes(1) + bases(length - 1)

    return draw


def test_steps_of_key_generation() -> None:
    with trace.recording() as steps:
        key = generate_private_key(2048, random_bytes=Random(2048).randbytes)
    (generation,) = steps
    assert generation.value == key.n == KEY_2048.n
    named = {step.name: step for step in generation.steps}
    assert [*named] == ["p", "q", "n", "d", "dP", "dQ", "qInv"]
    for name, step in named.items():
        assert step.value == getattr(key, name)
    *others, last = [step.value for step in named["p"].steps if step.name == "2^(w-1)"]
    assert last == 1
    assert others
    assert 1 not in others
    (test,) = [step for step in named["p"].steps if step.name == "Miller–Rabin"]
    assert test.value is True
    assert sum(step.name == "b" for step in test.steps) == 5  # rounds, Table B.1
