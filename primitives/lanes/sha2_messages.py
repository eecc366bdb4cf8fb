"""SHA-2's compression for many messages at once: each message has a lane in every variable.

Standard     FIPS 180-4 §6.2.2 and §6.4.2; `sha2.py` has the same, line against line with the standard.
Left out     The steps for a recording; padding.
Timing       Takes no branches on data; Python's integers are not constant-time.

>>> from primitives.sha2 import sha256
>>> digests = sha256().digest_many([i.to_bytes(4, "big") for i in range(100)])
>>> digests[99] == sha256(bytes([0, 0, 0, 99])).digest()
True

Within a message everything waits for what came before it, but messages do not wait for each other. So a word of all
messages is one integer, each message's in a lane of twice the width of a word. The upper half of a lane takes what an
addition carries, and the word's second copy where it is rotated: what the lanes next to it left there is masked away.

The message schedule of a block waits for no other block. Those of several blocks of each message are computed together,
in more lanes, and only then taken apart, block by block, for the rounds.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from primitives.integers import big_from_bytes, changeable
from primitives.lanes.sha2 import Words

MESSAGES = 2  # from which lanes are faster: for two of one block they take 140 µs, and one by one 160
LANES = 256  # at most: with more, the variables outgrow the processor's nearest caches

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
    for i in range(0, len(messages), LANES):
        states += _compress(H, messages[i : i + LANES], K, words, length)
    return states


def _compress(H: State, messages: Sequence[bytes], K: tuple[int, ...], words: Words, length: int) -> list[State]:
    """Return the hash value after each of at most so many messages."""
    n, size = len(messages), 2 * words.w
    ones, mask = _lanes(n, words.w)
    state = tuple([ones * x for x in H])
    ends = {len(message) for message in messages}
    after: dict[int, list[State]] = {}
    for end, scheduled in zip(range(size, length + 1, size), _schedules(messages, length, K, words), strict=True):
        state = _rounds(state, scheduled, mask, words)
        if end in ends:
            after[end] = _out_of_lanes(state, n, words.w)
    return [after[len(message)][i] for i, message in enumerate(messages)]


@lru_cache(maxsize=16)
def _lanes(n: int, w: int) -> tuple[int, int]:
    """Return, for n lanes, a 1 in each, and a mask of all words."""
    ones = big_from_bytes((1).to_bytes(w // 4, "little") * n, "little")
    return ones, ones * ((1 << w) - 1)


@lru_cache(maxsize=4)  # a transfer needs two; each is up to 320 KiB
def _constants(n: int, w: int, K: tuple[int, ...]) -> list[int]:
    """Return each constant in n lanes."""
    ones, _ = _lanes(n, w)
    return [ones * k for k in K]


def _schedules(messages: Sequence[bytes], length: int, K: tuple[int, ...], words: Words) -> Iterator[Iterable[int]]:
    """Yield K_t + W_t for the rounds of each block up to `length`, all messages' in one integer."""
    n, w, size = len(messages), words.w, 2 * words.w
    _, mask = _lanes(n, w)
    at_once = 2 * (LANES // n)
    for start in range(0, length, at_once * size):
        blocks = min(at_once, (length - start) // size)
        pairs = range(start, start + blocks * size, 2 * size)
        cut = [message[i : i + 2 * size] for i in pairs for message in messages]
        given = array(_code(w), b"".join([piece.ljust(2 * size, b"\0") for piece in cut]))
        given.byteswap()  # from big to little endian, as integers are made of bytes
        # A lane has room for two words: at first, for those of two blocks that follow each other in their message.
        both = [big_from_bytes(given[t::16].tobytes(), "little") for t in range(16)]
        lanes = n * len(pairs)
        halves = [_schedule(both, half * w, lanes, K, words) for half in range(min(blocks, 2))]
        if len(pairs) == 1:
            yield from halves
            continue
        # Cut out one by one: what a round has used makes room for the next, in the processor's nearest cache.
        for block in range(blocks):
            scheduled, at = halves[block % 2], block // 2 * n * 2 * w
            yield (x >> at & mask for x in scheduled) if at else (x & mask for x in scheduled)


def _schedule(given: list[int], at: int, n: int, K: tuple[int, ...], words: Words) -> list[int]:
    """Return K_t + W_t for the rounds of n blocks (step 1), of which the first words are given, `at` in each lane."""
    w, (i0, j0, k0), (i1, j1, k1) = words.w, words.sigma0, words.sigma1
    _, m = _lanes(n, w)
    twice = (1 << w) + 1  # times this, every word is written twice
    W = [x >> at & m for x in given]
    for t in range(16, len(K)):
        x, y = W[t - 15], W[t - 2]
        xx, yy = x * twice, y * twice
        s0 = (xx >> i0 ^ xx >> j0 ^ x >> k0) & m
        s1 = (yy >> i1 ^ yy >> j1 ^ y >> k1) & m
        W.append(W[t - 16] + W[t - 7] + s0 + s1 & m)
    return [k + x for k, x in zip(_constants(n, w, K), W, strict=True)]


def _out_of_lanes(state: State, n: int, w: int) -> list[State]:
    """Return the state of each message."""
    columns = [array(_code(w), int(x).to_bytes(w // 4 * n, "little"))[::2].tolist() for x in state]
    return list(zip(*columns, strict=True))


def _code(w: int) -> str:
    """Return the code of a word in an array."""
    return "I" if w == 32 else "Q"


def _rounds(H: State, scheduled: Iterable[int], m: int, words: Words) -> State:
    """Return the hash values of all messages after a block of each, of which K_t + W_t are given (steps 2 to 4).

    m: masks the words. Sums are made in place, in h and d: a new integer of this size costs more than the addition.
    """
    (i, j, k), (p, q, r) = words.Sigma0, words.Sigma1
    twice = (1 << words.w) + 1
    a, b, c, d, e, f, g, h = [changeable(x) for x in H]
    bc = b ^ c
    for kw in scheduled:
        ee = e * twice
        h += kw
        h += (ee >> p ^ ee >> q ^ ee >> r) & m
        h += g ^ e & (f ^ g)  # Ch, as in `sha2.py`; h is T1 now
        d += h
        d &= m
        aa, ab = a * twice, a ^ b
        h += (aa >> i ^ aa >> j ^ aa >> k) & m
        h += b ^ ab & bc  # Maj, as in `sha2.py`; h is T1 + T2 now
        h &= m
        a, b, c, d, e, f, g, h = h, a, b, c, d, e, f, g
        bc = ab
    return tuple([x + y & m for x, y in zip(H, (a, b, c, d, e, f, g, h), strict=True)])
