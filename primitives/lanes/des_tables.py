"""DES with its linear parts looked up together with the S-boxes: a round is 4 look-ups and 5 exclusive ors.

Standard     SP 800-67 Rev. 2 §2; `des.py` has the same, line against line with the standard.
Left out     The steps for a recording; blocks in parallel.
Timing       Looks up tables at places that depend on key and data, so caches can betray both to code that runs
             on the same machine.

>>> from primitives.des import DES
>>> DES(bytes.fromhex("8001010101010101")).encrypt_block(bytes(8)).hex()     # SP 800-17, variable key
'95a8d72813daa94d'

P and E are linear: the expansion of a sum is the sum of the expansions. So the halves L and R are kept expanded, each
as 48 bits, all the way through, and the tables give E(P(S(…))) for two S-boxes at a time. IP and IP⁻¹ are
linear too, and looked up byte by byte. Between two stages of Triple DES, IP undoes IP⁻¹, and both fall away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from primitives.octets import BytesLike

Table = Sequence[int]


@dataclass(frozen=True)
class Tables:
    """What both directions of the cipher look up.

    entrance: for byte n of a block, what it adds to E(L0) ‖ E(R0), 96 bits.
    rounds: for two S-boxes and their 12 bits of input, what they add to the other half, expanded.
    exit: for byte n of the 12 bytes of E(R16) ‖ E(L16), what it adds to the output block.
    """

    entrance: Sequence[Table]
    rounds: Sequence[Table]
    exit: Sequence[Table]


def make_tables(
    *,
    S: Callable[[int, int], int],
    P: Callable[[int], int],
    E: Callable[[int], int],
    IP: Callable[[int], int],
    IP_inverse: Callable[[int], int],
) -> Tables:
    """Return the tables, made from the standard's functions.

    S: takes the number of the box, 1 to 8, and its input. P, E, IP, IP_inverse: take as many bits as the standard says.
    """

    def enter(block: int) -> int:
        permuted = IP(block)
        return E(permuted >> 32) << 48 | E(permuted & 0xFFFFFFFF)

    def leave(expanded: int) -> int:
        preoutput = 0
        for shift in range(90, -1, -6):  # the inner four of six bits are the half's own; the outer two are copies
            preoutput = preoutput << 4 | (expanded >> shift + 1) & 0xF
        return IP_inverse(preoutput)

    single = [[E(P(S(i, B) << 32 - 4 * i)) for B in range(64)] for i in range(1, 9)]
    double = [[first ^ second for first in single[i] for second in single[i + 1]] for i in range(0, 8, 2)]
    return Tables(_by_bytes(enter, 8), double, _by_bytes(leave, 12))


def _by_bytes(linear: Callable[[int], int], length: int) -> list[Table]:
    """Return, for each byte of an argument of `length` bytes and each value of it, what it adds to the result."""
    tables: list[Table] = []
    for shift in range(8 * length - 8, -1, -8):
        table = [0]
        for bit in range(8):
            image = linear(1 << shift + bit)
            table += [value ^ image for value in table]  # the values with this bit follow those without it
        tables.append(table)
    return tables


Stage = Sequence[tuple[int, int]]
"""The 16 round keys of one stage in the order of their use, in pairs."""


def run(tables: Tables, stages: Sequence[Stage], blocks: BytesLike) -> bytes:
    """Return `blocks`, whole blocks of 8 bytes, each taken through all stages: one for DES, three for Triple DES."""
    e0, e1, e2, e3, e4, e5, e6, e7 = tables.entrance
    t0, t1, t2, t3 = tables.rounds
    x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11 = tables.exit
    output = bytearray()
    for i in range(0, len(blocks), 8):
        b0, b1, b2, b3, b4, b5, b6, b7 = blocks[i : i + 8]
        LR = e0[b0] ^ e1[b1] ^ e2[b2] ^ e3[b3] ^ e4[b4] ^ e5[b5] ^ e6[b6] ^ e7[b7]
        L, R = LR >> 48, LR & 0xFFFFFFFFFFFF
        for stage in stages:
            for odd, even in stage:  # two rounds; that the halves change places is only a change of their names
                B = R ^ odd
                L ^= t0[B >> 36] ^ t1[B >> 24 & 0xFFF] ^ t2[B >> 12 & 0xFFF] ^ t3[B & 0xFFF]
                B = L ^ even
                R ^= t0[B >> 36] ^ t1[B >> 24 & 0xFFF] ^ t2[B >> 12 & 0xFFF] ^ t3[B & 0xFFF]
            L, R = R, L  # the preoutput is R16 L16
        b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11 = (L << 48 | R).to_bytes(12, "big")
        block = x0[b0] ^ x1[b1] ^ x2[b2] ^ x3[b3] ^ x4[b4] ^ x5[b5]
        block ^= x6[b6] ^ x7[b7] ^ x8[b8] ^ x9[b9] ^ x10[b10] ^ x11[b11]
        output += block.to_bytes(8, "big")
    return bytes(output)
