"""Sub-functions of SLH-DSA in the shape of a single step: what is said first comes first, and inputs are checked.

Standard     FIPS 205; the functions called are the algorithm's own, with SHA-256 and values of 16 bytes.
Left out     Nothing.
Timing       That of the textbook path.

>>> wots_digits(bytes.fromhex("1b"), 2)     # 0 1 2 3, and their checksum: 3 + 2 + 1 + 0 = 6
[0, 1, 2, 3, 1, 2]
"""

from __future__ import annotations

from primitives.commands.steps.functions import within
from primitives.hash_based import digits
from primitives.hash_based.addresses import Address
from primitives.hash_based.hash_functions import SHA2
from primitives.hash_based.parameters import Parameters
from primitives.hash_based.wots import WOTS


def wots_chain(X: bytes, i: int, s: int, PK_seed: bytes, ADRS: bytes) -> bytes:
    """Return the value `s` steps after `X`, which is the one at `i` of the chain that the address says."""
    wots = WOTS(Parameters(SHA2(16), h=1, d=1, a=1, k=1))
    i = within(i, 0, 15, "i")
    return wots.chain(X, i, within(s, 0, 15 - i, "s"), PK_seed, Address(ADRS))


def wots_digits(M: bytes, lg_w: int) -> list[int]:
    """Return the digits of `M`, of `lg_w` bits each, and those of their checksum."""
    within(lg_w, 1, 8, "lg_w")
    within(len(M), 1, 64, "the length of M")
    return WOTS(Parameters(SHA2(len(M)), h=1, d=1, a=1, k=1, lg_w=lg_w)).digits(M)


def base_2b(X: bytes, b: int, out_len: int) -> list[int]:
    """Return the first `out_len` numbers of `b` bits that `X` is made of."""
    within(b, 1, 64, "b")
    return digits.base_2b(X, b, within(out_len, 0, 8 * len(X) // b, "out_len"))


def F(PK_seed: bytes, ADRS: bytes, M_1: bytes) -> bytes:
    """Return the hash value of 16 bytes."""
    return SHA2(16).F(PK_seed, Address(ADRS), M_1)


def H(PK_seed: bytes, ADRS: bytes, M_2: bytes) -> bytes:
    """Return the hash value of two nodes of 16 bytes."""
    return SHA2(16).H(PK_seed, Address(ADRS), M_2)


def PRF(PK_seed: bytes, SK_seed: bytes, ADRS: bytes) -> bytes:
    """Return the secret value that belongs to an address."""
    return SHA2(16).PRF(PK_seed, SK_seed, Address(ADRS))


def short_address(ADRS: bytes) -> bytes:
    """Return ADRS^c, 22 bytes."""
    return Address(ADRS).short()
