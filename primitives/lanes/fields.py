"""Bit fields: many small integers in a row of bits, taken apart and put together all at once.

Standard     None; that of the packing is FIPS 203 §4.2.1, and `primitives.lattices.packing` has it bit by bit.
Timing       Depends on the number and the size of the fields alone, as far as Python's integers allow.

>>> unpack_fields(bytes.fromhex("012000"), 12)
[1, 2]
>>> pack_fields([1, 2], 12).hex()
'012000'

The bytes are one integer. Its upper half of fields is moved up, far enough for every field of the lower half to get
the room of a machine word; then the upper quarter of each half, and so on. Of 256 fields, eight moves make 256 words,
which `struct` reads at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from struct import Struct

from primitives.integers import big, big_from_bytes


def spread(data: bytes, bits: int, width: int) -> bytes:
    """Return the fields of the data, `bits` each, the lowest first, with `width` bits of room for each.

    width: a multiple of 8, above `bits`. What is left of the data at its end, less than a field, is zeros already.
    """
    count = 8 * len(data) // bits
    X = big_from_bytes(data, "little")
    for mask, distance in reversed(_moves(count, bits, width)):
        upper = X & mask
        X = X ^ upper | upper << distance
    return int(X).to_bytes(count * width // 8, "little")


def gather(words: bytes, bits: int, width: int) -> bytes:
    """Return what `spread` has made the words of."""
    count = 8 * len(words) // width
    X = big_from_bytes(words, "little")
    for mask, distance in _moves(count, bits, width):
        upper = X & mask << distance
        X = X ^ upper | upper >> distance
    return int(X).to_bytes(count * bits // 8, "little")


def unpack_fields(data: bytes, bits: int) -> list[int]:
    """Return the fields of the data as integers, `bits` each, at most 32, the lowest first."""
    width, words = _words(8 * len(data) // bits, bits)
    return list(words.unpack(spread(data, bits, width)))


def pack_fields(fields: Sequence[int], bits: int) -> bytes:
    """Return the bytes that the fields make, `bits` each, at most 32, the lowest first: whole bytes."""
    width, words = _words(len(fields), bits)
    return gather(words.pack(*fields), bits, width)


@lru_cache(maxsize=64)
def _words(count: int, bits: int) -> tuple[int, Struct]:
    """Return how wide a word is that such a field has room in, and how many of them are read."""
    width, code = (8, "B") if bits < 8 else (16, "H") if bits < 16 else (32, "I")
    return width, Struct(f"<{count}{code}")


@lru_cache(maxsize=64)
def _moves(count: int, bits: int, width: int) -> list[tuple[int, int]]:
    """Return the moves that bring fields together: which bits each moves before it is made, and how far.

    First the second field of every two, then the second two of every four, and so on.
    """
    moves = []
    together = 1
    while together < count:
        distance = together * (width - bits)
        # Where the fields stand that are to be moved, once they have been: each group after one of the same size.
        places = 0
        for first in range(together, count, 2 * together):
            size = min(together, count - first)
            places |= ((1 << size * bits) - 1) << (first - together) * width + together * bits
        moves.append((big(places), distance))
        together *= 2
    return moves
