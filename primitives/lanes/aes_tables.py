"""AES on one block as a 128-bit number: a round is 16 look-ups and 16 exclusive ors.

Standard     FIPS 197 §5; `aes.py` has the same, line against line with the standard.
Left out     The steps for a recording; blocks in parallel.
Timing       Looks up tables at places that depend on key and data, so caches can betray both to code that runs
             on the same machine.

>>> from primitives.aes import AES
>>> cipher = AES(bytes.fromhex("000102030405060708090a0b0c0d0e0f"))     # FIPS 197 (2001) appendix C.1
>>> cipher.decrypt_block(bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a")).hex()
'00112233445566778899aabbccddeeff'

SubBytes acts on each byte alone; ShiftRows and MixColumns are linear. So the state after all three is the
exclusive or of 16 parts, each of which depends on one byte of the state before, and can be looked up.

Decryption runs the equivalent inverse cipher (§5.3.5), where the inverse steps stand in the cipher's own
order, so that the same look-ups do; for this, its round keys go through InvMixColumns once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter


@dataclass(frozen=True)
class Tables:
    """What one direction of the cipher looks up.

    parts: for byte n of the state and its value x, `parts[n][x]` is what it adds to the state after the round.
    box: the S-box of this direction.
    shift: takes the 16 bytes of a state to their places after the shift of the rows.
    """

    parts: Sequence[Sequence[int]]
    box: bytes
    shift: Callable[[bytes], Sequence[int]]


def make_tables(box: bytes, mix: Sequence[int], *, multiply: Callable[[int, int], int], left: bool) -> Tables:
    """Return the tables of one direction.

    box: its S-box. mix: the first column of its matrix, 4 bytes. multiply: the product in GF(2^8).
    left: whether row r is rotated left by r (encryption) or right (decryption).
    """
    products = {m: [multiply(m, b) for b in box] for m in set(mix)}
    turn = 1 if left else -1
    parts = []
    for n in range(16):
        r, c = n % 4, n // 4
        to = (c - turn * r) % 4  # the column that the row's rotation takes the byte to
        a0, a1, a2, a3 = (products[mix[(i - r) % 4]] for i in range(4))  # what it adds to the column's four bytes
        shift = 32 * (3 - to)
        parts.append(
            [((p << 24) | (q << 16) | (s << 8) | t) << shift for p, q, s, t in zip(a0, a1, a2, a3, strict=True)]
        )
    places = [4 * ((n // 4 + turn * (n % 4)) % 4) + n % 4 for n in range(16)]
    return Tables(parts, box, itemgetter(*places))


def run(tables: Tables, keys: Sequence[int], s: int) -> int:
    """Return the encryption or decryption of a block; it and the result are 128-bit numbers.

    keys: the round keys as 128-bit numbers in the order of their use.
    """
    t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15 = tables.parts
    s ^= keys[0]
    for k in keys[1:-1]:
        b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15 = s.to_bytes(16, "big")
        s = (
            k
            ^ t0[b0]
            ^ t1[b1]
            ^ t2[b2]
            ^ t3[b3]
            ^ t4[b4]
            ^ t5[b5]
            ^ t6[b6]
            ^ t7[b7]
            ^ t8[b8]
            ^ t9[b9]
            ^ t10[b10]
            ^ t11[b11]
            ^ t12[b12]
            ^ t13[b13]
            ^ t14[b14]
            ^ t15[b15]
        )
    last = bytes(tables.shift(s.to_bytes(16, "big").translate(tables.box)))  # no MixColumns in the last round
    return int.from_bytes(last, "big") ^ keys[-1]


def encrypt_chain(tables: Tables, keys: Sequence[int], iv: bytes, message: bytes) -> bytes:
    """Return the CBC encryption of `message`, whole blocks (SP 800-38A §6.2)."""
    C = int.from_bytes(iv, "big")
    output = []
    for i in range(0, len(message), 16):
        C = run(tables, keys, C ^ int.from_bytes(message[i : i + 16], "big"))
        output.append(C.to_bytes(16, "big"))
    return b"".join(output)
