"""AES Key Wrap: a key encrypted under another key, so that any change shows.

Standard     RFC 3394; SP 800-38F §6.2 (KW).
Left out     Wrapping with padding (RFC 5649, KWP); other initial values.
Timing       That of AES. The check value is compared in constant time.

>>> kek = bytes.fromhex("000102030405060708090a0b0c0d0e0f")     # RFC 3394 §4.1
>>> wrapped = key_wrap(kek, bytes.fromhex("00112233445566778899aabbccddeeff"))
>>> wrapped.hex()
'1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5'
>>> key_unwrap(kek, wrapped).hex()
'00112233445566778899aabbccddeeff'
"""

from __future__ import annotations

from hmac import compare_digest

from primitives import trace
from primitives.aes import AES
from primitives.errors import DecryptionError
from primitives.octets import require_bytes, xor

IV = b"\xa6" * 8  # §2.2.3.1: what comes out in front of the key if, and as good as only if, nothing was changed


def key_wrap(kek: bytes, key: bytes) -> bytes:
    """Return `key`, wrapped: 8 bytes longer than it (§2.2.1, the description by indices).

    kek: the key-encryption key, 16, 24 or 32 bytes. key: a multiple of 8 bytes, at least 16.
    Raises `ValueError` for other lengths. There is no nonce: equal keys are wrapped alike.
    """
    cipher, P = AES(kek), require_bytes(key, "AES key wrap: key")
    if len(P) < 16 or len(P) % 8:
        raise ValueError(f"AES key wrap: the key has {len(P)} bytes, expected a multiple of 8, at least 16")
    section = "RFC 3394 §2.2.1 step 2"
    with trace.group(
        "key wrap", "RFC 3394 §2.2.1", why="six passes, so that every bit depends on every other"
    ) as whole:
        A, R = IV, [P[i : i + 8] for i in range(0, len(P), 8)]  # step 1
        n = len(R)
        trace.step("A", A, "RFC 3394 §2.2.1 step 1", why="a value to know the key by, when it is unwrapped")
        for j in range(6):  # step 2
            for i in range(n):
                t = n * j + i + 1
                with trace.group(f"t = {t}", section, why="one semiblock of the key and A are encrypted") as turn:
                    B = cipher.encrypt_block(A + R[i])
                    trace.step("B", B, section, why="AES(K, A | R[i])")
                    A, R[i] = xor(B[:8], t.to_bytes(8, "big")), B[8:]
                    trace.step("A", A, section, why="its first half, with the number of the turn")
                    turn.value = R[i]
        whole.value = wrapped = A + b"".join(R)  # step 3
    return wrapped


def key_unwrap(kek: bytes, wrapped: bytes) -> bytes:
    """Return the key that `key_wrap` has wrapped (§2.2.2, the description by indices).

    kek: the key-encryption key, 16, 24 or 32 bytes. wrapped: a multiple of 8 bytes, at least 24.
    Raises `DecryptionError` if it was wrapped under another key, changed or cut.
    """
    cipher, C = AES(kek), require_bytes(wrapped, "AES key unwrap: wrapped")
    if len(C) < 24 or len(C) % 8:
        raise DecryptionError
    section = "RFC 3394 §2.2.2 step 2"
    with trace.group("key unwrap", "RFC 3394 §2.2.2", why="what wrapping did is undone, the last turn first") as whole:
        A, R = C[:8], [C[i : i + 8] for i in range(8, len(C), 8)]  # step 1
        n = len(R)
        for j in reversed(range(6)):  # step 2
            for i in reversed(range(n)):
                t = n * j + i + 1
                with trace.group(f"t = {t}", section, why="one semiblock of the key and A are decrypted") as turn:
                    B = cipher.decrypt_block(xor(A, t.to_bytes(8, "big")) + R[i])
                    trace.step("B", B, section, why="AES-1(K, (A ^ t) | R[i])")
                    A, R[i] = B[:8], B[8:]
                    turn.value = R[i]
        trace.step("A", A, "RFC 3394 §2.2.2 step 3", why="the initial value, or else something was changed")
        if not compare_digest(A, IV):
            raise DecryptionError
        whole.value = key = b"".join(R)
    return key
