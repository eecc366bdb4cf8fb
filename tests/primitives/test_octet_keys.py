"""Keys of Ed25519, X25519, Ed448 and X448 as objects: the face of the keys of ECDSA and ECDH, the oracle's values."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from primitives.ed448_keys import Ed448PrivateKey, Ed448PublicKey, generate_ed448_private_key
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey, generate_ed25519_private_key
from primitives.x448_keys import X448PrivateKey, X448PublicKey, generate_x448_private_key
from primitives.x25519_keys import X25519PrivateKey, X25519PublicKey, generate_x25519_private_key

KINDS: list[tuple[int, type, type, Callable[..., Any], Any]] = [
    (32, Ed25519PrivateKey, Ed25519PublicKey, generate_ed25519_private_key, ed25519.Ed25519PrivateKey),
    (32, X25519PrivateKey, X25519PublicKey, generate_x25519_private_key, x25519.X25519PrivateKey),
    (57, Ed448PrivateKey, Ed448PublicKey, generate_ed448_private_key, ed448.Ed448PrivateKey),
    (56, X448PrivateKey, X448PublicKey, generate_x448_private_key, x448.X448PrivateKey),
]
EACH = pytest.mark.parametrize(("length", "private", "public", "generate", "oracle"), KINDS)


@EACH
def test_public_keys_are_the_oracles(length: int, private: Any, public: Any, generate: Any, oracle: Any) -> None:
    octets = Random(1).randbytes(length)
    ours, theirs = private(octets), oracle.from_private_bytes(octets)
    expected = theirs.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert ours.public_key.to_bytes() == expected
    assert public.from_bytes(expected) == ours.public_key
    assert octets.hex()[:8] not in repr(ours)


@pytest.mark.parametrize(
    ("generate", "public", "oracle"),
    [(generate_x25519_private_key, X25519PublicKey, x25519), (generate_x448_private_key, X448PublicKey, x448)],
)
def test_both_sides_come_to_the_oracles_secret(generate: Any, public: Any, oracle: Any) -> None:
    a, b = (generate(random_bytes=Random(seed).randbytes) for seed in (2, 3))
    curve = public.__name__.removesuffix("PublicKey")
    theirs = getattr(oracle, f"{curve}PrivateKey").from_private_bytes(a.scalar)
    secret = theirs.exchange(getattr(oracle, f"{curve}PublicKey").from_public_bytes(b.public_key.to_bytes()))
    assert a.exchange(b.public_key) == b.exchange(a.public_key) == secret
    with pytest.raises(ValueError, match="all zeros"):
        a.exchange(public(bytes(len(secret))))


@EACH
def test_a_new_key_takes_that_many_random_bytes(
    length: int, private: Any, public: Any, generate: Any, oracle: Any
) -> None:
    assert generate(random_bytes=bytes) == private(bytes(length))
    assert generate() != generate()


@EACH
def test_keys_have_one_length(length: int, private: Any, public: Any, generate: Any, oracle: Any) -> None:
    for kind in (private, public):
        for wrong in (b"", bytes(length - 1), bytes(length + 1)):
            with pytest.raises(ValueError, match=f"has {len(wrong)} bytes, expected {length}"):
                kind(wrong)
        with pytest.raises(TypeError, match="bytes"):
            kind("a" * length)


def test_ed448_tells_the_points_of_small_order() -> None:
    p = 2**448 - 2**224 - 1
    small = [(1).to_bytes(57, "little"), (p - 1).to_bytes(57, "little"), bytes(57), bytes(56) + b"\x80"]
    assert [Ed448PublicKey(key).has_small_order for key in small] == [True] * 4  # of orders 1, 2, 4 and 4
    assert not Ed448PrivateKey(bytes(57)).public_key.has_small_order
    assert not Ed448PublicKey(b"\xff" * 57).has_small_order  # which is not a point
