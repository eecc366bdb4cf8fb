"""AES, many blocks at once: bit-sliced, each bit of a byte in a plane of its own, and the S-box a circuit.

Standard     FIPS 197 §5.1 and §5.3.5; `aes.py` has the same, line against line with the standard.
Left out     The steps for a recording.
Timing       Looks up no tables and takes no branches on data. Python's integers are not constant-time, but a
             plane mixes a bit of every block.

>>> from primitives.aes import AES
>>> cipher, blocks = AES(bytes(range(16))), bytes(range(256)) * 64
>>> cipher.decrypt_blocks(cipher.encrypt_blocks(blocks)) == blocks     # 1,024 blocks: enough for planes
True

A row of the states (§3.4) of n blocks is eight planes, one for each bit of its bytes. A plane is one integer with four
lanes of n bits, one for each column: the byte in column c of block i has its bit in bit i of lane c. So

    SubBytes        is the circuit of `aes_sbox.py` on the planes of each row: it acts on all bytes alike;
    ShiftRows       rotates the planes of row r by r lanes;
    MixColumns      is exclusive ors of rows, and doubling one moves its bits from plane to plane;
    AddRoundKey     is an exclusive or with planes whose lanes are all ones or all zeros.

The constant 0x63 of the S-box is added to the round keys, too: MixColumns leaves a state of equal bytes as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from primitives.lanes.aes_sbox import inverse_sbox, sbox
from primitives.lanes.bit_planes import from_planes, to_planes

# In one run, at most; with more, the planes outgrow the processor's nearest caches. Eight full TLS records fit, each
# 2^14 bytes, a MAC of up to 48 bytes and the padding.
BLOCKS = 8 * 1028

CONSTANT = 0x63  # §5.1.1 (5.2)

Planes: TypeAlias = Sequence[int]
"""The eight planes of a row, the least significant bit first."""

Rows: TypeAlias = list[Planes]


class RoundKeys:
    """The round keys of one direction, as planes; made for each number of blocks when first needed.

    keys: the round keys, 16 bytes each, in the order of their use; for decryption those of the equivalent inverse
    cipher (§5.3.5). decrypting: which direction it is.
    """

    def __init__(self, keys: Sequence[bytes], *, decrypting: bool) -> None:
        self.decrypting = decrypting
        # Forwards the constant comes after the S-box, so with the next key; backwards, with the key before.
        bare = -1 if decrypting else 0
        plain = keys[bare]
        added = [bytes(x ^ CONSTANT for x in key) for key in keys]
        added[bare] = plain
        # Row after row, four bits of each plane: one for each column.
        planes = to_planes(b"".join(key[r::4] for key in added for r in range(4)))
        self._bits = [[[plane >> 16 * i + 4 * r & 0xF for plane in planes] for r in range(4)] for i in range(len(keys))]
        self._planes: dict[int, list[Rows]] = {}

    def __repr__(self) -> str:
        return "<round keys in planes, hidden>"

    def planes(self, n: int) -> list[Rows]:
        """Return the round keys for n blocks."""
        if n not in self._planes:
            if len(self._planes) == 2:  # a transfer has records of one length, and a last one
                del self._planes[next(iter(self._planes))]
            ones = (1 << n) - 1
            lanes = [sum(ones << n * c for c in range(4) if bits >> c & 1) for bits in range(16)]
            self._planes[n] = [[[lanes[bits] for bits in row] for row in key] for key in self._bits]
        return self._planes[n]


def run(keys: RoundKeys, data: bytes) -> bytes:
    """Return the encryptions, or decryptions, of the blocks in `data`, a multiple of 16 bytes."""
    return b"".join([_run(keys, data[i : i + 16 * BLOCKS]) for i in range(0, len(data), 16 * BLOCKS)])


def _run(keys: RoundKeys, data: bytes) -> bytes:
    """Return the encryptions, or decryptions, of at most so many blocks."""
    n = -(-len(data) // 128) * 8  # in eights, which is how planes are made
    padded = data.ljust(16 * n, b"\0")
    rows: Rows = [to_planes(b"".join([padded[4 * c + r :: 16] for c in range(4)])) for r in range(4)]
    rows = (_decrypt if keys.decrypting else _encrypt)(rows, keys.planes(n), n)
    output = bytearray(16 * n)
    for r, planes in enumerate(rows):
        row = from_planes(planes, 4 * n)
        for c in range(4):
            output[4 * c + r :: 16] = row[n * c : n * c + n]
    return bytes(output[: len(data)])


def _encrypt(rows: Rows, keys: Sequence[Rows], n: int) -> Rows:
    """Return the rows of n blocks after the cipher (§5.1)."""
    first, *inner, last = keys
    rows = _add(rows, first)
    for key in inner:
        rows = _mix_columns([_rotate(sbox(planes), r, n) for r, planes in enumerate(rows)], key)
    return _add([_rotate(sbox(planes), r, n) for r, planes in enumerate(rows)], last)


def _decrypt(rows: Rows, keys: Sequence[Rows], n: int) -> Rows:
    """Return the rows of n blocks after the equivalent inverse cipher (§5.3.5)."""
    first, *inner, last = keys
    rows = _add(rows, first)
    for key in inner:
        rows = _inverse_mix_columns([_rotate(inverse_sbox(planes), -r % 4, n) for r, planes in enumerate(rows)], key)
    return _add([_rotate(inverse_sbox(planes), -r % 4, n) for r, planes in enumerate(rows)], last)


def _add(rows: Rows, others: Rows) -> Rows:
    """Return the sum of both, such as of a state and a round key (§5.1.4)."""
    return [[x ^ y for x, y in zip(*pair, strict=True)] for pair in zip(rows, others, strict=True)]


def _rotate(planes: Planes, columns: int, n: int) -> Planes:
    """Return the planes of a row, rotated left: column c has what was in column c + columns (§5.1.2)."""
    if not columns:
        return planes
    right, left = columns * n, (4 - columns) * n
    low = (1 << right) - 1
    return [x >> right | (x & low) << left for x in planes]


def _mix_columns(rows: Rows, key: Rows) -> Rows:
    """Return the rows after MixColumns (§5.1.3) and AddRoundKey (§5.1.4).

    (5.8) is 2·s0 ⊕ 3·s1 ⊕ s2 ⊕ s3 for row 0, which is s0 ⊕ 2·(s0 ⊕ s1) ⊕ (s0 ⊕ s1 ⊕ s2 ⊕ s3); and likewise for
    each row with those below it. Of 2·d, the bits are those of d a plane higher, and x^8 is x^4 + x^3 + x + 1 (§4.2).
    """
    s0, s1, s2, s3 = rows
    sums: Rows = [[x ^ y for x, y in zip(*pair, strict=True)] for pair in ((s0, s1), (s1, s2), (s2, s3), (s3, s0))]
    t0, t1, t2, t3, t4, t5, t6, t7 = (x ^ y for x, y in zip(sums[0], sums[2], strict=True))
    mixed: Rows = []
    for s, d, k in zip(rows, sums, key, strict=True):
        d7 = d[7]
        mixed.append(
            (
                s[0] ^ t0 ^ d7 ^ k[0],
                s[1] ^ t1 ^ d[0] ^ d7 ^ k[1],
                s[2] ^ t2 ^ d[1] ^ k[2],
                s[3] ^ t3 ^ d[2] ^ d7 ^ k[3],
                s[4] ^ t4 ^ d[3] ^ d7 ^ k[4],
                s[5] ^ t5 ^ d[4] ^ k[5],
                s[6] ^ t6 ^ d[5] ^ k[6],
                s[7] ^ t7 ^ d[6] ^ k[7],
            )
        )
    return mixed


def _inverse_mix_columns(rows: Rows, key: Rows) -> Rows:
    """Return the rows after InvMixColumns (§5.3.3) and AddRoundKey (§5.1.4).

    Its matrix is that of MixColumns times one with 5, 0, 4, 0 in the first row: what MixColumns gets is
    s0 ⊕ 4·(s0 ⊕ s2), and likewise for each row with the next but one.
    """
    prepared: Rows = [[], [], [], []]
    for r in (0, 1):
        d0, d1, d2, d3, d4, d5, d6, d7 = (x ^ y for x, y in zip(rows[r], rows[r + 2], strict=True))
        d67 = d6 ^ d7
        quadruple = (d6, d67, d0 ^ d7, d1 ^ d6, d2 ^ d67, d3 ^ d7, d4, d5)
        for i in (r, r + 2):
            prepared[i] = [x ^ y for x, y in zip(rows[i], quadruple, strict=True)]
    return _mix_columns(prepared, key)
