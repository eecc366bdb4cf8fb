"""Modes of operation: what turns a block cipher into a cipher for messages of many blocks.

Standard     SP 800-38A (2001).
Left out     OFB. Padding: `padding.py`. Authentication, which none of these modes gives: `gcm.py`, or an HMAC.
Timing       That of the block cipher.

>>> from primitives.aes import AES
>>> key, iv = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes(range(16))     # SP 800-38A §F.2.1
>>> cbc_encrypt(AES(key), iv, bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")).hex()
'7649abac8119b246cee98e9b12e9197d'
"""

from __future__ import annotations

from typing import Protocol

from primitives import trace
from primitives.octets import require_bytes, xor


class BlockCipher(Protocol):
    """A block cipher under one key, such as `AES(key)`."""

    @property
    def block_size(self) -> int:
        """The length of a block, in bytes."""

    def encrypt_block(self, block: bytes) -> bytes:
        """Return the encryption of one block."""

    def decrypt_block(self, block: bytes) -> bytes:
        """Return the decryption of one block."""

    def encrypt_blocks(self, blocks: bytes) -> bytes:
        """Return the encryptions of any number of blocks, each on its own."""

    def decrypt_blocks(self, blocks: bytes) -> bytes:
        """Return the decryptions of any number of blocks, each on its own."""


# --- CBC, §6.2: each block is masked with the ciphertext of the one before it.


def cbc_encrypt(cipher: BlockCipher, iv: bytes, data: bytes) -> bytes:
    """Return the CBC encryption of `data`, as long as it (§6.2).

    iv: one block; nobody may be able to predict it (appendix C). data: whole blocks.
    Raises `ValueError` for other lengths.
    """
    _check_iv("CBC", cipher, iv)
    _check_blocks("CBC", cipher, data)
    section = "SP 800-38A §6.2"
    output = []
    C = iv
    for j, P in enumerate(_split(data, cipher.block_size), start=1):
        if not trace.active():
            C = cipher.encrypt_block(xor(P, C))
        else:
            with trace.group(f"C{j}", section, why="equal blocks must not encrypt to equal blocks") as block:
                masked = xor(P, C)
                mask = f"C{j - 1}" if j > 1 else "IV"
                trace.step(f"P{j} ⊕ {mask}", masked, section, why="the ciphertext before it masks the block")
                block.value = C = cipher.encrypt_block(masked)
        output.append(C)
    return b"".join(output)


def cbc_decrypt(cipher: BlockCipher, iv: bytes, data: bytes) -> bytes:
    """Return the CBC decryption of `data`, as long as it (§6.2).

    iv: the block that it was encrypted with. data: whole blocks. Raises `ValueError` for other lengths.
    """
    _check_iv("CBC", cipher, iv)
    _check_blocks("CBC", cipher, data)
    size = cipher.block_size
    section = "SP 800-38A §6.2"
    before = (iv + data)[: len(data)]  # for each block, the ciphertext before it
    if not trace.active():  # all blocks at once: no decryption waits for another
        return xor(cipher.decrypt_blocks(data), before)
    output = []
    for j, (C, previous) in enumerate(zip(_split(data, size), _split(before, size), strict=True), start=1):
        with trace.group(f"P{j}", section, why="what masked the block comes off it") as block:
            opened = cipher.decrypt_block(C)
            trace.step(f"CIPH⁻¹(C{j})", opened, section, why="decrypted, but still masked")
            block.value = P = xor(opened, previous)
        output.append(P)
    return b"".join(output)


def _split(data: bytes, size: int) -> list[bytes]:
    """Return `data` in pieces of `size` bytes, the last of which may be shorter."""
    return [data[i : i + size] for i in range(0, len(data), size)]


def _check_iv(mode: str, cipher: BlockCipher, iv: bytes) -> None:
    """Raise `TypeError` or `ValueError` if `iv` is not one block."""
    require_bytes(iv, f"{mode}: iv")
    if len(iv) != cipher.block_size:
        raise ValueError(f"{mode}: the iv has {len(iv)} bytes, expected {cipher.block_size}")


def _check_blocks(mode: str, cipher: BlockCipher, data: bytes) -> None:
    """Raise `TypeError` or `ValueError` if `data` is not whole blocks."""
    require_bytes(data, f"{mode}: data")
    if len(data) % cipher.block_size:
        raise ValueError(f"{mode}: the data has {len(data)} bytes, expected a multiple of {cipher.block_size}")
