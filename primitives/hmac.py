"""HMAC: a message authentication code made from any hash function.

Standard     RFC 2104; FIPS 198-1 (2008).
Left out     Truncated tags: the caller slices.
Timing       `verify` compares in constant time. The hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> hmac_digest(b"Jefe", b"what do ya want for nothing?", hash=sha256).hex()     # RFC 4231 §4.3
'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
"""

from __future__ import annotations

from hmac import compare_digest

from primitives import trace
from primitives.errors import InvalidTag
from primitives.hashes import Hash, HashFunction

IPAD = 0x36  # RFC 2104 §2. Any two bytes that differ would do; these differ in half of
OPAD = 0x5C  # their bits, so the inner and the outer key have little in common.


class HMAC:
    """A MAC being computed: `H(K0 ⊕ opad ‖ H(K0 ⊕ ipad ‖ message))`.

    key: any length; shorter than the hash's output weakens it, longer than its block is hashed first.
    message: the first part of what is authenticated; `update` adds more.
    hash: the hash function, such as `sha256`.
    """

    def __init__(self, key: bytes, message: bytes = b"", *, hash: HashFunction) -> None:
        B = hash.block_size
        # FIPS 198-1 §4 steps 1-3: K0 is the key brought to the length of one block, so that
        # absorbing it costs exactly one compression and can be done ahead of every message.
        K0 = (hash(key).digest() if len(key) > B else key).ljust(B, b"\0")
        trace.step("K0", K0, "FIPS 198-1 §4 step 3", why="the key fills one block of the hash exactly")
        self.name = f"hmac-{hash.name}"
        self.digest_size = hash.digest_size
        self.block_size = B
        self._inner: Hash = hash(bytes(k ^ IPAD for k in K0))  # steps 4-5
        self._outer: Hash = hash(bytes(k ^ OPAD for k in K0))  # steps 7-8
        self.update(message)

    def update(self, message: bytes) -> None:
        """Add `message` to what is authenticated."""
        self._inner.update(message)

    def digest(self) -> bytes:
        """Return the tag, `digest_size` bytes; more may be added afterwards."""
        outer = self._outer.copy()  # steps 8-9: hashing the hash again, under the other key,
        outer.update(self._inner.digest())  # is what stops anyone from extending the message
        return outer.digest()

    def verify(self, tag: bytes) -> None:
        """Return if `tag` is this message's; raise `InvalidTag` if not.

        The time it takes does not tell where the tags differ.
        """
        if not compare_digest(self.digest(), tag):
            raise InvalidTag(f"{self.name}: the tag does not belong to this key and message")


def hmac_digest(key: bytes, message: bytes, *, hash: HashFunction) -> bytes:
    """Return the tag of `message` under `key`: `HMAC(key, message, hash=hash).digest()`."""
    return HMAC(key, message, hash=hash).digest()
