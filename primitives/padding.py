"""PKCS#7 padding: it makes any message fill whole blocks, and can always be taken off again.

Standard     RFC 5652 §6.3 (also RFC 8018 appendix B.2.2, PKCS#5, for blocks of 8 bytes).
Left out     The padding of TLS, which is not this one.
Timing       `pkcs7_unpad` looks at all bytes of the last block whatever they are, with one outcome and one error
             for all that can be wrong. Even so, unpadding a ciphertext that nothing authenticates is an oracle for
             anyone who may try many of them (Vaudenay 2002): check a MAC first.

>>> pkcs7_pad(bytes.fromhex("0123456789"), 8).hex()     # three bytes are missing
'0123456789030303'
>>> pkcs7_unpad(bytes.fromhex("0123456789030303"), 8).hex()
'0123456789'
"""

from __future__ import annotations

from explain.trace import note, tracing
from primitives.errors import DecryptionError
from primitives.octets import require_bytes


def _check_block_size(block_size: int) -> None:
    """Raise `ValueError` if the length of a padding could not be written in its bytes."""
    if not 1 <= block_size <= 255:
        raise ValueError(f"PKCS#7 padding: block_size is {block_size}, expected 1 to 255 bytes")


def pkcs7_pad(data: bytes, block_size: int) -> bytes:
    """Return `data` and 1 to `block_size` bytes of padding, a multiple of `block_size` bytes.

    data: bytes of any length. block_size: of the cipher, 1 to 255 bytes.
    A message that fills its blocks gets a whole block of padding: without it, its own end could pass for padding.
    """
    data = require_bytes(data, "pkcs7_pad: data")
    _check_block_size(block_size)
    k = block_size - len(data) % block_size
    padding = bytes([k]) * k
    if tracing():
        note("RFC 5652 §6.3", "padding", padding, "each byte is the length, so the last one tells what comes off")
    return data + padding


def pkcs7_unpad(data: bytes, block_size: int) -> bytes:
    """Return `data` without its padding.

    data: a multiple of `block_size` bytes, at least one block. block_size: of the cipher, 1 to 255 bytes.
    Raises `DecryptionError` if the length or the padding is not right, without a word on which.
    """
    data = require_bytes(data, "pkcs7_unpad: data")
    _check_block_size(block_size)
    if not data or len(data) % block_size:
        note("RFC 5652 §6.3", "length", False, "padded data is whole blocks, and one at least")
        raise DecryptionError  # the length is not a secret: the sender chose it
    block = data[-block_size:]
    k = block[-1]
    wrong = (k == 0) | (k > block_size)
    for place, byte in enumerate(reversed(block), start=1):  # every byte, be it padding or not
        wrong |= (place <= k) & (byte != k)
    if tracing():
        note("RFC 5652 §6.3", "padding is right", not wrong, "k bytes, each of them k, were put there: nothing else")
    if wrong:
        raise DecryptionError
    if tracing():
        note("RFC 5652 §6.3", "padding", data[len(data) - k :], "the last byte tells how many bytes come off")
    return data[: len(data) - k]
