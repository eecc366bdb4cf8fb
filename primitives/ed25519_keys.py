"""Keys for Ed25519, as values of types of their own: the primitive itself takes and gives plain bytes.

Standard     RFC 8032 §5.1.5.
Left out     Files: `pki.keys` reads and writes keys.
Timing       That of `primitives.ed25519`.

>>> seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")     # RFC 8032 §7.1 TEST 1
>>> Ed25519PrivateKey(seed).public_key.to_bytes().hex()
'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from primitives.curves.edwards25519 import NEUTRAL, decode, encode, multiply
from primitives.ed25519 import ed25519_public_key
from primitives.integers import RandomBytes
from primitives.octets import require_bytes


@dataclass(frozen=True, slots=True)
class Ed25519PublicKey:
    """A public key: 32 bytes. Bytes that are not a point of the curve have no valid signatures (RFC 8032 §5.1.7)."""

    key: bytes

    def __post_init__(self) -> None:
        _check(self.key, "public")

    @classmethod
    def from_bytes(cls, key: bytes) -> Ed25519PublicKey:
        """Return the public key that these 32 bytes are; raise `ValueError` for any other length."""
        return cls(key)

    def to_bytes(self) -> bytes:
        """Return the 32 bytes (RFC 8032 §5.1.5 step 4)."""
        return self.key

    @property
    def has_small_order(self) -> bool:
        """Whether 8 times the point is the neutral element: anyone can make signatures for such a key."""
        try:
            point = decode(self.key)
        except ValueError:  # it is not a point
            return False
        return encode(multiply(8, point)) == encode(NEUTRAL)


@dataclass(frozen=True, slots=True)
class Ed25519PrivateKey:
    """A private key: 32 random bytes."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check(self.key, "private")

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public key that belongs to it."""
        return Ed25519PublicKey(ed25519_public_key(self.key))


def generate_ed25519_private_key(*, random_bytes: RandomBytes = secrets.token_bytes) -> Ed25519PrivateKey:
    """Return a new private key: 32 random bytes (RFC 8032 §5.1.5)."""
    return Ed25519PrivateKey(random_bytes(32))


def _check(key: bytes, kind: str) -> None:
    if len(require_bytes(key, f"Ed25519: the {kind} key")) != 32:
        raise ValueError(f"the {kind} key of Ed25519 has {len(key)} bytes, expected 32")
