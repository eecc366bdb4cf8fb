"""AES-CCM: encryption with a counter, authenticated by the last block of a CBC chain, both under one key.

Standard     SP 800-38C (2004; updated 2007), with the formatting and the counters of its appendix A.
Left out     Other formatting and counter functions. Counting how often a key is used: the caller does.
Timing       That of AES. Tags are compared in constant time.

>>> key, nonce = bytes.fromhex("404142434445464748494a4b4c4d4e4f"), bytes.fromhex("10111213141516")
>>> ccm = AESCCM(key, tag_length=4)     # SP 800-38C appendix C.1
>>> sealed = ccm.encrypt(nonce, bytes.fromhex("20212223"), bytes.fromhex("0001020304050607"))
>>> sealed.hex(" ", 4)
'7162015b 4dac255d'
>>> ccm.decrypt(nonce, sealed, bytes.fromhex("0001020304050607")).hex()
'20212223'

What is authenticated begins with the lengths of all its parts, so no message is the beginning of another. That makes
the plain CBC chain safe here; `cmac.py`, without such lengths, has to mask its last block.
"""

from __future__ import annotations

from hmac import compare_digest

from explain.trace import algorithm, note, steps, tracing
from primitives.aes import AES
from primitives.errors import InvalidTag
from primitives.integers import i2osp, require_int
from primitives.modes import cbc_encrypt, ctr_xor
from primitives.octets import BytesLike, require_bytes, xor

NONCE_LENGTHS = range(7, 14)  # appendix A.1: n, in bytes
TAG_LENGTHS = range(4, 17, 2)  # appendix A.1: t, in bytes

# --- The formatting, appendix A: what is authenticated and what is counted, as blocks.


def format_control(N: bytes, a: int, p: int, t: int) -> bytes:
    """Return B_0, the first block of what is authenticated (appendix A.2.1).

    N: the nonce. a, p: the lengths of the associated data and of the payload, in bytes. t: the length of the tag.
    """
    q = 15 - len(N)
    flags = 64 * (a > 0) + 8 * ((t - 2) // 2) + (q - 1)
    return bytes([flags]) + N + i2osp(p, q)


def format_associated_data(A: bytes) -> bytes:
    """Return the blocks of the associated data: its length, itself, zeros to the end of a block (appendix A.2.2)."""
    a = len(A)
    if not a:
        return b""
    if a < 2**16 - 2**8:
        encoded = i2osp(a, 2)
    else:
        encoded = b"\xff\xfe" + i2osp(a, 4) if a < 2**32 else b"\xff\xff" + i2osp(a, 8)
    return _whole_blocks(encoded + A)


def format_input(N: bytes, A: bytes, P: bytes, t: int) -> bytes:
    """Return B_0 to B_r, all that is authenticated (appendix A.2)."""
    B_0, blocks, payload = format_control(N, len(A), len(P), t), format_associated_data(A), _whole_blocks(P)
    if tracing():
        note("appendix A.2.1", "B_0", B_0, "the lengths come first, so no message is the beginning of another")
        note("appendix A.2.2", "a, A", blocks, "the length tells where the data ends")
        note("appendix A.2.3", "P", payload, "zeros fill the last block")
    return B_0 + blocks + payload


def counter_block(N: bytes, i: int) -> bytes:
    """Return Ctr_i, whose encryption masks block i of the payload; that of Ctr_0 masks the tag (appendix A.3)."""
    q = 15 - len(N)
    return bytes([q - 1]) + N + i2osp(i, q)


def _whole_blocks(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


# --- The algorithm, §6.


class AESCCM:
    """AES-CCM under one key.

    key: 16, 24 or 32 bytes. tag_length: 4, 6, 8, 10, 12, 14 or 16 bytes; the shorter, the sooner a forgery succeeds
    by chance (appendix B.2). TLS has 16, and 8 in the suites whose names end in CCM_8 (RFC 6655 §3).
    Raises `TypeError` or `ValueError` for anything else.
    """

    __slots__ = ("_cipher", "_t")

    def __init__(self, key: BytesLike, *, tag_length: int = 16) -> None:
        self._cipher = AES(key)
        if require_int(tag_length, "AES-CCM: tag_length") not in TAG_LENGTHS:
            raise ValueError(f"AES-CCM: the tag has {tag_length} bytes, expected 4, 6, 8, 10, 12, 14 or 16")
        self._t = tag_length

    def __repr__(self) -> str:
        return f"<{self._cipher.name}-CCM, tags of {self._t} bytes, key hidden>"

    @algorithm("SP 800-38C §6.1", "CCM generation-encryption", "the tag is made of the plaintext, then both are masked")
    def encrypt(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return the ciphertext, as long as `plaintext`, and its tag (§6.1).

        nonce: 7 to 13 bytes. Never use one twice under one key: that gives away how the two messages differ.
        plaintext: the longer the nonce, the shorter: fewer than 2^(8 (15 − n)) bytes, n being the bytes of the nonce.
        aad: what is authenticated, but not encrypted; bytes of any length.
        Raises `TypeError` or `ValueError` for anything else.
        """
        N, A = _check_nonce(nonce), require_bytes(aad, "AES-CCM: aad")
        P = require_bytes(plaintext, "AES-CCM: plaintext")
        if len(P) > _longest(N):
            raise ValueError(
                f"AES-CCM: the plaintext has {len(P)} bytes, at most {_longest(N)} are possible with this nonce"
            )
        T = self._authenticate(N, A, P)  # steps 1 to 4
        S_0 = self._cipher.encrypt_block(counter_block(N, 0))  # step 6
        if tracing():
            note("4", "T", T, "the end of the chain depends on every bit before it")
            note("6", "S_0", S_0, "masks the tag, and nothing else")
        return self._mask(N, P) + note("8", "T ⊕ S_0", xor(T, S_0[: self._t]), "masked, T tells nothing of P")

    @algorithm("SP 800-38C §6.2", "CCM decryption-verification", "no plaintext is returned before its tag is verified")
    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raise `InvalidTag` if the tag does not belong to all of these (§6.2).

        nonce, aad: those that it was encrypted with. ciphertext: what `encrypt` returned, its tag included.
        Raises `TypeError` or `ValueError` for a nonce that no `encrypt` takes.
        """
        N, A = _check_nonce(nonce), require_bytes(aad, "AES-CCM: aad")
        sealed = require_bytes(ciphertext, "AES-CCM: ciphertext")
        # Step 1 refuses an empty payload as well; NIST's own vectors have it, and so does §6.1, which encrypts it.
        if not self._t <= len(sealed) <= _longest(N) + self._t:
            note("1", "length", False, "a tag at least, and no more than can be counted")
            raise InvalidTag("AES-CCM: the tag does not belong to this message and key")
        C, masked = sealed[: -self._t], sealed[-self._t :]
        P = self._mask(N, C)
        S_0 = note("3", "S_0", self._cipher.encrypt_block(counter_block(N, 0)), "masks the tag, and nothing else")
        T = note("6", "T", xor(masked, S_0[: self._t]), "the tag as the sender made it")
        is_equal = compare_digest(self._authenticate(N, A, P), T)
        if not note("10", "T = MSB(Y_r)", is_equal, "the sender had this key, and no bit has changed since"):
            raise InvalidTag("AES-CCM: the tag does not belong to this message and key")
        return P

    def _authenticate(self, N: bytes, A: bytes, P: bytes) -> bytes:
        """Return the first bytes of Y_r, the end of the CBC chain (§6.1 steps 1 to 4)."""
        B = format_input(N, A, P, self._t)
        if not tracing():
            return cbc_encrypt(self._cipher, bytes(16), B)[-16:][: self._t]
        Y = bytes(16)
        for i in range(0, len(B), 16):
            with steps("§6.1 steps 2 and 3", f"Y_{i // 16}", "each block changes all that follow") as turn:
                Y = turn.gives(self._cipher.encrypt_block(xor(Y, B[i : i + 16])))
        return Y[: self._t]

    def _mask(self, N: bytes, X: bytes) -> bytes:
        """Return X masked with the encryptions of Ctr_1, Ctr_2, …; the same takes the mask off (§6.1 steps 5 to 8)."""
        if not tracing():
            return ctr_xor(self._cipher, counter_block(N, 1), X)
        masked = b""
        for j in range(1, -(-len(X) // 16) + 1):
            with steps("§6.1 step 8", f"block {j}", "each has a mask of its own: no counter repeats") as turn:
                Ctr_j = note("appendix A.3", f"Ctr_{j}", counter_block(N, j), "no two blocks have the same")
                S_j = self._cipher.encrypt_block(Ctr_j)
                X_j = X[16 * j - 16 : 16 * j]
                masked += turn.gives(xor(X_j, S_j[: len(X_j)]), "{X_j} ⊕ MSB({S_j})")
        return masked


def _longest(N: bytes) -> int:
    """Return how many bytes a payload can have: its length is written in what the nonce leaves of 15 bytes."""
    return int(2 ** (8 * (15 - len(N)))) - 1


def _check_nonce(nonce: bytes) -> bytes:
    """Return `nonce`; raise `TypeError` or `ValueError` if it is not 7 to 13 bytes."""
    nonce = require_bytes(nonce, "AES-CCM: nonce")
    if len(nonce) not in NONCE_LENGTHS:
        raise ValueError(f"AES-CCM: the nonce has {len(nonce)} bytes, expected 7 to 13")
    return nonce
