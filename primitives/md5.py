"""MD5: a hash function of 1992. Legacy: collisions take seconds, so it must protect nothing.

Standard     RFC 1321.
Left out     Messages that are not whole bytes.
Timing       Takes no branches on data, but Python's integers are not constant-time.

>>> md5(b"abc").hexdigest()     # RFC 1321 appendix A.5
'900150983cd24fb0d6963f7d28e17f72'

Here for what was made with it, such as the old encrypted form of PEM keys.
"""

from __future__ import annotations

from math import sin
from struct import Struct, unpack
from typing import ClassVar

from explain.trace import note, steps
from primitives.merkle_damgard import MerkleDamgard, State

T = [int(abs(sin(i)) * 2**32) for i in range(65)]  # §3.4; T[0] is not used

VARIABLES = tuple((name, 1) for name in "abcd")  # §3.4: the four words of the state

M = (1 << 32) - 1


# --- The four functions of §3.4, one for each round.


def F(X: int, Y: int, Z: int) -> int:
    """Choose: if X then Y else Z."""
    return (X & Y) | (~X & Z)


def G(X: int, Y: int, Z: int) -> int:
    """Choose by the last one: if Z then X else Y."""
    return (X & Z) | (Y & ~Z)


def H(X: int, Y: int, Z: int) -> int:
    """Parity."""
    return X ^ Y ^ Z


def I(X: int, Y: int, Z: int) -> int:  # noqa: E743 - the standard's name
    """Neither choice nor parity."""
    return Y ^ (X | (Z ^ M))  # Z ^ M is not Z


def ROTL(s: int, X: int) -> int:
    """Rotate the 32-bit word `X` left by `s`: `<<<` (§2)."""
    return ((X << s) & M) | (X >> (32 - s))


# For each round: its function, the word that step j of it takes, and its four amounts of rotation (§3.4). These were
# chosen by trial, so that a changed bit spreads fast, and no two rounds share one (§5 item 6).
ROUNDS = (
    (F, list(range(16)), (7, 12, 17, 22)),
    (G, [(5 * j + 1) % 16 for j in range(16)], (5, 9, 14, 20)),
    (H, [(3 * j + 5) % 16 for j in range(16)], (4, 11, 16, 23)),
    (I, [7 * j % 16 for j in range(16)], (6, 10, 15, 21)),
)


def compress(state: State, block: bytes) -> State:
    """Return the four words of the state after `block` (§3.4): the textbook path."""
    X = note("", "X", unpack("<16I", block), "what is mixed are words: the block as 16 of them, low bytes first")
    A, B, C, D = a, b, c, d = state
    for number, (function, words, shifts) in enumerate(ROUNDS):
        why = "every word of the block comes in once more, in another order and by another function"
        with steps("", f"round {number + 1}", why, bits=32, parts=VARIABLES) as whole:
            for j, k in enumerate(words):
                i, s = 16 * number + j + 1, shifts[j % 4]
                # The standard says a = b + ((a + F(b,c,d) + X[k] + T[i]) <<< s), then renames the four in turn.
                total = (a + function(b, c, d) + X[k] + T[i]) & M
                changed = (b + ROTL(s, total)) & M
                name = f"[{('ABCD', 'DABC', 'CDAB', 'BCDA')[j % 4]} {k} {s} {i}]"
                formula = f"{{b}} + (({{a}} + {function.__name__}({{b}}, {{c}}, {{d}}) + {{X[k]}} + {{T[i]}}) <<< {s})"
                note("", f"{name} = {formula}", changed, "one word takes in the three others and a word of the block")
                a, b, c, d = d, changed, b, c
            whole.gives((a, b, c, d))
    state = ((A + a) & M, (B + b) & M, (C + c) & M, (D + d) & M)
    return note("", "A, B, C, D", state, "rounds can be undone; adding what was there before them cannot")


# The fast path's own table: for each operation k, T[i], s and 32 - s.
_OPERATIONS = [
    [(k, T[16 * number + j + 1], shifts[j % 4], 32 - shifts[j % 4]) for j, k in enumerate(words)]
    for number, (_, words, shifts) in enumerate(ROUNDS)
]


def compress_blocks(state: State, data: bytes) -> State:
    """Return the four words of the state after the blocks in `data`: the fast path, with the functions written out."""
    first, second, third, fourth = _OPERATIONS
    for i in range(0, len(data), 64):
        X = unpack("<16I", data[i : i + 64])
        a, b, c, d = state
        for k, t, s, r in first:
            x = (a + (d ^ (b & (c ^ d))) + X[k] + t) & M
            a, d, c, b = d, c, b, (b + ((x << s) | (x >> r))) & M
        for k, t, s, r in second:
            x = (a + (c ^ (d & (b ^ c))) + X[k] + t) & M
            a, d, c, b = d, c, b, (b + ((x << s) | (x >> r))) & M
        for k, t, s, r in third:
            x = (a + (b ^ c ^ d) + X[k] + t) & M
            a, d, c, b = d, c, b, (b + ((x << s) | (x >> r))) & M
        for k, t, s, r in fourth:
            x = (a + (c ^ (b | (d ^ M))) + X[k] + t) & M
            a, d, c, b = d, c, b, (b + ((x << s) | (x >> r))) & M
        state = tuple((x + y) & M for x, y in zip(state, (a, b, c, d), strict=True))
    return state


class md5(MerkleDamgard):
    """MD5: a digest of 16 bytes, on blocks of 64. Legacy."""

    __slots__ = ()
    name: ClassVar[str] = "md5"
    digest_size: ClassVar[int] = 16
    block_size: ClassVar[int] = 64
    _title = "MD5"
    _initial = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)  # §3.3: the digits 0 to f, up and down
    _words = Struct("<4I")
    _byte_order = "little"
    _length_bytes = 8
    _padding_section = "RFC 1321 §3.1, §3.2"
    _section = "RFC 1321 §3.4"

    def _check_length(self, length: int) -> None:
        """Take any length: of its bits, §3.2 pads with the number modulo 2^64."""

    @classmethod
    def _compress(cls, H: State, block: bytes) -> State:
        return compress(H, block)

    @classmethod
    def _compress_blocks(cls, H: State, data: bytes) -> State:
        return compress_blocks(H, data)
