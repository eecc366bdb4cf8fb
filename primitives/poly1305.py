"""Poly1305: a one-time authenticator, the value of a polynomial whose coefficients are the message.

Standard     RFC 8439 §2.5.
Left out     Adding a message in pieces. Comparing tags: `chacha20_poly1305.py` does.
Timing       Depends on the length of the message; Python's integers also skip leading zeros.

>>> key = bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")     # RFC 8439 §2.5.2
>>> poly1305(key, b"Cryptographic Forum Research Group").hex()
'a8061dc1305136c6c22b8baf0c0127a9'
"""

from __future__ import annotations

from explain import trace
from primitives.lanes import poly1305 as lanes
from primitives.octets import require_bytes

P = (1 << 130) - 5  # §2.5.1: a prime just above the numbers that a block can be
_SECTION = "RFC 8439 §2.5.1"


def le_bytes_to_num(octets: bytes) -> int:
    """Return the number that the octets spell, the least significant first (§2.5.1)."""
    return int.from_bytes(octets, "little")


def clamp(r: int) -> int:
    """Return r with 22 of its bits cleared (§2.5.1), which is what let fast implementations put off carrying."""
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
    if not (trace.anybody and trace.active()):
        return _add_secret(_accumulate(r, message), s)
    with trace.group("Poly1305", "RFC 8439 §2.5", why="a forger would have to guess a root of a polynomial") as whole:
        trace.step("r", r, _SECTION, why="the secret point at which the polynomial is evaluated")
        trace.step("s", s, _SECTION, why="masks the value, so that the tag tells nothing about r")
        accumulator = 0
        for i in range(0, len(message), 16):
            with trace.group(f"block {i // 16 + 1}", _SECTION, why="a ← (a + block)·r, Horner's rule") as turn:
                n = le_bytes_to_num(message[i : i + 16] + b"\1")
                trace.step("n", n, _SECTION, why="a 1 behind the block: it tells a short block from one with zeros")
                turn.value = accumulator = (accumulator + n) * r % P
        whole.value = tag = _add_secret(accumulator, s)
    return tag


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
