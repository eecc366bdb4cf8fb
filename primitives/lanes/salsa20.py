"""The Salsa20/8 core, the four rows of its state each one Python integer, and scrypt's mixing with it: the fast path.

Standard     RFC 7914 §3 to §5; `primitives.scrypt` has the same, line against line with the standard.
Left out     The steps for a recording. Several of scrypt's p blocks at once.
Timing       That of `primitives.scrypt`: which value of the table is read depends on the password.

>>> from primitives.scrypt import salsa20_8
>>> block = bytes(range(64))
>>> store([core(load(block)[0])]) == salsa20_8(block)
True

Salsa20 mixes the columns of a matrix, then its rows. Here each column is turned so that the diagonal becomes the first
row. Then one quarter round on whole rows is that of all four columns, and once three of the rows are turned by one, two
and three places, that of all four rows of the matrix.

A word of a row has a lane of 64 bits, the upper half of it free for what an addition carries and a rotation moves. A
block at rest is one integer without gaps, whose halves are two rows each, by turns: an exclusive or takes the whole
block, and the table that scrypt fills has the size that the standard says.
"""

from __future__ import annotations

from array import array

ORDER = (0, 4, 5, 9, 10, 14, 15, 3, 8, 12, 13, 1, 2, 6, 7, 11)
"""The words of a block in the order in which the integer has them."""

MASK = int.from_bytes(b"\xff\xff\xff\xff\0\0\0\0" * 4, "little")  # of the words of a row
ONE, TWO, THREE = ((1 << 64 * lanes) - 1 for lanes in (1, 2, 3))


def load(octets: bytes) -> list[int]:
    """Return blocks of 64 bytes each as integers."""
    words, arranged = array("I", octets), array("I", bytes(len(octets)))
    for place, word in enumerate(ORDER):
        arranged[place::16] = words[word::16]
    data = arranged.tobytes()
    return [int.from_bytes(data[i : i + 64], "little") for i in range(0, len(data), 64)]


def store(blocks: list[int]) -> bytes:
    """Return the bytes of such blocks."""
    arranged, words = array("I"), array("I", bytes(64 * len(blocks)))
    arranged.frombytes(b"".join([block.to_bytes(64, "little") for block in blocks]))
    for place, word in enumerate(ORDER):
        words[word::16] = arranged[place::16]
    return words.tobytes()


def core(block: int) -> int:
    """Return the Salsa20/8 core of a block (§3)."""
    a_0, b_0, c_0, d_0 = block & MASK, block >> 32 & MASK, block >> 256 & MASK, block >> 288 & MASK
    a, b, c, d = a_0, b_0, c_0, d_0
    for _ in range(8):
        t = (a + d & MASK) << 7
        b ^= (t | t >> 32) & MASK
        t = (b + a & MASK) << 9
        c ^= (t | t >> 32) & MASK
        t = (c + b & MASK) << 13
        d ^= (t | t >> 32) & MASK
        t = (d + c & MASK) << 18
        a ^= (t | t >> 32) & MASK
        b, d = d >> 64 | (d & ONE) << 192, b >> 192 | (b & THREE) << 64  # the same turn leads to rows, and back
        c = c >> 128 | (c & TWO) << 128
    return a + a_0 & MASK | (b + b_0 & MASK) << 32 | (c + c_0 & MASK | (d + d_0 & MASK) << 32) << 256


def block_mix(blocks: list[int]) -> list[int]:
    """Return the 2r blocks mixed (§4)."""
    X, mixed = blocks[-1], []
    for block in blocks:
        X = core(X ^ block)
        mixed.append(X)
    return mixed[::2] + mixed[1::2]


def ro_mix(B: bytes, N: int) -> bytes:
    """Return B, 128·r bytes, mixed with a table of N values like it (§5)."""
    X, V = load(B), []
    for _ in range(N):
        V.append(X)
        X = block_mix(X)
    for _ in range(N):
        j = (X[-1] & 0xFFFFFFFF) % N  # the first word is enough: a table of over 2^32 values fits in no memory
        X = block_mix([x ^ v for x, v in zip(X, V[j], strict=True)])
    return store(X)
