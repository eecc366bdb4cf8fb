"""scrypt: a key out of a password, made costly in memory as well as in time.

Standard     RFC 7914 (August 2016) §2 to §6.
Left out     Computing the p blocks at the same time, which would take p times the memory.
Timing       Depends on the lengths and on N, r and p. Which value of the table is read next depends on the password,
             and a cache may tell. Python's integers are not constant-time.

>>> scrypt(b"", b"", 16, 1, 1, 64).hex()[:32]     # RFC 7914 §12
'77d6576238657b203b19ca42c18a0497'

PBKDF2 makes a guess at a password take long, but a unit that guesses is small: attackers build chips with thousands of
them. scrypt fills a large table and then reads it in an order that nobody can foresee. A chip that makes a thousand
guesses at a time needs a thousand such tables, and most of what such a chip costs is its memory.
"""

from __future__ import annotations

from struct import pack, unpack

from explain.trace import algorithm, note, steps, tracing, unrecorded
from primitives.integers import require_int
from primitives.lanes.salsa20 import ro_mix
from primitives.octets import BytesLike, require_bytes, xor
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.sha2 import sha256

MAX_MEMORY = 1 << 28  # bytes, 256 MiB, unless the caller allows more: n and r may come from a file of an attacker
SHOWN = 2  # A recording shows the first turns of each loop in full; thousands more would say the same again.

COLUMNS = (0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)  # §3, the first half of the loop: x_a to x_d
ROWS = (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)  # §3, the second half
ROTATIONS = 7, 9, 13, 18

# --- The Salsa20/8 core, §3.


def R(a: int, b: int) -> int:
    """Rotate the word `a` left by `b` bits (§3)."""
    return (a << b | a >> (32 - b)) & 0xFFFFFFFF


@algorithm(
    "RFC 7914 §3", "Salsa20/8", "mixes 64 bytes fast: it need not resist collisions, which PBKDF2 around it does"
)
def salsa20_8(B: bytes) -> bytes:
    """Return the Salsa20/8 core of 64 bytes (§3): the textbook path."""
    x = list(unpack("<16I", B))
    before = tuple(x)
    for i in (8, 6, 4, 2):
        with steps("", f"rounds {9 - i} and {10 - i}", "words meet in a column or row", bits=32, form="matrix") as turn:
            for quarter in (*COLUMNS, *ROWS):
                _quarter_round(x, *quarter)
            turn.gives(x)
    x = [(word + old) & 0xFFFFFFFF for word, old in zip(x, before, strict=True)]
    why = "every round can be undone; adding what was there before them cannot"
    return pack("<16I", *note("", "x + B", x, why, bits=32, form="matrix"))


def _quarter_round(x: list[int], a: int, b: int, c: int, d: int) -> None:
    """Mix four words in place, each time a sum of two into the next one (§3)."""
    for to, first, second, bits in zip((b, c, d, a), (a, b, c, d), (d, a, b, c), ROTATIONS, strict=True):
        x[to] ^= R((x[first] + x[second]) & 0xFFFFFFFF, bits)


# --- The mixing, §4 and §5.


@algorithm("RFC 7914 §4", "scryptBlockMix", "every block of the result depends on all blocks before it")
def scryptBlockMix(B: bytes) -> bytes:
    """Return 128·r bytes, 2r blocks of 64, mixed (§4): the textbook path."""
    blocks = [B[i : i + 64] for i in range(0, len(B), 64)]
    X = note("1", "X", blocks[-1], "the last block, so that the first result depends on it, too")
    Y = []
    for i, block in enumerate(blocks):  # 2
        T = note("2", f"T = X ⊕ B[{i}]", xor(X, block), "one block after the other: they cannot be done at once")
        X = salsa20_8(T)
        Y.append(X)
    return note("3", "B′", b"".join(Y[::2] + Y[1::2]), "the even ones, then the odd ones: neighbours part")


@algorithm("RFC 7914 §5", "scryptROMix", "nobody can tell which value of the table comes next before it is needed")
def scryptROMix(r: int, B: bytes, N: int) -> bytes:
    """Return B, 128·r bytes, mixed with a table of N values like it (§5): the textbook path."""
    X, V = B, []  # 1
    for i in range(N):  # 2
        if i < SHOWN:
            with steps("2", f"V[{i}]", "each value needs the one before it") as turn:
                V.append(turn.gives(X))
                X = scryptBlockMix(X)
        else:
            with unrecorded():
                V.append(X)
                X = scryptBlockMix(X)
    note("2", f"V[{N - 1}]", V[-1], "a table as large as the memory that is to be paid for")
    for i in range(N):  # 3
        if i < SHOWN:
            with steps("3", f"turn {i}", "without the table, all values up to V[j] have to be computed again") as turn:
                j = note("3", "j", int.from_bytes(X[-64:], "little") % N, "X chooses it, and is known only now")
                T = note("3", "T = X ⊕ V[{j}]", xor(X, V[j]), "one value out of the whole table")
                X = turn.gives(scryptBlockMix(T))
        else:
            with unrecorded():
                X = scryptBlockMix(xor(X, V[int.from_bytes(X[-64:], "little") % N]))
    return X  # 4


# --- The function, §6.


@algorithm("RFC 7914 §6", "scrypt", "a guess at the password costs memory as well as time")
def scrypt(
    password: BytesLike, salt: BytesLike, n: int, r: int, p: int, length: int, *, max_memory: int = MAX_MEMORY
) -> bytes:
    """Return a key of `length` bytes, derived from a password (§6).

    password: P, bytes of any length. salt: S, best 16 random bytes or more: the same password, other keys.
    n: N, how many values the table has: a power of 2 above 1, below 2^(16·r).
    r: a value has 128·r bytes; 8 is usual. p: how many tables are filled, one after the other; p · r is below 2^30.
    length: dkLen, 1 to (2^32 − 1) · 32. max_memory: how many bytes 128 · r · (n + p) may be.

    The values take about half as much again in memory as they have bytes.
    Raises `TypeError` or `ValueError` if a number is not an int, or is out of its range.
    """
    P, S = require_bytes(password, "scrypt: password"), require_bytes(salt, "scrypt: salt")
    for name, number in ("n", n), ("r", r), ("p", p), ("length", length), ("max_memory", max_memory):
        if require_int(number, f"scrypt: {name}") < 1:
            raise ValueError(f"scrypt: {name} is {number}, expected 1 or more")
    if n == 1 or n & (n - 1) or n.bit_length() > 16 * r:  # §2
        raise ValueError(f"scrypt: n is {n}, expected a power of 2 above 1, below 2^{16 * r}")
    if p * r >= 1 << 30:  # §2: p is at most (2^32 − 1) · 32 / (128 · r)
        raise ValueError(f"scrypt: p · r is {p * r}, expected less than 2^30")
    if (memory := 128 * r * (n + p)) > max_memory:
        raise ValueError(f"scrypt: n, r and p ask for {memory:,} bytes of memory, at most {max_memory:,} are allowed")
    B = pbkdf2_hmac(P, S, 1, p * 128 * r, hash=sha256)  # 1
    mixed = []
    for i in range(p):  # 2
        block = note("2", f"B[{i}]", B[128 * r * i : 128 * r * (i + 1)], "each has a table of its own")
        mixed.append(scryptROMix(r, block, n) if tracing() else ro_mix(block, n))
    return pbkdf2_hmac(P, b"".join(mixed), 1, length, hash=sha256)  # 3
