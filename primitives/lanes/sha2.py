"""SHA-2's compression for one long message: the message schedules of many blocks at once, then the rounds.

Standard     FIPS 180-4 §6.2.2 and §6.4.2; `sha2.py` has the same, line against line with the standard.
Left out     The steps for a recording; padding. Many messages at once: `sha2_messages.py`.
Timing       Takes no branches on data; Python's integers are not constant-time.

>>> from primitives.sha2 import sha256, sha512
>>> sha256(b"a" * 1_000_000).hexdigest()[:16]     # FIPS 180-2 appendix B.3
'cdc76e5c9914fb92'

What makes it faster than the textbook:

- A rotation of a word is one shift of the word written twice, and that is one multiplication.
- Sums are reduced once at their end: what stands above a word's bits never reaches down into it.
- The schedule of a block depends on no other block. Those of 32 blocks are computed together, each block's word in a
  lane of one Python integer, twice as wide as a word. Only the rounds must go block by block. Few blocks have all their
  words in the lanes of one integer, and get six more each at a time.
- Eight rounds are written out, in which the eight variables do not move on, but their roles do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import Protocol

BLOCKS = 32  # whose schedules are computed together, at most: more gain nothing
MANY = 512  # bytes from which it is better to take one word of each block at a time: there, both ways take 47 µs


class Words(Protocol):
    """A word size, and the rotations that go with it: see `sha2.Words`."""

    @property
    def w(self) -> int:
        """The bits of a word."""

    @property
    def Sigma0(self) -> tuple[int, int, int]:
        """Three rotations."""

    @property
    def Sigma1(self) -> tuple[int, int, int]:
        """Three rotations."""

    @property
    def sigma0(self) -> tuple[int, int, int]:
        """Two rotations and a shift."""

    @property
    def sigma1(self) -> tuple[int, int, int]:
        """Two rotations and a shift."""


def compress_blocks(H: tuple[int, ...], data: bytes, K: tuple[int, ...], words: Words) -> tuple[int, ...]:
    """Return the hash value after the blocks in `data`, starting from `H`.

    K: the constants of §4.2.2 or §4.2.3, one for each round. words: the word size; a block is 16 words.
    """
    size = 2 * words.w  # 16 words, in bytes
    for i in range(0, len(data), size * BLOCKS):
        for scheduled in _schedules(data[i : i + size * BLOCKS], K, words):
            H = _rounds(H, scheduled, words)
    return H


def _schedules(data: bytes, K: tuple[int, ...], words: Words) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the rounds of each block in `data` (step 1)."""
    if len(data) < MANY:
        return _schedules_of_few(data, K, words)
    return _schedules_of_many(data, K, words)


def _schedules_of_few(data: bytes, K: tuple[int, ...], words: Words) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the rounds of each block in `data`, computed six words of each at a time.

    All words stand in one integer: first W_0 of each block in a lane of its own, then W_1 of each, and so on.
    W_t = σ1(W_(t-2)) + W_(t-7) + σ0(W_(t-15)) + W_(t-16): but for σ1, all that six words need is there before the first
    of them. With σ1, two at a time can be computed.
    """
    w, (i0, j0, k0), (i1, j1, k1) = words.w, words.sigma0, words.sigma1
    n = len(data) // (2 * w)
    word, twice = n * 2 * w, (1 << w) + 1  # the lanes of a word of each block, in bits
    unpack, word_by_word, pack, unpack_all, size, constants, six, two = _of_few(n, w, K)
    W = int.from_bytes(pack.pack(*word_by_word(unpack.unpack(data))), "little")
    y = W >> 14 * word  # the last two words
    for at in range(0, (len(K) - 16) * word, 6 * word):
        before = W >> at  # W_(t-16) and what follows it
        x = before >> word  # W_(t-15)
        xx = x | x << w
        sums = before + ((xx >> i0 ^ xx >> j0 ^ x >> k0) & six) + (before >> 9 * word)  # W_(t-7)
        yy = y * twice
        y0 = sums + ((yy >> i1 ^ yy >> j1 ^ y >> k1) & two) & two
        yy = y0 * twice
        y1 = (sums >> 2 * word) + ((yy >> i1 ^ yy >> j1 ^ y0 >> k1) & two) & two
        yy = y1 * twice
        y = (sums >> 4 * word) + ((yy >> i1 ^ yy >> j1 ^ y1 >> k1) & two) & two
        W |= (y0 | y1 << 2 * word | y << 4 * word) << at + 16 * word
    # The sum is taken modulo the word's size where it is used; in these bytes, what it carried is skipped.
    sums_of_all = unpack_all.unpack_from((W + constants).to_bytes(size, "little"))
    return [sums_of_all[i::n] for i in range(n)]


def _schedules_of_many(data: bytes, K: Sequence[int], words: Words) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the rounds of each block in `data`, computed for all of them together."""
    w, (i0, j0, k0), (i1, j1, k1) = words.w, words.sigma0, words.sigma1
    n = len(data) // (2 * w)
    unpack, pack, ones = _of_many(n, w)
    mask = ones * ((1 << w) - 1)
    given = unpack.unpack(data)
    W = [int.from_bytes(pack.pack(*given[t::16]), "little") for t in range(16)]
    for t in range(16, len(K)):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x | (x << w), y | (y << w)
        # Masked before they are added: here a sum that grew past its lane would reach the next block's word.
        s0 = ((xx >> i0) ^ (xx >> j0) ^ (x >> k0)) & mask
        s1 = ((yy >> i1) ^ (yy >> j1) ^ (y >> k1)) & mask
        W.append((W[t - 16] + W[t - 7] + s0 + s1) & mask)
    # The sum is taken modulo the word's size where it is used; as bytes, it loses the carry into its lane's upper half.
    sums = [pack.unpack((x + k * ones).to_bytes(w // 4 * n, "little")) for k, x in zip(K, W, strict=True)]
    return zip(*sums, strict=True)


@lru_cache(maxsize=16)
def _of_few(
    n: int, w: int, K: tuple[int, ...]
) -> tuple[Struct, Callable[[tuple[int, ...]], tuple[int, ...]], Struct, Struct, int, int, int, int]:
    """Return what computing the schedules of n blocks six words at a time needs, besides the blocks.

    How their words stand in them; an order of these, in which those of the same number come together; how 16 of each
    stand in lanes, and how all do; the size of all lanes in bytes, six words at a time and a carry; the constants in
    their lanes; masks of six words of each and of two.
    """
    word = "I4x" if w == 32 else "Q8x"  # in each lane the word, and as much room again
    lane = w // 4
    count = 16 + -(-(len(K) - 16) // 6) * 6
    six, two = (int.from_bytes(((1 << w) - 1).to_bytes(lane, "little") * k * n, "little") for k in (6, 2))
    constants = int.from_bytes(b"".join([k.to_bytes(lane, "little") * n for k in K]), "little")
    return (
        Struct(f">{16 * n}{word[0]}"),
        itemgetter(*[16 * i + t for t in range(16) for i in range(n)]),
        Struct("<" + word * 16 * n),
        Struct("<" + word * len(K) * n),
        count * n * lane + 1,
        constants,
        six,
        two,
    )


@lru_cache(maxsize=BLOCKS)
def _of_many(n: int, w: int) -> tuple[Struct, Struct, int]:
    """Return how the words of n blocks stand in them, how words stand in lanes, and a 1 in every lane."""
    word = "I4x" if w == 32 else "Q8x"  # in each lane the word, and as much room again
    return (
        Struct(f">{16 * n}{word[0]}"),
        Struct("<" + word * n),
        int.from_bytes((1).to_bytes(w // 4, "little") * n, "little"),
    )


def _rounds(H: tuple[int, ...], scheduled: Iterable[int], words: Words) -> tuple[int, ...]:
    """Return the hash value after one block, of which K_t + W_t are given (steps 2 to 4).

    In a round, a word x is written twice, and the roles are those of the standard's letters in the first:

        T1 = h + Σ1(e) + Ch(e, f, g) + K_t + W_t            becomes the new h, is added to d, which becomes e,
        T2 = Σ0(a) + Maj(a, b, c)                           and is added to T1, which becomes a.

    Ch(e, f, g) = g ⊕ (e ∧ (f ⊕ g)) takes an operation less than its definition. So does Maj(a, b, c) =
    b ⊕ ((a ⊕ b) ∧ (b ⊕ c)), of which a ⊕ b is the next round's b ⊕ c.
    """
    (i, j, k), (p, q, r) = words.Sigma0, words.Sigma1
    w2, m = (1 << words.w) + 1, (1 << words.w) - 1
    a, b, c, d, e, f, g, h = H
    bc = b ^ c
    eight = [iter(scheduled)] * 8
    for kw0, kw1, kw2, kw3, kw4, kw5, kw6, kw7 in zip(*eight, strict=True):
        x = e * w2
        h += (x >> p ^ x >> q ^ x >> r) + (g ^ e & (f ^ g)) + kw0
        d = d + h & m
        x, ab = a * w2, a ^ b
        h = h + (x >> i ^ x >> j ^ x >> k) + (b ^ ab & bc) & m

        x = d * w2
        g += (x >> p ^ x >> q ^ x >> r) + (f ^ d & (e ^ f)) + kw1
        c = c + g & m
        x, bc = h * w2, h ^ a
        g = g + (x >> i ^ x >> j ^ x >> k) + (a ^ bc & ab) & m

        x = c * w2
        f += (x >> p ^ x >> q ^ x >> r) + (e ^ c & (d ^ e)) + kw2
        b = b + f & m
        x, ab = g * w2, g ^ h
        f = f + (x >> i ^ x >> j ^ x >> k) + (h ^ ab & bc) & m

        x = b * w2
        e += (x >> p ^ x >> q ^ x >> r) + (d ^ b & (c ^ d)) + kw3
        a = a + e & m
        x, bc = f * w2, f ^ g
        e = e + (x >> i ^ x >> j ^ x >> k) + (g ^ bc & ab) & m

        x = a * w2
        d += (x >> p ^ x >> q ^ x >> r) + (c ^ a & (b ^ c)) + kw4
        h = h + d & m
        x, ab = e * w2, e ^ f
        d = d + (x >> i ^ x >> j ^ x >> k) + (f ^ ab & bc) & m

        x = h * w2
        c += (x >> p ^ x >> q ^ x >> r) + (b ^ h & (a ^ b)) + kw5
        g = g + c & m
        x, bc = d * w2, d ^ e
        c = c + (x >> i ^ x >> j ^ x >> k) + (e ^ bc & ab) & m

        x = g * w2
        b += (x >> p ^ x >> q ^ x >> r) + (a ^ g & (h ^ a)) + kw6
        f = f + b & m
        x, ab = c * w2, c ^ d
        b = b + (x >> i ^ x >> j ^ x >> k) + (d ^ ab & bc) & m

        x = f * w2
        a += (x >> p ^ x >> q ^ x >> r) + (h ^ f & (g ^ h)) + kw7
        e = e + a & m
        x, bc = b * w2, b ^ c
        a = a + (x >> i ^ x >> j ^ x >> k) + (c ^ bc & ab) & m
    return tuple([x + y & m for x, y in zip(H, (a, b, c, d, e, f, g, h), strict=True)])
