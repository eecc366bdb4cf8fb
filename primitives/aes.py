"""AES: the block cipher, with keys of 128, 192 and 256 bits.

Standard     FIPS 197 (2001, updated 2023).
Left out     Everything longer than a block: `modes.py`.
Timing       Up to some hundred blocks, looks up tables at places that depend on key and data, so caches can betray
             both to whoever runs on the same machine. More blocks at once go through gates, and no table.

>>> cipher = AES(bytes.fromhex("000102030405060708090a0b0c0d0e0f"))     # FIPS 197 (2001) appendix C.1
>>> cipher.encrypt_block(bytes.fromhex("00112233445566778899aabbccddeeff")).hex()
'69c4e0d86a7b0430d8cdb78070b4c55a'

The state is 4 rows of 4 bytes. The input fills it column by column, and so do the round keys, whose words are
columns: byte n of a block is in row n mod 4, column n div 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property, reduce
from operator import xor
from typing import TypeAlias

from explain import trace
from primitives.lanes import aes_bytes, aes_keys, aes_tables
from primitives.lanes.aes import CipherFunction
from primitives.octets import BytesLike, require_bytes

State: TypeAlias = list[list[int]]
"""s[r][c], the byte in row r and column c (§3.4)."""

Word: TypeAlias = list[int]
"""Four bytes (§3.5)."""

Nb = 4  # columns of the state, words of a round key (§5)


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
    """Return b stirred bit by bit, so that the S-box is no simple formula in the field (§5.1.1 (5.2))."""
    doubled = b | (b << 8)  # bits i+4 … i+7 (mod 8) of b are bits i+4 … i+7 of this
    return ((b ^ (doubled >> 4) ^ (doubled >> 5) ^ (doubled >> 6) ^ (doubled >> 7)) & 0xFF) ^ 0x63


def sub_byte(b: int) -> int:
    """Return the entry of the S-box for b: its inverse, stirred bit by bit (§5.1.1)."""
    section = "FIPS 197 §5.1.1"
    inverted = inverse(b)
    trace.step("b⁻¹", bytes([inverted]), section, why="the inverse in GF(2⁸), 0 for 0: far from linear")
    stirred = affine(inverted)
    why = "each bit of b⁻¹ and four others, and a constant: no simple formula in the field"
    trace.step("affine(b⁻¹)", bytes([stirred]), section, why=why)
    return stirred


with trace.unrecorded():  # whoever is watching by now is watching something else
    SBOX = bytes(sub_byte(b) for b in range(256))  # §5.1.1, table 4
INV_SBOX = bytes(SBOX.index(b) for b in range(256))  # §5.3.2, table 6

MIX = (2, 1, 1, 3)  # the first column of the matrix of §5.1.3; the next ones are it, rotated down
INV_MIX = (14, 9, 13, 11)  # the same for the inverse matrix, §5.3.3


# --- The transformations of the state, §5.1, and their inverses, §5.3.


def sub_bytes(s: State) -> State:
    """Replace each byte by its entry in the S-box: the only step that is not linear (§5.1.1)."""
    return [[SBOX[b] for b in row] for row in s]


def shift_rows(s: State) -> State:
    """Rotate row r left by r, so that the bytes of a column go to four columns (§5.1.2)."""
    return [row[r:] + row[:r] for r, row in enumerate(s)]


def mix_columns(s: State) -> State:
    """Multiply each column by the matrix, so that each byte of it touches all four (§5.1.3)."""
    return _multiply_columns(MIX, s)


def add_round_key(s: State, w: list[Word]) -> State:
    """Add a round key, four words that are a column each; its own inverse (§5.1.4)."""
    return [[s[r][c] ^ w[c][r] for c in range(Nb)] for r in range(4)]


def inv_sub_bytes(s: State) -> State:
    """Undo `sub_bytes` (§5.3.2)."""
    return [[INV_SBOX[b] for b in row] for row in s]


def inv_shift_rows(s: State) -> State:
    """Undo `shift_rows`: rotate row r right by r (§5.3.1)."""
    return [row[-r:] + row[:-r] for r, row in enumerate(s)]


def inv_mix_columns(s: State) -> State:
    """Undo `mix_columns` (§5.3.3)."""
    return _multiply_columns(INV_MIX, s)


def _multiply_columns(first: tuple[int, int, int, int], s: State) -> State:
    """Multiply each column by the matrix whose first column is `first` and whose others are it, rotated down."""
    return [
        [reduce(xor, (multiply(first[(r - i) % 4], s[i][c]) for i in range(4))) for c in range(Nb)] for r in range(4)
    ]


def state_of(block: bytes) -> State:
    """Return the state that the 16 bytes of `block` fill (§3.4)."""
    return [list(block[r::4]) for r in range(4)]


def bytes_of(s: State) -> bytes:
    """Return the 16 bytes of the state (§3.4)."""
    return bytes(s[r][c] for c in range(Nb) for r in range(4))


# --- The key expansion, §5.2.


def rot_word(w: Word) -> Word:
    """Rotate the word left by one byte."""
    return w[1:] + w[:1]


def sub_word(w: Word) -> Word:
    """Replace each byte of the word by its entry in the S-box."""
    return [SBOX[b] for b in w]


RCON = [1]  # x^(j-1), the first byte of Rcon[j] for j = 1, 2, … (§5.2, table 5)
for _ in range(9):
    RCON.append(xtime(RCON[-1]))


def key_expansion(key: bytes) -> list[Word]:
    """Return w, the words of Nr + 1 round keys (§5.2), made from a key of 16, 24 or 32 bytes."""
    if not trace.active():
        return aes_keys.expand(key, SBOX)
    Nk = len(key) // 4
    Nr = Nk + 6
    w = [list(key[4 * i : 4 * i + 4]) for i in range(Nk)]
    if not trace.active():
        for i in range(Nk, Nb * (Nr + 1)):
            w.append(_next_word(w, i, Nk))
        return w
    section = "FIPS 197 §5.2"
    with trace.group("key expansion", section, why="each round gets a key of its own, all from the one key"):
        for i in range(Nk):
            trace.step(f"w[{i}]", bytes(w[i]), section, why="the key itself is the first words")
        for i in range(Nk, Nb * (Nr + 1)):
            with trace.group(f"w[{i}]", section, why="w[i-Nk] ⊕ the word before, stirred at every Nk-th") as word:
                w.append(_next_word(w, i, Nk))
                word.value = bytes(w[i])
    return w


def _next_word(w: list[Word], i: int, Nk: int) -> Word:
    """Return w[i] (§5.2)."""
    temp = w[i - 1]
    recorded = trace.anybody
    if recorded:
        _show_word("temp", temp, why="the word before")
    if i % Nk == 0:
        temp = rot_word(temp)
        if recorded:
            _show_word("After ROTWORD()", temp, why="the bytes of a word meet those of others")
        temp = sub_word(temp)
        if recorded:
            _show_word("After SUBWORD()", temp, why="no round key is a linear function of one")
        rcon = [RCON[i // Nk - 1], 0, 0, 0]
        if recorded:
            _show_word("Rcon[i/Nk]", rcon, why="no two rounds are alike")
        temp = [x ^ y for x, y in zip(temp, rcon, strict=True)]
        if recorded:
            _show_word("After ⊕ with Rcon", temp, why="added to the stirred word")
    elif Nk > 6 and i % Nk == 4:
        temp = sub_word(temp)
        if recorded:
            _show_word("After SUBWORD()", temp, why="256-bit keys are stirred twice as often")
    if recorded:
        _show_word("w[i-Nk]", w[i - Nk], why="the word Nk places before")
    return [x ^ y for x, y in zip(w[i - Nk], temp, strict=True)]


# --- The cipher, §5.1, and its inverse, §5.3. The names of the steps are those of the 2001 edition's appendix C.


def cipher(block: bytes, w: list[Word]) -> bytes:
    """Return the encryption of one block under the round keys in `w` (§5.1): the textbook path."""
    section = "FIPS 197 §5.1"
    Nr = len(w) // Nb - 1
    with trace.group("Cipher", section, why="the same round over and over, each with its own key") as whole:
        state = state_of(block)
        with trace.group("round[0]", section, why="the key comes in before anything else", form="state") as turn:
            _show("round[0].input", state, f"{section} line 2", why="the bytes fill the state column by column")
            _show_key("round[0].k_sch", w, 0, f"{section}.4", why="the first round key is the key itself")
            state = add_round_key(state, w[:Nb])
            turn.value = bytes_of(state)
        for i in range(1, Nr + 1):
            with trace.group(
                f"round[{i}]", section, why="substitute, shift, mix, add the round key", form="state"
            ) as turn:
                _show(f"round[{i}].start", state, section, why="what the round before has left")
                state = sub_bytes(state)
                _show(f"round[{i}].s_box", state, f"{section}.1", why="the S-box confuses each byte")
                state = shift_rows(state)
                _show(f"round[{i}].s_row", state, f"{section}.2", why="columns exchange their bytes")
                if i < Nr:  # after the last round, anyone could undo it
                    state = mix_columns(state)
                    _show(f"round[{i}].m_col", state, f"{section}.3", why="a byte spreads to its column")
                _show_key(f"round[{i}].k_sch", w, i, f"{section}.4", why="only the key makes it secret")
                state = add_round_key(state, w[Nb * i : Nb * i + Nb])
                turn.value = bytes_of(state)
        whole.value = output = bytes_of(state)
        _show(f"round[{Nr}].output", state, section, why="the state is read column by column")
    return output


def inv_cipher(block: bytes, w: list[Word]) -> bytes:
    """Return the decryption of one block under the round keys in `w` (§5.3): the textbook path."""
    section = "FIPS 197 §5.3"
    Nr = len(w) // Nb - 1
    with trace.group("InvCipher", section, why="every step of the cipher is undone, the last one first") as whole:
        state = state_of(block)
        with trace.group("round[0]", section, why="the last round key comes off first", form="state") as turn:
            _show("round[0].iinput", state, section, why="the bytes fill the state column by column")
            _show_key("round[0].ik_sch", w, Nr, f"{section}.4", why="adding a key twice removes it")
            state = add_round_key(state, w[Nb * Nr :])
            turn.value = bytes_of(state)
        for i in range(1, Nr + 1):
            why = "shift back, substitute back, add the key, mix back"
            with trace.group(f"round[{i}]", section, why=why, form="state") as turn:
                _show(f"round[{i}].istart", state, section, why="what the round before has left")
                state = inv_shift_rows(state)
                _show(f"round[{i}].is_row", state, f"{section}.1", why="the bytes go home")
                state = inv_sub_bytes(state)
                _show(f"round[{i}].is_box", state, f"{section}.2", why="the S-box, read backwards")
                _show_key(f"round[{i}].ik_sch", w, Nr - i, f"{section}.4", why="the round keys come in reverse order")
                state = add_round_key(state, w[Nb * (Nr - i) : Nb * (Nr - i) + Nb])
                if i < Nr:
                    _show(f"round[{i}].ik_add", state, f"{section}.4", why="the round key is off")
                    state = inv_mix_columns(state)
                turn.value = bytes_of(state)
        whole.value = output = bytes_of(state)
        _show(f"round[{Nr}].ioutput", state, section, why="the state is read column by column")
    return output


def _show_word(name: str, w: Word, *, why: str) -> None:
    """Record a word of the key expansion."""
    trace.step(name, bytes(w), "FIPS 197 §5.2", why=why)


def _show(name: str, s: State, section: str, *, why: str) -> None:
    """Record the state."""
    trace.step(name, bytes_of(s), section, why=why, form="state")


def _show_key(name: str, w: list[Word], i: int, section: str, *, why: str) -> None:
    """Record round key `i`."""
    trace.step(name, _round_key(w, i), section, why=why, form="key")


def _round_key(w: list[Word], i: int) -> bytes:
    """Return round key `i` as 16 bytes."""
    return b"".join(bytes(word) for word in w[Nb * i : Nb * i + Nb])


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
    return [first, *(bytes_of(inv_mix_columns(state_of(k))) for k in reversed(inner)), last]


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
            [_round_key(self._w, i) for i in range(len(self._w) // Nb)],
            tables=_encryption_tables,
            byte_tables=_encryption_byte_tables,
            decrypting=False,
        )

    @cached_property
    def _decryption(self) -> CipherFunction:  # made by the first decryption: most modes need none
        return CipherFunction(
            _equivalent_inverse_keys([_round_key(self._w, i) for i in range(len(self._w) // Nb)]),
            tables=_decryption_tables,
            byte_tables=_decryption_byte_tables,
            decrypting=True,
        )

    def __repr__(self) -> str:
        return f"<{self.name}, key hidden>"

    def encrypt_block(self, block: bytes) -> bytes:
        """Return the encryption of `block`, 16 bytes (§5.1)."""
        block = _check_block(block)
        return cipher(block, self._w) if trace.active() else self._encryption.block(block)

    def decrypt_block(self, block: bytes) -> bytes:
        """Return the decryption of `block`, 16 bytes (§5.3)."""
        block = _check_block(block)
        return inv_cipher(block, self._w) if trace.active() else self._decryption.block(block)

    def encrypt_blocks(self, blocks: bytes) -> bytes:
        """Return the encryptions of the blocks in `blocks`, a multiple of 16 bytes, each on its own."""
        blocks = _check_blocks(blocks)
        if trace.active():
            return b"".join(cipher(blocks[i : i + 16], self._w) for i in range(0, len(blocks), 16))
        return self._encryption.blocks(blocks)

    def decrypt_blocks(self, blocks: bytes) -> bytes:
        """Return the decryptions of the blocks in `blocks`, a multiple of 16 bytes, each on its own."""
        blocks = _check_blocks(blocks)
        if trace.active():
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
