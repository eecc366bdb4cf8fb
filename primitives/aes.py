"""AES: the block cipher, with keys of 128, 192 and 256 bits.

Standard     FIPS 197 (2001, updated 2023).
Left out     Everything longer than a block: `modes.py`.
Timing       Up to some hundred blocks, looks up tables at places that depend on key and data, so caches can betray
             both to anyone who runs code on the same machine. More blocks at once go through gates, and no table.

>>> cipher = AES(bytes.fromhex("000102030405060708090a0b0c0d0e0f"))     # FIPS 197 (2001) appendix C.1
>>> cipher.encrypt_block(bytes.fromhex("00112233445566778899aabbccddeeff")).hex()
'69c4e0d86a7b0430d8cdb78070b4c55a'

The state is 4 rows of 4 bytes. The input fills it column by column, and so do the round keys, whose words are
columns: byte n of a block is in row n mod 4, column n div 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property, reduce
from operator import xor as xor_bytes
from typing import TypeAlias

from explain.trace import algorithm, note, steps, tracing, unrecorded
from primitives.lanes import aes_bytes, aes_keys, aes_tables
from primitives.lanes.aes import CipherFunction
from primitives.octets import BytesLike, require_bytes, xor

Word: TypeAlias = bytes
"""Four bytes (§3.5)."""

Nb = 4  # columns of the state, words of a round key (§5)


class State(list[list[int]]):
    """s[r][c], the byte in row r and column c (§3.4); as bytes, column after column."""

    __slots__ = ()

    def __bytes__(self) -> bytes:
        return bytes(self[r][c] for c in range(Nb) for r in range(4))


# --- The field GF(2^8), §4: a byte is a polynomial of degree 7, its bits are the coefficients.


def xtime(b: int) -> int:
    """Return x • b: shifted by one, and if x^8 came of it, minus m(x) = x^8 + x^4 + x^3 + x + 1 (§4.2)."""
    return b << 1 if b < 0x80 else (b << 1) ^ 0x11B


def multiply(a: int, b: int) -> int:
    """Return the product a • b in GF(2^8): the sum of those x^i • a for which b has bit i (§4.2)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = xtime(a), b >> 1
    return product


def inverse(b: int) -> int:
    """Return the b^-1 with b • b^-1 = 1, and 0 for 0 (§4.4): b^254, since b^255 = 1 for all b but 0."""
    power = 1
    for bit in f"{254:b}":
        power = multiply(power, power)
        if bit == "1":
            power = multiply(power, b)
    return power


def affine(b: int) -> int:
    """Return b with its bits mixed, so that no simple formula in the field describes the S-box (§5.1.1 (5.2))."""
    doubled = b | (b << 8)  # bits i+4 … i+7 (mod 8) of b are bits i+4 … i+7 of this
    return ((b ^ (doubled >> 4) ^ (doubled >> 5) ^ (doubled >> 6) ^ (doubled >> 7)) & 0xFF) ^ 0x63


def sub_byte(b: int) -> int:
    """Return the entry of the S-box for b: its inverse, with the bits mixed (§5.1.1)."""
    (inverted,) = note("", "b⁻¹", bytes([inverse(b)]), "the inverse in GF(2⁸), 0 for 0: far from linear")
    mixed = note("", "affine(b⁻¹)", bytes([affine(inverted)]), "without it, all of the S-box would be the power b²⁵⁴")
    return mixed[0]


with unrecorded():  # a recording that imports this is of something else
    SBOX = bytes(sub_byte(b) for b in range(256))  # §5.1.1, table 4
INV_SBOX = bytes(SBOX.index(b) for b in range(256))  # §5.3.2, table 6

MIX = (2, 1, 1, 3)  # the first column of the matrix of §5.1.3; the next ones are it, rotated down
INV_MIX = (14, 9, 13, 11)  # the same for the inverse matrix, §5.3.3


# --- The transformations of the state, §5.1, and their inverses, §5.3.


def sub_bytes(s: State) -> State:
    """Replace each byte by its entry in the S-box: the only step that is not linear (§5.1.1)."""
    return State([SBOX[b] for b in row] for row in s)


def shift_rows(s: State) -> State:
    """Rotate row r left by r, so that the bytes of a column go to four columns (§5.1.2)."""
    return State(row[r:] + row[:r] for r, row in enumerate(s))


def mix_columns(s: State) -> State:
    """Multiply each column by the matrix, so that each byte of it touches all four (§5.1.3)."""
    return _multiply_columns(MIX, s)


def add_round_key(s: State, w: list[Word]) -> State:
    """Add a round key, four words that are a column each; its own inverse (§5.1.4)."""
    return State([s[r][c] ^ w[c][r] for c in range(Nb)] for r in range(4))


def inv_sub_bytes(s: State) -> State:
    """Undo `sub_bytes` (§5.3.2)."""
    return State([INV_SBOX[b] for b in row] for row in s)


def inv_shift_rows(s: State) -> State:
    """Undo `shift_rows`: rotate row r right by r (§5.3.1)."""
    return State(row[-r:] + row[:-r] for r, row in enumerate(s))


def inv_mix_columns(s: State) -> State:
    """Undo `mix_columns` (§5.3.3)."""
    return _multiply_columns(INV_MIX, s)


def _multiply_columns(first: tuple[int, int, int, int], s: State) -> State:
    """Multiply each column by the matrix whose first column is `first` and whose others are it, rotated down."""
    return State(
        [reduce(xor_bytes, (multiply(first[(r - i) % 4], s[i][c]) for i in range(4))) for c in range(Nb)]
        for r in range(4)
    )


def state_of(block: bytes) -> State:
    """Return the state that the 16 bytes of `block` fill (§3.4)."""
    return State(list(block[r::4]) for r in range(4))


# --- The key expansion, §5.2.


def rot_word(w: Word) -> Word:
    """Rotate the word left by one byte."""
    return w[1:] + w[:1]


def sub_word(w: Word) -> Word:
    """Replace each byte of the word by its entry in the S-box."""
    return w.translate(SBOX)


RCON = [1]  # x^(j-1), the first byte of Rcon[j] for j = 1, 2, … (§5.2, table 5)
for _ in range(9):
    RCON.append(xtime(RCON[-1]))


def key_expansion(key: bytes) -> list[Word]:
    """Return w, the words of Nr + 1 round keys (§5.2), made from a key of 16, 24 or 32 bytes."""
    return _key_expansion(key) if tracing() else aes_keys.expand(key, SBOX)


def _key_expansion(key: bytes) -> list[Word]:
    """Return what `key_expansion` does: the textbook path."""
    Nk = len(key) // 4
    Nr = Nk + 6
    with steps("FIPS 197 §5.2", "key expansion", "rounds with one and the same key could be slid against each other"):
        w = [note("", f"w[{i}]", key[4 * i : 4 * i + 4], "the key itself is the first words") for i in range(Nk)]
        for i in range(Nk, Nb * (Nr + 1)):
            with steps("", f"w[{i}]", "a bit of the key that differs makes most later words differ") as word:
                temp = note("", "temp", w[i - 1], "the word before, so that what differs runs on")
                if i % Nk == 0:
                    temp = note("", "After ROTWORD()", rot_word(temp), "the bytes of a word meet those of others")
                    temp = note("", "After SUBWORD()", sub_word(temp), "no round key is a linear function of another")
                    rcon = note("", "Rcon[i/Nk]", bytes([RCON[i // Nk - 1], 0, 0, 0]), "no two rounds are alike")
                    temp = note("", "After ⊕ with Rcon", xor(temp, rcon), "keys that are symmetric do not stay so")
                elif Nk > 6 and i % Nk == 4:
                    temp = note("", "After SUBWORD()", sub_word(temp), "of eight words, one in eight would be too few")
                note("", "w[i-Nk]", w[i - Nk], "so no key material is lost: any Nk words in a row give all others")
                w.append(word.gives(xor(w[i - Nk], temp), "{w[i-Nk]} ⊕ {temp}"))
    return w


# --- The cipher, §5.1, and its inverse, §5.3. The names of the steps are those of the 2001 edition's appendix C.

# The last round has no MixColumns (§5.1): anybody could undo it there, so it would add no security, and without it the
# inverse can have the shape of the cipher (§5.3.5; Daemen, Rijmen: "AES Proposal: Rijndael").
ROUND = "the S-box confuses, shifting and mixing spread, the key makes it secret"
LAST_ROUND = "no MixColumns here: anybody could undo it, and so the inverse can have the same shape"
INV_ROUND = "every step of a round has an inverse"
LAST_INV_ROUND = "no InvMixColumns here: nothing was mixed before the first round key"


@algorithm("FIPS 197 §5.1", "Cipher", "repeated, a simple round makes every bit depend on all bits of block and key")
def cipher(block: bytes, w: list[Word]) -> bytes:
    """Return the encryption of one block under the round keys in `w` (§5.1): the textbook path."""
    Nr = len(w) // Nb - 1
    state = state_of(block)
    with steps("", "round[0]", "what came before the first key, anybody could undo", form="state") as turn:
        note("line 2", "round[0].input", state, "the bytes fill the state column by column", form="state")
        note("§5.1.4", "round[0].k_sch", round_key(w, 0), "the key itself, or the beginning of it", form="key")
        state = turn.gives(add_round_key(state, w[:Nb]))
    for i in range(1, Nr + 1):
        with steps("", f"round[{i}]", ROUND if i < Nr else LAST_ROUND, form="state") as turn:
            note("", f"round[{i}].start", state, "what the round before has left", form="state")
            state = note(
                "§5.1.1", f"round[{i}].s_box", sub_bytes(state), "without it, all is linear equations", form="state"
            )
            state = note(
                "§5.1.2",
                f"round[{i}].s_row",
                shift_rows(state),
                "or each column would be its own cipher",
                form="state",
            )
            if i < Nr:
                state = note(
                    "§5.1.3", f"round[{i}].m_col", mix_columns(state), "a byte changes its whole column", form="state"
                )
            note("§5.1.4", f"round[{i}].k_sch", round_key(w, i), "only the key makes it secret", form="key")
            state = turn.gives(add_round_key(state, w[Nb * i : Nb * i + Nb]))
    return bytes(note("", f"round[{Nr}].output", state, "the state is read column by column", form="state"))


@algorithm("FIPS 197 §5.3", "InvCipher", "every step of the cipher is undone, the last one first")
def inv_cipher(block: bytes, w: list[Word]) -> bytes:
    """Return the decryption of one block under the round keys in `w` (§5.3): the textbook path."""
    Nr = len(w) // Nb - 1
    state = state_of(block)
    with steps("", "round[0]", "the last round key comes off first", form="state") as turn:
        note("", "round[0].iinput", state, "the bytes fill the state column by column", form="state")
        note("§5.3.4", "round[0].ik_sch", round_key(w, Nr), "adding a key twice removes it", form="key")
        state = turn.gives(add_round_key(state, w[Nb * Nr :]))
    for i in range(1, Nr + 1):
        with steps("", f"round[{i}]", INV_ROUND if i < Nr else LAST_INV_ROUND, form="state") as turn:
            note("", f"round[{i}].istart", state, "what the round before has left", form="state")
            state = note("§5.3.1", f"round[{i}].is_row", inv_shift_rows(state), "each byte goes back", form="state")
            state = note("§5.3.2", f"round[{i}].is_box", inv_sub_bytes(state), "the S-box, backwards", form="state")
            note("§5.3.4", f"round[{i}].ik_sch", round_key(w, Nr - i), "round keys come in reverse order", form="key")
            state = add_round_key(state, w[Nb * (Nr - i) : Nb * (Nr - i) + Nb])
            if i < Nr:
                note("§5.3.4", f"round[{i}].ik_add", state, "the round key is off", form="state")
                state = inv_mix_columns(state)
            turn.gives(state)
    return bytes(note("", f"round[{Nr}].ioutput", state, "the state is read column by column", form="state"))


def round_key(w: list[Word], i: int) -> bytes:
    """Return round key `i` as 16 bytes."""
    return b"".join(w[Nb * i : Nb * i + Nb])


# --- The same, faster. What is looked up is made once, when it is first needed.


@cache
def _encryption_tables() -> aes_tables.Tables:
    return aes_tables.make_tables(SBOX, MIX, multiply=multiply, left=True)


@cache
def _decryption_tables() -> aes_tables.Tables:
    return aes_tables.make_tables(INV_SBOX, INV_MIX, multiply=multiply, left=False)


@cache
def _encryption_byte_tables() -> aes_bytes.Tables:
    return aes_bytes.make_tables(SBOX, MIX, multiply=multiply, left=True)


@cache
def _decryption_byte_tables() -> aes_bytes.Tables:
    return aes_bytes.make_tables(INV_SBOX, INV_MIX, multiply=multiply, left=False)


def _equivalent_inverse_keys(keys: list[bytes]) -> list[bytes]:
    """Return the round keys of the equivalent inverse cipher, dw, in the order of their use (§5.3.5)."""
    last, *inner, first = keys
    return [first, *(bytes(inv_mix_columns(state_of(k))) for k in reversed(inner)), last]


class AES:
    """AES under one key: a permutation of blocks of 16 bytes, and its inverse.

    key: 16, 24 or 32 bytes. Raises `TypeError` or `ValueError` for anything else.
    """

    block_size = 16

    def __init__(self, key: BytesLike) -> None:
        key = require_bytes(key, "AES: key")
        if len(key) not in (16, 24, 32):
            raise ValueError(f"AES: the key has {len(key)} bytes, expected 16, 24 or 32")
        self.name = f"AES-{8 * len(key)}"
        self._w = key_expansion(key)
        self._encryption = CipherFunction(
            [round_key(self._w, i) for i in range(len(self._w) // Nb)],
            tables=_encryption_tables,
            byte_tables=_encryption_byte_tables,
            decrypting=False,
        )

    @cached_property
    def _decryption(self) -> CipherFunction:  # made by the first decryption: most modes need none
        return CipherFunction(
            _equivalent_inverse_keys([round_key(self._w, i) for i in range(len(self._w) // Nb)]),
            tables=_decryption_tables,
            byte_tables=_decryption_byte_tables,
            decrypting=True,
        )

    def __repr__(self) -> str:
        return f"<{self.name}, key hidden>"

    def encrypt_block(self, block: bytes) -> bytes:
        """Return the encryption of `block`, 16 bytes (§5.1)."""
        block = _check_block(block)
        return cipher(block, self._w) if tracing() else self._encryption.block(block)

    def decrypt_block(self, block: bytes) -> bytes:
        """Return the decryption of `block`, 16 bytes (§5.3)."""
        block = _check_block(block)
        return inv_cipher(block, self._w) if tracing() else self._decryption.block(block)

    def encrypt_blocks(self, blocks: bytes) -> bytes:
        """Return the encryptions of the blocks in `blocks`, a multiple of 16 bytes, each on its own."""
        blocks = _check_blocks(blocks)
        if tracing():
            return b"".join(cipher(blocks[i : i + 16], self._w) for i in range(0, len(blocks), 16))
        return self._encryption.blocks(blocks)

    def decrypt_blocks(self, blocks: bytes) -> bytes:
        """Return the decryptions of the blocks in `blocks`, a multiple of 16 bytes, each on its own."""
        blocks = _check_blocks(blocks)
        if tracing():
            return b"".join(inv_cipher(blocks[i : i + 16], self._w) for i in range(0, len(blocks), 16))
        return self._decryption.blocks(blocks)

    def encrypt_chains(self, chains: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """Return the CBC encryptions of many messages, which `modes.cbc_encrypt_many` checks and explains.

        chains: of each message the iv, 16 bytes, and the message, a multiple of 16 bytes.
        """
        return self._encryption.chains([iv for iv, _ in chains], [message for _, message in chains])


def _check_block(block: bytes) -> bytes:
    """Return `block`; raise `TypeError` or `ValueError` if it is not 16 bytes."""
    block = require_bytes(block, "AES: block")
    if len(block) != 16:
        raise ValueError(f"AES: the block has {len(block)} bytes, expected 16")
    return block


def _check_blocks(blocks: bytes) -> bytes:
    """Return `blocks`; raise `TypeError` or `ValueError` if they are not whole blocks of 16 bytes."""
    blocks = require_bytes(blocks, "AES: blocks")
    if len(blocks) % 16:
        raise ValueError(f"AES: the blocks have {len(blocks)} bytes, expected a multiple of 16")
    return blocks
