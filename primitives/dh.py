"""Diffie–Hellman: two parties agree on a secret in public, by powers modulo a prime.

Standard     RFC 7919 appendix A (the groups ffdhe2048 to ffdhe4096); RFC 3526 §3 (the 2048-bit MODP group);
             SP 800-56A rev. 3 §5.6.1.1.4 (key pairs), §5.6.2.3.1 (validation), §5.7.1.1 (the secret).
Left out     Groups that a peer sends; ffdhe6144 and ffdhe8192.
Timing       The secret powers run in `mod_exp_secret`; that of the validation works on public numbers only.

>>> hex(FFDHE2048.p)[:34]     # RFC 7919 §A.1
'0xffffffffffffffffadf85458a2bb4a9a'
>>> ours, theirs = generate_dh_private_key(FFDHE2048), generate_dh_private_key(FFDHE2048)
>>> dh(ours, theirs.public_key) == dh(theirs, ours.public_key)
True
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property

from explain.trace import algorithm, note
from primitives.integers import RandomBytes, i2osp, mod_exp, mod_exp_secret, os2ip, random_below
from primitives.octets import require_bytes

# --- The groups. Their primes are made of the digits of e and π, which nobody could choose to suit a hidden purpose.

GUARD = 64  # more bits than asked for, so that what the series' terms lose in rounding stays below the last bit


def e_bits(bits: int) -> int:
    """Return ⌊2^bits · e⌋, from e = 1 + 1/1! + 1/2! + 1/3! + …"""
    total, term, k = 0, 1 << (bits + GUARD), 0
    while term:
        total += term
        k += 1
        term //= k
    return total >> GUARD


def pi_bits(bits: int) -> int:
    """Return ⌊2^bits · π⌋, from Machin's π = 16·arctan(1/5) - 4·arctan(1/239)."""
    one = 1 << (bits + GUARD)
    return (16 * _arctan_of_inverse(5, one) - 4 * _arctan_of_inverse(239, one)) >> GUARD


def _arctan_of_inverse(x: int, one: int) -> int:
    """Return arctan(1/x) in units of 1/one, from arctan(t) = t - t³/3 + t⁵/5 - …"""
    total, power, k = 0, one // x, 1
    while power:
        total += power // k if k % 4 == 1 else -(power // k)
        power //= x * x
        k += 2
    return total


@dataclass(frozen=True)
class DHGroup:
    """A group to exchange keys in: the powers of g modulo a safe prime p, of which there are q = (p - 1)/2, a prime.

    name: the standard's name of the group.
    p: the prime. g: the generator.
    exponent_bits: the length of private keys: twice the bits of security that p gives, so that neither is the weaker.
    """

    name: str
    p: int
    g: int
    exponent_bits: int

    @cached_property
    def q(self) -> int:
        """The order of the group."""
        return (self.p - 1) // 2

    @property
    def size(self) -> int:
        """The length of p in bytes, and so of a public key and of a shared secret."""
        return (self.p.bit_length() + 7) // 8


def _ffdhe(b: int, X: int, exponent_bits: int) -> DHGroup:
    """Return the group of RFC 7919 whose p has b bits: X is the least number that makes p a safe prime."""
    p = 2**b - 2 ** (b - 64) + (e_bits(b - 130) + X) * 2**64 - 1
    return DHGroup(f"ffdhe{b}", p, 2, exponent_bits)


FFDHE2048 = _ffdhe(2048, 560316, 225)  # RFC 7919 §A.1
FFDHE3072 = _ffdhe(3072, 2625351, 275)  # RFC 7919 §A.2
FFDHE4096 = _ffdhe(4096, 5736041, 325)  # RFC 7919 §A.3
# RFC 3526 §3; the exponent's length is the larger of the two estimates of RFC 3526 §8.
MODP2048 = DHGroup("modp2048", 2**2048 - 2**1984 - 1 + 2**64 * (pi_bits(1918) + 124476), 2, 320)


# --- The keys


@dataclass(frozen=True)
class DHPublicKey:
    """A public key: a power y of g modulo p, checked when it is made.

    Raises `ValueError` if y is not in the group, or is 1.
    """

    group: DHGroup
    y: int

    def __post_init__(self) -> None:
        if not isinstance(self.y, int):
            raise TypeError(f"the public key is {type(self.y).__name__}, expected an int")
        p = self.group.p
        # SP 800-56A §5.6.2.3.1. Outside of these bounds lie 0, 1 and -1, whose powers anybody can guess; the
        # second check refuses everything else that is not a power of g, and would tell whether the private key is even.
        why, section = "the powers of 0, 1 and -1 anybody can guess", "SP 800-56A §5.6.2.3.1 step "
        if not note(section + "1", "2 ≤ y ≤ p - 2", 2 <= self.y <= p - 2, why):
            raise ValueError(f"the public key is out of range, expected 2 to p - 2 of {self.group.name}")
        why = "so y is a power of g, and z tells nothing of x modulo 2"
        if not note(section + "2", "y^q = 1", mod_exp(self.y, self.group.q, p) == 1, why):
            raise ValueError(f"the public key is not in the group {self.group.name}")

    @classmethod
    def from_bytes(cls, group: DHGroup, data: bytes) -> DHPublicKey:
        """Return the public key that `data` spells, most significant byte first: `group.size` bytes or fewer.

        Raises `ValueError` if there are more, or if it is not a public key.
        """
        data = require_bytes(data, "DH: the public key")
        if len(data) > group.size:
            raise ValueError(f"the public key is {len(data)} bytes, expected at most {group.size} in {group.name}")
        return cls(group, os2ip(data))

    def to_bytes(self) -> bytes:
        """Return the public key as `group.size` bytes."""
        return i2osp(self.y, self.group.size)


@dataclass(frozen=True)
class DHPrivateKey:
    """A private key: an exponent x with 1 ≤ x < q.

    Raises `ValueError` if x is out of that range.
    """

    group: DHGroup
    x: int

    def __post_init__(self) -> None:
        if not isinstance(self.x, int):
            raise TypeError(f"the private key is {type(self.x).__name__}, expected an int")
        if not 1 <= self.x < self.group.q:
            raise ValueError(f"the private key is out of range, expected 1 to q - 1 of {self.group.name}")

    def __repr__(self) -> str:
        return f"DHPrivateKey(group={self.group.name}, x=<hidden>)"

    @cached_property
    def public_key(self) -> DHPublicKey:
        """The public key y = g^x mod p that belongs to this key."""
        y = mod_exp_secret(self.group.g, self.x, self.group.p)
        formula = "y = {self.group.g}^{self.x} mod {self.group.p}"
        note("SP 800-56A §5.6.1.1.4", formula, y, "to be sent: nobody knows how to find x from it")
        return DHPublicKey(self.group, y)


def generate_dh_private_key(group: DHGroup, *, random_bytes: RandomBytes = secrets.token_bytes) -> DHPrivateKey:
    """Return a new private key: a uniformly random x of `group.exponent_bits` bits or fewer (SP 800-56A §5.6.1.1.4)."""
    x = 1 + random_below((1 << group.exponent_bits) - 1, random_bytes=random_bytes)
    note("SP 800-56A §5.6.1.1.4", "x", x, "random from 1 to 2^N - 1, by rejection, so that no value is favoured")
    return DHPrivateKey(group, x)


@algorithm("SP 800-56A §5.7.1.1", "DH", "(g^x)^x′ = (g^x′)^x: both come to the same number")
def dh(private: DHPrivateKey, public: DHPublicKey) -> bytes:
    """Return the shared secret Z of the owners of the two keys, `group.size` bytes (SP 800-56A §5.7.1.1).

    That `public` is in the group was checked when it was made. TLS 1.2 strips the leading zeros (RFC 5246 §8.1.2).

    Raises `ValueError` if the keys are of different groups.
    """
    if private.group != public.group:
        raise ValueError(f"DH: the keys are of {private.group.name} and {public.group.name}, expected one group")
    p = private.group.p
    y = note("", "y", public.y, "the other party's public key: it may be anybody's, as long as nothing vouches for it")
    z = mod_exp_secret(y, private.x, p)
    note("1", "z = {y}^{private.x} mod {p}", z, "nobody knows how to compute it from y and g^x")
    if z <= 1 or z == p - 1:  # step 2: never so for a y of prime order q and 0 < x < q, which were checked
        raise ValueError("DH: the shared secret is one that anybody can guess")
    return note(
        "3",
        "Z",
        i2osp(z, private.group.size),
        "as many bytes as p, whatever the number, so that both derive keys from the same bytes",
    )
