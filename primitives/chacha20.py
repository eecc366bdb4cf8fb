"""ChaCha20: a stream cipher made of nothing but additions, exclusive ors and rotations.

Standard     RFC 8439 §2.1 to §2.4.
Left out     The original variant with a counter and a nonce of 64 bits each; XChaCha20.
Timing       Takes no branches on data and looks nothing up, which is what it was designed for; Python's integers are
             not constant-time all the same. Encryption without authentication: see `chacha20_poly1305.py`.

>>> key, nonce = bytes(range(32)), bytes.fromhex("000000000000004a00000000")     # RFC 8439 §2.4.2
>>> chacha20_xor(key, 1, nonce, b"Ladies and Gentl").hex()
'6e2e359a2568f98041ba0728dd0d6981'
"""

from __future__ import annotations

from struct import pack, unpack
from typing import TypeAlias

from explain.trace import algorithm, note, steps, tracing
from primitives.integers import require_int
from primitives.lanes import chacha20 as lanes
from primitives.octets import require_bytes, xor

State: TypeAlias = list[int]
"""16 words of 32 bits, to be looked at as a matrix of four rows (§2.3)."""

CONSTANTS = b"expand 32-byte k"  # §2.3: the first row, the same in all states; unlike columns stay unlike

BLOCK = 64  # bytes of key stream per block

COLUMNS = (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)  # §2.3.1, the first four quarter rounds
DIAGONALS = (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)  # and the others

# The names of what the steps show.
PARTS = ("constants", 4), ("key", 8), ("counter", 1), ("nonce", 3)  # §2.3
WORDS = ("a", 1), ("b", 1), ("c", 1), ("d", 1)  # §2.1
A_D, C_B = (("a", 1), ("d", 1)), (("c", 1), ("b", 1))


def rotate(n: int, bits: int) -> int:
    """Rotate the word `n` left by `bits`: `<<<` (§2.1)."""
    return (n << bits | n >> (32 - bits)) & 0xFFFFFFFF


def ARX(x: int, y: int, z: int, bits: int) -> tuple[int, int]:
    """Add y to x, xor that into z, and rotate z: one line of the quarter round, `x += y; z ^= x; z <<<= bits` (§2.1).

    The amounts of rotation were chosen for speed. Salsa20 had others, and how much less or more these mix is too little
    to measure (Bernstein 2008, "ChaCha, a variant of Salsa20").
    """
    x = (x + y) & 0xFFFFFFFF
    return x, rotate(z ^ x, bits)


def quarter_round(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """Mix four words with each other (§2.1)."""
    a, d = note("§2.1 line 1", "{a} += {b}; {d} ^= a; d <<<= 16", ARX(a, b, d, 16), "+ is not linear in ^", parts=A_D)
    c, b = note("§2.1 line 2", "{c} += {d}; {b} ^= c; b <<<= 12", ARX(c, d, b, 12), "^ is not linear in +", parts=C_B)
    a, d = note("§2.1 line 3", "{a} += {b}; {d} ^= a; d <<<= 8", ARX(a, b, d, 8), "now a has all four, too", parts=A_D)
    c, b = note("§2.1 line 4", "{c} += {d}; {b} ^= c; b <<<= 7", ARX(c, d, b, 7), "+ carries only upwards", parts=C_B)
    return a, b, c, d


def inner_block(state: State) -> None:
    """Mix the state in place: each column, then each diagonal (§2.3.1)."""
    for x, y, z, w in (*COLUMNS, *DIAGONALS):
        why = "a column's words meet each other, then, on a diagonal, those of all columns"
        with steps("§2.3", f"QUARTERROUND({x}, {y}, {z}, {w})", why, bits=32, parts=WORDS) as turn:
            words = turn.gives(quarter_round(state[x], state[y], state[z], state[w]))
            state[x], state[y], state[z], state[w] = words


def initial_state(key: bytes, counter: int, nonce: bytes) -> State:
    """Return the state that a block begins with (§2.3): constants, key, counter and nonce."""
    return [*unpack("<12I", CONSTANTS + key), counter, *unpack("<3I", nonce)]


@algorithm("RFC 8439 §2.3", "block {counter}", "each block is made from its number alone: any of them can be first")
def chacha20_block(key: bytes, counter: int, nonce: bytes) -> bytes:
    """Return a block of the key stream, 64 bytes (§2.3.1): the textbook path.

    key: 32 bytes; counter: the number of the block, below 2^32; nonce: 12 bytes.
    """
    initial = initial_state(key, counter, nonce)
    note("", "state", initial, "counter and nonce make all blocks differ", bits=32, form="matrix", parts=PARTS)
    state = list(initial)
    for i in range(1, 11):
        name, why = f"rounds {2 * i - 1} and {2 * i}", "after two of them, every word depends on all 16"
        with steps("", name, why, bits=32, form="matrix") as turn:
            inner_block(state)
            turn.gives(state)
    state = [(word + before) & 0xFFFFFFFF for word, before in zip(state, initial, strict=True)]
    why = "every round can be undone; adding what was there before them cannot"
    note("", "state + initial state", state, why, bits=32, form="matrix")
    return pack("<16I", *state)


def chacha20_xor(key: bytes, counter: int, nonce: bytes, data: bytes) -> bytes:
    """Return `data` masked by the key stream: encryption and decryption in one (§2.4.1).

    key: 32 bytes.
    counter: the number of the first block, from 0; the last one must stay below 2^32.
    nonce: 12 bytes. No nonce may ever be used twice under one key: two messages with one mask unmask each other.
    data: bytes of any length.
    Raises `ValueError` for other lengths, and for a counter that is out of range or would get there.
    """
    key, nonce = require_bytes(key, "ChaCha20: key"), require_bytes(nonce, "ChaCha20: nonce")
    data = require_bytes(data, "ChaCha20: data")
    if len(key) != 32:
        raise ValueError(f"ChaCha20: the key has {len(key)} bytes, expected 32")
    if len(nonce) != 12:
        raise ValueError(f"ChaCha20: the nonce has {len(nonce)} bytes, expected 12")
    blocks = -(-len(data) // BLOCK)
    if not 0 <= require_int(counter, "ChaCha20: counter") <= 2**32 - max(blocks, 1):
        raise ValueError(f"ChaCha20: the counter {counter} and {blocks} blocks exceed 32 bits")
    if tracing():
        return _xor(key, counter, nonce, data, blocks)
    return xor(data, lanes.key_stream(initial_state(key, counter, nonce), blocks)[: len(data)])


@algorithm("RFC 8439 §2.4", "ChaCha20", "only the owners of the key can make the mask that hides the message")
def _xor(key: bytes, counter: int, nonce: bytes, data: bytes, blocks: int) -> bytes:
    """Return `data` masked by the key stream: the textbook path."""
    stream = b"".join(chacha20_block(key, counter + j, nonce) for j in range(blocks))[: len(data)]
    return xor(data, note("", "key stream", stream, "as long as the message: no bit of it is ever used twice"))
