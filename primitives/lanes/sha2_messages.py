"""SHA-2's compression for many messages at once: each message has a lane in every variable.

Standard     FIPS 180-4 §6.2.2 and §6.4.2; `sha2.py` has the same, line against line with the standard.
Left out     The steps for a recording; padding.
Timing       Takes no branches on data; Python's integers are no constant-time arithmetic.

>>> from primitives.sha2 import sha256
>>> digests = sha256().digest_many([i.to_bytes(4, "big") for i in range(100)])
>>> digests[99] == sha256(bytes([0, 0, 0, 99])).digest()
True

Within a message everything waits for what came before it, but messages do not wait for each other. So a word of all
messages is one integer, each message's in a lane of twice the width of a word. The upper half of a lane takes what an
addition carries, and the word's second copy where it is rotated: what the lanes next to it left there is masked away.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache

from primitives.integers import big, big_from_bytes
from primitives.lanes.sha2 import Words

MESSAGES = 3  # from which lanes are faster: 320 µs a block for up to 16 messages; alone, each takes 170
AT_ONCE = 256  # messages, at most: with more, the variables outgrow the processor's nearest caches
BLOCKS = 32  # of each message that are put in order together, so that no more of long ones is copied at a time

State = tuple[int, ...]


def compress_messages(
    H: State, messages: Sequence[bytes], K: tuple[int, ...], words: Words, *, length: int
) -> list[State]:
    """Return the hash value after each of the messages, whole blocks; each starts from `H`.

    A message that has ended still takes part in the blocks of the others, and what it becomes there is forgotten.

    K: the constants of §4.2.2 or §4.2.3, one for each round. words: the word size; a block is 16 words.
    length: the length up to which blocks are computed, in bytes; no message is longer.
    """
    states: list[State] = []
    for i in range(0, len(messages), AT_ONCE):
        states += _compress(H, messages[i : i + AT_ONCE], K, words, length)
    return states


def _compress(H: State, messages: Sequence[bytes], K: tuple[int, ...], words: Words, length: int) -> list[State]:
    """Return the hash value after each of at most so many messages."""
    n, size = len(messages), 2 * words.w
    ones, mask, constants = _lanes(n, words.w, K)
    state = tuple(ones * x for x in H)
    ends = {len(message) for message in messages}
    after: dict[int, list[State]] = {}
    for start in range(0, length, size * BLOCKS):
        span = min(size * BLOCKS, length - start)
        octets = b"".join([message[start : start + span].ljust(span, b"\0") for message in messages])
        ends_of_blocks = range(start + size, start + span + 1, size)
        for end, W in zip(ends_of_blocks, _into_lanes(octets, n, words.w), strict=True):
            state = _block(state, W, constants, mask, words)
            if end in ends:
                after[end] = _out_of_lanes(state, n, words.w)
    return [after[len(message)][i] for i, message in enumerate(messages)]


@lru_cache(maxsize=4)
def _lanes(n: int, w: int, K: tuple[int, ...]) -> tuple[int, int, list[int]]:
    """Return, for n lanes, a 1 in each, a mask of all words, and each constant in all lanes."""
    ones = int.from_bytes((1).to_bytes(w // 4, "little") * n, "little")
    return big(ones), big(ones * ((1 << w) - 1)), [big(ones * k) for k in K]


def _into_lanes(octets: bytes, n: int, w: int) -> Iterator[list[int]]:
    """Yield the 16 words of one block after the other, each an integer with a lane for each message.

    octets: the same number of blocks of each of n messages, all of the first message, all of the second, …
    """
    given = array(_code(w), octets)
    given.byteswap()  # from big to little endian, as integers are made of bytes
    lanes = array(_code(w), bytes(w // 4 * 16 * n))  # in each a word, and as much room again
    size = w // 4 * n  # of a word of all messages, in bytes
    length = len(given) // n  # of a message, in words
    for block in range(0, length, 16):
        for t in range(16):
            lanes[2 * n * t : 2 * n * (t + 1) : 2] = given[block + t :: length]
        ordered = lanes.tobytes()
        yield [big_from_bytes(ordered[i : i + size], "little") for i in range(0, 16 * size, size)]


def _out_of_lanes(state: State, n: int, w: int) -> list[State]:
    """Return the state of each message."""
    columns = [array(_code(w), int(x).to_bytes(w // 4 * n, "little"))[::2].tolist() for x in state]
    return list(zip(*columns, strict=True))


def _code(w: int) -> str:
    """Return the code of a word in an array."""
    return "I" if w == 32 else "Q"


def _block(H: State, W: list[int], K: Sequence[int], m: int, words: Words) -> State:
    """Return the hash values of all messages after a block of each (steps 1 to 4).

    W: the words of the blocks. m: masks the words.
    """
    w, (i, j, k), (p, q, r) = words.w, words.Sigma0, words.Sigma1
    (i0, j0, k0), (i1, j1, k1) = words.sigma0, words.sigma1
    twice = (1 << w) + 1  # times this, every word is written twice
    for t in range(16, len(K)):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x * twice, y * twice
        s0 = (xx >> i0 ^ xx >> j0 ^ x >> k0) & m
        s1 = (yy >> i1 ^ yy >> j1 ^ y >> k1) & m
        W.append(W[t - 16] + W[t - 7] + s0 + s1 & m)
    a, b, c, d, e, f, g, h = H
    bc = b ^ c
    for k_t, w_t in zip(K, W, strict=True):
        ee = e * twice
        T1 = h + k_t + w_t + ((ee >> p ^ ee >> q ^ ee >> r) & m) + (g ^ e & (f ^ g))  # Ch, as in `sha2.py`
        h, g, f, e, d = g, f, e, d + T1 & m, c
        aa, ab = a * twice, a ^ b
        c, b, a = b, a, T1 + ((aa >> i ^ aa >> j ^ aa >> k) & m) + (b ^ ab & bc) & m  # Maj, as in `sha2.py`
        bc = ab
    return tuple([x + y & m for x, y in zip(H, (a, b, c, d, e, f, g, h), strict=True)])
