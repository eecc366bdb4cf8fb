r"""Poly1305's polynomial, many blocks at once: the blocks are the lanes of one Python integer, folded in half.

Standard     RFC 8439 §2.5.1; `poly1305.py` has the same, line against line with the standard.
Left out     The steps for a recording; a last block of less than 16 bytes.
Timing       Depends on the length of the message; Python's integers also skip leading zeros.

>>> r, message = 12345, bytes(range(32))
>>> first, second = (int.from_bytes(message[i : i + 16] + b"\1", "little") for i in (0, 16))
>>> accumulate(r, message) == (first * r**2 + second * r) % P
True

Of 2k blocks m, the polynomial is a sum of k terms (m_i r^k + m_(i+k)) r^(k−i). So the blocks' first half times r^k and
the second half added, lane by lane, are k blocks with the same value; and so on until one is left. Missing blocks in
front are zero, so the number of blocks needs not be a power of two.
"""

from __future__ import annotations

from array import array

P = (1 << 130) - 5

FEW = 6  # blocks from which folding is faster than going one by one
BLOCKS = 1024  # folded together, at most; a power of two

LANE = 320  # bits: room for a product, 130 + 130 and some for what is only roughly reduced; and whole 64-bit words
_ones = int.from_bytes((b"\1" + bytes(LANE // 8 - 1)) * BLOCKS, "little")
_low = _ones * ((1 << 130) - 1)
_high = _ones * ((1 << LANE - 130) - 1)


def accumulate(r: int, message: bytes) -> int:
    """Return the accumulator after `message`, a multiple of 16 bytes."""
    accumulator = 0
    powers = [r]  # r^(2^i)
    while 1 << len(powers) < min(len(message) // 16, BLOCKS):
        powers.append(powers[-1] * powers[-1] % P)
    for i in range(0, len(message), 16 * BLOCKS):
        chunk = message[i : i + 16 * BLOCKS]
        accumulator = (accumulator * pow(r, len(chunk) // 16, P) + _fold(powers, chunk)) % P
    return accumulator


def _fold(powers: list[int], chunk: bytes) -> int:
    """Return the polynomial of the blocks in `chunk`."""
    n = len(chunk) // 16
    words, spread = array("Q", chunk), array("Q", bytes(n * LANE // 8))
    spread[-5::-5], spread[-4::-5] = words[0::2], words[1::2]  # the first block in the topmost lane
    spread[-3::-5] = array("Q", b"\1\0\0\0\0\0\0\0" * n)  # the 1 behind each block, 2^128
    v = int.from_bytes(spread.tobytes(), "little")
    for i in reversed(range((n - 1).bit_length())):
        half = LANE << i  # 2^i lanes
        v = (v >> half) * powers[i] + (v & (1 << half) - 1)
        v = (v & _low) + 5 * (v >> 130 & _high)  # 2^130 ≡ 5: roughly reduced, growing by 3 bits at most each time
    return v * powers[0] % P
