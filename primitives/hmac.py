"""HMAC: a message authentication code made from any hash function.

Standard     RFC 2104; FIPS 198-1 (2008).
Left out     Truncated tags: the caller slices.
Timing       `verify` compares in constant time. The hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> hmac_digest(b"Jefe", b"what do ya want for nothing?", hash=sha256).hex()     # RFC 4231 §4.3
'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
"""

from __future__ import annotations

from collections.abc import Iterable
from hmac import compare_digest
from typing import Self

from explain.trace import algorithm, note, steps, tracing
from primitives.errors import InvalidTag
from primitives.hashes import Hash, HashFunction
from primitives.octets import BytesLike, require_bytes

IPAD = 0x36  # RFC 2104 §2. Any two bytes that differ would do; these differ in half of
OPAD = 0x5C  # their bits, so the inner and the outer key have little in common.
XOR_IPAD, XOR_OPAD = (bytes(x ^ pad for x in range(256)) for pad in (IPAD, OPAD))  # of every byte, for `translate`


class HMAC:
    """A MAC being computed: `H(K0 ⊕ opad ‖ H(K0 ⊕ ipad ‖ message))`.

    key: bytes of any length; shorter than the hash's output weakens it, longer than its block is hashed first.
    message: the first part of what is authenticated, bytes of any length; `update` adds more.
    hash: the hash function, such as `sha256`.

    What depends on the key alone is computed here, once. For many messages under one key, make one `HMAC(key)`
    and let each message go into a `copy()` of it, or all of them into `digest_many`.
    """

    __slots__ = ("_inner", "_outer", "block_size", "digest_size", "name")

    def __init__(self, key: BytesLike, message: BytesLike = b"", *, hash: HashFunction) -> None:
        key = require_bytes(key, "HMAC: key")
        B = hash.block_size
        self.name = f"hmac-{hash.name}"
        self.digest_size = hash.digest_size
        self.block_size = B
        with steps("FIPS 198-1 §4", f"{self.name} key", "what depends on the key alone is computed once"):
            # Steps 1-3: K0 is the key brought to the length of one block, so that absorbing it
            # costs exactly one compression and can be done ahead of every message.
            K0 = (hash(key).digest() if len(key) > B else key).ljust(B, b"\0")
            K0 = note("3", "K0", K0, "a key that fills one block of the hash costs one compression")
            inner_key = note("4", "K0 ⊕ ipad", K0.translate(XOR_IPAD), "one key becomes two: this is the inner hash's")
            self._inner: Hash = hash(inner_key)  # step 5, the message to follow
            outer_key = note("7", "K0 ⊕ opad", K0.translate(XOR_OPAD), "and this is the outer hash's")
            self._outer: Hash = hash(outer_key)  # step 8, the inner digest to follow
        self.update(message)

    def update(self, message: BytesLike) -> None:
        """Add `message` to what is authenticated."""
        self._inner.update(require_bytes(message, "HMAC: message"))

    @algorithm("FIPS 198-1 §4", "{self.name}", "the tag of one message does not lead to that of a longer one")
    def digest(self) -> bytes:
        """Return the tag, `digest_size` bytes; more may be added afterwards."""
        inner = note("6", "H(K0 ⊕ ipad ‖ text)", self._inner.digest(), "nobody can begin this hash without the key")
        outer = self._outer.copy()  # steps 8-9: hashing the hash again, under the other key,
        outer.update(inner)  # is what stops anyone from extending the message
        return outer.digest()

    def hexdigest(self) -> str:
        """Return the tag as hexadecimal digits."""
        return self.digest().hex()

    def copy(self) -> Self:
        """Return an independent HMAC in the same state, at the cost of no compression."""
        twin = object.__new__(type(self))
        twin.name, twin.digest_size, twin.block_size = self.name, self.digest_size, self.block_size
        twin._inner, twin._outer = self._inner.copy(), self._outer  # the outer one is never updated in place
        return twin

    def digest_many(self, messages: Iterable[bytes], *, longest: int | None = None) -> list[bytes]:
        """Return, for each of the messages, the tag of all data so far and that message after it.

        This is what a `copy` for each message would give, but the hash may take many messages together: SHA-2 does.

        longest: a length in bytes, where the messages' own lengths are a secret. Then whatever they are, up to this,
        as many blocks are hashed.
        """
        if tracing():
            tags = []
            for message in messages:
                one = self.copy()
                one.update(message)
                tags.append(one.digest())
            return tags
        inner = self._inner.digest_many(messages, longest=longest)
        return self._outer.digest_many(inner)

    def verify(self, tag: BytesLike) -> None:
        """Return if `tag`, `digest_size` bytes, is this message's; raise `InvalidTag` if not.

        The time it takes does not tell where the tags differ.
        """
        tag = require_bytes(tag, "HMAC: tag")
        is_equal = compare_digest(self.digest(), tag)
        if not note("RFC 2104 §2", "tags are equal", is_equal, "the sender had this key, and no bit has changed since"):
            raise InvalidTag(f"{self.name}: the tag does not belong to this key and message")


def hmac_digest(key: BytesLike, message: BytesLike, *, hash: HashFunction) -> bytes:
    """Return the tag of `message` under `key`: `HMAC(key, message, hash=hash).digest()`."""
    return HMAC(key, message, hash=hash).digest()
