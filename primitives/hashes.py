"""What a hash function looks like to whatever is built on one: HMAC, MGF1, PSS, OAEP, the TLS PRF.

Standard     PEP 452 (API for cryptographic hash functions v2.0).
Left out     `update` of anything but bytes; the keyed hashes. `digest_many` goes beyond it.
Timing       Nothing here computes.

>>> from primitives.sha2 import sha256
>>> function: HashFunction = sha256
>>> function.name, function.digest_size, function.block_size, function(b"abc").hexdigest()[:8]
('sha256', 32, 64, 'ba7816bf')
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, Self


class HashFacts(Protocol):
    """What is known of a hash function."""

    @property
    def name(self) -> str:
        """The function's name as in `hashlib`, such as `sha256`."""

    @property
    def digest_size(self) -> int:
        """The length of the digest, in bytes."""

    @property
    def block_size(self) -> int:
        """The length of a block that the compression function takes, in bytes."""


class Hash(HashFacts, Protocol):
    """A hash being computed. `digest` may be asked for at any time, and more data added afterwards."""

    def update(self, data: bytes, /) -> None:
        """Add `data` to what is hashed."""

    def digest(self) -> bytes:
        """Return the digest of all data so far, `digest_size` bytes."""

    def hexdigest(self) -> str:
        """Return the digest as hexadecimal digits."""

    def copy(self) -> Self:
        """Return an independent hash in the same state."""

    def digest_many(self, messages: Iterable[bytes], /, *, longest: int | None = None) -> list[bytes]:
        """Return, for each message, the digest of all data so far and that message after it.

        longest: a length in bytes; whatever the messages' lengths up to it are, as many blocks are computed. A longer
        message is a `ValueError`.
        """


class HashFunction(HashFacts, Protocol):
    """A hash function: call it to begin a `Hash`."""

    def __call__(self, data: bytes = b"", /) -> Hash:
        """Begin a hash of `data`."""
