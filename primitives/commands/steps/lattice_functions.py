"""Sub-functions of lattices in the shape of a single step: what is said first comes first, and inputs are checked.

Standard     FIPS 203; the functions called are the algorithm's own.
Left out     Whatever is such a function already: `lattices.py` names those directly.
Timing       That of the textbook path.

>>> compress(4, 1000, 3329)
5
"""

from __future__ import annotations

from primitives.commands.steps.functions import within
from primitives.lattices import ntt as transforms
from primitives.lattices import packing, sampling
from primitives.lattices.ntt import Array, Ring
from primitives.ml_kem import PRF
from primitives.ml_kem import q as Q


def ntt(ring: Ring, f: Array) -> Array:
    """Return the residues of the polynomial."""
    return transforms.NTT(f, ring)


def ntt_inverse(ring: Ring, f_hat: Array) -> Array:
    """Return the polynomial that has these residues."""
    return transforms.NTT_inverse(f_hat, ring)


def multiply_ntts(ring: Ring, f_hat: Array, g_hat: Array) -> Array:
    """Return the residues of the product of two polynomials, from theirs."""
    return transforms.MultiplyNTTs(f_hat, g_hat, ring)


def base_case_multiply(a_0: int, a_1: int, b_0: int, b_1: int, gamma: int, q: int) -> tuple[int, int]:
    """Return the coefficients of (a_0 + a_1 X)(b_0 + b_1 X) modulo X² − gamma, in Z_q."""
    return transforms.BaseCaseMultiply(a_0, a_1, b_0, b_1, gamma, within(q, 2, 1 << 64, "q"))


def bit_rev(r: int) -> int:
    """Return the number whose seven binary digits are those of `r` in reverse order."""
    return transforms.BitRev(within(r, 0, 127, "r"), 7)


def compress(d: int, x: int, q: int) -> int:
    """Return the nearest of 2^d steps round the circle that Z_q is."""
    return packing.Compress(_kept_bits(d, q), within(x, 0, q - 1, "x"), q)


def decompress(d: int, y: int, q: int) -> int:
    """Return the element of Z_q that is nearest to step `y` of 2^d."""
    return packing.Decompress(_kept_bits(d, q), within(y, 0, (1 << d) - 1, "y"), q)


def byte_encode(d: int, F: list[int]) -> bytes:
    """Return the integers as bytes, `d` bits for each, the least significant first."""
    for x in F:
        within(x, 0, (1 << within(d, 1, 12, "d")) - 1, "an integer")
    if len(F) * d % 8:
        raise ValueError(f"{len(F)} integers of {d} bits are not whole bytes")
    return packing.ByteEncode(d, F)


def byte_decode(d: int, B: bytes) -> Array:
    """Return the integers that the bytes are made of, `d` bits each, the least significant first."""
    return packing.ByteDecode(within(d, 1, 12, "d"), B)


def bits_to_bytes(b: list[int]) -> bytes:
    """Return the bytes of a bit array, the least significant bit of each first."""
    if len(b) % 8 or set(b) - {0, 1}:
        raise ValueError("expected zeros and ones, a multiple of eight")
    return packing.BitsToBytes(b)


def sample_cbd(eta: int, B: bytes) -> Array:
    """Return a polynomial whose coefficients are differences of two sums of `eta` bits."""
    if len(B) != 64 * within(eta, 2, 3, "eta"):
        raise ValueError(f"B has {len(B)} bytes, expected {64 * eta}")
    return sampling.SamplePolyCBD(eta, B, Q)


def prf(eta: int, s: bytes, b: int) -> bytes:
    """Return 64·eta bytes of SHAKE256 of `s`, 32 bytes, and the byte `b`."""
    return PRF(within(eta, 2, 3, "eta"), s, within(b, 0, 255, "b"))


def _kept_bits(d: int, q: int) -> int:
    return within(d, 1, within(q, 3, 1 << 64, "q").bit_length() - 1, "d")
