"""Packing: arrays of small integers as bytes, as many bits for each as it needs.

Standard     FIPS 203 §4.2.1 (August 2024), algorithms 3 to 6, and Compress and Decompress, (4.7) and (4.8).
Left out     The check that bytes are what packing gives: `ml_kem.py` makes it where §7.2 wants it.
Timing       Takes no branches on values. Not recording, `Compress` and `Decompress` look values up in a table, whose
             place in memory a cache tells; Python's integers are not constant-time.

>>> ByteEncode(12, [1, 2] * 128)[:3].hex()     # 1 is 0x001 and 2 is 0x002, the low bits first
'012000'
>>> ByteDecode(12, bytes.fromhex("012000") * 128)[:2]
[1, 2]
>>> Compress(4, 1000, 3329), Decompress(4, 5, 3329)     # 5 of 16 steps round the circle, and where that is
(5, 1040)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from explain.trace import algorithm, note, tracing
from primitives.lanes.fields import pack_fields, unpack_fields
from primitives.lattices.ntt import Array


def BitsToBytes(b: Sequence[int]) -> bytes:
    """Return the bytes of a bit array, the least significant bit of each first (§4.2.1 algorithm 3).

    b: zeros and ones, a multiple of eight.
    """
    B = bytearray(len(b) // 8)  # 1
    for i, bit in enumerate(b):  # 2
        B[i // 8] += bit << i % 8  # 3
    return bytes(B)  # 5


def BytesToBits(B: bytes) -> list[int]:
    """Return the bits of the bytes, the least significant of each first (§4.2.1 algorithm 4)."""
    return [byte >> j & 1 for byte in B for j in range(8)]  # 2 to 7


@algorithm("FIPS 203 §4.2.1 algorithm 5", "ByteEncode_{d}", "no bit is wasted: d for each integer")
def ByteEncode(d: int, F: Sequence[int]) -> bytes:
    """Return the array as bytes, `d` bits for each integer, the least significant first (§4.2.1 algorithm 5).

    d: 1 to 12. F: integers below 2^d, as many as make whole bytes: 256 give 32·d bytes.
    """
    if not tracing():
        return pack_fields(F, d)
    b = []
    for a in F:  # 1, 2
        for _ in range(d):  # 3
            b.append(a % 2)  # 4
            a = (a - b[-1]) // 2  # 5
    return BitsToBytes(b)  # 8


@algorithm("FIPS 203 §4.2.1 algorithm 6", "ByteDecode_{d}", "what ByteEncode made bytes of", form="polynomial")
def ByteDecode(d: int, B: bytes, q: int = 3329) -> Array:
    """Return the integers that the bytes are made of, `d` bits each, the least significant first (§4.2.1 algorithm 6).

    d: 1 to 12; integers of 12 bits are taken modulo `q`. B: 32·d bytes give 256 integers.
    """
    m = q if d == 12 else 1 << d
    if not tracing():
        F = unpack_fields(B, d)
        return [x % m for x in F] if d == 12 and max(F) >= m else F
    b = BytesToBits(B)  # 1
    return [sum(b[i * d + j] << j for j in range(d)) % m for i in range(len(b) // d)]  # 2, 3


def Compress(d: int, x: int, q: int) -> int:
    """Return the nearest of 2^d steps round the circle that Z_q is (4.7): ⌈(2^d/q)·x⌋ mod 2^d.

    d: below the bits of q. x: in Z_q.
    """
    y = ((x << d + 1) + q) // (2 * q) % (1 << d)  # ⌈a/b⌋ = ⌊(2a + b)/2b⌋, without fractions
    return note(
        "FIPS 203 §4.2.1 (4.7)", "y = ⌈(2^{d}/{q})·{x}⌋ mod 2^{d}", y, "the nearest step; after the last comes 0"
    )


def Decompress(d: int, y: int, q: int) -> int:
    """Return the element of Z_q that is nearest to step `y` of 2^d (4.8): ⌈(q/2^d)·y⌋.

    d: below the bits of q. y: below 2^d.
    """
    x = (2 * q * y + (1 << d)) >> d + 1
    return note(
        "FIPS 203 §4.2.1 (4.8)", "x = ⌈({q}/2^{d})·{y}⌋", x, "where step y is, at most half a step from what was there"
    )


def Compress_array(d: int, f: Sequence[int], q: int) -> Array:
    """Return the array of what `Compress` makes of each coefficient (§2.4.8 (2.15))."""
    if tracing():
        return [Compress(d, x, q) for x in f]
    table = _compressed(d, q)
    return [table[x] for x in f]


def Decompress_array(d: int, F: Sequence[int], q: int) -> Array:
    """Return the array of what `Decompress` makes of each integer (§2.4.8)."""
    if tracing():
        return [Decompress(d, y, q) for y in F]
    table = _decompressed(d, q)
    return [table[y] for y in F]


@cache
def _compressed(d: int, q: int) -> list[int]:
    """Return what `Compress` makes of each element of Z_q."""
    return [Compress(d, x, q) for x in range(q)]


@cache
def _decompressed(d: int, q: int) -> list[int]:
    """Return what `Decompress` makes of each of 2^d integers."""
    return [Decompress(d, y, q) for y in range(1 << d)]
