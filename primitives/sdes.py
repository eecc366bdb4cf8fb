"""Simplified DES: all of DES's parts, with keys of 10 bits and blocks of 8, to be followed with pencil and paper.

A lesson and no protection: there are 1024 keys.

Standard     Stallings, "Cryptography and Network Security", appendix G; the algorithm is that of Schaefer, "A
             Simplified Data Encryption Standard Algorithm", Cryptologia 20 (1996).
Left out     Nothing; the modes of `modes.py` work with it.
Timing       Looks up tables at places that depend on key and data.

>>> from primitives.modes import cbc_encrypt
>>> cipher = SDES(0b0111111101)
>>> C = cbc_encrypt(cipher, bytes([0b10101010]), bytes([0b00000001, 0b00100011]))     # Stallings' problem on CBC
>>> [f"{block:08b}" for block in C]
['11110100', '00001011']

Anyone who knows blocks and their encryptions finds the key by trying all; here three blocks are enough:

>>> known = bytes([0, 1, 2])
>>> [f"{key:010b}" for key in range(1024) if SDES(key).encrypt_blocks(known) == cipher.encrypt_blocks(known)]
['0111111101']

Where `des.py` has 16 rounds, a key schedule of 16 shifts and 8 S-boxes of 4 × 16, this has 2 rounds, 2 shifts and 2
S-boxes of 4 × 4. Bits are numbered from the left, beginning with 1.
"""

from __future__ import annotations

from functools import cache

from explain.trace import algorithm, note, steps, tracing, unrecorded
from primitives.des import permute
from primitives.octets import BytesLike, require_bytes

P10 = (3, 5, 2, 7, 4, 10, 1, 9, 8, 6)  # §G.2
P8 = (6, 3, 7, 4, 8, 5, 10, 9)  # §G.2
SHIFTS = (1, 2)  # §G.2, LS-1 and LS-2: by how much the halves rotate left before each round key

IP = (2, 6, 3, 1, 4, 8, 5, 7)  # §G.3
IP_INVERSE = tuple(IP.index(place) + 1 for place in range(1, 9))  # §G.3, which prints it as well
EP = (4, 1, 2, 3, 2, 3, 4, 1)  # §G.3, E/P: expansion and permutation
P4 = (2, 4, 3, 1)  # §G.3

S0 = ((1, 0, 3, 2), (3, 2, 1, 0), (0, 2, 1, 3), (3, 1, 3, 2))  # §G.3, row by row
S1 = ((0, 1, 2, 3), (2, 0, 1, 3), (3, 0, 1, 0), (2, 1, 0, 3))  # §G.3
S = (S0, S1)


def key_schedule(key: int) -> tuple[int, int]:
    """Return K1 and K2, 8 bits each, of a key of 10 bits (§G.2)."""
    with steps("Stallings §G.2", "key generation", "each round uses 8 of the 10 bits, and in other places"):
        note("", "key", key, "10 bits: few enough to try all of them", bits=10)
        mixed = note("", "P10", permute(key, P10, width=10), "spreads the bits over the two halves", bits=10)
        left, right = mixed >> 5, mixed & 0b11111
        round_keys = []
        for n, shift in enumerate(SHIFTS, start=1):
            left, right = (half << shift & 0b11111 | half >> 5 - shift for half in (left, right))
            rotated = left << 5 | right
            note("", f"LS-{shift}", rotated, f"halves rotated left by {shift}, so that P8 finds other bits", bits=10)
            K = permute(rotated, P8, width=10)
            round_keys.append(note("", f"K{n}", K, "P8 takes 8 of the 10 bits: none tells the whole key", bits=8))
    K1, K2 = round_keys
    return K1, K2


def substitute(i: int, bits: int) -> int:
    """Return the two bits that S-box `i` (0 or 1) has for four: the only step that is not linear (§G.3)."""
    row = bits >> 2 & 0b10 | bits & 1  # the first and the last bit
    column = bits >> 1 & 0b11  # the two between them
    return note("", f"S{i} = S{i}[{{row}}][{{column}}]", S[i][row][column], "the one step that is not linear", bits=2)


def F(R: int, SK: int) -> int:
    """Return the four bits that half a block and a round key give for the other half (§G.3)."""
    expanded = note("", "E/P", permute(R, EP, width=4), "every bit of the half goes into two places", bits=8)
    note("", "SK", SK, "only the key makes it secret", bits=8)
    masked = note("", "E/P ⊕ SK = {expanded} ⊕ {SK}", expanded ^ SK, "four bits for each S-box", bits=8)
    boxed = substitute(0, masked >> 4) << 2 | substitute(1, masked & 0b1111)
    return note("", "P4", permute(boxed, P4, width=4), "mixes the bits of the two boxes", bits=4)


@algorithm("Stallings §G.3", "fK", "one half masks the other, so it can be undone", bits=8)
def fK(bits: int, SK: int) -> int:
    """Return f_SK(L, R) = (L ⊕ F(R, SK), R), 8 bits (§G.3): one round, which undoes itself."""
    L = note("", "L", bits >> 4, "the half that changes", bits=4)
    R = note("", "R", bits & 0b1111, "the half that stays, so that the mask can be made again", bits=4)
    return (L ^ F(R, SK)) << 4 | R


def SW(bits: int) -> int:
    """Return the halves of 8 bits, changed over, so that the other half is the next to change (§G.3)."""
    return (bits & 0b1111) << 4 | bits >> 4


def transform(block: int, first: int, second: int) -> int:
    """Return IP⁻¹(f_second(SW(f_first(IP(block))))), 8 bits (§G.1).

    first, second: K1 and K2 to encrypt, K2 and K1 to decrypt.
    """
    note("", "input", block, "8 bits, few enough to follow each of them", bits=8)
    state = note("", "IP", permute(block, IP, width=8), "hides nothing, and is there because DES has it", bits=8)
    state = note("", "SW", SW(fK(state, first)), "the next round changes the other half", bits=8)
    return note("", "IP⁻¹", permute(fK(state, second), IP_INVERSE, width=8), "undoes IP", bits=8)


@cache
def _masks() -> list[bytes]:
    """Return, for each round key, what F gives for each half; made once, when it is first needed."""
    with unrecorded():
        return [bytes(F(R, SK) for R in range(16)) for SK in range(256)]


def _transform_fast(block: int, first: int, second: int) -> int:
    """Return what `transform` does, with F looked up."""
    state = permute(block, IP, width=8)
    L, R = state >> 4, state & 0b1111
    L ^= _masks()[first][R]
    R ^= _masks()[second][L]  # the halves have changed places
    return permute(R << 4 | L, IP_INVERSE, width=8)


class SDES:
    """Simplified DES under one key: a permutation of blocks of one byte, and its inverse.

    key: a number of 10 bits, such as 0b1010000010. Raises `TypeError` or `ValueError` for anything else.
    """

    __slots__ = ("_K1", "_K2")

    name = "S-DES"
    block_size = 1

    def __init__(self, key: int) -> None:
        if not isinstance(key, int):
            raise TypeError(f"S-DES: key: expected an int of 10 bits, got {type(key).__name__}")
        if not 0 <= key < 1024:
            raise ValueError("S-DES: the key is out of range, expected a number of 10 bits, 0 to 1023")
        self._K1, self._K2 = key_schedule(key)

    def __repr__(self) -> str:
        return f"<{self.name}, key hidden>"

    def encrypt_block(self, block: BytesLike) -> bytes:
        """Return the encryption of `block`, one byte (§G.3)."""
        block = _check_block(block)
        if tracing():
            with steps("Stallings §G.3", "S-DES encryption", "two rounds, as each changes one half") as whole:
                return whole.gives(bytes([transform(block[0], self._K1, self._K2)]))
        return bytes([_transform_fast(block[0], self._K1, self._K2)])

    def decrypt_block(self, block: BytesLike) -> bytes:
        """Return the decryption of `block`, one byte (§G.3)."""
        block = _check_block(block)
        if tracing():
            with steps("Stallings §G.3", "S-DES decryption", "the rounds undo themselves: the last key first") as whole:
                return whole.gives(bytes([transform(block[0], self._K2, self._K1)]))
        return bytes([_transform_fast(block[0], self._K2, self._K1)])

    def encrypt_blocks(self, blocks: BytesLike) -> bytes:
        """Return the encryptions of the bytes in `blocks`, each on its own."""
        blocks = require_bytes(blocks, "S-DES: blocks")
        return b"".join(self.encrypt_block(blocks[i : i + 1]) for i in range(len(blocks)))

    def decrypt_blocks(self, blocks: BytesLike) -> bytes:
        """Return the decryptions of the bytes in `blocks`, each on its own."""
        blocks = require_bytes(blocks, "S-DES: blocks")
        return b"".join(self.decrypt_block(blocks[i : i + 1]) for i in range(len(blocks)))


def _check_block(block: BytesLike) -> bytes:
    """Return `block`; raise `TypeError` or `ValueError` if it is not one byte."""
    block = require_bytes(block, "S-DES: block")
    if len(block) != 1:
        raise ValueError(f"S-DES: the block has {len(block)} bytes, expected 1")
    return block
