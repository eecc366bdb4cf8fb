"""A key that two parties have agreed upon outside of TLS, by which they know each other without certificates.

Standard     RFC 9846 §2.2, §4.3.11 (external PSKs).
Left out     Early data with such a key.

>>> from primitives.sha2 import sha256
>>> ExternalPSK(b"till 7", bytes(range(32)), hash=sha256).identity
b'till 7'
"""

from __future__ import annotations

from dataclasses import dataclass, field

from primitives.hashes import HashFunction
from primitives.sha2 import sha256

SHORTEST_KEY = 16  # bytes, as many as the keys of the records have at least
LONGEST_IDENTITY = 2**16 - 1 - 2 - 4  # what a list of identities can hold, with the lengths and the age


@dataclass(frozen=True, slots=True)
class ExternalPSK:
    """A pre-shared key, and the name by which both sides know it. Anyone who has it can pass for either of them.

    identity: the name, which goes over the wire unencrypted: 1 to 65529 bytes. key: 16 bytes or more, as random as a
    key: a password would not do, as an eavesdropper can try all passwords at leisure. hash: the hash function that the
    key is for: only suites with this one can use it.
    Raises `ValueError` for other lengths.
    """

    identity: bytes
    key: bytes = field(repr=False)
    hash: HashFunction = sha256

    def __post_init__(self) -> None:
        if not 1 <= len(self.identity) <= LONGEST_IDENTITY:
            raise ValueError(f"the PSK's identity has {len(self.identity)} bytes, expected 1 to {LONGEST_IDENTITY}")
        if len(self.key) < SHORTEST_KEY:
            raise ValueError(f"the PSK has {len(self.key)} bytes, expected {SHORTEST_KEY} or more")
