r"""KECCAK-f[1600] on many states at once: lane A[x, y] of all states is one integer.

Standard     FIPS 202 §3.2 to §3.4 and §4; `sha3.py` has the same, step by step with the standard.
Left out     The steps for a recording; padding. One state alone: `keccak.py`.
Timing       Takes no branches on data; Python's integers are not constant-time.

>>> from primitives.sha3 import shake_128
>>> outputs = shake_128().squeezing_many([bytes([i]) for i in range(9)]).squeeze(500)
>>> outputs[8] == shake_128(b"\x08").digest(500)
True

A message's blocks wait for each other, but messages do not, and ML-KEM wants nine of them for one matrix. Each has a
slot of 64 bits in each of the 25 integers. Nothing is ever added, so nothing is carried into the next slot; only a
rotation has to take care: what stays in its slot goes up, and what is left comes down at the other end.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from struct import unpack

from primitives.integers import big_from_bytes

MESSAGES = 4  # from which lanes are faster: one permutation of four states takes 170 µs, and four of one 240
LANES = 256  # at most: 512 gain nothing more, and without gmpy2 1,024 cost five times as much as 512


class Sponges:
    """Sponges that absorb and squeeze together (§4). All start in the same state.

    S: the state, as the integer that its 200 bytes spell. n: how many sponges, at most `LANES`.
    rate: of the sponges, in bytes. constants: of ι, for each round (§3.2.5).
    """

    __slots__ = ("_A", "_constants", "_n", "_rate")

    def __init__(self, S: int, n: int, *, rate: int, constants: tuple[int, ...]) -> None:
        self._n, self._rate, self._constants = n, rate, constants
        self._A = [_ones(n) * lane for lane in unpack("<25Q", int(S).to_bytes(200, "little"))]

    def absorb(self, blocks: Sequence[bytes]) -> None:
        """Add a block to each state, as long as the rate, and permute all states (step 6)."""
        words = array("Q", b"".join(blocks))
        step = self._rate // 8
        for i in range(step):
            self._A[i] ^= big_from_bytes(words[i::step].tobytes(), "little")
        self.permute()

    def permute(self) -> None:
        """Permute all states."""
        self._A = _permute(self._A, _masks(self._n), _in_lanes(self._n, self._constants))

    def outputs(self) -> Iterator[list[bytes]]:
        """Yield the outputs block by block, and permute all states in between (steps 8 to 10)."""
        while True:
            yield self.output()
            self.permute()

    def output(self) -> list[bytes]:
        """Return what each state gives before the next permutation: as many bytes as the rate (step 8)."""
        step = self._rate // 8
        words = array("Q", bytes(8 * self._n * step))
        for i, lane in enumerate(self._A[:step]):
            words[i::step] = array("Q", int(lane).to_bytes(8 * self._n, "little"))
        outputs = words.tobytes()
        return [outputs[i : i + self._rate] for i in range(0, len(outputs), self._rate)]


def absorb_messages(
    S: int, messages: Sequence[bytes], *, rate: int, length: int, constants: tuple[int, ...]
) -> list[bytes]:
    """Return the first output after each of the messages, whole blocks, as long as the rate.

    A message that has ended still takes part in the blocks of the others, and what it becomes there is forgotten.

    length: the length up to which blocks are absorbed, in bytes; no message is longer. Otherwise as for `Sponges`.
    """
    outputs = [b""] * len(messages)
    for first in range(0, len(messages), LANES):
        run = messages[first : first + LANES]
        sponges = Sponges(S, len(run), rate=rate, constants=constants)
        for start in range(0, length, rate):
            end = start + rate
            sponges.absorb([message[start:end].ljust(rate, b"\0") for message in run])
            ended = [i for i, message in enumerate(run) if len(message) == end]
            if ended:
                after = sponges.output()
                for i in ended:
                    outputs[first + i] = after[i]
    return outputs


@lru_cache(maxsize=16)
def _ones(n: int) -> int:
    """Return a 1 in each of n slots."""
    return big_from_bytes((1).to_bytes(8, "little") * n, "little")


@lru_cache(maxsize=16)
def _masks(n: int) -> list[int]:
    """Return for each rotation of §3.2.2 but 0, in rising order, a mask of what stays in its slot."""
    rotations = (1, 2, 3, 6, 8, 10, 14, 15, 18, 20, 21, 25, 27, 28, 36, 39, 41, 43, 44, 45, 55, 56, 61, 62)
    return [_ones(n) * ((1 << 64 - rotation) - 1) for rotation in rotations]


@lru_cache(maxsize=16)
def _in_lanes(n: int, constants: tuple[int, ...]) -> list[int]:
    """Return each constant in n slots."""
    return [_ones(n) * constant for constant in constants]


def _permute(A: Sequence[int], masks: Sequence[int], constants: Sequence[int]) -> list[int]:
    """Return the states after 24 rounds, `A[x + 5 * y]` being lane A[x, y] of all of them.

    m44 masks what stays in its slot in a rotation by 44, and `up` is that part. ¬b ∧ c = c ⊕ (b ∧ c), which needs no
    negative number.
    """
    m1, m2, m3, m6, m8, m10, m14, m15, m18, m20, m21, m25 = masks[:12]
    m27, m28, m36, m39, m41, m43, m44, m45, m55, m56, m61, m62 = masks[12:]
    planes = [A[0:5], A[5:10], A[10:15], A[15:20], A[20:25]]
    for constant in constants:
        (
            (a0, a1, a2, a3, a4),
            (a5, a6, a7, a8, a9),
            (a10, a11, a12, a13, a14),
            (a15, a16, a17, a18, a19),
            (a20, a21, a22, a23, a24),
        ) = planes
        # θ
        c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20
        c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21
        c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22
        c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23
        c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24
        d0 = c4 ^ ((up := c1 & m1) << 1 | (c1 ^ up) >> 63)
        d1 = c0 ^ ((up := c2 & m1) << 1 | (c2 ^ up) >> 63)
        d2 = c1 ^ ((up := c3 & m1) << 1 | (c3 ^ up) >> 63)
        d3 = c2 ^ ((up := c4 & m1) << 1 | (c4 ^ up) >> 63)
        d4 = c3 ^ ((up := c0 & m1) << 1 | (c0 ^ up) >> 63)
        # For each plane the end of θ, ρ and π; then χ; in the first plane, ι.
        b0 = a0 ^ d0
        b1 = (up := (a := a6 ^ d1) & m44) << 44 | (a ^ up) >> 20
        b2 = (up := (a := a12 ^ d2) & m43) << 43 | (a ^ up) >> 21
        b3 = (up := (a := a18 ^ d3) & m21) << 21 | (a ^ up) >> 43
        b4 = (up := (a := a24 ^ d4) & m14) << 14 | (a ^ up) >> 50
        plane_0 = (
            b0 ^ b2 ^ b1 & b2 ^ constant,
            b1 ^ b3 ^ b2 & b3,
            b2 ^ b4 ^ b3 & b4,
            b3 ^ b0 ^ b4 & b0,
            b4 ^ b1 ^ b0 & b1,
        )
        b0 = (up := (a := a3 ^ d3) & m28) << 28 | (a ^ up) >> 36
        b1 = (up := (a := a9 ^ d4) & m20) << 20 | (a ^ up) >> 44
        b2 = (up := (a := a10 ^ d0) & m3) << 3 | (a ^ up) >> 61
        b3 = (up := (a := a16 ^ d1) & m45) << 45 | (a ^ up) >> 19
        b4 = (up := (a := a22 ^ d2) & m61) << 61 | (a ^ up) >> 3
        plane_1 = b0 ^ b2 ^ b1 & b2, b1 ^ b3 ^ b2 & b3, b2 ^ b4 ^ b3 & b4, b3 ^ b0 ^ b4 & b0, b4 ^ b1 ^ b0 & b1
        b0 = (up := (a := a1 ^ d1) & m1) << 1 | (a ^ up) >> 63
        b1 = (up := (a := a7 ^ d2) & m6) << 6 | (a ^ up) >> 58
        b2 = (up := (a := a13 ^ d3) & m25) << 25 | (a ^ up) >> 39
        b3 = (up := (a := a19 ^ d4) & m8) << 8 | (a ^ up) >> 56
        b4 = (up := (a := a20 ^ d0) & m18) << 18 | (a ^ up) >> 46
        plane_2 = b0 ^ b2 ^ b1 & b2, b1 ^ b3 ^ b2 & b3, b2 ^ b4 ^ b3 & b4, b3 ^ b0 ^ b4 & b0, b4 ^ b1 ^ b0 & b1
        b0 = (up := (a := a4 ^ d4) & m27) << 27 | (a ^ up) >> 37
        b1 = (up := (a := a5 ^ d0) & m36) << 36 | (a ^ up) >> 28
        b2 = (up := (a := a11 ^ d1) & m10) << 10 | (a ^ up) >> 54
        b3 = (up := (a := a17 ^ d2) & m15) << 15 | (a ^ up) >> 49
        b4 = (up := (a := a23 ^ d3) & m56) << 56 | (a ^ up) >> 8
        plane_3 = b0 ^ b2 ^ b1 & b2, b1 ^ b3 ^ b2 & b3, b2 ^ b4 ^ b3 & b4, b3 ^ b0 ^ b4 & b0, b4 ^ b1 ^ b0 & b1
        b0 = (up := (a := a2 ^ d2) & m62) << 62 | (a ^ up) >> 2
        b1 = (up := (a := a8 ^ d3) & m55) << 55 | (a ^ up) >> 9
        b2 = (up := (a := a14 ^ d4) & m39) << 39 | (a ^ up) >> 25
        b3 = (up := (a := a15 ^ d0) & m41) << 41 | (a ^ up) >> 23
        b4 = (up := (a := a21 ^ d1) & m2) << 2 | (a ^ up) >> 62
        plane_4 = b0 ^ b2 ^ b1 & b2, b1 ^ b3 ^ b2 & b3, b2 ^ b4 ^ b3 & b4, b3 ^ b0 ^ b4 & b0, b4 ^ b1 ^ b0 & b1
        planes = [plane_0, plane_1, plane_2, plane_3, plane_4]
    return [lane for plane in planes for lane in plane]
