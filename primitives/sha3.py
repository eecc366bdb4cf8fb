"""SHA-3: the hash functions SHA3-224, -256, -384, -512, and SHAKE128 and SHAKE256, whose output has any length.

Standard     FIPS 202 (2015).
Left out     Messages that are not whole bytes; other widths of the permutation than 1600 bits.
Timing       Takes no branches on data, but Python's integers are not constant-time.

>>> sha3_256(b"abc").hexdigest()     # NIST's SHA-3 test vectors, "abc"
'3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'

A sponge: the message is absorbed into a part of the state (the rate), the state is permuted after each block, and
the digest is squeezed out of the same part. The rest of the state (the capacity) never meets the outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import pack, unpack
from typing import ClassVar, Self, TypeAlias

from explain.trace import algorithm, note, steps, tracing
from primitives.integers import require_int
from primitives.lanes.keccak import permutation
from primitives.lanes.keccak_messages import LANES, MESSAGES, Sponges, absorb_messages
from primitives.octets import BytesLike, require_bytes, require_longest

Lanes: TypeAlias = list[int]
"""The state A: lane A[x, y], 64 bits, is at place x + 5y (§3.1)."""

M = (1 << 64) - 1


def lanes(S: int) -> Lanes:
    """Return the state array that the string S is, 1600 bits in a number, the first the least significant (§3.1.2)."""
    return list(unpack("<25Q", int(S).to_bytes(200, "little")))


def string(A: Lanes) -> int:
    """Return the string that the state array is, as a number like that of `lanes` (§3.1.3)."""
    return int.from_bytes(pack("<25Q", *A), "little")


def ROTL(n: int, lane: int) -> int:
    """Rotate a lane by `n` towards higher z (that is what the offsets of ρ do, §3.2.2)."""
    return ((lane << n) | (lane >> (64 - n))) & M


# --- The constants, derived.


def rho_offsets() -> list[int]:
    """Return how far ρ rotates each lane: the triangular numbers, along a walk through the lanes (§3.2.2).

    Modulo 64, the 24 numbers all differ: so the bits of a slice go to as many other slices as there are lanes (Bertoni,
    Daemen, Peeters, Van Assche, "The Keccak reference").
    """
    offsets = [0] * 25
    x, y = 1, 0
    for t in range(24):
        offsets[x + 5 * y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return offsets


def rc(t: int) -> int:
    """Return bit `t` of a shift register with feedback, x^8 + x^6 + x^5 + x^4 + 1 (§3.2.5 algorithm 5)."""
    R = 1  # bit i of this number is R[i]
    for _ in range(t % 255):
        R <<= 1
        if R >> 8:
            R ^= 0b101110001
    return R & 1


OFFSETS = rho_offsets()
RC = [sum(rc(j + 7 * i) << (2**j - 1) for j in range(7)) for i in range(24)]  # §3.2.5 algorithm 6

# --- The step mappings, §3.2.


def theta(A: Lanes) -> Lanes:
    """Add to each bit the parities of two columns nearby (§3.2.1)."""
    C = [A[x] ^ A[x + 5] ^ A[x + 10] ^ A[x + 15] ^ A[x + 20] for x in range(5)]
    D = [C[(x - 1) % 5] ^ ROTL(1, C[(x + 1) % 5]) for x in range(5)]
    return [lane ^ D[i % 5] for i, lane in enumerate(A)]


def rho(A: Lanes) -> Lanes:
    """Rotate each lane by its own offset, so that the slices exchange bits (§3.2.2)."""
    return [ROTL(n, lane) for n, lane in zip(OFFSETS, A, strict=True)]


def pi(A: Lanes) -> Lanes:
    """Move the lanes to other places, so that rows and columns exchange them (§3.2.3)."""
    return [A[(x + 3 * y) % 5 + 5 * x] for y in range(5) for x in range(5)]


def chi(A: Lanes) -> Lanes:
    """Mix the lanes of each row: the only step that is not linear (§3.2.4)."""
    return [A[x + 5 * y] ^ (~A[(x + 1) % 5 + 5 * y] & A[(x + 2) % 5 + 5 * y]) for y in range(5) for x in range(5)]


def iota(A: Lanes, ir: int) -> Lanes:
    """Add the round's constant, so that no two rounds are alike (§3.2.5)."""
    return [A[0] ^ RC[ir], *A[1:]]


@algorithm("FIPS 202 §3.3", "KECCAK-f[1600]", "the proofs take it for a random permutation", bits=64, form="lanes")
def keccak_f(A: Lanes) -> Lanes:
    """Return the state after KECCAK-f[1600], 24 rounds (§3.3, §3.4): the textbook path."""
    for ir in range(24):
        with steps("", f"round {ir}", "θ, ρ and π spread, χ is not linear", bits=64, form="lanes") as turn:
            A = note("§3.2.1", "θ", theta(A), "each bit depends on eleven, so bits spread fast", form="lanes")
            A = note("§3.2.2", "ρ", rho(A), "moves bits along the lanes, so that the slices mix", form="lanes")
            A = note("§3.2.3", "π", pi(A), "moves lanes, so that rows and columns mix", form="lanes")
            A = note("§3.2.4", "χ", chi(A), "the one step that is not linear", form="lanes")
            A = note("§3.2.5", "ι", iota(A, ir), "the other steps treat all rounds alike, and all slices", form="lanes")
            turn.gives(A)
    return A


_permute_fast, _CONSTANTS = permutation(OFFSETS, RC), tuple(RC)


class Sponge:
    """KECCAK[c], absorbing (§4, §5.2). Its subclasses are the functions.

    data: the first part of what is hashed, bytes of any length; `update` adds more.
    """

    __slots__ = ("_S", "_buffer")

    name: ClassVar[str]
    digest_size: ClassVar[int]
    block_size: ClassVar[int]  # the rate, in bytes

    _suffix: ClassVar[int]  # the bits that follow the message, low bits first, and the first 1 of the padding
    _section: ClassVar[str]

    def __init__(self, data: BytesLike = b"", /) -> None:
        self._S = 0  # the state as a string (§3.1), and that as the number its bytes spell, the least significant first
        self._buffer = b""  # what has not filled a block yet
        self.update(data)

    def update(self, data: BytesLike, /) -> None:
        """Add `data` to what is hashed. Raises `TypeError` if it is not bytes."""
        pending = self._buffer + require_bytes(data, "hash: data")
        whole = len(pending) - len(pending) % self.block_size
        self._S = self._absorb_all(pending[:whole])
        self._buffer = pending[whole:]

    def copy(self) -> Self:
        """Return an independent hash in the same state, at the cost of no permutation."""
        twin = object.__new__(type(self))
        twin._S, twin._buffer = self._S, self._buffer
        return twin

    def _absorb_all(self, blocks: bytes) -> int:
        """Return the state after whole blocks are absorbed."""
        S = self._S
        for i in range(0, len(blocks), self.block_size):
            S = self._absorb(S, blocks[i : i + self.block_size])
        return S

    def _absorb(self, S: int, block: bytes) -> int:
        """Return the state after `block`, as long as the rate, is added to it and it is permuted (§4 step 6)."""
        if not tracing():
            return _permute_fast(S ^ int.from_bytes(block, "little"))
        why = "the capacity meets no block, so that nobody can steer it"
        with steps("FIPS 202 §4 step 6", f"{self.name} absorb", why, bits=64, form="lanes") as whole:
            note("", "P_i", block, "fills the rate: the part of the state that blocks are added to")
            return string(whole.gives(keccak_f(lanes(S ^ int.from_bytes(block, "little")))))

    def _padded(self, message: BytesLike) -> bytes:
        """Return the blocks that are left to absorb, if `message` is the rest of what is hashed."""
        message = self._buffer + require_bytes(message, "hash: data")
        blocks = bytearray(message)
        blocks += bytes(self.block_size - len(message) % self.block_size)
        blocks[len(message)] ^= self._suffix  # M ‖ 01 or 1111, and the 1 that begins pad10*1 (§5.1, §6)
        blocks[-1] ^= 0x80  # and the 1 that ends it
        return bytes(blocks)

    def _squeezing(self, padded: bytes) -> Squeezing:
        """Return the output after the last blocks, which `_padded` gives."""
        return Squeezing(self._absorb_all(padded), self.block_size)

    def _followed_by(self, message: BytesLike) -> Self:
        """Return a hash of all data so far and the message after it."""
        twin = self.copy()
        twin.update(message)
        return twin

    @algorithm("{self._section}", "{self.name}", "what is squeezed out stands for the whole message, of any length")
    def _squeeze(self, length: int) -> bytes:
        """Return `length` bytes of output for all data so far; more may be added afterwards."""
        return self._squeezing(self._padded(b"")).squeeze(length)


def _permute(S: int) -> int:
    """Return the permuted state."""
    return string(keccak_f(lanes(S))) if tracing() else _permute_fast(S)


def require_length(length: int, name: str = "SHAKE") -> int:
    """Return the length; raise `TypeError` or `ValueError` if no output can have it."""
    if require_int(length, f"{name}: length") < 0:
        raise ValueError(f"{name}: length is {length}, expected 0 or more")
    return length


class Squeezing:
    """The output of a sponge, squeezed out piece by piece (§4 steps 7 to 10).

    S: the state after the last block. rate: of the sponge, in bytes.
    """

    __slots__ = ("_S", "_Z", "_rate")

    def __init__(self, S: int, rate: int) -> None:
        self._S, self._rate = S, rate
        self._Z = int(S).to_bytes(200, "little")[:rate]  # what is squeezed out already and nobody has asked for

    def squeeze(self, length: int) -> bytes:
        """Return the next `length` bytes of the output; raise `ValueError` if that is negative."""
        require_length(length)
        while len(self._Z) < length:
            self._S = _permute(self._S)
            self._Z += int(self._S).to_bytes(200, "little")[: self._rate]
        Z, self._Z = self._Z[:length], self._Z[length:]
        return Z


def _blocks_alone(output: Squeezing, rate: int) -> Iterator[list[bytes]]:
    """Yield block after block of one output, each as the only one of a list."""
    while True:
        yield [output.squeeze(rate)]


class SqueezingMany:
    """The outputs of many sponges, squeezed out together.

    groups: of some of the sponges each, their places in the order of all, and their blocks, one of each at a time.
    """

    __slots__ = ("_groups", "_pending")

    def __init__(self, groups: list[tuple[list[int], Iterator[list[bytes]]]]) -> None:
        self._groups = groups
        self._pending = [b""] * sum(len(places) for places, _ in groups)

    def squeeze(self, length: int) -> list[bytes]:
        """Return the next `length` bytes of each output; raise `ValueError` if that is negative."""
        require_length(length)
        pending = self._pending
        for places, blocks in self._groups:
            while len(pending[places[0]]) < length:
                for i, block in zip(places, next(blocks), strict=True):
                    pending[i] += block
        self._pending = [Z[length:] for Z in pending]
        return [Z[:length] for Z in pending]


class _SHA3(Sponge):
    """A SHA-3 hash function, a PEP 452 object (§6.1): the capacity is twice the digest."""

    __slots__ = ()
    _suffix = 0b110  # the message ends in 01, then the padding begins
    _section = "FIPS 202 §6.1"

    def digest(self) -> bytes:
        """Return the digest of all data so far, `digest_size` bytes; more may be added afterwards."""
        return self._squeeze(self.digest_size)

    def hexdigest(self) -> str:
        """Return the digest as hexadecimal digits."""
        return self.digest().hex()

    def digest_many(self, messages: Iterable[BytesLike], /, *, longest: int | None = None) -> list[bytes]:
        """Return, for each of the messages, the digest of all data so far and that message after it.

        longest: a length in bytes, where the messages' own lengths are a secret. Then whatever they are, up to this,
        as many blocks are computed. Raises `ValueError` for a message that is longer.
        """
        if tracing():
            return [self._followed_by(message).digest() for message in messages]
        padded = [self._padded(message) for message in messages]
        digests = [b""] * len(padded)
        for length, places in _by_length(padded, None if longest is None else self._padded(bytes(longest))).items():
            run = [padded[i] for i in places]
            if len(run) < MESSAGES:
                outputs = [self._squeezing(message).squeeze(self.digest_size) for message in run]
                for message in run:
                    self._absorb_all(bytes(length - len(message)))  # as many blocks as of the longest
            else:
                outputs = absorb_messages(self._S, run, rate=self.block_size, length=length, constants=_CONSTANTS)
            for i, Z in zip(places, outputs, strict=True):
                digests[i] = Z[: self.digest_size]
        return digests


def _by_length(padded: list[bytes], longest: bytes | None) -> dict[int, list[int]]:
    """Return the places of the messages by how much is to be absorbed of them: as much as of the longest, if given."""
    if longest is not None:
        for message in padded:
            require_longest(len(message), len(longest))
        return {len(longest): list(range(len(padded)))}
    places: dict[int, list[int]] = {}
    for i, message in enumerate(padded):
        places.setdefault(len(message), []).append(i)
    return places


class _SHAKE(Sponge):
    """An extendable-output function (§6.2): the caller chooses the length of the digest."""

    __slots__ = ()
    digest_size: ClassVar[int] = 0  # it has none of its own
    _suffix = 0b11111  # the message ends in 1111, then the padding begins
    _section = "FIPS 202 §6.2"

    def digest(self, length: int) -> bytes:
        """Return `length` bytes, 0 or more, of output for all data so far; more may be added afterwards."""
        require_length(length, self.name)
        return self._squeeze(length)

    def hexdigest(self, length: int) -> str:
        """Return `length` bytes of output as hexadecimal digits."""
        return self.digest(length).hex()

    def squeezing(self) -> Squeezing:
        """Return the output for all data so far, of which pieces of any length can be squeezed out one after the other.

        What is added to the data afterwards does not change it.
        """
        return self._squeezing(self._padded(b""))

    def squeezing_many(self, messages: Iterable[BytesLike], /) -> SqueezingMany:
        """Return the outputs, each for all data so far and a message after it, to be squeezed out together."""
        padded = [self._padded(message) for message in messages]
        groups: list[tuple[list[int], Iterator[list[bytes]]]] = []
        for length, places in _by_length(padded, None).items():
            for first in range(0, len(places), LANES):
                run = places[first : first + LANES]
                if len(run) < MESSAGES or tracing():
                    groups += [([i], _blocks_alone(self._squeezing(padded[i]), self.block_size)) for i in run]
                    continue
                sponges = Sponges(self._S, len(run), rate=self.block_size, constants=_CONSTANTS)
                for start in range(0, length, self.block_size):
                    sponges.absorb([padded[i][start : start + self.block_size] for i in run])
                groups.append((run, sponges.outputs()))
        return SqueezingMany(groups)

    def digest_many(self, messages: Iterable[BytesLike], length: int, /) -> list[bytes]:
        """Return `length` bytes of output for all data so far and each of the messages after it."""
        if tracing():
            return [self._followed_by(message).digest(length) for message in messages]
        return self.squeezing_many(messages).squeeze(length)


class sha3_224(_SHA3):
    """SHA3-224: a digest of 28 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha3_224"
    digest_size: ClassVar[int] = 28
    block_size: ClassVar[int] = 200 - 2 * 28


class sha3_256(_SHA3):
    """SHA3-256: a digest of 32 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha3_256"
    digest_size: ClassVar[int] = 32
    block_size: ClassVar[int] = 200 - 2 * 32


class sha3_384(_SHA3):
    """SHA3-384: a digest of 48 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha3_384"
    digest_size: ClassVar[int] = 48
    block_size: ClassVar[int] = 200 - 2 * 48


class sha3_512(_SHA3):
    """SHA3-512: a digest of 64 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha3_512"
    digest_size: ClassVar[int] = 64
    block_size: ClassVar[int] = 200 - 2 * 64


class shake_128(_SHAKE):
    """SHAKE128: output of any length, with a security strength of at most 128 bits."""

    __slots__ = ()
    name: ClassVar[str] = "shake_128"
    block_size: ClassVar[int] = 200 - 2 * 16


class shake_256(_SHAKE):
    """SHAKE256: output of any length, with a security strength of at most 256 bits."""

    __slots__ = ()
    name: ClassVar[str] = "shake_256"
    block_size: ClassVar[int] = 200 - 2 * 32
