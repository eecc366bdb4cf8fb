"""The functions that SLH-DSA is made of, in two families: with SHAKE256, and with SHA-256 and SHA-512.

Standard     FIPS 205 §4.1, §11.1 and §11.2 (August 2024).
Left out     Nothing.
Timing       That of the hash functions, which take no branches on data.

>>> from primitives.hash_based.addresses import Address
>>> SHA2(16).F(bytes(16), Address(), bytes(16)) == SHA2(16).PRF(bytes(16), bytes(16), Address())
True

All of them hash the public seed and an address in front of what is to be hashed, so that each call for each key is a
function of its own. What SHA-256 has compressed of the public seed is the same for a whole key: zeros fill its first
block, and every call goes on from there.

`F` and the like compute one value as the standard defines it; `F_many` and `H_many` many at once, in lanes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from explain.trace import algorithm, note, tracing, unrecorded
from primitives.hash_based.addresses import Address, long_address, short_address
from primitives.hmac import hmac_digest
from primitives.mgf1 import mgf1
from primitives.sha2 import sha256, sha512
from primitives.sha3 import shake_256


class HashFunctions(ABC):
    """The functions of a parameter set.

    n: the bytes of what most of them return, and of the seeds.
    """

    section: str
    """Where they are defined."""

    def __init__(self, n: int) -> None:
        self.n = n

    @algorithm("{self.section}", "PRF", "makes a secret value when it is needed: a key keeps one seed for all of them")
    def PRF(self, PK_seed: bytes, SK_seed: bytes, ADRS: Address) -> bytes:
        """Return the secret value that belongs to an address."""
        return self._one(False, PK_seed, ADRS, SK_seed)

    @algorithm("{self.section}", "F", "easy to compute, and nobody knows a way back")
    def F(self, PK_seed: bytes, ADRS: Address, M_1: bytes) -> bytes:
        """Return the hash value of n bytes."""
        return self._one(False, PK_seed, ADRS, M_1)

    @algorithm("{self.section}", "H", "stands for two nodes: nobody finds another pair with the same parent")
    def H(self, PK_seed: bytes, ADRS: Address, M_2: bytes) -> bytes:
        """Return the hash value of two nodes."""
        return self._one(True, PK_seed, ADRS, M_2)

    @algorithm("{self.section}", "T_l", "one short value stands for many")
    def T(self, PK_seed: bytes, ADRS: Address, M_l: bytes) -> bytes:
        """Return the hash value of ℓ values of n bytes."""
        return self._one(True, PK_seed, ADRS, M_l)

    def F_many(self, PK_seed: bytes, inputs: Sequence[bytes]) -> list[bytes]:
        """Return F of many inputs, each an address by `address` and the message after it; with SK.seed, it is PRF."""
        with unrecorded():
            return self._many(False, PK_seed, inputs)

    def H_many(self, PK_seed: bytes, inputs: Sequence[bytes]) -> list[bytes]:
        """Return H or T_ℓ of many inputs, each an address by `address` and the message after it."""
        with unrecorded():
            return self._many(True, PK_seed, inputs)

    def _one(self, joins: bool, PK_seed: bytes, ADRS: Address, M: bytes) -> bytes:
        whole = self._input(joins, PK_seed, ADRS, M)
        if not tracing():
            return self._hash(joins, whole)
        with unrecorded():  # there are thousands of them: their steps are those of the hash function
            return self._hash(joins, whole)

    @abstractmethod
    def H_msg(self, R: bytes, PK_seed: bytes, PK_root: bytes, M: bytes, m: int) -> bytes:
        """Return the digest of a message, m bytes. R: its randomizer."""

    @abstractmethod
    def PRF_msg(self, SK_prf: bytes, opt_rand: bytes, M: bytes) -> bytes:
        """Return the randomizer of a message."""

    @staticmethod
    @abstractmethod
    def address(layer: int, tree: int, kind: int, key_pair: int, chain: int, index: int) -> bytes:
        """Return an address as it is hashed."""

    @abstractmethod
    def _input(self, joins: bool, PK_seed: bytes, ADRS: Address, M: bytes) -> bytes:
        """Return all that is hashed. joins: for H and T_ℓ, not for F and PRF."""

    @abstractmethod
    def _hash(self, joins: bool, whole: bytes) -> bytes:
        """Return the hash value of the input."""

    @abstractmethod
    def _many(self, joins: bool, PK_seed: bytes, inputs: Sequence[bytes]) -> list[bytes]:
        """Return the hash values of many inputs, each without the public seed in front."""


class SHAKE(HashFunctions):
    """The functions with SHAKE256 (§11.1)."""

    section = "FIPS 205 §11.1"
    address = staticmethod(long_address)

    @algorithm(
        "{self.section}", "H_msg", "the digest that is signed: R is in it, so nobody knows it before R is chosen"
    )
    def H_msg(self, R: bytes, PK_seed: bytes, PK_root: bytes, M: bytes, m: int) -> bytes:
        """Return SHAKE256(R ‖ PK.seed ‖ PK.root ‖ M, 8m)."""
        return shake_256(R + PK_seed + PK_root + M).digest(m)

    @algorithm("{self.section}", "PRF_msg", "random to all who do not know SK.prf, and different for each message")
    def PRF_msg(self, SK_prf: bytes, opt_rand: bytes, M: bytes) -> bytes:
        """Return SHAKE256(SK.prf ‖ opt_rand ‖ M, 8n)."""
        return shake_256(SK_prf + opt_rand + M).digest(self.n)

    def _input(self, joins: bool, PK_seed: bytes, ADRS: Address, M: bytes) -> bytes:
        parts = (("PK.seed", self.n), ("ADRS", 32), ("M", len(M)))
        return note("", "input", PK_seed + bytes(ADRS) + M, "for each place in the key another function", parts=parts)

    def _hash(self, joins: bool, whole: bytes) -> bytes:
        return shake_256(whole).digest(self.n)

    def _many(self, joins: bool, PK_seed: bytes, inputs: Sequence[bytes]) -> list[bytes]:
        return shake_256(PK_seed).digest_many(inputs, self.n)


class SHA2(HashFunctions):
    """The functions with SHA-256; where n is more than 16, those that join values have SHA-512 (§11.2.1, §11.2.2)."""

    address = staticmethod(short_address)

    def __init__(self, n: int) -> None:
        super().__init__(n)
        # SHA-256 has collisions after 2^128 attempts: too few for the functions where these would help a forger.
        self._joining = sha256 if n == 16 else sha512
        self.section = "FIPS 205 §11.2.1" if n == 16 else "FIPS 205 §11.2.2"

    @algorithm(
        "{self.section}", "H_msg", "the digest that is signed: R is in it, so nobody knows it before R is chosen"
    )
    def H_msg(self, R: bytes, PK_seed: bytes, PK_root: bytes, M: bytes, m: int) -> bytes:
        """Return MGF1(R ‖ PK.seed ‖ hash(R ‖ PK.seed ‖ PK.root ‖ M), m), with SHA-256 or SHA-512."""
        inner = self._joining(R + PK_seed + PK_root + M).digest()
        return mgf1(R + PK_seed + inner, m, hash=self._joining)

    @algorithm("{self.section}", "PRF_msg", "random to all who do not know SK.prf, and different for each message")
    def PRF_msg(self, SK_prf: bytes, opt_rand: bytes, M: bytes) -> bytes:
        """Return the first n bytes of HMAC(SK.prf, opt_rand ‖ M), with SHA-256 or SHA-512."""
        return hmac_digest(SK_prf, opt_rand + M, hash=self._joining)[: self.n]

    def _function(self, joins: bool) -> type[sha256 | sha512]:
        return self._joining if joins else sha256

    def _seed_block(self, joins: bool, PK_seed: bytes) -> bytes:
        """Return PK.seed ‖ toByte(0, 64 − n), or 128 − n for SHA-512."""
        return PK_seed.ljust(self._function(joins).block_size, b"\0")

    def _input(self, joins: bool, PK_seed: bytes, ADRS: Address, M: bytes) -> bytes:
        block = self._seed_block(joins, PK_seed)
        zeros = len(block) - self.n
        parts = (("PK.seed", self.n), (f"toByte(0, {zeros})", zeros), ("ADRS^c", 22), ("M", len(M)))
        return note("", "input", block + ADRS.short() + M, "for each place in the key another function", parts=parts)

    def _hash(self, joins: bool, whole: bytes) -> bytes:
        return self._function(joins)(whole).digest()[: self.n]

    def _many(self, joins: bool, PK_seed: bytes, inputs: Sequence[bytes]) -> list[bytes]:
        start = self._function(joins)(self._seed_block(joins, PK_seed))
        return [digest[: self.n] for digest in start.digest_many(inputs)]
