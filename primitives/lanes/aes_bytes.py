"""AES, some blocks at once: a byte of every block stands in a lane, and a round is a few operations on all lanes.

Standard     FIPS 197 §5.1 and §5.3.5; `aes.py` has the same, line against line with the standard.
Left out     The steps for a recording.
Timing       Looks up tables at places that depend on key and data, so caches can betray both to code that runs
             on the same machine.

>>> from primitives.aes import AES
>>> cipher, blocks = AES(bytes(range(16))), bytes(range(128))
>>> cipher.decrypt_blocks(cipher.encrypt_blocks(blocks)) == blocks     # 8 blocks: enough for lanes
True

The state of n blocks is a string of 16 lanes, row by row: lane 4r + c holds, of all blocks, the byte in row r, column c
(§3.4). In turns it is such a string and one integer, whichever is quicker:

    SubBytes        is `bytes.translate`, which looks up a byte after the other in C. The tables hold the S-box times
                    2, 3, … as well, so what MixColumns multiplies by is looked up along with it;
    ShiftRows       cuts each row into two and exchanges these;
    MixColumns      is the exclusive or of four such strings, turned by 0, 1, 2 and 3 rows;
    AddRoundKey     one exclusive or more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Blocks of each message that are laid out in lanes together. 64 messages of 16 KiB took with CPython 3.11, in ms:
#   16: 77.2   32: 74.9   64: 77.0   all: 79.0, for then they outgrow the nearest caches
STEPS = 32

PLACES = tuple(4 * c + r for r in range(4) for c in range(4))
"""Lane after lane, which byte of a block is in it (§3.4); and byte after byte, which lane it is in: it is the same."""


@dataclass(frozen=True)
class Tables:
    """What one direction of the cipher looks up.

    products: the S-box times what a byte is multiplied by for its own row, for the row above it, and so on.
    box: the S-box. turn: by how many columns row 1 is rotated left.
    """

    products: tuple[bytes, bytes, bytes, bytes]
    box: bytes
    turn: int


def make_tables(box: bytes, mix: Sequence[int], *, multiply: Callable[[int, int], int], left: bool) -> Tables:
    """Return the tables of one direction; the arguments are those of `aes_tables.make_tables`."""
    products = {factor: bytes(multiply(factor, b) for b in box) for factor in set(mix)}
    own, first, second, third = (products[mix[-row % 4]] for row in range(4))
    return Tables((own, first, second, third), box, 1 if left else -1)


class RoundKeys:
    """The round keys of one direction in lanes; made for each number of blocks when first needed.

    keys: the round keys, 16 bytes each, in the order of their use; for decryption those of the equivalent inverse
    cipher (§5.3.5).
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [[key[place : place + 1] for place in PLACES] for key in keys]
        self._lanes: dict[int, list[int]] = {}

    def __repr__(self) -> str:
        return "<round keys in lanes, hidden>"

    def lanes(self, n: int) -> list[int]:
        """Return the round keys for n blocks."""
        if n not in self._lanes:
            if len(self._lanes) == 2:  # a transfer has records of one length, and a last one
                del self._lanes[next(iter(self._lanes))]
            self._lanes[n] = [int.from_bytes(b"".join([x * n for x in key]), "little") for key in self._keys]
        return self._lanes[n]


def run(tables: Tables, keys: RoundKeys, data: bytes) -> bytes:
    """Return the encryptions, or decryptions, of the blocks in `data`, a multiple of 16 bytes."""
    n = len(data) // 16
    state = int.from_bytes(b"".join([data[place::16] for place in PLACES]), "little")
    lanes = _rounds(tables, keys.lanes(n), state, n).to_bytes(16 * n, "little")
    output = bytearray(16 * n)
    for lane, place in enumerate(PLACES):
        output[place::16] = lanes[n * lane : n * lane + n]
    return bytes(output)


def encrypt_chains(tables: Tables, keys: RoundKeys, ivs: Sequence[bytes], messages: Sequence[bytes]) -> list[bytes]:
    """Return the CBC encryptions (SP 800-38A §6.2) of messages of one length, whole blocks, each with an iv of its own.

    Within a message each block waits for the one before it; but the first blocks of all messages can go together, then
    the second blocks, and so on: a lane has a byte of every message.
    """
    n, length = len(messages), len(messages[0])
    round_keys = keys.lanes(n)
    whole = b"".join(ivs)
    C = int.from_bytes(b"".join([whole[place::16] for place in PLACES]), "little")
    ciphertexts: list[list[bytes]] = [[] for _ in messages]  # in pieces
    for start in range(0, length, 16 * STEPS):
        whole = b"".join([message[start : start + 16 * STEPS] for message in messages])
        size = len(whole) // n
        lanes = b"".join([whole[block + place :: size] for block in range(0, size, 16) for place in PLACES])
        runs = []
        for i in range(0, n * size, 16 * n):
            P = int.from_bytes(lanes[i : i + 16 * n], "little")
            C = _rounds(tables, round_keys, P ^ C, n)
            runs.append(C.to_bytes(16 * n, "little"))
        whole = b"".join([lanes[n * lane : n * lane + n] for lanes in runs for lane in PLACES])
        for i, pieces in enumerate(ciphertexts):
            pieces.append(whole[i::n])
    return [b"".join(pieces) for pieces in ciphertexts]


def _rounds(tables: Tables, keys: Sequence[int], state: int, n: int) -> int:
    """Return n blocks, in lanes, after the cipher (§5.1) or the equivalent inverse cipher (§5.3.5)."""
    own, first, second, third = tables.products
    row, row2, row3, whole = 4 * n, 8 * n, 12 * n, 16 * n
    # Where rows 1, 2 and 3 are cut: what is left of the cut goes to the row's end.
    cut1, cut2, cut3 = (4 * n * r + n * (tables.turn * r % 4) for r in (1, 2, 3))
    state ^= keys[0]
    for key in keys[1:-1]:
        s = state.to_bytes(whole, "little")
        s = b"".join((s[:row], s[cut1:row2], s[row:cut1], s[cut2:row3], s[row2:cut2], s[cut3:], s[row3:cut3]))
        below, below2 = s.translate(first), s.translate(second)
        below3 = below2 if third is second else s.translate(third)  # forwards, both are the S-box times 1
        state = (
            int.from_bytes(s.translate(own), "little")
            ^ int.from_bytes(below[row:] + below[:row], "little")
            ^ int.from_bytes(below2[row2:] + below2[:row2], "little")
            ^ int.from_bytes(below3[row3:] + below3[:row3], "little")
            ^ key
        )
    s = state.to_bytes(whole, "little")
    s = b"".join((s[:row], s[cut1:row2], s[row:cut1], s[cut2:row3], s[row2:cut2], s[cut3:], s[row3:cut3]))
    return int.from_bytes(s.translate(tables.box), "little") ^ keys[-1]
