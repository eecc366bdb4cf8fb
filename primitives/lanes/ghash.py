"""GHASH, many blocks at once: the blocks are the lanes of one Python integer, folded in half.

Standard     SP 800-38D §6.3 and §6.4; `gcm.py` has the same, line against line with the standard.
Left out     The steps for a recording.
Timing       Shows how many zeros H and its powers have where they are cut into pieces of four bits.

>>> from primitives.gcm import ghash as textbook
>>> H, X = bytes(range(16)), bytes(range(100, 180))
>>> ghash(Powers(H), X) == textbook(H, X)
True

A block is a polynomial over GF(2), its first bit the coefficient of x^0. Adding is exclusive or. To multiply all lanes
by one polynomial, they are shifted to the places of its one bits, and the results added, without a carry. A lane has
room for the whole product; only then are all of them reduced modulo x^128 + x^7 + x^2 + x + 1.

GHASH of 2k blocks X is a sum of k terms (X_i H^k + X_(i+k)) H^(k−i+1): the first half times H^k and the second half
added, lane by lane, are k blocks with the same value; and so on until one is left. Missing blocks in front are zero.
"""

from __future__ import annotations

from typing import TypeAlias

from primitives.integers import big, big_from_bytes

BLOCKS = 512  # folded together, at most; a power of two

LANE = 256  # bits
_block = (big(1) << 128) - 1
_blocks = big_from_bytes((b"\xff" * 16 + bytes(16)) * (BLOCKS // 2), "little")  # a block in each lane


Digits: TypeAlias = list[tuple[int, int]]
"""A polynomial in pieces of four bits, those that are not zero: the place of the last bit of each, and the piece."""


class Powers:
    """H, H², H⁴, …: as many of them as were needed so far. H: 16 bytes."""

    def __init__(self, H: bytes) -> None:
        self._last = big_from_bytes(H, "big")
        self._digits = [_digits(self._last)]

    def __repr__(self) -> str:
        return "<powers of H, hidden>"

    def __getitem__(self, i: int) -> Digits:
        """Return H^(2^i)."""
        while len(self._digits) <= i:
            self._last = _multiply(self._last, self._digits[-1])
            self._digits.append(_digits(self._last))
        return self._digits[i]


def ghash(powers: Powers, X: bytes) -> bytes:
    """Return GHASH_H(X) (§6.4), X being a multiple of 16 bytes."""
    Y = big(0)
    for i in range(0, len(X), 16 * BLOCKS):
        chunk = X[i : i + 16 * BLOCKS]
        n = len(chunk) // 16
        Y = _fold(powers, Y << 128 * (n - 1) ^ big_from_bytes(chunk, "big"), n)
    return int(Y).to_bytes(16, "big")


def _fold(powers: Powers, v: int, n: int) -> int:
    """Return GHASH_H of n blocks, as numbers."""
    v = _multiply(v >> 128 & _blocks, powers[0]) ^ v & _blocks  # of two neighbours, times H + the next: a lane
    for i in reversed(range(((n + 1) // 2 - 1).bit_length())):
        half = LANE << i  # 2^i lanes
        v = _multiply(v >> half, powers[i + 1]) ^ v & (1 << half) - 1
    return _multiply(v, powers[0])


def _digits(h: int) -> Digits:
    return [(place, digit) for place in range(0, 128, 4) if (digit := int(h >> place & 15))]


def _multiply(v: int, h: Digits) -> int:
    """Return the product with h of the block in each lane of v."""
    multiples = [big(0), v]
    for i in range(1, 8):
        doubled = multiples[i] << 1
        multiples += doubled, doubled ^ v
    product = big(0)
    for place, digit in h:
        product ^= multiples[digit] << place
    # x^k is bit 254 − k of a lane: bits 254 to 127 are a block, and the rest, r, is x^128 times a polynomial.
    block, r = product >> 127 & _blocks, product << 1 & _blocks
    # x^128 = 1 + x + x^2 + x^7. To multiply by x is to shift right; what falls out there is a multiple of x^128 again.
    r ^= (r << 127 ^ r << 126 ^ r << 121) & _blocks
    return block ^ (r << 7 ^ r << 6 ^ r << 5 ^ r) >> 7 & _blocks
