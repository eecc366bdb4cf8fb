"""Poly1305: a one-time authenticator, the value of a polynomial whose coefficients are the message.

Standard     RFC 8439 §2.5.
Left out     Adding a message in pieces. Comparing tags: `chacha20_poly1305.py` does.
Timing       Depends on the length of the message; Python's integers also skip leading zeros.

>>> key = bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")     # RFC 8439 §2.5.2
>>> poly1305(key, b"Cryptographic Forum Research Group").hex()
'a8061dc1305136c6c22b8baf0c0127a9'
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, tracing
from primitives.lanes import poly1305 as lanes
from primitives.octets import require_bytes

P = (1 << 130) - 5  # §2.5.1: a prime just above the numbers that a block can be


def le_bytes_to_num(octets: bytes) -> int:
    """Return the number that the octets spell, the least significant first (§2.5.1)."""
    return int.from_bytes(octets, "little")


def clamp(r: int) -> int:
    """Return r with 22 of its bits cleared (§2.5.1).

    Its words are small then, and all but the lowest divisible by four: products fit into machine words, and few carries
    are needed (Bernstein 2005, "The Poly1305-AES message-authentication code").
    """
    return r & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def poly1305(key: bytes, message: bytes) -> bytes:
    """Return the tag of `message`, 16 bytes (§2.5.1).

    key: 32 bytes, for this one message: from two tags under one key, anybody can compute r and forge more.
    message: bytes of any length.
    Raises `ValueError` for other lengths.
    """
    key, message = require_bytes(key, "Poly1305: key"), require_bytes(message, "Poly1305: message")
    if len(key) != 32:
        raise ValueError(f"Poly1305: the key has {len(key)} bytes, expected 32")
    r, s = clamp(le_bytes_to_num(key[:16])), le_bytes_to_num(key[16:])
    if tracing():
        return _poly1305(r, s, message)
    return _add_secret(_accumulate(r, message), s)


@algorithm("RFC 8439 §2.5", "Poly1305", "a forger would have to guess a root of a polynomial")
def _poly1305(r: int, s: int, message: bytes) -> bytes:
    """Return the tag of `message`: the textbook path."""
    note("§2.5.1", "r", r, "the secret point at which the polynomial is evaluated")
    note("§2.5.1", "s", s, "masks the value, so that the tag tells nothing about r")
    a = 0
    for i in range(0, len(message), 16):
        with steps("§2.5.1", f"block {i // 16 + 1}", "one product a block: Horner's rule for polynomials") as turn:
            block = message[i : i + 16] + b"\1"
            n = note("", "n", le_bytes_to_num(block), "the 1 behind it tells a short block from one that ends in zeros")
            a = turn.gives((a + n) * r % P, "({a} + {n})·{r} mod {P}")
    return _add_secret(a, s)


def _accumulate(r: int, message: bytes) -> int:
    """Return the polynomial's value at r: the fast path, which takes the blocks of a long message in lanes."""
    accumulator, done = 0, 0
    if len(message) >= 16 * lanes.FEW:
        done = len(message) - len(message) % 16
        accumulator = lanes.accumulate(r, message[:done])
    for i in range(done, len(message), 16):
        accumulator = (accumulator + le_bytes_to_num(message[i : i + 16] + b"\1")) * r % P
    return accumulator


def _add_secret(accumulator: int, s: int) -> bytes:
    """Return the tag: the polynomial's value and s, modulo 2^128."""
    return ((accumulator + s) % (1 << 128)).to_bytes(16, "little")
