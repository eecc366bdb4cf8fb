"""CMAC: a tag for a message of any length, made with a block cipher.

Standard     SP 800-38B (2005; updated 2016).
Left out     Tags shorter than a block (§6.2 step 7): they are the first bytes of the whole one.
Timing       That of the block cipher. Tags are compared in constant time.

>>> from primitives.aes import AES
>>> cipher = AES(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))     # SP 800-38B appendix D.1, example 2
>>> cmac(cipher, bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")).hex()
'070a16b46b4d4144f79bdd9dd04a287c'

The last block of a CBC encryption depends on the whole message. By itself it is not a safe tag: from the tags of two
messages, anyone can make the tag of a third, longer one. So the last block is masked with a secret derived from the
key: a value from the end of one message is then never a value from the middle of another.
"""

from __future__ import annotations

from hmac import compare_digest

from explain.trace import algorithm, note, steps, tracing
from primitives.errors import InvalidTag
from primitives.integers import i2osp, os2ip
from primitives.modes import BlockCipher, cbc_encrypt
from primitives.octets import BytesLike, require_bytes, xor

R = {8: 0b11011, 16: 0b10000111}
"""R_b of §5.3, by the bytes of a block: what x^b is in the field of 2^b elements that subkeys are multiplied in."""


def double(L: bytes) -> bytes:
    """Return the block L times x: shifted left by one bit, and R_b added if a 1 fell out (§6.1 steps 2 and 3).

    L: a block of 8 or 16 bytes.
    """
    b = 8 * len(L)
    shifted = os2ip(L) << 1
    return i2osp(shifted ^ (1 << b | R[len(L)]) if shifted >> b else shifted, len(L))


@algorithm("SP 800-38B §6.1", "SUBK", "messages that were padded need another mask than those that were not")
def subkeys(cipher: BlockCipher) -> tuple[bytes, bytes]:
    """Return K1 and K2, the masks of the last block: of one that is whole, and of one that was padded (§6.1)."""
    L = cipher.encrypt_block(bytes(cipher.block_size))  # step 1
    K1 = double(L)  # step 2
    K2 = double(K1)  # step 3
    if tracing():
        note("1", "L = CIPH(0)", L, "nobody without the key can tell it")
        note("2", "K1 = {L} · x", K1, "another block than L, which would show in the tag of zeros")
        note("3", "K2 = {K1} · x", K2, "or a padded message would have the tag of one that ends like that")
    return K1, K2


def cmac(cipher: BlockCipher, message: BytesLike) -> bytes:
    """Return the tag of `message`, as long as a block of the cipher (§6.2).

    cipher: a block cipher under the key, such as `AES(key)`. message: bytes of any length.
    Raises `TypeError` if the message is not bytes, `ValueError` if the blocks are of neither 8 nor 16 bytes.
    """
    message = require_bytes(message, "cmac: message")
    if cipher.block_size not in R:
        raise ValueError(f"cmac: the cipher has blocks of {cipher.block_size} bytes, expected 8 or 16")
    return _cmac(cipher, message)


def cmac_verify(cipher: BlockCipher, message: BytesLike, tag: BytesLike) -> None:
    """Return if `tag` is the tag of `message`; raise `InvalidTag` if not (§6.3).

    cipher, message: as for `cmac`. tag: as long as a block. The time it takes does not tell where the tags differ.
    """
    tag = require_bytes(tag, "cmac: tag")
    is_equal = compare_digest(cmac(cipher, message), tag)
    if not note("SP 800-38B §6.3", "T = T′", is_equal, "the sender had this key, and no bit has changed since"):
        raise InvalidTag("CMAC: the tag does not belong to this message and key")


@algorithm("SP 800-38B §6.2", "CMAC", "nobody can make the tag of a new message without the key")
def _cmac(cipher: BlockCipher, message: bytes) -> bytes:
    b = cipher.block_size
    K1, K2 = subkeys(cipher)  # step 1
    end = max(0, len(message) - 1) // b * b  # where the last block begins: an empty message has one, too (step 2)
    last = message[end:]
    is_whole = len(last) == b
    padded = last if is_whole else last + b"\x80" + bytes(b - 1 - len(last))
    M_n = xor(K1 if is_whole else K2, padded)  # step 4
    M = message[:end] + M_n
    if not tracing():
        return cbc_encrypt(cipher, bytes(b), M)[end:]  # the same chain, of which nothing but the end is used
    if is_whole:
        note("4", "M_n = {K1} ⊕ {last}", M_n, "the mask tells the last block from all others")
    else:
        note("4", "M_n = {K2} ⊕ {padded}", M_n, "a 1 and zeros fill the block: the 1 tells its end")
    C = bytes(b)  # step 5
    for i in range(0, len(M), b):
        with steps("6", f"C_{i // b + 1}", "each block changes all that come after it") as turn:
            C = turn.gives(cipher.encrypt_block(xor(C, M[i : i + b])))
    return C
