"""Sampling by rejection: the polynomials that ML-DSA makes of seeds.

Standard     FIPS 204 §7.3 (August 2024), algorithms 29 to 31, and §7.1, algorithms 14 and 15.
Left out     The bounds on the loops that appendix C allows.
Timing       Takes as long as the seed makes it. The seeds of the matrix and the challenge are public. Those of
             the private key show how many of their half bytes are rejected, and nothing of the others.

>>> CoeffFromThreeBytes(1, 2, 128), CoeffFromThreeBytes(255, 255, 255)     # the topmost bit is not looked at
(513, None)
>>> CoeffFromHalfByte(14, 2), CoeffFromHalfByte(15, 2)
(-2, None)
>>> c = SampleInBall(bytes(32), 39)
>>> sum(map(abs, c)), c[:8]
(39, [0, 0, 0, 0, 0, 1, 0, 0])
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from explain.trace import algorithm, note, tracing
from primitives.lanes.fields import spread, unpack_fields
from primitives.lattices.ntt import Array
from primitives.lattices.packing import BytesToBits
from primitives.lattices.rounding import Q
from primitives.sha3 import shake_128, shake_256

N = 256


def CoeffFromThreeBytes(b_0: int, b_1: int, b_2: int) -> int | None:
    """Return an element of Z_q, or None if the 23 bits are q or more (§7.1 algorithm 14)."""
    z = (b_2 & 0x7F) << 16 | b_1 << 8 | b_0  # 1 to 5
    return z if z < Q else None  # 6, 7


def CoeffFromHalfByte(b: int, eta: int) -> int | None:
    """Return a number in [−η, η], or None for the values of four bits that are too many (§7.1 algorithm 15).

    b: 0 to 15. eta: 2 or 4.
    """
    if eta == 2:
        return 2 - b % 5 if b < 15 else None  # 1
    return 4 - b if b < 9 else None  # 3


@algorithm("FIPS 204 §7.3 algorithm 29", "SampleInBall", "few ±1: its products with s_1 stay small", form="polynomial")
def SampleInBall(rho: bytes, tau: int) -> Array:
    """Return a polynomial of which `tau` coefficients are 1 or −1, and all others 0 (§7.3 algorithm 29).

    rho: the seed, λ/4 bytes. tau: at most 64.
    """
    c = [0] * N  # 1
    ctx = shake_256(rho).squeezing()  # 2, 3
    h = BytesToBits(ctx.squeeze(8))  # 4, 5
    for i in range(N - tau, N):  # 6
        j = ctx.squeeze(1)[0]  # 7
        while j > i:  # 8
            j = ctx.squeeze(1)[0]  # 9
        c[i] = c[j]  # 11
        c[j] = note(
            "12", "c[{j}] = (−1)^{h[i+tau-256]}", 1 - 2 * h[i + tau - N], "what stood there has moved to place i"
        )
    return c  # 14


@algorithm(
    "FIPS 204 §7.3 algorithm 30", "RejNTTPoly", "everybody makes the same matrix from 32 bytes", form="polynomial"
)
def RejNTTPoly(rho: bytes) -> Array:
    """Return a uniformly random element of T_q made of a seed, 34 bytes (§7.3 algorithm 30)."""
    a_hat: Array = []  # 1
    ctx = shake_128(rho).squeezing()  # 2, 3
    while len(a_hat) < N:  # 4
        s = ctx.squeeze(3)  # 5
        a = CoeffFromThreeBytes(*s)  # 6
        if a is None:  # 7
            note(
                "7", "⊥", s, f"rejected, since 23 bits of it are {Q} or more: modulo q, small numbers would be likelier"
            )
        else:
            a_hat.append(note("6", f"a_hat[{len(a_hat)}]", a, "23 bits, as many as q has"))
    return a_hat  # 11


@algorithm(
    "FIPS 204 §7.3 algorithm 31", "RejBoundedPoly", "small secret coefficients, all equally likely", form="polynomial"
)
def RejBoundedPoly(rho: bytes, eta: int) -> Array:
    """Return a polynomial with coefficients in [−η, η] made of a seed, 66 bytes (§7.3 algorithm 31)."""
    a: Array = []  # 1
    ctx = shake_256(rho).squeezing()  # 2, 3
    while len(a) < N:  # 4
        z = ctx.squeeze(1)[0]  # 5
        for half in (z % 16, z // 16):  # 6, 7
            coefficient = CoeffFromHalfByte(half, eta)
            if coefficient is None:  # 8, 12
                note("8", "⊥", half, f"rejected: {2 * eta + 1} values share 16 half bytes, and these are left over")
            elif len(a) < N:
                a.append(note("9", f"a[{len(a)}]", coefficient, "each value has as many half bytes as the others"))
    return a  # 17


# --- The same of many seeds, in lanes.


def RejNTTPoly_many(seeds: Sequence[bytes]) -> list[Array]:
    """Return what `RejNTTPoly` makes of each of the seeds."""
    if tracing():
        return [RejNTTPoly(rho) for rho in seeds]
    outputs = shake_128().squeezing_many(seeds)
    sampled: list[Array] = [[] for _ in seeds]
    while any(len(a_hat) < N for a_hat in sampled):
        for a_hat, s in zip(sampled, outputs.squeeze(5 * shake_128.block_size), strict=True):
            a_hat += _below_q(s)  # of 280 candidates; one in a thousand is rejected
    return [a_hat[:N] for a_hat in sampled]


def _below_q(s: bytes) -> Array:
    """Return the candidates that are below q, of three bytes each."""
    return [z for x in unpack_fields(s, 24) if (z := x & 0x7FFFFF) < Q]


def RejBoundedPoly_many(seeds: Sequence[bytes], eta: int) -> list[Array]:
    """Return what `RejBoundedPoly` makes of each of the seeds."""
    if tracing():
        return [RejBoundedPoly(rho, eta) for rho in seeds]
    outputs = shake_256().squeezing_many(seeds)
    values, rejected = _halves(eta)
    sampled = [b""] * len(seeds)
    while any(len(halves) < N for halves in sampled):
        more = outputs.squeeze(2 * shake_256.block_size)
        sampled = [halves + spread(z, 4, 8).translate(None, rejected) for halves, z in zip(sampled, more, strict=True)]
    return [[values[half] for half in halves[:N]] for halves in sampled]


@cache
def _halves(eta: int) -> tuple[list[int], bytes]:
    """Return the coefficient of each half byte, and the half bytes that have none."""
    coefficients = [CoeffFromHalfByte(b, eta) for b in range(16)]
    return [x or 0 for x in coefficients], bytes([b for b, x in enumerate(coefficients) if x is None])
