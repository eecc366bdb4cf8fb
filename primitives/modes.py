"""Modes of operation: what turns a block cipher into a cipher for messages of many blocks.

Standard     SP 800-38A (2001): ECB, CBC, CFB (segments of 8 bits and of a block) and CTR.
Left out     OFB; CFB with other segments. Padding: `padding.py`. Authentication, which none of these modes gives:
             `gcm.py`, or an HMAC.
Timing       That of the block cipher.

>>> from primitives.aes import AES
>>> key, iv = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes(range(16))     # SP 800-38A §F.2.1
>>> cbc_encrypt(AES(key), iv, bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")).hex()
'7649abac8119b246cee98e9b12e9197d'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Protocol

from explain.trace import note, steps, tracing
from primitives.lanes.aes_planes import BLOCKS
from primitives.lanes.counters import counter_blocks
from primitives.lanes.runs import runs
from primitives.octets import BytesLike, require_bytes, xor

AES_RUN = 16 * BLOCKS  # bytes that AES takes at once, at most


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
    iv = _check_iv("CBC", cipher, iv)
    data = _check_blocks("CBC", cipher, data)
    if not tracing():
        return _chains(cipher, [(iv, data)])[0]
    output = []
    C = iv
    for j, P in enumerate(_split(data, cipher.block_size), start=1):
        with steps("SP 800-38A §6.2", f"C{j}", "equal blocks must not encrypt to equal blocks") as block:
            name = f"P{j} ⊕ C{j - 1}" if j > 1 else "P1 ⊕ IV"
            masked = note("", f"{name} = {{P}} ⊕ {{C}}", xor(P, C), "the ciphertext before it is as good as random")
            C = block.gives(cipher.encrypt_block(masked))
        output.append(C)
    return b"".join(output)


def _chains(cipher: BlockCipher, chains: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Return the CBC encryption of each message, of which its iv and it are given."""
    own_way: Callable[[Sequence[tuple[bytes, bytes]]], list[bytes]] | None = getattr(cipher, "encrypt_chains", None)
    if own_way is not None:  # AES has a faster one
        return own_way(chains)
    encrypted = []
    for C, data in chains:
        output = []
        for P in _split(data, cipher.block_size):
            C = cipher.encrypt_block(xor(P, C))
            output.append(C)
        encrypted.append(b"".join(output))
    return encrypted


def cbc_encrypt_many(cipher: BlockCipher, messages: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Return the CBC encryptions of many messages, as `cbc_encrypt` would one after the other, but faster (§6.2).

    Within a message, a block waits for the one before it; blocks of different messages do not wait for each other. So
    this gains the most where messages are of one length, such as the records of a transfer.

    messages: of each, its iv, one block that nobody may be able to predict (appendix C), and its data, whole blocks.
    Raises `ValueError` for other lengths.
    """
    chains = [(_check_iv("CBC", cipher, iv), _check_blocks("CBC", cipher, data)) for iv, data in messages]
    if tracing():
        return [cbc_encrypt(cipher, iv, data) for iv, data in chains]
    return _chains(cipher, chains)


def cbc_decrypt(cipher: BlockCipher, iv: bytes, data: bytes) -> bytes:
    """Return the CBC decryption of `data`, as long as it (§6.2).

    iv: the block that it was encrypted with. data: whole blocks. Raises `ValueError` for other lengths.
    """
    iv = _check_iv("CBC", cipher, iv)
    data = _check_blocks("CBC", cipher, data)
    before = (iv + data)[: len(data)]  # for each block, the ciphertext before it
    if not tracing():  # all blocks at once: no decryption waits for another
        return xor(cipher.decrypt_blocks(data), before)
    output = []
    blocks = zip(_split(data, cipher.block_size), _split(before, cipher.block_size), strict=True)
    for j, (C, previous) in enumerate(blocks, start=1):
        with steps("SP 800-38A §6.2", f"P{j}", "what masked the block comes off it") as block:
            opened = note("", f"CIPH⁻¹(C{j})", cipher.decrypt_block(C), "decrypted, but still masked")
            output.append(block.gives(xor(opened, previous), "{opened} ⊕ {previous}"))
    return b"".join(output)


def cbc_decrypt_many(cipher: BlockCipher, messages: Iterable[tuple[BytesLike, BytesLike]]) -> list[bytes]:
    """Return the CBC decryptions of many messages, as `cbc_decrypt` would one after the other, but faster (§6.2).

    messages: of each, its iv, the block that it was encrypted with, and its data, whole blocks; each is taken from
    the iterable when it is needed.
    Raises `ValueError` for other lengths.
    """
    checked = ((_check_iv("CBC", cipher, iv), _check_blocks("CBC", cipher, data)) for iv, data in messages)
    if tracing():
        return [cbc_decrypt(cipher, iv, data) for iv, data in checked]
    decrypted = []
    for run in runs(checked, length=lambda message: len(message[1]), at_most=AES_RUN):
        before = b"".join([(iv + data)[: len(data)] for iv, data in run])
        opened = xor(cipher.decrypt_blocks(b"".join([data for _, data in run])), before)
        ends = accumulate(len(data) for _, data in run)
        decrypted += [opened[end - len(data) : end] for end, (_, data) in zip(ends, run, strict=True)]
    return decrypted


# --- CFB, §6.3: the cipher encrypts the last block's worth of ciphertext, and that masks the next segment. It is only
# --- ever run forwards.


def cfb_encrypt(cipher: BlockCipher, iv: bytes, data: bytes, *, segment_bits: int | None = None) -> bytes:
    """Return the CFB encryption of `data`, as long as it (§6.3).

    iv: one block; nobody may be able to predict it (appendix C).
    data: any length; the standard wants whole segments, this lets the last one be shorter.
    segment_bits: how much is masked at a time: a block (if None) or 8 bits.
    Raises `ValueError` for other lengths of `iv` and `segment_bits`.
    """
    iv = _check_iv("CFB", cipher, iv)
    data = require_bytes(data, "CFB: data")
    s = _segment_bytes(cipher, segment_bits)
    output = []
    register = iv  # I_j in the standard
    for j, P in enumerate(_split(data, s), start=1):
        C = _cfb_segment(cipher, register, P, name=f"C{j}")
        register = (register + C)[-len(iv) :]
        output.append(C)
    return b"".join(output)


def cfb_decrypt(cipher: BlockCipher, iv: bytes, data: bytes, *, segment_bits: int | None = None) -> bytes:
    """Return the CFB decryption of `data`, as long as it (§6.3).

    iv, segment_bits: those that it was encrypted with. data: any length.
    Raises `ValueError` for other lengths of `iv` and `segment_bits`.
    """
    iv = _check_iv("CFB", cipher, iv)
    data = require_bytes(data, "CFB: data")
    s, size = _segment_bytes(cipher, segment_bits), cipher.block_size
    shifted = iv + data
    registers = [shifted[i : i + size] for i in range(0, len(data), s)]  # all known beforehand, unlike in encryption
    if not tracing():
        masks = cipher.encrypt_blocks(b"".join(registers))
        return xor(data, b"".join(masks[i : i + s] for i in range(0, len(masks), size))[: len(data)])
    segments = zip(registers, _split(data, s), strict=True)
    return b"".join(
        _cfb_segment(cipher, register, C, name=f"P{j}") for j, (register, C) in enumerate(segments, start=1)
    )


def _segment_bytes(cipher: BlockCipher, segment_bits: int | None) -> int:
    """Return the length of a segment in bytes."""
    if segment_bits not in (None, 8, 8 * cipher.block_size):
        raise ValueError(f"CFB: segment_bits is {segment_bits}, expected 8 or {8 * cipher.block_size}")
    return cipher.block_size if segment_bits is None else segment_bits // 8


def _cfb_segment(cipher: BlockCipher, register: bytes, segment: bytes, *, name: str) -> bytes:
    """Return the segment, masked or unmasked: that is the same."""
    if not tracing():
        return xor(segment, cipher.encrypt_block(register)[: len(segment)])
    with steps("SP 800-38A §6.3", name, "nobody without the key can make a mask of what came before") as whole:
        note("", "I", register, "the last ciphertext, a block of it, the iv to begin with")
        O = cipher.encrypt_block(register)  # noqa: E741 - the standard's letter
        mask = note("", "MSB(O)", O[: len(segment)], "as much of its encryption as the segment needs")
        return whole.gives(xor(segment, mask), "{segment} ⊕ {mask}")


# --- CTR, §6.5: the cipher encrypts a counter, and that masks the next block.


def ctr_xor(cipher: BlockCipher, iv: bytes, data: bytes) -> bytes:
    """Return `data` masked by the encryptions of `iv`, `iv` + 1, …: encryption and decryption in one (§6.5).

    iv: the first counter, one block, counted up as one number as in appendix B.1. No counter may ever be used twice
    under one key: two messages with the same mask unmask each other. data: any length.
    Raises `ValueError` for other lengths of `iv`.
    """
    iv = _check_iv("CTR", cipher, iv)
    data = require_bytes(data, "CTR: data")
    size = cipher.block_size
    n = -(-len(data) // size)
    if not tracing():  # all blocks at once: no mask waits for another
        return xor(data, cipher.encrypt_blocks(counter_blocks(iv, n, bits=8 * size))[: len(data)])
    first, modulus = int.from_bytes(iv, "big"), 1 << 8 * size
    output = []
    for j, P in enumerate(_split(data, size), start=1):
        with steps("SP 800-38A §6.5", f"C{j}", "nobody without the key can make the mask of a counter") as block:
            counter = ((first + j - 1) % modulus).to_bytes(size, "big")
            T = note("", f"T{j}", counter, "the counter never repeats, so no mask does")
            mask = note("", f"O{j}", cipher.encrypt_block(T)[: len(P)], "as long as what is left of the message")
            output.append(block.gives(xor(P, mask), "{P} ⊕ {mask}"))
    return b"".join(output)


# --- ECB, §6.1: dangerous. Equal blocks of the message are equal blocks of the ciphertext, for all to see. It is
# --- here because other modes are explained by what it lacks, and because vectors for block ciphers come in it.


def ecb_encrypt(cipher: BlockCipher, data: bytes) -> bytes:
    """Return `data`, whole blocks, each encrypted on its own (§6.1). Never use this for messages: it shows repetition.

    Raises `ValueError` if `data` is not whole blocks.
    """
    data = _check_blocks("ECB", cipher, data)
    return cipher.encrypt_blocks(data)


def ecb_decrypt(cipher: BlockCipher, data: bytes) -> bytes:
    """Return `data`, whole blocks, each decrypted on its own (§6.1).

    Raises `ValueError` if `data` is not whole blocks.
    """
    data = _check_blocks("ECB", cipher, data)
    return cipher.decrypt_blocks(data)


def _split(data: bytes, size: int) -> list[bytes]:
    """Return `data` in pieces of `size` bytes, the last of which may be shorter."""
    return [data[i : i + size] for i in range(0, len(data), size)]


def _check_iv(mode: str, cipher: BlockCipher, iv: BytesLike) -> bytes:
    """Return `iv`; raise `TypeError` or `ValueError` if it is not one block."""
    iv = require_bytes(iv, f"{mode}: iv")
    if len(iv) != cipher.block_size:
        raise ValueError(f"{mode}: the iv has {len(iv)} bytes, expected {cipher.block_size}")
    return iv


def _check_blocks(mode: str, cipher: BlockCipher, data: BytesLike) -> bytes:
    """Return `data`; raise `TypeError` or `ValueError` if it is not whole blocks."""
    data = require_bytes(data, f"{mode}: data")
    if len(data) % cipher.block_size:
        raise ValueError(f"{mode}: the data has {len(data)} bytes, expected a multiple of {cipher.block_size}")
    return data
