"""The TLS 1.2 PRF against the vectors of the IETF's TLS list, and against RFC 5246 §5 on Python's own `hmac`."""

from __future__ import annotations

import hmac as oracle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.hashes import HashFunction
from primitives.sha2 import sha256, sha384, sha512
from primitives.tls12_prf import PRF, P_hash, tls12_prf

# The vectors posted to the IETF's TLS list ("TLS 1.2 PRF test vectors"), label "test label"
LIST_VECTORS: list[tuple[HashFunction, str, str, str]] = [
    (
        sha256,
        "9bbe436ba940f017b17652849a71db35",
        "a0ba9f936cda311827a6f796ffd5198c",
        "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
        "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
        "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
        "87347b66",
    ),
    (
        sha384,
        "b80b733d6ceefcdc71566ea48e5567df",
        "cd665cf6a8447dd6ff8b27555edb7465",
        "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd"
        "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd"
        "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
        "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6"
        "91c8f3a26854308d5eaa3be85e0990703d73e56f",
    ),
    (
        sha512,
        "b0323523c1853599584d88568bbb05eb",
        "d4640e12e4bcdbfb437f03e6ae418ee5",
        "1261f588c798c5c201ff036e7a9cb5edcd7fe3f94c669a122a4638d7d508b283"
        "042df6789875c7147e906d868bc75c45e20eb40c1cf4a1713b27371f68432592"
        "f7dc8ea8ef223e12ea8507841311bf68653d0cfc4056d811f025c45ddfa6e6fe"
        "c702f054b409d6f28dd0a3233e498da41a3e75c5630eedbe22fe254e33a1b0e9"
        "f6b9826675bec7d01a845658dc9c397545401d40b9f46c7a400ee1b8f81ca0a6"
        "0d1a397a1028bff5d2ef5066126842fb8da4197632bdb54ff6633f86bbc836e6"
        "40d4d898",
    ),
]


def p_hash_by_the_oracle(secret: bytes, seed: bytes, length: int, hash: str) -> bytes:
    """RFC 5246 §5, written recursively and on another HMAC."""

    def A(i: int) -> bytes:
        return seed if i == 0 else oracle.digest(secret, A(i - 1), hash)

    blocks = length // oracle.new(b"", digestmod=hash).digest_size + 1
    return b"".join(oracle.digest(secret, A(i) + seed, hash) for i in range(1, blocks + 1))[:length]


@pytest.mark.parametrize(("hash", "secret", "seed", "output"), LIST_VECTORS, ids=["sha256", "sha384", "sha512"])
def test_known_answers(hash: HashFunction, secret: str, seed: str, output: str) -> None:
    expected = bytes.fromhex(output)
    made = tls12_prf(
        bytes.fromhex(secret), label=b"test label", seed=bytes.fromhex(seed), length=len(expected), hash=hash
    )
    assert made == expected


@settings(max_examples=40, deadline=None)
@given(
    hash=st.sampled_from([sha256, sha384]),
    secret=st.binary(max_size=80),
    label=st.binary(max_size=20),
    seed=st.binary(max_size=80),
    length=st.integers(0, 150),
)
def test_against_the_oracle(hash: HashFunction, secret: bytes, label: bytes, seed: bytes, length: int) -> None:
    expected = p_hash_by_the_oracle(secret, label + seed, length, hash.name)
    assert tls12_prf(secret, label=label, seed=seed, length=length, hash=hash) == expected
    assert P_hash(secret, seed=label + seed, length=length, hash=hash) == expected


def test_a_shorter_output_is_the_beginning_of_a_longer_one() -> None:
    whole = P_hash(b"secret", seed=b"seed", length=100, hash=sha256)
    for length in (0, 1, 31, 32, 33, 63, 64, 65, 99):
        assert P_hash(b"secret", seed=b"seed", length=length, hash=sha256) == whole[:length]


def test_wrong_arguments() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="P_hash: secret: expected bytes, got str"):
        tls12_prf(wrong, label=b"", seed=b"", length=1, hash=sha256)
    with pytest.raises(TypeError, match="label: expected bytes, got str"):
        tls12_prf(b"", label=wrong, seed=b"", length=1, hash=sha256)
    with pytest.raises(TypeError, match="seed: expected bytes, got str"):
        tls12_prf(b"", label=b"", seed=wrong, length=1, hash=sha256)
    with pytest.raises(TypeError, match="P_hash: seed: expected bytes, got str"):
        P_hash(b"", seed=wrong, length=1, hash=sha256)
    with pytest.raises(ValueError, match="length is -1, expected 0 or more"):
        tls12_prf(b"", label=b"", seed=b"", length=-1, hash=sha256)


def test_the_trace_shows_every_iteration_and_the_key_absorbed_once() -> None:
    with trace.recording() as steps:
        output = tls12_prf(b"secret", label=b"label", seed=b"seed", length=40, hash=sha256)
    (prf,) = steps
    assert (prf.name, prf.value) == ("PRF", output)
    joined, p_hash = prf.steps
    assert joined.value == b"labelseed"
    key, *iterations = p_hash.steps
    assert key.name == "hmac-sha256 key"
    assert [step.name for step in iterations] == [
        "A(1)",
        "HMAC(secret, A(1) ‖ seed)",
        "A(2)",
        "HMAC(secret, A(2) ‖ seed)",
    ]
    assert iterations[0].value == oracle.digest(b"secret", b"labelseed", "sha256")
    assert b"".join(bytes(step.value) for step in iterations[1::2] if isinstance(step.value, bytes))[:40] == output
    for step in prf.walk():
        assert "§" in step.section
        assert step.why


def test_a_secret_that_is_used_again_is_not_absorbed_again() -> None:
    prf = PRF(b"secret", hash=sha256)
    with trace.recording() as steps:
        outputs = [prf.derive(label=label, seed=b"seed", length=12) for label in (b"one", b"two")]
    assert outputs == [
        tls12_prf(b"secret", label=label, seed=b"seed", length=12, hash=sha256) for label in (b"one", b"two")
    ]
    first, second = ([inner.name for inner in step.steps[1].steps] for step in steps)
    assert first == ["hmac-sha256 key", *second]
