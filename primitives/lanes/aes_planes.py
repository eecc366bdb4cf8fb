"""AES, many blocks at once: bit-sliced, each bit of a byte in a plane of its own, and the S-box a circuit.

Standard     FIPS 197 §5.1 and §5.3.5; `aes.py` has the same, line against line with the standard.
Left out     The steps for a recording.
Timing       Looks up no tables and takes no branches on data. Python's integers are no constant-time arithmetic, but a
             plane mixes a bit of every block.

>>> from primitives.aes import AES
>>> cipher, blocks = AES(bytes(range(16))), bytes(range(256)) * 32
>>> cipher.decrypt_blocks(cipher.encrypt_blocks(blocks)) == blocks     # 512 blocks: enough for planes
True

A plane is one integer: bit b of all bytes of all n blocks. It has 16 lanes of n bits, one for each byte of the state:
the byte in row r, column c (§3.4) of block i is bit i of lane 4r + c. So

    SubBytes        is the circuit of `aes_sbox.py` on the eight planes: it acts on all bytes alike;
    ShiftRows       is not done at all. A row that should have been rotated once more in every round just stands askew:
                    after k rounds, the byte of row r, column c is found in column c + kr (Adomnicai and Peyrin,
                    "Fixslicing AES-like Ciphers", 2020). Round keys are laid askew beforehand;
    MixColumns      adds to each byte those of the other rows in its column: rotations of the planes by whole lanes, and
                    by k columns more for every row, as far as the rows have slid apart;
    AddRoundKey     is one exclusive or for each plane, with a plane whose lanes are all ones or all zeros.

The constant 0x63 of the S-box is added to the round keys, too: MixColumns leaves a state of equal bytes as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from primitives.integers import big
from primitives.lanes.aes_sbox import inverse_sbox, sbox
from primitives.lanes.bit_planes import from_planes, to_planes

BLOCKS = 2048  # in one run, at most: with more, the planes outgrow the processor's nearest caches

CONSTANT = 0x63  # §5.1.1 (5.2)

Planes = Sequence[int]


@dataclass(frozen=True)
class _Lanes:
    """The lanes of planes for n blocks.

    width: bits of a plane. whole: a plane of ones.
    rows: for four bits, a row with ones in those of its lanes whose bit is set.
    near, far: for k columns to the right, the lanes from which there are so many to the right of them in their row, and
    those from which one has to begin again at the left.
    """

    n: int
    width: int
    whole: int
    rows: tuple[int, ...]
    near: tuple[int, ...]
    far: tuple[int, ...]


@lru_cache(maxsize=16)
def _lanes(n: int) -> _Lanes:
    """Return the lanes of planes for n blocks."""
    ones = (big(1) << n) - 1
    rows = tuple(sum(ones << n * c for c in range(4) if bits >> c & 1) for bits in range(16))
    in_each = sum(big(1) << 4 * n * r for r in range(4))
    return _Lanes(
        n,
        16 * n,
        whole=(big(1) << 16 * n) - 1,
        rows=rows,
        near=tuple(in_each * rows[0b1111 >> k] for k in range(4)),
        far=tuple(in_each * rows[0b1111 & ~(0b1111 >> k)] for k in range(4)),
    )


class RoundKeys:
    """The round keys of one direction, as planes; made for each number of blocks when first needed.

    keys: the round keys, 16 bytes each, in the order of their use; for decryption those of the equivalent inverse
    cipher (§5.3.5). decrypting: which direction it is.
    """

    def __init__(self, keys: Sequence[bytes], *, decrypting: bool) -> None:
        self.decrypting, self.rounds = decrypting, len(keys) - 1
        self.askew = -1 if decrypting else 1  # by how many columns row 1 slides in a round
        laid = b"".join(self._laid_out(key, i) for i, key in enumerate(keys))
        planes = to_planes(laid)  # 16 bits of each for a key: a bit for a lane
        self._bits = [[int(plane >> 16 * i & 0xFFFF) for plane in planes] for i in range(len(keys))]
        self._planes: dict[int, list[Planes]] = {}

    def __repr__(self) -> str:
        return "<round keys in planes, hidden>"

    def planes(self, n: int) -> list[Planes]:
        """Return, for each round key, its planes for n blocks."""
        if n not in self._planes:
            if len(self._planes) == 2:  # a transfer has records of one length, and a last one
                del self._planes[next(iter(self._planes))]
            rows, row = _lanes(n).rows, 4 * n
            self._planes[n] = [
                [
                    rows[x & 15] | rows[x >> 4 & 15] << row | rows[x >> 8 & 15] << 2 * row | rows[x >> 12] << 3 * row
                    for x in key
                ]
                for key in self._bits
            ]
        return self._planes[n]

    def _laid_out(self, key: bytes, i: int) -> bytes:
        """Return round key `i` lane after lane, askew as the state that it is added to, the S-box's constant added."""
        # Forwards the constant comes after the S-box, so with the next key; backwards, with the key before.
        has_constant = i < self.rounds if self.decrypting else i > 0
        return bytes(key[place] ^ CONSTANT * has_constant for place in _places(i * self.askew))


def _places(k: int) -> list[int]:
    """Return, lane after lane, which byte of a block it holds once row 1 stands k columns to the right of its place."""
    return [4 * ((c - k * r) % 4) + r for r in range(4) for c in range(4)]


def run(keys: RoundKeys, data: bytes) -> bytes:
    """Return the encryptions, or decryptions, of the blocks in `data`, a multiple of 16 bytes."""
    return b"".join(_run(keys, data[i : i + 16 * BLOCKS]) for i in range(0, len(data), 16 * BLOCKS))


def _run(keys: RoundKeys, data: bytes) -> bytes:
    """Return the encryptions, or decryptions, of at most so many blocks."""
    n = -(-len(data) // 128) * 8  # in eights, which is how planes are made
    rounds = keys.planes(n)
    padded = data.ljust(16 * n, b"\0")
    planes = to_planes(b"".join([padded[place::16] for place in _places(0)]))
    lanes = from_planes((decrypt if keys.decrypting else encrypt)(planes, rounds, n), 16 * n)
    output = bytearray(16 * n)
    for lane, place in enumerate(_places(keys.askew * keys.rounds)):
        output[place::16] = lanes[n * lane : n * lane + n]
    return bytes(output[: len(data)])


def encrypt(planes: Planes, keys: Sequence[Planes], n: int) -> Planes:
    """Return the planes of n blocks after the cipher (§5.1), the rows askew as so many rounds leave them."""
    lanes = _lanes(n)
    planes = _add(planes, keys[0])
    last = len(keys) - 1
    for k in range(1, last):
        planes = _mix_columns(sbox(planes), k % 4, lanes, keys[k])
    return _add(sbox(planes), keys[last])


def decrypt(planes: Planes, keys: Sequence[Planes], n: int) -> Planes:
    """Return the planes of n blocks after the equivalent inverse cipher (§5.3.5), the rows askew."""
    lanes = _lanes(n)
    planes = _add(planes, keys[0])
    last = len(keys) - 1
    for k in range(1, last):
        prepared = _before_mix_columns(inverse_sbox(planes), -k % 4, lanes)
        planes = _mix_columns(prepared, -k % 4, lanes, keys[k])
    return _add(inverse_sbox(planes), keys[last])


def _add(planes: Planes, others: Planes) -> Planes:
    return [x ^ y for x, y in zip(planes, others, strict=True)]


def _mix_columns(s: Planes, k: int, lanes: _Lanes, key: Planes) -> Planes:
    """Return the planes after MixColumns (§5.1.3) and AddRoundKey (§5.1.4), row r standing kr columns to the right.

    (5.8) is, for the first byte of a column, 2·s0 ⊕ 3·s1 ⊕ s2 ⊕ s3 = s1 ⊕ 2·(s0 ⊕ s1) ⊕ (s2 ⊕ s3); and likewise
    for each byte with those in the rows below it. So two rotations do: of s, and of t = s0 ⊕ s1 by two rows more.

    All is written out for the eight planes: on short ones, a loop's turn costs as much as an operation.
    """
    n, width = lanes.n, lanes.width
    s0, s1, s2, s3, s4, s5, s6, s7 = s
    # What stands one row below and k columns to the right. Behind a plane that is written twice, its first row comes
    # again; in a row, the columns past its end are the first ones again.
    right, left, near, far = (4 + k) * n, k * n, lanes.near[k], lanes.far[k]
    b0 = (x := s0 | s0 << width) >> right & near | x >> left & far
    b1 = (x := s1 | s1 << width) >> right & near | x >> left & far
    b2 = (x := s2 | s2 << width) >> right & near | x >> left & far
    b3 = (x := s3 | s3 << width) >> right & near | x >> left & far
    b4 = (x := s4 | s4 << width) >> right & near | x >> left & far
    b5 = (x := s5 | s5 << width) >> right & near | x >> left & far
    b6 = (x := s6 | s6 << width) >> right & near | x >> left & far
    b7 = (x := s7 | s7 << width) >> right & near | x >> left & far
    t0, t1, t2, t3 = s0 ^ b0, s1 ^ b1, s2 ^ b2, s3 ^ b3
    t4, t5, t6, t7 = s4 ^ b4, s5 ^ b5, s6 ^ b6, s7 ^ b7
    # And of t, what stands two rows below and 2k columns to the right. 2·t has its bits a plane higher, and x^8 in it
    # is x^4 + x^3 + x + 1 (§4.2).
    k = 2 * k % 4
    right, left, near, far = (8 + k) * n, (4 + k) * n, lanes.near[k], lanes.far[k]
    k0, k1, k2, k3, k4, k5, k6, k7 = key
    return (
        b0 ^ t7 ^ ((x := t0 | t0 << width) >> right & near | x >> left & far) ^ k0,
        b1 ^ t0 ^ t7 ^ ((x := t1 | t1 << width) >> right & near | x >> left & far) ^ k1,
        b2 ^ t1 ^ ((x := t2 | t2 << width) >> right & near | x >> left & far) ^ k2,
        b3 ^ t2 ^ t7 ^ ((x := t3 | t3 << width) >> right & near | x >> left & far) ^ k3,
        b4 ^ t3 ^ t7 ^ ((x := t4 | t4 << width) >> right & near | x >> left & far) ^ k4,
        b5 ^ t4 ^ ((x := t5 | t5 << width) >> right & near | x >> left & far) ^ k5,
        b6 ^ t5 ^ ((x := t6 | t6 << width) >> right & near | x >> left & far) ^ k6,
        b7 ^ t6 ^ ((x := t7 | t7 << width) >> right & near | x >> left & far) ^ k7,
    )


def _before_mix_columns(s: Planes, k: int, lanes: _Lanes) -> Planes:
    """Return planes that MixColumns makes into what InvMixColumns (§5.3.3) makes of these.

    Its matrix is that of MixColumns times one with 5, 0, 4, 0 in the first row: so it is s0 ⊕ 4·(s0 ⊕ s2).
    """
    n, width = lanes.n, lanes.width
    k = 2 * k % 4
    right, left, near, far = (8 + k) * n, (4 + k) * n, lanes.near[k], lanes.far[k]
    d0, d1, d2, d3, d4, d5, d6, d7 = [
        x ^ (twice >> right & near | twice >> left & far) for x in s for twice in (x | x << width,)
    ]
    s0, s1, s2, s3, s4, s5, s6, s7 = s
    d67 = d6 ^ d7
    return s0 ^ d6, s1 ^ d67, s2 ^ d0 ^ d7, s3 ^ d1 ^ d6, s4 ^ d2 ^ d67, s5 ^ d3 ^ d7, s6 ^ d4, s7 ^ d5
