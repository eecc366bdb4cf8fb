"""SLH-DSA: its textbook path and its fast one, NIST's keys, two other implementations, and its checks one by one."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.errors import InvalidSignature
from primitives.hash_based.fors import FORS
from primitives.hash_based.hypertree import Hypertree
from primitives.md5 import md5
from primitives.sha2 import sha256, sha512
from primitives.sha3 import shake_128, shake_256
from primitives.slh_dsa import PARAMETER_SETS, SLH_DSA, SLH_DSA_SHA2_128F, SLH_DSA_SHAKE_128F
from tests.primitives.hash_based.small_sets import SMALL
from tests.support.shares import share

SIZES = {"128s": (16, 7856), "128f": (16, 17088), "192s": (24, 16224), "192f": (24, 35664), "256s": (32, 29792)}
SIZES["256f"] = (32, 49856)
by_set = pytest.mark.parametrize("parameters", SMALL, ids=lambda p: p.name)


def key_of(parameters: SLH_DSA) -> tuple[bytes, bytes, bytes]:
    """A public key, its private key, and PK.seed, which makes signatures deterministic."""
    pk, sk = parameters.keygen(bytes(range(parameters.seed_size)))
    return pk, sk, pk[: parameters.n]


def test_the_sizes_of_table_2() -> None:
    assert list(PARAMETER_SETS) == [f"SLH-DSA-{f}-{s}" for f in ("SHA2", "SHAKE") for s in SIZES]
    for name, parameters in PARAMETER_SETS.items():
        n, signature = SIZES[name.rpartition("-")[2]]
        assert (parameters.pk_size, parameters.sk_size, parameters.signature_size) == (2 * n, 4 * n, signature)
        assert parameters.p.m == {"128s": 30, "128f": 34, "192s": 39, "192f": 42, "256s": 47, "256f": 49}[name[-4:]]


@settings(max_examples=1, deadline=None)
@given(data=st.data())
def test_the_fast_path_is_as_the_textbook(data: st.DataObject) -> None:
    for parameters in (SMALL[0], SMALL[3]):
        agree(parameters, data)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_the_fast_path_is_as_the_textbook_many_times(data: st.DataObject) -> None:
    for parameters in SMALL:
        agree(parameters, data)


@pytest.mark.slow
def test_a_set_of_the_standard_by_the_textbook() -> None:
    pk, sk, seed = key_of(SLH_DSA_SHA2_128F)
    textbook = replace(SLH_DSA_SHA2_128F, hypertree=Hypertree, fors=FORS)
    assert textbook.keygen(bytes(range(48))) == (pk, sk)
    signature = textbook.sign(sk, b"message", addrnd=seed)
    assert signature == SLH_DSA_SHA2_128F.sign(sk, b"message", addrnd=seed)
    textbook.verify(pk, b"message", signature)


def agree(parameters: SLH_DSA, data: st.DataObject) -> None:
    textbook = replace(parameters, hypertree=Hypertree, fors=FORS)
    n = parameters.n
    seed = data.draw(st.binary(min_size=3 * n, max_size=3 * n))
    message, addrnd = data.draw(st.binary(max_size=99)), data.draw(st.binary(min_size=n, max_size=n))
    pk, sk = parameters.keygen(seed)
    assert textbook.keygen(seed) == (pk, sk) == (seed[2 * n :] + pk[n:], seed + pk[n:])
    signature = parameters.sign(sk, message, addrnd=addrnd)
    assert textbook.sign(sk, message, addrnd=addrnd) == signature
    for path in (parameters, textbook):
        path.verify(pk, message, signature)
        with pytest.raises(InvalidSignature):
            path.verify(pk, message + b".", signature)


def test_keys_of_nist() -> None:
    """One of each family; `python -m vectors` has all of NIST's samples."""
    # ACVP, SLH-DSA-keyGen-FIPS205, tcId 31: SK.seed ‖ SK.prf ‖ PK.seed, and PK.root.
    seed = bytes.fromhex(
        "3956ab391b4d22fc907af0740326d061ab0eb206436f2b86ebe086d77739b3e456505c229f4e7fa6b201714c7dcc9da3"
    )
    pk, sk = SLH_DSA_SHAKE_128F.keygen(seed)
    assert pk.hex() == "56505c229f4e7fa6b201714c7dcc9da366578f1f24c3fe371c97c14ce0e79cdc"
    assert sk == seed + pk[16:]


@by_set
def test_the_two_kinds_of_signatures(parameters: SLH_DSA) -> None:
    pk, sk, seed = key_of(parameters)
    message = b"message"
    assert parameters.sign(sk, message, addrnd=seed) == parameters.sign(sk, message, addrnd=seed)
    signature = parameters.sign(sk, message)
    assert signature != parameters.sign(sk, message)
    parameters.verify(pk, message, signature)
    assert len(signature) == parameters.signature_size
    private, public = parameters.private_key(sk), parameters.public_key(pk)
    assert private.public_key == public
    assert (private.to_bytes(), public.to_bytes()) == (sk, pk)
    public.verify(message, private.sign(message, context=b"ctx"), context=b"ctx")
    assert sk.hex() not in repr(private)
    assert repr(sk) not in repr(private)


def test_a_context_belongs_to_the_message() -> None:
    pk, sk, seed = key_of(SMALL[0])
    signature = SMALL[0].sign(sk, b"message", context=b"ctx", addrnd=seed)
    assert signature == SMALL[0].sign_internal(sk, b"\x00\x03ctxmessage", addrnd=seed)
    SMALL[0].verify(pk, b"message", signature, context=b"ctx")
    SMALL[0].verify_internal(pk, b"\x00\x03ctxmessage", signature)
    for wrong in (b"", b"ct", b"ctxm"):
        with pytest.raises(InvalidSignature):
            SMALL[0].verify(pk, b"message", signature, context=wrong)
    with pytest.raises(InvalidSignature):
        SMALL[0].verify_internal(pk, b"\x00\x03ctxmessage.", signature)


@pytest.mark.parametrize("prehash", [sha256, sha512, shake_128, shake_256], ids=lambda h: h.name)
def test_a_digest_is_signed_with_its_name(prehash: Any) -> None:
    pk, sk, seed = key_of(SMALL[0])
    oids = {"sha256": "01", "sha512": "03", "shake_128": "0b", "shake_256": "0c"}
    name = prehash.name
    hashed: Any = hashlib.new(name, b"message")
    digest = hashed.digest({"shake_128": 32, "shake_256": 64}[name]) if "shake" in name else hashed.digest()
    formatted = b"\x01\x03ctx" + bytes.fromhex("06096086480165030402" + oids[name]) + digest
    signature = SMALL[0].sign(sk, b"message", context=b"ctx", prehash=prehash, addrnd=seed)
    assert signature == SMALL[0].sign_internal(sk, formatted, addrnd=seed)
    SMALL[0].verify(pk, b"message", signature, context=b"ctx", prehash=prehash)
    with pytest.raises(InvalidSignature):
        SMALL[0].verify(pk, b"message", signature, context=b"ctx")


def test_a_hash_without_an_identifier_of_nist_is_refused() -> None:
    with pytest.raises(ValueError, match="md5 has no object identifier of NIST's"):
        SMALL[0].sign(key_of(SMALL[0])[1], b"message", prehash=md5)


def test_recording_changes_no_result() -> None:
    parameters = SMALL[0]
    pk, sk, seed = key_of(parameters)
    expected = parameters.sign(sk, b"message", addrnd=seed)
    with trace.recording() as steps:
        assert parameters.keygen(bytes(range(48))) == (pk, sk)
        assert parameters.sign(sk, b"message", addrnd=seed) == expected
        parameters.verify(pk, b"message", expected)
    assert [step.name.split(".")[-1] for step in steps] == ["slh_keygen", "slh_sign", "slh_verify"]
    signing = {step.name: step for step in steps[1].walk()}
    assert signing["R"].value == expected[:16]
    assert signing["SIG"].value == expected
    (xmss, _) = [step for step in signing["ht_sign"].walk() if step.name.startswith("xmss_sign")]
    assert [step.name for step in xmss.steps] == ["AUTH[0]", "wots_sign"]
    with trace.recording() as steps, pytest.raises(InvalidSignature):
        parameters.verify(pk, b"message.", expected)
    assert not next(step for made in steps for step in made.walk() if step.name == "node = PK.root").value


def test_randomness_is_asked_for() -> None:
    asked = []

    def random_bytes(length: int) -> bytes:
        asked.append(length)
        return bytes(length)

    parameters = SMALL[1]
    assert parameters.keygen(random_bytes=random_bytes) == parameters.keygen(bytes(72))
    key = parameters.generate_private_key(random_bytes=random_bytes)
    assert key.sk == parameters.keygen(bytes(72))[1]
    assert parameters.sign(key.sk, b"", random_bytes=random_bytes) == parameters.sign(key.sk, b"", addrnd=bytes(24))
    assert asked == [72, 72, 24]
    assert parameters.keygen() != parameters.keygen()


# --- The checks.


@by_set
def test_lengths_are_checked(parameters: SLH_DSA) -> None:
    pk, sk, seed = key_of(parameters)
    n = parameters.n
    signature = parameters.sign(sk, b"", addrnd=seed)
    for more in (-1, 1):
        cut, extra = slice(0, more if more < 0 else None), b"\0" * max(more, 0)
        with pytest.raises(ValueError, match=f"{parameters.name}: the seed has {3 * n + more} bytes, expected {3 * n}"):
            parameters.keygen(bytes(3 * n + more))
        with pytest.raises(ValueError, match=f"the private key has {4 * n + more} bytes, expected {4 * n}"):
            parameters.sign(sk[cut] + extra, b"")
        with pytest.raises(ValueError, match=f"the public key has {2 * n + more} bytes, expected {2 * n}"):
            parameters.verify(pk[cut] + extra, b"", signature)
        with pytest.raises(InvalidSignature, match=f"has {len(signature) + more} bytes, expected {len(signature)}"):
            parameters.verify(pk, b"", signature[cut] + extra)
        for sign in (parameters.sign, parameters.sign_internal):
            with pytest.raises(ValueError, match=f"addrnd has {n + more} bytes, expected {n}"):
                sign(sk, b"", addrnd=bytes(n + more))
    with pytest.raises(ValueError, match="the context has 256 bytes, expected at most 255"):
        parameters.sign(sk, b"", context=bytes(256))
    with pytest.raises(ValueError, match="the context has 256 bytes, expected at most 255"):
        parameters.verify(pk, b"", signature, context=bytes(256))


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_value_of_a_signature_counts(every: bool) -> None:
    pk, sk, seed = key_of(SMALL[0])
    signature = SMALL[0].sign(sk, b"message", addrnd=seed)
    p = SMALL[0].p
    layer = 16 + p.fors_size
    everyday = {0, 16, 32, layer - 16, layer, layer + p.xmss_size - 16, layer + p.xmss_size, len(signature) - 16}
    for place in range(0, len(signature), 16) if every else sorted(everyday):
        wrong = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        with pytest.raises(InvalidSignature):
            SMALL[0].verify(pk, b"message", wrong)
    for place in (0, 31):  # PK.seed and PK.root
        with pytest.raises(InvalidSignature):
            SMALL[0].verify(pk[:place] + bytes([pk[place] ^ 1]) + pk[place + 1 :], b"message", signature)


def test_only_bytes_are_taken() -> None:
    text: Any = "text"
    pk, sk, seed = key_of(SMALL[0])
    signature = bytes(SMALL[0].signature_size)
    for call in (
        lambda: SMALL[0].keygen(text),
        lambda: SMALL[0].sign(text, b""),
        lambda: SMALL[0].sign(sk, text),
        lambda: SMALL[0].sign(sk, b"", context=text),
        lambda: SMALL[0].sign(sk, b"", addrnd=text),
        lambda: SMALL[0].verify(text, b"", signature),
        lambda: SMALL[0].verify(pk, text, signature),
        lambda: SMALL[0].verify(pk, b"", text),
        lambda: SMALL[0].verify(pk, b"", signature, context=text),
        lambda: SMALL[0].sign_internal(sk, text, addrnd=seed),
        lambda: SMALL[0].sign_internal(sk, b"", addrnd=text),
        lambda: SMALL[0].verify_internal(pk, text, signature),
    ):
        with pytest.raises(TypeError, match="expected bytes, got str"):
            call()


# --- Whatever bytes come.

MUTATIONS = {SLH_DSA_SHA2_128F: (15_000, 100), SLH_DSA_SHAKE_128F: (15_000, 100), SMALL[0]: (35_000, 1_000)}
MUTATIONS[SMALL[3]] = (35_000, 1_000)  # of each, how many there are, and how many the long run takes


@pytest.mark.slow
@pytest.mark.parametrize("parameters", MUTATIONS, ids=lambda p: p.name)
def test_mutated_keys_and_signatures(parameters: SLH_DSA) -> None:
    """Whatever bytes come, the answer is `InvalidSignature`, or a `ValueError` for a key of a wrong length."""
    pk, sk, seed = key_of(parameters)
    signature = parameters.sign(sk, b"message", addrnd=seed)
    there_are, taken = MUTATIONS[parameters]
    refused = 0
    seeds = share(range(there_are), taken, of=f"mutations of {parameters.name}")
    for number in seeds:
        choose = random.Random(number)
        match choose.randrange(8):
            case 0:
                refused += not valid(parameters.verify, mutated(choose, pk), b"message", signature)
            case 1:
                refused += not valid(parameters.verify, pk, mutated(choose, b"message"), signature)
            case _:
                refused += not valid(parameters.verify, pk, b"message", mutated(choose, signature))
    assert refused == len(seeds)


@pytest.mark.slow
def test_mutated_private_keys() -> None:
    """They are refused for their length, or make signatures of the right size."""
    _, sk, seed = key_of(SMALL[0])
    refused = 0
    seeds = share(range(2_000), 300, of="mutated private keys of SLH-DSA")
    for number in seeds:
        wrong = mutated(random.Random(number), sk)
        try:
            assert len(SMALL[0].sign(wrong, b"message", addrnd=seed)) == SMALL[0].signature_size
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
