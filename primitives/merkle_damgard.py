"""The Merkle–Damgård construction: a hash of a message of any length, from a compression function for one block.

Standard     FIPS 180-4 §5.1, §5.2 and §6 (SHA-1, SHA-2); RFC 1321 §3.1 and §3.2 (MD5, whose bytes run the other way).
Left out     Messages that are not whole bytes.
Timing       Depends on the length of the message, and on its content as far as Python's integers do.

>>> from primitives.sha2 import sha256
>>> started = sha256(b"a")
>>> started.update(b"bc")
>>> started.digest() == sha256(b"abc").digest()
True
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from struct import Struct
from typing import ClassVar, Literal, Self

from explain.trace import algorithm, note, steps, tracing
from primitives.octets import BytesLike, require_bytes, require_longest

State = tuple[int, ...]
"""The hash value between two blocks, H(i) in FIPS 180-4: one number for each of its words."""


class MerkleDamgard(ABC):
    """A hash being computed, a PEP 452 object: `sha256(b"abc").digest()`. Its subclasses are the hash functions.

    data: the first part of what is hashed, bytes of any length; `update` adds more.
    """

    __slots__ = ("_H", "_buffer", "_length")

    name: ClassVar[str]
    digest_size: ClassVar[int]
    block_size: ClassVar[int]

    _title: ClassVar[str]  # the standard's name of the function
    _initial: ClassVar[State]  # H(0)
    _words: ClassVar[Struct]  # how the hash value's words become bytes
    _length_bytes: ClassVar[int]  # of the length at the end of the padding
    _byte_order: ClassVar[Literal["big", "little"]] = "big"
    _word_bits: ClassVar[int] = 32
    _padding_section: ClassVar[str]
    _section: ClassVar[str]

    def __init__(self, data: BytesLike = b"", /) -> None:
        self._H = self._initial
        self._buffer = b""  # what has not filled a block yet
        self._length = 0  # of the message so far, in bytes
        self.update(data)

    def update(self, data: BytesLike, /) -> None:
        """Add `data` to what is hashed.

        Raises `TypeError` if it is not bytes; `ValueError` if the message gets longer than the standard allows.
        """
        pending = self._buffer + require_bytes(data, "hash: data")
        length = self._length + len(pending) - len(self._buffer)
        self._check_length(length)
        whole = len(pending) - len(pending) % self.block_size
        if whole:
            self._absorb_at_once(pending[:whole])
        self._buffer = pending[whole:]
        self._length = length

    @algorithm("{self._section}", "{self._title} update", "a full block is compressed at once: none has to be kept")
    def _absorb_at_once(self, blocks: bytes) -> None:
        self._H = self._absorb(blocks)

    @algorithm("{self._section}", "{self._title} digest", "a few bytes stand for the whole message, however long it is")
    def digest(self) -> bytes:
        """Return the digest of all data so far, `digest_size` bytes; more may be added afterwards."""
        padding = self._padding(self._length)
        if tracing():
            parts = ("80", 1), ("00", len(padding) - 1 - self._length_bytes), ("length", self._length_bytes)
            why = "fills the last block, and ends in the length, so that no two messages are padded to the same blocks"
            note(self._padding_section, "padding", padding, why, parts=parts)
        return self._words.pack(*self._absorb(self._buffer + padding))[: self.digest_size]

    def hexdigest(self) -> str:
        """Return the digest as hexadecimal digits."""
        return self.digest().hex()

    def copy(self) -> Self:
        """Return an independent hash in the same state, at the cost of no compression."""
        twin = object.__new__(type(self))
        twin._H, twin._buffer, twin._length = self._H, self._buffer, self._length
        return twin

    def digest_many(self, messages: Iterable[BytesLike], /, *, longest: int | None = None) -> list[bytes]:
        """Return, for each of the messages, the digest of all data so far and that message after it.

        This is what a `copy` for each message would give, and the hash is left as it is. SHA-2 takes many messages
        together, which is many times as fast: records to authenticate, the leaves of a hash tree. It gains the most
        where messages are of one length.

        messages: bytes of any lengths; each is taken from the iterable when it is needed. Raises `TypeError` and
        `ValueError` as `update` does.
        longest: a length in bytes, where the messages' own lengths are a secret. Then whatever they are, up to this,
        as many blocks are computed. Raises `ValueError` for a message that is longer.
        """
        digests = []
        for message in messages:
            one = self.copy()
            one.update(message)
            digests.append(one.digest())
            if longest is not None:
                length, most = self._padded_length(len(message)), self._padded_length(longest)
                require_longest(length, most)
                self._compress_blocks(self._H, bytes(most - length))
        return digests

    def _padded_length(self, more: int) -> int:
        """Return how many bytes have to be compressed for so many more, and the padding behind them."""
        length = self._length + more
        return len(self._buffer) + more + len(self._padding(length))

    def _check_length(self, length: int) -> None:
        """Raise `ValueError` if no message may be `length` bytes long (FIPS 180-4 §1, figure 1)."""
        if 8 * length >= 1 << 8 * self._length_bytes:
            raise ValueError(f"{self.name}: the message is too long, expected under 2^{8 * self._length_bytes} bits")

    def _padding(self, length: int) -> bytes:
        """Return what follows `length` bytes: one 1 bit, the fewest 0 bits, and the length in bits, to fill a block.

        The length is what makes the construction sound: without it, a message and the same message with
        some blocks before it could be made to collide (Merkle's and Damgård's proofs both rest on it).
        """
        zeros = -(length + 1 + self._length_bytes) % self.block_size
        bits = 8 * length % (1 << 8 * self._length_bytes)  # MD5 alone takes messages where the modulus matters
        return b"\x80" + bytes(zeros) + bits.to_bytes(self._length_bytes, self._byte_order)

    def _absorb(self, data: bytes) -> State:
        """Return the hash value after the blocks in `data`."""
        if not tracing():
            return self._compress_blocks(self._H, data)
        H = self._H
        for i in range(0, len(data), self.block_size):
            name = f"block {(self._length + i) // self.block_size + 1}"
            with steps("", name, "the hash value is all that is kept of a block", bits=self._word_bits) as block:
                H = block.gives(self._compress(H, data[i : i + self.block_size]))
        return H

    @classmethod
    @abstractmethod
    def _compress(cls, H: State, block: bytes) -> State:
        """Return the hash value after one block: the textbook path, which records its steps."""

    @classmethod
    @abstractmethod
    def _compress_blocks(cls, H: State, data: bytes) -> State:
        """Return the hash value after the blocks in `data`: the fast path, which records nothing."""
