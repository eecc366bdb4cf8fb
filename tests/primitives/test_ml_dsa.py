"""ML-DSA against the oracle, both ways; NIST's keys and signatures; its checks one by one."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import mldsa
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.errors import InvalidSignature
from primitives.md5 import md5
from primitives.ml_dsa import ML_DSA, ML_DSA_44, ML_DSA_65, ML_DSA_87
from primitives.sha2 import sha256, sha512
from primitives.sha3 import shake_128, shake_256
from tests.support.shares import share

SETS = [ML_DSA_44, ML_DSA_65, ML_DSA_87]
ORACLES: dict[str, Any] = {
    ML_DSA_44.name: (mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey),
    ML_DSA_65.name: (mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
    ML_DSA_87.name: (mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey),
}
SEED, ZEROS = bytes(range(32)), bytes(32)
by_set = pytest.mark.parametrize("parameters", SETS, ids=lambda p: p.name)
seeds = st.binary(min_size=32, max_size=32)


@by_set
def test_the_sizes_of_table_2(parameters: ML_DSA) -> None:
    sizes = {ML_DSA_44: (2560, 1312, 2420), ML_DSA_65: (4032, 1952, 3309), ML_DSA_87: (4896, 2592, 4627)}
    pk, sk = parameters.keygen()
    signature = parameters.sign(sk, b"message")
    assert (len(sk), len(pk), len(signature)) == sizes[parameters]
    assert (parameters.sk_size, parameters.pk_size, parameters.signature_size) == sizes[parameters]


@by_set
@settings(max_examples=3, deadline=None)
@given(seed=seeds, message=st.binary(max_size=300), context=st.binary(max_size=255))
def test_the_oracle_understands_us_and_we_understand_it(
    parameters: ML_DSA, seed: bytes, message: bytes, context: bytes
) -> None:
    private_key, public_key = ORACLES[parameters.name]
    theirs = private_key.from_seed_bytes(seed)
    pk, sk = parameters.keygen(seed)
    assert theirs.public_key().public_bytes_raw() == pk
    ours = parameters.sign(sk, message, context=context)
    public_key.from_public_bytes(pk).verify(ours, message, context)
    signature = theirs.sign(message, context)
    parameters.verify(pk, message, signature, context=context)
    with pytest.raises(InvalidSignature):
        parameters.verify(pk, message + b".", signature, context=context)
    with pytest.raises(InvalidSignature):
        parameters.verify(pk, message, signature, context=context[1:] if context else b".")


@by_set
def test_keys_and_the_two_kinds_of_signatures(parameters: ML_DSA) -> None:
    theirs = ORACLES[parameters.name][0].from_seed_bytes(SEED)
    pk, sk = parameters.keygen(SEED)
    assert pk == theirs.public_key().public_bytes_raw()
    assert sk[64:128] == hashlib.shake_256(pk).digest(64)
    assert parameters.private_key(sk).public_key.to_bytes() == pk
    assert parameters.sign(sk, b"message", rnd=ZEROS) == parameters.sign(sk, b"message", rnd=ZEROS)
    assert parameters.sign(sk, b"message") != parameters.sign(sk, b"message")


@by_set
@pytest.mark.parametrize("prehash", [sha256, sha512, shake_128, shake_256], ids=lambda h: h.name)
def test_a_digest_is_signed_with_its_name(parameters: ML_DSA, prehash: Any) -> None:
    pk, sk = parameters.keygen(SEED)
    oids = {"sha256": "01", "sha512": "03", "shake_128": "0b", "shake_256": "0c"}
    name = prehash.name
    hashed: Any = hashlib.new(name, b"message")
    digest = hashed.digest({"shake_128": 32, "shake_256": 64}[name]) if "shake" in name else hashed.digest()
    formatted = b"\x01\x03ctx" + bytes.fromhex("06096086480165030402" + oids[name]) + digest
    signature = parameters.sign(sk, b"message", context=b"ctx", prehash=prehash, rnd=ZEROS)
    assert signature == parameters.sign_internal(sk, formatted, rnd=ZEROS)
    parameters.verify(pk, b"message", signature, context=b"ctx", prehash=prehash)
    with pytest.raises(InvalidSignature):
        parameters.verify(pk, b"message", signature, context=b"ctx")


def test_a_hash_without_an_identifier_of_nist_is_refused() -> None:
    with pytest.raises(ValueError, match="md5 has no object identifier of NIST's"):
        ML_DSA_44.sign(ML_DSA_44.keygen(SEED)[1], b"message", prehash=md5)


@by_set
def test_a_representative_stands_for_the_message(parameters: ML_DSA) -> None:
    pk, sk = parameters.keygen(SEED)
    mu = hashlib.shake_256(hashlib.shake_256(pk).digest(64) + b"\x00\x00message").digest(64)
    signature = parameters.sign_internal(sk, b"", rnd=ZEROS, mu=mu)
    assert signature == parameters.sign(sk, b"message", rnd=ZEROS)
    parameters.verify_internal(pk, b"", signature, mu=mu)
    parameters.verify_internal(pk, b"\x00\x00message", signature)
    with pytest.raises(InvalidSignature):
        parameters.verify_internal(pk, b"", signature, mu=bytes(64))


@by_set
def test_a_key_that_is_kept_expands_and_hashes_once(parameters: ML_DSA, monkeypatch: pytest.MonkeyPatch) -> None:
    pk, sk = parameters.keygen(SEED)
    public, private = parameters.public_key(pk), parameters.private_key(sk)
    expected = parameters.sign(sk, b"message", rnd=ZEROS)
    assert private.sign(b"message", rnd=ZEROS) == expected
    public.verify(b"message", expected)
    with monkeypatch.context() as patched:
        patched.setattr(ML_DSA, "ExpandA", None)
        assert private.sign(b"message", rnd=ZEROS) == expected
        public.verify(b"message", expected)
    assert repr(sk) not in repr(private)


def test_recording_changes_no_result() -> None:
    pk, sk = ML_DSA_44.keygen(SEED)
    message = next(m for m in map(bytes, range(99)) if attempts(sk, m) == 2)
    expected = ML_DSA_44.sign(sk, message, rnd=ZEROS)
    private, public = ML_DSA_44.private_key(sk), ML_DSA_44.public_key(pk)
    private.sign(b"", rnd=ZEROS)  # which keeps the matrix: it need not be recorded
    public.verify(message, expected)
    with trace.recording() as steps:
        assert private.sign(message, rnd=ZEROS) == expected
        public.verify(message, expected)
    tried = [step for made in steps for step in made.walk() if step.name.startswith("kappa = ")]
    assert [(step.name, step.value) for step in tried] == [("kappa = 0", False), ("kappa = 4", True)]
    assert any("rejected" in step.why for step in tried[0].steps)
    with trace.recording() as steps, pytest.raises(InvalidSignature):
        public.verify(message + b".", expected)
    assert not next(step for made in steps for step in made.walk() if step.name == "c_tilde = c_tilde′").value


def attempts(sk: bytes, message: bytes) -> int:
    """How many times signing begins anew, and once more."""
    counted = 0
    original = ML_DSA._attempt

    def attempt(*arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return original(*arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ML_DSA, "_attempt", attempt)
        ML_DSA_44.sign(sk, message, rnd=ZEROS)
    return counted


def test_randomness_is_asked_for() -> None:
    asked = []

    def random_bytes(length: int) -> bytes:
        asked.append(length)
        return bytes(length)

    assert ML_DSA_44.keygen(random_bytes=random_bytes) == ML_DSA_44.keygen(ZEROS)
    _, sk = ML_DSA_44.keygen(ZEROS)
    assert ML_DSA_44.sign(sk, b"", random_bytes=random_bytes) == ML_DSA_44.sign(sk, b"", rnd=ZEROS)
    assert asked == [32, 32]
    assert ML_DSA_44.keygen() != ML_DSA_44.keygen()


# --- The checks.


@by_set
def test_lengths_are_checked(parameters: ML_DSA) -> None:
    pk, sk = parameters.keygen(SEED)
    signature = parameters.sign(sk, b"", rnd=ZEROS)
    for more in (-1, 1):
        cut = slice(0, more if more < 0 else None)
        extra = b"\0" * max(more, 0)
        with pytest.raises(ValueError, match=f"{parameters.name}: the seed has {32 + more} bytes, expected 32"):
            parameters.keygen(bytes(32 + more))
        with pytest.raises(ValueError, match=f"the private key has {len(sk) + more} bytes, expected {len(sk)}"):
            parameters.sign(sk[cut] + extra, b"")
        with pytest.raises(ValueError, match=f"the public key has {len(pk) + more} bytes, expected {len(pk)}"):
            parameters.verify(pk[cut] + extra, b"", signature)
        with pytest.raises(InvalidSignature, match=f"has {len(signature) + more} bytes, expected {len(signature)}"):
            parameters.verify(pk, b"", signature[cut] + extra)
        for sign in (parameters.sign, parameters.sign_internal):
            with pytest.raises(ValueError, match=f"rnd has {32 + more} bytes, expected 32"):
                sign(sk, b"", rnd=bytes(32 + more))
        with pytest.raises(ValueError, match=f"mu has {64 + more} bytes, expected 64"):
            parameters.sign_internal(sk, b"", rnd=ZEROS, mu=bytes(64 + more))
        with pytest.raises(ValueError, match=f"mu has {64 + more} bytes, expected 64"):
            parameters.verify_internal(pk, b"", signature, mu=bytes(64 + more))
    with pytest.raises(ValueError, match="the context has 256 bytes, expected at most 255"):
        parameters.sign(sk, b"", context=bytes(256))
    with pytest.raises(ValueError, match="the context has 256 bytes, expected at most 255"):
        parameters.verify(pk, b"", signature, context=bytes(256))


@by_set
def test_a_private_key_out_of_range_is_refused(parameters: ML_DSA) -> None:
    _, sk = parameters.keygen(SEED)
    for place in (128, 128 + parameters.small_size * (parameters.l + parameters.k) - 1):  # of s_1, and of s_2
        with pytest.raises(ValueError, match=f"coefficient of s_1 or s_2 below −{parameters.eta}"):
            parameters.sign(sk[:place] + b"\xff" + sk[place + 1 :], b"")
    for place in (0, 64, len(sk) - 1):  # of ρ, tr and t_0
        damaged = sk[:place] + bytes([sk[place] ^ 1]) + sk[place + 1 :]
        with pytest.raises(ValueError, match="the private key is damaged"):
            _ = parameters.private_key(damaged).public_key


@by_set
def test_the_parts_of_a_signature_are_checked(parameters: ML_DSA) -> None:
    pk, sk = parameters.keygen(SEED)
    signature = parameters.sign(sk, b"message", rnd=ZEROS)
    z_start, hints = parameters.strength // 4, parameters.signature_size - parameters.omega - parameters.k
    for place in (0, z_start, hints - 1):
        wrong = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        with pytest.raises(InvalidSignature):
            parameters.verify(pk, b"message", wrong)
    with pytest.raises(InvalidSignature, match="hints are malformed"):
        parameters.verify(pk, b"message", signature[:-1] + b"\xff")
    # z with a coefficient of γ_1, which no signer gives away, is refused by its norm before anything is computed.
    large = signature[:z_start] + bytes(3) + signature[z_start + 3 :]
    with trace.recording() as steps, pytest.raises(InvalidSignature):
        parameters.verify(pk, b"message", large)
    (short,) = [step for step in steps[0].walk() if step.name == "‖z‖∞ < γ_1 − β"]
    assert short.value is False
    assert str(parameters.gamma1) in short.why


def test_what_passes_the_limits_is_kept_and_nothing_else() -> None:
    _, sk = ML_DSA_44.keygen(SEED)
    limits = {
        "‖z‖∞ ≥ γ_1 − β": ML_DSA_44.gamma1 - ML_DSA_44.beta,
        "‖r_0‖∞ ≥ γ_2 − β": ML_DSA_44.gamma2 - ML_DSA_44.beta,
    }
    key = ML_DSA_44.private_key(sk)
    with trace.recording() as steps:
        for i in range(3):
            key.sign(bytes([i]), rnd=ZEROS)
    checks = [step for made in steps for step in made.walk() if step.name in limits]
    assert {step.value for step in checks} == {True, False}
    assert all((int(step.why.split(",")[0]) >= limits[step.name]) == step.value for step in checks)


def test_only_bytes_are_taken() -> None:
    text: Any = "text"
    pk, sk = ML_DSA_44.keygen(SEED)
    signature = bytes(ML_DSA_44.signature_size)
    for call in (
        lambda: ML_DSA_44.keygen(text),
        lambda: ML_DSA_44.sign(text, b""),
        lambda: ML_DSA_44.sign(sk, text),
        lambda: ML_DSA_44.sign(sk, b"", context=text),
        lambda: ML_DSA_44.sign(sk, b"", rnd=text),
        lambda: ML_DSA_44.verify(text, b"", signature),
        lambda: ML_DSA_44.verify(pk, text, signature),
        lambda: ML_DSA_44.verify(pk, b"", text),
        lambda: ML_DSA_44.verify(pk, b"", signature, context=text),
        lambda: ML_DSA_44.sign_internal(sk, text, rnd=ZEROS),
        lambda: ML_DSA_44.sign_internal(sk, b"", rnd=text),
        lambda: ML_DSA_44.sign_internal(sk, b"", rnd=ZEROS, mu=text),
        lambda: ML_DSA_44.verify_internal(pk, text, signature),
    ):
        with pytest.raises(TypeError, match="expected bytes, got str"):
            call()


MUTATIONS = 34_000  # for each parameter set; the long run takes a share


@pytest.mark.slow
@by_set
def test_mutated_keys_and_signatures(parameters: ML_DSA) -> None:
    """Whatever bytes come, the answer is `InvalidSignature`, or a `ValueError` for a key of a wrong length."""
    pk, sk = parameters.keygen(SEED)
    signature = parameters.sign(sk, b"message", rnd=ZEROS)
    public = parameters.public_key(pk)
    refused = 0
    seeds = share(range(MUTATIONS), 1_500, of=f"mutations of {parameters.name}")
    for seed in seeds:
        choose = random.Random(seed)
        match choose.randrange(8):
            case 0:
                refused += not valid(parameters.verify, mutated(choose, pk), b"message", signature)
            case 1:
                refused += not valid(public.verify, mutated(choose, b"message"), signature)
            case _:
                refused += not valid(public.verify, b"message", mutated(choose, signature))
    assert refused == len(seeds)


@pytest.mark.slow
@by_set
def test_mutated_private_keys(parameters: ML_DSA) -> None:
    """They are refused, by a `ValueError` only, or make signatures of the right size."""
    _, sk = parameters.keygen(SEED)
    refused = 0
    seeds = share(range(2_000), 60, of=f"mutated private keys of {parameters.name}")
    for seed in seeds:
        wrong = mutated(random.Random(seed), sk)
        try:
            assert len(parameters.sign(wrong, b"message", rnd=ZEROS)) == parameters.signature_size
        except ValueError:
            refused += 1
    assert 0 < refused < len(seeds)


def valid(verify: Callable[..., None], *arguments: bytes) -> bool:
    try:
        verify(*arguments)
    except (InvalidSignature, ValueError):
        return False
    return True


def mutated(choose: random.Random, octets: bytes) -> bytes:
    """The octets with some bits flipped, a byte replaced, cut, extended, or a run of them moved: never the same."""
    changed = bytearray(octets)
    while changed == octets:
        place = choose.randrange(len(octets))
        match choose.randrange(5):
            case 0:
                changed[place] ^= 1 << choose.randrange(8)
            case 1:
                changed[place] = choose.choice((0, 1, 0x7F, 0x80, 0xFF, choose.randrange(256)))
            case 2:
                changed = changed[:place]
            case 3:
                changed += choose.randbytes(choose.randrange(1, 9))
            case _:
                end = min(place + 16, len(octets))
                changed[place:end] = choose.randbytes(end - place)
    return bytes(changed)
