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

Whoever knows blocks and their encryptions finds the key by trying all; here three blocks are enough:

>>> known = bytes([0, 1, 2])
>>> [f"{key:010b}" for key in range(1024) if SDES(key).encrypt_blocks(known) == cipher.encrypt_blocks(known)]
['0111111101']

Where `des.py` has 16 rounds, a key schedule of 16 shifts and 8 S-boxes of 4 × 16, this has 2 rounds, 2 shifts and 2
S-boxes of 4 × 4. Bits are numbered from the left, beginning with 1.
"""

from __future__ import annotations

from explain import trace
from primitives.des import permute
from primitives.octets import BytesLike, require_bytes

P10 = (3, 5, 2, 7, 4, 10, 1, 9, 8, 6)  # §G.2
P8 = (6, 3, 7, 4, 8, 5, 10, 9)  # §G.2
SHIFTS = (1, 2)  # §G.2, LS-1 and LS-2: by how much the halves turn left before each round key

IP = (2, 6, 3, 1, 4, 8, 5, 7)  # §G.3
IP_INVERSE = tuple(IP.index(place) + 1 for place in range(1, 9))  # §G.3, which prints it as well
EP = (4, 1, 2, 3, 2, 3, 4, 1)  # §G.3, E/P: expansion and permutation
P4 = (2, 4, 3, 1)  # §G.3

S0 = ((1, 0, 3, 2), (3, 2, 1, 0), (0, 2, 1, 3), (3, 1, 3, 2))  # §G.3, row by row
S1 = ((0, 1, 2, 3), (2, 0, 1, 3), (3, 0, 1, 0), (2, 1, 0, 3))  # §G.3


def key_schedule(key: int) -> tuple[int, int]:
    """Return K1 and K2, 8 bits each, of a key of 10 bits (§G.2)."""
    section = "Stallings §G.2"
    with trace.group("key generation", section, why="each round uses 8 of the 10 bits, every time others"):
        trace.step("key", key, section, why="10 bits", bits=10)
        mixed = permute(key, P10, width=10)
        trace.step("P10", mixed, section, why="spreads the bits over the two halves", bits=10)
        left, right = mixed >> 5, mixed & 0b11111
        round_keys = []
        for n, shift in enumerate(SHIFTS, start=1):
            left, right = (half << shift & 0b11111 | half >> 5 - shift for half in (left, right))
            turned = left << 5 | right
            round_keys.append(permute(turned, P8, width=10))
            if trace.active():
                trace.step(f"LS-{shift}", turned, section, why=f"each half, turned left by {shift}", bits=10)
                trace.step(f"K{n}", round_keys[-1], section, why="P8 picks 8 of the 10 bits", bits=8)
    K1, K2 = round_keys
    return K1, K2


def substitute(box: tuple[tuple[int, ...], ...], bits: int) -> int:
    """Return the two bits that an S-box has for four: the only step that is not linear (§G.3)."""
    row, column = place(bits)
    return box[row][column]


def place(bits: int) -> tuple[int, int]:
    """Return the row and the column of an S-box that four bits choose (§G.3)."""
    row = bits >> 2 & 0b10 | bits & 1  # the first and the last bit
    column = bits >> 1 & 0b11  # the two between them
    return row, column


def show_box(name: str, bits: int, result: int) -> None:
    """Record what an S-box made of four bits."""
    row, column = place(bits)
    why = f"row {row} (the outer bits), column {column} (the inner bits)"
    trace.step(name, result, "Stallings §G.3", why=why, bits=2)


def F(R: int, SK: int) -> int:
    """Return the four bits that half a block and a round key give for the other half (§G.3)."""
    expanded = permute(R, EP, width=4)
    masked = expanded ^ SK
    left, right = substitute(S0, masked >> 4), substitute(S1, masked & 0b1111)
    result = permute(left << 2 | right, P4, width=4)
    if trace.anybody:
        section = "Stallings §G.3"
        trace.step("E/P", expanded, section, why="every bit of the half occurs twice, as long as the round key", bits=8)
        trace.step("SK", SK, section, why="only the key makes it secret", bits=8)
        trace.step("E/P ⊕ SK", masked, section, why="four bits for each S-box", bits=8)
        show_box("S0", masked >> 4, left)
        show_box("S1", masked & 0b1111, right)
        trace.step("P4", result, section, why="mixes the bits of the two boxes", bits=4)
    return result


def fK(bits: int, SK: int) -> int:
    """Return f_SK(L, R) = (L ⊕ F(R, SK), R), 8 bits (§G.3): one round, which undoes itself."""
    L, R = bits >> 4, bits & 0b1111
    if not trace.anybody:
        return (L ^ F(R, SK)) << 4 | R
    with trace.group("fK", "Stallings §G.3", why="one half masks the other, so it can be undone", bits=8) as whole:
        trace.step("L", L, "Stallings §G.3", why="the half that changes", bits=4)
        trace.step("R", R, "Stallings §G.3", why="the half that stays", bits=4)
        whole.value = result = (L ^ F(R, SK)) << 4 | R
    return result


def SW(bits: int) -> int:
    """Return the halves of 8 bits, changed over, so that the other half is the next to change (§G.3)."""
    return (bits & 0b1111) << 4 | bits >> 4


def transform(block: int, first: int, second: int) -> int:
    """Return IP⁻¹(f_second(SW(f_first(IP(block))))), 8 bits (§G.1).

    first, second: K1 and K2 to encrypt, K2 and K1 to decrypt.
    """
    section, recorded = "Stallings §G.3", trace.anybody
    state = permute(block, IP, width=8)
    if recorded:
        trace.step("input", block, section, why="8 bits", bits=8)
        trace.step("IP", state, section, why="hides nothing, and is there because DES has it", bits=8)
    state = SW(fK(state, first))
    if recorded:
        trace.step("SW", state, section, why="the next round changes the other half", bits=8)
    output = permute(fK(state, second), IP_INVERSE, width=8)
    if recorded:
        trace.step("IP⁻¹", output, section, why="undoes IP", bits=8)
    return output


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
        if not trace.anybody:
            return bytes([transform(block[0], self._K1, self._K2)])
        with trace.group("S-DES encryption", "Stallings §G.3", why="two rounds, each changes one half") as whole:
            whole.value = output = bytes([transform(block[0], self._K1, self._K2)])
        return output

    def decrypt_block(self, block: BytesLike) -> bytes:
        """Return the decryption of `block`, one byte (§G.3)."""
        block = _check_block(block)
        if not trace.anybody:
            return bytes([transform(block[0], self._K2, self._K1)])
        with trace.group("S-DES decryption", "Stallings §G.3", why="the same rounds, the last key first") as whole:
            whole.value = output = bytes([transform(block[0], self._K2, self._K1)])
        return output

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
