"""Keys of Ed25519 and X25519 as objects: the face of the keys of ECDSA and ECDH, and the oracle's values."""

from __future__ import annotations

from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey, generate_ed25519_private_key
from primitives.x25519_keys import X25519PrivateKey, X25519PublicKey, generate_x25519_private_key


def test_public_keys_are_the_oracles() -> None:
    octets = Random(1).randbytes(32)
    for ours, theirs in (
        (Ed25519PrivateKey(octets), ed25519.Ed25519PrivateKey.from_private_bytes(octets)),
        (X25519PrivateKey(octets), x25519.X25519PrivateKey.from_private_bytes(octets)),
    ):
        public = theirs.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        assert ours.public_key.to_bytes() == public
        assert type(ours.public_key).from_bytes(public) == ours.public_key
        assert octets.hex()[:8] not in repr(ours)


def test_both_sides_come_to_the_oracles_secret() -> None:
    a, b = (generate_x25519_private_key(random_bytes=Random(seed).randbytes) for seed in (2, 3))
    theirs = x25519.X25519PrivateKey.from_private_bytes(a.scalar)
    secret = theirs.exchange(x25519.X25519PublicKey.from_public_bytes(b.public_key.to_bytes()))
    assert a.exchange(b.public_key) == b.exchange(a.public_key) == secret
    with pytest.raises(ValueError, match="all zeros"):
        a.exchange(X25519PublicKey(bytes(32)))


def test_a_new_key_takes_32_random_bytes() -> None:
    assert generate_ed25519_private_key(random_bytes=bytes) == Ed25519PrivateKey(bytes(32))
    assert generate_x25519_private_key(random_bytes=bytes) == X25519PrivateKey(bytes(32))
    assert generate_ed25519_private_key() != generate_ed25519_private_key()
    assert generate_x25519_private_key() != generate_x25519_private_key()


@pytest.mark.parametrize("kind", [Ed25519PrivateKey, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey])
def test_keys_are_32_bytes(kind: type) -> None:
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match=f"has {len(wrong)} bytes, expected 32"):
            kind(wrong)
    with pytest.raises(TypeError, match="bytes"):
        kind("a" * 32)
