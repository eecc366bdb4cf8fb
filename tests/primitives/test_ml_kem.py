"""ML-KEM against the oracle, both ways; its checks one by one; wrong ciphertexts, which have a secret of their own."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import mlkem
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import ml_kem
from primitives.ml_kem import ML_KEM, ML_KEM_512, ML_KEM_768, ML_KEM_1024
from tests.support.shares import share

SETS = [ML_KEM_512, ML_KEM_768, ML_KEM_1024]
ORACLES: dict[str, Any] = {
    ML_KEM_768.name: (mlkem.MLKEM768PrivateKey, mlkem.MLKEM768PublicKey),
    ML_KEM_1024.name: (mlkem.MLKEM1024PrivateKey, mlkem.MLKEM1024PublicKey),
}  # which has no ML-KEM-512
by_set = pytest.mark.parametrize("parameters", SETS, ids=lambda p: p.name)
by_oracle = pytest.mark.parametrize("parameters", SETS[1:], ids=lambda p: p.name)
seeds = st.binary(min_size=64, max_size=64)


@by_set
def test_the_sizes_of_table_3(parameters: ML_KEM) -> None:
    sizes = {ML_KEM_512: (800, 1632, 768), ML_KEM_768: (1184, 2400, 1088), ML_KEM_1024: (1568, 3168, 1568)}
    ek, dk = parameters.keygen()
    K, c = parameters.encaps(ek)
    assert (len(ek), len(dk), len(c)) == sizes[parameters]
    assert len(K) == 32


@by_set
@settings(max_examples=4, deadline=None)
@given(seed=seeds, m=st.binary(min_size=32, max_size=32))
def test_both_sides_have_the_same_secret(parameters: ML_KEM, seed: bytes, m: bytes) -> None:
    ek, dk = parameters.keygen(seed)
    K, c = parameters.encaps(ek, m)
    assert parameters.decaps(dk, c) == K
    assert dk[-32:] == seed[32:]
    assert ek in dk


@by_oracle
@settings(max_examples=4, deadline=None)
@given(seed=seeds)
def test_the_oracle_understands_us_and_we_understand_it(parameters: ML_KEM, seed: bytes) -> None:
    private_key, public_key = ORACLES[parameters.name]
    theirs = private_key.from_seed_bytes(seed)
    ek, dk = parameters.keygen(seed)
    assert theirs.public_key().public_bytes_raw() == ek
    K, c = parameters.encaps(ek)
    assert theirs.decapsulate(c) == K
    K, c = public_key.from_public_bytes(ek).encapsulate()
    assert parameters.decaps(dk, c) == K
    wrong = bytes([c[0] ^ 1]) + c[1:]
    assert parameters.decaps(dk, wrong) == theirs.decapsulate(wrong) != K


@by_set
def test_a_wrong_ciphertext_has_the_secret_that_z_makes(parameters: ML_KEM) -> None:
    choose = random.Random(1)
    ek, dk = parameters.keygen(bytes(32) + b"z" * 32)
    K, c = parameters.encaps(ek)
    for _ in range(4):
        i = choose.randrange(8 * len(c))
        wrong = (int.from_bytes(c, "little") ^ 1 << i).to_bytes(len(c), "little")
        assert parameters.decaps(dk, wrong) == hashlib.shake_256(b"z" * 32 + wrong).digest(32) != K


@by_set
def test_a_key_that_is_kept_gives_the_same_and_hashes_once(parameters: ML_KEM, monkeypatch: pytest.MonkeyPatch) -> None:
    ek, dk = parameters.keygen(bytes(64))
    m = bytes(range(32))
    public, private = parameters.encapsulation_key(ek), parameters.decapsulation_key(dk)
    expected = parameters.encaps(ek, m)
    assert public.encaps(m) == expected
    assert private.decaps(expected[1]) == expected[0]
    with monkeypatch.context() as patched:
        patched.setattr(ML_KEM, "matrix", None)
        patched.setattr(ml_kem, "H", None)
        assert public.encaps(m) == expected
        assert private.decaps(expected[1]) == expected[0]
    assert repr(dk) not in repr(private)


def test_recording_changes_no_result() -> None:
    """Of the other sets, `published/test_fips_203.py` records all that is computed."""
    _, dk = ML_KEM_512.keygen(bytes(64))
    wrong = bytes(768)
    rejected = ML_KEM_512.decaps(dk, wrong)
    with trace.recording() as steps:
        assert ML_KEM_512.decaps(dk, wrong) == rejected
    (comparison,) = [step for step in steps[0].walk() if step.name == "c = c′"]
    assert comparison.value is False


def test_randomness_is_asked_for() -> None:
    asked = []

    def random_bytes(length: int) -> bytes:
        asked.append(length)
        return bytes(length)

    assert ML_KEM_512.keygen(random_bytes=random_bytes) == ML_KEM_512.keygen(bytes(64))
    ek, _ = ML_KEM_512.keygen(bytes(64))
    assert ML_KEM_512.encaps(ek, random_bytes=random_bytes) == ML_KEM_512.encaps(ek, bytes(32))
    assert asked == [64, 32]
    assert ML_KEM_512.keygen() != ML_KEM_512.keygen()


def accumulated(turns: int) -> tuple[str, str]:
    """SHAKE128 of all that ML-KEM-768 gives for inputs from another SHAKE128; with the decapsulation keys, and without.

    C2SP/CCTV describes it. Its own digests are of the draft of FIPS 203; those below are BoringSSL's and Go's.
    """
    size = 96 + ML_KEM_768.ciphertext_size
    inputs = hashlib.shake_128(b"").digest(turns * size)
    with_dk, without = hashlib.shake_128(), hashlib.shake_128()
    for start in range(0, len(inputs), size):
        seed, m, c = (inputs[start + i : start + j] for i, j in ((0, 64), (64, 96), (96, size)))
        ek, dk = ML_KEM_768.keygen(seed)
        K, ciphertext = ML_KEM_768.encaps(ek, m)
        rejected = ML_KEM_768.decaps(dk, c)
        with_dk.update(ek + dk + ciphertext + K + rejected)
        without.update(ek + ciphertext + K + rejected)
    return with_dk.hexdigest(32), without.hexdigest(32)


@pytest.mark.slow
def test_a_hundred_accumulated() -> None:
    _, digest = accumulated(100)  # of Go's crypto/mlkem, TestAccumulated
    assert digest == "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415"


@pytest.mark.slow
def test_ten_thousand_accumulated() -> None:
    with_dk, without = accumulated(10_000)
    assert with_dk == "f959d18d3d1180121433bf0e05f11e7908cf9d03edc150b2b07cb90bef5bc1c1"  # of BoringSSL
    assert without == "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc"  # of Go


# --- The checks of §7, and those of arguments.


@by_set
def test_lengths_are_checked(parameters: ML_KEM) -> None:
    ek, dk = parameters.keygen(bytes(64))
    _, c = parameters.encaps(ek, bytes(32))
    for more in (-1, 1):
        cut = slice(0, more if more < 0 else None)
        extra = b"\0" * max(more, 0)
        with pytest.raises(ValueError, match=f"{parameters.name}: the seed has {64 + more} bytes, expected 64"):
            parameters.keygen(bytes(64 + more))
        with pytest.raises(ValueError, match=f"the encapsulation key has {len(ek) + more} bytes, expected {len(ek)}"):
            parameters.encaps(ek[cut] + extra)
        with pytest.raises(ValueError, match=f"m has {32 + more} bytes, expected 32"):
            parameters.encaps(ek, bytes(32 + more))
        with pytest.raises(ValueError, match=f"the decapsulation key has {len(dk) + more} bytes, expected {len(dk)}"):
            parameters.decaps(dk[cut] + extra, c)
        with pytest.raises(ValueError, match=f"the ciphertext has {len(c) + more} bytes, expected {len(c)}"):
            parameters.decaps(dk, c[cut] + extra)
        with pytest.raises(ValueError, match=f"the ciphertext has {len(c) + more} bytes, expected {len(c)}"):
            parameters.decapsulation_key(dk).decaps(c[cut] + extra)


def test_keys_of_another_parameter_set_are_refused() -> None:
    ek, dk = ML_KEM_512.keygen(bytes(64))
    _, c = ML_KEM_512.encaps(ek)
    with pytest.raises(ValueError, match="ML-KEM-768: the encapsulation key has 800 bytes, expected 1184"):
        ML_KEM_768.encaps(ek)
    with pytest.raises(ValueError, match="ML-KEM-768: the ciphertext has 768 bytes, expected 1088"):
        ML_KEM_768.decaps(dk, c)


@by_set
@pytest.mark.parametrize("value", [3329, 4095])
def test_coefficients_of_q_or_more_are_refused(parameters: ML_KEM, value: int) -> None:
    ek, _ = parameters.keygen(bytes(64))
    last = 256 * parameters.k - 1
    for place in (0, 1, last):
        bits = int.from_bytes(ek, "little") & ~(0xFFF << 12 * place) | value << 12 * place
        with pytest.raises(ValueError, match="has a coefficient of 3329 or more"):
            parameters.encaps(bits.to_bytes(len(ek), "little"))
    bits = int.from_bytes(ek, "little") & ~(0xFFF << 12 * last) | 3328 << 12 * last
    parameters.encaps(bits.to_bytes(len(ek), "little"))  # the largest coefficient allowed


@by_set
def test_a_damaged_decapsulation_key_is_refused(parameters: ML_KEM) -> None:
    ek, dk = parameters.keygen(bytes(64))
    _, c = parameters.encaps(ek)
    k = parameters.k
    for place in (384 * k, 768 * k + 31, 768 * k + 32, 768 * k + 63):  # of ek, and of its hash
        damaged = dk[:place] + bytes([dk[place] ^ 1]) + dk[place + 1 :]
        with pytest.raises(ValueError, match="the decapsulation key is damaged"):
            parameters.decaps(damaged, c)
    for place in (0, 768 * k + 64):  # of s and of z, which no hash covers
        damaged = dk[:place] + bytes([dk[place] ^ 1]) + dk[place + 1 :]
        assert len(parameters.decaps(damaged, c)) == 32


def test_only_bytes_are_taken() -> None:
    text: Any = "text"
    ek, dk = ML_KEM_512.keygen(bytes(64))
    for call in (
        lambda: ML_KEM_512.keygen(text),
        lambda: ML_KEM_512.encaps(text),
        lambda: ML_KEM_512.encaps(ek, text),
        lambda: ML_KEM_512.decaps(text, bytes(768)),
        lambda: ML_KEM_512.decaps(dk, text),
        lambda: ML_KEM_512.decapsulation_key(dk).decaps(text),
    ):
        with pytest.raises(TypeError, match="expected bytes, got str"):
            call()


MUTATIONS = 34_000  # for each parameter set; the long run takes a share


@pytest.mark.slow
@by_set
def test_mutated_keys_and_ciphertexts(parameters: ML_KEM) -> None:
    """Whatever bytes come, the answer is a secret or a `ValueError`; and never the secret of the true ciphertext."""
    ek, dk = parameters.keygen(bytes(64))
    K, c = parameters.encaps(ek, bytes(32))
    private = parameters.decapsulation_key(dk)
    refused = 0
    seeds = share(range(MUTATIONS), 3_000, of=f"mutations of {parameters.name}")
    for seed in seeds:
        choose = random.Random(seed)
        try:
            match choose.randrange(6):
                case 0:
                    assert len(parameters.encaps(mutated(choose, ek), bytes(32))[0]) == 32
                case 1:
                    assert len(parameters.decaps(mutated(choose, dk), c)) == 32
                case _:
                    assert private.decaps(mutated(choose, c)) != K
        except ValueError:
            refused += 1
    assert len(seeds) / 6 < refused < len(seeds) / 2


def mutated(choose: random.Random, value: bytes) -> bytes:
    """The value with a bit, some bytes or its length changed."""
    changed = bytearray(value)
    kind = choose.randrange(4)
    if kind == 3:
        cut = choose.randrange(len(value))
        return value[:cut] if choose.randrange(2) else value + bytes(choose.randrange(1, 9))
    for _ in range((1, 2, 30)[kind]):
        changed[choose.randrange(len(changed))] = choose.randrange(256)
    changed[choose.randrange(len(changed))] ^= 1 << choose.randrange(8)
    return bytes(changed) if changed != value else mutated(choose, value)
