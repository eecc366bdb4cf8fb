"""Strings of octets: the check that an argument is one, and their exclusive or.

Standard     RFC 8017 §2 (octet string), RFC 2104 §2 and SP 800-38A §4.2 (the exclusive or of two of them).
Left out     Octet strings as numbers: `integers.py`.
Timing       `xor` depends on the lengths alone, as far as Python's integers allow.

>>> xor(bytes.fromhex("ff00ff"), bytes.fromhex("0f0f0f")).hex()
'f00ff0'
"""

from __future__ import annotations

from typing import TypeAlias

BytesLike: TypeAlias = bytes | bytearray | memoryview
"""What is taken where bytes are read and not kept."""


def require_bytes(value: BytesLike, name: str) -> bytes:
    """Return `value` as bytes; raise `TypeError`, which names the argument by `name`, if it is anything but bytes.

    A bytearray or a memoryview is copied. Above all this refuses `str`: a text has no bytes until somebody chooses
    an encoding for it.
    """
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise _no_bytes(value, name)
    return bytes(value)


def view_bytes(value: BytesLike, name: str) -> memoryview:
    """Return a view of the bytes of `value`, which are copied only if they lie apart.

    Raises `TypeError` as `require_bytes` does.
    """
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise _no_bytes(value, name)
    view = memoryview(value)
    return view.cast("B") if view.c_contiguous else memoryview(bytes(view))


def _no_bytes(value: object, name: str) -> TypeError:
    return TypeError(f"{name}: expected bytes, got {type(value).__name__}")


def require_longest(length: int, longest: int) -> None:
    """Raise `ValueError` if a message is longer than the length that its own is hidden behind, both with padding."""
    if length > longest:
        raise ValueError(
            f"hash: a message of {length} bytes with its padding, expected at most {longest}, as `longest`"
        )


def xor(x: bytes, y: bytes) -> bytes:
    """Return `x ⊕ y`, as long as each of them; raise `ValueError` if their lengths differ."""
    if len(x) != len(y):
        raise ValueError(f"xor: expected equal lengths, got {len(x)} and {len(y)} bytes")
    # As two numbers, they cost one operation instead of one for each byte.
    return (int.from_bytes(x, "big") ^ int.from_bytes(y, "big")).to_bytes(len(x), "big")
