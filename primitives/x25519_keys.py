"""Keys for X25519, as values of types of their own: the primitive itself takes and gives plain bytes.

Standard     RFC 7748 §5, §6.1.
Left out     Files: none of ours holds such a key but those of `python -m primitives`.
Timing       That of `primitives.x25519`.

>>> a = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")     # RFC 7748 §6.1: Alice's
>>> X25519PrivateKey(a).public_key.to_bytes().hex()
'8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a'
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from primitives.integers import RandomBytes
from primitives.octets import require_bytes
from primitives.x25519 import BASE_POINT, x25519


@dataclass(frozen=True, slots=True)
class X25519PublicKey:
    """A public key: a u-coordinate, any 32 bytes. Those of small order give no shared secret (RFC 7748 §6.1)."""

    u: bytes

    def __post_init__(self) -> None:
        _check(self.u, "public")

    @classmethod
    def from_bytes(cls, u: bytes) -> X25519PublicKey:
        """Return the public key that these 32 bytes are; raise `ValueError` for any other length."""
        return cls(u)

    def to_bytes(self) -> bytes:
        """Return the 32 bytes."""
        return self.u


@dataclass(frozen=True, slots=True)
class X25519PrivateKey:
    """A private key: a scalar, any 32 bytes, of which the function sets five bits (RFC 7748 §5)."""

    scalar: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check(self.scalar, "private")

    @property
    def public_key(self) -> X25519PublicKey:
        """The public key that belongs to it (RFC 7748 §6.1)."""
        return X25519PublicKey(x25519(self.scalar, BASE_POINT))

    def exchange(self, peer: X25519PublicKey) -> bytes:
        """Return the shared secret, 32 bytes; raise `ValueError` for a public key of small order (RFC 7748 §6.1)."""
        return x25519(self.scalar, peer.u)


def generate_x25519_private_key(*, random_bytes: RandomBytes = secrets.token_bytes) -> X25519PrivateKey:
    """Return a new private key: 32 random bytes (RFC 7748 §6.1)."""
    return X25519PrivateKey(random_bytes(32))


def _check(key: bytes, kind: str) -> None:
    if len(require_bytes(key, f"X25519: the {kind} key")) != 32:
        raise ValueError(f"the {kind} key of X25519 has {len(key)} bytes, expected 32")
