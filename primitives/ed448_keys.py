"""Keys for Ed448, as values of types of their own: the primitive itself takes and gives plain bytes.

Standard     RFC 8032 §5.2.5.
Left out     Files: `pki.keys` reads and writes keys.
Timing       That of `primitives.ed448`.

>>> seed = bytes.fromhex(     # RFC 8032 §7.4, the first test
...     "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3"
...     "528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b")
>>> Ed448PrivateKey(seed).public_key.to_bytes().hex()[:58]
'5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80'
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from primitives.curves.edwards448 import NEUTRAL, decode, encode, multiply
from primitives.ed448 import ed448_public_key
from primitives.integers import RandomBytes
from primitives.octets import require_bytes


@dataclass(frozen=True, slots=True)
class Ed448PublicKey:
    """A public key: 57 bytes. Bytes that are not a point of the curve have no valid signatures (RFC 8032 §5.2.7)."""

    key: bytes

    def __post_init__(self) -> None:
        _check(self.key, "public")

    @classmethod
    def from_bytes(cls, key: bytes) -> Ed448PublicKey:
        """Return the public key that these 57 bytes are; raise `ValueError` for any other length."""
        return cls(key)

    def to_bytes(self) -> bytes:
        """Return the 57 bytes (RFC 8032 §5.2.5 step 4)."""
        return self.key

    @property
    def has_small_order(self) -> bool:
        """Whether 4 times the point is the neutral element: anyone can make signatures for such a key."""
        try:
            point = decode(self.key)
        except ValueError:  # it is not a point
            return False
        return encode(multiply(4, point)) == encode(NEUTRAL)


@dataclass(frozen=True, slots=True)
class Ed448PrivateKey:
    """A private key: 57 random bytes."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check(self.key, "private")

    @property
    def public_key(self) -> Ed448PublicKey:
        """The public key that belongs to it."""
        return Ed448PublicKey(ed448_public_key(self.key))


def generate_ed448_private_key(*, random_bytes: RandomBytes = secrets.token_bytes) -> Ed448PrivateKey:
    """Return a new private key: 57 random bytes (RFC 8032 §5.2.5)."""
    return Ed448PrivateKey(random_bytes(57))


def _check(key: bytes, kind: str) -> None:
    if len(require_bytes(key, f"Ed448: the {kind} key")) != 57:
        raise ValueError(f"the {kind} key of Ed448 has {len(key)} bytes, expected 57")
