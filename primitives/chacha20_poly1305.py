"""ChaCha20-Poly1305: encryption that is authenticated, together with data that is only authenticated.

Standard     RFC 8439 §2.6 and §2.8.
Left out     XChaCha20-Poly1305; shorter tags.
Timing       That of ChaCha20 and Poly1305. Tags are compared in constant time.

>>> key = bytes(range(0x80, 0xA0))     # RFC 8439 §2.8.2, of which this is the first block
>>> nonce, aad = bytes.fromhex("070000004041424344454647"), bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
>>> sealed = ChaCha20Poly1305(key).encrypt(nonce, b"Ladies and Gentl", aad)
>>> sealed[:-16].hex()
'd31a8d34648e60db7b86afbc53ef7ec2'
>>> ChaCha20Poly1305(key).decrypt(nonce, sealed, aad)
b'Ladies and Gentl'
"""

from __future__ import annotations

from hmac import compare_digest

from explain.trace import algorithm, note, tracing
from primitives.chacha20 import chacha20_xor
from primitives.errors import InvalidTag
from primitives.octets import BytesLike, require_bytes
from primitives.poly1305 import poly1305

TAG_SIZE = 16


class ChaCha20Poly1305:
    """ChaCha20-Poly1305 under one key.

    key: 32 bytes. Raises `TypeError` or `ValueError` for anything else.
    """

    __slots__ = ("_key",)

    def __init__(self, key: BytesLike) -> None:
        self._key = require_bytes(key, "ChaCha20-Poly1305: key")
        if len(self._key) != 32:
            raise ValueError(f"ChaCha20-Poly1305: the key has {len(self._key)} bytes, expected 32")

    def __repr__(self) -> str:
        return "<ChaCha20-Poly1305, key hidden>"

    @algorithm("RFC 8439 §2.8", "AEAD_CHACHA20_POLY1305 encrypt", "mask, then authenticate: no forgery is unmasked")
    def encrypt(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return the ciphertext, as long as `plaintext`, and its tag, 16 bytes (§2.8).

        nonce: 12 bytes. No nonce may ever be used twice under one key: that gives away the masks of both messages,
        and the key of the authenticator.
        plaintext: below 2^38 − 64 bytes, as the counter of blocks has 32 bits and starts at 1.
        aad: what is authenticated, but not encrypted; bytes of any length.
        Raises `ValueError` for other lengths.
        """
        nonce, aad = _check_nonce(nonce), require_bytes(aad, "ChaCha20-Poly1305: aad")
        otk = self._poly1305_key_gen(nonce)
        masked = chacha20_xor(self._key, 1, nonce, plaintext)  # from block 1: block 0 made the key
        ciphertext = note("", "ciphertext", masked, "the message, under a mask that is never used again")
        return ciphertext + _tag(otk, ciphertext, aad)

    @algorithm("RFC 8439 §2.8", "AEAD_CHACHA20_POLY1305 decrypt", "nothing is unmasked before its tag is right")
    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raise `InvalidTag` if the tag does not belong to all of these (§2.8).

        nonce, aad: those that it was encrypted with. ciphertext: what `encrypt` returned, its tag included.
        """
        nonce, aad = _check_nonce(nonce), require_bytes(aad, "ChaCha20-Poly1305: aad")
        sealed = require_bytes(ciphertext, "ChaCha20-Poly1305: ciphertext")
        if len(sealed) < TAG_SIZE:
            note("", "length", False, "without a whole tag there is nothing to compare")
            raise InvalidTag("ChaCha20-Poly1305: the tag does not belong to this message and key")
        ciphertext, tag = sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]
        is_equal = compare_digest(_tag(self._poly1305_key_gen(nonce), ciphertext, aad), tag)
        if not note("", "tags are equal", is_equal, "the sender had this key, and no bit has changed since"):
            raise InvalidTag("ChaCha20-Poly1305: the tag does not belong to this message and key")
        return chacha20_xor(self._key, 1, nonce, ciphertext)

    @algorithm("RFC 8439 §2.6", "poly1305_key_gen", "two tags under one key give it away: each nonce has its own")
    def _poly1305_key_gen(self, nonce: bytes) -> bytes:
        """Return the one-time key of the authenticator: the first half of block 0 of the key stream (§2.6)."""
        return chacha20_xor(self._key, 0, nonce, bytes(32))


def _tag(otk: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    """Return the tag of `aad` and `ciphertext` under the one-time key (§2.8, §2.8.1)."""
    lengths = len(aad).to_bytes(8, "little"), len(ciphertext).to_bytes(8, "little")
    pieces = aad, bytes(-len(aad) % 16), ciphertext, bytes(-len(ciphertext) % 16), *lengths
    mac_data = b"".join(pieces)
    if tracing():
        parts = tuple(zip(("aad", "pad", "ciphertext", "pad", "#aad", "#ciphertext"), map(len, pieces), strict=True))
        note("§2.8.1", "mac_data", mac_data, "without the lengths, bytes could move from one to the other", parts=parts)
    return poly1305(otk, mac_data)


def _check_nonce(nonce: bytes) -> bytes:
    """Return `nonce`; raise `TypeError` or `ValueError` if it is not 12 bytes."""
    nonce = require_bytes(nonce, "ChaCha20-Poly1305: nonce")
    if len(nonce) != 12:
        raise ValueError(f"ChaCha20-Poly1305: the nonce has {len(nonce)} bytes, expected 12")
    return nonce
