"""ChaCha20's key stream, many blocks at once: each row of their states is one Python integer.

Standard     RFC 8439 §2.3; `chacha20.py` has the same, line against line with the standard.
Left out     The steps for a recording.
Timing       Takes no branches on data; Python's integers are not constant-time.

>>> from primitives.chacha20 import chacha20_block, initial_state
>>> key, nonce = bytes(range(32)), bytes(12)
>>> key_stream(initial_state(key, 7, nonce), 2) == chacha20_block(key, 7, nonce) + chacha20_block(key, 8, nonce)
True

A word of a block has a lane of 64 bits, the upper half of it free for what an addition carries and a rotation moves.
A row's integer holds the lanes of its first column in all blocks, then those of its second, and so on: so the four
quarter rounds on columns of all blocks are one quarter round on integers. To make columns out of diagonals, a row
is rotated by whole columns.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache

from primitives.integers import big

BLOCKS = 256  # computed together, at most: more gain little, and their rows outgrow the processor's nearest cache


def key_stream(state: Sequence[int], blocks: int) -> bytes:
    """Return so many blocks of key stream, 64 bytes each.

    state: the 16 words that the first block begins with; the 13th is the counter, which must stay below 2^32.
    """
    constants, counter, nonce = state[:12], state[12], state[13:]
    return b"".join(
        _blocks((*constants, counter + done, *nonce), min(BLOCKS, blocks - done)) for done in range(0, blocks, BLOCKS)
    )


@lru_cache(maxsize=16)
def _lanes(n: int) -> tuple[int, int, int]:
    """Return, for n blocks, a 1 in each lane of a column, the numbers 0 to n − 1 there, and a mask of all words."""
    ones = int.from_bytes(b"\1\0\0\0\0\0\0\0" * n, "little")
    numbers = int.from_bytes(b"".join(i.to_bytes(8, "little") for i in range(n)), "little")
    mask = int.from_bytes(b"\xff\xff\xff\xff\0\0\0\0" * (4 * n), "little")
    return big(ones), big(numbers), big(mask)


def _blocks(state: Sequence[int], n: int) -> bytes:
    """Return n blocks of key stream."""
    ones, numbers, mask = _lanes(n)
    column = 64 * n  # bits
    two, three = 2 * column, 3 * column
    a0, b0, c0, d0 = (
        ones * state[i] | ones * state[i + 1] << column | ones * state[i + 2] << two | ones * state[i + 3] << three
        for i in range(0, 16, 4)
    )
    d0 = d0 + numbers  # the counters
    first, half, last = (big(1) << column) - 1, (big(1) << two) - 1, (big(1) << three) - 1
    a, b, c, d = a0, b0, c0, d0
    for _ in range(10):
        a, b, c, d = _quarter_round(a, b, c, d, mask)
        b = b >> column | (b & first) << three
        c = c >> two | (c & half) << two
        d = d >> three | (d & last) << column
        a, b, c, d = _quarter_round(a, b, c, d, mask)
        b = b >> three | (b & last) << column
        c = c >> two | (c & half) << two
        d = d >> column | (d & first) << three
    stream = array("I", bytes(64 * n))
    for i, row in enumerate((a + a0 & mask, b + b0 & mask, c + c0 & mask, d + d0 & mask)):
        words = array("I", int(row).to_bytes(32 * n, "little"))
        for j in range(4):
            stream[4 * i + j :: 16] = words[2 * n * j : 2 * n * (j + 1) : 2]
    return stream.tobytes()


def _quarter_round(a: int, b: int, c: int, d: int, mask: int) -> tuple[int, int, int, int]:
    """Mix four rows with each other: the quarter round of every column of every block."""
    a = a + b & mask
    d ^= a
    d = (d << 16 | d >> 16) & mask
    c = c + d & mask
    b ^= c
    b = (b << 12 | b >> 20) & mask
    a = a + b & mask
    d ^= a
    d = (d << 8 | d >> 24) & mask
    c = c + d & mask
    b ^= c
    b = (b << 7 | b >> 25) & mask
    return a, b, c, d
