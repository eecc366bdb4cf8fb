"""Rounding: the high bits of a coefficient and the low ones, and hints, which tell where a small number carries over.

Standard     FIPS 204 §7.4 (August 2024), algorithms 35 to 40, and mod± of §2.3.
Left out     Nothing.
Timing       Takes no branches on coefficients but for the one case that algorithms 36 and 40 name; Python's integers
             are not constant-time.

>>> gamma2 = (8380417 - 1) // 32     # of ML-DSA-65
>>> Decompose(1_000_000, gamma2), Decompose(8380416, gamma2)     # −1 has the high bits 0: q − 1 is one step too many
((2, -47552), (0, -1))
>>> MakeHint(-250_000, 1_000_000, gamma2), HighBits(750_000, gamma2)     # the sum has other high bits
(1, 1)
>>> UseHint(1, 1_000_000, gamma2)     # without knowing the sum
1

The verifier does not know the low bits of t, and computes w but for a small error. That error changes
the high bits of a coefficient by one step at most, and a hint of one bit says whether it does. Which way follows from
the sign of the low bits.
"""

from __future__ import annotations

from collections.abc import Sequence

from explain.trace import algorithm, note
from primitives.lattices.ntt import Array

Q = 8380417
"""The modulus of ML-DSA (§4 table 1): the functions here are of no other."""


def mod_plus_minus(m: int, alpha: int) -> int:
    """Return the number that is m modulo α, between −⌈α/2⌉ and ⌊α/2⌋: m mod± α (§2.3)."""
    r = m % alpha
    return r - alpha if r > alpha // 2 else r


@algorithm("FIPS 204 §7.4 algorithm 35", "Power2Round", "the public key carries the high bits alone", show=list)
def Power2Round(r: int, d: int) -> tuple[int, int]:
    """Return r_1 and r_0 with r = r_1·2^d + r_0 modulo q, and r_0 in (−2^(d−1), 2^(d−1)] (§7.4 algorithm 35)."""
    r_plus = r % Q  # 1
    r_0 = note("2", "r_0 = {r_plus} mod± 2^{d}", mod_plus_minus(r_plus, 1 << d), "the low bits, as near to 0 as can be")
    return note("3", "r_1 = ({r_plus} − {r_0})/2^{d}", (r_plus - r_0) >> d, "what is left, a multiple of 2^d"), r_0


@algorithm("FIPS 204 §7.4 algorithm 36", "Decompose", "which step round the circle, and how far from it", show=list)
def Decompose(r: int, gamma2: int) -> tuple[int, int]:
    """Return r_1 and r_0 with r = r_1·2γ_2 + r_0 modulo q, and |r_0| at most γ_2 (§7.4 algorithm 36).

    gamma2: 2γ_2 divides q − 1, so that a whole number of steps and 1 make the circle.
    """
    r_plus = r % Q  # 1
    r_0 = note("2", "r_0 = {r_plus} mod± 2·{gamma2}", mod_plus_minus(r_plus, 2 * gamma2), "how far from the step")
    if r_plus - r_0 == Q - 1:  # 3
        note("4", "r_1", 0, "the last step is q − 1, which is next to 0 and would change all high bits at once")
        return 0, note("5", "r_0 = {r_0} − 1", r_0 - 1, "so it counts as −1, from the step 0")
    return note(
        "6", "r_1 = ({r_plus} − {r_0})/(2·{gamma2})", (r_plus - r_0) // (2 * gamma2), "the number of the step"
    ), r_0


@algorithm("FIPS 204 §7.4 algorithm 37", "HighBits", "what a small change of r hardly ever changes")
def HighBits(r: int, gamma2: int) -> int:
    """Return r_1 of `Decompose` (§7.4 algorithm 37)."""
    return Decompose(r, gamma2)[0]


@algorithm("FIPS 204 §7.4 algorithm 38", "LowBits", "how much room r has until its high bits change")
def LowBits(r: int, gamma2: int) -> int:
    """Return r_0 of `Decompose` (§7.4 algorithm 38)."""
    return Decompose(r, gamma2)[1]


@algorithm("FIPS 204 §7.4 algorithm 39", "MakeHint", "one bit tells what r + z would")
def MakeHint(z: int, r: int, gamma2: int) -> int:
    """Return 1 if adding z changes the high bits of r, else 0 (§7.4 algorithm 39)."""
    r_1 = HighBits(r, gamma2)  # 1
    v_1 = HighBits(r + z, gamma2)  # 2
    return int(r_1 != v_1)  # 3


@algorithm("FIPS 204 §7.4 algorithm 40", "UseHint", "the high bits that the signer had, without the low bits of t")
def UseHint(h: int, r: int, gamma2: int) -> int:
    """Return the high bits of r, changed by one step if the hint h is 1 (§7.4 algorithm 40)."""
    m = (Q - 1) // (2 * gamma2)  # 1
    r_1, r_0 = Decompose(r, gamma2)  # 2
    if h == 1 and r_0 > 0:  # 3
        return note("3", "({r_1} + 1) mod {m}", (r_1 + 1) % m, "r lies above its step, so a change leads up")
    if h == 1:  # 4
        return note("4", "({r_1} − 1) mod {m}", (r_1 - 1) % m, "r lies at its step or below, so a change leads down")
    return r_1  # 5


# --- The same, of all coefficients of a polynomial.


def Power2Round_array(f: Sequence[int], d: int) -> tuple[Array, Array]:
    """Return r_1 of each coefficient, and r_0 of each modulo q."""
    half = (1 << d - 1) - 1
    high = [r + half >> d for r in f]
    return high, [(r - (r_1 << d)) % Q for r, r_1 in zip(f, high, strict=True)]


def HighBits_array(f: Sequence[int], gamma2: int) -> Array:
    """Return what `HighBits` gives of each coefficient, all in [0, q)."""
    step, m = 2 * gamma2, (Q - 1) // (2 * gamma2)
    return [(r + gamma2 - 1) // step % m for r in f]


def LowBits_array(f: Sequence[int], gamma2: int) -> Array:
    """Return what `LowBits` gives of each coefficient, all in [0, q)."""
    step, last = 2 * gamma2, Q - 1 - gamma2
    return [r - Q if r > last else (r + gamma2 - 1) % step - gamma2 + 1 for r in f]


def MakeHint_array(z: Sequence[int], f: Sequence[int], gamma2: int) -> Array:
    """Return what `MakeHint` gives of each two coefficients, all in [0, q)."""
    moved = HighBits_array([(a + b) % Q for a, b in zip(z, f, strict=True)], gamma2)
    return [int(r_1 != v_1) for r_1, v_1 in zip(HighBits_array(f, gamma2), moved, strict=True)]


def UseHint_array(h: Sequence[int], f: Sequence[int], gamma2: int) -> Array:
    """Return what `UseHint` gives of each hint and coefficient, all in [0, q): hardly any hint is 1."""
    used = HighBits_array(f, gamma2)
    for i, hint in enumerate(h):
        if hint:
            used[i] = UseHint(hint, f[i], gamma2)
    return used
