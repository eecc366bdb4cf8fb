"""cSHAKE: SHAKE with a name in front, so that two uses of it are as good as two functions.

Standard     SP 800-185 (2016) §3, with the encodings of §2.3.
Left out     Messages, names and outputs that are not whole bytes; TupleHash and ParallelHash (§5, §6).
Timing       That of `sha3.py`. The lengths of what goes in show.

>>> cshake128(bytes.fromhex("00010203"), 32, customization=b"Email Signature").hex()     # NIST's examples, sample 1
'c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5'

The names fill the first blocks of the sponge. So what is absorbed afterwards starts from a state that belongs to the
names, and each use of cSHAKE has one of its own.
"""

from __future__ import annotations

from typing import ClassVar

from explain.trace import algorithm, note
from primitives.octets import BytesLike, require_bytes
from primitives.sha3 import Sponge, require_length, shake_128, shake_256

# --- The encodings, §2.3: from what they give, anyone can tell where each part ends.


def left_encode(x: int) -> bytes:
    """Return x as bytes, the most significant first, and before them how many they are (§2.3.1).

    x: at least 0, less than 2^2040. Raises `ValueError` for any other.
    """
    digits = _digits(x)
    return bytes([len(digits)]) + digits


def right_encode(x: int) -> bytes:
    """Return x as bytes, the most significant first, and after them how many they are (§2.3.1).

    x: at least 0, less than 2^2040. Raises `ValueError` for any other.
    """
    digits = _digits(x)
    return digits + bytes([len(digits)])


def _digits(x: int) -> bytes:
    if not 0 <= x < 1 << 2040:
        raise ValueError("the number is out of range, expected 0 or more, less than 2^2040")
    return x.to_bytes(max(1, -(-x.bit_length() // 8)), "big")


def encode_string(S: bytes) -> bytes:
    """Return S with its length in bits in front (§2.3.2)."""
    return left_encode(8 * len(S)) + S


def bytepad(X: bytes, w: int) -> bytes:
    """Return X with w in front, and zeros behind up to a multiple of w bytes (§2.3.3)."""
    z = left_encode(w) + X
    return z + bytes(-len(z) % w)


# --- The functions, §3.3.


class _cSHAKE(Sponge):
    """KECCAK[c] with two zero bits after the message, which tell it from SHAKE and SHA-3."""

    __slots__ = ()
    _suffix = 0b100  # the message ends in 00, then the padding begins
    _section = "SP 800-185 §3.3"

    def digest(self, length: int) -> bytes:
        """Return `length` bytes of output for all data so far."""
        return self._squeeze(length)


class _cSHAKE128(_cSHAKE):
    __slots__ = ()
    name: ClassVar[str] = "KECCAK[256]"
    block_size: ClassVar[int] = shake_128.block_size


class _cSHAKE256(_cSHAKE):
    __slots__ = ()
    name: ClassVar[str] = "KECCAK[512]"
    block_size: ClassVar[int] = shake_256.block_size


@algorithm("SP 800-185 §3.3", "cSHAKE128", "each name makes another function of it")
def cshake128(
    message: BytesLike, length: int, *, function_name: BytesLike = b"", customization: BytesLike = b""
) -> bytes:
    """Return `length` bytes of output of cSHAKE128, with a security strength of at most 128 bits (§3.3).

    message: X, bytes of any length. length: L, but in bytes; 0 or more.
    function_name: N, for functions that NIST defines. customization: S, which the user of the function chooses.
    Without both it is SHAKE128. Raises `TypeError` or `ValueError` for anything else.
    """
    X, N, S = _checked(message, length, function_name, customization)
    if not N and not S:
        return shake_128(X).digest(length)
    return _cSHAKE128(_prefix(N, S, _cSHAKE128.block_size) + X).digest(length)


@algorithm("SP 800-185 §3.3", "cSHAKE256", "each name makes another function of it")
def cshake256(
    message: BytesLike, length: int, *, function_name: BytesLike = b"", customization: BytesLike = b""
) -> bytes:
    """Return `length` bytes of output of cSHAKE256, with a security strength of at most 256 bits (§3.3).

    The arguments are those of `cshake128`. Without function name and customization it is SHAKE256.
    """
    X, N, S = _checked(message, length, function_name, customization)
    if not N and not S:
        return shake_256(X).digest(length)
    return _cSHAKE256(_prefix(N, S, _cSHAKE256.block_size) + X).digest(length)


def _prefix(N: bytes, S: bytes, rate: int) -> bytes:
    """Return the blocks that the names fill."""
    names = encode_string(N) + encode_string(S)
    note("§2.3.2", "encode_string(N) ‖ encode_string(S)", names, "the lengths tell where one name ends")
    return note("§2.3.3", "bytepad({names}, {rate})", bytepad(names, rate), "the message begins a block of its own")


def _checked(message: BytesLike, length: int, name: BytesLike, customization: BytesLike) -> tuple[bytes, bytes, bytes]:
    require_length(length, "cSHAKE")
    return (
        require_bytes(message, "cSHAKE: message"),
        require_bytes(name, "cSHAKE: function_name"),
        require_bytes(customization, "cSHAKE: customization"),
    )
