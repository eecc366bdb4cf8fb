"""Packing for ML-DSA: polynomials with coefficients in a range around 0, and hints, of which few are 1.

Standard     FIPS 204 §7.1 (August 2024), algorithms 16 to 21.
Left out     Algorithms 9 to 13: `packing.py` has the bits of integers and bytes, as FIPS 203 numbers them.
Timing       Packing takes no branches on coefficients. Hints are public, and so is what is found wrong with them.

>>> BitPack([1, -1, 0, 2, 2, 2, 2, 2], 2, 2).hex()     # 2 − 1, 2 + 1, 2 − 0, and 2 − 2 five times, three bits each
'990000'
>>> BitUnpack(bytes.fromhex("990000"), 2, 2)
[1, -1, 0, 2, 2, 2, 2, 2]
>>> HintBitPack([[0, 1, 0, 1], [0, 0, 0, 0]], 4).hex()     # ones at 1 and 3; two up to here, and two up to here
'010300000202'
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from explain.trace import note
from primitives.lanes.fields import pack_fields, unpack_fields
from primitives.lattices.ntt import Array


def SimpleBitPack(w: Sequence[int], b: int) -> bytes:
    """Return coefficients in [0, b] as bytes, bitlen b bits each (§7.1 algorithm 16)."""
    return pack_fields(w, b.bit_length())


def BitPack(w: Sequence[int], a: int, b: int) -> bytes:
    """Return coefficients in [−a, b] as bytes, bitlen (a + b) bits each: b − w_i (§7.1 algorithm 17)."""
    return pack_fields([b - w_i for w_i in w], (a + b).bit_length())


def SimpleBitUnpack(v: bytes, b: int) -> Array:
    """Return the coefficients that `SimpleBitPack` made the bytes of (§7.1 algorithm 18)."""
    return unpack_fields(v, b.bit_length())


def BitUnpack(v: bytes, a: int, b: int) -> Array:
    """Return the coefficients that `BitPack` made the bytes of (§7.1 algorithm 19).

    Unless a + b + 1 is a power of two, other bytes give coefficients below −a, down to b − 2^bitlen (a + b) + 1.
    """
    return [b - x for x in unpack_fields(v, (a + b).bit_length())]


def HintBitPack(h: Sequence[Sequence[int]], omega: int) -> bytes:
    """Return the hints as ω + k bytes: where the ones are, and how many up to each polynomial (§7.1 algorithm 20).

    h: k polynomials of zeros and ones, at most ω of them ones.
    """
    y = bytearray(omega + len(h))  # 1
    Index = 0  # 2
    for i, h_i in enumerate(h):  # 3
        for j, coefficient in enumerate(h_i):  # 4
            if coefficient:  # 5
                y[Index] = j  # 6
                Index += 1  # 7
        y[omega + i] = Index  # 10
    return bytes(y)  # 12


def HintBitUnpack(y: bytes, omega: int, n: int = 256) -> list[Array] | None:
    """Return the hints that the bytes stand for, or None if they are malformed (§7.1 algorithm 21).

    y: ω + k bytes. Malformed are: a count that is smaller than the one before it, or above ω; places in a polynomial
    that do not rise; something after the last place. If they were allowed, one signature could be written in several
    ways, and anybody could make a second one of it.
    """
    h: list[Array] = []
    Index = 0  # 2
    for end in y[omega:]:  # 3
        if not Index <= end <= omega:  # 4
            note("FIPS 204 §7.1 algorithm 21 step 4", "y[ω + i] < Index or > ω", True, "the counts never fall")
            return None
        places = y[Index:end]
        if any(first >= second for first, second in pairwise(places)):  # 9
            note("FIPS 204 §7.1 algorithm 21 step 9", "y[Index − 1] ≥ y[Index]", True, "there is one order only")
            return None
        h_i = [0] * n
        for j in places:  # 7
            h_i[j] = 1  # 12
        h.append(h_i)
        Index = end  # 13
    if any(y[Index:omega]):  # 16, 17
        note(
            "FIPS 204 §7.1 algorithm 21 step 17",
            "y[i] ≠ 0",
            True,
            "nothing else reads these bytes",
        )
        return None
    return h
