"""SHA-2: the hash functions SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224 and SHA-512/256.

Standard     FIPS 180-4 (2015).
Left out     Messages that are not whole bytes; SHA-512/t for other t.
Timing       The rotations and sums take no branches on data, but Python's integers are not constant-time.

>>> sha256(b"abc").hexdigest()     # FIPS 180-2 appendix B.1
'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

One algorithm in two word sizes: everything on 32-bit words is SHA-224 and SHA-256, everything on 64-bit words the
rest. Within a word size, the functions differ only in where they start and in how much of the result they show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count, islice
from math import isqrt
from struct import Struct
from typing import ClassVar

from explain.trace import note, steps, tracing, unrecorded
from primitives.lanes.sha2 import compress_blocks
from primitives.lanes.sha2_messages import MESSAGES, compress_messages
from primitives.merkle_damgard import MerkleDamgard, State
from primitives.octets import BytesLike, require_bytes, require_longest

# --- The constants: the first bits of the fractional parts of roots of primes. Nobody could have chosen these to
# --- suit a hidden purpose, which is the whole point of them.


def primes(n: int) -> list[int]:
    """Return the first `n` primes."""
    return list(islice((p for p in count(2) if all(p % q for q in range(2, isqrt(p) + 1))), n))


def icbrt(n: int) -> int:
    """Return the cube root of `n`, rounded down, by Newton's method from above."""
    x = 1 << -(-n.bit_length() // 3)
    while (y := (2 * x + n // (x * x)) // 3) < x:
        x = y
    return x


def square_root_bits(p: int, bits: int) -> int:
    """Return the first `bits` bits of the fractional part of the square root of `p`."""
    return isqrt(p << 2 * bits) % (1 << bits)


def cube_root_bits(p: int, bits: int) -> int:
    """Return the first `bits` bits of the fractional part of the cube root of `p`."""
    return icbrt(p << 3 * bits) % (1 << bits)


# --- The functions on words, §4.1.2 and §4.1.3.


def Ch(x: int, y: int, z: int) -> int:
    """Choose: each bit of `x` picks the bit of `y` (if 1) or of `z` (if 0) (§4.1.2 (4.2), §4.1.3 (4.8))."""
    return (x & y) ^ (~x & z)


def Maj(x: int, y: int, z: int) -> int:
    """Majority: each bit of the result is what at least two of the three are (§4.1.2 (4.3), §4.1.3 (4.9))."""
    return (x & y) ^ (x & z) ^ (y & z)


@dataclass(frozen=True)
class Words:
    """A word size, and all that depends on it.

    w: the bits of a word. rounds: how many rounds mix in a word of the schedule each.
    Sigma0, Sigma1: the three amounts of rotation. sigma0, sigma1: two of rotation and one of shift. The standard
        gives no reason for any of them.
    functions, constants, computation: the sections that define them.
    """

    w: int
    rounds: int
    Sigma0: tuple[int, int, int]
    Sigma1: tuple[int, int, int]
    sigma0: tuple[int, int, int]
    sigma1: tuple[int, int, int]
    functions: str
    constants: str
    computation: str

    def ROTR(self, n: int, x: int) -> int:
        """Rotate the word `x` right by `n` (§3.2 item 4)."""
        return (x >> n) | ((x << (self.w - n)) % (1 << self.w))

    def big_sigma0(self, x: int) -> int:
        """Mix a word by three rotations of itself (§4.1.2 (4.4), §4.1.3 (4.10))."""
        i, j, k = self.Sigma0
        return self.ROTR(i, x) ^ self.ROTR(j, x) ^ self.ROTR(k, x)

    def big_sigma1(self, x: int) -> int:
        """Mix a word by three other rotations (§4.1.2 (4.5), §4.1.3 (4.11))."""
        i, j, k = self.Sigma1
        return self.ROTR(i, x) ^ self.ROTR(j, x) ^ self.ROTR(k, x)

    def small_sigma0(self, x: int) -> int:
        """Mix a word of the schedule: what the shift drops cannot be rotated back (§4.1.2 (4.6), §4.1.3 (4.12))."""
        i, j, k = self.sigma0
        return self.ROTR(i, x) ^ self.ROTR(j, x) ^ (x >> k)

    def small_sigma1(self, x: int) -> int:
        """Mix a word of the schedule by other amounts (§4.1.2 (4.7), §4.1.3 (4.13))."""
        i, j, k = self.sigma1
        return self.ROTR(i, x) ^ self.ROTR(j, x) ^ (x >> k)


WORDS_32 = Words(
    w=32,
    rounds=64,
    Sigma0=(2, 13, 22),
    Sigma1=(6, 11, 25),
    sigma0=(7, 18, 3),
    sigma1=(17, 19, 10),
    functions="FIPS 180-4 §4.1.2",
    constants="FIPS 180-4 §4.2.2",
    computation="FIPS 180-4 §6.2.2",
)
WORDS_64 = Words(
    w=64,
    rounds=80,
    Sigma0=(28, 34, 39),
    Sigma1=(14, 18, 41),
    sigma0=(1, 8, 7),
    sigma1=(19, 61, 6),
    functions="FIPS 180-4 §4.1.3",
    constants="FIPS 180-4 §4.2.3",
    computation="FIPS 180-4 §6.4.2",
)

VARIABLES = tuple((name, 1) for name in "abcdefgh")  # §6.2, §6.4: the working variables, a word each

K_32 = tuple(cube_root_bits(p, 32) for p in primes(64))  # §4.2.2
K_64 = tuple(cube_root_bits(p, 64) for p in primes(80))  # §4.2.3


def message_schedule(block: bytes, words: Words) -> list[int]:
    """Return W: the block's 16 words, and as many made from these as there are rounds left (§6.2.2, §6.4.2 step 1)."""
    size, modulus = words.w // 8, 1 << words.w
    with steps("1", "message schedule", "every bit of the block takes part in most rounds", bits=words.w):
        W = [int.from_bytes(block[i : i + size], "big") for i in range(0, 16 * size, size)]
        for t in range(16):
            note("1", f"W_{t}", W[t], "a word of the block as it stands")
        for t in range(16, words.rounds):
            W_t = words.small_sigma1(W[t - 2]) + W[t - 7] + words.small_sigma0(W[t - 15]) + W[t - 16]
            formula = "σ1({W_t-2}) + {W_t-7} + σ0({W_t-15}) + {W_t-16}"
            W.append(note("1", f"W_{t} = {formula}", W_t % modulus, "a bit that differs makes most later words differ"))
    return W


def compress(H: State, block: bytes, *, words: Words, K: tuple[int, ...]) -> State:
    """Return the hash value after `block` (§6.2.2, §6.4.2).

    H: the eight words of the hash value before it. K: a constant for each round.
    """
    w, modulus = words.w, 1 << words.w
    W = message_schedule(block, words)  # step 1
    a, b, c, d, e, f, g, h = note("2", "a … h", H, "the rounds start from the hash value so far", parts=VARIABLES)
    for t, (K_t, W_t) in enumerate(zip(K, W, strict=True)):  # step 3
        with steps("3", f"round {t}", "two words are new: after four rounds all are", bits=w, parts=VARIABLES) as turn:
            Sigma1 = note(words.functions, "Σ1(e)", words.big_sigma1(e), "each bit of e reaches three places")
            ch = note(words.functions, "Ch(e, f, g)", Ch(e, f, g), "e chooses between f and g, bit by bit: not linear")
            note(words.constants, "K_t", K_t, "no two rounds are alike")
            T1 = (h + Sigma1 + ch + K_t + W_t) % modulus
            note("3", "T1 = {h} + {Σ1(e)} + {Ch(e, f, g)} + {K_t} + {W_t}", T1, "takes in a word of the block")
            Sigma0 = note(words.functions, "Σ0(a)", words.big_sigma0(a), "each bit of a reaches three places")
            maj = note(words.functions, "Maj(a, b, c)", Maj(a, b, c), "a majority is not linear either")
            T2 = note("3", "T2 = {Σ0(a)} + {Maj(a, b, c)}", (Sigma0 + maj) % modulus, "keeps the new a from being e")
            h, g, f, e, d, c, b, a = g, f, e, (d + T1) % modulus, c, b, a, (T1 + T2) % modulus
            turn.gives((a, b, c, d, e, f, g, h))
    H = tuple((x + y) % modulus for x, y in zip(H, (a, b, c, d, e, f, g, h), strict=True))
    return note("4", "H", H, "rounds can be undone; adding what was there before them cannot")


class _SHA2(MerkleDamgard):
    """What the functions on both word sizes have in common."""

    __slots__ = ()
    _size: ClassVar[Words]
    _K: ClassVar[tuple[int, ...]]

    def digest_many(self, messages: Iterable[BytesLike], /, *, longest: int | None = None) -> list[bytes]:
        """Return, for each message, the digest of all data so far and that message: see `MerkleDamgard.digest_many`."""
        if tracing():
            return super().digest_many(messages, longest=longest)
        padded = [self._padded(message) for message in messages]
        of_length: dict[int, list[int]] = {}
        if longest is not None:
            most = self._padded_length(longest)
            for data in padded:
                require_longest(len(data), most)
            of_length[most] = list(range(len(padded)))
        else:
            for i, data in enumerate(padded):
                of_length.setdefault(len(data), []).append(i)
        digests = [b""] * len(padded)
        for length, group in of_length.items():
            if len(group) < MESSAGES:
                states = [self._compress_blocks(self._H, padded[i]) for i in group]
                for i in group:
                    self._compress_blocks(self._H, bytes(length - len(padded[i])))  # as many blocks as of the longest
            else:
                states = compress_messages(self._H, [padded[i] for i in group], self._K, self._size, length=length)
            for i, H in zip(group, states, strict=True):
                digests[i] = self._digest(H)
        return digests

    def _padded(self, message: BytesLike) -> bytes:
        """Return the blocks that are left to compress, if this is the rest of what is hashed."""
        message = require_bytes(message, "hash: data")
        self._check_length(self._length + len(message))
        return b"".join((self._buffer, message, self._padding(self._length + len(message))))

    def _digest(self, H: State) -> bytes:
        """Return the digest that the last hash value is shown as."""
        return self._words.pack(*H)[: self.digest_size]

    @classmethod
    def _compress(cls, H: State, block: bytes) -> State:
        return compress(H, block, words=cls._size, K=cls._K)

    @classmethod
    def _compress_blocks(cls, H: State, data: bytes) -> State:
        return compress_blocks(H, data, cls._K, cls._size)


class _SHA2_32(_SHA2):
    """The functions on 32-bit words."""

    __slots__ = ()
    _size, _K = WORDS_32, K_32
    block_size: ClassVar[int] = 64
    _words = Struct(">8I")
    _length_bytes = 8
    _padding_section = "FIPS 180-4 §5.1.1"
    _section = WORDS_32.computation


class _SHA2_64(_SHA2):
    """The functions on 64-bit words."""

    __slots__ = ()
    _size, _K = WORDS_64, K_64
    block_size: ClassVar[int] = 128
    _words = Struct(">8Q")
    _word_bits = 64
    _length_bytes = 16
    _padding_section = "FIPS 180-4 §5.1.2"
    _section = WORDS_64.computation


class sha256(_SHA2_32):
    """SHA-256 (§6.2): a digest of 32 bytes, on blocks of 64."""

    __slots__ = ()
    name: ClassVar[str] = "sha256"
    digest_size: ClassVar[int] = 32
    _title = "SHA-256"
    _initial = tuple(square_root_bits(p, 32) for p in primes(8))  # §5.3.3


class sha224(_SHA2_32):
    """SHA-224 (§6.3): SHA-256 from another start, cut to 28 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha224"
    digest_size: ClassVar[int] = 28
    _title = "SHA-224"
    # §5.3.2 prints these without a word on their origin: the second 32 bits of SHA-384's words.
    _initial = tuple(square_root_bits(p, 64) % (1 << 32) for p in primes(16)[8:])


class sha512(_SHA2_64):
    """SHA-512 (§6.4): a digest of 64 bytes, on blocks of 128."""

    __slots__ = ()
    name: ClassVar[str] = "sha512"
    digest_size: ClassVar[int] = 64
    _title = "SHA-512"
    _initial = tuple(square_root_bits(p, 64) for p in primes(8))  # §5.3.5


class sha384(_SHA2_64):
    """SHA-384 (§6.5): SHA-512 from another start, cut to 48 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha384"
    digest_size: ClassVar[int] = 48
    _title = "SHA-384"
    _initial = tuple(square_root_bits(p, 64) for p in primes(16)[8:])  # §5.3.4


class _SHA512_IV(_SHA2_64):
    """The SHA-512/t IV Generation Function (§5.3.6): SHA-512 from a start of its own, to make starts with."""

    __slots__ = ()
    name: ClassVar[str] = "sha512-iv"
    digest_size: ClassVar[int] = 64
    _title = "SHA-512/t IV generation"
    _initial = tuple(word ^ 0xA5A5A5A5A5A5A5A5 for word in sha512._initial)


def _generated(name: bytes) -> State:
    """Return the start of the function of that name: the digest of the name (§5.3.6)."""
    with unrecorded():  # a recording that imports this is of something else
        return _SHA2_64._words.unpack(_SHA512_IV(name).digest())


class sha512_224(_SHA2_64):
    """SHA-512/224 (§6.6): SHA-512 from another start, cut to 28 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha512_224"
    digest_size: ClassVar[int] = 28
    _title = "SHA-512/224"
    _initial = _generated(b"SHA-512/224")  # §5.3.6.1


class sha512_256(_SHA2_64):
    """SHA-512/256 (§6.7): SHA-512 from another start, cut to 32 bytes."""

    __slots__ = ()
    name: ClassVar[str] = "sha512_256"
    digest_size: ClassVar[int] = 32
    _title = "SHA-512/256"
    _initial = _generated(b"SHA-512/256")  # §5.3.6.2
