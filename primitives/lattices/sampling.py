"""Sampling: polynomials out of uniformly random bytes, uniform ones and ones with small coefficients.

Standard     FIPS 203 §4.2.2 (August 2024), algorithms 7 and 8.
Left out     The bound on SampleNTT's loop that appendix B allows.
Timing       SampleNTT takes as long as the seed makes it, and the seed is public. SamplePolyCBD takes no branches, but
             looks bits up in a table, whose place in memory a cache tells.

>>> SamplePolyCBD(2, bytes.fromhex("1e") + bytes(127), 3329)[:2]     # bits 01 11 and 10 00: 1 − 2 and 1 − 0
[3328, 1]
>>> SampleNTT(bytes(34))[:3]
[2944, 3017, 340]
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from explain.trace import algorithm, note, tracing
from primitives.lanes.fields import spread, unpack_fields
from primitives.lattices.ntt import Array
from primitives.lattices.packing import BytesToBits
from primitives.sha3 import shake_128

RATE = shake_128.block_size


@algorithm("FIPS 203 §4.2.2 algorithm 7", "SampleNTT", "the same 32 bytes make the same matrix", form="residues")
def SampleNTT(B: bytes, q: int = 3329, n: int = 256) -> Array:
    """Return a uniformly random element of T_q made of a seed (§4.2.2 algorithm 7).

    B: 34 bytes, a seed and two indices.
    """
    ctx = shake_128(B).squeezing()  # 1, 2
    a_hat: Array = []
    while len(a_hat) < n:  # 3, 4
        C = note("5", "C", ctx.squeeze(3), "24 bits, for two candidates of 12")
        d_1 = note(
            "6", "d_1 = {C[0]} + 256·({C[1]} mod 16)", C[0] + 256 * (C[1] % 16), _why_taken(C[0] + 256 * (C[1] % 16), q)
        )
        d_2 = note("7", "d_2 = ⌊{C[1]}/16⌋ + 16·{C[2]}", C[1] // 16 + 16 * C[2], _why_taken(C[1] // 16 + 16 * C[2], q))
        if d_1 < q:  # 8
            a_hat.append(d_1)  # 9, 10
        if d_2 < q and len(a_hat) < n:  # 12
            a_hat.append(d_2)  # 13, 14
    return a_hat  # 17


def _why_taken(d: int, q: int) -> str:
    """Return why a candidate is taken or rejected."""
    if d < q:
        return f"below {q}: the next coefficient"
    return f"rejected, since it is {q} or more: modulo q it would be a small number, and these likelier than others"


def SampleNTT_many(seeds: Sequence[bytes], q: int = 3329, n: int = 256) -> list[Array]:
    """Return what `SampleNTT` makes of each of the seeds."""
    if tracing():
        return [SampleNTT(B, q, n) for B in seeds]
    outputs = shake_128().squeezing_many(seeds)
    candidates = outputs.squeeze(3 * RATE)  # enough for 256 coefficients in 99 of 100 cases
    sampled = [[d for d in unpack_fields(C, 12) if d < q] for C in candidates]
    while any(len(a_hat) < n for a_hat in sampled):
        for a_hat, C in zip(sampled, outputs.squeeze(RATE), strict=True):
            a_hat += [d for d in unpack_fields(C, 12) if d < q]
    return [a_hat[:n] for a_hat in sampled]


@algorithm(
    "FIPS 203 §4.2.2 algorithm 8",
    "SamplePolyCBD_{eta}",
    "small errors, likelier the smaller they are",
    form="polynomial",
)
def SamplePolyCBD(eta: int, B: bytes, q: int) -> Array:
    """Return a polynomial whose coefficients are differences of two sums of `eta` bits (§4.2.2 algorithm 8).

    eta: 2 or 3. B: 64·eta random bytes.
    """
    if not tracing():
        differences = _differences(eta, q)
        return [differences[bits] for bits in spread(B, 2 * eta, 8)]
    b = BytesToBits(B)  # 1
    f = []
    for i in range(len(b) // (2 * eta)):  # 2
        x = sum(b[2 * i * eta + j] for j in range(eta))  # 3
        y = sum(b[2 * i * eta + eta + j] for j in range(eta))  # 4
        f.append(note("5", f"f[{i}] = {{x}} − {{y}} mod {{q}}", (x - y) % q, f"two sums of {eta} bits: 0 is likeliest"))
    return f  # 7


@cache
def _differences(eta: int, q: int) -> list[int]:
    """Return the coefficient that each pattern of 2·eta bits stands for."""
    return [((p % (1 << eta)).bit_count() - (p >> eta).bit_count()) % q for p in range(1 << 2 * eta)]
