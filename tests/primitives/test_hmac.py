"""HMAC against the test cases of RFC 4231 and RFC 2202, and against Python's own `hmac`."""

from __future__ import annotations

import hmac as oracle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.errors import InvalidTag
from primitives.hashes import HashFunction
from primitives.hmac import HMAC, hmac_digest
from primitives.sha2 import sha224, sha256, sha384, sha512

# RFC 4231 §4.2 to §4.8: key, data, and the tags with SHA-224, SHA-256, SHA-384 and SHA-512
RFC_4231 = [
    (
        b"\x0b" * 20,
        b"Hi There",
        "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
        "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ),
    (
        b"\xaa" * 20,
        b"\xdd" * 50,
        "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
        "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
        "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
    ),
    (
        bytes(range(1, 26)),
        b"\xcd" * 50,
        "6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
        "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
        "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
    ),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ),
    (
        b"\xaa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. "
        b"The key needs to be hashed before being used by the HMAC algorithm.",
        "3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
        "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
        "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
    ),
]

HASHES: list[HashFunction] = [sha224, sha256, sha384, sha512]


@pytest.mark.parametrize("case", RFC_4231, ids=["§4.2", "§4.3", "§4.4", "§4.5", "§4.7", "§4.8"])
def test_rfc_4231(case: tuple[Any, ...]) -> None:
    key, data, *tags = case
    for hash, tag in zip(HASHES, tags, strict=True):
        assert hmac_digest(key, data, hash=hash).hex() == tag
        HMAC(key, data, hash=hash).verify(bytes.fromhex(tag))


def test_rfc_4231_truncated() -> None:
    # §4.6: the first 128 bits
    tag = hmac_digest(b"\x0c" * 20, b"Test With Truncation", hash=sha256)
    assert tag[:16].hex() == "a3b6167473100ee06e0c796c2955552b"


@settings(max_examples=60, deadline=None)
@given(
    hash=st.sampled_from(HASHES),
    key=st.binary(max_size=140) | st.integers(63, 66).map(bytes) | st.integers(127, 130).map(bytes),
    parts=st.lists(st.binary(max_size=150), max_size=4),
)
def test_against_the_oracle(hash: HashFunction, key: bytes, parts: list[bytes]) -> None:
    mac = HMAC(key, hash=hash)
    known = oracle.new(key, digestmod=hash.name)
    for part in parts:
        mac.update(part)
        known.update(part)
        assert mac.digest() == known.digest()
    assert mac.hexdigest() == known.hexdigest()
    assert (mac.name, mac.digest_size, mac.block_size) == (known.name, known.digest_size, known.block_size)


@settings(max_examples=30, deadline=None)
@given(start=st.binary(max_size=100), one=st.binary(max_size=100), other=st.binary(max_size=100))
def test_copies_are_independent(start: bytes, one: bytes, other: bytes) -> None:
    mac = HMAC(b"key", start, hash=sha256)
    twin = mac.copy()
    mac.update(one)
    twin.update(other)
    assert mac.digest() == oracle.digest(b"key", start + one, "sha256")
    assert twin.digest() == oracle.digest(b"key", start + other, "sha256")


def test_the_key_is_absorbed_once() -> None:
    keyed = HMAC(b"key", hash=sha256)
    with trace.recording() as steps:
        mac = keyed.copy()
        mac.update(b"message")
        mac.digest()
    blocks = [step.name for whole in steps for step in whole.walk() if step.name.startswith("block")]
    assert blocks == ["block 2", "block 2"]  # block 1, of the inner and of the outer hash, was the key


@pytest.mark.parametrize("place", [0, 15, 31])
def test_a_tag_with_a_wrong_bit_is_refused(place: int) -> None:
    mac = HMAC(b"key", b"message", hash=sha256)
    tag = bytearray(mac.digest())
    tag[place] ^= 1
    with pytest.raises(InvalidTag, match="hmac-sha256: the tag does not belong to this key and message"):
        mac.verify(bytes(tag))


@pytest.mark.parametrize("change", [lambda tag: tag[:-1], lambda tag: tag + b"\0", lambda tag: b""])
def test_a_tag_of_another_length_is_refused(change: Any) -> None:
    mac = HMAC(b"key", b"message", hash=sha256)
    with pytest.raises(InvalidTag):
        mac.verify(change(mac.digest()))


def test_text_is_refused() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="HMAC: key: expected bytes, got str"):
        HMAC(wrong, hash=sha256)
    with pytest.raises(TypeError, match="HMAC: message: expected bytes, got str"):
        HMAC(b"", wrong, hash=sha256)
    with pytest.raises(TypeError, match="HMAC: message: expected bytes, got str"):
        HMAC(b"", hash=sha256).update(wrong)
    with pytest.raises(TypeError, match="HMAC: tag: expected bytes, got str"):
        HMAC(b"", hash=sha256).verify(wrong)


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(HMAC(b"secret", hash=sha256))
    assert b"secret".hex() not in repr(HMAC(b"secret", hash=sha256))


def test_the_trace_shows_both_keys_and_both_hashes() -> None:
    with trace.recording() as steps:
        tag = hmac_digest(b"Jefe", b"what do ya want for nothing?", hash=sha256)
    key, mac = steps
    assert [step.name for step in key.steps] == [
        "K0",
        "K0 ⊕ ipad",
        "SHA-256 update",
        "K0 ⊕ opad",
        "SHA-256 update",
    ]
    assert key.steps[0].value == b"Jefe" + bytes(60)
    assert key.steps[1].value == bytes(b ^ 0x36 for b in b"Jefe" + bytes(60))
    assert key.steps[3].value == bytes(b ^ 0x5C for b in b"Jefe" + bytes(60))
    assert [step.name for step in mac.steps] == ["SHA-256 digest", "H(K0 ⊕ ipad ‖ text)", "SHA-256 digest"]
    assert mac.value == mac.steps[2].value == tag
    for step in (inner for outer in steps for inner in outer.walk()):
        assert "§" in step.section
        assert step.why


def test_a_long_key_is_seen_being_hashed() -> None:
    with trace.recording() as steps:
        HMAC(b"\xaa" * 131, hash=sha256)
    assert [step.name for step in steps[0].steps[:3]] == ["SHA-256 update", "SHA-256 digest", "K0"]
