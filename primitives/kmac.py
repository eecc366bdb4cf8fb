"""KMAC: a tag for a message, made with cSHAKE; the same is a pseudorandom function whose output has any length.

Standard     SP 800-185 (2016) §4.
Left out     Keys, messages and tags that are not whole bytes. Comparing tags: `hmac.compare_digest` does.
Timing       That of `sha3.py`. The lengths of what goes in show.

>>> key = bytes(range(0x40, 0x60))     # NIST's examples, sample 1
>>> kmac128(key, bytes.fromhex("00010203"), 32).hex()
'e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e'

A sponge keeps a part of its state to itself, so the key can simply come first: nobody can continue the hash from a tag.
With SHA-2 they could, which is why HMAC hashes twice.
"""

from __future__ import annotations

from explain.trace import algorithm, note
from primitives.cshake import bytepad, cshake128, cshake256, encode_string, right_encode
from primitives.octets import BytesLike, require_bytes
from primitives.sha3 import require_length, shake_128, shake_256

NAME = b"KMAC"  # the function's name, N (§4.3)


@algorithm("SP 800-185 §4.3", "KMAC128", "nobody can make the tag of a new message without the key")
def kmac128(key: BytesLike, message: BytesLike, length: int, customization: BytesLike = b"") -> bytes:
    """Return a tag of `length` bytes, with a security strength of at most 128 bits (§4.3).

    key: K, of any length; at least 16 bytes for that strength. message: X, of any length. length: L, but in bytes; tags
    of two lengths have nothing in common. customization: S, what the tag is for.
    Raises `TypeError` or `ValueError` for anything else.
    """
    newX = _newX(key, message, 8 * require_length(length, "KMAC"), shake_128.block_size)
    return cshake128(newX, length, function_name=NAME, customization=customization)


@algorithm("SP 800-185 §4.3", "KMAC256", "nobody can make the tag of a new message without the key")
def kmac256(key: BytesLike, message: BytesLike, length: int, customization: BytesLike = b"") -> bytes:
    """Return a tag of `length` bytes, with a security strength of at most 256 bits (§4.3).

    The arguments are those of `kmac128`; the key has at least 32 bytes for that strength.
    """
    newX = _newX(key, message, 8 * require_length(length, "KMAC"), shake_256.block_size)
    return cshake256(newX, length, function_name=NAME, customization=customization)


@algorithm("SP 800-185 §4.3.1", "KMACXOF128", "nobody can tell the output from a random one without the key")
def kmacxof128(key: BytesLike, message: BytesLike, length: int, customization: BytesLike = b"") -> bytes:
    """Return `length` bytes of output, which are the beginning of any longer one (§4.3.1).

    The arguments are those of `kmac128`.
    """
    newX = _newX(key, message, 0, shake_128.block_size)
    return cshake128(newX, length, function_name=NAME, customization=customization)


@algorithm("SP 800-185 §4.3.1", "KMACXOF256", "nobody can tell the output from a random one without the key")
def kmacxof256(key: BytesLike, message: BytesLike, length: int, customization: BytesLike = b"") -> bytes:
    """Return `length` bytes of output, which are the beginning of any longer one (§4.3.1).

    The arguments are those of `kmac256`.
    """
    newX = _newX(key, message, 0, shake_256.block_size)
    return cshake256(newX, length, function_name=NAME, customization=customization)


def _newX(key: BytesLike, message: BytesLike, L: int, rate: int) -> bytes:
    """Return what cSHAKE is given (§4.3 step 1). L: the length of the output in bits, or 0 if it may be any."""
    K, X = require_bytes(key, "KMAC: key"), require_bytes(message, "KMAC: message")
    padded = bytepad(encode_string(K), rate)
    note("1", "bytepad(encode_string(K), {rate})", padded, "the key fills blocks of its own, so its length is known")
    return (
        padded + X + note("1", "right_encode({L})", right_encode(L), "a short tag is not the beginning of a long one")
    )
