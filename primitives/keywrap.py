"""AES key wrap: encrypts keys under another key, and notices when one was changed.

Standard     RFC 3394 (2002); the same is KW in SP 800-38F (2012), §6.2.
Left out     Initial values other than the default (§2.2.3.2); keys that are not whole blocks of 64 bits (RFC 5649).
Timing       That of AES. The integrity check compares in constant time.

>>> kek = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
>>> key_wrap(kek, bytes.fromhex("00112233445566778899aabbccddeeff")).hex(" ", 8)     # RFC 3394 §4.1
'1fa68b0a8112b447 aef34bd8fb5a7b82 9d3e862371d2cfe5'

The key is cut into n pieces R[1] to R[n] of half an AES block. One more such piece, A, goes over them six times, and
is encrypted together with each in turn. In the end every bit depends on every bit: whoever changes any of them
changes A as well, and what A has to be is known.
"""

from __future__ import annotations

from hmac import compare_digest

from explain import trace
from primitives.aes import AES
from primitives.errors import DecryptionError
from primitives.octets import BytesLike, require_bytes, xor

IV = bytes.fromhex("a6a6a6a6a6a6a6a6")  # §2.2.3.1: what A is at first, and has to be again at last


def key_wrap(kek: BytesLike, key: BytesLike) -> bytes:
    """Return `key`, encrypted, and 8 bytes longer than it was (§2.2.1).

    kek: the key-encryption key, 16, 24 or 32 bytes. key: a multiple of 8 bytes, at least 16 (§2).
    Raises `TypeError` or `ValueError` for anything else. There is no nonce: equal keys are wrapped alike.
    """
    cipher = AES(kek)
    key = require_bytes(key, "key_wrap: key")
    if len(key) < 16 or len(key) % 8:
        raise ValueError(f"key_wrap: the key has {len(key)} bytes, expected a multiple of 8, at least 16")
    section = "RFC 3394 §2.2.1"
    first, turn = f"{section} step 1", f"{section} step 2"
    recording = trace.active()
    with trace.group("key wrap", section, why="a key looks random: only a known A shows whether it is whole") as whole:
        n = len(key) // 8
        A, R = IV, [b"", *_pieces(key)]  # step 1; the standard counts R from 1
        trace.step("A", A, first, why="a known value, which whoever unwraps has to find again")
        trace.step("R[1] … R[n]", tuple(R[1:]), first, why="the key in pieces of 64 bits")
        for j in range(6):  # step 2
            for i in range(1, n + 1):
                t = n * j + i
                if not recording:
                    A = _mix(cipher, A, R, i, t)
                    continue
                with trace.group(f"t = {t}", turn, why="A mixes with one piece"):
                    A = _mix(cipher, A, R, i, t)
        whole.value = wrapped = A + b"".join(R)  # step 3
    return wrapped


def key_unwrap(kek: BytesLike, wrapped: BytesLike) -> bytes:
    """Return the key that was wrapped (§2.2.2).

    kek: the key-encryption key, 16, 24 or 32 bytes. Raises `TypeError` or `ValueError` for anything else.
    wrapped: what `key_wrap` gave, a multiple of 8 bytes, at least 24.
    Raises `DecryptionError` if its length is another, if it was changed, or if it was wrapped under another key.
    """
    cipher = AES(kek)
    wrapped = require_bytes(wrapped, "key_unwrap: wrapped")
    if len(wrapped) < 24 or len(wrapped) % 8:
        raise DecryptionError  # the length is no secret: whoever sent it knows it
    section = "RFC 3394 §2.2.2"
    first, turn = f"{section} step 1", f"{section} step 2"
    recording = trace.active()
    with trace.group("key unwrap", section, why="every step is undone, the last one first") as whole:
        n = len(wrapped) // 8 - 1
        A, *pieces = _pieces(wrapped)  # step 1
        R = [b"", *pieces]
        trace.step("A", A, first, why="it has met every piece six times")
        trace.step("R[1] … R[n]", tuple(R[1:]), first, why="the wrapped key in pieces of 64 bits")
        for j in range(5, -1, -1):  # step 2
            for i in range(n, 0, -1):
                t = n * j + i
                if not recording:
                    A = _part(cipher, A, R, i, t)
                    continue
                with trace.group(f"t = {t}", turn, why="A parts from one piece"):
                    A = _part(cipher, A, R, i, t)
        intact = compare_digest(A, IV)  # step 3
        trace.step("A = IV", intact, f"{section} step 3", why="any change would have reached A, but for 1 in 2^64")
        if not intact:
            raise DecryptionError
        whole.value = key = b"".join(R)
    return key


def _mix(cipher: AES, A: bytes, R: list[bytes], i: int, t: int) -> bytes:
    """Change R[i], and return the next A (§2.2.1 step 2)."""
    section = "RFC 3394 §2.2.1 step 2"
    B = cipher.encrypt_block(A + R[i])
    A, R[i] = xor(B[:8], t.to_bytes(8, "big")), B[8:]
    if trace.anybody:
        trace.step("B", B, section, why="AES mixes all 128 bits")
        trace.step("A", A, section, why="MSB(64, B) ⊕ t: no two steps are alike")
        trace.step(f"R[{i}]", R[i], section, why="LSB(64, B)")
    return A


def _part(cipher: AES, A: bytes, R: list[bytes], i: int, t: int) -> bytes:
    """Change R[i] back, and return the A before (§2.2.2 step 2)."""
    section = "RFC 3394 §2.2.2 step 2"
    A = xor(A, t.to_bytes(8, "big"))
    if trace.anybody:
        trace.step("A ⊕ t", A, section, why="what AES gave in this step of the wrap")
    B = cipher.decrypt_block(A + R[i])
    if trace.anybody:
        trace.step("B", B, section, why="what AES was given")
    R[i] = B[8:]
    return B[:8]


def _pieces(data: bytes) -> list[bytes]:
    """Return `data` in pieces of 64 bits."""
    return [data[i : i + 8] for i in range(0, len(data), 8)]
