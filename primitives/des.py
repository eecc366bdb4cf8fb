"""DES and Triple DES: the block ciphers of the years 1977 to 2001, with blocks of 8 bytes.

Legacy: a DES key has 56 bits, and can be found by trying all. Triple DES has keys enough, but among some 2^32 blocks of
ciphertext under one key two are probably equal, and tell of what they hide (Sweet32, 2016). Both are here to read old
data and to be understood: for anything new take `aes.py`.

Standard     SP 800-67 Rev. 2 (2017), which has DES as the engine of Triple DES; FIPS 46-3 (1999) for DES alone. Both
             are withdrawn.
Left out     Everything longer than a block: `modes.py`. The parity bits of a key, the lowest of each byte, are not
             checked, as the algorithm does not look at them. Weak keys are taken.
Timing       Looks up tables at places that depend on key and data, so caches can betray both to code that runs
             on the same machine.

>>> cipher = TripleDES(bytes.fromhex("0123456789abcdef" "23456789abcdef01" "456789abcdef0123"))
>>> cipher.encrypt_blocks(b"The qufck brown fox jump").hex(" ", 8)     # SP 800-67 appendix B
'a826fd8ce53b855f cce21c8112256fe6 68d5c05dd9b6b900'

Bits are numbered as in the standard: from the left, beginning with 1. The tables are the standard's own, as they were
designed, and follow from no formula. By what criteria the S-boxes were chosen, one of the designers told in 1994
(Coppersmith, "The Data Encryption Standard (DES) and its strength against attacks").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from explain.trace import algorithm, note, steps, tracing
from primitives.lanes import des_tables
from primitives.octets import BytesLike, require_bytes

# --- The tables, §2 and appendix A.

IP = (
    58, 50, 42, 34, 26, 18, 10, 2,
    60, 52, 44, 36, 28, 20, 12, 4,
    62, 54, 46, 38, 30, 22, 14, 6,
    64, 56, 48, 40, 32, 24, 16, 8,
    57, 49, 41, 33, 25, 17,  9, 1,
    59, 51, 43, 35, 27, 19, 11, 3,
    61, 53, 45, 37, 29, 21, 13, 5,
    63, 55, 47, 39, 31, 23, 15, 7,
)  # fmt: skip
"""The initial permutation (§2.1): bit 1 of the result is bit 58 of the block. It hides nothing."""

IP_INVERSE = tuple(IP.index(place) + 1 for place in range(1, 65))
"""IP⁻¹, the final permutation (§2.1), which the standard prints as well."""

E = (
    32,  1,  2,  3,  4,  5,
     4,  5,  6,  7,  8,  9,
     8,  9, 10, 11, 12, 13,
    12, 13, 14, 15, 16, 17,
    16, 17, 18, 19, 20, 21,
    20, 21, 22, 23, 24, 25,
    24, 25, 26, 27, 28, 29,
    28, 29, 30, 31, 32,  1,
)  # fmt: skip
"""The expansion of 32 bits to 48 (§2.3): every four bits with their neighbours on both sides."""

S = (
    (
        (14,  4, 13,  1,  2, 15, 11,  8,  3, 10,  6, 12,  5,  9,  0,  7),
        ( 0, 15,  7,  4, 14,  2, 13,  1, 10,  6, 12, 11,  9,  5,  3,  8),
        ( 4,  1, 14,  8, 13,  6,  2, 11, 15, 12,  9,  7,  3, 10,  5,  0),
        (15, 12,  8,  2,  4,  9,  1,  7,  5, 11,  3, 14, 10,  0,  6, 13),
    ), (
        (15,  1,  8, 14,  6, 11,  3,  4,  9,  7,  2, 13, 12,  0,  5, 10),
        ( 3, 13,  4,  7, 15,  2,  8, 14, 12,  0,  1, 10,  6,  9, 11,  5),
        ( 0, 14,  7, 11, 10,  4, 13,  1,  5,  8, 12,  6,  9,  3,  2, 15),
        (13,  8, 10,  1,  3, 15,  4,  2, 11,  6,  7, 12,  0,  5, 14,  9),
    ), (
        (10,  0,  9, 14,  6,  3, 15,  5,  1, 13, 12,  7, 11,  4,  2,  8),
        (13,  7,  0,  9,  3,  4,  6, 10,  2,  8,  5, 14, 12, 11, 15,  1),
        (13,  6,  4,  9,  8, 15,  3,  0, 11,  1,  2, 12,  5, 10, 14,  7),
        ( 1, 10, 13,  0,  6,  9,  8,  7,  4, 15, 14,  3, 11,  5,  2, 12),
    ), (
        ( 7, 13, 14,  3,  0,  6,  9, 10,  1,  2,  8,  5, 11, 12,  4, 15),
        (13,  8, 11,  5,  6, 15,  0,  3,  4,  7,  2, 12,  1, 10, 14,  9),
        (10,  6,  9,  0, 12, 11,  7, 13, 15,  1,  3, 14,  5,  2,  8,  4),
        ( 3, 15,  0,  6, 10,  1, 13,  8,  9,  4,  5, 11, 12,  7,  2, 14),
    ), (
        ( 2, 12,  4,  1,  7, 10, 11,  6,  8,  5,  3, 15, 13,  0, 14,  9),
        (14, 11,  2, 12,  4,  7, 13,  1,  5,  0, 15, 10,  3,  9,  8,  6),
        ( 4,  2,  1, 11, 10, 13,  7,  8, 15,  9, 12,  5,  6,  3,  0, 14),
        (11,  8, 12,  7,  1, 14,  2, 13,  6, 15,  0,  9, 10,  4,  5,  3),
    ), (
        (12,  1, 10, 15,  9,  2,  6,  8,  0, 13,  3,  4, 14,  7,  5, 11),
        (10, 15,  4,  2,  7, 12,  9,  5,  6,  1, 13, 14,  0, 11,  3,  8),
        ( 9, 14, 15,  5,  2,  8, 12,  3,  7,  0,  4, 10,  1, 13, 11,  6),
        ( 4,  3,  2, 12,  9,  5, 15, 10, 11, 14,  1,  7,  6,  0,  8, 13),
    ), (
        ( 4, 11,  2, 14, 15,  0,  8, 13,  3, 12,  9,  7,  5, 10,  6,  1),
        (13,  0, 11,  7,  4,  9,  1, 10, 14,  3,  5, 12,  2, 15,  8,  6),
        ( 1,  4, 11, 13, 12,  3,  7, 14, 10, 15,  6,  8,  0,  5,  9,  2),
        ( 6, 11, 13,  8,  1,  4, 10,  7,  9,  5,  0, 15, 14,  2,  3, 12),
    ), (
        (13,  2,  8,  4,  6, 15, 11,  1, 10,  9,  3, 14,  5,  0, 12,  7),
        ( 1, 15, 13,  8, 10,  3,  7,  4, 12,  5,  6, 11,  0, 14,  9,  2),
        ( 7, 11,  4,  1,  9, 12, 14,  2,  0,  6, 10, 13, 15,  3,  5,  8),
        ( 2,  1, 14,  7,  4, 10,  8, 13, 15, 12,  9,  0,  3,  5,  6, 11),
    ),
)  # fmt: skip
"""S1 to S8 (appendix A), each of 4 rows and 16 columns: each row is a permutation of the numbers below 16."""

P = (
    16,  7, 20, 21,
    29, 12, 28, 17,
     1, 15, 23, 26,
     5, 18, 31, 10,
     2,  8, 24, 14,
    32, 27,  3,  9,
    19, 13, 30,  6,
    22, 11,  4, 25,
)  # fmt: skip
"""The permutation after the S-boxes (§2.3): by it and E, the bits of a box reach six boxes of the next round."""

PC1 = (
    57, 49, 41, 33, 25, 17,  9,
     1, 58, 50, 42, 34, 26, 18,
    10,  2, 59, 51, 43, 35, 27,
    19, 11,  3, 60, 52, 44, 36,

    63, 55, 47, 39, 31, 23, 15,
     7, 62, 54, 46, 38, 30, 22,
    14,  6, 61, 53, 45, 37, 29,
    21, 13,  5, 28, 20, 12,  4,
)  # fmt: skip
"""Permuted choice 1 (appendix A): C0, then D0. Bits 8, 16, …, 64 of the key, its parity, are left out."""

PC2 = (
    14, 17, 11, 24,  1,  5,
     3, 28, 15,  6, 21, 10,
    23, 19, 12,  4, 26,  8,
    16,  7, 27, 20, 13,  2,
    41, 52, 31, 37, 47, 55,
    30, 40, 51, 45, 33, 48,
    44, 49, 39, 56, 34, 53,
    46, 42, 50, 36, 29, 32,
)  # fmt: skip
"""Permuted choice 2 (appendix A): 48 of the 56 bits, the first half of them from C, the other from D."""

SHIFTS = (1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1)
"""By how much C and D rotate left before each round key (appendix A): 28 in all, so that they end where they began."""


def permute(bits: int, table: Sequence[int], *, width: int) -> int:
    """Return the bits that `table` names, in its order; bit 1 of `bits` is the leftmost of `width`."""
    result = 0
    for place in table:
        result = result << 1 | bits >> width - place & 1
    return result


# --- The key schedule KS, appendix A.


def rotate_left(half: int, shift: int) -> int:
    """Return the 28 bits of C or D, rotated left by `shift`."""
    return (half << shift | half >> 28 - shift) & 0xFFFFFFF


def key_schedule(KEY: bytes) -> list[int]:
    """Return K1 to K16, the round keys of 48 bits each, of a key of 8 bytes (appendix A)."""
    with steps("SP 800-67 appendix A", "KS", "most rounds use each bit of the key, each time in another place"):
        chosen = permute(int.from_bytes(KEY, "big"), PC1, width=64)
        C = note("", "C0", chosen >> 28, "PC-1 drops the 8 parity bits; this is the first half of the rest", bits=28)
        D = note("", "D0", chosen & 0xFFFFFFF, "PC-1: the second half", bits=28)
        K = []
        for n, shift in enumerate(SHIFTS, start=1):
            C, D = rotate_left(C, shift), rotate_left(D, shift)
            K.append(permute(C << 28 | D, PC2, width=56))
            if tracing():
                note("", f"C{n}", C, f"rotated left by {shift}, so that PC-2 finds other bits", bits=28)
                note("", f"D{n}", D, "rotated as C is, and for the same reason", bits=28)
                note("", f"K{n}", K[-1], "PC-2 takes 24 bits of each half: no round key tells the whole key", bits=48)
    return K


# --- One round, §2.3.


def substitute(i: int, B: int) -> int:
    """Return S_i(B), four bits, for S-box `i` (1 to 8) and six bits: the only step that is not linear (§2.3)."""
    row = B >> 4 & 0b10 | B & 1  # its first and its last bit
    column = B >> 1 & 0xF  # the four between them
    why = "the outer bits choose a row, each of which is a permutation of the 16 values"
    return note("appendix A", f"S{i}(B{i}) = S{i}[{{row}}][{{column}}]", S[i - 1][row][column], why, bits=4)


def f(R: int, K: int) -> int:
    """Return the 32 bits that half a block and a round key give for the other half (§2.3). No inverse is needed."""
    expanded = permute(R, E, width=32)
    note("§2.3", "E(R)", expanded, "half of the bits go into two boxes each, so that what differs spreads", bits=48)
    note("§2.3", "K", K, "only the key makes it secret", bits=48)
    B = tuple((K ^ expanded) >> shift & 0x3F for shift in range(42, -1, -6))
    note(
        "§2.3",
        "B1 … B8 = {K} ⊕ {expanded}",
        B,
        "the key comes in before the S-boxes: nobody else knows what they are given",
        bits=6,
    )
    boxed = 0
    with steps("§2.3", "S1(B1) … S8(B8)", "all else is linear and could be solved for", bits=32) as boxes:
        for i, B_i in enumerate(B, start=1):
            boxed = boxed << 4 | substitute(i, B_i)
        boxes.gives(boxed)
    why = "by this and E, each box reaches six boxes of the next round"
    return note("§2.3", "P", permute(boxed, P, width=32), why, bits=32)


# --- The cipher, §2.1, and its inverse, §2.2: the textbook path.


@algorithm("SP 800-67 §2.1", "DES forward transformation", "repeated, a round makes all bits depend on all bits")
def encipher(block: bytes, K: Sequence[int]) -> bytes:
    """Return the encryption of one block under the round keys K1 to K16 (§2.1)."""
    L, R = _halves(block)
    note("", "L0", L, "the left half of the permuted input", bits=32)
    note("", "R0", R, "the right half", bits=32)
    for n in range(1, 17):
        with steps("", f"round {n}", "one half masks the other, so it can be undone"):
            mask = f(R, K[n - 1])
            L, R = (
                note("", f"L{n} = {{R}}", R, "kept as it is, so that the mask can be made again", bits=32),
                note("", f"R{n} = {{L}} ⊕ {{mask}}", L ^ mask, "nobody without the round key knows the mask", bits=32),
            )
    return _output(R, L)  # the halves change places once more


@algorithm("SP 800-67 §2.2", "DES inverse transformation", "the rounds undo themselves, if the last key comes first")
def decipher(block: bytes, K: Sequence[int]) -> bytes:
    """Return the decryption of one block under the round keys K1 to K16 (§2.2): the same, the last key first."""
    R, L = _halves(block)
    note("", "R16", R, "the left half of the permuted input", bits=32)
    note("", "L16", L, "the right half", bits=32)
    for n in range(16, 0, -1):
        with steps("", f"round {n}", "the mask can be made again, and comes off"):
            mask = f(L, K[n - 1])
            R, L = (
                note("", f"R{n - 1} = {{L}}", L, "it has gone through the round unchanged", bits=32),
                note("", f"L{n - 1} = {{R}} ⊕ {{mask}}", R ^ mask, "the same mask once more takes it off", bits=32),
            )
    return _output(L, R)


def _halves(block: bytes) -> tuple[int, int]:
    """Return the halves of the permuted input."""
    note("", "input", block, "64 bits, numbered from the left")
    why = "suited chips that took in a block byte by byte; it hides nothing"
    permuted = note("", "IP", permute(int.from_bytes(block, "big"), IP, width=64), why, bits=64)
    return permuted >> 32, permuted & 0xFFFFFFFF


def _output(left: int, right: int) -> bytes:
    """Return the block whose permutation by IP is the preoutput, the halves `left` and `right`."""
    preoutput = note("", "preoutput", left << 32 | right, "with halves crossed, the same steps decrypt", bits=64)
    return note("", "IP⁻¹", permute(preoutput, IP_INVERSE, width=64).to_bytes(8, "big"), "undoes IP")


# --- The same by tables.


@cache
def _tables() -> des_tables.Tables:
    """Return what the fast path looks up; made once, when it is first needed."""
    return des_tables.make_tables(
        S=substitute,
        P=lambda bits: permute(bits, P, width=32),
        E=lambda bits: permute(bits, E, width=32),
        IP=lambda bits: permute(bits, IP, width=64),
        IP_inverse=lambda bits: permute(bits, IP_INVERSE, width=64),
    )


Stage: TypeAlias = tuple[Callable[[bytes, Sequence[int]], bytes], list[int]]
"""`encipher` or `decipher`, and K1 to K16."""


def _in_order(stage: Callable[[bytes, Sequence[int]], bytes], K: list[int]) -> des_tables.Stage:
    """Return the round keys in the order of their use, in pairs."""
    used = K if stage is encipher else K[::-1]
    return list(zip(used[::2], used[1::2], strict=True))


class _Stages:
    """One or three stages after each other: the face that DES and Triple DES have in common."""

    __slots__ = ("_backward", "_backward_keys", "_forward", "_forward_keys", "name")

    block_size = 8

    def __init__(self, name: str, forward: Sequence[Stage]) -> None:
        self.name = name
        self._forward = forward
        self._backward = [(decipher if stage is encipher else encipher, K) for stage, K in reversed(forward)]
        self._forward_keys = [_in_order(*stage) for stage in self._forward]
        self._backward_keys = [_in_order(*stage) for stage in self._backward]

    def __repr__(self) -> str:
        return f"<{self.name}, key hidden>"

    def encrypt_block(self, block: BytesLike) -> bytes:
        """Return the encryption of `block`, 8 bytes (§2.1, §3.1)."""
        return self._run(self._forward, self._forward_keys, self._check_block(block))

    def decrypt_block(self, block: BytesLike) -> bytes:
        """Return the decryption of `block`, 8 bytes (§2.2, §3.1)."""
        return self._run(self._backward, self._backward_keys, self._check_block(block))

    def encrypt_blocks(self, blocks: BytesLike) -> bytes:
        """Return the encryptions of the blocks in `blocks`, a multiple of 8 bytes, each on its own."""
        return self._run(self._forward, self._forward_keys, self._check_blocks(blocks))

    def decrypt_blocks(self, blocks: BytesLike) -> bytes:
        """Return the decryptions of the blocks in `blocks`, a multiple of 8 bytes, each on its own."""
        return self._run(self._backward, self._backward_keys, self._check_blocks(blocks))

    def _run(self, stages: Sequence[Stage], keys: Sequence[des_tables.Stage], blocks: bytes) -> bytes:
        """Return the blocks, each taken through `stages`; `keys` are the same stages for the tables."""
        if not tracing():
            return des_tables.run(_tables(), keys, blocks)
        output = []
        for i in range(0, len(blocks), 8):
            block = blocks[i : i + 8]
            for stage, K in stages:
                block = stage(block, K)
            output.append(block)
        return b"".join(output)

    def _check_block(self, block: BytesLike) -> bytes:
        """Return `block`; raise `TypeError` or `ValueError` if it is not 8 bytes."""
        block = require_bytes(block, f"{self.name}: block")
        if len(block) != 8:
            raise ValueError(f"{self.name}: the block has {len(block)} bytes, expected 8")
        return block

    def _check_blocks(self, blocks: BytesLike) -> bytes:
        """Return `blocks`; raise `TypeError` or `ValueError` if they are not whole blocks of 8 bytes."""
        blocks = require_bytes(blocks, f"{self.name}: blocks")
        if len(blocks) % 8:
            raise ValueError(f"{self.name}: the blocks have {len(blocks)} bytes, expected a multiple of 8")
        return blocks


class DES(_Stages):
    """DES under one key: a permutation of blocks of 8 bytes, and its inverse. Broken: its keys can all be tried.

    key: 8 bytes, of which 56 bits count. Raises `TypeError` or `ValueError` for anything else.
    """

    __slots__ = ()

    def __init__(self, key: BytesLike) -> None:
        key = require_bytes(key, "DES: key")
        if len(key) != 8:
            raise ValueError(f"DES: the key has {len(key)} bytes, expected 8")
        super().__init__("DES", [(encipher, key_schedule(key))])


class TripleDES(_Stages):
    """Triple DES (TDEA, §3.1): a permutation of blocks of 8 bytes, and its inverse.

    key: Key1 ‖ Key2 ‖ Key3, 24 bytes; or Key1 ‖ Key2, 16 bytes, if Key3 is Key1.
    Raises `TypeError` or `ValueError` for anything else.

    The stage in the middle deciphers, so that three equal keys give single DES, as a bridge to peers who know nothing
    else. Such keys are taken, though Rev. 2 wants three that differ. Keys of which just two are equal, beside each
    other, cancel out unawares, and are refused. The parity bits make no difference.
    """

    __slots__ = ()

    def __init__(self, key: BytesLike) -> None:
        key = require_bytes(key, "Triple DES: key")
        if len(key) not in (16, 24):
            raise ValueError(f"Triple DES: the key has {len(key)} bytes, expected 16 or 24")
        K1, K2 = key_schedule(key[:8]), key_schedule(key[8:16])
        K3 = key_schedule(key[16:]) if len(key) == 24 else K1
        name = "DES-EDE3" if len(key) == 24 else "DES-EDE"
        if (K1 == K2) != (K2 == K3):
            raise ValueError("Triple DES: two keys beside each other are equal, so that this would be single DES")
        super().__init__(name, [(encipher, K1), (decipher, K2), (encipher, K3)])
