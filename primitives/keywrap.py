"""AES key wrap: encrypts keys under another key, and notices when one was changed.

Standard     RFC 3394 (2002), and with padding RFC 5649 (2009); SP 800-38F (2012) §6.2 and §6.3 call them KW and KWP.
Left out     Wrapping under another cipher than AES.
Timing       That of AES. The integrity check compares in constant time; with padding, the length of the key shows.

>>> kek = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
>>> key_wrap(kek, bytes.fromhex("00112233445566778899aabbccddeeff")).hex(" ", 8)     # RFC 3394 §4.1
'1fa68b0a8112b447 aef34bd8fb5a7b82 9d3e862371d2cfe5'

The key is cut into n pieces R[1] to R[n] of half an AES block. One more such piece, A, goes over them six times, and
is encrypted together with each in turn. In the end every bit depends on every bit: to change any of them
is to change A as well, and what A has to be is known.
"""

from __future__ import annotations

from hmac import compare_digest

from explain.trace import algorithm, note, steps, tracing
from primitives.aes import AES
from primitives.errors import DecryptionError
from primitives.integers import i2osp, os2ip
from primitives.octets import BytesLike, require_bytes, xor

IV = bytes.fromhex("a6a6a6a6a6a6a6a6")  # §2.2.3.1: what A is at first, and has to be again at last
AIV = bytes.fromhex("a65959a6")  # RFC 5649 §3: its first half, where the other half is the length of the key


def key_wrap(kek: BytesLike, key: BytesLike) -> bytes:
    """Return `key`, encrypted, and 8 bytes longer than it was (§2.2.1).

    kek: the key-encryption key, 16, 24 or 32 bytes. key: a multiple of 8 bytes, at least 16 (§2).
    Raises `TypeError` or `ValueError` for anything else. There is no nonce: equal keys are wrapped alike.
    """
    cipher = AES(kek)
    key = require_bytes(key, "key_wrap: key")
    if len(key) < 16 or len(key) % 8:
        raise ValueError(f"key_wrap: the key has {len(key)} bytes, expected a multiple of 8, at least 16")
    return _wrap(cipher, IV, key)


def key_unwrap(kek: BytesLike, wrapped: BytesLike) -> bytes:
    """Return the key that was wrapped (§2.2.2).

    kek: the key-encryption key, 16, 24 or 32 bytes. Raises `TypeError` or `ValueError` for anything else.
    wrapped: what `key_wrap` gave, a multiple of 8 bytes, at least 24.
    Raises `DecryptionError` if its length is another, if it was changed, or if it was wrapped under another key.
    """
    cipher = AES(kek)
    wrapped = require_bytes(wrapped, "key_unwrap: wrapped")
    if len(wrapped) < 24 or len(wrapped) % 8:
        raise DecryptionError  # the length is not a secret: the sender knows it
    return _unwrap(cipher, wrapped)


def key_wrap_padded(kek: BytesLike, key: BytesLike) -> bytes:
    """Return `key`, encrypted, and 8 to 15 bytes longer than it was: a multiple of 8 (RFC 5649 §4.1).

    kek: the key-encryption key, 16, 24 or 32 bytes. key: 1 byte or more, fewer than 2^32.
    Raises `TypeError` or `ValueError` for anything else. There is no nonce: equal keys are wrapped alike.
    """
    cipher = AES(kek)
    key = require_bytes(key, "key_wrap_padded: key")
    if not 1 <= len(key) < 2**32:
        raise ValueError(f"key_wrap_padded: the key has {len(key)} bytes, expected 1 to 2^32 − 1")
    return _wrap_padded(cipher, key)


def key_unwrap_padded(kek: BytesLike, wrapped: BytesLike) -> bytes:
    """Return the key that was wrapped, of its own length (RFC 5649 §4.2).

    kek: the key-encryption key, 16, 24 or 32 bytes. Raises `TypeError` or `ValueError` for anything else.
    wrapped: what `key_wrap_padded` gave, a multiple of 8 bytes, at least 16.
    Raises `DecryptionError` if its length is another, if it was changed, or if it was wrapped under another key.
    """
    cipher = AES(kek)
    wrapped = require_bytes(wrapped, "key_unwrap_padded: wrapped")
    if len(wrapped) < 16 or len(wrapped) % 8:
        raise DecryptionError  # the length is not a secret: the sender knows it
    return _unwrap_padded(cipher, wrapped)


# --- RFC 3394: keys of whole pieces.


@algorithm("RFC 3394 §2.2.1", "key wrap", "a key looks random: only a known A shows whether it is whole")
def _wrap(cipher: AES, A: bytes, key: bytes) -> bytes:
    """Return the wrapped key. A: the initial value."""
    return _wrap_pieces(cipher, A, key) if tracing() else _wrap_fast(cipher, A, key)


@algorithm("RFC 3394 §2.2.2", "key unwrap", "every step is undone, the last one first")
def _unwrap(cipher: AES, wrapped: bytes) -> bytes:
    """Return the key that was wrapped."""
    A, key = _unwrap_pieces(cipher, wrapped) if tracing() else _unwrap_fast(cipher, wrapped)
    if not note("3", "A = IV", compare_digest(A, IV), "any change would have reached A, but for 1 in 2^64"):
        raise DecryptionError
    return key


def _wrap_pieces(cipher: AES, A: bytes, key: bytes) -> bytes:
    """Return the wrapped key (§2.2.1): the textbook path."""
    n = len(key) // 8
    note("1", "A", A, "a known value, which has to be found again on unwrapping")
    R = [b"", *_pieces(key)]  # the standard counts from 1
    note("1", "R[1] … R[n]", R[1:], "pieces of 64 bits, so that A and one of them fill a block of AES")
    for j in range(6):
        for i in range(1, n + 1):
            t = n * j + i
            with steps("2", f"t = {t}", "A mixes with one piece, and carries it on to all others"):
                B = note("", "B = AES(K, {A} ‖ {R[i]})", cipher.encrypt_block(A + R[i]), "AES mixes all 128 bits")
                A = note("", "A = MSB(64, {B}) ⊕ {t}", xor(B[:8], t.to_bytes(8, "big")), "no two steps are alike")
                R[i] = note("", f"R[{i}] = LSB(64, {{B}})", B[8:], "the other half takes the place of the piece")
    return A + b"".join(R)  # step 3


def _unwrap_pieces(cipher: AES, wrapped: bytes) -> tuple[bytes, bytes]:
    """Return A, which is yet to be checked, and the key (§2.2.2): the textbook path."""
    n = len(wrapped) // 8 - 1
    A = note("RFC 3394 §2.2.2 step 1", "A", wrapped[:8], "it has met every piece six times")
    R = [b"", *_pieces(wrapped[8:])]
    note("RFC 3394 §2.2.2 step 1", "R[1] … R[n]", R[1:], "the wrapped key in pieces of 64 bits")
    for j in range(5, -1, -1):
        for i in range(n, 0, -1):
            t = n * j + i
            with steps("RFC 3394 §2.2.2 step 2", f"t = {t}", "A parts from one piece"):
                A = note(
                    "", "A ⊕ t = {A} ⊕ {t}", xor(A, t.to_bytes(8, "big")), "what AES gave in this step of the wrap"
                )
                B = note("", "B = AES⁻¹(K, {A} ‖ {R[i]})", cipher.decrypt_block(A + R[i]), "what AES was given")
                A, R[i] = B[:8], B[8:]
    return A, b"".join(R)


def _wrap_fast(cipher: AES, A: bytes, key: bytes) -> bytes:
    """Return what `_wrap_pieces` does."""
    R = _pieces(key)
    for t in range(6 * len(R)):
        i = t % len(R)
        B = cipher.encrypt_block(A + R[i])
        A, R[i] = xor(B[:8], (t + 1).to_bytes(8, "big")), B[8:]
    return A + b"".join(R)


def _unwrap_fast(cipher: AES, wrapped: bytes) -> tuple[bytes, bytes]:
    """Return what `_unwrap_pieces` does."""
    A, *R = _pieces(wrapped)
    for t in reversed(range(6 * len(R))):
        i = t % len(R)
        B = cipher.decrypt_block(xor(A, (t + 1).to_bytes(8, "big")) + R[i])
        A, R[i] = B[:8], B[8:]
    return A, b"".join(R)


def _pieces(data: bytes) -> list[bytes]:
    """Return `data` in pieces of 64 bits."""
    return [data[i : i + 8] for i in range(0, len(data), 8)]


# --- RFC 5649: keys of any length, which A tells.


@algorithm("RFC 5649 §4.1", "extended key wrap", "what A has to be tells the length, and so where padding begins")
def _wrap_padded(cipher: AES, key: bytes) -> bytes:
    A = AIV + i2osp(len(key), 4)  # §3
    padded = key + bytes(-len(key) % 8)  # step 1
    if tracing():
        note("§3", "AIV", A, "a constant, to find changes by, and the length of the key")
        note("1", "P", padded, "zeros fill the last piece of 64 bits")
    if len(padded) == 8:
        return note("2", "C = AES(K, {A} ‖ {padded})", cipher.encrypt_block(A + padded), "one piece and A are a block")
    return _wrap(cipher, A, padded)


@algorithm("RFC 5649 §4.2", "extended key unwrap", "the key is given out if A and the padding are as they have to be")
def _unwrap_padded(cipher: AES, wrapped: bytes) -> bytes:
    if len(wrapped) == 16:
        block = note("1", "A ‖ P = AES⁻¹(K, {wrapped})", cipher.decrypt_block(wrapped), "one piece and A are a block")
        A, padded = block[:8], block[8:]
    else:
        A, padded = _unwrap_pieces(cipher, wrapped) if tracing() else _unwrap_fast(cipher, wrapped)
    MLI = note("2", "MLI", os2ip(A[4:]), "the length of the key, if nothing was changed")
    # All three are looked at before one answer is given: which of them failed would help to guess at keys.
    same = note("2", "MSB(32, A) = A65959A6", compare_digest(A[:4], AIV), "any change would have reached A")
    fits = note("2", "8(n − 1) < MLI ≤ 8n", len(padded) - 8 < MLI <= len(padded), "padding is shorter than a piece")
    end = bytes(b if i >= MLI else 0 for i, b in enumerate(padded[-8:], len(padded) - 8))
    zeros = note("2", "padding = 0", compare_digest(end, bytes(8)), "what the sender filled the last piece with")
    if not same & fits & zeros:
        raise DecryptionError
    return padded[:MLI]
