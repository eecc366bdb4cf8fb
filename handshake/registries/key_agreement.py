"""What a group is, in which two sides agree on a secret; and those of Diffie–Hellman, on a curve or modulo a prime.

Standard     RFC 8422 §5.4, §5.10, §5.11 (curves); RFC 7919 §5.1 (primes); RFC 9846 §4.3.8, §7.4.
Left out     Which groups there are: see `groups`. Those with a KEM in them: see `kem_groups`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from primitives.curves.weierstrass import Curve
from primitives.dh import DHGroup, DHPrivateKey, DHPublicKey, dh, generate_dh_private_key
from primitives.ec import ECPrivateKey, ECPublicKey, generate_ec_private_key
from primitives.ecdh import ecdh
from primitives.integers import RandomBytes
from primitives.x448_keys import X448PrivateKey, X448PublicKey, generate_x448_private_key
from primitives.x25519_keys import X25519PrivateKey, X25519PublicKey, generate_x25519_private_key


class KeyPair(Protocol):
    """An ephemeral key pair of one group, for one handshake."""

    @property
    def share(self) -> bytes:
        """The public key, as it is sent."""

    def agree(self, peer: bytes) -> bytes:
        """Return the shared secret; raise `ValueError` if `peer` is not a share of the group."""


@dataclass(frozen=True, slots=True)
class _X25519KeyPair:
    """RFC 8422 §5.4, §5.10: 32 bytes, and 32 bytes."""

    key: X25519PrivateKey

    @property
    def share(self) -> bytes:
        return self.key.public_key.to_bytes()

    def agree(self, peer: bytes) -> bytes:
        return self.key.exchange(X25519PublicKey.from_bytes(peer))  # §5.11: refuses an all-zero result


@dataclass(frozen=True, slots=True)
class _X448KeyPair:
    """RFC 8422 §5.4, §5.10: 56 bytes, and 56 bytes."""

    key: X448PrivateKey

    @property
    def share(self) -> bytes:
        return self.key.public_key.to_bytes()

    def agree(self, peer: bytes) -> bytes:
        return self.key.exchange(X448PublicKey.from_bytes(peer))  # §5.11: refuses an all-zero result


@dataclass(frozen=True, slots=True)
class _ECKeyPair:
    """RFC 8422 §5.10: the secret is the x-coordinate of the shared point, with its leading zeros."""

    key: ECPrivateKey

    @property
    def share(self) -> bytes:
        return self.key.public_key.to_bytes()

    def agree(self, peer: bytes) -> bytes:
        if peer[:1] != b"\4":  # §5.4.1: no form but the uncompressed
            raise ValueError("the point is not in the uncompressed form")
        return ecdh(self.key, ECPublicKey.from_bytes(self.key.curve, peer))  # §5.11: checks that it is on the curve


@dataclass(frozen=True, slots=True)
class _DHKeyPair:
    key: DHPrivateKey

    @property
    def share(self) -> bytes:
        return self.key.public_key.to_bytes()

    def agree(self, peer: bytes) -> bytes:
        return dh(self.key, DHPublicKey.from_bytes(self.key.group, peer))  # RFC 7919 §5.1: checks that 1 < Y < p − 1


@dataclass(frozen=True, slots=True)
class Group:
    """A group to agree on a secret in.

    code, name: its number and name in IANA's registry.
    dh: the prime and its generator; None for anything else.
    post_quantum: whether a KEM has part in it. TLS 1.2 has no message in which it could answer.
    offer: makes a key pair, with the randomness that it is given: the side whose share is sent first keeps it until
        the answer comes.
    answer: takes the first side's share and randomness, and returns the second side's share and the shared secret. It
        raises `ValueError` if what it takes is not a share of the group. Where the group is a KEM, this encapsulates.
    """

    code: int
    name: str
    dh: DHGroup | None
    offer: Callable[[RandomBytes], KeyPair]
    answer: Callable[[bytes, RandomBytes], tuple[bytes, bytes]]
    post_quantum: bool = False

    def __repr__(self) -> str:
        return self.name


def diffie_hellman(
    code: int, name: str, generate: Callable[[RandomBytes], KeyPair], *, dh: DHGroup | None = None
) -> Group:
    """Return a group in which both sides do the same: make a key pair, and combine it with the other's share."""

    def answer(share: bytes, random_bytes: RandomBytes) -> tuple[bytes, bytes]:
        pair = generate(random_bytes)
        secret = pair.agree(share)  # before anything of ours is computed for a share that is refused
        return pair.share, secret

    return Group(code, name, dh, generate, answer)


def on_curve(code: int, name: str, curve: Curve) -> Group:
    """Return the group of a NIST curve."""
    return diffie_hellman(
        code, name, lambda random_bytes: _ECKeyPair(generate_ec_private_key(curve, random_bytes=random_bytes))
    )


def modulo_prime(code: int, group: DHGroup) -> Group:
    """Return the group of a prime."""
    return diffie_hellman(
        code,
        group.name,
        lambda random_bytes: _DHKeyPair(generate_dh_private_key(group, random_bytes=random_bytes)),
        dh=group,
    )


def on_curve25519(code: int, name: str) -> Group:
    """Return the group of X25519."""
    return diffie_hellman(
        code, name, lambda random_bytes: _X25519KeyPair(generate_x25519_private_key(random_bytes=random_bytes))
    )


def on_curve448(code: int, name: str) -> Group:
    """Return the group of X448."""
    return diffie_hellman(
        code, name, lambda random_bytes: _X448KeyPair(generate_x448_private_key(random_bytes=random_bytes))
    )
