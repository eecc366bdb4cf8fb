"""SHA-512's compression function for many blocks: their message schedules all at once, then the rounds.

Standard     FIPS 180-4 §6.4.2; `sha2.py` has the same, line against line with the standard.
Left out     The steps for a recording; padding.
Timing       Takes no branches on data; Python's integers are no constant-time arithmetic.

>>> from primitives.sha2 import sha512
>>> sha512(b"a" * 1_000_000).hexdigest()[:16]     # FIPS 180-2 appendix C.3
'e718483d0ce76964'

Three things make it faster than the textbook. A rotation of a word is one shift of the word written
twice (`x | (x << 64)`). Sums are reduced once at their end: what stands above a word's 64 bits never
reaches down into it. And the schedule of a block depends on no other block, so those of 32 blocks are computed
together, each block's word in a 128-bit lane of one Python integer; only the rounds must go block by block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add
from struct import pack, unpack

BLOCKS = 32  # whose schedules are computed together, at most: more gain nothing
FEW = 3  # blocks for which it begins to pay

M = (1 << 64) - 1


def compress_blocks(H: tuple[int, ...], data: bytes, K: Sequence[int]) -> tuple[int, ...]:
    """Return the hash value after the blocks of 128 bytes in `data`, starting from `H`.

    K: the 80 constants of §4.2.3.
    """
    for i in range(0, len(data), 128 * BLOCKS):
        for scheduled in _schedules(data[i : i + 128 * BLOCKS], K):
            H = _rounds(H, scheduled)
    return H


def _schedules(data: bytes, K: Sequence[int]) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the 80 rounds of each block in `data` (step 1)."""
    if len(data) < 128 * FEW:
        return (_schedule(data[i : i + 128], K) for i in range(0, len(data), 128))
    return _schedules_in_lanes(data, K)


def _schedule(block: bytes, K: Sequence[int]) -> Iterable[int]:
    """Return K_t + W_t for the 80 rounds of one block."""
    W = list(unpack(">16Q", block))
    for t in range(16, 80):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x | (x << 64), y | (y << 64)
        s0 = (xx >> 1) ^ (xx >> 8) ^ (x >> 7)
        s1 = (yy >> 19) ^ (yy >> 61) ^ (y >> 6)
        W.append((W[t - 16] + W[t - 7] + s0 + s1) & M)
    return map(add, K, W)


def _schedules_in_lanes(data: bytes, K: Sequence[int]) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the 80 rounds of each block in `data`, computed for all of them together."""
    blocks = len(data) // 128
    ones = int.from_bytes((1).to_bytes(16, "little") * blocks, "little")  # times a word: the word in every lane
    mask = M * ones
    lanes = f"<{2 * blocks}Q"  # struct knows no 128-bit numbers: each is two, the upper one 0
    words = unpack(f">{16 * blocks}Q", data)
    padded = [0] * (2 * blocks)
    W = []
    for t in range(16):
        padded[::2] = words[t::16]
        W.append(int.from_bytes(pack(lanes, *padded), "little"))
    for t in range(16, 80):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x | (x << 64), y | (y << 64)
        # Masked before they are added: here a sum that grew past its lane would reach the next block's word.
        s0 = ((xx >> 1) ^ (xx >> 8) ^ (x >> 7)) & mask
        s1 = ((yy >> 19) ^ (yy >> 61) ^ (y >> 6)) & mask
        W.append((W[t - 16] + W[t - 7] + s0 + s1) & mask)
    sums = (w + k * ones for k, w in zip(K, W, strict=True))
    return zip(*(unpack(lanes, kw.to_bytes(16 * blocks, "little"))[::2] for kw in sums), strict=True)


def _rounds(H: tuple[int, ...], scheduled: Iterable[int]) -> tuple[int, ...]:
    """Return the hash value after one block, of which K_t + W_t are given (steps 2 to 4)."""
    m = M
    a, b, c, d, e, f, g, h = H
    bc = b ^ c
    for kw in scheduled:
        ee = e | (e << 64)
        # What Ch chooses, with an operation fewer: Ch(e, f, g) = g ⊕ (e ∧ (f ⊕ g)).
        T1 = h + kw + ((ee >> 14) ^ (ee >> 18) ^ (ee >> 41)) + (g ^ (e & (f ^ g)))
        h, g, f, e, d = g, f, e, (d + T1) & m, c
        aa = a | (a << 64)
        # Maj(a, b, c) = b ⊕ ((a ⊕ b) ∧ (b ⊕ c)), and this round's a ⊕ b is the next one's b ⊕ c.
        ab = a ^ b
        c, b, a = b, a, (T1 + ((aa >> 28) ^ (aa >> 34) ^ (aa >> 39)) + (b ^ (ab & bc))) & m
        bc = ab
    H0, H1, H2, H3, H4, H5, H6, H7 = H
    return (
        (H0 + a) & m,
        (H1 + b) & m,
        (H2 + c) & m,
        (H3 + d) & m,
        (H4 + e) & m,
        (H5 + f) & m,
        (H6 + g) & m,
        (H7 + h) & m,
    )
