"""Keys for X448, as values of types of their own: the primitive itself takes and gives plain bytes.

Standard     RFC 7748 §5, §6.2.
Left out     Files: none of ours holds such a key but those of `python -m primitives`.
Timing       That of `primitives.x448`.

>>> a = bytes.fromhex(     # RFC 7748 §6.2: Alice's
...     "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
...     "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b")
>>> X448PrivateKey(a).public_key.to_bytes().hex()[:56]
'9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c'
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from primitives.integers import RandomBytes
from primitives.octets import require_bytes
from primitives.x448 import BASE_POINT, x448


@dataclass(frozen=True, slots=True)
class X448PublicKey:
    """A public key: a u-coordinate, any 56 bytes. Those of small order give no shared secret (RFC 7748 §6.2)."""

    u: bytes

    def __post_init__(self) -> None:
        _check(self.u, "public")

    @classmethod
    def from_bytes(cls, u: bytes) -> X448PublicKey:
        """Return the public key that these 56 bytes are; raise `ValueError` for any other length."""
        return cls(u)

    def to_bytes(self) -> bytes:
        """Return the 56 bytes."""
        return self.u


@dataclass(frozen=True, slots=True)
class X448PrivateKey:
    """A private key: a scalar, any 56 bytes, of which the function sets three bits (RFC 7748 §5)."""

    scalar: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check(self.scalar, "private")

    @property
    def public_key(self) -> X448PublicKey:
        """The public key that belongs to it (RFC 7748 §6.2)."""
        return X448PublicKey(x448(self.scalar, BASE_POINT))

    def exchange(self, peer: X448PublicKey) -> bytes:
        """Return the shared secret, 56 bytes; raise `ValueError` for a public key of small order (RFC 7748 §6.2)."""
        return x448(self.scalar, peer.u)


def generate_x448_private_key(*, random_bytes: RandomBytes = secrets.token_bytes) -> X448PrivateKey:
    """Return a new private key: 56 random bytes (RFC 7748 §6.2)."""
    return X448PrivateKey(random_bytes(56))


def _check(key: bytes, kind: str) -> None:
    if len(require_bytes(key, f"X448: the {kind} key")) != 56:
        raise ValueError(f"the {kind} key of X448 has {len(key)} bytes, expected 56")
