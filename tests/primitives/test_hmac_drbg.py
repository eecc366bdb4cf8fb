"""HMAC_DRBG against CAVP and RFC 6979, and against SP 800-90A §10.1.2 written on Python's own `hmac`."""

from __future__ import annotations

import hmac as oracle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import hmac_drbg
from primitives.hashes import HashFunction
from primitives.hmac_drbg import HMAC_DRBG
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512

data = st.binary(max_size=70)


class Independent:
    """SP 800-90A §10.1.2 once more, on another HMAC and without any care for speed."""

    def __init__(self, seed: bytes, hash: str) -> None:
        self.hash = hash
        size = oracle.new(b"", digestmod=hash).digest_size
        self.K, self.V = b"\0" * size, b"\1" * size
        self.update(seed)

    def update(self, more: bytes) -> None:
        for separator in (b"\0", b"\1") if more else (b"\0",):
            self.K = oracle.digest(self.K, self.V + separator + more, self.hash)
            self.V = oracle.digest(self.K, self.V, self.hash)

    def generate(self, n: int, more: bytes) -> bytes:
        if more:
            self.update(more)
        output = b""
        while len(output) < n:
            self.V = oracle.digest(self.K, self.V, self.hash)
            output += self.V
        self.update(more)
        return output[:n]


def test_cavp() -> None:
    # CAVP HMAC_DRBG.rsp, no reseed, [SHA-256] [PredictionResistance = False], 1024 bits, COUNT = 0: the second request
    drbg = HMAC_DRBG(
        entropy_input=bytes.fromhex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"),
        nonce=bytes.fromhex("659ba96c601dc69fc902940805ec0ca8"),
    )
    drbg.generate(128)
    assert (
        drbg.generate(128).hex() == "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"
        "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
        "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
        "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8"
    )


@pytest.mark.parametrize(
    ("message", "k"),
    [
        (b"sample", "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60"),
        (b"test", "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0"),
    ],
)
def test_rfc_6979_makes_its_nonces_with_it(message: bytes, k: str) -> None:
    # RFC 6979 §3.3: int2octets(x) is the entropy input and bits2octets(H(m)) the nonce; appendix A.2.5, P-256, SHA-256
    x = bytes.fromhex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")
    assert HMAC_DRBG(entropy_input=x, nonce=sha256(message).digest()).generate(32).hex() == k


@settings(max_examples=30, deadline=None)
@given(
    hash=st.sampled_from([sha1, sha256, sha512]),
    entropy=data,
    nonce=data,
    personalization=data,
    requests=st.lists(st.tuples(st.integers(0, 150), data), max_size=3),
    fresh=data,
    extra=data,
)
def test_against_the_oracle(
    hash: HashFunction,
    entropy: bytes,
    nonce: bytes,
    personalization: bytes,
    requests: list[tuple[int, bytes]],
    fresh: bytes,
    extra: bytes,
) -> None:
    drbg = HMAC_DRBG(entropy_input=entropy, nonce=nonce, personalization_string=personalization, hash=hash)
    known = Independent(entropy + nonce + personalization, hash.name)
    for n, additional in requests:
        assert drbg.generate(n, additional) == known.generate(n, additional)
    drbg.reseed(fresh, extra)
    known.update(fresh + extra)
    assert drbg.generate(40) == known.generate(40, b"")


def test_more_than_one_request_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hmac_drbg, "MAX_REQUEST", 100)
    one, other = (HMAC_DRBG(entropy_input=bytes(32), nonce=b"") for _ in range(2))
    assert one(100) == other.generate(100)
    assert one(205) == other.generate(100) + other.generate(100) + other.generate(5)
    assert one(0) == b""


def test_the_longest_request() -> None:
    drbg = HMAC_DRBG(entropy_input=bytes(32), nonce=b"")
    assert len(drbg.generate(65536)) == 65536  # 2^19 bits, SP 800-90A table 2
    for request in (drbg.generate, drbg):
        with pytest.raises(ValueError, match="n is -1, expected 0 to 65536 bytes in one request"):
            request(-1)
    with pytest.raises(ValueError, match="n is 65537, expected 0 to 65536 bytes in one request"):
        drbg.generate(65537)


def test_the_end_of_a_seed() -> None:
    drbg = HMAC_DRBG(entropy_input=bytes(32), nonce=b"")
    drbg._reseed_counter = hmac_drbg.RESEED_INTERVAL
    drbg.generate(1)
    with pytest.raises(ValueError, match="a reseed is required"):
        drbg.generate(1)
    drbg.reseed(bytes(32))
    drbg.generate(1)


def test_text_is_refused() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="entropy_input: expected bytes, got str"):
        HMAC_DRBG(entropy_input=wrong, nonce=b"")
    with pytest.raises(TypeError, match="nonce: expected bytes, got str"):
        HMAC_DRBG(entropy_input=b"", nonce=wrong)
    with pytest.raises(TypeError, match="personalization_string: expected bytes, got str"):
        HMAC_DRBG(entropy_input=b"", nonce=b"", personalization_string=wrong)
    drbg = HMAC_DRBG(entropy_input=bytes(32), nonce=b"")
    with pytest.raises(TypeError, match="entropy_input: expected bytes, got str"):
        drbg.reseed(wrong)
    with pytest.raises(TypeError, match="additional_input: expected bytes, got str"):
        drbg.reseed(b"", wrong)
    with pytest.raises(TypeError, match="additional_input: expected bytes, got str"):
        drbg.generate(1, wrong)


def test_the_state_is_not_shown() -> None:
    assert repr(HMAC_DRBG(entropy_input=b"secret", nonce=b"")) == "<HMAC_DRBG with sha256, state hidden>"


def test_the_trace() -> None:
    with trace.recording() as steps:
        drbg = HMAC_DRBG(entropy_input=bytes(32), nonce=bytes(16))
        output = drbg.generate(40)
        drbg.reseed(bytes(32))
    assert [step.name for step in steps] == ["Instantiate", "Generate", "Reseed"]
    assert steps[1].value == output
    assert [step.name for step in steps[1].steps if "hmac" not in step.name] == ["V", "V", "Update"]
    for step in (inner for outer in steps for inner in outer.walk()):
        assert "§" in step.section
        assert step.why
