"""SHA-1: the hash function before SHA-2. Legacy: collisions have been made (2017), so it must sign nothing.

Standard     FIPS 180-4 (2015) §6.1.
Left out     Messages that are not whole bytes.
Timing       Takes no branches on data, but Python's integers are not constant-time.

>>> sha1(b"abc").hexdigest()     # FIPS 180-2 appendix A.1
'a9993e364706816aba3e25717850c26c9cd0d89d'

Here for what was made with it: old signatures, key identifiers, one-time passwords. HMAC with it still stands.
"""

from __future__ import annotations

from math import isqrt
from struct import Struct, unpack
from typing import ClassVar

from explain.trace import note, steps
from primitives.merkle_damgard import MerkleDamgard, State

K = tuple(isqrt(n << 60) for n in (2, 3, 5, 10))  # §4.2.1, one for 20 rounds: 2^30 times their square roots

VARIABLES = tuple((name, 1) for name in "abcde")  # §6.1: the working variables, a word each

M = (1 << 32) - 1


def ROTL(n: int, x: int) -> int:
    """Rotate the 32-bit word `x` left by `n` (§3.2 item 5)."""
    return ((x << n) & M) | (x >> (32 - n))


def f(t: int, x: int, y: int, z: int) -> int:
    """Mix three words: by choice, parity, majority, and parity again, 20 rounds each (§4.1.1)."""
    if t < 20:
        return (x & y) ^ (~x & z)  # Ch
    if 40 <= t < 60:
        return (x & y) ^ (x & z) ^ (y & z)  # Maj
    return x ^ y ^ z  # Parity


def message_schedule(block: bytes) -> list[int]:
    """Return W: the block's 16 words and 64 made from these (§6.1.2 step 1)."""
    with steps("1", "message schedule", "every bit of the block takes part in most rounds", bits=32):
        W = list(unpack(">16I", block))
        for t in range(16):
            note("1", f"W_{t}", W[t], "a word of the block as it stands")
        for t in range(16, 80):
            W_t = ROTL(1, W[t - 3] ^ W[t - 8] ^ W[t - 14] ^ W[t - 16])
            formula = "ROTL1({W_t-3} ⊕ {W_t-8} ⊕ {W_t-14} ⊕ {W_t-16})"
            W.append(note("1", f"W_{t} = {formula}", W_t, "without the rotation, every bit would keep to its place"))
    return W


def compress(H: State, block: bytes) -> State:
    """Return the hash value after `block` (§6.1.2): the textbook path."""
    W = message_schedule(block)  # step 1
    a, b, c, d, e = note("2", "a … e", H, "the rounds start from the hash value so far", parts=VARIABLES)
    for t, W_t in enumerate(W):  # step 3
        with steps("3", f"round {t}", "one word is new: after five rounds all are", bits=32, parts=VARIABLES) as turn:
            K_t = K[t // 20]
            f_t = note(
                "§4.1.1",
                f"f_{t}(b, c, d)",
                f(t, b, c, d),
                "Ch and Maj are not linear; Parity, between them, lets no change die out",
            )
            T = (ROTL(5, a) + f_t + e + K_t + W_t) & M
            formula = f"ROTL5({{a}}) + {{f_{t}(b, c, d)}} + {{e}} + {{K_t}} + {{W_t}}"
            note("3", f"T = {formula}", T, "takes in a word of the block")
            e, d, c, b, a = d, c, ROTL(30, b), a, T
            turn.gives((a, b, c, d, e))
    H = tuple((x + y) & M for x, y in zip(H, (a, b, c, d, e), strict=True))
    return note("4", "H", H, "rounds can be undone; adding what was there before them cannot")


def compress_blocks(H: State, data: bytes) -> State:
    """Return the hash value after the blocks in `data`: the fast path.

    It writes out `f` and `ROTL`, and lets sums grow past 32 bits until they are kept: that does not reach down.
    """
    K0, K1, K2, K3 = K
    for i in range(0, len(data), 64):
        W = list(unpack(">16I", data[i : i + 64]))
        for t in range(16, 80):
            x = W[t - 3] ^ W[t - 8] ^ W[t - 14] ^ W[t - 16]
            W.append(((x << 1) | (x >> 31)) & M)
        a, b, c, d, e = H
        for w in W[:20]:
            mixed = d ^ (b & (c ^ d))
            e, d, c, b, a = d, c, ((b << 30) | (b >> 2)) & M, a, (((a << 5) | (a >> 27)) + mixed + e + K0 + w) & M
        for w in W[20:40]:
            mixed = b ^ c ^ d
            e, d, c, b, a = d, c, ((b << 30) | (b >> 2)) & M, a, (((a << 5) | (a >> 27)) + mixed + e + K1 + w) & M
        for w in W[40:60]:
            mixed = (b & c) | (d & (b | c))
            e, d, c, b, a = d, c, ((b << 30) | (b >> 2)) & M, a, (((a << 5) | (a >> 27)) + mixed + e + K2 + w) & M
        for w in W[60:]:
            mixed = b ^ c ^ d
            e, d, c, b, a = d, c, ((b << 30) | (b >> 2)) & M, a, (((a << 5) | (a >> 27)) + mixed + e + K3 + w) & M
        H = tuple((x + y) & M for x, y in zip(H, (a, b, c, d, e), strict=True))
    return H


class sha1(MerkleDamgard):
    """SHA-1 (§6.1): a digest of 20 bytes, on blocks of 64. Legacy."""

    __slots__ = ()
    name: ClassVar[str] = "sha1"
    digest_size: ClassVar[int] = 20
    block_size: ClassVar[int] = 64
    _title = "SHA-1"
    _initial = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)  # §5.3.1: the digits 0 to f, up and down
    _words = Struct(">5I")
    _length_bytes = 8
    _padding_section = "FIPS 180-4 §5.1.1"
    _section = "FIPS 180-4 §6.1.2"

    @classmethod
    def _compress(cls, H: State, block: bytes) -> State:
        return compress(H, block)

    @classmethod
    def _compress_blocks(cls, H: State, data: bytes) -> State:
        return compress_blocks(H, data)
