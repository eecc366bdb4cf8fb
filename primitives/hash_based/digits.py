"""base_2b: bytes as numbers of a few bits each.

Standard     FIPS 205 §4.4 (August 2024), algorithm 4. Its algorithms 2 and 3, toInt and toByte, are Python's own
             `int.from_bytes` and `int.to_bytes`, the most significant byte first.
Left out     Nothing.
Timing       Depends on the lengths alone.

>>> base_2b(bytes.fromhex("123f"), 4, 4)
[1, 2, 3, 15]
"""

from __future__ import annotations


def in_a_row(digits: list[int]) -> str:
    """Return what a step shows of digits."""
    return " ".join(map(str, digits))


def base_2b(X: bytes, b: int, out_len: int) -> list[int]:
    """Return the first `out_len` numbers of `b` bits that the bytes are made of (§4.4 algorithm 4).

    X: at least as many bytes as hold them.
    """
    i, bits, total = 0, 0, 0  # 1 to 3; `in` is a word of Python's
    baseb = []
    for _ in range(out_len):  # 4
        while bits < b:  # 5
            total = (total << 8) + X[i]  # 6
            i += 1  # 7
            bits += 8  # 8
        bits -= b  # 10
        baseb.append(total >> bits)  # 11
        total %= 1 << bits  # 11: what is left for the next number
    return baseb  # 13
