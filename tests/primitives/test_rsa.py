import math
import threading
from collections.abc import Callable
from dataclasses import replace
from random import Random
from secrets import token_bytes

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa as theirs
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import rsa
from primitives.integers import i2osp, mod_exp_secret
from primitives.primes import generate_prime
from primitives.rsa import (
    RSADP,
    RSAEP,
    RSASP1,
    RSAVP1,
    OtherPrimeInfo,
    RSAPrivateKey,
    RSAPublicKey,
)
from primitives.rsa_blinding import USES, Blinding
from tests.primitives.support.rsa_keys import KEY_1024, KEY_2048, OAEP_INT, PSS_INT, multi_prime_key, number

THREE_PRIMES = multi_prime_key([generate_prime(bits, random_bytes=Random(bits).randbytes) for bits in (350, 341, 342)])
FOUR_PRIMES = multi_prime_key([generate_prime(256, random_bytes=Random(i).randbytes) for i in range(4)])


# --- The primitives


def test_all_numbers_below_a_small_modulus_return() -> None:
    key = RSAPrivateKey.from_primes(61, 53, e=17)
    for x in range(key.n):
        assert RSAEP(key.public_key, x) == RSAVP1(key.public_key, x) == pow(x, 17, 3233)
        assert RSADP(key, x) == RSASP1(key, x) == pow(x, key.d, 3233)  # also where x shares a factor with n


@pytest.mark.parametrize("key", [KEY_1024, KEY_2048, OAEP_INT, PSS_INT, THREE_PRIMES, FOUR_PRIMES])
def test_private_operation_is_the_power_d(key: RSAPrivateKey) -> None:
    for x in (0, 1, 2, key.p, key.q * 3, key.n - 1, *(Random(i).randrange(key.n) for i in range(5))):
        y = RSADP(key, x)
        assert y == pow(x, key.d, key.n)  # §5.1.2 step 2.a
        assert RSAEP(key.public_key, y) == x
        assert RSASP1(key, x) == y
        assert RSAVP1(key.public_key, y) == x


@given(st.data())
@settings(max_examples=40)
def test_powers_undo_each_other(data: st.DataObject) -> None:
    x = data.draw(st.integers(0, KEY_1024.n - 1))
    assert RSADP(KEY_1024, RSAEP(KEY_1024.public_key, x)) == x
    assert RSAVP1(KEY_1024.public_key, RSASP1(KEY_1024, x)) == x


@pytest.mark.parametrize("x", [-1, KEY_1024.n, KEY_1024.n + 1, KEY_1024.n**2])
def test_representatives_out_of_range(x: int) -> None:
    for operation, letter in ((RSAEP, "m"), (RSAVP1, "s")):
        with pytest.raises(ValueError, match=f"representative {letter} out of range"):
            operation(KEY_1024.public_key, x)
    for private_operation, letter in ((RSADP, "c"), (RSASP1, "m")):
        with pytest.raises(ValueError, match=f"representative {letter} out of range"):
            private_operation(KEY_1024, x)


def test_steps_of_the_published_example() -> None:
    """RSA Laboratories, oaep-int.txt, "CRT decryption of a ciphertext"; the key's r is 1, so nothing is blinded."""
    c = number(
        """12 53 e0 4d c0 a5 39 7b b4 4a 7a b8 7e 9b f2 a0 39 a3 3d 1e 99 6f c8 2a
        94 cc d3 00 74 c9 5d f7 63 72 20 17 06 9e 52 68 da 5d 1c 0b 4f 87 2c f6
        53 c1 1d f8 23 14 a6 79 68 df ea e2 8d ef 04 bb 6d 84 b1 c3 1d 65 4a 19
        70 e5 78 3b d6 eb 96 a0 24 c2 ca 2f 4a 90 fe 9f 2e f5 c9 c1 40 e5 bb 48
        da 95 36 ad 87 00 c8 4f c9 13 0a de a7 4e 55 8d 51 a7 4d df 85 d8 b5 0d
        e9 68 38 d6 06 3e 09 55"""
    )
    m_1 = number(
        """89 6c a2 6c d7 e4 87 1c 7f c9 68 a8 ed ea 11 e2 71 82 4f 0e 03 65 52 17
        94 f1 e9 e9 43 b4 a4 4b 57 c9 e3 95 a1 46 74 78 f5 26 49 6b 4b b9 1f 1c
        ba ea 90 0f fc 60 2c f0 c6 63 6e ba 84 fc 9f f7"""
    )
    m_2 = number(
        """4e bb 22 75 85 f0 c1 31 2d ca 19 e0 b5 41 db 14 99 fb f1 4e 27 0e 69 8e
        23 9a 8c 27 a9 6c da 9a 74 09 74 de 93 7b 5c 9c 93 ea d9 46 2c 65 75 02
        1a 23 d4 64 99 dc 9f 6b 35 89 75 59 60 8f 19 be"""
    )
    h = number(
        """01 2b 2b 24 15 0e 76 e1 59 bd 8d db 42 76 e0 7b fa c1 88 e0 8d 60 47 cf
        0e fb 8a e2 ae bd f2 51 c4 0e bc 23 dc fd 4a 34 42 43 94 ad a9 2c fc be
        1b 2e ff bb 60 fd fb 03 35 9a 95 36 8d 98 09 25"""
    )
    m = number(
        """eb 7a 19 ac e9 e3 00 63 50 e3 29 50 4b 45 e2 ca 82 31 0b 26 dc d8 7d 5c
        68 f1 ee a8 f5 52 67 c3 1b 2e 8b b4 25 1f 84 d7 e0 b2 c0 46 26 f5 af f9
        3e dc fb 25 c9 c2 b3 ff 8a e1 0e 83 9a 2d db 4c dc fe 4f f4 77 28 b4 a1
        b7 c1 36 2b aa d2 9a b4 8d 28 69 d5 02 41 21 43 58 11 59 1b e3 92 f9 82
        fb 3e 87 d0 95 ae b4 04 48 db 97 2f 3a c1 4f 7b c2 75 19 52 81 ce 32 d2
        f1 b7 6d 4d 35 3e 2d"""
    )
    with trace.recording() as steps:
        assert RSADP(OAEP_INT, c) == m
    (decryption,) = steps
    assert (decryption.name, decryption.value, decryption.section) == ("RSADP", m, "RFC 8017 §5.1.2")
    assert [(step.name, step.value) for step in decryption.steps] == [
        ("c", c),
        ("r^e", 1),
        ("c·r^e", c),
        ("m_1", m_1),
        ("m_2", m_2),
        ("h", h),
        ("m", m),
        ("m", m),
        ("m^e", c),
    ]
    with trace.recording() as steps:
        assert RSAEP(OAEP_INT.public_key, m) == c
    assert [(step.name, step.value) for step in steps[0].steps] == [("m", m), ("c", c)]


def test_steps_carry_the_letters_of_their_primitive() -> None:
    with trace.recording() as steps:
        s = RSASP1(THREE_PRIMES, 2)
        RSAVP1(THREE_PRIMES.public_key, s)
    names = ", ".join(step.name for step in steps[0].steps)
    assert names == "m, r^e, m·r^e, s_1, s_2, s_3, h, s, h, s, s, s^e"
    assert {step.section for step in steps[0].steps if step.name.startswith("s_")} == {
        "RFC 8017 §5.2.1 step 2.b.i",
        "RFC 8017 §5.2.1 step 2.b.ii",
    }
    assert [(step.name, step.value) for step in steps[1].steps] == [("s", s), ("m", 2)]


def test_recording_changes_no_result() -> None:
    for key in (KEY_1024, THREE_PRIMES):
        with trace.recording():
            watched = RSADP(key, 12345)
        assert watched == RSADP(key, 12345)


# --- A fault in one half


def flip_a_bit_of_call(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the `number`th secret power from now on come out wrong."""
    calls = iter(range(1, 100))

    def faulty(base: int, exponent: int, modulus: int) -> int:
        return mod_exp_secret(base, exponent, modulus) ^ (next(calls) == number) << 7

    monkeypatch.setattr(rsa, "mod_exp_secret", faulty)


@pytest.mark.parametrize("half", [1, 2])
def test_a_fault_would_give_a_prime_away(half: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why the check is there: this is what anybody could compute from one faulty signature."""
    flip_a_bit_of_call(half, monkeypatch)
    s = rsa._chinese_remainders(KEY_1024, 2, "s")
    assert math.gcd(pow(int(s), KEY_1024.e, KEY_1024.n) - 2, KEY_1024.n) == (KEY_1024.q, KEY_1024.p)[half - 1]


@pytest.mark.parametrize("half", [1, 2])
@pytest.mark.parametrize("operation", [RSADP, RSASP1])
def test_a_fault_is_not_released(
    operation: Callable[[RSAPrivateKey, int], int], half: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip_a_bit_of_call(half, monkeypatch)
    with pytest.raises(RuntimeError, match="nothing is released") as caught:
        operation(KEY_1024, 2)
    assert not any(character.isdigit() for character in str(caught.value).removeprefix("RSASP1"))
    assert operation(KEY_1024, 2) == pow(2, KEY_1024.d, KEY_1024.n)  # the fault was a passing one


@pytest.mark.parametrize("half", [1, 2, 3])
def test_a_fault_modulo_a_third_prime_is_not_released(half: int, monkeypatch: pytest.MonkeyPatch) -> None:
    flip_a_bit_of_call(half, monkeypatch)
    with pytest.raises(RuntimeError):
        RSASP1(THREE_PRIMES, 2)


def test_a_factor_that_is_no_prime_is_noticed() -> None:
    p = 7 * 11  # e·d is 1 modulo p - 1, as it should be, but 76 is not λ(77)
    key = RSAPrivateKey.from_primes(p, 53, e=17, random_bytes=lambda length: b"\x00\x10")  # r = 1
    with pytest.raises(RuntimeError):
        RSADP(key, 2)


# --- Blinding


def test_equal_calls_compute_on_different_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def watched(base: int, exponent: int, modulus: int) -> int:
        seen.append(int(base))
        return mod_exp_secret(base, exponent, modulus)

    monkeypatch.setattr(rsa, "mod_exp_secret", watched)
    assert len({operation(KEY_1024, 2) for operation in (RSADP, RSASP1) for _ in range(20)}) == 1
    assert len(set(seen)) == len(seen) == 80


def blinding_of(key: RSAPrivateKey) -> tuple[int, int]:
    """r^e, and the blinded 2, of one operation."""
    with trace.recording() as steps:
        assert RSADP(key, 2) == pow(2, key.d, key.n)
    named = {step.name: step.value for step in steps[0].steps}
    return named["r^e"], named["c·r^e"]  # type: ignore[return-value]  # they are numbers


def test_blinding_comes_from_the_keys_source_and_is_squared_for_a_while() -> None:
    draws = []

    def counted(length: int) -> bytes:
        draws.append(length)
        return i2osp(len(draws) + 2, length)

    key = replace(KEY_1024, random_bytes=counted)
    for first in (3, 4):
        for squarings in range(USES):
            r_e = pow(first, 65537 * 2**squarings, key.n)
            assert blinding_of(key) == (r_e, 2 * r_e % key.n)
    assert draws == [128, 128]


def test_blinding_draws_again_what_has_no_inverse() -> None:
    draws = iter([bytes(128), i2osp(KEY_1024.p, 128), b"\xff" * 128, i2osp(3, 128)])
    key = replace(KEY_1024, random_bytes=lambda length: next(draws))
    assert blinding_of(key)[0] == pow(3, 65537, key.n)


def test_threads_never_have_the_same_factors() -> None:
    blinding, n = Blinding(), KEY_1024.n
    taken: list[int] = []

    def work() -> None:
        for _ in range(50):
            r_e, r_inverse = blinding.take(n=n, e=3, random_bytes=token_bytes)
            assert r_e * pow(r_inverse, 3, n) % n == 1
            taken.append(int(r_e))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == len(taken) == 300


def test_threads_share_a_key() -> None:
    key = replace(KEY_1024)
    expected = [pow(x, key.d, key.n) for x in range(50)]
    results: dict[int, list[int]] = {}

    def work(worker: int) -> None:
        results[worker] = [RSADP(key, x) for x in range(50)]

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(6), expected)


# --- Keys


def changed(key: RSAPrivateKey, **fields: object) -> RSAPrivateKey:
    return replace(key, **fields)  # type: ignore[arg-type]  # wrong numbers and types on purpose


def test_published_numbers_belong_together() -> None:
    """Every number of oaep-int.txt is what from_primes computes, but for d, which is taken modulo φ(n) there."""
    key = RSAPrivateKey.from_primes(OAEP_INT.p, OAEP_INT.q, e=17)
    assert OAEP_INT.d == pow(17, -1, (key.p - 1) * (key.q - 1)) != key.d
    assert changed(key, d=OAEP_INT.d) == OAEP_INT
    assert RSADP(key, 2) == RSADP(OAEP_INT, 2)


@pytest.mark.parametrize("field", ["n", "e", "d", "p", "q", "dP", "dQ", "qInv"])
@pytest.mark.parametrize("change", [-2, -1, 1, 2, 1 << 300])
def test_any_number_changed_is_refused(field: str, change: int) -> None:
    value = getattr(KEY_1024, field)
    with pytest.raises(ValueError, match="RSAP") as caught:
        changed(KEY_1024, **{field: value + change})
    assert not any(len(word) > 4 and word.isdigit() for word in str(caught.value).split())


@pytest.mark.parametrize("field", ["n", "e", "d", "p", "q", "dP", "dQ", "qInv"])
@pytest.mark.parametrize("value", [0, -1, 1])
def test_numbers_out_of_range_are_refused(field: str, value: int) -> None:
    with pytest.raises(ValueError, match="RSAP"):
        changed(KEY_1024, **{field: value})


@pytest.mark.parametrize("field", ["n", "e", "d", "p", "q", "dP", "dQ", "qInv"])
def test_what_is_no_integer_is_refused(field: str) -> None:
    with pytest.raises(TypeError, match=f"{field} is a str, expected an int"):
        changed(KEY_1024, **{field: "12"})


def test_equal_remainders_out_of_range_are_refused() -> None:
    """Each of these has the right remainder, but is no longer the one the standard asks for."""
    key = KEY_1024
    for wrong in (
        {"d": key.d + key.n * (key.p - 1) * (key.q - 1)},
        {"dP": key.dP + key.p - 1},
        {"dQ": key.dQ + key.q - 1},
        {"qInv": key.qInv + key.p},
        {"p": -key.p, "q": -key.q},
        {"p": 1, "q": key.n},
    ):
        with pytest.raises(ValueError, match="RSAPrivateKey"):
            changed(key, **wrong)


@pytest.mark.parametrize("field", ["r", "d", "t"])
@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize("place", [0, 1])
def test_any_number_of_a_further_prime_changed_is_refused(field: str, change: int, place: int) -> None:
    others = list(FOUR_PRIMES.otherPrimeInfos)
    others[place] = replace(others[place], **{field: getattr(others[place], field) + change})
    with pytest.raises(ValueError, match="RSAPrivateKey"):
        replace(FOUR_PRIMES, otherPrimeInfos=tuple(others))


def test_coefficients_out_of_range_are_refused() -> None:
    third = THREE_PRIMES.otherPrimeInfos[0]
    with pytest.raises(ValueError, match="t_3"):
        replace(THREE_PRIMES, otherPrimeInfos=(replace(third, t=third.t + third.r),))


def test_a_further_prime_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="n is not the product of the primes"):
        replace(FOUR_PRIMES, otherPrimeInfos=FOUR_PRIMES.otherPrimeInfos[:1])
    with pytest.raises(ValueError, match="t_3"):
        replace(FOUR_PRIMES, otherPrimeInfos=FOUR_PRIMES.otherPrimeInfos[::-1])


def test_exponents_without_inverse_are_refused() -> None:
    with pytest.raises(ValueError, match="shares a factor"):
        RSAPrivateKey.from_primes(61, 53, e=5)  # 5 divides 60
    with pytest.raises(ValueError, match="shares a factor"):
        RSAPrivateKey.from_primes(61, 61, e=7)


@pytest.mark.parametrize(
    ("n", "e"),
    [(0, 3), (-15, 3), (1, 3), (3234, 17), (3233, 0), (3233, 1), (3233, 2), (3233, 16), (3233, 3235), (3233, -3)],
)
def test_public_numbers_out_of_range_are_refused(n: int, e: int) -> None:
    with pytest.raises(ValueError, match="RSAPublicKey"):
        RSAPublicKey(n, e)


def test_public_numbers_are_integers() -> None:
    with pytest.raises(TypeError, match="n is a bytes, expected an int"):
        RSAPublicKey(b"\x0f", 3)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="e is a float, expected an int"):
        RSAPublicKey(15, 3.0)  # type: ignore[arg-type]  # the mistake under test


def test_length_in_bytes() -> None:
    assert KEY_1024.k == KEY_1024.public_key.k == 128
    assert RSAPublicKey((1 << 1024) + 1, 3).k == 129
    assert RSAPublicKey((1 << 1024) - 1, 3).k == 128


def test_secrets_are_not_shown() -> None:
    assert repr(KEY_1024) == "RSAPrivateKey(bits=1024, e=65537, d=<hidden>)"
    shown = f"{FOUR_PRIMES} {FOUR_PRIMES.otherPrimeInfos} {OtherPrimeInfo(3, 5, 7)}"
    assert "hidden" in shown
    assert not any(str(other.r) in shown for other in FOUR_PRIMES.otherPrimeInfos)


def test_keys_are_values() -> None:
    assert RSAPublicKey(3233, 17) == RSAPublicKey(3233, 17) == RSAPrivateKey.from_primes(61, 53, e=17).public_key
    assert len({RSAPublicKey(3233, 17), RSAPublicKey(3233, 17)}) == 1
    assert replace(KEY_1024) == KEY_1024 != KEY_2048


# --- The same keys elsewhere


def test_our_key_is_theirs() -> None:
    for key in (KEY_2048, OAEP_INT):
        public = theirs.RSAPublicNumbers(key.e, key.n)
        numbers = theirs.RSAPrivateNumbers(key.p, key.q, key.d, key.dP, key.dQ, key.qInv, public)
        assert numbers.private_key().private_numbers() == numbers


def test_their_key_is_ours() -> None:
    numbers = theirs.generate_private_key(65537, 2048).private_numbers()
    key = RSAPrivateKey(
        numbers.public_numbers.n,
        numbers.public_numbers.e,
        numbers.d,
        numbers.p,
        numbers.q,
        numbers.dmp1,
        numbers.dmq1,
        numbers.iqmp,
    )
    assert RSADP(key, RSAEP(key.public_key, 7)) == 7
