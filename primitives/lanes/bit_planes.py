"""Bytes in bit-planes: eight integers, of which the b-th has bit b of every byte.

Standard     None; the transposition is that of Warren, "Hacker's Delight" (2013), §7-3.
Timing       Depends on the number of bytes alone.

>>> planes = to_planes(bytes.fromhex("01 00 00 00 00 00 00 80"))
>>> [f"{int(plane):08b}" for plane in planes]     # bit 0 of byte 0 is set, and bit 7 of byte 7
['00000001', '00000000', '00000000', '00000000', '00000000', '00000000', '00000000', '10000000']

Eight bytes are a square of 8 × 8 bits, and their planes are the same square transposed. It is transposed as a matrix of
2 × 2 is, by exchanging what is off the diagonal: quarters of the square first, then quarters of these, then
single bits. Each of the eight rows is an integer, and lies beside the rows of all other squares in it; so an exchange
costs six operations, however many bytes there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

# For exchanges of 4 × 4, 2 × 2 and single bits: how far, and the bits of a byte that the upper row gives away.
EXCHANGES = ((4, 0b00001111), (2, 0b00110011), (1, 0b01010101))


def to_planes(data: bytes) -> list[int]:
    """Return the planes of `data`, a multiple of 8 bytes: bit i of the b-th is bit b of byte i."""
    return _transpose([int.from_bytes(data[i::8], "little") for i in range(8)], len(data) // 8)


def from_planes(planes: Sequence[int], length: int) -> bytes:
    """Return the bytes, `length` of them, a multiple of 8, of which these are the planes."""
    data = bytearray(length)
    for i, row in enumerate(_transpose(planes, length // 8)):
        data[i::8] = row.to_bytes(length // 8, "little")
    return bytes(data)


def _transpose(rows: Sequence[int], squares: int) -> list[int]:
    """Return the rows of so many squares, transposed. Done twice, it is undone."""
    rows = list(rows)
    for (distance, _), mask in zip(EXCHANGES, _masks(squares), strict=True):
        for i in range(8):
            if not i & distance:
                j = i + distance
                change = (rows[i] >> distance ^ rows[j]) & mask
                rows[j] ^= change
                rows[i] ^= change << distance
    return rows


@lru_cache(maxsize=16)
def _masks(squares: int) -> list[int]:
    """Return the masks of the exchanges, for so many squares."""
    return [int.from_bytes(bytes([bits]) * squares, "little") for _, bits in EXCHANGES]
