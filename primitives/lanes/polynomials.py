"""The NTT as a matrix whose columns are integers, and products of many residues at once.

Standard     FIPS 203 §4.3 (August 2024); `primitives.lattices.ntt` has the same, step by step with the standard.
Left out     The steps for a recording.
Timing       Takes no branches on coefficients; Python's integers are not constant-time.

>>> from primitives.lattices.ntt import NTT, Ring
>>> tiny = Ring(q=17, n=4, zeta=4, layers=1)
>>> transform([1, 2, 3, 4], tiny) == NTT([1, 2, 3, 4], tiny)
True

The i-th residue of f is the sum of f_j γ_i^j: coefficient j counts γ_i^j times in it. The powers γ_i^j of all i are one
integer, with a lane for each residue, and f_j times all of them is one multiplication. So the NTT of 256 coefficients
is 256 multiplications and as many additions, of numbers of 4,096 bits. In seven layers it is 896 multiplications and
twice as many additions, of small numbers. Nothing is reduced before the sum is taken apart: a lane has room for it.

A product with a matrix has a lane for each of its rows. A residue a_0 + a_1 X is the number a_0 + a_1 2^w, and one
multiplication of that by b_0 + b_1 2^w is all four products, of which the middle two stand added in one lane already.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import add, mul
from struct import Struct

from primitives.integers import big_from_bytes
from primitives.lattices.ntt import Array, Ring


def transform(f: Sequence[int], ring: Ring) -> Array:
    """Return the NTT representation of the polynomial (§4.3 algorithm 9)."""
    return _times(_powers(ring), f, ring)


def transform_back(f_hat: Sequence[int], ring: Ring) -> Array:
    """Return the polynomial of the NTT representation (§4.3 algorithm 10)."""
    return _times(_inverse_powers(ring), f_hat, ring)


def _times(columns: Sequence[int], f: Sequence[int], ring: Ring) -> Array:
    """Return a matrix times the coefficients of degree 0 of all residues, times those of degree 1, and so on."""
    q, degree, words = ring.q, ring.degree, _words(ring)
    product = [0] * ring.n
    for c in range(degree):
        total: int = sum(map(mul, columns, f[c::degree]))
        product[c::degree] = [x % q for x in words.unpack(total.to_bytes(words.size, "little"))]
    return product


@lru_cache(maxsize=8)
def _words(ring: Ring) -> Struct:
    """Return how the lanes of all residues stand in bytes, with room for a sum of as many products."""
    count = 1 << ring.layers
    return Struct(f"<{count}{'I' if count * ring.q**2 < 1 << 32 else 'Q'}")


def _column(lanes: Sequence[int], words: Struct) -> int:
    return big_from_bytes(words.pack(*lanes), "little")


@lru_cache(maxsize=8)
def _powers(ring: Ring) -> list[int]:
    """Return for each j the powers γ_i^j, in one number with a lane for each i."""
    count = 1 << ring.layers
    return [_column([pow(gamma, j, ring.q) for gamma in ring.gammas], _words(ring)) for j in range(count)]


@lru_cache(maxsize=8)
def _inverse_powers(ring: Ring) -> list[int]:
    """Return for each i the powers γ_i^−j by the number of residues, in one number with a lane for each j."""
    count, q = 1 << ring.layers, ring.q
    scale = pow(count, -1, q)
    return [_column([scale * pow(gamma, -j, q) % q for j in range(count)], _words(ring)) for gamma in ring.gammas]


@dataclass(frozen=True)
class PackedMatrix:
    """A matrix over T_q, laid out to be multiplied by vectors.

    columns: for each column, and in it for each residue, a number with a lane for each row. rows: how many there are.
    """

    columns: list[list[int]]
    rows: int
    ring: Ring


def pack_matrix(rows: Sequence[Sequence[Array]], ring: Ring) -> PackedMatrix:
    """Return the matrix with these rows of NTT representations."""
    width, code = _product_lane(ring, len(rows[0]))
    lanes = 2 * ring.degree - 1  # that the product of two residues takes
    step = lanes * len(rows)
    layout = Struct(f"{width // 8 * step}s" * (1 << ring.layers))
    columns = []
    for column in zip(*rows, strict=True):
        words = array(code, bytes(layout.size))
        for r, entry in enumerate(column):
            for c in range(ring.degree):
                words[lanes * r + c :: step] = array(code, entry[c :: ring.degree])
        columns.append([big_from_bytes(number, "little") for number in layout.unpack(words.tobytes())])
    return PackedMatrix(columns, len(rows), ring)


def multiply(matrix: PackedMatrix, vector: Sequence[Array]) -> list[Array]:
    """Return the product of a matrix and a vector over T_q (§2.4.7 (2.12), §4.3.1)."""
    ring, rows = matrix.ring, matrix.rows
    width, code = _product_lane(ring, len(matrix.columns))
    lanes = 2 * ring.degree - 1
    sums: Iterable[int] = repeat(0)
    for column, entry in zip(matrix.columns, vector, strict=True):
        factors = (
            entry if ring.degree == 1 else [b_0 | b_1 << width for b_0, b_1 in zip(*[iter(entry)] * 2, strict=True)]
        )
        sums = list(map(add, sums, map(mul, column, factors)))
    size, step = width // 8 * lanes * rows, lanes * rows
    words = array(code, b"".join([x.to_bytes(size, "little") for x in sums]))
    return [_residues([words[lanes * r + c :: step] for c in range(lanes)], ring) for r in range(rows)]


def _residues(lanes: Sequence[Sequence[int]], ring: Ring) -> Array:
    """Return the coefficients of residues, from those of products of residues."""
    q = ring.q
    if ring.degree == 1:
        return [x % q for x in lanes[0]]
    h = [0] * ring.n
    h[::2] = [(c_0 + c_2 * gamma) % q for c_0, c_2, gamma in zip(lanes[0], lanes[2], ring.gammas, strict=True)]
    h[1::2] = [c_1 % q for c_1 in lanes[1]]
    return h


def _product_lane(ring: Ring, columns: int) -> tuple[int, str]:
    """Return how wide a lane is that has room for a sum of products, each of two terms, and its code in an array."""
    return (32, "I") if 2 * columns * ring.q**2 < 1 << 32 else (64, "Q")
