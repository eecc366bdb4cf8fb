"""Sub-functions of ML-DSA in the shape of a single step: what is said first comes first, and inputs are checked.

Standard     FIPS 204; the functions called are the algorithm's own.
Left out     Whatever is such a function already: `lattices.py` names those directly.
Timing       That of the textbook path.

>>> decompose(1000000, 261888)
(2, -47552)
"""

from __future__ import annotations

from primitives.commands.steps.functions import within
from primitives.lattices import bit_packing, rejection_sampling, rounding
from primitives.lattices.ntt import Array
from primitives.lattices.rounding import Q


def power2round(r: int, d: int) -> tuple[int, int]:
    """Return the high bits of `r`, and the `d` low ones, as near to 0 as can be."""
    return rounding.Power2Round(_element(r), within(d, 1, 22, "d"))


def decompose(r: int, gamma2: int) -> tuple[int, int]:
    """Return the number of the step of 2·gamma2 that is nearest to `r`, and how far from it `r` is."""
    return rounding.Decompose(_element(r), _gamma2(gamma2))


def high_bits(r: int, gamma2: int) -> int:
    """Return the number of the step of 2·gamma2 that is nearest to `r`."""
    return rounding.HighBits(_element(r), _gamma2(gamma2))


def low_bits(r: int, gamma2: int) -> int:
    """Return how far `r` is from the nearest step of 2·gamma2."""
    return rounding.LowBits(_element(r), _gamma2(gamma2))


def make_hint(z: int, r: int, gamma2: int) -> int:
    """Return 1 if adding `z` changes the high bits of `r`."""
    return rounding.MakeHint(_element(z), _element(r), _gamma2(gamma2))


def use_hint(h: int, r: int, gamma2: int) -> int:
    """Return the high bits of `r`, changed by one step if `h` is 1."""
    return rounding.UseHint(within(h, 0, 1, "h"), _element(r), _gamma2(gamma2))


def sample_in_ball(rho: bytes, tau: int) -> Array:
    """Return a polynomial of which `tau` coefficients are 1 or −1, and all others 0."""
    return rejection_sampling.SampleInBall(rho, within(tau, 1, 64, "tau"))


def rej_bounded_poly(rho: bytes, eta: int) -> Array:
    """Return a polynomial with coefficients from −eta to eta."""
    if eta not in (2, 4):
        raise ValueError(f"eta is {eta}, expected 2 or 4")
    return rejection_sampling.RejBoundedPoly(rho, eta)


def simple_bit_pack(b: int, w: list[int]) -> bytes:
    """Return numbers from 0 to `b` as bytes, as many bits for each as `b` has."""
    for x in w:
        within(x, 0, within(b, 1, (1 << 20) - 1, "b"), "an integer")
    if len(w) * b.bit_length() % 8:
        raise ValueError(f"{len(w)} integers of {b.bit_length()} bits are not whole bytes")
    return bit_packing.SimpleBitPack(w, b)


def simple_bit_unpack(b: int, v: bytes) -> Array:
    """Return the numbers that the bytes are made of, as many bits each as `b` has."""
    return bit_packing.SimpleBitUnpack(v, within(b, 1, (1 << 20) - 1, "b"))


def hint_bit_unpack(omega: int, y: bytes) -> list[tuple[int, ...]]:
    """Return for each polynomial the places of its ones."""
    if len(y) <= within(omega, 1, 255, "omega"):
        raise ValueError(f"y has {len(y)} bytes, expected more than {omega}")
    h = bit_packing.HintBitUnpack(y, omega)
    if h is None:
        raise ValueError("the hints are malformed")
    return [tuple(j for j, one in enumerate(h_i) if one) for h_i in h]


def _element(r: int) -> int:
    return within(r, 0, Q - 1, "an element of Z_q")


def _gamma2(gamma2: int) -> int:
    if not 0 < gamma2 < Q or (Q - 1) % (2 * gamma2):
        raise ValueError(f"gamma2 is {gamma2}, and 2·gamma2 must divide {Q - 1}")
    return gamma2
