"""Keys on elliptic curves, for ECDSA and ECDH.

Standard     SEC 1 v2.0 §3.2 (key pairs, and the validation of public keys); FIPS 186-5 appendix A.2.2 (generation).
Left out     Files: `pki.keys` reads and writes keys.
Timing       A private key meets the curve in `primitives.curves.jacobian`, whose head says what leaks.

>>> key = ECPrivateKey(P256, 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)     # RFC 6979 §A.2.5
>>> key.public_key.to_bytes(compressed=True).hex()
'0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6'
>>> key
ECPrivateKey(curve=P-256, d=<hidden>)
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property

from explain.trace import note, tracing
from primitives.curves import jacobian, weierstrass
from primitives.curves.nist_curves import P224, P256, P384, P521
from primitives.curves.secp256k1 import SECP256K1
from primitives.curves.weierstrass import INFINITY, Curve, Point
from primitives.integers import RandomBytes, random_below

__all__ = [
    "P224",
    "P256",
    "P384",
    "P521",
    "SECP256K1",
    "ECPrivateKey",
    "ECPublicKey",
    "generate_ec_private_key",
    "multiply",
]


@dataclass(frozen=True)
class ECPublicKey:
    """A public key: a point Q of a curve, checked when it is made.

    Raises `ValueError` if Q is infinity or no point of the curve (SEC 1 §3.2.2.1).
    """

    curve: Curve
    Q: tuple[int, int]

    def __post_init__(self) -> None:
        # The steps of SEC 1 §3.2.2.1. A point that is not on the curve is on another one, where its order may
        # be small; multiplied by a private key it would give the key away piece by piece (invalid-curve attack).
        if self.Q is INFINITY:
            raise ValueError("the public key is the point at infinity")
        if not weierstrass.is_on_curve(self.curve, self.Q):
            raise ValueError(f"the public key is not a point of {self.curve.name}")
        # Step 4, nQ = O, holds for every point where the cofactor is 1.

    @classmethod
    def from_bytes(cls, curve: Curve, point: bytes) -> ECPublicKey:
        """Return the public key that is a point's octet string (SEC 1 §2.3.4), uncompressed or compressed.

        Raises `ValueError` if it spells no point of the curve, or infinity.
        """
        Q = weierstrass.decode_point(curve, point)
        if Q is None:
            raise ValueError("the public key is the point at infinity")
        return cls(curve, Q)

    def to_bytes(self, *, compressed: bool = False) -> bytes:
        """Return the point's octet string (SEC 1 §2.3.3): 1 + 2 `coordinate_size` bytes, or 1 + `coordinate_size`."""
        return weierstrass.encode_point(self.curve, self.Q, compressed=compressed)


@dataclass(frozen=True)
class ECPrivateKey:
    """A private key: a number d with 1 ≤ d < n (SEC 1 §3.2.1).

    Raises `ValueError` if d is out of that range.
    """

    curve: Curve
    d: int

    def __post_init__(self) -> None:
        if not isinstance(self.d, int):
            raise TypeError(f"the private key is {type(self.d).__name__}, expected an integer")
        if not 1 <= self.d < self.curve.n:
            raise ValueError(f"the private key is out of range, expected 1 to n − 1 of {self.curve.name}")

    def __repr__(self) -> str:
        return f"ECPrivateKey(curve={self.curve.name}, d=<hidden>)"

    @cached_property
    def public_key(self) -> ECPublicKey:
        """The public key Q = dG that belongs to this key (SEC 1 §3.2.1 step 2)."""
        Q = multiply(self.curve, self.d, self.curve.G)
        if Q is None:
            raise ValueError(f"{self.curve.name} is not a curve of prime order n")
        return ECPublicKey(self.curve, Q)


def generate_ec_private_key(curve: Curve, *, random_bytes: RandomBytes = secrets.token_bytes) -> ECPrivateKey:
    """Return a new private key: a uniformly random d in [1, n − 1] (FIPS 186-5 appendix A.2.2)."""
    d = 1 + random_below(curve.n - 1, random_bytes=random_bytes)
    return ECPrivateKey(
        curve, note("FIPS 186-5 §A.2.2", "d", d, "random from 1 to n − 1, so that no value is favoured")
    )


def multiply(curve: Curve, k: int, P: Point) -> Point:
    """Return kP for 0 ≤ k < n and a point P of the curve: fast, or step by step while recording."""
    if tracing():
        return weierstrass.multiply(curve, k, P)
    if P == curve.G:
        return jacobian.multiply_base(curve, k)
    return jacobian.multiply(curve, k, P)
