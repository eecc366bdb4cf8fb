"""HKDF-Expand-Label and Derive-Secret: how TLS 1.3 makes every key from the secret above it.

Standard     RFC 9846 §7.1; RFC 8446 had the same.
Left out     The key schedule itself, which knows what each label is for: `handshake.tls13.key_schedule`.
Timing       Depends on the lengths; the hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> early_secret = bytes.fromhex("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a")   # RFC 8448 §3
>>> derive_secret(early_secret, label=b"derived", messages=b"", hash=sha256).hex()
'6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba'
"""

from __future__ import annotations

from explain.trace import algorithm, note
from primitives.hashes import HashFunction
from primitives.hkdf import Expansion
from primitives.integers import require_int
from primitives.octets import require_bytes

PREFIX = b"tls13 "
LONGEST_LABEL, LONGEST_CONTEXT = 255 - len(PREFIX), 255  # bytes


@algorithm("RFC 9846 §7.1", "HkdfLabel", "the output is bound to its length, its use, its version and the handshake")
def hkdf_label(label: bytes, context: bytes, length: int) -> bytes:
    """Return HkdfLabel, the info that HKDF-Expand takes: length, "tls13 " ‖ label, context, each with its own length.

    label: 1 to 249 bytes of ASCII, such as `b"c hs traffic"`. context: 0 to 255 bytes, such as a transcript's hash.
    length: of the output, 0 to 65535 bytes.
    Raises `ValueError` for any other length.
    """
    label = require_bytes(label, "hkdf_label: label")
    context = require_bytes(context, "hkdf_label: context")
    if not 1 <= len(label) <= LONGEST_LABEL:
        raise ValueError(f"hkdf_label: label has {len(label)} bytes, expected 1 to {LONGEST_LABEL}")
    if len(context) > LONGEST_CONTEXT:
        raise ValueError(f"hkdf_label: context has {len(context)} bytes, expected at most {LONGEST_CONTEXT}")
    if not 0 <= require_int(length, "hkdf_label: length") < 1 << 16:
        raise ValueError(f"hkdf_label: length is {length}, expected 0 to {(1 << 16) - 1}")
    tag = note("", "label", PREFIX + label, "no other version or protocol derives with this prefix")
    return length.to_bytes(2, "big") + bytes([len(tag)]) + tag + bytes([len(context)]) + context


def hkdf_expand_label(secret: bytes, *, label: bytes, context: bytes, length: int, hash: HashFunction) -> bytes:
    """Return HKDF-Expand-Label(secret, label, context, length).

    secret: at least as long as the hash's digest. label: 1 to 249 bytes, without "tls13 ". context: 0 to 255 bytes.
    length: of the output, 0 to 255 digests. hash: the hash function of the cipher suite, such as `sha256`.
    Raises `ValueError` for any other length.
    """
    return LabelExpansion(secret, hash=hash).expand(label, context, length)


def derive_secret(secret: bytes, *, label: bytes, messages: bytes, hash: HashFunction) -> bytes:
    """Return Derive-Secret(secret, label, messages), a secret as long as the hash's digest.

    messages: the handshake messages so far, with their headers and without those of the records.
    The rest is as in `hkdf_expand_label`.
    """
    return LabelExpansion(secret, hash=hash).derive(label, hash(messages).digest())


class LabelExpansion:
    """HKDF-Expand-Label under one secret, which is absorbed once, for all that is derived from it.

    secret: at least as long as the hash's digest. hash: the hash function of the cipher suite, such as `sha256`.
    """

    __slots__ = ("_expansion", "hash")

    def __init__(self, secret: bytes, *, hash: HashFunction) -> None:
        self.hash = hash
        self._expansion = Expansion(secret, hash=hash)

    @algorithm("RFC 9846 §7.1", "HKDF-Expand-Label", "each label gives an output that says nothing of the others")
    def expand(self, label: bytes, context: bytes, length: int) -> bytes:
        """Return what `hkdf_expand_label` does."""
        return self._expansion.expand(hkdf_label(label, context, length), length)

    @algorithm("RFC 9846 §7.1", "Derive-Secret", "it belongs to one handshake: the transcript is hashed into it")
    def derive(self, label: bytes, transcript_hash: bytes) -> bytes:
        """Return what `derive_secret` does, from the hash of the messages, as long as the hash's digest."""
        return self.expand(label, transcript_hash, self.hash.digest_size)
