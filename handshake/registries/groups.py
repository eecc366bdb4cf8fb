"""Named groups: where client and server do Diffie–Hellman, on a curve or modulo a prime.

Standard     RFC 8422 §5.1.1, §5.10, §5.11 (curves); RFC 7919 §2, §5.1 (primes); RFC 5246 §8.1.2.
Left out     secp521r1, x448, ffdhe6144 and ffdhe8192. Groups that a server makes up are refused, except the one of
             2048 bits that RFC 3526 names, which OpenSSL takes of its own accord.

>>> import secrets
>>> offer = GROUPS[29].offer(secrets.token_bytes)
>>> share, secret = GROUPS[29].answer(offer.share, secrets.token_bytes)
>>> GROUPS[29].name, offer.agree(share) == secret
('x25519', True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from handshake.registries.codes import GREASE
from primitives.curves.weierstrass import Curve
from primitives.dh import (
    FFDHE2048,
    FFDHE3072,
    FFDHE4096,
    MODP2048,
    DHGroup,
    DHPrivateKey,
    DHPublicKey,
    dh,
    generate_dh_private_key,
)
from primitives.ec import P256, P384, ECPrivateKey, ECPublicKey, generate_ec_private_key
from primitives.ecdh import ecdh
from primitives.integers import RandomBytes
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
    dh: the prime and its generator; None for a curve.
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

    def __repr__(self) -> str:
        return self.name


def _diffie_hellman(
    code: int, name: str, generate: Callable[[RandomBytes], KeyPair], *, dh: DHGroup | None = None
) -> Group:
    """Return a group in which both sides do the same: make a key pair, and combine it with the other's share."""

    def answer(share: bytes, random_bytes: RandomBytes) -> tuple[bytes, bytes]:
        pair = generate(random_bytes)
        secret = pair.agree(share)  # before anything of ours is computed for a share that is refused
        return pair.share, secret

    return Group(code, name, dh, generate, answer)


def _curve(code: int, name: str, curve: Curve) -> Group:
    return _diffie_hellman(
        code, name, lambda random_bytes: _ECKeyPair(generate_ec_private_key(curve, random_bytes=random_bytes))
    )


def _prime(code: int, group: DHGroup) -> Group:
    return _diffie_hellman(
        code,
        group.name,
        lambda random_bytes: _DHKeyPair(generate_dh_private_key(group, random_bytes=random_bytes)),
        dh=group,
    )


X25519 = _diffie_hellman(
    29, "x25519", lambda random_bytes: _X25519KeyPair(generate_x25519_private_key(random_bytes=random_bytes))
)
SECP256R1 = _curve(23, "secp256r1", P256)

DEFAULT_GROUPS = (
    X25519,
    SECP256R1,
    _curve(24, "secp384r1", P384),
    _prime(256, FFDHE2048),
    _prime(257, FFDHE3072),
    _prime(258, FFDHE4096),
)
"""All that are known here, the preferred ones first."""

GROUPS = {group.code: group for group in DEFAULT_GROUPS}

FFDHE_CODES = range(256, 512)  # RFC 7919 §2: a client that lists one of these wants no other primes

UNNAMED_GROUPS = (
    _prime(0, MODP2048),
)  # which servers may choose that do not know RFC 7919, with no number of their own

CURVE_CODES = {P256: 23, P384: 24}  # by which a client says with which keys it verifies ECDSA (RFC 8422 §5.1)

GROUP_NAMES = {
    25: "secp521r1",
    30: "x448",
    259: "ffdhe6144",
    260: "ffdhe8192",
    **GREASE,
    **{group.code: group.name for group in DEFAULT_GROUPS},
}


def group_section(code: int) -> str:
    """Return where a group has its number."""
    return "RFC 7919 §2" if code in FFDHE_CODES else "RFC 8701 §2" if code in GREASE else "RFC 8422 §5.1.1"


def group_by_name(name: str) -> Group:
    """Return the group with this name; raise `ValueError` for an unknown name."""
    aliases = {"P-256": "secp256r1", "prime256v1": "secp256r1", "P-384": "secp384r1", "X25519": "x25519"}
    for group in DEFAULT_GROUPS:
        if aliases.get(name, name) == group.name:
            return group
    known = ", ".join(group.name for group in DEFAULT_GROUPS)
    raise ValueError(f"there is no group {name!r}, expected one of {known}")
