"""SHA-256's compression function for many blocks: their message schedules all at once, then the rounds.

Standard     FIPS 180-4 §6.2.2; `sha2.py` has the same, line against line with the standard.
Left out     The steps for a recording; padding.
Timing       Takes no branches on data; Python's integers are no constant-time arithmetic.

>>> from primitives.sha2 import sha256
>>> sha256(b"a" * 1_000_000).hexdigest()[:16]     # FIPS 180-2 appendix B.3
'cdc76e5c9914fb92'

Three things make it faster than the textbook. A rotation of a word is one shift of the word written
twice (`x | (x << 32)`). Sums are reduced once at their end: what stands above a word's 32 bits never
reaches down into it. And the schedule of a block depends on no other block, so those of 32 blocks are computed
together, each block's word in a 64-bit lane of one Python integer; only the rounds must go block by block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add
from struct import pack, unpack

BLOCKS = 32  # whose schedules are computed together, at most: more gain nothing
FEW = 3  # blocks for which it begins to pay

M = (1 << 32) - 1


def compress_blocks(H: tuple[int, ...], data: bytes, K: Sequence[int]) -> tuple[int, ...]:
    """Return the hash value after the blocks of 64 bytes in `data`, starting from `H`.

    K: the 64 constants of §4.2.2.
    """
    for i in range(0, len(data), 64 * BLOCKS):
        for scheduled in _schedules(data[i : i + 64 * BLOCKS], K):
            H = _rounds(H, scheduled)
    return H


def _schedules(data: bytes, K: Sequence[int]) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the 64 rounds of each block in `data` (step 1)."""
    if len(data) < 64 * FEW:
        return (_schedule(data[i : i + 64], K) for i in range(0, len(data), 64))
    return _schedules_in_lanes(data, K)


def _schedule(block: bytes, K: Sequence[int]) -> Iterable[int]:
    """Return K_t + W_t for the 64 rounds of one block."""
    W = list(unpack(">16I", block))
    for t in range(16, 64):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x | (x << 32), y | (y << 32)
        s0 = (xx >> 7) ^ (xx >> 18) ^ (x >> 3)
        s1 = (yy >> 17) ^ (yy >> 19) ^ (y >> 10)
        W.append((W[t - 16] + W[t - 7] + s0 + s1) & M)
    return map(add, K, W)


def _schedules_in_lanes(data: bytes, K: Sequence[int]) -> Iterable[Iterable[int]]:
    """Return K_t + W_t for the 64 rounds of each block in `data`, computed for all of them together."""
    blocks = len(data) // 64
    ones = int.from_bytes((1).to_bytes(8, "little") * blocks, "little")  # times a word: the word in every lane
    mask = M * ones
    lanes = f"<{blocks}Q"
    words = unpack(f">{16 * blocks}I", data)
    W = [int.from_bytes(pack(lanes, *words[t::16]), "little") for t in range(16)]
    for t in range(16, 64):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x | (x << 32), y | (y << 32)
        # Masked before they are added: here a sum that grew past its lane would reach the next block's word.
        s0 = ((xx >> 7) ^ (xx >> 18) ^ (x >> 3)) & mask
        s1 = ((yy >> 17) ^ (yy >> 19) ^ (y >> 10)) & mask
        W.append((W[t - 16] + W[t - 7] + s0 + s1) & mask)
    sums = (w + k * ones for k, w in zip(K, W, strict=True))
    return zip(*(unpack(lanes, kw.to_bytes(8 * blocks, "little")) for kw in sums), strict=True)


def _rounds(H: tuple[int, ...], scheduled: Iterable[int]) -> tuple[int, ...]:
    """Return the hash value after one block, of which K_t + W_t are given (steps 2 to 4)."""
    m = M
    a, b, c, d, e, f, g, h = H
    bc = b ^ c
    for kw in scheduled:
        ee = e | (e << 32)
        # What Ch chooses, with an operation fewer: Ch(e, f, g) = g ⊕ (e ∧ (f ⊕ g)).
        T1 = h + kw + ((ee >> 6) ^ (ee >> 11) ^ (ee >> 25)) + (g ^ (e & (f ^ g)))
        h, g, f, e, d = g, f, e, (d + T1) & m, c
        aa = a | (a << 32)
        # Maj(a, b, c) = b ⊕ ((a ⊕ b) ∧ (b ⊕ c)), and this round's a ⊕ b is the next one's b ⊕ c.
        ab = a ^ b
        c, b, a = b, a, (T1 + ((aa >> 2) ^ (aa >> 13) ^ (aa >> 22)) + (b ^ (ab & bc))) & m
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
